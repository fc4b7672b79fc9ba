/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making units of tests and sorting them into the queue. */
#include <config.h>

#include <stdlib.h>

#include "base/scope.h"
#include "runner/measure/script.h"
#include "runner/testing/schedule_state.h"

/* Below this the order does not matter to the makespan; those tests stay in the
 * order of definition, so that few programs run at a time. */
static const int64_t small_ns = 5000000;

size_t schedule_width(const struct schedule *s, const struct schedule_item *i)
{
    if (i->exclusive || i->slots > s->plan.workers)
        return s->plan.workers;
    return i->slots ? i->slots : 1;
}

/* ---- lists */

void list_append(struct schedule *s, size_t list, size_t unit)
{
    struct list *l = &s->list[list];
    struct unit *u = &s->unit[unit];

    u->list = list;
    u->prev = l->last;
    u->next = SCHEDULE_NONE;
    u->rank = s->next_rank++;
    if (l->last == SCHEDULE_NONE)
        l->first = unit;
    else
        s->unit[l->last].next = unit;
    l->last = unit;
    l->n++;
}

void list_prepend(struct schedule *s, size_t list, size_t unit)
{
    struct list *l = &s->list[list];
    struct unit *u = &s->unit[unit];

    u->list = list;
    u->next = l->first;
    u->prev = SCHEDULE_NONE;
    if (l->first == SCHEDULE_NONE)
        l->last = unit;
    else
        s->unit[l->first].prev = unit;
    l->first = unit;
    l->n++;
}

void list_remove(struct schedule *s, size_t unit)
{
    struct unit *u = &s->unit[unit];
    struct list *l = &s->list[u->list];

    if (u->prev == SCHEDULE_NONE)
        l->first = u->next;
    else
        s->unit[u->prev].next = u->next;
    if (u->next == SCHEDULE_NONE)
        l->last = u->prev;
    else
        s->unit[u->next].prev = u->prev;
    l->n--;
}

/* ---- units */

static int64_t known(int64_t ns)
{
    return ns > 0 ? ns : 0;
}

/* Tests that share a resource run one after another, as many at a time as there
 * are of it: none of them is done before that chain is. */
static void add_chains(const struct schedule *s, int64_t *chain)
{
    for (size_t i = 0; i < s->n_items; i++)
        for (size_t k = 0; k < s->item[i].n_uses; k++)
            chain[s->item[i].uses[k]] += known(s->item[i].expected_ns);
    for (size_t r = 0; r < s->plan.n_resources; r++)
        chain[r] /= s->plan.resource[r];
}

static void add_to_unit(const struct schedule *s, const int64_t *chain,
                        size_t item, struct unit *u)
{
    const struct schedule_item *i = &s->item[item];
    size_t width = schedule_width(s, i);

    u->width = width > u->width ? width : u->width;
    u->key_ns += known(i->expected_ns);
    u->urgent |= i->urgent;
    u->unknown |= i->expected_ns < 0;
    for (size_t k = 0; k < i->n_uses; k++)
        if (chain[i->uses[k]] > u->key_ns)
            u->key_ns = chain[i->uses[k]];
}

/* Which unit each item belongs to; first[group] is the unit of a group. */
static void assign_units(struct schedule *s, size_t *first)
{
    for (size_t i = 0; i < s->n_items; i++) {
        size_t group = s->item[i].group;
        size_t unit = group == SCHEDULE_NONE ? SCHEDULE_NONE : first[group];

        if (unit == SCHEDULE_NONE) {
            unit = s->n_units++;
            if (group != SCHEDULE_NONE)
                first[group] = unit;
        }
        s->unit_of[i] = unit;
        s->unit[unit].n++;
    }
}

static void fill_order(struct schedule *s)
{
    size_t from = 0;

    for (size_t u = 0; u < s->n_units; u++) {
        s->unit[u].from = s->unit[u].at = from;
        from += s->unit[u].n;
    }
    for (size_t i = 0; i < s->n_items; i++)
        s->order[s->unit[s->unit_of[i]].at++] = i;
    for (size_t u = 0; u < s->n_units; u++)
        s->unit[u].at = s->unit[u].from;
}

static int make_units(struct schedule *s, struct error *err)
{
    SCOPED(free_scoped) size_t *first = NULL;
    SCOPED(free_scoped) int64_t *chain = NULL;
    size_t groups = 0;

    for (size_t i = 0; i < s->n_items; i++)
        if (s->item[i].group != SCHEDULE_NONE && s->item[i].group >= groups)
            groups = s->item[i].group + 1;
    first = malloc((groups + 1) * sizeof *first);
    chain = calloc(s->plan.n_resources + 1, sizeof *chain);
    if (!first || !chain)
        return ERROR(err, ERR_NOMEM, "no memory for a schedule");
    for (size_t g = 0; g < groups; g++)
        first[g] = SCHEDULE_NONE;
    assign_units(s, first);
    fill_order(s);
    add_chains(s, chain);
    for (size_t i = 0; i < s->n_items; i++)
        add_to_unit(s, chain, i, &s->unit[s->unit_of[i]]);
    for (size_t u = 0; u < s->n_units; u++)
        if (s->unit[u].key_ns < small_ns)
            s->unit[u].key_ns = 0;
    return 0;
}

/* ---- sorting */

struct standing {
    const struct unit *unit;
    uint64_t draw; /* random order: its place */
    bool longest_first;
};

/* Wide ones first: at the start all workers are free anyway. */
static int by_urgency(const void *a, const void *b)
{
    const struct standing *x = a, *y = b;
    const struct unit *u = x->unit, *v = y->unit;

    if (u->urgent != v->urgent)
        return u->urgent ? -1 : 1;
    if (u->width != v->width)
        return u->width > v->width ? -1 : 1;
    if (x->draw != y->draw)
        return x->draw < y->draw ? -1 : 1;
    if (x->longest_first && u->unknown != v->unknown)
        return u->unknown ? -1 : 1;
    if (x->longest_first && u->key_ns != v->key_ns)
        return u->key_ns > v->key_ns ? -1 : 1;
    return (u > v) - (u < v);
}

/* Groups are few and long: their order matters in every mode that has them. */
static bool longest_first(enum dist dist)
{
    return dist != DIST_LOAD && dist != DIST_WORKSTEAL && dist != DIST_NO;
}

/* Neighbours stay on one worker; what needs more than a worker is everyone's.
 */
static size_t share_of(const struct schedule *s, const struct unit *u, size_t k)
{
    if (s->plan.dist != DIST_WORKSTEAL || u->width > 1 ||
        s->item[s->order[u->from]].n_uses)
        return 0;
    return 1 + k * s->plan.workers / s->n_units;
}

static int queue_units(struct schedule *s, struct error *err)
{
    SCOPED(free_scoped)
    struct standing *row = calloc(s->n_units + 1, sizeof *row);
    uint64_t random = s->plan.seed;

    if (!row)
        return ERROR(err, ERR_NOMEM, "no memory for a schedule");
    for (size_t u = 0; u < s->n_units; u++)
        row[u] =
            (struct standing){.unit = &s->unit[u],
                              .draw = s->plan.random ? random_next(&random) : 0,
                              .longest_first = longest_first(s->plan.dist)};
    qsort(row, s->n_units, sizeof *row, by_urgency);
    for (size_t k = 0; k < s->n_units; k++)
        list_append(s, share_of(s, row[k].unit, k),
                    (size_t)(row[k].unit - s->unit));
    return 0;
}

int schedule_build(struct schedule *s, struct error *err)
{
    int rc = make_units(s, err);

    return rc < 0 ? rc : queue_units(s, err);
}
