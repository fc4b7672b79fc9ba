/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which programs and which of their cases a command is about. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/names.h"
#include "base/nearest.h"
#include "base/scope.h"
#include "base/strbuf.h"
#include "cli/command_cases.h"
#include "cli/foreign_cases.h"
#include "cli/session.h"
#include "config/select.h"
#include "runner/process/spawn.h"

/* Executions, with what goes before and after, that the orders of a plan may
 * come to. */
enum { COMMAND_STEPS = 1000 };

static const char *join_words(struct arena *arena, const struct words *words)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    for (size_t i = 0; i < words->n; i++) {
        if (i)
            strbuf_putc(&out, ',');
        strbuf_puts(&out, words->word[i]);
    }
    return out.failed ? NULL : arena_strdup(arena, strbuf_text(&out));
}

/* "./a/b" and "a/b" are the same to a user. */
static const char *plain(const char *path)
{
    while (strncmp(path, "./", 2) == 0)
        path += 2;
    return path;
}

static const struct program *in_suite(const struct suite *suite,
                                      struct session *session, const char *path)
{
    for (size_t i = 0; i < suite->n_programs; i++) {
        const char *theirs = session_path(session, suite->program[i].path);

        if (theirs && strcmp(plain(theirs), plain(path)) == 0)
            return &suite->program[i];
    }
    return NULL;
}

static char *const *command_of(struct arena *arena, const char *path,
                               const struct program *config)
{
    size_t n = config ? config->args.n : 0;
    const char **argv = arena_alloc(arena, n + 2, sizeof *argv);

    if (!argv)
        return NULL;
    /* Without a slash it would be looked for in PATH. */
    argv[0] = strchr(path, '/') ? path : arena_printf(arena, "./%s", path);
    for (size_t i = 0; i < n; i++)
        argv[1 + i] = config->args.word[i];
    return argv[0] ? (char *const *)argv : NULL;
}

static char *const *environment_of(struct arena *arena,
                                   const struct program *config)
{
    size_t n = config ? config->env.n : 0;
    char **env = arena_alloc(arena, n + 1, sizeof *env);

    for (size_t i = 0; env && i < n; i++)
        env[i] = arena_printf(arena, "%s=%s", config->env.setting[i].name,
                              config->env.setting[i].value);
    return env;
}

/* The user may have meant a command line, or a suite. */
static int help_missing(struct session *session, const char *path,
                        struct error *err)
{
    const struct cli_cmd *cmd = session->cli->cmd;
    size_t size = strlen(path);
    const char *found;
    struct error ignored = {0};
    bool line =
        strchr(path, ' ') || spawn_search(path, getenv("PATH"), &session->arena,
                                          &found, &ignored) == 0;

    if (size > 5 && strcmp(path + size - 5, ".yaml") == 0 &&
        cli_takes(cmd, OPT_FILE))
        return error_help(err, "a suite is named with -f %s", path);
    if (line && cli_takes(cmd, OPT_COMMAND))
        return error_help(err, "a command line is measured with -c '%s'", path);
    if (line && cli_takes(cmd, OPT_OLD))
        return error_help(err,
                          "command lines are compared with --old '%s' "
                          "--new CMD",
                          path);
    return error_help(err, "build it first, or name another");
}

static int missing(struct session *session, const char *path,
                   const struct program *config, struct error *err)
{
    const char *what =
        file_exists(path) ? "is not an executable file" : "is not there";

    if (config) {
        SUITE_ERROR(err, session->suite, config->at, "program '%s' %s",
                    config->path, what);
        error_help(err, "build it first, or name another");
        return ERR_PARSE;
    }
    ERROR(err, ERR_USAGE, "program '%s' %s", path, what);
    help_missing(session, path, err);
    return ERR_USAGE;
}

static int add_program(struct session *session, const char *path,
                       const struct program *config, struct error *err)
{
    struct arena *arena = &session->arena;
    struct catalog_program *p = &session->program[session->n_programs];
    const char *slash = strrchr(path, '/');

    if (!file_is_executable(path))
        return missing(session, path, config, err);
    *p = (struct catalog_program){
        .name = config  ? config->name
                : slash ? slash + 1
                        : path,
        .label = path,
        .argv = command_of(arena, path, config),
        .env = environment_of(arena, config),
        .cwd = config && config->cwd[0] ? session_path(session, config->cwd)
                                        : NULL,
        .tags = config ? join_words(arena, &config->tags) : "",
    };
    if (!p->argv || !p->env || !p->tags)
        return ERROR(err, ERR_NOMEM, "no memory for a program");
    session->config[session->n_programs++] = config;
    return 0;
}

