/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The time of a comparison: what a case may still cost, what is kept back for
 * suspects, and how much there is to do. */
#ifndef RUNNER_MEASURE_DUEL_TIME_H
#define RUNNER_MEASURE_DUEL_TIME_H

#include "runner/measure/duel.h"

struct duel_time {
    const struct executor *executor; /* borrowed */
    const struct duel_settings *settings;
    const struct duel_case *cases;
    size_t n;
    const bool *done; /* per case, of the stage that runs */
    int stage;        /* 1 or 2 */
    int64_t began_ns;
    int64_t kept_ns; /* for the batches of the suspects so far */
    int64_t longest_pair_ns;
    int64_t promised_ns; /* for the first pairs of cases that are begun */
    size_t begun;        /* cases that have pairs and are not done */
    bool overtime; /* every budget is used up and time is left: undecided cases
                    * share it */
    int64_t told_ns;
};

int64_t duel_time_now(const struct duel_time *time);

/* One more pair of this case would end behind the deadline; while exploring,
 * behind what is kept for convicting (for one suspect until there are some),
 * half of the time at most. */
bool duel_time_is_out(const struct duel_time *time, const struct duel_case *c);

/* One more pair would exceed the case's budget.  Fewer pairs than the rule needs
 * for any verdict would be time thrown away, so a case gets those, unless one
 * alone takes longer than the budget: the fastest of two, since a neighbour may
 * have held up one, or the first by far. */
bool duel_time_is_spent(const struct duel_time *time,
                        const struct duel_case *c);

/* Before each round over the cases.  Cost: O(n). */
void duel_time_round(struct duel_time *time);

/* Whether a case may be begun: where the run's time is limited, only when there
 * is enough to decide it and those that are begun.  So a limit that is too short
 * for all decides some, instead of leaving all a pair short. */
bool duel_time_may_begin(struct duel_time *time);

/* Keep time for a case that has become a suspect. */
void duel_time_keep(struct duel_time *time, const struct duel_case *c);

/* Pairs that a suspect's batch may have, one of k: its budget once more, and its
 * share of the time left where the run's is limited; with overtime all of its
 * share. */
size_t duel_time_batch(const struct duel_time *time, const struct duel_case *c,
                       size_t k);

/* Share of the work that is done, 0 to 1, by what the cases are expected to
 * need at the pace so far.  Cost: O(n). */
double duel_time_share(const struct duel_time *time);

/* Whether a tenth of a second has passed since this last said so. */
bool duel_time_tell(struct duel_time *time);

#endif
