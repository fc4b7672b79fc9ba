/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold between the parts of a suite. */
#include <config.h>

#include <string.h>

#include "config/names.h"
#include "config/suite_schema.h"

enum { MAX_COMBINATIONS = 10000 }; /* of one command's parameters */

struct check {
    const struct reader *r;
    struct suite *suite;
    struct names tags;
    struct names fixtures;
    struct names commands;
    char *visited; /* per fixture: 0 new, 1 on the path, 2 done */
};

#define FAIL(c, code, at_, ...)                                           \
    ERROR_AT((c)->r->err, (code), (c)->r->file, (at_).line, (at_).column, \
             __VA_ARGS__)

/* ---- declared names */

static int undeclared(const struct check *c, const char *what,
                      const char *section, const char *name, struct place at,
                      const struct names *names)
{
    const char *near = names_nearest(names, name);

    FAIL(c, ERR_PARSE, at, "the %s '%.80s' is not declared", what, name);
    if (near)
        error_help(c->r->err, "did you mean '%s'?", near);
    else
        error_help(c->r->err, "declare it under '%s:'", section);
    return ERR_PARSE;
}

static int check_tags(const struct check *c, const struct words *tags)
{
    for (size_t i = 0; i < tags->n; i++)
        if (!names_have(&c->tags, tags->word[i]))
            return undeclared(c, "tag", "tags", tags->word[i], tags->at[i],
                              &c->tags);
    return 0;
}

static int check_fixtures(const struct check *c, const struct words *fixtures)
{
    for (size_t i = 0; i < fixtures->n; i++)
        if (!names_have(&c->fixtures, fixtures->word[i]))
            return undeclared(c, "fixture", "fixtures", fixtures->word[i],
                              fixtures->at[i], &c->fixtures);
    return 0;
}

/* ---- programs */

/* The last part of the path, without slashes behind it. */
static const char *last_part(struct arena *arena, const char *path)
{
    size_t end = strlen(path), start;

    while (end > 1 && path[end - 1] == '/')
        end--;
    start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    return arena_memdup(arena, path + start, end - start);
}

static int name_program(const struct check *c, struct program *p)
{
    if (p->name)
        return 0;
    p->name = last_part(&c->suite->arena, p->path);
    if (!p->name)
        return schema_no_memory(c->r);
    if (is_case_name(p->name))
        return 0;
    FAIL(c, ERR_PARSE, p->at, "'%.80s' cannot be the first part of an id",
         p->name);
    return error_help(c->r->err, "give the program a 'name:'");
}

static int check_programs(const struct check *c)
{
    struct suite *s = c->suite;
    const struct named *again;
    struct names names;
    int rc = 0;

    if (!names_init(&names, &s->arena, s->n_programs))
        return schema_no_memory(c->r);
    for (size_t i = 0; i < s->n_programs && rc == 0; i++) {
        struct program *p = &s->program[i];

        rc = name_program(c, p);
        if (rc == 0)
            rc = check_tags(c, &p->tags);
        if (rc == 0)
            rc = check_fixtures(c, &p->fixtures);
        if (rc == 0)
            names_add(&names, p->name, p->at);
    }
    if (rc < 0)
        return rc;
    names_sort(&names);
    again = names_duplicate(&names);
    if (!again)
        return 0;
    FAIL(c, ERR_PARSE, again->at,
         "two programs are called '%.80s'; the other stands at %u:%u",
         again->name, again[-1].at.line, again[-1].at.column);
    return error_help(c->r->err, "give one a 'name:' of its own");
}

/* ---- commands */

static int check_params(const struct check *c, const struct params *params)
{
    double n = 1;

    for (size_t i = 0; i < params->n; i++) {
        n *= (double)params->param[i].values.n;
        if (n > MAX_COMBINATIONS)
            return FAIL(c, ERR_RANGE, params->param[i].at,
                        "the parameters have more than %d combinations",
                        MAX_COMBINATIONS);
    }
    return 0;
}

static int check_reference(const struct check *c, const struct command *cmd)
{
    const char *near;

    if (*cmd->baseline == '\0')
        return 0;
    if (strcmp(cmd->baseline, cmd->name) == 0)
        return FAIL(c, ERR_PARSE, cmd->at,
                    "'%.80s' cannot be shown against itself", cmd->name);
    if (names_have(&c->commands, cmd->baseline))
        return 0;
    FAIL(c, ERR_PARSE, cmd->at, "baseline: there is no command '%.80s'",
         cmd->baseline);
    near = names_nearest(&c->commands, cmd->baseline);
    if (near)
        error_help(c->r->err, "did you mean '%s'?", near);
    return ERR_PARSE;
}

