/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing completion scripts.  Names and help texts come from our own tables;
 * quote() is for the apostrophes in them. */
#include <config.h>

#include "cli/completion.h"

#include <stdio.h>

static void quote(struct strbuf *out, const char *text)
{
    strbuf_putc(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            strbuf_puts(out, "'\\''");
        else
            strbuf_putc(out, *text);
    }
    strbuf_putc(out, '\'');
}

static void add_words(struct strbuf *out, const char *const *words)
{
    for (const char *const *w = words; *w; w++)
        strbuf_printf(out, "%s%s", w == words ? "" : " ", *w);
}

static void add_names(struct strbuf *out, const struct cli_cmd *const *commands)
{
    const char *gap = "";

    for (; *commands; commands++) {
        if ((*commands)->hidden)
            continue;
        strbuf_printf(out, "%s%s", gap, (*commands)->name);
        gap = " ";
    }
}

/* What the first operand may be, if that is a list. */
static void add_operands(struct strbuf *out, const struct cli_cmd *cmd)
{
    const char *word;

    for (size_t i = 0; cmd->word && (word = cmd->word(i)); i++)
        strbuf_printf(out, "%s ", word);
}

/* Every option of a command, those of all commands included. */
static void add_options(struct strbuf *out, const struct cli_cmd *cmd)
{
    const char *gap = "";

    for (int i = OPT_END + 1; i < OPT_COUNT; i++) {
        const struct opt *opt = option((enum opt_id)i);

        if (!cli_takes(cmd, (enum opt_id)i))
            continue;
        strbuf_printf(out, "%s--%s", gap, opt->name);
        gap = " ";
        if (opt->letter)
            strbuf_printf(out, " -%c", opt->letter);
    }
}

/* One arm of the choice of commands: words of a second level, and options. */
static void bash_command(struct strbuf *out, const char *pattern,
                         const struct cli_cmd *cmd)
{
    strbuf_printf(out, "    %s) words='", pattern);
    if (cmd->subs) {
        add_names(out, cmd->subs);
        strbuf_putc(out, ' ');
    }
    add_operands(out, cmd);
    add_options(out, cmd);
    strbuf_puts(out, "' ;;\n");
}

static void bash_commands(struct strbuf *out,
                          const struct cli_cmd *const *commands)
{
    for (; *commands; commands++) {
        char title[CLI_TITLE], pattern[CLI_TITLE + 4];

        if ((*commands)->hidden)
            continue;
        for (const struct cli_cmd *const *s = (*commands)->subs; s && *s; s++) {
            snprintf(pattern, sizeof pattern, "'%s'", cli_title(*s, title));
            bash_command(out, pattern, *s);
        }
        snprintf(pattern, sizeof pattern, "'%s '*", (*commands)->name);
        bash_command(out, pattern, *commands);
    }
}

static void bash_values(struct strbuf *out)
{
    for (int i = OPT_END + 1; i < OPT_COUNT; i++) {
        const struct opt *opt = option((enum opt_id)i);

        if (!opt->words)
            continue;
        strbuf_printf(out, "    --%s", opt->name);
        if (opt->letter)
            strbuf_printf(out, "|-%c", opt->letter);
        strbuf_puts(out, ") words='");
        add_words(out, opt->words);
        strbuf_puts(out, "' ;;\n");
    }
}

