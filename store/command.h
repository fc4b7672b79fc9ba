/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running a helper (a dynamic linker, git, a build) to its end: in a process
 * group of its own, bounded in time, with its output taken; private to store/.
 */
#ifndef STORE_COMMAND_H
#define STORE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"

struct command {
    const char *const *argv; /* argv[0] is looked up in PATH of `env` when it
                              * has no slash; NULL ends it */
    const char *const *env;  /* NULL ends it; NULL: empty */
    const char *folder;      /* to run in; NULL: here */
    const char *log; /* file that takes both outputs instead; NULL: none */
    int64_t timeout_ns;
    bool lifeline; /* ends with this process even after SIGKILL: for what runs
                    * long.  Costs one more small process */
    const volatile int *stop; /* not 0: end it, the user interrupted; NULL
                               * allowed */
};

struct command_result {
    int exit_status;   /* 0..255, or -1 when a signal ended it */
    int signal;        /* 0 when none */
    struct strbuf out; /* at most COMMAND_OUTPUT bytes each */
    struct strbuf err;
    int64_t spent_ns;
};

enum { COMMAND_OUTPUT = 4 << 20 };

/* Run it.  What is left of its process group is killed when it ends.
 *
 * result  filled on success only; end it with command_result_clear()
 *
 * Returns 0 when it ran to any end of its own; ERR_PEER (cannot be started:
 * errno in the text), ERR_TIMEOUT, ERR_STOPPED, ERR_SYS or ERR_NOMEM. */
int command_run(const struct command *command, struct command_result *result,
                struct error *err);

void command_result_clear(struct command_result *result);

#endif
