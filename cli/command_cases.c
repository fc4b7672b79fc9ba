/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From options and tare.yaml to commands in the catalog. */
#include <config.h>

#include "cli/command_cases.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "adapt/command_worker.h"
#include "adapt/fingerprint.h"
#include "base/file.h"
#include "base/scope.h"
#include "cli/foreign_cases.h"

bool commands_given(const struct options *options)
{
    return options->commands.n || options->new_command ||
           options->n_operands > options->n_before;
}

char *const *command_worker_argv(void)
{
    static char self[] = "/proc/self/exe";
    static char *const argv[] = {self, NULL};

    return argv;
}

/* ---- -c, -- and -P */

static int add_value(struct session *session, struct words *values,
                     const char *text, size_t size)
{
    struct arena *arena = &session->arena;
    const char **all = arena_grow(arena, values->word, values->n, sizeof *all);
    const char *copy = arena_memdup(arena, text, size);

    if (!all || !copy)
        return ERR_NOMEM;
    values->word = all;
    all[values->n++] = copy;
    return 0;
}

/* "NAME=A,B,C". */
static int read_param(struct session *session, const char *text,
                      struct param *out, struct error *err)
{
    size_t n = strcspn(text, "=");
    const char *at = text + n + 1;

    if (n == 0 || !text[n] || !*at) {
        ERROR(err, ERR_USAGE, "-P '%s' is no NAME=A,B", text);
        return error_help(err, "give values: -P threads=1,2,4");
    }
    *out = (struct param){.name = arena_memdup(&session->arena, text, n)};
    for (;;) {
        size_t size = strcspn(at, ",");

        if (!out->name || add_value(session, &out->values, at, size) < 0)
            return ERROR(err, ERR_NOMEM, "no memory for a parameter");
        at += size;
        if (!*at++)
            return 0;
    }
}

static int read_params(struct session *session, struct params *out,
                       struct error *err)
{
    const struct string_list *given = &session->cli->options.params;
    int rc = 0;

    out->param = arena_alloc(&session->arena, given->n, sizeof *out->param);
    if (!out->param)
        return ERROR(err, ERR_NOMEM, "no memory for parameters");
    for (size_t i = 0; i < given->n && rc == 0; i++) {
        rc = read_param(session, given->item[i], &out->param[i], err);
        for (size_t k = 0; k < i && rc == 0; k++)
            if (strcmp(out->param[k].name, out->param[i].name) == 0)
                rc = ERROR(err, ERR_USAGE, "parameter '%s' is given twice",
                           out->param[i].name);
        out->n = i + 1;
    }
    return rc;
}

/* Only the parameters that a command's words mention; with others every
 * combination would be the same command. */
static bool mentions(const struct command_line *line, const char *name)
{
    char braced[80];

    snprintf(braced, sizeof braced, "{%.70s}", name);
    if (line->shell)
        return strstr(line->shell, braced);
    for (size_t i = 0; i < line->argv.n; i++)
        if (strstr(line->argv.word[i], braced))
            return true;
    return false;
}

static int bind_params(struct session *session, const struct params *all,
                       struct command *c, bool *used, struct error *err)
{
    c->params.param =
        arena_alloc(&session->arena, all->n, sizeof *c->params.param);
    if (!c->params.param)
        return ERROR(err, ERR_NOMEM, "no memory for parameters");
    for (size_t i = 0; i < all->n; i++) {
        if (!mentions(&c->run, all->param[i].name))
            continue;
        c->params.param[c->params.n++] = all->param[i];
        used[i] = true;
    }
    return 0;
}

static struct command plain_command(const struct command_line *run)
{
    return (struct command){
        .name = "",
        .run = *run,
        .cwd = "",
        .timeout = -1,
        .baseline = "",
        .xfail = "",
        .sharing = {.slots = 1, .group = ""},
    };
}

struct command command_of_text(const char *text)
{
    return plain_command(&(struct command_line){.shell = text});
}

static int check_used(const struct params *params, const bool *used,
                      struct error *err)
{
    for (size_t i = 0; i < params->n; i++)
        if (!used[i]) {
            ERROR(err, ERR_USAGE, "no command mentions {%s}",
                  params->param[i].name);
            return error_help(err, "write {%s} where its value belongs",
                              params->param[i].name);
        }
    return 0;
}

