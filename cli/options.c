/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the command line by the table. */
#include <config.h>

#include "cli/options.h"

#include <string.h>

#include "base/names.h"
#include "base/nearest.h"
#include "base/strbuf.h"
#include "base/units.h"
#include "cli/cmd.h"

/* Where in the words of the user the reading stands. */
struct reader {
    struct options *options;
    const struct cli_cmd *cmd;
    const struct cli_cmd *const *commands;
    char *const *argv;
    int argc;
    int at; /* next word */
};

static enum opt_id find_long(const char *name, size_t size)
{
    for (int id = OPT_END + 1; id < OPT_COUNT; id++) {
        const char *long_name = option((enum opt_id)id)->name;

        if (strlen(long_name) == size && memcmp(long_name, name, size) == 0)
            return (enum opt_id)id;
    }
    return OPT_END;
}

static enum opt_id find_letter(char letter)
{
    for (int id = OPT_END + 1; id < OPT_COUNT; id++)
        if (option((enum opt_id)id)->letter == letter)
            return (enum opt_id)id;
    return OPT_END;
}

static void more_in_help(const struct reader *in, struct error *err)
{
    char title[CLI_TITLE];

    error_help(err, "'tare help %s' lists the options",
               cli_title(in->cmd, title));
}

static int unknown_long(const struct reader *in, const char *name, size_t size,
                        struct error *err)
{
    char word[64], title[CLI_TITLE];
    struct nearest nearest = {.word = word};

    snprintf(word, sizeof word, "%.*s", size < 64 ? (int)size : 63, name);
    for (int id = OPT_END + 1; id < OPT_COUNT; id++)
        if (cli_takes(in->cmd, (enum opt_id)id))
            nearest_try(&nearest, option((enum opt_id)id)->name);
    ERROR(err, ERR_USAGE, "unknown option '--%s'", word);
    if (nearest_found(&nearest))
        error_help(err, "did you mean '--%s'? 'tare help %s' lists the options",
                   nearest_found(&nearest), cli_title(in->cmd, title));
    else
        more_in_help(in, err);
    return ERR_USAGE;
}

static void add_taker(struct strbuf *out, const struct cli_cmd *cmd,
                      enum opt_id id)
{
    char title[CLI_TITLE];

    if (cmd->run && !cmd->hidden && cli_takes(cmd, id))
        strbuf_printf(out, "%s%s", out->size ? ", " : "",
                      cli_title(cmd, title));
}

static void list_takers(const struct reader *in, enum opt_id id,
                        struct strbuf *out)
{
    for (const struct cli_cmd *const *c = in->commands; *c; c++) {
        add_taker(out, *c, id);
        for (const struct cli_cmd *const *s = (*c)->subs; s && *s; s++)
            add_taker(out, *s, id);
    }
}

static int not_taken(const struct reader *in, enum opt_id id, struct error *err)
{
    struct strbuf takers = {0};
    char title[CLI_TITLE];

    list_takers(in, id, &takers);
    ERROR(err, ERR_USAGE, "'tare %s' does not take --%s",
          cli_title(in->cmd, title), option(id)->name);
    if (takers.size)
        error_help(err, "--%s belongs to: %s", option(id)->name,
                   strbuf_text(&takers));
    else
        more_in_help(in, err);
    strbuf_clear(&takers);
    return ERR_USAGE;
}

static int add_item(struct options *options, struct string_list *list,
                    const char *text, struct error *err)
{
    const char **items =
        arena_grow(&options->arena, list->item, list->n, sizeof *items);

    if (!items)
        return ERROR(err, ERR_NOMEM, "no memory for the options");
    list->item = items;
    list->item[list->n++] = text;
    return 0;
}

static int add_pieces(struct options *options, struct string_list *list,
                      const char *text, struct error *err)
{
    const char *name;
    size_t size;
    int rc = 0;

    while (rc == 0 && (name = names_next(&text, &size))) {
        char *piece = arena_memdup(&options->arena, name, size);

        rc = piece ? add_item(options, list, piece, err)
                   : ERROR(err, ERR_NOMEM, "no memory for the options");
    }
    return rc;
}

/* able  mask of the words that are of use here */
static int set_choice(const struct opt *opt, unsigned able, int *out,
                      const char *text, struct error *err)
{
    struct nearest nearest = {.word = text};
    struct strbuf all = {0};

    for (int i = 0; opt->words[i]; i++) {
        if (strcmp(opt->words[i], text) == 0) {
            *out = i;
            strbuf_clear(&all);
            return 0;
        }
        if (!(able & 1u << i))
            continue;
        nearest_try(&nearest, opt->words[i]);
        strbuf_printf(&all, "%s%s", all.size ? ", " : "", opt->words[i]);
    }
    ERROR(err, ERR_RANGE, "expected %s, not '%s'", strbuf_text(&all), text);
    strbuf_clear(&all);
    if (nearest_found(&nearest))
        error_help(err, "did you mean '%s'?", nearest_found(&nearest));
    return ERR_RANGE;
}

