/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/revision.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "cli/tool.h"

enum { STATE, DATE, QUESTIONS };

struct revision {
    struct tool git[QUESTIONS];
};

/* Without locks: the user's own git must not find the index taken. */
static const char *const state_args[] = {"git",      "--no-optional-locks",
                                         "status",   "--porcelain=v2",
                                         "--branch", "-uno",
                                         NULL};
static const char *const date_args[] = {"git",          "show", "-s",
                                        "--format=%ct", "HEAD", NULL};
static const char *const *const args[] = {
    [STATE] = state_args, [DATE] = date_args};

/* Where nothing was ever put under git, nobody needs to be asked. */
static bool may_be_in_repository(const char *folder)
{
    SCOPED(free_scoped) char *found = NULL;
    struct error ignored = {0};

    return getenv("GIT_DIR") ||
           suite_find_upward(folder, ".git", &found, &ignored) != ERR_EMPTY;
}

void revision_ask(struct session *session)
{
    struct error ignored = {0};

    session->revision =
        arena_alloc(&session->arena, 1, sizeof *session->revision);
    if (!may_be_in_repository(session->suite->folder))
        return;
    for (size_t i = 0; session->revision && i < QUESTIONS; i++)
        tool_start(session->cli->guardian, session->suite->folder, args[i],
                   &session->revision->git[i], &ignored);
}

bool revision_known(struct session *session)
{
    for (size_t i = 0; session->revision && i < QUESTIONS; i++)
        if (!tool_has_ended(&session->revision->git[i]))
            return false;
    return true;
}

void revision_forget(struct session *session)
{
    for (size_t i = 0; session->revision && i < QUESTIONS; i++)
        tool_abandon(&session->revision->git[i]);
    session->revision = NULL;
}

/* --- answers (git-status(1), "Porcelain Format Version 2") */

/* The rest of the line that begins so, in the arena; "" where there is none. */
static const char *header(struct arena *arena, const char *text,
                          const char *name)
{
    const char *at = strstr(text, name);

    if (!at || (at != text && at[-1] != '\n'))
        return "";
    at += strlen(name);
    return arena_memdup(arena, at, strcspn(at, "\n"));
}

/* Does a line tell of a changed file? */
static bool has_changes(const char *text)
{
    for (; *text; text += *text == '\n') {
        if (*text != '#')
            return true;
        text += strcspn(text, "\n");
    }
    return false;
}

/* "" in parentheses: no commit yet, no branch. */
static const char *unless_none(const char *text)
{
    return text && text[0] == '(' ? "" : text;
}

int revision_fill(struct session *session, struct arena *arena,
                  struct occasion *out, int64_t *when, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf state = {0};
    SCOPED(strbuf_scoped) struct strbuf date = {0};
    struct error ignored = {0};
    const char *text;

    if (!session->revision)
        revision_ask(session);
    if (!session->revision)
        return ERROR(err, ERR_NOMEM, "no memory for a revision");
    tool_finish(&session->revision->git[STATE], &state, &ignored);
    tool_finish(&session->revision->git[DATE], &date, &ignored);
    session->revision = NULL;
    text = strbuf_text(&state);
    out->revision = unless_none(header(arena, text, "# branch.oid "));
    out->branch = unless_none(header(arena, text, "# branch.head "));
    out->dirty = has_changes(text);
    *when = strtoll(strbuf_text(&date), NULL, 10);
    if (!out->revision || !out->branch || state.failed || date.failed)
        return ERROR(err, ERR_NOMEM, "no memory for a revision");
    return 0;
}
