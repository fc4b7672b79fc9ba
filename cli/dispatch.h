/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From words to the command they mean. */
#ifndef CLI_DISPATCH_H
#define CLI_DISPATCH_H

#include "cli/cmd.h"

/* The command that the first word, or the first two, name.
 *
 * Returns how many words were used (1 or 2) with *out set, or ERR_USAGE with
 * the nearest name.  A command of two words that is given only its first is
 * found too, with 1; it has no `run` then, unless that word stands alone. */
int cli_resolve(const struct cli_cmd *const *commands, const char *const *words,
                size_t n, const struct cli_cmd **out, struct error *err);

#endif
