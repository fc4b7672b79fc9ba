/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alerts: of tare.yaml, held against the history when a run has ended. */
#ifndef CLI_HISTORY_ALERTS_H
#define CLI_HISTORY_ALERTS_H

#include "cli/history_lines.h"
#include "cli/session.h"
#include "stats/change.h"

enum {
    ALERT_SECONDS = 60, /* that the command of a rule may take */
};

/* Look at the series of this run's machine and branch.  A change that a rule
 * wants to hear of, that is sure and not acknowledged, is recorded as an alert,
 * said on standard error, and the rule's command runs, once per change and
 * rule.  Alerts whose change is gone or acknowledged are closed.
 *
 * The command runs in the suite's folder, in a process group of its own, with
 * TARE_ALERT_* in its environment (tare.yaml(5)); its output is shown when it
 * fails.  Neither a change nor a command that fails is an error.  Runs of
 * changed sources, and those that are no part of the history, raise nothing.
 *
 * failing  receives how many of these changes, old ones too, are those of rules
 *          that make a run fail
 *
 * Returns 0, an error of the store, or ERR_NOMEM.
 * Cost: reading every series that a rule matches, and looking for changes (some
 * 3 ms) in those that the run added to. */
int history_alerts_raise(const struct session *session, struct store *store,
                         int64_t run, size_t *failing, struct error *err);

/* How its changes are looked for, and which of them are alarming.  Without a
 * rule of its own a case has that of the gate, and with rules for others it has
 * none: HISTORY_ALARM_NONE. */
struct change_policy history_alert_policy(const struct suite *suite,
                                          const char *id, const char *metric,
                                          enum history_alarm *alarm);

#endif
