/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare debug: one case alone, on the terminal, under a debugger or a profiler
 * if one is given. */
#include <config.h>

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/nearest.h"
#include "base/scope.h"
#include "cli/command_cases.h"
#include "cli/commands.h"
#include "cli/fixtures.h"
#include "cli/session.h"
#include "runner/process/slot.h"

extern char **environ;

enum { PROFILE_SECONDS = 5 };

/* What is started. */
struct debugged {
    struct recipe_words words;
    const char *cwd;             /* NULL: here */
    char *const *env;            /* complete */
    const struct recipe *recipe; /* NULL: it is no command */
};

/* ---- which case */

static int no_case(const struct session *session, const char *id,
                   struct error *err)
{
    struct nearest nearest = {.word = id};

    for (size_t i = 0; i < session->catalog.n; i++) {
        const char *name = strchr(session->catalog.item[i].id, '/');

        nearest_try(&nearest, session->catalog.item[i].id);
        if (name && strcmp(name + 1, id) == 0)
            nearest.best = session->catalog.item[i].id, nearest.distance = 0;
    }
    ERROR(err, ERR_EMPTY, "there is no case '%s'", id);
    for (size_t i = 0; i < session->catalog.n; i++)
        if (strncmp(session->catalog.item[i].id, id, strlen(id)) == 0 &&
            session->catalog.item[i].id[strlen(id)] == '[')
            return error_help(err, "it has parameters: '%s'",
                              session->catalog.item[i].id);
    if (nearest_found(&nearest))
        return error_help(err, "did you mean '%s'?", nearest_found(&nearest));
    return error_help(err, "'tare list' shows the ids");
}

/* Of what session_list() selected, the one with this id, or the only one. */
static int find_case(struct session *session, const char *id,
                     const struct catalog_case **out, struct error *err)
{
    *out = catalog_find(&session->catalog, id);
    return *out ? 0 : no_case(session, id, err);
}

/* ---- what to execute */

static bool add_all(struct arena *arena, struct recipe_words *out,
                    char *const *words)
{
    for (; words && *words; words++)
        if (!recipe_words_add(arena, out, *words))
            return false;
    return true;
}

/* The program measures or tests by itself, in its own process, and only this
 * case. */
static bool program_words(struct session *session, const struct catalog_case *c,
                          struct recipe_words *out)
{
    struct arena *arena = &session->arena;
    const struct options *o = &session->cli->options;
    int64_t seconds =
        o->given[OPT_BUDGET] ? o->budget_ns / 1000000000 : PROFILE_SECONDS;
    bool good = add_all(arena, out, session->program[c->program].argv) &&
                recipe_words_add(arena, out, "--no-fork") &&
                recipe_words_add(arena, out, "--run") &&
                recipe_words_add(arena, out, c->said.name);

    if (good && c->said.kind == CASE_BENCH)
        good = recipe_words_add(arena, out, "--seconds") &&
               recipe_words_add(
                   arena, out,
                   arena_printf(arena, "%" PRId64, seconds > 0 ? seconds : 1));
    return good;
}

/* The terminal is the debugger's, so what is to be read instead of it is
 * opened behind the debugger. */
static const char *input_of(struct session *session, const struct slot *slot,
                            const struct stream *in, struct error *err)
{
    const char *path;

    if (in->kind == STREAM_FILE)
        return in->text;
    path = arena_printf(&session->arena, "%s/stdin", slot->folder);
    if (path && file_write_atomic(path, in->text, strlen(in->text), err) == 0)
        return path;
    return NULL;
}

static int command_words_of(struct session *session, const struct slot *slot,
                            const struct recipe *recipe,
                            struct recipe_words *out, struct error *err)
{
    struct arena *arena = &session->arena;
    const char *input = NULL;
    bool good = true;

