/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that are told how many workers they have: {n}. */
#include <config.h>

#include "cli/scale.h"

#include <string.h>

#include "base/scope.h"
#include "base/strbuf.h"
#include "cli/command_cases.h"

static const char name[] = "n";
static const char braced[] = "{n}";

static bool mentions(const struct command_line *line)
{
    if (line->shell)
        return strstr(line->shell, braced) != NULL;
    for (size_t i = 0; i < line->argv.n; i++)
        if (strstr(line->argv.word[i], braced))
            return true;
    return false;
}

/* ---- the command line */

static int add_option(struct scaling *scaling, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct options *o = &scaling->session->cli->options;
    struct arena *arena = &scaling->session->arena;
    const char **all = arena_alloc(arena, o->params.n + 1, sizeof *all);
    const char *mine;

    for (size_t i = 0; i < o->params.n; i++)
        if (strncmp(o->params.item[i], "n=", 2) == 0) {
            ERROR(err, ERR_USAGE, "{n} is the number of workers here");
            return error_help(err, "give its values with -n 1,2,4");
        }
    for (size_t c = 0; c < scaling->settings.n_counts; c++)
        strbuf_printf(&text, "%s%d", c ? "," : "n=", scaling->n[c]);
    mine = text.failed ? NULL : arena_strdup(arena, strbuf_text(&text));
    if (!all || !mine)
        return ERROR(err, ERR_NOMEM, "no memory for a parameter");
    if (o->params.n)
        memcpy(all, o->params.item, o->params.n * sizeof *all);
    all[o->params.n] = mine;
    o->params.item = all;
    o->params.n++;
    return 0;
}

/* ---- tare.yaml */

/* Last, so that it varies fastest: the counts of a series stand together. */
static int add_param(struct scaling *scaling, struct command *command,
                     const struct words *values, struct error *err)
{
    struct params *params = &command->params;
    struct param *all =
        arena_alloc(&scaling->session->arena, params->n + 1, sizeof *all);
    size_t n = 0;

    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory for a parameter");
    for (size_t i = 0; i < params->n; i++)
        if (strcmp(params->param[i].name, name) != 0)
            all[n++] = params->param[i];
    all[n++] = (struct param){.name = name, .values = *values};
    *params = (struct params){.param = all, .n = n};
    return 0;
}

static int count_words(struct scaling *scaling, struct words *out,
                       struct error *err)
{
    struct arena *arena = &scaling->session->arena;
    const char **word =
        arena_alloc(arena, scaling->settings.n_counts, sizeof *word);

    if (!word)
        return ERROR(err, ERR_NOMEM, "no memory for a parameter");
    for (size_t c = 0; c < scaling->settings.n_counts; c++) {
        word[c] = arena_printf(arena, "%d", scaling->n[c]);
        if (!word[c])
            return ERROR(err, ERR_NOMEM, "no memory for a parameter");
    }
    *out = (struct words){.word = word, .n = scaling->settings.n_counts};
    return 0;
}

int scale_add_counts(struct scaling *scaling, struct error *err)
{
    struct suite *suite = scaling->session->suite;
    struct words values;
    int rc = count_words(scaling, &values, err);

    if (rc == 0 && commands_given(&scaling->session->cli->options))
        return add_option(scaling, err);
    for (size_t i = 0; i < suite->n_commands && rc == 0; i++)
        if (suite->command[i].kind == COMMAND_BENCHMARK &&
            mentions(&suite->command[i].run))
            rc = add_param(scaling, &suite->command[i], &values, err);
    return rc;
}

/* ---- series */

bool scale_takes_count(const struct command_case *c)
{
    const struct params *params = &c->command->params;

    return params->n && strcmp(params->param[params->n - 1].name, name) == 0 &&
           !c->recipe.is_test;
}

/* Which combination of the other parameters. */
static size_t combination(const struct scaling *scaling,
                          const struct command_case *first)
{
    const struct command_case *all = scaling->session->command;
    size_t before = 0;

    while (all + before < first && all[before].command != first->command)
        before++;
    return (size_t)(first - (all + before)) / scaling->n_base;
}

int scale_command_id(struct scaling *scaling, const struct command_case *first,
                     const char **out, struct error *err)
{
    struct session *session = scaling->session;
    struct commands_plan plan =
        command_cases_plan(session, commands_given(&session->cli->options));
    static const char *const itself[] = {braced};
    struct words values = {.word = (const char **)itself, .n = 1};
    struct command copy = *first->command;
    struct command_case *cases;
    size_t n;
    int rc = add_param(scaling, &copy, &values, err);

    copy.baseline = "";
    if (rc == 0)
        rc = commands_expand(&copy, 1, &plan, &session->arena, &cases, &n, err);
    if (rc == 0)
        *out = cases[combination(scaling, first)].id;
    return rc;
}