/* The commands of -c, that of --new, that behind "--". */
static int read_given(struct session *session, struct command **out, size_t *n,
                      struct error *err)
{
    const struct options *o = &session->cli->options;
    struct arena *arena = &session->arena;
    struct command *all = arena_alloc(arena, o->commands.n + 2, sizeof *all);
    bool *used = arena_alloc(arena, o->params.n, sizeof *used);
    struct params params = {0};
    int rc = read_params(session, &params, err);

    if (rc < 0)
        return rc;
    if (!all || !used)
        return ERROR(err, ERR_NOMEM, "no memory for commands");
    *n = 0;
    for (size_t i = 0; i < o->commands.n; i++)
        all[(*n)++] = command_of_text(o->commands.item[i]);
    if (o->new_command)
        all[(*n)++] = command_of_text(o->new_command);
    if (o->n_operands > o->n_before)
        all[(*n)++] = plain_command(
            &(struct command_line){.argv = {.word = o->operand + o->n_before,
                                            .n = o->n_operands - o->n_before}});
    for (size_t i = 0; i < *n && rc == 0; i++)
        rc = bind_params(session, &params, &all[i], used, err);
    *out = all;
    return rc < 0 ? rc : check_used(&params, used, err);
}

/* ---- what workers read */

int command_folder_make(struct session *session, struct error *err)
{
    const char *root = getenv("TMPDIR");
    char path[PATH_MAX];
    const char *pattern =
        arena_printf(&session->arena, "%s/tare-commands-XXXXXX",
                     root && *root == '/' ? root : "/tmp");
    int rc;

    if (session->command_folder)
        return 0;
    rc = pattern
             ? guardian_make_folder(session->cli->guardian, pattern, path, err)
             : ERR_NOMEM;
    if (rc == 0)
        session->command_folder = arena_strdup(&session->arena, path);
    return rc == 0 && !session->command_folder
               ? ERROR(err, ERR_NOMEM, "no memory for a path")
               : rc;
}

int command_worker_env(struct session *session,
                       const struct recipe *const *recipe, size_t n,
                       char *const **out, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    char **env = arena_alloc(&session->arena, 2, sizeof *env);
    const char *path;
    int rc = command_folder_make(session, err);

    if (rc < 0)
        return rc;
    path = arena_printf(&session->arena, "%s/%zu", session->command_folder,
                        session->n_command_files++);
    for (size_t i = 0; i < n; i++)
        recipe_print(recipe[i], &text);
    if (!env || !path || text.failed)
        return ERROR(err, ERR_NOMEM, "no memory for commands");
    env[0] = arena_printf(&session->arena, COMMAND_WORKER_VARIABLE "=%s", path);
    if (!env[0])
        return ERROR(err, ERR_NOMEM, "no memory for commands");
    *out = env;
    return file_write_atomic(path, strbuf_text(&text), text.size, err);
}

/* ---- the catalog */

struct commands_plan command_cases_plan(const struct session *session,
                                        bool given)
{
    const struct suite *suite = session->suite;
    const struct options *o = &session->cli->options;

    return (struct commands_plan){
        .folder = given ? "" : suite->folder,
        .prefix = "c",
        .by_text = given,
        .benchmark_timeout_ns = suite->measure.timeout,
        .test_timeout_ns = suite->test.timeout,
        .override_ns = o->given[OPT_TIMEOUT] ? o->timeout_ns : 0,
    };
}

const char *words_join(struct arena *arena, const struct words *words)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    for (size_t i = 0; i < words->n; i++)
        strbuf_printf(&out, "%s%s", i ? "," : "", words->word[i]);
    return out.failed ? NULL : arena_strdup(arena, strbuf_text(&out));
}

static int append(struct session *session, const struct command_case *c,
                  struct error *err)
{
    struct catalog *catalog = &session->catalog;
    struct catalog_case *all =
        arena_grow(&catalog->arena, catalog->item, catalog->n, sizeof *all);
    const struct command *from = c->command;
    struct catalog_case one = {
        .id = c->id,
        .tags = c->tags,
        .baseline_id = c->baseline_id,
        .said = {.name = c->recipe.name,
                 .kind = c->recipe.is_test ? CASE_TEST : CASE_BENCH,
                 .tags = c->tags,
                 .fixtures = words_join(&session->arena, &from->fixtures),
                 .version = from->version,
                 .baseline = from->baseline,
                 .file = c->file         ? c->file
                         : from->at.line ? session->suite->file
                                         : "",
                 .line = c->file ? c->line : from->at.line,
                 .threads = c->threads,
                 .uses = "",
                 .group = "",
                 .session = ""}};

