/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving out tests, and what happens to them. */
#include <config.h>

#include "runner/testing/schedule.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "runner/testing/schedule_state.h"

/* Tests are sent ahead to hide the way of a message to another core and back
 * (some 0.2 ms) and the coordinator's own work.  As many as are over within this
 * time cost no more than it at the end of a run. */
static const int64_t ahead_ns = 4000000;
/* Fewer ended tests than this say nothing about the next. */
enum { RECENT_MIN = 4 };

/* ---- making */

static bool allocate(struct schedule *s, size_t n)
{
    size_t workers = s->plan.workers, resources = s->plan.n_resources;

    s->item = calloc(n + 1, sizeof *s->item);
    s->unit_of = calloc(n + 1, sizeof *s->unit_of);
    s->order = calloc(n + 1, sizeof *s->order);
    s->unit = calloc(n + 1, sizeof *s->unit);
    s->n_lists = 1 + workers;
    s->list = calloc(s->n_lists, sizeof *s->list);
    s->worker = calloc(workers, sizeof *s->worker);
    s->available = calloc(resources + 1, sizeof *s->available);
    s->reserved = calloc(resources + 1, sizeof *s->reserved);
    s->waiting = calloc(s->n_programs + 1, sizeof *s->waiting);
    return s->item && s->unit_of && s->order && s->unit && s->list &&
           s->worker && s->available && s->reserved && s->waiting;
}

/* What any worker could do at any time, as far as it is known. */
static int64_t work_for_anybody(const struct schedule_item *i)
{
    return i->group == SCHEDULE_NONE && i->n_uses == 0 && i->expected_ns > 0
               ? i->expected_ns
               : 0;
}

/* One more test waits. */
static void count_in(struct schedule *s, const struct schedule_item *i)
{
    s->waiting[i->program]++;
    s->n_waiting++;
    s->waiting_ns += work_for_anybody(i);
}

/* It is given to a worker. */
static void count_out(struct schedule *s, const struct schedule_item *i)
{
    s->waiting[i->program]--;
    s->n_waiting--;
    s->waiting_ns -= work_for_anybody(i);
}

static void fill(struct schedule *s, const struct schedule_plan *plan,
                 const struct schedule_item *item, size_t n)
{
    memcpy(s->item, item, n * sizeof *item);
    s->n_items = n;
    for (size_t i = 0; i < n; i++) {
        count_in(s, &item[i]);
        s->wide_waiting += schedule_width(s, &item[i]) > 1;
    }
    for (size_t l = 0; l < s->n_lists; l++)
        s->list[l].first = s->list[l].last = SCHEDULE_NONE;
    for (size_t w = 0; w < plan->workers; w++)
        s->worker[w].bound = s->worker[w].lent_to = SCHEDULE_NONE;
    for (size_t r = 0; r < plan->n_resources; r++)
        s->available[r] = plan->resource[r];
}

int schedule_new(const struct schedule_plan *plan,
                 const struct schedule_item *item, size_t n,
                 struct schedule **out, struct error *err)
{
    struct schedule *s = calloc(1, sizeof *s);
    int rc = ERR_NOMEM;

    assert(plan->workers > 0 && plan->ahead <= SCHEDULE_AHEAD_MAX);
    if (!s)
        return ERROR(err, ERR_NOMEM, "no memory for a schedule");
    s->plan = *plan;
    if (plan->dist == DIST_NO)
        s->plan.workers = 1;
    for (size_t i = 0; i < n; i++)
        if (item[i].program >= s->n_programs)
            s->n_programs = item[i].program + 1;
    if (allocate(s, n)) {
        fill(s, &s->plan, item, n);
        rc = schedule_build(s, err);
    } else {
        ERROR(err, ERR_NOMEM, "no memory for a schedule of %zu tests", n);
    }
    s->plan.resource = NULL;
    if (rc < 0) {
        schedule_free(s);
        return rc;
    }
    *out = s;
    return 0;
}

void schedule_free(struct schedule *s)
{
    if (!s)
        return;
    free(s->item);
    free(s->unit_of);
    free(s->order);
    free(s->unit);
    free(s->list);
    free(s->worker);
    free(s->available);
    free(s->reserved);
    free(s->waiting);
    free(s);
}

/* ---- what may start */

