/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the gate section of a suite says about one case.  Pure: the answers
 * depend on the arguments alone, dates included. */
#ifndef CONFIG_POLICY_H
#define CONFIG_POLICY_H

#include "config/suite.h"

/* Whether a metric of a case is judged, and by which margin. */
struct gate_limit {
    bool judged;
    double margin;                /* fraction; gate.margin when no rule says */
    const struct gate_rule *rule; /* that decided, or NULL */
};

/* The first rule whose globs match id and metric decides.  A metric is judged
 * when gate.metrics lists it or the deciding rule names it without wildcards,
 * unless that rule says `ignore`.  Cost: O(rules). */
struct gate_limit gate_limit(const struct gate *gate, const char *id,
                             const char *metric);

/* Whether a rule is about set-ups and tear-downs: its glob begins with
 * "fixture:" and matches the id ("fixture:db/setup").  They are judged only
 * then. */
bool gate_judges_fixture(const struct gate *gate, const char *id);

/* The first waiver in force for this case and metric on a day ("2026-11-22",
 * UTC; `until` is the last day it holds), or NULL.  The caller compares the
 * change with its up_to. */
const struct waiver *gate_waiver(const struct gate *gate, const char *id,
                                 const char *metric, const char *today);

/* Whether the waiver's last day is over. */
bool waiver_is_expired(const struct waiver *waiver, const char *today);

/* Whether text is a day of the Gregorian calendar, "YYYY-MM-DD". */
bool is_date(const char *text);

#endif
