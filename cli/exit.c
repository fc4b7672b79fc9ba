/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which exit status wins. */
#include <config.h>

#include "cli/exit.h"

#include <stddef.h>

#include "base/scope.h"

/* Most urgent first. */
static const enum cli_exit precedence[] = {
    CLI_INTERRUPTED, CLI_USAGE,     CLI_REGRESSED, CLI_UNMEASURED,
    CLI_NOTHING,     CLI_UNDECIDED, CLI_OK,
};

enum cli_exit cli_worst(enum cli_exit a, enum cli_exit b)
{
    for (size_t i = 0; i < ARRAY_LEN(precedence); i++)
        if (precedence[i] == a || precedence[i] == b)
            return precedence[i];
    return CLI_UNMEASURED;
}

enum cli_exit cli_exit_of(enum error_code code)
{
    switch (code) {
    case ERR_OK:
        return CLI_OK;
    case ERR_USAGE:
    case ERR_PARSE:
    case ERR_RANGE:
        return CLI_USAGE;
    case ERR_EMPTY:
        return CLI_NOTHING;
    case ERR_STOPPED:
        return CLI_INTERRUPTED;
    case ERR_INVAL:
    case ERR_NOMEM:
    case ERR_SYS:
    case ERR_TIMEOUT:
    case ERR_PEER:
        break;
    }
    return CLI_UNMEASURED;
}