    if (!all || !one.said.fixtures)
        return ERROR(err, ERR_NOMEM, "no memory for commands");
    for (size_t i = 0; i < session->first_command; i++)
        if (strcmp(all[i].id, c->id) == 0)
            return SUITE_ERROR(err, session->suite, from->at,
                               "a program and a command both have a case '%s'",
                               c->id);
    catalog->item = all;
    all[catalog->n++] = one;
    return 0;
}

/* Commands with the same fixtures share a worker's process, and so its
 * environment.  Returns the index among the hosts, adding one where it is new;
 * SIZE_MAX when out of memory. */
static size_t host_of(struct session *session, const char *fixtures)
{
    struct command_host *all;

    for (size_t i = 0; i < session->n_command_hosts; i++)
        if (strcmp(session->command_host[i].fixtures, fixtures) == 0)
            return i;
    all = arena_grow(&session->arena, session->command_host,
                     session->n_command_hosts, sizeof *all);
    if (!all)
        return SIZE_MAX;
    session->command_host = all;
    all[session->n_command_hosts] = (struct command_host){.fixtures = fixtures};
    return session->n_command_hosts++;
}

static int assign_hosts(struct session *session, struct error *err)
{
    for (size_t i = 0; i < session->n_commands; i++) {
        struct catalog_case *c =
            &session->catalog.item[session->first_command + i];
        size_t host = host_of(session, c->said.fixtures);

        if (host == SIZE_MAX)
            return ERROR(err, ERR_NOMEM, "no memory for commands");
        c->program = session->n_programs + host;
    }
    return 0;
}

static int write_host(struct session *session, size_t host, struct error *err)
{
    const struct recipe **all =
        arena_alloc(&session->arena, session->n_commands, sizeof *all);
    struct catalog_program *p = &session->program[session->n_programs + host];
    size_t n = 0;

    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory for commands");
    for (size_t i = 0; i < session->n_commands; i++)
        if (session->catalog.item[session->first_command + i].program ==
            session->n_programs + host)
            all[n++] = &session->command[i].recipe;
    *p = (struct catalog_program){.name = "",
                                  .label = "commands",
                                  .argv = command_worker_argv(),
                                  .tags = ""};
    return command_worker_env(session, all, n, &p->env, err);
}

/* The hosts stand behind the programs. */
static int make_hosts(struct session *session, struct error *err)
{
    size_t n = session->n_programs, all;
    struct catalog_program *program;
    const struct program **config;
    int rc = assign_hosts(session, err);

    if (rc < 0)
        return rc;
    all = n + session->n_command_hosts;
    program = arena_alloc(&session->arena, all, sizeof *program);
    config = arena_alloc(&session->arena, all, sizeof *config);
    if (!program || !config)
        return ERROR(err, ERR_NOMEM, "no memory for commands");
    if (n) {
        memcpy(program, session->program, n * sizeof *program);
        memcpy(config, session->config, n * sizeof *config);
    }
    session->program = program;
    session->config = config;
    for (size_t i = 0; i < session->n_command_hosts && rc == 0; i++)
        rc = write_host(session, i, err);
    return rc;
}

int command_cases_add(struct session *session, enum case_kind kind,
                      struct error *err)
{
    const struct options *o = &session->cli->options;
    bool given = commands_given(o);
    struct commands_plan plan = command_cases_plan(session, given);
    struct command *list = session->suite->command;
    size_t n = session->suite->n_commands;
    int rc = 0;

    if (given)
        rc = read_given(session, &list, &n, err);
    else if (session->programs_named)
        n = 0;
    if (rc == 0)
        rc = commands_expand(list, n, &plan, &session->arena, &session->command,
                             &session->n_commands, err);
    if (rc == 0 && !given)
        rc = foreign_cases_add(session, kind, err);
    session->first_command = session->catalog.n;
    if (rc < 0 || session->n_commands == 0)
        return rc;
    for (size_t i = 0; i < session->n_commands && rc == 0; i++)
        rc = append(session, &session->command[i], err);
    return rc < 0 ? rc : make_hosts(session, err);
}

const struct command_case *command_case_of(const struct session *session,
                                           const struct catalog_case *c)
{
    size_t i = (size_t)(c - session->catalog.item);

    return i >= session->first_command &&
                   i - session->first_command < session->n_commands
               ? &session->command[i - session->first_command]
               : NULL;
}

int command_hash(struct session *session, const struct recipe *recipe,
                 char hex[HASH_HEX], struct error *err)
{
    const char *path = getenv("PATH");

    return command_fingerprint(session->kept, recipe, path ? path : "", hex,
                               err);
}