static int room_for(struct session *session, size_t n, struct error *err)
{
    session->program =
        arena_alloc(&session->arena, n, sizeof *session->program);
    session->config = arena_alloc(&session->arena, n, sizeof *session->config);
    session->n_programs = session->n_foreign = 0;
    if (!session->program || !session->config)
        return ERROR(err, ERR_NOMEM, "no memory for %zu programs", n);
    return 0;
}

static int add_any(struct session *session, const char *path,
                   const struct program *config, struct error *err)
{
    if (!path)
        return ERROR(err, ERR_NOMEM, "no memory for a path");
    return config && config->kind != PROGRAM_TARE
               ? foreign_add(session, config, path, err)
               : add_program(session, path, config, err);
}

static int suite_programs(struct session *session, struct error *err)
{
    const struct suite *suite = session->suite;
    int rc = room_for(session, suite->n_programs, err);

    for (size_t i = 0; i < suite->n_programs && rc == 0; i++) {
        const struct program *config = &suite->program[i];

        rc = add_any(session, session_path(session, config->path), config, err);
    }
    if (rc == 0 && session->n_programs == 0 && session->n_foreign == 0 &&
        suite->n_commands == 0) {
        rc = ERROR(err, ERR_EMPTY, "%s",
                   session->suite_file ? "tare.yaml names no program and no "
                                         "command"
                                       : "no program given and no tare.yaml "
                                         "found here or above");
        error_help(err, "name a program that links libtare: tare %s PROGRAM%s",
                   session->cli->cmd->name,
                   cli_takes(session->cli->cmd, OPT_COMMAND)
                       ? "; or a command: -- CMD ARG"
                       : "");
    }
    return rc;
}

/* --kind goes before what tare.yaml says. */
static int add_named(struct session *session, const char *path,
                     struct error *err)
{
    const struct options *o = &session->cli->options;
    const struct program *config = in_suite(session->suite, session, path);

    if (o->given[OPT_KIND] && o->kind == PROGRAM_TARE) {
        config = config && config->kind == PROGRAM_TARE ? config : NULL;
    } else if (o->given[OPT_KIND] &&
               !(config && (int)config->kind == o->kind)) {
        config =
            foreign_named((enum program_kind)o->kind, path, &session->arena);
        if (!config)
            return ERROR(err, ERR_NOMEM, "no memory for a program");
    }
    return add_any(session, path, config, err);
}

static int check_kind(const struct options *o, size_t named, struct error *err)
{
    if (!o->given[OPT_KIND] || named)
        return 0;
    ERROR(err, ERR_USAGE, "--kind is of programs that are named here");
    return error_help(err, "name one, or write 'kind:' in tare.yaml");
}

int session_programs(struct session *session, const char *const *path, size_t n,
                     struct error *err)
{
    int rc = check_kind(&session->cli->options, n, err);

    session->programs_named = n > 0;
    if (rc < 0)
        return rc;
    if (n == 0 && commands_given(&session->cli->options))
        return room_for(session, 0, err);
    if (n == 0)
        return suite_programs(session, err);
    rc = room_for(session, n, err);
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = add_named(session, path[i], err);
    return rc;
}

/* A tag that a program uses must be declared where tags are declared. */
static int check_tags(const struct session *session, struct error *err)
{
    const struct suite *suite = session->suite;

    for (size_t i = 0; i < session->catalog.n && suite->tags.n; i++) {
        const struct catalog_case *c = &session->catalog.item[i];
        const char *at = c->tags, *tag;
        struct nearest nearest;
        size_t n;

        while ((tag = names_next(&at, &n))) {
            char word[256];

            snprintf(word, sizeof word, "%.*s", (int)n, tag);
            if (!suite_tag(suite, word)) {
                nearest = (struct nearest){.word = word};
                for (size_t k = 0; k < suite->tags.n; k++)
                    nearest_try(&nearest, suite->tags.tag[k].name);
                ERROR_AT(err, ERR_PARSE, c->said.file, c->said.line, 0,
                         "'%s' has the tag '%s', which %s does not declare",
                         c->id, word, suite->file);
                if (nearest_found(&nearest))
                    error_help(err, "did you mean '%s'?",
                               nearest_found(&nearest));
                else
                    error_help(err, "declare it under tags:");
                return ERR_PARSE;
            }
        }
    }
    return 0;
}

static int nothing_selected(const struct session *session, enum case_kind kind,
                            struct error *err)
{
    const struct options *o = &session->cli->options;
    const char *what = kind == CASE_TEST    ? "test"
                       : kind == CASE_BENCH ? "benchmark"
                                            : "test or benchmark";
    struct nearest nearest = {.word = o->ids.n ? o->ids.item[0] : ""};
    size_t there = 0;

