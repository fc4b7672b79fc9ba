/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/opponents.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "cli/foreign_cases.h"
#include "cli/interrupt.h"

enum { BUILDS_MAX = 20 }; /* more than the steps of any bisection */

static int make_room(struct session *session, size_t n, struct opponents *out,
                     struct error *err)
{
    *out = (struct opponents){.n = 0};
    out->program = arena_alloc(&session->arena, n, sizeof *out->program);
    out->hash = arena_alloc(&session->arena, n, sizeof *out->hash);
    return out->program && out->hash
               ? 0
               : ERROR(err, ERR_NOMEM, "no memory for %zu programs", n);
}

static int add(struct session *session, struct opponents *out,
               const struct catalog_program *like, const char *path,
               struct error *err)
{
    const char **argv = arena_alloc(&session->arena, 2, sizeof *argv);
    char hash[HASH_HEX];
    int rc;

    if (!file_is_executable(path)) {
        ERROR(err, ERR_USAGE, "old program '%s' %s", path,
              file_exists(path) ? "is not an executable file" : "is not there");
        return error_help(err, "name an executable file that links libtare");
    }
    rc = programs_fingerprint(session->kept, path, hash, err);
    if (rc < 0)
        return rc;
    if (argv)
        argv[0] = strchr(path, '/')
                      ? path
                      : arena_printf(&session->arena, "./%s", path);
    out->program[out->n] = (struct catalog_program){
        .name = like->name,
        .label = path,
        .argv = (char *const *)argv,
        .env = like->env,
        .cwd = like->cwd,
        .tags = like->tags,
    };
    out->hash[out->n] = arena_strdup(&session->arena, hash);
    if (!argv || !argv[0] || !out->hash[out->n])
        return ERROR(err, ERR_NOMEM, "no memory for a program");
    out->n++;
    return 0;
}

static int list(struct session *session, struct opponents *out,
                struct error *err)
{
    struct watch watch = {.stop_fd = session->stop_fd};

    return catalog_list(session->cli->guardian, NULL, out->program, out->n,
                        &watch, &out->catalog, err);
}

/* ---- programs of other harnesses */

static int list_foreign(struct session *session, const char *path,
                        const char *folder, struct opponents *out,
                        struct error *err)
{
    int rc = 0;

    out->foreign =
        arena_alloc(&session->arena, session->n_foreign, sizeof *out->foreign);
    if (!out->foreign)
        return ERROR(err, ERR_NOMEM, "no memory for programs");
    for (size_t i = 0; i < session->n_foreign && rc == 0; i++) {
        const struct program *config = session->foreign[i].config;
        const char *old = folder ? arena_printf(&session->arena, "%s/%s",
                                                folder, config->path)
                                 : path;

        if (!old)
            return ERROR(err, ERR_NOMEM, "no memory for a path");
        if (folder && !file_exists(old)) /* it is newer than the revision */
            continue;
        rc = foreign_list_at(session, config, old, folder, &out->foreign[i],
                             err);
    }
    return rc;
}

const struct recipe *opponents_find_foreign(const struct session *session,
                                            const struct opponents *opponents,
                                            const struct command_case *now)
{
    for (size_t i = 0; opponents->foreign && i < session->n_foreign; i++) {
        const struct foreign_list *list = &opponents->foreign[i];

        if (session->foreign[i].config != now->program)
            continue;
        for (size_t k = 0; k < list->n; k++)
            if (strcmp(list->item[k].recipe.foreign.pick,
                       now->recipe.foreign.pick) == 0)
                return &list->item[k].recipe;
    }
    return NULL;
}

int opponents_named(struct session *session, const char *path,
                    struct opponents *out, struct error *err)
{
    struct catalog_program like = {.name = "old", .tags = ""};
    int rc = make_room(session, 1, out, err);

    out->by_name = true;
    if (rc == 0 && session->n_programs == 0 && session->n_foreign)
        return list_foreign(session, path, NULL, out, err);
    if (rc == 0)
        rc = add(session, out, &like, path, err);
    return rc < 0 ? rc : list(session, out, err);
}

