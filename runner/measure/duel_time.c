/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/measure/duel_time.h"

#include <math.h>

enum {
    SURELY = 4,         /* times the budget: no neighbour did that */
    BATCH_PAIRS = 16,   /* kept for a suspect: what most batches take */
    EXPLORE_PAIRS = 8,  /* what most cases take, until they say more */
    GUESS_MS = 50,      /* a pair, before there was one */
    TELL_NS = 100000000 /* between two tellings */
};

int64_t duel_time_now(const struct duel_time *time)
{
    return time->executor->now(time->executor->ctx);
}

/* What is kept back while exploring. */
static int64_t kept(const struct duel_time *time)
{
    int64_t all = time->settings->deadline_ns - time->began_ns;
    int64_t keep = time->kept_ns;

    if (time->stage == 2)
        return 0;
    if (keep == 0 && !time->overtime)
        keep = BATCH_PAIRS * time->longest_pair_ns;
    return keep > all / 2 ? all / 2 : keep;
}

static double usual_pair(const struct duel_time *time)
{
    double spent = 0, pairs = 0;

    for (size_t i = 0; i < time->n; i++) {
        spent += (double)time->cases[i].spent_ns;
        pairs += (double)time->cases[i].n_pairs;
    }
    return pairs > 0 ? spent / pairs : GUESS_MS * 1e6;
}

bool duel_time_is_out(const struct duel_time *time, const struct duel_case *c)
{
    return time->settings->deadline_ns &&
           duel_time_now(time) + c->pair_ns + kept(time) >
               time->settings->deadline_ns;
}

bool duel_time_is_spent(const struct duel_time *time, const struct duel_case *c)
{
    int64_t budget = time->settings->budget_ns;

    if (time->overtime)
        return false;
    if (c->n_pairs < EXPLORE_LEAST)
        return c->best_pair_ns > budget &&
               (c->n_pairs > 1 || c->best_pair_ns > SURELY * budget);
    return c->spent_ns + c->pair_ns > budget;
}

void duel_time_round(struct duel_time *time)
{
    time->promised_ns = 0;
    time->begun = 0;
    for (size_t i = 0; i < time->n; i++) {
        const struct duel_case *c = &time->cases[i];

        if (time->done[i] || c->n_pairs == 0)
            continue;
        time->begun++;
        if (c->n_pairs < EXPLORE_LEAST)
            time->promised_ns +=
                (int64_t)(EXPLORE_LEAST - c->n_pairs) * c->pair_ns;
    }
}

bool duel_time_may_begin(struct duel_time *time)
{
    int64_t need = (int64_t)(EXPLORE_LEAST * usual_pair(time));

    if (time->settings->deadline_ns &&
        duel_time_now(time) + time->promised_ns + need + kept(time) >
            time->settings->deadline_ns)
        return false;
    time->promised_ns += need;
    time->begun++;
    return true;
}

void duel_time_keep(struct duel_time *time, const struct duel_case *c)
{
    time->kept_ns += BATCH_PAIRS * c->pair_ns;
}

size_t duel_time_batch(const struct duel_time *time, const struct duel_case *c,
                       size_t k)
{
    const struct duel_settings *settings = time->settings;
    int64_t left = settings->budget_ns, share = left;

    if (settings->deadline_ns)
        share = (settings->deadline_ns - duel_time_now(time)) /
                (int64_t)(k ? k : 1);
    if (share < left || settings->overtime)
        left = share;
    return left > 0 ? (size_t)(left / (c->pair_ns + 1)) : 0;
}

/* Pairs that a case is expected to take yet. */
static double pairs_left(const struct duel_time *time,
                         const struct duel_case *c)
{
    double wanted = time->stage == 1 ? EXPLORE_PAIRS : 0;
    double have = (double)(c->n_pairs - (time->stage == 1 ? 0 : c->n_explored));

    for (size_t m = 0; m < c->n_metrics; m++) {
        const struct duel_metric *metric = &c->metric[m];

        if (time->stage == 2)
            wanted = fmax(wanted, (double)metric->batch_size);
        else if (metric->explored.next == EXPLORE_CONTINUE)
            wanted = fmax(wanted, fmin((double)metric->explored.n_needed,
                                       (double)metric->policy.max_explore));
    }
    return fmax(wanted - have, 1);
}

/* What a case takes yet, in ns; usual: of a pair of a case not visited. */
static double case_left(const struct duel_time *time, const struct duel_case *c,
                        double usual)
{
    double each = c->n_pairs ? (double)c->pair_ns : usual;
    double left = pairs_left(time, c) * each;
    double budget = (double)(time->settings->budget_ns - c->spent_ns);

    if (time->stage == 1 && !time->overtime)
        left = fmin(left, fmax(budget, each));
    return left;
}

double duel_time_share(const struct duel_time *time)
{
    double elapsed = (double)(duel_time_now(time) - time->began_ns);
    double usual = usual_pair(time);
    double left = time->stage == 1 ? (double)time->kept_ns : 0;

    for (size_t i = 0; i < time->n; i++)
        if (!time->done[i])
            left += case_left(time, &time->cases[i], usual);
    if (time->settings->deadline_ns)
        left = fmin(
            left, (double)(time->settings->deadline_ns - duel_time_now(time)));
    left = fmax(left, 0);
    return elapsed + left > 0 ? elapsed / (elapsed + left) : 0;
}

bool duel_time_tell(struct duel_time *time)
{
    int64_t now = duel_time_now(time);

    if (time->told_ns && now - time->told_ns < TELL_NS)
        return false;
    time->told_ns = now;
    return true;
}
