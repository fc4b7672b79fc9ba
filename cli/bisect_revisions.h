/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What git knows of the revisions between two. */
#ifndef CLI_BISECT_REVISIONS_H
#define CLI_BISECT_REVISIONS_H

#include "cli/session.h"

enum { BISECT_REVISIONS_MAX = 20000 };

/* Full hashes in the session's arena, the good end first, the bad end last. */
struct bisect_revisions {
    const char **hash;
    size_t n; /* 2 or more */
};

/* The first parents of `bad` down to `good`: a merge is one revision, as it was
 * for whoever followed the branch.
 *
 * Returns 0; ERR_USAGE with a remedy: a name that is none, ends that are the
 * same or not each other's ancestor, a clone too shallow, more than
 * BISECT_REVISIONS_MAX; ERR_PEER without git; ERR_NOMEM. */
int bisect_revisions_list(struct session *session, const char *good,
                          const char *bad, struct bisect_revisions *out,
                          struct error *err);

/* "" where git says nothing. */
struct bisect_commit {
    const char *subject, *author, *date;
    const char *merged; /* "GOOD BAD" to look inside a merge, "" for others */
};

int bisect_commit_read(struct session *session, const char *hash,
                       struct bisect_commit *out, struct error *err);

#endif
