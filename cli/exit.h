/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exit status, the same for all commands and part of the interface: scripts
 * depend on it. */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

#include "base/error.h"

enum cli_exit {
    CLI_OK = 0,         /* done; nothing regressed, nothing failed */
    CLI_REGRESSED = 1,  /* a regression was found, or a test failed */
    CLI_USAGE = 2,      /* the command line or the configuration is wrong */
    CLI_UNMEASURED = 3, /* something could not be measured or written */
    CLI_UNDECIDED = 4,  /* not decided, and the policy says fail */
    CLI_NOTHING = 5,    /* nothing was selected or comparable */
    CLI_INTERRUPTED = 130,
};

/* The one to report where both hold; the order of precedence is 130, 2, 1, 3,
 * 5, 4, 0. */
enum cli_exit cli_worst(enum cli_exit a, enum cli_exit b);

/* What an error amounts to: 2 for the command line and for input that is
 * malformed or out of range, 5 for an empty selection, 130 for an interrupt,
 * 3 for everything else; 0 for ERR_OK. */
enum cli_exit cli_exit_of(enum error_code code);

#endif