/* A range of 0 to 0 is none. */
static int set_duration(const struct opt *opt, int64_t *target,
                        const char *text, struct error *err)
{
    char low[QUANTITY_TEXT], high[QUANTITY_TEXT];
    int64_t ns;
    int rc = parse_duration(text, &ns, err);

    if (rc < 0)
        return rc;
    if (opt->high && (ns < opt->low || ns > opt->high))
        return ERROR(err, ERR_RANGE, "expected a time from %s to %s, not '%s'",
                     format_duration(low, opt->low),
                     format_duration(high, opt->high), text);
    *target = ns;
    return 0;
}

static int set_ratio(const struct opt *opt, double *out, const char *text,
                     struct error *err)
{
    int rc = parse_ratio(text, out, err);
    double low = (double)opt->low / 100, high = (double)opt->high / 100;

    if (rc < 0 || (*out * 100 >= low && *out * 100 <= high))
        return rc;
    return ERROR(err, ERR_RANGE, "expected %g%% to %g%%, not '%s'", low, high,
                 text);
}

/* Write a value where the table says.  `text` is NULL for a flag only. */
static int set_value(const struct reader *in, const struct opt *opt,
                     const char *text, struct error *err)
{
    struct options *options = in->options;
    unsigned able = opt == option(OPT_FORMAT) ? in->cmd->formats : ~0u;
    void *target = (char *)options + opt->target;

    switch (opt->kind) {
    case KIND_FLAG:
        *(bool *)target = true;
        return 0;
    case KIND_STRING:
        *(const char **)target = text;
        return 0;
    case KIND_LIST:
        return add_item(options, target, text, err);
    case KIND_COMMAS:
        return add_pieces(options, target, text, err);
    case KIND_INT:
        return parse_int(text, opt->low, opt->high, target, err);
    case KIND_DURATION:
        return set_duration(opt, target, text, err);
    case KIND_RATIO:
        return set_ratio(opt, target, text, err);
    case KIND_CHOICE:
        return set_choice(opt, able, target, text, err);
    case KIND_PARSED:
        return opt->parse(text, target, err);
    case KIND_NONE:
        break;
    }
    return ERROR(err, ERR_INVAL, "--%s has no kind", opt->name);
}

/* An error in a value is an error of the command line. */
static int blame_option(const struct opt *opt, const struct error *cause,
                        struct error *err)
{
    enum error_code code = cause->code == ERR_NOMEM ? ERR_NOMEM : ERR_USAGE;

    ERROR(err, code, "--%s: %s", opt->name, cause->text);
    if (cause->help[0])
        error_help(err, "%s", cause->help);
    return code;
}

/* The value of an option: what is left of its own word, or the next word. */
static const char *value_of(struct reader *in, const char *rest)
{
    if (rest)
        return rest;
    if (in->at >= in->argc || strncmp(in->argv[in->at], "--", 2) == 0)
        return NULL;
    return in->argv[in->at++];
}

/* rest   what stands behind the option in its own word, or NULL */
static int take_option(struct reader *in, enum opt_id id, const char *rest,
                       struct error *err)
{
    const struct opt *opt = option(id);
    const char *value = NULL;
    struct error why = {0};

    if (!cli_takes(in->cmd, id))
        return not_taken(in, id, err);
    if (opt->kind == KIND_FLAG && rest)
        return ERROR(err, ERR_USAGE, "--%s takes no value", opt->name);
    if (opt->kind != KIND_FLAG) {
        value = value_of(in, rest);
        if (!value) {
            ERROR(err, ERR_USAGE, "--%s needs a value", opt->name);
            error_help(err, "--%s %s: %s", opt->name, opt->arg, opt->help);
            return ERR_USAGE;
        }
    }
    in->options->given[id] = true;
    if (set_value(in, opt, value, &why) == 0)
        return 0;
    return blame_option(opt, &why, err);
}

static int take_long(struct reader *in, const char *word, struct error *err)
{
    const char *name = word + 2;
    size_t size = strcspn(name, "=");
    enum opt_id id = find_long(name, size);

    if (id == OPT_END)
        return unknown_long(in, name, size, err);
    return take_option(in, id, name[size] ? name + size + 1 : NULL, err);
}

/* -x, -xvalue, or flags in a bundle. */
static int take_letters(struct reader *in, const char *word, struct error *err)
{
    for (const char *p = word + 1; *p; p++) {
        enum opt_id id = find_letter(*p);
        int rc;

        if (id == OPT_END) {
            ERROR(err, ERR_USAGE, "unknown option '-%c'", *p);
            more_in_help(in, err);
            return ERR_USAGE;
        }
        if (option(id)->kind != KIND_FLAG)
            return take_option(in, id, p[1] ? p + 1 : NULL, err);
        rc = take_option(in, id, NULL, err);
        if (rc < 0)
            return rc;
    }
    return 0;
}