void completion_bash(struct strbuf *out, const struct cli_cmd *const *commands)
{
    strbuf_puts(out, "# bash completion for tare\n"
                     "_tare()\n{\n"
                     "    local current=$2 previous=$3 words=\n\n"
                     "    case $previous in\n");
    bash_values(out);
    strbuf_puts(out, "    *)\n"
                     "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                     "        words='--help --version ");
    add_names(out, commands);
    strbuf_puts(out, "'\n"
                     "    else\n"
                     "    case ${COMP_WORDS[1]}' '${COMP_WORDS[2]} in\n");
    bash_commands(out, commands);
    strbuf_puts(
        out, "    esac\n"
             "    fi ;;\n"
             "    esac\n"
             "    # no word fits: a file name, by the default of `complete`\n"
             "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
             "}\n"
             "complete -o default -F _tare tare\n");
}

static void zsh_action(struct strbuf *out, const struct opt *opt)
{
    strbuf_printf(out, ":%s:", opt->arg);
    if (opt->words) {
        strbuf_putc(out, '(');
        add_words(out, opt->words);
        strbuf_putc(out, ')');
    } else {
        strbuf_puts(out, "_files");
    }
}

/* One specification of _arguments: 'NAME[help]:value:action'.  The help texts
 * hold colons and brackets, which mean something there. */
static void zsh_option(struct strbuf *out, const struct opt *opt,
                       const char *name)
{
    struct strbuf spec = {0};

    strbuf_printf(&spec, "*%s[", name);
    for (const char *p = opt->help; *p; p++) {
        if (*p == ':' || *p == '[' || *p == ']')
            strbuf_putc(&spec, '\\');
        strbuf_putc(&spec, *p);
    }
    strbuf_putc(&spec, ']');
    if (opt->arg)
        zsh_action(&spec, opt);
    strbuf_puts(out, " \\\n        ");
    quote(out, strbuf_text(&spec));
    out->failed |= spec.failed;
    strbuf_clear(&spec);
}

static void zsh_command(struct strbuf *out, const struct cli_cmd *cmd)
{
    strbuf_puts(out, "_arguments -s");
    for (int i = OPT_END + 1; i < OPT_COUNT; i++) {
        const struct opt *opt = option((enum opt_id)i);
        char name[40];

        if (!cli_takes(cmd, (enum opt_id)i))
            continue;
        snprintf(name, sizeof name, "--%s%s", opt->name, opt->arg ? "=" : "");
        zsh_option(out, opt, name);
        snprintf(name, sizeof name, "-%c%s", opt->letter, opt->arg ? "+" : "");
        if (opt->letter)
            zsh_option(out, opt, name);
    }
    if (cmd->word) {
        strbuf_puts(out, " \\\n        '1:first operand:(");
        add_operands(out, cmd);
        strbuf_puts(out, ")'");
    }
    strbuf_puts(out, " \\\n        '*:operand:_files' ;;\n");
}

static void zsh_describe(struct strbuf *out,
                         const struct cli_cmd *const *commands)
{
    struct strbuf item = {0};

    for (; *commands; commands++) {
        if ((*commands)->hidden)
            continue;
        strbuf_clear(&item);
        strbuf_printf(&item, "%s:%s", (*commands)->name, (*commands)->summary);
        strbuf_puts(out, "\n        ");
        quote(out, strbuf_text(&item));
    }
    strbuf_clear(&item);
}

/* A word of the second level shifts once more. */
static void zsh_nested(struct strbuf *out, const struct cli_cmd *cmd)
{
    strbuf_puts(out, "if (( CURRENT == 2 )); then\n        items=(");
    zsh_describe(out, cmd->subs);
    strbuf_puts(out, ")\n        _describe command items; return\n    fi\n"
                     "    shift words; (( CURRENT-- ))\n"
                     "    case $words[1] in\n");
    for (const struct cli_cmd *const *s = cmd->subs; *s; s++) {
        strbuf_printf(out, "    %s) ", (*s)->name);
        zsh_command(out, *s);
    }
    strbuf_puts(out, "    esac ;;\n");
}

void completion_zsh(struct strbuf *out, const struct cli_cmd *const *commands)
{
    strbuf_puts(out, "#compdef tare\n"
                     "_tare()\n{\n"
                     "    local -a items\n\n"
                     "    if (( CURRENT == 2 )); then\n"
                     "        items=(");
    zsh_describe(out, commands);
    strbuf_puts(out, ")\n        _describe command items; return\n    fi\n"
                     "    shift words; (( CURRENT-- ))\n"
                     "    case $words[1] in\n");
    for (const struct cli_cmd *const *c = commands; *c; c++) {
        if ((*c)->hidden)
            continue;
        strbuf_printf(out, "    %s) ", (*c)->name);
        if ((*c)->subs && !(*c)->run)
            zsh_nested(out, *c);
        else
            zsh_command(out, *c);
    }
    strbuf_puts(out, "    esac\n}\ncompdef _tare tare\n");
}

static void fish_option(struct strbuf *out, const char *condition,
                        const struct opt *opt)
{
    strbuf_puts(out, "complete -c tare -n ");
    quote(out, condition);
    strbuf_printf(out, " -l %s", opt->name);
    if (opt->letter)
        strbuf_printf(out, " -s %c", opt->letter);
    if (opt->words) {
        strbuf_puts(out, " -x -a '");
        add_words(out, opt->words);
        strbuf_putc(out, '\'');
    } else if (opt->arg) {
        strbuf_puts(out, " -r");
    }
    strbuf_puts(out, " -d ");
    quote(out, opt->help);
    strbuf_putc(out, '\n');
}

static void fish_options(struct strbuf *out, const struct cli_cmd *cmd)
{
    char condition[120];

    snprintf(condition, sizeof condition, "__fish_seen_subcommand_from %s%s%s",
             cmd->parent ? cmd->parent : cmd->name,
             cmd->parent ? "; and __fish_seen_subcommand_from " : "",
             cmd->parent ? cmd->name : "");
    for (int i = OPT_END + 1; i < OPT_COUNT; i++)
        if (cli_takes(cmd, (enum opt_id)i))
            fish_option(out, condition, option((enum opt_id)i));
}

static void fish_names(struct strbuf *out, const char *condition,
                       const struct cli_cmd *const *commands)
{
    for (; *commands; commands++) {
        if ((*commands)->hidden)
            continue;
        strbuf_puts(out, "complete -c tare -f -n ");
        quote(out, condition);
        strbuf_printf(out, " -a %s -d ", (*commands)->name);
        quote(out, (*commands)->summary);
        strbuf_putc(out, '\n');
    }
}

void completion_fish(struct strbuf *out, const struct cli_cmd *const *commands)
{
    strbuf_puts(out, "# fish completion for tare\n");
    fish_names(out, "__fish_use_subcommand", commands);
    for (; *commands; commands++) {
        char condition[96];

        if ((*commands)->hidden)
            continue;
        snprintf(condition, sizeof condition, "__fish_seen_subcommand_from %s",
                 (*commands)->name);
        if ((*commands)->subs)
            fish_names(out, condition, (*commands)->subs);
        if ((*commands)->word) {
            strbuf_printf(out, "complete -c tare -n '%s' -a '", condition);
            add_operands(out, *commands);
            strbuf_puts(out, "'\n");
        }
        fish_options(out, *commands);
        for (const struct cli_cmd *const *s = (*commands)->subs; s && *s; s++)
            fish_options(out, *s);
    }
}