int opponents_build(struct session *session, const char *revision,
                    struct worktree *tree, struct error *err)
{
    const struct build *build = &session->suite->build;
    struct worktree_plan plan = {
        .source = session->suite->folder,
        .root = arena_printf(&session->arena, "%s/builds", session->state),
        .revision = revision,
        .command = build->command.shell,
        .timeout_ns = build->timeout,
        .env = (const char *const *)environ,
        .stop = interrupt_flag(),
    };
    int rc;

    if (!build->command.shell && build->command.argv.n) {
        ERROR(err, ERR_PARSE, "build.command must be one string for sh");
        return ERR_PARSE;
    }
    if (!plan.command && session->n_programs + session->n_foreign == 0)
        plan.command = ":"; /* commands may need nothing to be built */
    if (!plan.command) {
        ERROR(err, ERR_USAGE,
              "building revision '%s' needs to know how to build", revision);
        return error_help(err, "say it in tare.yaml: build: {command: make}");
    }
    if (!plan.root)
        return ERROR(err, ERR_NOMEM, "no memory for a path");
    session_spread(session);
    rc = worktree_build(&plan, &session->arena, tree, err);
    session_gather(session);
    if (rc == 0 && !tree->cached) /* what cannot be removed now can be later */
        worktree_keep_newest(plan.source, plan.root, plan.env, BUILDS_MAX,
                             NULL);
    return rc;
}

/* Where a program of the suite is in the worktree. */
static const char *moved(struct session *session, const struct worktree *tree,
                         const char *path)
{
    const char *folder = session->suite->folder;
    size_t n = strlen(folder);

    if (strncmp(path, folder, n) == 0 && path[n] == '/')
        path += n + 1;
    return arena_printf(&session->arena, "%s/%s", tree->folder, path);
}

int opponents_of_revision(struct session *session, const char *revision,
                          struct opponents *out, struct error *err)
{
    struct worktree tree;
    int rc = make_room(session, session->n_programs, out, err);

    if (rc == 0)
        rc = opponents_build(session, revision, &tree, err);
    for (size_t i = 0; i < session->n_programs && rc == 0; i++) {
        const char *path = moved(session, &tree, session->program[i].label);

        if (!path)
            return ERROR(err, ERR_NOMEM, "no memory for a path");
        if (file_is_executable(path)) /* it may be newer than the revision */
            rc = add(session, out, &session->program[i], path, err);
    }
    if (rc == 0)
        out->folder = tree.folder;
    if (rc == 0 && session->n_foreign)
        rc = list_foreign(session, NULL, tree.folder, out, err);
    if (rc == 0 && out->n == 0 && session->n_commands)
        return 0;
    if (rc == 0 && out->n == 0) {
        ERROR(err, ERR_EMPTY, "revision '%s' builds none of the programs",
              revision);
        return error_help(err, "its build is in '%s'; see '%s'", tree.folder,
                          tree.log);
    }
    return rc < 0 ? rc : list(session, out, err);
}

void opponents_clear(struct opponents *opponents)
{
    catalog_clear(&opponents->catalog);
}

const struct catalog_case *opponents_find(const struct opponents *opponents,
                                          const struct catalog_case *now)
{
    for (size_t i = 0; i < opponents->catalog.n; i++) {
        const struct catalog_case *old = &opponents->catalog.item[i];

        if (strcmp(opponents->by_name ? old->said.name : old->id,
                   opponents->by_name ? now->said.name : now->id) == 0)
            return old;
    }
    return NULL;
}

const struct subject *opponents_subject(struct session *session,
                                        const struct opponents *opponents,
                                        const struct catalog_case *old,
                                        const struct subject *like)
{
    const struct catalog_program *p = &opponents->program[old->program];
    struct subject *s = arena_alloc(&session->arena, 1, sizeof *s);

    if (!s)
        return NULL;
    *s = *like;
    s->program = p->label;
    s->argv = p->argv;
    s->env = p->env;
    s->cwd = p->cwd;
    return s;
}
