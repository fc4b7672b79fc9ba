/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding a command by its words. */
#include <config.h>

#include "cli/dispatch.h"

#include "base/nearest.h"

static int unknown(const struct cli_cmd *const *commands, const char *parent,
                   const char *word, struct error *err)
{
    const char *gap = *parent ? " " : "";
    struct nearest nearest = {.word = word};

    for (; *commands; commands++)
        if (!(*commands)->hidden)
            nearest_try(&nearest, (*commands)->name);
    ERROR(err, ERR_USAGE, "unknown command '%s%s%s'", parent, gap, word);
    if (nearest_found(&nearest))
        error_help(
            err,
            "did you mean 'tare %s%s%s'? 'tare help%s%s' lists the commands",
            parent, gap, nearest_found(&nearest), gap, parent);
    else
        error_help(err, "'tare help%s%s' lists the commands", gap, parent);
    return ERR_USAGE;
}

int cli_resolve(const struct cli_cmd *const *commands, const char *const *words,
                size_t n, const struct cli_cmd **out, struct error *err)
{
    const struct cli_cmd *first = cli_find(commands, words[0]), *second;

    if (!first)
        return unknown(commands, "", words[0], err);
    *out = first;
    if (!first->subs || n < 2 || words[1][0] == '-')
        return 1;
    second = cli_find(first->subs, words[1]);
    if (second) {
        *out = second;
        return 2;
    }
    return first->run ? 1 : unknown(first->subs, first->name, words[1], err);
}
