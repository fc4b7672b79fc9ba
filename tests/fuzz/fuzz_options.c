/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command line, a word a line, for a command that takes every option: either
 * it is read whole or there is one error of usage. */
#include <config.h>

#include <string.h>

#include "cli/cmd.h"
#include "tests/fuzz/target.h"

enum { WORDS_MAX = 64 };

static enum opt_id all_options[OPT_COUNT];

static int split(char *text, char *words[WORDS_MAX])
{
    char *rest = text;
    int n = 0;

    for (char *w; n < WORDS_MAX && (w = strsep(&rest, "\n"));)
        words[n++] = w;
    return n;
}

static void check(int argc, char **argv)
{
    static const struct cli_cmd cmd = {.name = "all",
                                       .args = "WORD...",
                                       .max_args = -1,
                                       .options = all_options,
                                       .formats = ~0u};
    static const struct cli_cmd *const commands[] = {&cmd, NULL};
    struct options options = {0};
    struct error err = {0};
    int rc = options_parse(&options, &cmd, commands, argc, argv, &err);

    MUST(rc == 0 || rc == ERR_USAGE);
    MUST((rc == 0) == (err.code == ERR_OK) && (rc == 0) == (*err.text == '\0'));
    MUST(options.n_operands <= (size_t)argc);
    if (rc == 0 && !options.help) {
        MUST(options.operand && !options.operand[options.n_operands]);
        MUST(options.n_before <= options.n_operands);
        MUST(options.seed >= 0 && options.budget_ns >= 0);
        MUST(options.shard.index <= options.shard.count);
        MUST(options.workers >= -1);
        for (size_t i = 1; i < options.counts.n; i++)
            MUST(options.counts.item[i - 1] < options.counts.item[i]);
    }
    options_clear(&options);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = target_text(data, size);
    char *words[WORDS_MAX];

    for (int i = OPT_END + 1; i < OPT_COUNT; i++)
        all_options[i - 1] = (enum opt_id)i;
    check(split(text, words), words);
    free(text);
    return 0;
}
