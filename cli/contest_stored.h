/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a contest says beyond its pairs: matches against stored numbers, and
 * what holds for the suite as a whole. */
#ifndef CLI_CONTEST_STORED_H
#define CLI_CONTEST_STORED_H

#include "cli/contest.h"

/* Measure the matches whose mode is COMPARE_STORED as a run of their own and
 * compare them with the baseline's distributions; their findings are added. */
int contest_run_stored(struct contest *contest, const struct results *baseline,
                       struct error *err);

/* Compare set-ups and tear-downs that rules of the gate name with the
 * baseline's; their findings are added.  What of them was measured and is not
 * in any results yet is put there. */
int contest_run_fixtures(struct contest *contest,
                         const struct results *baseline, struct error *err);

/* Compare two stored sets case by case; every case of either is a finding. */
int contest_of_stored(struct contest *contest, const struct results *old,
                      const struct results *now, struct error *err);

/* Geometric means of the ratios per suite and tag, and whether most cases and
 * the anchors moved together. */
int contest_judge_suite(struct contest *contest, const struct results *baseline,
                        struct error *err);

#endif