static bool is_idle(const struct schedule_worker *w)
{
    return w->n == 0 && w->lent_to == SCHEDULE_NONE;
}

static size_t count_idle(const struct schedule *s)
{
    size_t n = 0;

    for (size_t w = 0; w < s->plan.workers; w++)
        n += is_idle(&s->worker[w]);
    return n;
}

static size_t width_on(const struct schedule *s,
                       const struct schedule_worker *w)
{
    const struct schedule_worker *leader =
        w->lent_to == SCHEDULE_NONE ? w : &s->worker[w->lent_to];

    return schedule_width(s, &s->item[leader->window[0].item]);
}

/* Workers busy with tests narrower than width. */
static size_t count_narrow(const struct schedule *s, size_t width)
{
    size_t n = 0;

    for (size_t w = 0; w < s->plan.workers; w++)
        if (!is_idle(&s->worker[w]))
            n += width_on(s, &s->worker[w]) < width;
    return n;
}

static bool has_resources(const struct schedule *s,
                          const struct schedule_item *i)
{
    for (size_t k = 0; k < i->n_uses; k++)
        if (s->available[i->uses[k]] == 0 || s->reserved[i->uses[k]])
            return false;
    return true;
}

/* May it start on an idle worker?  held: the most slots that somebody before it
 * waits for, 0 for none. */
static bool may_start(const struct schedule *s, size_t item, size_t held)
{
    const struct schedule_item *i = &s->item[item];
    size_t width = schedule_width(s, i);

    if (!has_resources(s, i))
        return false;
    if (width < held && count_narrow(s, held) + width > s->plan.workers % held)
        return false;
    return width == 1 || count_idle(s) >= width;
}

/* It waits: those behind it take nothing away from it.  What lacks a resource
 * does not keep workers idle for it. */
static void hold(struct schedule *s, size_t item, size_t *held)
{
    const struct schedule_item *i = &s->item[item];
    size_t width = schedule_width(s, i);

    if (has_resources(s, i) && width > 1 && width > *held)
        *held = width;
    for (size_t k = 0; k < i->n_uses; k++)
        s->reserved[i->uses[k]] = true;
}

static size_t next_of(const struct schedule *s, size_t unit)
{
    return s->order[s->unit[unit].at];
}

/* What workers in the middle of a group wait for goes before the queue; among
 * them the group that was queued earlier.  Returns the slots held. */
static size_t hold_for_groups(struct schedule *s, size_t before_rank)
{
    size_t held = 0;

    memset(s->reserved, 0, s->plan.n_resources * sizeof *s->reserved);
    for (size_t w = 0; w < s->plan.workers; w++) {
        const struct schedule_worker *other = &s->worker[w];

        if (is_idle(other) && other->bound != SCHEDULE_NONE &&
            s->unit[other->bound].rank < before_rank)
            hold(s, next_of(s, other->bound), &held);
    }
    return held;
}

/* The first unit of a list that may start, or SCHEDULE_NONE. */
static size_t find_in(struct schedule *s, size_t list, size_t *held)
{
    for (size_t u = s->list[list].first; u != SCHEDULE_NONE;
         u = s->unit[u].next) {
        size_t item = next_of(s, u);

        if (may_start(s, item, *held))
            return u;
        hold(s, item, held);
    }
    return SCHEDULE_NONE;
}

/* Take the second half of the largest share.  Returns whether there was one. */
static bool steal(struct schedule *s, size_t thief)
{
    size_t from = 0, n;

    if (s->plan.dist != DIST_WORKSTEAL)
        return false;
    for (size_t l = 1; l < s->n_lists; l++)
        if (s->list[l].n > (from ? s->list[from].n : 0))
            from = l;
    if (from == 0)
        return false;
    n = (s->list[from].n + 1) / 2;
    while (n-- > 0) {
        size_t unit = s->list[from].last;

        list_remove(s, unit);
        list_prepend(s, 1 + thief, unit);
    }
    return true;
}

static size_t find_unit(struct schedule *s, size_t worker)
{
    size_t held = hold_for_groups(s, SIZE_MAX);
    size_t unit = find_in(s, 0, &held);

    if (unit == SCHEDULE_NONE && s->plan.dist == DIST_WORKSTEAL) {
        if (s->list[1 + worker].n == 0 && !steal(s, worker))
            return SCHEDULE_NONE;
        unit = find_in(s, 1 + worker, &held);
    }
    return unit;
}

