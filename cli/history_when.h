/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates as people give them to --since and --before. */
#ifndef CLI_HISTORY_WHEN_H
#define CLI_HISTORY_WHEN_H

#include <stdbool.h>
#include <stdint.h>

enum { WHEN_TEXT = 24 };

/* Whether the word is a date: "2026-11-22", "2026-11-22T10:00:00Z" or "30d"
 * (so many days before now, at most 36500).  Anything else may be a revision.
 *
 * now  seconds since 1970
 * out  receives ISO 8601 in UTC, so that it sorts as the store's texts do */
bool history_when(const char *word, int64_t now, char out[WHEN_TEXT]);

#endif