/* A benchmark runs alone and cannot be expected to fail. */
static int check_kind(const struct check *c, const struct command *cmd)
{
    const struct sharing *s = &cmd->sharing;
    const char *key = cmd->kind == COMMAND_TEST ? NULL
                      : *cmd->xfail             ? "xfail"
                      : s->slots != 1           ? "slots"
                      : s->exclusive            ? "exclusive"
                      : *s->group               ? "group"
                      : s->uses.n               ? "uses"
                                                : NULL;

    if (!key)
        return 0;
    FAIL(c, ERR_PARSE, cmd->at, "'%s' says nothing about a benchmark", key);
    return error_help(c->r->err, "leave it out, or add 'kind: test'");
}

static int check_commands(struct check *c)
{
    struct suite *s = c->suite;
    const struct named *again;
    int rc = 0;

    for (size_t i = 0; i < s->n_commands; i++)
        names_add(&c->commands, s->command[i].name, s->command[i].at);
    names_sort(&c->commands);
    again = names_duplicate(&c->commands);
    if (again)
        return FAIL(c, ERR_PARSE, again->at,
                    "the id '%.80s' was used before, at %u:%u", again->name,
                    again[-1].at.line, again[-1].at.column);
    for (size_t i = 0; i < s->n_commands && rc == 0; i++) {
        const struct command *cmd = &s->command[i];

        rc = check_tags(c, &cmd->tags);
        if (rc == 0)
            rc = check_fixtures(c, &cmd->fixtures);
        if (rc == 0)
            rc = check_params(c, &cmd->params);
        if (rc == 0)
            rc = check_reference(c, cmd);
        if (rc == 0)
            rc = check_kind(c, cmd);
    }
    return rc;
}

/* ---- fixtures */

/* How long a fixture lives, the longest first. */
static int life(enum fixture_scope scope)
{
    static const int rank[] = {
        [FIXTURE_SESSION] = 0, [FIXTURE_WORKER] = 1, [FIXTURE_PROGRAM] = 2,
        [FIXTURE_CASE] = 3,    [FIXTURE_BATCH] = 4,
    };

    return rank[scope];
}

/* Depth-first over needs; recursion is bounded by the number of fixtures. */
static int visit_fixture(struct check *c, size_t i)
{
    const struct fixture *f = &c->suite->fixture[i];
    int rc = 0;

    c->visited[i] = 1;
    for (size_t k = 0; k < f->needs.n && rc == 0; k++) {
        const struct fixture *other = suite_fixture(c->suite, f->needs.word[k]);
        size_t at = (size_t)(other - c->suite->fixture);

        if (life(other->scope) > life(f->scope))
            return FAIL(c, ERR_PARSE, f->needs.at[k],
                        "a fixture of scope '%s' cannot need '%s', whose scope "
                        "is '%s'",
                        fixture_scope_name(f->scope), other->name,
                        fixture_scope_name(other->scope));
        if (c->visited[at] == 1)
            return FAIL(c, ERR_PARSE, f->needs.at[k],
                        "the fixtures '%s' and '%s' need each other", f->name,
                        other->name);
        if (c->visited[at] == 0)
            rc = visit_fixture(c, at);
    }
    c->visited[i] = 2;
    return rc;
}

static int check_needs(struct check *c)
{
    struct suite *s = c->suite;
    int rc = 0;

    c->visited = arena_alloc(&s->arena, s->n_fixtures, 1);
    if (!c->visited)
        return schema_no_memory(c->r);
    for (size_t i = 0; i < s->n_fixtures && rc == 0; i++)
        rc = check_fixtures(c, &s->fixture[i].needs);
    for (size_t i = 0; i < s->n_fixtures && rc == 0; i++)
        if (c->visited[i] == 0)
            rc = visit_fixture(c, i);
    return rc;
}

/* ---- gate and alerts */

static int check_gate(const struct check *c)
{
    struct suite *s = c->suite;

    for (size_t i = 0; i < s->n_alerts; i++)
        if (s->alert[i].margin < 0)
            s->alert[i].margin = s->gate.margin;
    for (size_t i = 0; i < s->gate.n_tag_margins; i++) {
        const struct tag_margin *m = &s->gate.tag_margin[i];

        if (!names_have(&c->tags, m->tag))
            return undeclared(c, "tag", "tags", m->tag, m->at, &c->tags);
    }
    return 0;
}

int suite_check(const struct reader *r, struct suite *suite)
{
    struct check c = {.r = r, .suite = suite};
    int rc;

    if (!names_init(&c.tags, r->arena, suite->tags.n) ||
        !names_init(&c.fixtures, r->arena, suite->n_fixtures) ||
        !names_init(&c.commands, r->arena, suite->n_commands))
        return schema_no_memory(r);
    for (size_t i = 0; i < suite->tags.n; i++)
        names_add(&c.tags, suite->tags.tag[i].name, suite->tags.tag[i].at);
    for (size_t i = 0; i < suite->n_fixtures; i++)
        names_add(&c.fixtures, suite->fixture[i].name, suite->fixture[i].at);
    names_sort(&c.tags);
    names_sort(&c.fixtures);
    rc = check_programs(&c);
    if (rc == 0)
        rc = check_commands(&c);
    if (rc == 0)
        rc = check_needs(&c);
    return rc < 0 ? rc : check_gate(&c);
}