static int take_operand(struct reader *in, const char *word, struct error *err)
{
    struct options *o = in->options;
    struct string_list list = {o->operand, o->n_operands};
    int rc = add_item(o, &list, word, err);

    o->operand = list.item;
    o->n_operands = list.n;
    return rc;
}

static int take_word(struct reader *in, struct error *err)
{
    const char *word = in->argv[in->at++];

    if (in->options->dashes || word[0] != '-' || word[1] == '\0')
        return take_operand(in, word, err);
    if (strcmp(word, "--") == 0) {
        in->options->dashes = true;
        in->options->n_before = in->options->n_operands;
        return 0;
    }
    return word[1] == '-' ? take_long(in, word, err)
                          : take_letters(in, word, err);
}

/* Every list of operands ends with a NULL that is not counted. */
static int end_operands(struct reader *in, struct error *err)
{
    struct options *o = in->options;
    int rc = take_operand(in, NULL, err);

    if (rc < 0)
        return rc;
    o->n_operands--;
    if (!o->dashes)
        o->n_before = o->n_operands;
    return 0;
}

static int check_operands(const struct reader *in, struct error *err)
{
    const struct cli_cmd *cmd = in->cmd;
    size_t n = in->options->n_operands;
    char title[CLI_TITLE];

    cli_title(cmd, title);
    if (n < (size_t)cmd->min_args)
        ERROR(err, ERR_USAGE, "'tare %s' needs %s", title, cmd->args);
    else if (cmd->max_args >= 0 && n > (size_t)cmd->max_args)
        ERROR(err, ERR_USAGE, "'tare %s' has no use for '%s'", title,
              in->options->operand[cmd->max_args]);
    else
        return 0;
    error_help(err, "usage: tare %s [OPTION...]%s%s", title,
               *cmd->args ? " " : "", cmd->args);
    return ERR_USAGE;
}

/* "tare run --" would run everything, which nobody means. */
static int check_command(const struct reader *in, struct error *err)
{
    const struct options *o = in->options;
    bool empty = o->dashes && cli_takes(in->cmd, OPT_COMMAND) &&
                 o->n_operands == o->n_before;

    for (size_t i = 0; i < o->commands.n; i++)
        empty |= o->commands.item[i][strspn(o->commands.item[i], " ")] == '\0';
    if (!empty)
        return 0;
    ERROR(err, ERR_USAGE, "the command is empty");
    return error_help(err, "write -c 'CMD ARG', or -- CMD ARG behind all "
                           "options");
}

static int check_format(const struct reader *in, struct error *err)
{
    const struct cli_cmd *cmd = in->cmd;
    const char *const *words = option(OPT_FORMAT)->words;
    struct strbuf able = {0};
    char title[CLI_TITLE];

    if (!in->options->given[OPT_FORMAT] ||
        (cmd->formats & FORMAT_BIT(in->options->format)))
        return 0;
    for (int i = 0; words[i]; i++)
        if (cmd->formats & FORMAT_BIT(i))
            strbuf_printf(&able, "%s%s", able.size ? ", " : "", words[i]);
    ERROR(err, ERR_USAGE, "'tare %s' does not write %s", cli_title(cmd, title),
          words[in->options->format]);
    error_help(err, "it writes: %s", strbuf_text(&able));
    strbuf_clear(&able);
    return ERR_USAGE;
}

static int check_counts(const struct reader *in, struct error *err)
{
    char title[CLI_TITLE];

    if (in->options->counts.n == 0 || in->cmd->compares_counts)
        return 0;
    ERROR(err, ERR_USAGE, "'tare %s' runs with one number of workers",
          cli_title(in->cmd, title));
    return error_help(err, "'tare scale' compares several");
}

int options_parse(struct options *options, const struct cli_cmd *cmd,
                  const struct cli_cmd *const *commands, int argc,
                  char *const *argv, struct error *err)
{
    struct reader in = {options, cmd, commands, argv, argc, 0};
    int rc = 0;

    while (rc == 0 && in.at < argc)
        rc = take_word(&in, err);
    if (rc == 0)
        rc = end_operands(&in, err);
    if (rc < 0 || options->help)
        return rc;
    rc = check_operands(&in, err);
    if (rc == 0)
        rc = check_counts(&in, err);
    if (rc == 0)
        rc = check_command(&in, err);
    return rc < 0 ? rc : check_format(&in, err);
}

void options_clear(struct options *options)
{
    arena_clear(&options->arena);
    *options = (struct options){0};
}
