/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is generated from the tables. */
#include <config.h>

#include "cli/help.h"

#include "bench/tare.h"

#include <string.h>

#include "base/scope.h"
#include "base/utf8.h"
#include "cli/completion.h"

/* Lines, and the columns of the longest. */
static int measure(const char *text, size_t *widest)
{
    char line[400];
    int lines = 0;

    *widest = 0;
    while (*text) {
        size_t size = strcspn(text, "\n");

        snprintf(line, sizeof line, "%.*s", (int)size, text);
        if (utf8_columns(line) > *widest)
            *widest = utf8_columns(line);
        text += size + (text[size] == '\n');
        lines++;
    }
    return lines;
}

static void check_help(struct tare *t, const struct cli_cmd *cmd)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    size_t widest;
    int lines;

    help_command(&text, cmd);
    lines = measure(strbuf_text(&text), &widest);
    TARE_CHECK(lines <= HELP_LINES);
    TARE_CHECK(widest <= HELP_COLUMNS);
    if (lines > HELP_LINES || widest > HELP_COLUMNS)
        printf("# %s: %d lines, %zu columns\n", cmd->name, lines, widest);
}

TARE_TEST(help_of_every_command_fits_a_screen)
{
    for (const struct cli_cmd *const *c = cli_commands; *c; c++) {
        check_help(t, *c);
        for (const struct cli_cmd *const *s = (*c)->subs; s && *s; s++)
            check_help(t, *s);
    }
}

TARE_TEST(help_of_a_command_that_takes_everything_fits_too)
{
    enum opt_id all[OPT_COUNT];
    const struct cli_cmd cmd = {
        .name = "all", .args = "", .summary = "All", .options = all};

    for (int i = OPT_END + 1; i < OPT_COUNT; i++)
        all[i - 1] = (enum opt_id)i;
    all[OPT_COUNT - 1] = OPT_END;
    check_help(t, &cmd);
}

static void check_mentions(struct tare *t, const struct cli_cmd *cmd)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    char word[40];

    help_command(&text, cmd);
    for (const enum opt_id *o = cmd->options; o && *o; o++) {
        const struct opt *opt = option(*o);
        bool found;

        snprintf(word, sizeof word, "--%s", opt->name);
        found = strstr(strbuf_text(&text), word) != NULL;
        snprintf(word, sizeof word, "-%c", opt->letter ? opt->letter : '\1');
        TARE_CHECK(found || strstr(strbuf_text(&text), word));
    }
}

TARE_TEST(help_mentions_every_option_taken)
{
    for (const struct cli_cmd *const *c = cli_commands; *c; c++) {
        check_mentions(t, *c);
        for (const struct cli_cmd *const *s = (*c)->subs; s && *s; s++)
            check_mentions(t, *s);
    }
}

TARE_TEST(overview_lists_each_command_once)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    size_t widest;
    int listed = 0;

    help_overview(&text, cli_commands);
    for (const struct cli_cmd *const *c = cli_commands; *c; c++) {
        char entry[120];

        snprintf(entry, sizeof entry, "%-12s%s\n", (*c)->name, (*c)->summary);
        TARE_CHECK((strstr(strbuf_text(&text), entry) != NULL) ==
                   !(*c)->hidden);
        listed += !(*c)->hidden;
    }
    TARE_CHECK_INT(measure(strbuf_text(&text), &widest), listed + 4);
    TARE_CHECK(widest <= HELP_COLUMNS);
}

static void check_cmd(struct tare *t, const struct cli_cmd *cmd)
{
    TARE_CHECK(strlen(cmd->summary) < 60);
    TARE_CHECK(cmd->summary[strlen(cmd->summary) - 1] != '.');
    TARE_CHECK(cmd->hidden || cmd->parent || cmd->group != CLI_GROUP_NONE);
    TARE_CHECK(cmd->run || cmd->subs);
    TARE_CHECK(!cli_takes(cmd, OPT_FORMAT) == !cmd->formats);
    for (const char *const *e = cmd->examples; e && *e; e++)
        TARE_CHECK(strncmp(*e, "tare ", 5) == 0);
}

TARE_TEST(every_command_is_well_described)
{
    for (const struct cli_cmd *const *c = cli_commands; *c; c++) {
        check_cmd(t, *c);
        for (const struct cli_cmd *const *s = (*c)->subs; s && *s; s++) {
            check_cmd(t, *s);
            TARE_CHECK_STR((*s)->parent, (*c)->name);
        }
    }
}

TARE_TEST(completion_quotes_apostrophes)
{
    static const enum opt_id options[] = {OPT_TAGS, OPT_END};
    static const struct cli_cmd cmd = {
        .name = "x", .args = "", .summary = "It's", .options = options};
    static const struct cli_cmd *const commands[] = {&cmd, NULL};
    SCOPED(strbuf_scoped) struct strbuf fish = {0}, zsh = {0};

    completion_fish(&fish, commands);
    TARE_CHECK(strstr(strbuf_text(&fish), "-d 'It'\\''s'"));
    completion_zsh(&zsh, commands);
    TARE_CHECK(strstr(strbuf_text(&zsh), "'x:It'\\''s'"));
    TARE_CHECK(strstr(strbuf_text(&zsh), "tags do\\: '\\''unit"));
}
