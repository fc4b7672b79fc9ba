/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/change.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "base/scope.h"
#include "stats/energy.h"
#include "stats/order.h"

/* A provisional change may be chance this often. */
static const double provisional_level = 0.05;

struct change_policy change_defaults(void)
{
    return (struct change_policy){
        .least = 3,
        .permutations = 999,
        .level = 0.01,
        .window = 200,
        .margin = 0.02,
        .seed = 1,
    };
}

/* The state of one search. */
struct search {
    const double *x; /* logarithms, or values when `logs` is false */
    bool logs;
    const struct change_policy *policy;
    gsl_rng *random;
    struct change *found; /* ascending by `at` */
    size_t n_found;
};

static void rng_scoped(gsl_rng **random)
{
    if (*random)
        gsl_rng_free(*random);
}

/* The share of shuffled orders whose best split is at least as good.  Stops
 * when the level is out of reach. */
static double permutation_p(const struct search *s, struct energy *energy,
                            size_t n, double q, size_t *order)
{
    const struct change_policy *policy = s->policy;
    double allowed = policy->level * ((double)policy->permutations + 1);
    size_t as_good = 0, done = 0;

    for (size_t i = 0; i < n; i++)
        order[i] = i;
    while (done < policy->permutations && (double)as_good + 1 <= allowed) {
        double other;

        gsl_ran_shuffle(s->random, order, n, sizeof *order);
        energy_best_split(energy, order, policy->least, &other);
        as_good += other >= q * (1 - 1e-12);
        done++;
    }
    return ((double)as_good + 1) / ((double)done + 1);
}

/* The best split of x[from .. to-1] when it is one; *at is 0 otherwise. */
static int split(const struct search *s, size_t from, size_t to, size_t *at,
                 double *p, struct error *err)
{
    size_t n = to - from, best;
    struct energy *energy;
    size_t *order;
    double q;
    int rc;

    *at = 0;
    if (n < 2 * s->policy->least)
        return 0;
    order = malloc(n * sizeof *order);
    if (!order)
        return ERROR(err, ERR_NOMEM, "no memory for %zu points", n);
    rc = energy_new(s->x + from, n, &energy, err);
    if (rc == 0) {
        best = energy_best_split(energy, NULL, s->policy->least, &q);
        *p = q > 0 ? permutation_p(s, energy, n, q, order) : 1;
        if (*p <= s->policy->level)
            *at = from + best;
        energy_free(energy);
    }
    free(order);
    return rc;
}

static void add(struct search *s, size_t at, double p)
{
    size_t i = s->n_found++;

    for (; i > 0 && s->found[i - 1].at > at; i--)
        s->found[i] = s->found[i - 1];
    s->found[i] = (struct change){.at = at, .p = p};
}

/* Split a piece and the pieces that come of it; the stack holds their ends. */
static int segment(struct search *s, size_t from, size_t to, struct error *err)
{
    size_t n = to - from, depth = 0;
    SCOPED(free_scoped) size_t *stack = malloc((n + 2) * 2 * sizeof *stack);

    if (!stack)
        return ERROR(err, ERR_NOMEM, "no memory for %zu points", n);
    stack[depth++] = from;
    stack[depth++] = to;
    while (depth > 0) {
        size_t end = stack[--depth], start = stack[--depth], at;
        double p;
        int rc = split(s, start, end, &at, &p, err);

        if (rc < 0)
            return rc;
        if (at == 0)
            continue;
        add(s, at, p);
        stack[depth++] = start;
        stack[depth++] = at;
        stack[depth++] = at;
        stack[depth++] = end;
    }
    return 0;
}

