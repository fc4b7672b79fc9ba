/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of a line of the history, and what people said of them. */
#ifndef CLI_HISTORY_CHANGES_H
#define CLI_HISTORY_CHANGES_H

#include "cli/history_lines.h"
#include "stats/change.h"

/* Find the changes of a line and the drift of its last segment
 * (statistics.md, section 5).  Where the declared version of the case was
 * raised the line is cut: old results do not compare.
 *
 * Everything hangs in the arena.  Returns 0, ERR_INVAL for a policy that is
 * none, or ERR_NOMEM; a line that is too short says so in `why_none`.
 * Cost: that of change_find(). */
int history_changes_find(const char *suite, struct history_line *line,
                         const struct history_source *source,
                         const struct change_policy *policy,
                         struct arena *arena, struct error *err);

/* Mark the changes that are acknowledged.  A change is estimated, and moves by
 * a point or two as more are measured: an acknowledgement holds for a change
 * in the same direction up to CHANGE_NEAR points away. */
enum { CHANGE_NEAR = 2 };
int history_changes_acks(struct store *store, const char *suite,
                         struct history_lines *lines, struct arena *arena,
                         struct error *err);

/* What names a change that begins with point `at` of a line.  A point without
 * revision is named by "@" and its date, in the arena. */
int change_key_of(const char *suite, const struct history_line *line, size_t at,
                  struct arena *arena, struct change_key *out,
                  struct error *err);

/* The same, short enough to type: the beginning of a hash of the key. */
enum { CHANGE_NAME = 9 };
void change_name(const struct change_key *key, char out[CHANGE_NAME]);

/* Whether what was said of the key is about a change of the line that begins
 * at point `at` with this ratio.
 *
 * ratio  that of the key; NaN stands for either direction */
bool change_key_fits(const struct change_key *key, double key_ratio,
                     const struct history_line *line, size_t at, double ratio);

#endif
