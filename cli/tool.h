/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking small helpers such as git: bounded in time, output captured. */
#ifndef CLI_TOOL_H
#define CLI_TOOL_H

#include "base/strbuf.h"
#include "runner/process/guardian.h"

/* Run argv[0] (looked for in PATH) in a folder for at most ten seconds and
 * append what it prints on standard output to out, final newlines cut.
 *
 * Returns 0 when it exited with 0; ERR_PEER when it did not or is not there,
 * ERR_TIMEOUT, ERR_SYS, ERR_NOMEM. */
int tool_output(struct guardian *guardian, const char *folder,
                const char *const *argv, struct strbuf *out, struct error *err);

#endif
