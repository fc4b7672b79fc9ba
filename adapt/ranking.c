/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pairs of each command with the reference, until they are precise. */
#include <config.h>

#include "adapt/ranking.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "runner/measure/duel_pair.h"
#include "stats/signed_rank.h"

enum { PAIRS_MAX = 200 };

struct contender {
    struct duel_case duel;
    double log_ratio[PAIRS_MAX];
    size_t n;
    int64_t spent_ns;
    bool done;
};

struct ranking {
    const struct executor *executor;
    struct ranking_plan plan;
    struct duel_settings settings;
    struct contender *contender;
    size_t n;
    uint64_t random;
};

static void set_defaults(struct ranking_plan *plan)
{
    if (!plan->budget_ns)
        plan->budget_ns = 5000000000;
    if (plan->precision == 0)
        plan->precision = 0.01;
    if (plan->confidence == 0)
        plan->confidence = 0.95;
    if (!plan->sample_ns)
        plan->sample_ns = 1000000;
}

static int64_t now(const struct ranking *r)
{
    return r->executor->now(r->executor->ctx);
}

static int interval_of(const struct ranking *r, const struct contender *c,
                       struct rank_interval *out, struct error *err)
{
    return stats_centre(c->log_ratio, c->n, r->plan.confidence, out, err);
}

static bool is_precise(const struct ranking *r, const struct contender *c)
{
    struct rank_interval interval;

    return interval_of(r, c, &interval, NULL) == 0 && !interval.open &&
           (interval.high - interval.low) / 2 <= r->plan.precision;
}

/* One more pair; what cannot be measured is no error of ours. */
static int add_pair(struct ranking *r, struct contender *c, struct error *err)
{
    SCOPED(free_scoped) struct duel_pair *pair = calloc(1, sizeof *pair);
    struct arena arena = {0};
    struct side_failure bad = {0};
    struct error why = {0};
    int rc = 0;

    if (!pair)
        return ERROR(err, ERR_NOMEM, "no memory for a pair");
    if (c->duel.calibration.iterations == 0)
        rc = duel_calibrate(r->executor, &r->settings, &c->duel, &bad, &why);
    if (rc == 0)
        rc = duel_run_pair(r->executor, &r->settings, &c->duel, &r->random,
                           &arena, pair, &bad, &why);
    if (rc == 0)
        c->log_ratio[c->n++] = pair->value.log_ratio;
    arena_clear(&arena);
    c->duel.n_pairs = c->n;
    if (rc == ERR_PEER || rc == ERR_TIMEOUT) {
        c->done = true;
        return 0;
    }
    if (rc < 0 && err)
        *err = why;
    return rc;
}

static bool is_over(const struct ranking *r, const struct contender *c)
{
    int64_t each = c->n ? c->spent_ns / (int64_t)c->n : 0;

    return c->done || c->n == PAIRS_MAX ||
           c->spent_ns + each > r->plan.budget_ns ||
           (r->plan.deadline_ns && now(r) + each > r->plan.deadline_ns) ||
           (c->n && is_precise(r, c));
}

static double share_of(const struct ranking *r)
{
    double share = 0;

    for (size_t i = 0; i < r->n; i++) {
        const struct contender *c = &r->contender[i];
        double mine = (double)c->spent_ns / (double)r->plan.budget_ns;

        share += c->done ? 1 : fmin(mine, 1);
    }
    return share / (double)r->n;
}

static int visit(struct ranking *r, struct contender *c, struct error *err)
{
    int64_t began = now(r);
    int rc;

    if (is_over(r, c)) {
        c->done = true;
        return 0;
    }
    if (r->plan.progress)
        r->plan.progress(r->plan.ctx, share_of(r), c->duel.side[DUEL_NEW]->id);
    rc = add_pair(r, c, err);
    c->spent_ns += now(r) - began;
    return rc;
}

static int run_rounds(struct ranking *r, struct error *err)
{
    SCOPED(free_scoped) size_t *order = calloc(r->n, sizeof *order);
    bool busy = true;
    int rc = 0;

    if (!order)
        return ERROR(err, ERR_NOMEM, "no memory to rank commands");
    for (size_t i = 0; i < r->n; i++)
        order[i] = i;
    while (busy && rc == 0) {
        busy = false;
        random_shuffle(&r->random, order, r->n);
        for (size_t k = 0; k < r->n && rc == 0; k++) {
            struct contender *c = &r->contender[order[k]];

            rc = c->done ? 0 : visit(r, c, err);
            busy = busy || !c->done;
        }
    }
    return rc;
}

static void summarise(const struct ranking *r, struct ranking_ratio *out)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct contender *c = &r->contender[i];

        out[i] = (struct ranking_ratio){.pairs = c->n};
        out[i].known =
            c->n > 0 && interval_of(r, c, &out[i].log_ratio, NULL) == 0;
    }
}

int ranking(const struct executor *executor, const struct subject *subject,
            size_t n, size_t reference, const struct ranking_plan *plan,
            struct ranking_ratio *out, struct error *err)
{
    struct ranking r = {
        .executor = executor, .plan = *plan, .n = n, .random = plan->seed};
    SCOPED(free_scoped)
    struct contender *all = calloc(n ? n : 1, sizeof *all);
    int rc;

    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory to rank commands");
    set_defaults(&r.plan);
    r.contender = all;
    r.settings = (struct duel_settings){
        .sample_ns = r.plan.sample_ns, .pair_ns = 40000000, .seed = plan->seed};
    for (size_t i = 0; i < n; i++) {
        all[i].duel.side[DUEL_OLD] = &subject[reference];
        all[i].duel.side[DUEL_NEW] = &subject[i];
        all[i].done = i == reference;
    }
    rc = run_rounds(&r, err);
    if (rc == 0 || rc == ERR_STOPPED)
        summarise(&r, out);
    return rc;
}