/* ---- giving out */

static void lend(struct schedule *s, size_t worker, size_t width)
{
    for (size_t w = 0; w < s->plan.workers && width > 1; w++)
        if (w != worker && is_idle(&s->worker[w])) {
            s->worker[w].lent_to = worker;
            width--;
        }
    assert(width == 1);
}

/* Put the next test of a unit into a worker's window. */
static size_t give(struct schedule *s, size_t worker, size_t unit)
{
    struct schedule_worker *w = &s->worker[worker];
    struct unit *u = &s->unit[unit];
    size_t item = s->order[u->at++];

    w->window[w->n++] = (struct window_entry){.item = item, .unit = unit};
    w->bound = u->at < u->from + u->n ? unit : SCHEDULE_NONE;
    u->worker = worker;
    count_out(s, &s->item[item]);
    s->n_running++;
    return item;
}

static void occupy(struct schedule *s, size_t worker, size_t item)
{
    const struct schedule_item *i = &s->item[item];
    size_t width = schedule_width(s, i);

    for (size_t k = 0; k < i->n_uses; k++)
        s->available[i->uses[k]]--;
    if (width > 1) {
        s->wide_waiting--;
        lend(s, worker, width);
    }
}

size_t schedule_next(struct schedule *s, size_t worker)
{
    struct schedule_worker *w;
    size_t unit, item, held;

    if (worker >= s->plan.workers || s->stopped)
        return SCHEDULE_NONE;
    w = &s->worker[worker];
    if (!is_idle(w))
        return SCHEDULE_NONE;
    if (w->bound != SCHEDULE_NONE) {
        unit = w->bound;
        held = hold_for_groups(s, s->unit[unit].rank);
        if (!may_start(s, next_of(s, unit), held))
            return SCHEDULE_NONE;
    } else {
        unit = find_unit(s, worker);
        if (unit == SCHEDULE_NONE)
            return SCHEDULE_NONE;
        list_remove(s, unit);
    }
    item = give(s, worker, unit);
    occupy(s, worker, item);
    return item;
}

/* How long a test will take; -1 unknown. */
static int64_t estimate(const struct schedule *s, size_t item)
{
    size_t n = s->n_recent < RECENT ? s->n_recent : RECENT;
    int64_t longest = 0;

    if (s->item[item].expected_ns >= 0)
        return s->item[item].expected_ns;
    if (n < RECENT_MIN)
        return -1;
    for (size_t i = 0; i < n; i++)
        longest = s->recent[i] > longest ? s->recent[i] : longest;
    return longest;
}

static bool window_is_short(const struct schedule *s,
                            const struct schedule_worker *w)
{
    int64_t sum = 0;

    for (size_t i = 0; i < w->n; i++) {
        int64_t one = estimate(s, w->window[i].item);

        if (one < 0 || (sum += one) > ahead_ns)
            return false;
    }
    return true;
}

/* Has everybody else enough to do until this worker is through with what it
 * runs and one more?  Then nobody waits for what it was sent.  Only what is
 * known counts: behind a test that nobody knows one might wait for long. */
static bool others_stay_busy(const struct schedule *s,
                             const struct schedule_worker *w,
                             const struct schedule_item *more)
{
    int64_t running_ns = s->item[w->window[0].item].expected_ns;
    int64_t others = (int64_t)s->plan.workers - 1;

    return w->n == 1 && running_ns >= 0 && more->expected_ns >= 0 &&
           s->waiting_ns - work_for_anybody(more) >=
               others * (running_ns + more->expected_ns);
}

/* Where the next for this worker would come from, without looking past the
 * first. */
static size_t front_unit(const struct schedule *s, size_t worker)
{
    if (s->worker[worker].bound != SCHEDULE_NONE)
        return s->worker[worker].bound;
    if (s->list[0].first != SCHEDULE_NONE)
        return s->list[0].first;
    return s->list[1 + worker].first;
}

