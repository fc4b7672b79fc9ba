/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who meets whom: the cases selected now against a baseline's or against old
 * programs. */
#ifndef CLI_MATCHES_H
#define CLI_MATCHES_H

#include "cli/contest.h"
#include "cli/opponents.h"

/* Match every selected case with the baseline: by its kept program where there
 * is one and the mode allows, else by stored numbers; cases of the baseline
 * that are selected and gone are matches too. */
int matches_with_baseline(struct contest *contest,
                          const struct results *baseline, struct error *err);

/* Match every selected case with its old form among the opponents. */
int matches_with_opponents(struct contest *contest,
                           const struct opponents *opponents,
                           struct error *err);

#endif
