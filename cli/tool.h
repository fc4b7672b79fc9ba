/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking small helpers such as git: bounded in time, output captured. */
#ifndef CLI_TOOL_H
#define CLI_TOOL_H

#include "base/strbuf.h"
#include "runner/process/capture.h"
#include "runner/process/guardian.h"

/* A helper at work; a zeroed one is none. */
struct tool {
    struct guardian *guardian; /* borrowed */
    struct child *child;
    struct capture capture;
    const char *name;    /* borrowed */
    int64_t deadline_ns; /* when it is ended */
};

/* Start argv[0] (looked for in PATH) in a folder; argv is borrowed until the
 * end.  Returns 0, after which tool_finish() or tool_abandon() ends it; ERR_PEER
 * when it is not there, ERR_SYS, ERR_NOMEM. */
int tool_start(struct guardian *guardian, const char *folder,
               const char *const *argv, struct tool *out, struct error *err);

/* Is there nothing to wait for? */
bool tool_has_ended(struct tool *tool);

/* Wait until it is over, ten seconds after its start at the latest, and append
 * what it printed on standard output to out, final newlines cut.
 *
 * Returns 0 when it exited with 0; ERR_PEER when it did not, ERR_TIMEOUT,
 * ERR_SYS; ERR_INVAL for one that is none.  out is untouched then. */
int tool_finish(struct tool *tool, struct strbuf *out, struct error *err);

/* End it, whatever it does. */
void tool_abandon(struct tool *tool);

/* All of that in one.  Codes of tool_start() and tool_finish(). */
int tool_output(struct guardian *guardian, const char *folder,
                const char *const *argv, struct strbuf *out, struct error *err);

#endif