size_t schedule_ahead(struct schedule *s, size_t worker)
{
    struct schedule_worker *w;
    const struct schedule_item *i;
    size_t unit;

    if (worker >= s->plan.workers || s->stopped || s->wide_waiting)
        return SCHEDULE_NONE;
    w = &s->worker[worker];
    if (w->n == 0 || w->n > s->plan.ahead || width_on(s, w) > 1)
        return SCHEDULE_NONE;
    unit = front_unit(s, worker);
    if (unit == SCHEDULE_NONE)
        return SCHEDULE_NONE;
    i = &s->item[next_of(s, unit)];
    if (i->n_uses || (s->unit[unit].n > 1 && w->bound != unit) ||
        i->program != s->item[w->window[0].item].program ||
        !(window_is_short(s, w) || others_stay_busy(s, w, i)))
        return SCHEDULE_NONE;
    if (w->bound != unit)
        list_remove(s, unit);
    return give(s, worker, unit);
}

/* ---- events */

static void release(struct schedule *s, size_t worker, size_t item)
{
    const struct schedule_item *i = &s->item[item];

    for (size_t k = 0; k < i->n_uses; k++)
        s->available[i->uses[k]]++;
    for (size_t w = 0; w < s->plan.workers; w++)
        if (s->worker[w].lent_to == worker)
            s->worker[w].lent_to = SCHEDULE_NONE;
}

void schedule_done(struct schedule *s, size_t worker, int64_t elapsed_ns)
{
    struct schedule_worker *w = &s->worker[worker];

    assert(w->n > 0);
    release(s, worker, w->window[0].item);
    memmove(w->window, w->window + 1, --w->n * sizeof *w->window);
    s->n_running--;
    s->recent[s->n_recent++ % RECENT] = elapsed_ns;
}

/* The last of the window, which was sent ahead, goes back to where it was. */
static void take_back(struct schedule *s, size_t worker)
{
    struct schedule_worker *w = &s->worker[worker];
    const struct window_entry *e = &w->window[--w->n];
    struct unit *u = &s->unit[e->unit];

    u->at--;
    if (u->n == 1)
        list_prepend(s, u->list, e->unit);
    else
        w->bound = e->unit;
    count_in(s, &s->item[e->item]);
    s->n_running--;
}

size_t schedule_lost(struct schedule *s, size_t worker)
{
    struct schedule_worker *w = &s->worker[worker];
    size_t item;

    if (w->n == 0)
        return SCHEDULE_NONE;
    item = w->window[0].item;
    while (w->n > 1)
        take_back(s, worker);
    release(s, worker, item);
    w->n = 0;
    s->n_running--;
    return item;
}

/* Within a group: move it to right before what comes next. */
static void again_in_group(struct schedule *s, size_t item, size_t unit)
{
    struct unit *u = &s->unit[unit];
    struct schedule_worker *w = &s->worker[u->worker];
    size_t k = u->from;

    while (s->order[k] != item)
        k++;
    assert(k < u->at);
    memmove(&s->order[k], &s->order[k + 1], (u->at - 1 - k) * sizeof *s->order);
    s->order[--u->at] = item;
    if (w->bound == SCHEDULE_NONE)
        w->bound = unit;
    else if (w->bound != unit)
        list_prepend(s, 0, unit);
}

void schedule_again(struct schedule *s, size_t item)
{
    size_t unit = s->unit_of[item];

    if (s->unit[unit].n > 1) {
        again_in_group(s, item, unit);
    } else {
        s->unit[unit].at--;
        list_append(s, s->unit[unit].list, unit);
    }
    count_in(s, &s->item[item]);
    s->wide_waiting += schedule_width(s, &s->item[item]) > 1;
}

/* ---- questions */

size_t schedule_lent(const struct schedule *s, size_t worker, size_t *out)
{
    size_t n = 0;

    for (size_t w = 0; w < s->plan.workers; w++)
        if (s->worker[w].lent_to == worker)
            out[n++] = w;
    return n;
}

size_t schedule_running(const struct schedule *s, size_t worker)
{
    if (worker >= s->plan.workers || s->worker[worker].n == 0)
        return SCHEDULE_NONE;
    return s->worker[worker].window[0].item;
}

void schedule_stop(struct schedule *s)
{
    s->stopped = true;
}

bool schedule_over(const struct schedule *s)
{
    return s->n_running == 0 && (s->stopped || s->n_waiting == 0);
}

bool schedule_needs(const struct schedule *s, size_t program)
{
    return !s->stopped && s->waiting[program] > 0;
}
