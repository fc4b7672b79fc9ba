/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The measured processes of data/sessions.txt and data/sittings.txt, and the
 * pairs of data/pairs.txt. */
#ifndef SLOW_SESSIONS_H
#define SLOW_SESSIONS_H

#include <stddef.h>

enum { SESSION_VALUES = 128, SESSION_GROUPS = 1000 };

/* The processes of one benchmark in one session, or the pairs of one case. */
struct session_group {
    char kind[8], session[8], bench[48];
    double value[SESSION_VALUES]; /* logarithms of ns, or log ratios */
    size_t n;
};

/* Read the folder that $SLOW_DATA names; ends the program when it cannot. */
const struct session_group *sessions_read(size_t *count);

/* The groups of a kind ("p40", "p12", "seq", "duet", "pairs", "sit", "anchor"),
 * and of a benchmark unless NULL; out has room for SESSION_GROUPS. */
size_t sessions_of(const char *kind, const char *bench,
                   const struct session_group **out);

#endif
