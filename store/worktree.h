/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A revision of the sources built beside the user's tree, for
 * `--against-rev REV`: a git worktree in ROOT/COMMIT/, in which the suite's
 * build command ran once.  Built ones are found again by their commit.
 *
 * Every child has its own process group, a time limit and captured output, and
 * does not outlive this process. */
#ifndef STORE_WORKTREE_H
#define STORE_WORKTREE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct worktree_plan {
    const char *source;     /* a folder of the user's working tree */
    const char *root;       /* ".tare/builds" */
    const char *revision;   /* as the user named it: "HEAD~3", "v1.2", a hash */
    const char *command;    /* build.command, run by sh in the worktree's folder
                             * that corresponds to `source` */
    int64_t timeout_ns;     /* of the build */
    const char *const *env; /* the environment of git and the build, as for
                             * execve(); borrowed.  What points git to another
                             * repository (GIT_DIR, ...) is left out */
    const volatile int *stop; /* not 0: the user interrupted; NULL allowed */
};

struct worktree {
    char commit[65];    /* full hash */
    const char *folder; /* absolute; corresponds to plan->source */
    const char *log;    /* absolute path of the build's output */
    bool cached;        /* built before; nothing was run but git */
    int64_t build_ns;   /* 0 when cached */
};

/* Provide a built revision.
 *
 * Returns 0 or
 *   ERR_USAGE    the name begins with '-' or holds control characters
 *   ERR_EMPTY    no such revision, or `source` is not in a git repository;
 *                a shallow clone that lacks it says how to deepen it
 *   ERR_PEER     the build failed (the error ends with the last lines of its
 *                log), or git is missing or failed
 *   ERR_TIMEOUT  git or the build took too long and was stopped
 *   ERR_SYS, ERR_NOMEM
 * A failed build is not cached and leaves its log. */
int worktree_build(const struct worktree_plan *plan, struct arena *arena,
                   struct worktree *out, struct error *err);

/* Remove built revisions but those of these commits (full hashes), and git's
 * notes of them. */
int worktree_prune(const char *source, const char *root, const char *const *env,
                   const char *const *keep, size_t n_keep, struct error *err);

/* The same but for the `most` that were asked for last: a build takes room, and
 * each may be had again. */
int worktree_keep_newest(const char *source, const char *root,
                         const char *const *env, size_t most,
                         struct error *err);

#endif