    if (recipe->in.kind == STREAM_FILE || recipe->in.kind == STREAM_TEXT) {
        input = input_of(session, slot, &recipe->in, err);
        if (!input)
            return ERR_SYS;
        good = recipe_words_add(arena, out, "/bin/sh") &&
               recipe_words_add(arena, out, "-c") &&
               recipe_words_add(arena, out, "exec \"$@\" <\"$0\"") &&
               recipe_words_add(arena, out, input);
    }
    good = good && add_all(arena, out, (char *const *)recipe->run.word);
    return good ? 0 : ERROR(err, ERR_NOMEM, "no memory for a command");
}

/* "gdb --args" is for a shell, so that it can be quoted; the case's words stay
 * as they are. */
static bool wrap(struct session *session, struct recipe_words *words)
{
    struct arena *arena = &session->arena;
    const char *with = session->cli->options.with;
    struct recipe_words all = {.n = 0};
    bool good;

    if (!with)
        return true;
    good = recipe_words_add(arena, &all, "/bin/sh") &&
           recipe_words_add(arena, &all, "-c") &&
           recipe_words_add(arena, &all,
                            arena_printf(arena, "exec %s \"$@\"", with)) &&
           recipe_words_add(arena, &all, "sh") &&
           add_all(arena, &all, (char *const *)words->word);
    *words = all;
    return good;
}

static int describe(struct session *session, const struct catalog_case *c,
                    struct slot *slot, char *const *fixtures,
                    struct debugged *out, struct error *err)
{
    struct arena *arena = &session->arena;
    const struct command_case *command = command_case_of(session, c);
    const struct catalog_program *p = &session->program[c->program];
    char *const *own =
        command ? (char *const *)command->recipe.env.word : p->env;
    bool good = true;
    int rc = 0;

    *out = (struct debugged){.cwd = p->cwd,
                             .recipe = command ? &command->recipe : NULL};
    own = environment_join(own, fixtures, arena);
    out->env = slot_environment(slot, environ, own, session->seed, arena);
    if (command && *command->recipe.cwd)
        out->cwd = command->recipe.cwd;
    if (command)
        rc =
            command_words_of(session, slot, &command->recipe, &out->words, err);
    else
        good = program_words(session, c, &out->words);
    if (rc < 0)
        return rc;
    if (!good || !own || !out->env || !wrap(session, &out->words))
        return ERROR(err, ERR_NOMEM, "no memory for a command");
    return 0;
}

/* ---- executing */

static void bind_to(const int *cpu, size_t n)
{
    unsigned long bits[SPAWN_CPUS_MAX / (8 * sizeof(unsigned long))] = {0};
    cpu_set_t *set = (cpu_set_t *)bits;

    for (size_t i = 0; i < n; i++)
        CPU_SET_S((size_t)cpu[i], sizeof bits, set);
    if (n)
        sched_setaffinity(0, sizeof bits, set);
}

__attribute__((noreturn)) static void become(const struct session *session,
                                             const struct debugged *d,
                                             const struct recipe_words *words)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    bind_to(session->cpu, session->n_cpus);
    if (d->cwd && chdir(d->cwd) < 0) {
        fprintf(stderr, "tare: error: cannot enter '%s': %s\n", d->cwd,
                strerror(errno));
        _exit(127);
    }
    environ = (char **)d->env; /* its own PATH is the one to search */
    execvp(words->word[0], (char *const *)words->word);
    fprintf(stderr, "tare: error: cannot run '%s': %s\n", words->word[0],
            strerror(errno));
    _exit(127);
}

/* Wait for it on the terminal, in our own process group: what the user types,
 * Ctrl-C included, is for the debugger. */
static int run_words(const struct session *session, const struct debugged *d,
                     const struct recipe_words *words, int *status,
                     struct error *err)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction interrupt, quit;
    pid_t pid;

    fflush(NULL);
    sigaction(SIGINT, &ignore, &interrupt);
    sigaction(SIGQUIT, &ignore, &quit);
    pid = fork();
    if (pid == 0)
        become(session, d, words);
    while (pid > 0 && waitpid(pid, status, 0) < 0 && errno == EINTR)
        continue;
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    return pid < 0 ? ERROR(err, ERR_SYS, "cannot start a process") : 0;
}

static enum cli_exit status_of(const struct debugged *d, int status)
{
    int wanted = d->recipe ? (int)d->recipe->expect.exit : 0;

