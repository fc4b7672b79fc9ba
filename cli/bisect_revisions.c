/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/bisect_revisions.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "cli/tool.h"

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for revisions");
}

/* What git prints, in the arena; NULL with *err filled when it fails. */
static const char *git(struct session *session, const char *const *argv,
                       struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const char *said;

    if (tool_output(session->cli->guardian, session->suite->folder, argv, &text,
                    err) < 0)
        return NULL;
    said = arena_strdup(&session->arena, strbuf_text(&text));
    if (!said || text.failed)
        no_memory(err);
    return text.failed ? NULL : said;
}

static bool is_repository(struct session *session)
{
    static const char *const argv[] = {"git", "rev-parse", "--git-dir", NULL};
    struct error ignored = {0};

    return git(session, argv, &ignored) != NULL;
}

static bool is_shallow(struct session *session)
{
    static const char *const argv[] = {"git", "rev-parse",
                                       "--is-shallow-repository", NULL};
    struct error ignored = {0};
    const char *said = git(session, argv, &ignored);

    return said && strcmp(said, "true") == 0;
}

static int help_shallow(struct session *session, const char *other,
                        struct error *err)
{
    return error_help(err, "%s",
                      is_shallow(session)
                          ? "this clone is shallow: git fetch --unshallow"
                          : other);
}

static int resolve(struct session *session, const char *option,
                   const char *word, const char **out, struct error *err)
{
    const char *name = arena_printf(&session->arena, "%s^{commit}", word);
    const char *argv[] = {"git",     "rev-parse",        "--verify",
                          "--quiet", "--end-of-options", name,
                          NULL};
    struct error why = {0};

    *out = name ? git(session, argv, &why) : NULL;
    if (*out)
        return 0;
    if (!name || why.code == ERR_NOMEM)
        return no_memory(err);
    if (!is_repository(session)) {
        ERROR(err, ERR_USAGE, "there is no git repository here");
        return error_help(err, "run it where tare.yaml and its sources are");
    }
    ERROR(err, ERR_USAGE, "%s: '%s' is no revision here", option, word);
    return help_shallow(session, "name a commit, a tag or a branch", err);
}

static bool is_ancestor(struct session *session, const char *a, const char *b)
{
    const char *argv[] = {"git", "merge-base", "--is-ancestor", a, b, NULL};
    struct error ignored = {0};

    return git(session, argv, &ignored) != NULL;
}

static int check_order(struct session *session, const char *good,
                       const char *bad, struct error *err)
{
    const char *argv[] = {"git", "merge-base", good, bad, NULL};
    struct error ignored = {0};
    const char *base;

    if (strcmp(good, bad) == 0)
        return ERROR(err, ERR_USAGE, "--good and --bad are both %.12s", good);
    if (is_ancestor(session, good, bad))
        return 0;
    ERROR(err, ERR_USAGE, "%.12s is not an ancestor of %.12s", good, bad);
    if (is_ancestor(session, bad, good))
        return error_help(err, "it is the other way round: a change for the "
                               "better is found from older to newer as well");
    base = git(session, argv, &ignored);
    if (base && *base)
        return error_help(err, "their last common one is %.12s", base);
    return help_shallow(session, "they have nothing in common", err);
}

static int count(struct session *session, const char *range, struct error *err)
{
    const char *argv[] = {"git",     "rev-list", "--first-parent",
                          "--count", range,      NULL};
    const char *said = git(session, argv, err);
    int64_t n = 0;

    if (!said)
        return ERR_PEER;
    if (parse_int(said, 1, BISECT_REVISIONS_MAX, &n, NULL) == 0)
        return 0;
    ERROR(err, ERR_USAGE, "%s revisions are too many", said);
    return error_help(err, "narrow the range to %d", BISECT_REVISIONS_MAX);
}

/* One hash a line. */
static int split(struct session *session, const char *good, const char *text,
                 struct bisect_revisions *out, struct error *err)
{
    size_t lines = 1;

    for (const char *p = text; *p; p++)
        lines += *p == '\n';
    out->hash = arena_alloc(&session->arena, lines + 1, sizeof *out->hash);
    if (!out->hash)
        return no_memory(err);
    out->hash[0] = good;
    out->n = 1;
    for (const char *p = text; *p;) {
        size_t size = strcspn(p, "\n");

        out->hash[out->n] = arena_memdup(&session->arena, p, size);
        if (!out->hash[out->n++])
            return no_memory(err);
        p += size + (p[size] == '\n');
    }
    return 0;
}

int bisect_revisions_list(struct session *session, const char *good,
                          const char *bad, struct bisect_revisions *out,
                          struct error *err)
{
    const char *from, *to, *range, *text;
    int rc = resolve(session, "--good", good, &from, err);

    if (rc == 0)
        rc = resolve(session, "--bad", bad, &to, err);
    if (rc == 0)
        rc = check_order(session, from, to, err);
    if (rc < 0)
        return rc;
    range = arena_printf(&session->arena, "%s..%s", from, to);
    if (!range)
        return no_memory(err);
    rc = count(session, range, err);
    if (rc < 0)
        return rc;
    text = git(session,
               (const char *[]){"git", "rev-list", "--first-parent",
                                "--reverse", range, NULL},
               err);
    return text ? split(session, from, text, out, err) : ERR_PEER;
}

/* --- one of them */

static const char *field(struct session *session, const char **text)
{
    size_t size = strcspn(*text, "\n");
    const char *out = arena_memdup(&session->arena, *text, size);

    *text += size + ((*text)[size] == '\n');
    return out;
}

/* Inside a merge everything between its side's beginning and end is new. */
static const char *inside(struct session *session, const char *parents)
{
    const char *second = strchr(parents, ' ');
    const char *first =
        arena_memdup(&session->arena, parents, strcspn(parents, " "));
    const char *base;
    struct error ignored = {0};

    if (!first || !second)
        return NULL;
    second =
        arena_memdup(&session->arena, second + 1, strcspn(second + 1, " "));
    if (!second)
        return NULL;
    base =
        git(session, (const char *[]){"git", "merge-base", first, second, NULL},
            &ignored);
    return base ? arena_printf(&session->arena, "%.12s %.12s", base, second)
                : "";
}

int bisect_commit_read(struct session *session, const char *hash,
                       struct bisect_commit *out, struct error *err)
{
    const char *argv[] = {
        "git", "log", "-1", "--no-show-signature", "--format=%P%n%an%n%cI%n%s",
        hash,  NULL};
    struct error ignored = {0};
    const char *text = git(session, argv, &ignored), *parents;

    *out = (struct bisect_commit){"", "", "", ""};
    if (!text)
        return ignored.code == ERR_NOMEM ? no_memory(err) : 0;
    parents = field(session, &text);
    out->author = field(session, &text);
    out->date = field(session, &text);
    out->subject = field(session, &text);
    if (!parents || !out->author || !out->date || !out->subject)
        return no_memory(err);
    out->merged = strchr(parents, ' ') ? inside(session, parents) : "";
    return out->merged ? 0 : no_memory(err);
}
