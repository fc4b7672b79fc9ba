/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/command_match.h"

#include <stdlib.h>
#include <string.h>

#include "adapt/keep.h"
#include "base/file.h"
#include "base/scope.h"

static const char *search_path(void)
{
    const char *path = getenv("PATH");

    return path ? path : "";
}

static const char *kept_root(struct session *session)
{
    return arena_printf(&session->arena, "%s/commands", session->state);
}

int command_subject_like(struct session *session, const struct recipe *recipe,
                         const struct subject *like, const char *label,
                         const struct subject **out, struct error *err)
{
    struct subject *s = arena_alloc(&session->arena, 1, sizeof *s);
    char *const *env;
    int rc = command_worker_env(session, &recipe, 1, &env, err);

    if (rc < 0)
        return rc;
    if (!s || !label)
        return ERROR(err, ERR_NOMEM, "no memory for a command");
    *s = *like;
    s->name = recipe->name;
    s->program = label;
    s->argv = command_worker_argv();
    s->env = env;
    *out = s;
    return 0;
}

int command_kept_subject(struct session *session, const char *hash,
                         const struct command_case *now,
                         const struct subject *like, const struct subject **out,
                         struct error *err)
{
    struct recipe recipe;
    const char *root = kept_root(session);
    int rc = root ? command_find(session->kept, root, hash, &now->recipe,
                                 &session->arena, &recipe, err)
                  : ERROR(err, ERR_NOMEM, "no memory for a path");

    if (rc < 0)
        return rc;
    return command_subject_like(
        session, &recipe, like,
        arena_printf(&session->arena, "%s (kept)", now->label), out, err);
}

int command_keep_selected(struct session *session, struct error *err)
{
    const char *root = kept_root(session);
    int rc = root ? 0 : ERROR(err, ERR_NOMEM, "no memory for a path");

    for (size_t k = 0; k < session->n_selected && rc == 0; k++) {
        const struct command_case *c = command_case_of(
            session, &session->catalog.item[session->selected[k]]);
        char hash[HASH_HEX];

        if (!c)
            continue;
        rc = command_hash(session, &c->recipe, hash, err);
        if (rc == 0)
            rc = command_keep(session->kept, root, &c->recipe, search_path(),
                              hash, err);
    }
    return rc;
}

/* ---- in the tree of a revision */

/* A path of the suite's folder in the tree; others stay. */
static const char *moved(struct session *session, const char *tree,
                         const char *path)
{
    const char *folder = session->suite->folder;
    size_t n = strlen(folder);

    if (strcmp(path, folder) == 0 || *path == '\0' || strcmp(path, ".") == 0)
        return tree;
    if (strncmp(path, folder, n) == 0 && path[n] == '/')
        path += n + 1;
    else if (path[0] == '/')
        return path;
    return arena_printf(&session->arena, "%s/%s", tree, path);
}

/* A file that the command names now and that the tree lacks: then the revision
 * is older than the command. */
static int check_files(struct session *session, const struct recipe *now,
                       const struct recipe *old, struct error *err)
{
    struct named_file *mine, *theirs;
    size_t n, m;
    int rc = command_files(now, search_path(), &session->arena, &mine, &n, err);

    if (rc == 0)
        rc = command_files(old, search_path(), &session->arena, &theirs, &m,
                           err);
    if (rc < 0 || n == m)
        return rc;
    return ERROR(err, ERR_EMPTY, "the revision lacks a file of '%s'", now->id);
}

static int move_recipe(struct session *session, const char *tree,
                       const struct recipe *now, struct recipe *out,
                       struct error *err)
{
    struct stream *const streams[] = {&out->in, &out->out, &out->err};

    *out = *now;
    out->cwd = moved(session, tree, now->cwd);
    for (size_t i = 0; i < ARRAY_LEN(streams); i++)
        if (streams[i]->kind == STREAM_FILE) {
            streams[i]->text = moved(session, tree, streams[i]->text);
            if (!streams[i]->text)
                return ERROR(err, ERR_NOMEM, "no memory for a path");
        }
    if (!out->cwd)
        return ERROR(err, ERR_NOMEM, "no memory for a path");
    return check_files(session, now, out, err);
}

static int foreign_old_form(const struct session *session,
                            const struct opponents *opponents,
                            const struct command_case *now, struct recipe *out,
                            struct error *err)
{
    const struct recipe *old = opponents_find_foreign(session, opponents, now);

    if (!old)
        return ERROR(err, ERR_EMPTY, "'%s' has no old form", now->id);
    *out = *old;
    out->name = now->recipe.name;
    out->id = now->id;
    out->timeout_ns = now->recipe.timeout_ns;
    return 0;
}

int command_old_form(struct session *session, const struct opponents *opponents,
                     const struct command_case *now, struct recipe *out,
                     struct error *err)
{
    if (opponents->command) {
        *out = opponents->command->recipe;
        return 0;
    }
    if (now->program)
        return foreign_old_form(session, opponents, now, out, err);
    if (opponents->folder)
        return move_recipe(session, opponents->folder, &now->recipe, out, err);
    return ERROR(err, ERR_EMPTY, "'%s' has no old form", now->id);
}

/* ---- --old */

int opponents_command(struct session *session, struct opponents *out,
                      struct error *err)
{
    struct command *old = arena_alloc(&session->arena, 1, sizeof *old);
    struct commands_plan plan = command_cases_plan(session, true);
    struct command_case *cases;
    size_t n;
    int rc;

    *out = (struct opponents){.n = 0};
    if (!old)
        return ERROR(err, ERR_NOMEM, "no memory for a command");
    *old = command_of_text(session->cli->options.old_command);
    plan.prefix = "old";
    rc = commands_expand(old, 1, &plan, &session->arena, &cases, &n, err);
    if (rc == 0)
        out->command = &cases[0];
    return rc;
}