    if (WIFSIGNALED(status)) {
        fprintf(stderr, "ended by signal %d (%s)\n", WTERMSIG(status),
                strsignal(WTERMSIG(status)));
        return d->recipe && d->recipe->expect.signal == WTERMSIG(status)
                   ? CLI_OK
                   : CLI_UNMEASURED;
    }
    if (WEXITSTATUS(status) == wanted)
        return CLI_OK;
    fprintf(stderr, "ended with exit status %d, not %d\n", WEXITSTATUS(status),
            wanted);
    return WEXITSTATUS(status) == CLI_REGRESSED ? CLI_REGRESSED
                                                : CLI_UNMEASURED;
}

/* What a recipe prepares comes before, what it cleans up in any case after. */
static int execute(const struct session *session, const struct debugged *d,
                   struct error *err)
{
    const struct recipe *r = d->recipe;
    int status = 0, after = 0, rc = 0;

    if (r && r->before.n)
        rc = run_words(session, d, &r->before, &status, err);
    if (rc == 0 && status == 0)
        rc = run_words(session, d, &d->words, &status, err);
    if (rc == 0 && r && r->after.n)
        rc = run_words(session, d, &r->after, &after, err);
    return rc < 0 ? rc : (int)status_of(d, status);
}

/* ---- in its fixtures */

static int debug_in(struct session *session, const struct catalog_case *c,
                    struct slot *slot, struct error *err)
{
    struct fixture_set *set = NULL;
    struct debugged d;
    int rc = session_fixtures_enter(session, c, &set, err);

    if (rc == 0)
        rc = describe(session, c, slot, set ? fixture_set_env(set) : NULL, &d,
                      err);
    if (rc == 0)
        rc = execute(session, &d, err);
    fixture_set_leave(set);
    session_fixtures_end(session, NULL);
    return rc;
}

static int debug(struct session *session, struct error *err)
{
    const struct catalog_case *c;
    struct slot_options options = {
        .worker = "w0",
        .workers = 1,
        .port_base =
            guardian_ports(session->cli->guardian, ports_of_worker(0, 0)),
        .tmpdir = getenv("TMPDIR")};
    struct slot *slot = NULL;
    int rc = find_case(session, session->cli->options.operand[0], &c, err);

    if (rc < 0)
        return rc;
    session->selected[0] = (size_t)(c - session->catalog.item);
    session->n_selected = 1;
    rc = session_place(session, err);
    options.cpus = session->cpu;
    options.n_cpus = session->n_cpus;
    if (rc == 0)
        rc = slot_open(session->cli->guardian, &options, &slot, err);
    if (rc == 0)
        rc = debug_in(session, c, slot, err);
    slot_close(slot);
    return rc;
}

static int run(struct cli *cli, struct error *err)
{
    struct session session;
    int rc = session_open(&session, cli, err);

    /* The program of the id is named behind it, or the suite knows it. */
    if (rc == 0)
        rc = session_programs(&session, cli->options.operand + 1,
                              cli->options.n_operands - 1, err);
    if (rc == 0)
        rc = session_list(&session, CASE_KIND_UNSET, err);
    if (rc == 0)
        rc = debug(&session, err);
    session_close(&session);
    return rc;
}

static const enum opt_id options[] = {
    OPT_KIND, OPT_WITH, OPT_BUDGET,        OPT_BIND,
    OPT_SEED, OPT_FILE, OPT_OVERSUBSCRIBE, OPT_END,
};

static const char *const examples[] = {
    "tare debug sort/qsort[n=1000] build/sort --with 'gdb --args'",
    "tare debug shop/checkout --with 'perf record -g'",
    NULL,
};

const struct cli_cmd cli_cmd_debug = {
    .name = "debug",
    .args = "ID [PROGRAM...]",
    .summary = "Run one case alone, under a debugger or profiler",
    .group = CLI_TESTS,
    .min_args = 1,
    .max_args = -1,
    .options = options,
    .examples = examples,
    .needs_guardian = true,
    .run = run,
};
