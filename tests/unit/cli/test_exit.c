/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/exit.h"

#include "bench/tare.h"

#include "base/scope.h"

/* The order of precedence as users are promised it. */
static const int promised[] = {130, 2, 1, 3, 5, 4, 0};

TARE_TEST(worst_follows_the_promised_order)
{
    for (size_t i = 0; i < ARRAY_LEN(promised); i++) {
        for (size_t j = 0; j < ARRAY_LEN(promised); j++) {
            int want = promised[i < j ? i : j];

            TARE_CHECK_INT(cli_worst((enum cli_exit)promised[i],
                                     (enum cli_exit)promised[j]),
                           want);
        }
    }
}

TARE_TEST(errors_have_a_status)
{
    TARE_CHECK_INT(cli_exit_of(ERR_OK), 0);
    TARE_CHECK_INT(cli_exit_of(ERR_USAGE), 2);
    TARE_CHECK_INT(cli_exit_of(ERR_PARSE), 2);
    TARE_CHECK_INT(cli_exit_of(ERR_RANGE), 2);
    TARE_CHECK_INT(cli_exit_of(ERR_PEER), 3);
    TARE_CHECK_INT(cli_exit_of(ERR_SYS), 3);
    TARE_CHECK_INT(cli_exit_of(ERR_TIMEOUT), 3);
    TARE_CHECK_INT(cli_exit_of(ERR_NOMEM), 3);
    TARE_CHECK_INT(cli_exit_of(ERR_EMPTY), 5);
    TARE_CHECK_INT(cli_exit_of(ERR_STOPPED), 130);
}
