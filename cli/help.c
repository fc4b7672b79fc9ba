/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Laying out help. */
#include <config.h>

#include "cli/help.h"

#include <stdio.h>
#include <string.h>

enum {
    TEXT_COLUMN = 27,
    FALLBACK_COLUMNS = 8, /* of " (text)" and a comma */
};

static const char *const groups[CLI_GROUP_COUNT] = {
    [CLI_MEASURE] = "Measure",       [CLI_TESTS] = "Test",
    [CLI_RECORDS] = "Keep and show", [CLI_MACHINE] = "Machine",
    [CLI_SUPPORT] = "Support",
};

static int lines_in(const struct strbuf *text)
{
    int lines = 0;

    for (const char *p = strbuf_text(text); *p; p++)
        lines += *p == '\n';
    return lines;
}

static void list_group(struct strbuf *out, enum cli_group group,
                       const struct cli_cmd *const *commands)
{
    const char *heading = groups[group];

    for (; *commands; commands++) {
        if ((*commands)->group != group || (*commands)->hidden)
            continue;
        strbuf_printf(out, "%-15s%-12s%s\n", heading, (*commands)->name,
                      (*commands)->summary);
        heading = "";
    }
}

void help_overview(struct strbuf *out, const struct cli_cmd *const *commands)
{
    strbuf_puts(out, "Usage: tare COMMAND [OPTION...] [OPERAND...]\n\n");
    for (int group = 1; group < CLI_GROUP_COUNT; group++)
        list_group(out, (enum cli_group)group, commands);
    strbuf_puts(out, "\n'tare help COMMAND' explains one; 'man tare' "
                     "explains all.\n");
}

/* "text, json or csv": those that the command can write. */
static void list_formats(struct strbuf *out, unsigned formats)
{
    const char *const *words = option(OPT_FORMAT)->words;
    const char *used[FORMAT_COUNT];
    size_t column = TEXT_COLUMN;
    int n = 0;

    for (int i = 0; words[i]; i++)
        if (formats & FORMAT_BIT(i))
            used[n++] = words[i];
    for (int i = 0; i < n; i++) {
        const char *gap = i == 0 ? "" : i == n - 1 ? " or " : ", ";
        size_t size = strlen(gap) + strlen(used[i]);

        if (column + size + FALLBACK_COLUMNS > HELP_COLUMNS) {
            strbuf_printf(out, "%s\n%*s", i == n - 1 ? "" : ",", TEXT_COLUMN,
                          "");
            gap = i == n - 1 ? "or " : "";
            column = TEXT_COLUMN;
        }
        strbuf_printf(out, "%s%s", gap, used[i]);
        column += size;
    }
}

static void describe(struct strbuf *out, const struct cli_cmd *cmd,
                     const struct opt *opt)
{
    char left[40] = "", letter[8] = "    ";

    if (opt->letter)
        snprintf(letter, sizeof letter, "-%c, ", opt->letter);
    snprintf(left, sizeof left, "  %s--%s%s%s", letter, opt->name,
             opt->arg ? " " : "", opt->arg ? opt->arg : "");
    strbuf_printf(out, "%-*s ", TEXT_COLUMN - 1, left);
    if (opt == option(OPT_FORMAT))
        list_formats(out, cmd->formats);
    else
        strbuf_puts(out, opt->help);
    if (opt->fallback)
        strbuf_printf(out, " (%s)", opt->fallback);
    strbuf_putc(out, '\n');
}

/* One piece of a paragraph that is indented by its first word and wrapped. */
static void add_wrapped(struct strbuf *out, size_t *column, const char *first,
                        const char *text)
{
    size_t size = strlen(text), indent = strlen(first) + 2;

    if (*column == 0)
        strbuf_printf(out, "\n%s: ", first);
    else if (*column + 2 + size > HELP_COLUMNS)
        strbuf_printf(out, "\n%*s", (int)indent, "");
    else
        strbuf_puts(out, "  ");
    if (*column == 0 || *column + 2 + size > HELP_COLUMNS)
        *column = indent + size;
    else
        *column += 2 + size;
    strbuf_puts(out, text);
}

static void add_named(struct strbuf *out, size_t *column, enum opt_id id)
{
    const struct opt *opt = option(id);
    char text[48];

    if (opt->letter)
        snprintf(text, sizeof text, "-%c%s%s", opt->letter, opt->arg ? " " : "",
                 opt->arg ? opt->arg : "");
    else
        snprintf(text, sizeof text, "--%s%s%s", opt->name, opt->arg ? " " : "",
                 opt->arg ? opt->arg : "");
    add_wrapped(out, column, "Also", text);
}

static void add_examples(struct strbuf *out, const struct cli_cmd *cmd)
{
    if (!cmd->examples || !cmd->examples[0])
        return;
    strbuf_puts(out, "\n");
    for (const char *const *e = cmd->examples; *e; e++)
        strbuf_printf(out, "%s%s\n",
                      e == cmd->examples ? "For example:  " : "              ",
                      *e);
}

static void add_subs(struct strbuf *out, const struct cli_cmd *cmd)
{
    if (!cmd->subs)
        return;
    strbuf_putc(out, '\n');
    for (const struct cli_cmd *const *s = cmd->subs; *s; s++)
        if (!(*s)->hidden)
            strbuf_printf(out, "  %-12s%s\n", (*s)->name, (*s)->summary);
}

/* "FORMAT: auto  tare  ..." */
static void add_operand_words(struct strbuf *out, const struct cli_cmd *cmd)
{
    char name[24];
    size_t column = 0;
    const char *word;

    snprintf(name, sizeof name, "%.*s", (int)strcspn(cmd->args, " "),
             cmd->args);
    for (size_t i = 0; cmd->word && (word = cmd->word(i)); i++)
        add_wrapped(out, &column, name, word);
    if (column)
        strbuf_putc(out, '\n');
}

/* The options of a command, its own before those that are common to many. */
static int sort_options(const struct cli_cmd *cmd, enum opt_id out[OPT_COUNT])
{
    int n = 0;

    for (int common = 0; common <= 1; common++)
        for (const enum opt_id *o = cmd->options; o && *o; o++)
            if (option(*o)->common == (common == 1))
                out[n++] = *o;
    return n;
}

/* explained  how many of the options get a line */
static void lay_out(struct strbuf *out, const struct cli_cmd *cmd,
                    const enum opt_id *options, int n, int explained)
{
    char title[CLI_TITLE];
    size_t column = 0;

    strbuf_printf(out, "Usage: tare %s%s%s%s\n%s\n", cli_title(cmd, title),
                  cmd->options ? " [OPTION...]" : "", *cmd->args ? " " : "",
                  cmd->args, cmd->summary);
    add_subs(out, cmd);
    add_operand_words(out, cmd);
    if (explained)
        strbuf_putc(out, '\n');
    for (int i = 0; i < explained; i++)
        describe(out, cmd, option(options[i]));
    for (int i = explained; i < n; i++)
        add_named(out, &column, options[i]);
    if (column)
        strbuf_putc(out, '\n');
    add_examples(out, cmd);
}

void help_command(struct strbuf *out, const struct cli_cmd *cmd)
{
    enum opt_id options[OPT_COUNT];
    int n = sort_options(cmd, options);

    for (int explained = n; explained >= 0; explained--) {
        struct strbuf draft = {0};
        bool fits;

        lay_out(&draft, cmd, options, n, explained);
        fits = lines_in(&draft) <= HELP_LINES || explained == 0;
        if (fits)
            strbuf_add(out, strbuf_text(&draft), draft.size);
        strbuf_clear(&draft);
        if (fits)
            return;
    }
}