    for (size_t i = 0; i < session->catalog.n; i++) {
        const struct catalog_case *c = &session->catalog.item[i];

        if (kind == CASE_KIND_UNSET || c->said.kind == kind) {
            there++;
            nearest_try(&nearest, c->id);
        }
    }
    if (there == 0)
        return ERROR(err, ERR_EMPTY, "there is no %s", what);
    ERROR(err, ERR_EMPTY, "no %s is selected; there are %zu", what, there);
    if (o->ids.n && nearest_found(&nearest))
        error_help(err, "did you mean -k '%s'?", nearest_found(&nearest));
    else if (o->ids.n && !strpbrk(o->ids.item[0], "*?["))
        error_help(err, "'tare list' shows the ids; a part of one is -k '*%s*'",
                   o->ids.item[0]);
    else
        error_help(err, "'tare list' shows ids and tags");
    return ERR_EMPTY;
}

/* Only those of the catalog that -k and -m select. */
static int session_select(struct session *session, enum case_kind kind,
                          struct error *err)
{
    const struct options *options = &session->cli->options;
    const struct tags *declared = &session->suite->tags;
    struct selection selection = {.glob = options->ids.item,
                                  .n_globs = options->ids.n};
    int rc = 0;

    if (options->tags)
        rc = tag_expr_parse(
            &session->arena, "-m", options->tags, strlen(options->tags),
            declared->n ? declared : NULL, &session->tag_expr, err);
    if (rc < 0)
        return rc;
    selection.expr = session->tag_expr;
    session->n_selected = 0;
    session->selected = arena_alloc(&session->arena, session->catalog.n,
                                    sizeof *session->selected);
    if (!session->selected)
        return ERROR(err, ERR_NOMEM, "no memory for a selection");
    for (size_t i = 0; i < session->catalog.n; i++) {
        const struct catalog_case *c = &session->catalog.item[i];

        if ((kind == CASE_KIND_UNSET || c->said.kind == kind) &&
            selection_has(&selection, c->id, c->tags))
            session->selected[session->n_selected++] = i;
    }
    return session->n_selected ? 0 : nothing_selected(session, kind, err);
}

int session_list(struct session *session, enum case_kind kind,
                 struct error *err)
{
    struct watch watch = {.stop_fd = session->stop_fd};
    int rc = 0;

    if (session->n_programs)
        rc = catalog_list(session->cli->guardian, NULL, session->program,
                          session->n_programs, &watch, &session->catalog, err);
    if (rc == 0)
        rc = check_tags(session, err);
    if (rc == 0)
        rc = command_cases_add(session, kind, err);
    return rc < 0 ? rc : session_select(session, kind, err);
}

/* The worker keeps the limit of each execution; this one is for the worker. */
static struct subject *command_subject(const struct command_case *command,
                                       const struct catalog_program *p,
                                       struct subject *s)
{
    if (s)
        *s = (struct subject){
            .id = command->id,
            .name = command->recipe.name,
            .program = command->label,
            .argv = p->argv,
            .env = p->env,
            .threads = (size_t)command->threads,
            .timeout_ns = command->recipe.timeout_ns * COMMAND_STEPS,
            .executes = true,
        };
    return s;
}

struct subject *session_subject(struct session *session,
                                const struct catalog_case *c)
{
    const struct catalog_program *p = &session->program[c->program];
    const struct options *options = &session->cli->options;
    const struct program *config = session->config[c->program];
    const struct command_case *command = command_case_of(session, c);
    struct subject *s = arena_alloc(&session->arena, 1, sizeof *s);
    int64_t timeout = session->suite->measure.timeout;

    if (command)
        return command_subject(command, p, s);
    if (config && config->timeout > 0)
        timeout = config->timeout;
    if (options->given[OPT_TIMEOUT])
        timeout = options->timeout_ns;
    if (s)
        *s = (struct subject){
            .id = c->id,
            .name = c->said.name,
            .program = p->label,
            .argv = p->argv,
            .env = p->env,
            .cwd = p->cwd,
            .timeout_ns = timeout,
            .threads = (size_t)c->said.threads,
        };
    return s;
}

int session_fingerprint(struct session *session, const struct catalog_case *c,
                        char hash[HASH_HEX], struct error *err)
{
    const struct command_case *command = command_case_of(session, c);

    if (command)
        return command_hash(session, &command->recipe, hash, err);
    return programs_fingerprint(
        session->kept, session->program[c->program].argv[0], hash, err);
}

const char *session_label(const struct session *session,
                          const struct catalog_case *c)
{
    const struct command_case *command = command_case_of(session, c);

    return command ? command->label : session->program[c->program].label;
}

size_t session_n_hosts(const struct session *session)
{
    return session->n_programs + session->n_command_hosts;
}

const struct sharing *session_sharing(const struct session *session,
                                      const struct catalog_case *c)
{
    const struct command_case *command = command_case_of(session, c);
    const struct program *config = session->config[c->program];

    return command  ? &command->command->sharing
           : config ? &config->sharing
                    : NULL;
}