/* Levels on both sides of every change of one piece. */
static int measure(struct search *s, size_t first, size_t from, size_t to,
                   struct error *err)
{
    for (size_t i = first; i < s->n_found; i++) {
        struct change *c = &s->found[i];
        size_t start = i > first ? s->found[i - 1].at : from;
        size_t end = i + 1 < s->n_found ? s->found[i + 1].at : to;
        int rc = stats_median(s->x + start, c->at - start, &c->before, err);

        if (rc == 0)
            rc = stats_median(s->x + c->at, end - c->at, &c->after, err);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* How far a change goes, as a log ratio or relative to the old level. */
static double size_of(const struct search *s, const struct change *c)
{
    double step = fabs(c->after - c->before);

    if (s->logs || step == 0)
        return step;
    return step / fabs(c->before);
}

static double least_size(const struct search *s)
{
    return s->logs ? log1p(s->policy->margin) : s->policy->margin;
}

/* Drop changes that are too small to tell, the smallest first. */
static int drop_small(struct search *s, size_t first, size_t from, size_t to,
                      struct error *err)
{
    int rc = measure(s, first, from, to, err);

    while (rc == 0 && s->n_found > first) {
        size_t smallest = first;

        for (size_t i = first; i < s->n_found; i++)
            if (size_of(s, &s->found[i]) < size_of(s, &s->found[smallest]))
                smallest = i;
        if (size_of(s, &s->found[smallest]) > least_size(s))
            break;
        memmove(&s->found[smallest], &s->found[smallest + 1],
                (--s->n_found - smallest) * sizeof *s->found);
        rc = measure(s, first, from, to, err);
    }
    return rc;
}

/* Whether the last k points of a segment lie beyond all before them. */
static bool stands_out(const double *x, size_t n, size_t k)
{
    double low = x[0], high = x[0];
    bool above = true, below = true;

    for (size_t i = 1; i < n - k; i++) {
        low = fmin(low, x[i]);
        high = fmax(high, x[i]);
    }
    for (size_t i = n - k; i < n; i++) {
        above = above && x[i] > high;
        below = below && x[i] < low;
    }
    return above || below;
}

static int find_provisional(struct search *s, size_t from, size_t to,
                            struct error *err)
{
    size_t n = to - from;

    for (size_t k = 2; k >= 1 && n > 2 * k; k--) {
        double ways = k == 2 ? (double)n * (double)(n - 1) / 2 : (double)n;
        struct change c = {.at = to - k, .p = 2 / ways, .provisional = true};
        int rc;

        if (c.p > provisional_level || !stands_out(s->x + from, n, k))
            continue;
        rc = stats_median(s->x + from, n - k, &c.before, err);
        if (rc == 0)
            rc = stats_median(s->x + to - k, k, &c.after, err);
        if (rc < 0)
            return rc;
        if (size_of(s, &c) <= least_size(s))
            continue;
        s->found[s->n_found++] = c;
        return 0;
    }
    return 0;
}

/* Everything about one piece between known breaks. */
static int search_piece(struct search *s, size_t from, size_t to, bool last,
                        struct error *err)
{
    size_t first = s->n_found;
    int rc = segment(s, from, to, err);

    if (rc == 0)
        rc = drop_small(s, first, from, to, err);
    if (rc == 0 && last)
        rc = find_provisional(
            s, s->n_found > first ? s->found[s->n_found - 1].at : from, to,
            err);
    return rc;
}

static bool take_logs(const double *x, size_t n, double *out)
{
    bool logs = true;

    for (size_t i = 0; i < n; i++)
        logs = logs && x[i] > 0;
    for (size_t i = 0; i < n; i++)
        out[i] = logs ? log(x[i]) : x[i];
    return logs;
}

/* Back to the values' own unit. */
static void finish(struct search *s)
{
    for (size_t i = 0; i < s->n_found; i++) {
        struct change *c = &s->found[i];

        if (s->logs) {
            c->before = exp(c->before);
            c->after = exp(c->after);
        }
        c->ratio = c->before > 0 && c->after > 0 ? c->after / c->before : NAN;
    }
}

int change_find(const double *x, size_t n, const size_t *breaks,
                size_t n_breaks, const struct change_policy *policy,
                struct change *out, size_t *count, struct error *err)
{
    SCOPED(rng_scoped) gsl_rng *random = NULL;
    SCOPED(free_scoped) double *work = NULL;
    struct search s = {.policy = policy, .found = out};
    size_t from = 0;
    int rc = stats_need(x, n, 1, err);

    if (rc < 0)
        return rc;
    if (policy->least < 2 || policy->permutations == 0)
        return ERROR(err, ERR_INVAL, "segments of %zu, %zu permutations",
                     policy->least, policy->permutations);
    random = gsl_rng_alloc(gsl_rng_mt19937);
    work = malloc(n * sizeof *work);
    if (!random || !work)
        return ERROR(err, ERR_NOMEM, "no memory for %zu points", n);
    gsl_rng_set(random, (unsigned long)policy->seed);
    s.random = random;
    s.x = work;
    s.logs = take_logs(x, n, work);
    if (policy->window > 0 && n > policy->window)
        from = n - policy->window;
    for (size_t b = 0; rc == 0 && b <= n_breaks; b++) {
        size_t to = b < n_breaks ? breaks[b] : n;

        if (to <= from || to > n)
            continue;
        rc = search_piece(&s, from, to, b == n_breaks, err);
        from = to;
    }
    if (rc < 0)
        return rc;
    finish(&s);
    *count = s.n_found;
    return 0;
}
