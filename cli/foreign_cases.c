/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From programs of other harnesses to commands in the catalog. */
#include <config.h>

#include "cli/foreign_cases.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/scope.h"
#include "cli/command_cases.h"

extern char **environ;

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for the cases of a program");
}

/* ---- which programs */

static bool is_folder(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* What is wrong with a path for this kind, NULL when nothing is. */
static const char *flaw_of(enum program_kind kind, const char *path)
{
    if (!file_exists(path))
        return "is not there";
    if (kind == PROGRAM_PYTEST)
        return NULL;
    if (kind == PROGRAM_CTEST)
        return is_folder(path) ? NULL : "is not a build folder";
    if (kind == PROGRAM_TAP && is_folder(path))
        return NULL;
    return file_is_executable(path) ? NULL : "is not an executable file";
}

/* The last part of a path; of one that ends in dots, that of what it means. */
static const char *name_of(const char *path, struct arena *arena)
{
    SCOPED(free_scoped) char *full = NULL;
    size_t end = strlen(path), start;

    if (path[end - 1] == '.' && (full = realpath(path, NULL))) {
        path = full;
        end = strlen(path);
    }
    while (end > 1 && path[end - 1] == '/')
        end--;
    for (start = end; start > 0 && path[start - 1] != '/';)
        start--;
    return arena_memdup(arena, path + start, end - start);
}

const struct program *foreign_named(enum program_kind kind, const char *path,
                                    struct arena *arena)
{
    struct program *p = arena_alloc(arena, 1, sizeof *p);

    if (!p)
        return NULL;
    *p = (struct program){
        .name = *path ? name_of(path, arena) : "",
        .path = path,
        .kind = kind,
        .cwd = "",
        .timeout = -1,
        .sharing = {.slots = 1, .group = ""},
    };
    return p->name ? p : NULL;
}

int foreign_add(struct session *session, const struct program *config,
                const char *path, struct error *err)
{
    struct session_foreign *all = arena_grow(&session->arena, session->foreign,
                                             session->n_foreign, sizeof *all);
    const char *flaw = flaw_of(config->kind, path);

    if (!all)
        return no_memory(err);
    if (flaw) {
        if (config->at.line)
            SUITE_ERROR(err, session->suite, config->at, "program '%s' %s",
                        config->path, flaw);
        else
            ERROR(err, ERR_USAGE, "program '%s' %s", path, flaw);
        error_help(err, "build it first, or name another");
        return config->at.line ? ERR_PARSE : ERR_USAGE;
    }
    session->foreign = all;
    all[session->n_foreign++] =
        (struct session_foreign){.config = config, .path = path};
    return 0;
}

/* ---- asking */

static int64_t timeout_of(const struct session *session,
                          const struct program *config)
{
    if (config->timeout > 0)
        return config->timeout;
    return foreign_is_test(config->kind) ? session->suite->test.timeout
                                         : session->suite->measure.timeout;
}

static const char *under(struct arena *arena, const char *folder,
                         const char *path)
{
    if (path[0] == '/' || strcmp(folder, ".") == 0)
        return path;
    return *path ? arena_printf(arena, "%s/%s", folder, path) : folder;
}

/* Where it runs, and its path from there: as it is written where that is the
 * suite's folder, else the whole one. */
static bool place_of(struct session *session, const struct program *config,
                     const char *path, const char *folder,
                     struct foreign_program *out)
{
    struct arena *arena = &session->arena;
    const char *base = folder            ? folder
                       : config->at.line ? session->suite->folder
                                         : ".";
    const char *written = under(arena, base, config->path);
    SCOPED(free_scoped) char *full = NULL;

    out->path = path = folder ? written : path;
    out->cwd = under(arena, base, config->cwd);
    if (!written || !out->cwd || strcmp(out->cwd, ".") == 0 || !*out->cwd) {
        out->cwd = "";
        return written;
    }
    if (!config->cwd[0] && strcmp(path, written) == 0) {
        out->path = config->path;
        return true;
    }
    full = realpath(path, NULL);
    out->path = full ? arena_strdup(arena, full) : path;
    return out->path;
}

static int describe(struct session *session, const struct program *config,
                    const char *path, const char *folder,
                    struct foreign_program *out, struct error *err)
{
    struct arena *arena = &session->arena;
    const char *search = getenv("PATH");

    *out = (struct foreign_program){
        .kind = config->kind,
        .label = path,
        .timeout_ns = timeout_of(session, config),
        .folder = session->command_folder,
        .env = environ,
        .search = search ? search : "/usr/bin:/bin",
    };
    if (!place_of(session, config, path, folder, out))
        return no_memory(err);
    for (size_t i = 0; i < config->args.n; i++)
        if (!recipe_words_add(arena, &out->args, config->args.word[i]))
            return no_memory(err);
    for (size_t i = 0; i < config->env.n; i++) {
        const struct setting *s = &config->env.setting[i];

        if (strcmp(s->name, "PATH") == 0)
            out->search = s->value;
        if (!recipe_words_add(arena, &out->own,
                              arena_printf(arena, "%s=%s", s->name, s->value)))
            return no_memory(err);
    }
    return 0;
}

/* What went wrong is said where tare.yaml names the program. */
static int fail_at(const struct session *session, const struct program *config,
                   const struct error *why, struct error *err)
{
    if (!config->at.line || why->code == ERR_STOPPED ||
        why->code == ERR_NOMEM) {
        if (err)
            *err = *why;
        return why->code;
    }
    if (why->line)
        SUITE_ERROR(err, session->suite, config->at, "%s, line %u: %s",
                    why->file, why->line, why->text);
    else
        SUITE_ERROR(err, session->suite, config->at, "%s", why->text);
    if (why->help[0])
        error_help(err, "%s", why->help);
    return ERR_PARSE;
}

int foreign_list_at(struct session *session, const struct program *config,
                    const char *path, const char *folder,
                    struct foreign_list *out, struct error *err)
{
    struct watch watch = {.stop_fd = session->stop_fd};
    struct foreign_program program;
    struct error why = {0};
    int rc = command_folder_make(session, err);

    if (rc == 0)
        rc = describe(session, config, path, folder, &program, err);
    if (rc < 0)
        return rc;
    rc = foreign_cases(session->cli->guardian, &watch, &program,
                       &session->arena, out, &why);
    return rc < 0 ? fail_at(session, config, &why, err) : 0;
}

/* ---- as commands */

static bool is_declared(const struct suite *suite, const char *tag)
{
    return suite->tags.n == 0 || suite_tag(suite, tag);
}

/* The program's tags, then the case's own that the suite knows: what another
 * harness calls a label was not made for this suite. */
static bool add_tags(struct session *session, const struct program *config,
                     const char *own, struct words *out)
{
    struct arena *arena = &session->arena;
    const char **word =
        arena_alloc(arena, config->tags.n + strlen(own) / 2 + 1, sizeof *word);

    if (!word)
        return false;
    *out = (struct words){.word = word};
    for (size_t i = 0; i < config->tags.n; i++)
        word[out->n++] = config->tags.word[i];
    while (*own) {
        size_t n = strcspn(own, ",");
        const char *tag = arena_memdup(arena, own, n);
        bool there = false;

        if (!tag)
            return false;
        for (size_t i = 0; i < out->n; i++)
            there = there || strcmp(word[i], tag) == 0;
        if (!there && is_declared(session->suite, tag))
            word[out->n++] = tag;
        own += n + (own[n] == ',');
    }
    return true;
}

static bool add_uses(struct arena *arena, const struct words *first,
                     const char *own, struct words *out)
{
    const char **word =
        arena_alloc(arena, first->n + strlen(own) / 2 + 1, sizeof *word);

    if (!word)
        return false;
    *out = (struct words){.word = word};
    for (size_t i = 0; i < first->n; i++)
        word[out->n++] = first->word[i];
    while (*own) {
        size_t n = strcspn(own, ",");

        word[out->n] = arena_memdup(arena, own, n);
        if (!word[out->n++])
            return false;
        own += n + (own[n] == ',');
    }
    return true;
}

/* What a command of tare.yaml would say that executes the case. */
static struct command *command_like(struct session *session,
                                    const struct program *config,
                                    const struct foreign_case *c)
{
    struct command *command = arena_alloc(&session->arena, 1, sizeof *command);

    if (!command)
        return NULL;
    *command = (struct command){
        .name = config->name,
        .kind = c->recipe.is_test ? COMMAND_TEST : COMMAND_BENCHMARK,
        .cwd = "",
        .timeout = -1,
        .baseline = "",
        .xfail = "",
        .fixtures = config->fixtures,
        .sharing = config->sharing,
        .at = config->at,
    };
    if (c->slots > 1)
        command->sharing.slots = c->slots;
    command->sharing.exclusive |= c->exclusive;
    return add_tags(session, config, c->tags, &command->tags) &&
                   add_uses(&session->arena, &config->sharing.uses, c->uses,
                            &command->sharing.uses)
               ? command
               : NULL;
}

static int add_case(struct session *session, const struct program *config,
                    const struct foreign_case *c, struct error *err)
{
    struct arena *arena = &session->arena;
    const struct options *o = &session->cli->options;
    struct command_case *all =
        arena_grow(arena, session->command, session->n_commands, sizeof *all);
    struct command_case one = {
        .command = command_like(session, config, c),
        .program = config,
        .recipe = c->recipe,
        .file = *c->file ? c->file : NULL,
        .line = c->line,
        .threads = c->threads,
        .baseline_id = "",
        .label = command_label(&c->recipe.run, false, arena),
    };

    one.id = *c->name ? arena_printf(arena, "%s/%s", config->name, c->name)
                      : config->name;
    one.recipe.name = arena_printf(arena, "c%zu", session->n_commands);
    one.recipe.id = one.id;
    if (o->given[OPT_TIMEOUT])
        one.recipe.timeout_ns = o->timeout_ns;
    if (!all || !one.command || !one.label || !one.id || !one.recipe.name)
        return no_memory(err);
    one.tags = words_join(arena, &one.command->tags);
    if (!one.tags)
        return no_memory(err);
    session->command = all;
    all[session->n_commands++] = one;
    return 0;
}

static int add_all(struct session *session, const struct session_foreign *f,
                   struct error *err)
{
    struct foreign_list list;
    int rc = foreign_list_at(session, f->config, f->path, NULL, &list, err);

    for (size_t i = 0; rc == 0 && i < list.n; i++)
        rc = add_case(session, f->config, &list.item[i], err);
    return rc;
}

int foreign_cases_add(struct session *session, enum case_kind kind,
                      struct error *err)
{
    int rc = 0;

    for (size_t i = 0; i < session->n_foreign && rc == 0; i++) {
        const struct session_foreign *f = &session->foreign[i];
        bool tests = foreign_is_test(f->config->kind);

        if (kind == CASE_KIND_UNSET || (kind == CASE_TEST) == tests)
            rc = add_all(session, f, err);
    }
    if (rc < 0 || session->n_foreign == 0)
        return rc;
    rc = commands_unique(session->command, session->n_commands, err);
    if (rc == ERR_PARSE)
        error_help(err, "give one of the programs another 'name:' in "
                        "tare.yaml");
    return rc;
}
