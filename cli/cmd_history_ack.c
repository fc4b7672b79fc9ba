/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare history ack, unack: what people say of a change. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "cli/cmd_history.h"
#include "cli/history_changes.h"
#include "cli/occasion.h"
#include "cli/record.h"
#include "cli/tool.h"

enum { NAME_LEAST = 4 }; /* digits of a change's name that are enough */

/* Who says it: as git knows the user, else as the system does. */
static const char *author(struct session *session)
{
    SCOPED(strbuf_scoped) struct strbuf name = {0};
    const char *argv[] = {"git", "config", "user.name", NULL};
    const char *user = getenv("USER");
    struct error ignored = {0};

    if (tool_output(session->cli->guardian, session->suite->folder, argv, &name,
                    &ignored) == 0 &&
        name.size)
        return arena_strdup(&session->arena, strbuf_text(&name));
    return user ? user : "";
}

/* A point that a name stands for. */
struct named {
    struct history_line *line;
    const struct history_source *source;
    struct change_key key;
    size_t at, matches;
};

static int look_at(struct session *session, struct history_lines *lines,
                   size_t i, const char *name, struct named *out,
                   struct error *err)
{
    struct history_line *line = &lines->line[i];
    size_t size = strlen(name);
    int rc = 0;

    for (size_t at = 1; at < line->n && rc == 0; at++) {
        char whole[CHANGE_NAME];
        struct change_key key;

        rc = change_key_of(session->suite->name, line, at, &session->arena,
                           &key, err);
        if (rc < 0)
            break;
        change_name(&key, whole);
        if (strncmp(whole, name, size) != 0)
            continue;
        out->matches++;
        out->line = line;
        out->source = &lines->source[i];
        out->at = at;
        out->key = key;
    }
    return rc;
}

/* A name is looked for among all points, so that it holds whatever the change
 * has become since it was shown. */
static int find(struct session *session, struct store *store, const char *name,
                struct named *out, struct error *err)
{
    static const char *const every[] = {"*"};
    const struct history_wish wish = {.suite = session->suite->name,
                                      .glob = every,
                                      .n_globs = 1,
                                      .metric = "*",
                                      .machine = "all",
                                      .branch = "all"};
    struct history_lines lines;
    int rc = 0;

    *out = (struct named){.matches = 0};
    if (strspn(name, "0123456789abcdef") == strlen(name) &&
        strlen(name) >= NAME_LEAST)
        rc = history_lines_load(store, &wish, &session->arena, &lines, err);
    else
        lines.n = 0;
    for (size_t i = 0; i < lines.n && rc == 0; i++)
        rc = look_at(session, &lines, i, name, out, err);
    if (rc < 0 || out->matches == 1)
        return rc;
    if (out->matches)
        return ERROR(err, ERR_USAGE, "'%s' is the beginning of %zu changes",
                     name, out->matches);
    ERROR(err, ERR_EMPTY, "there is no change '%s'", name);
    return error_help(err, "'tare history' shows them as: change 3f9a1b2c");
}

/* The ratio of the change as it is seen now, NaN where none is seen. */
static int ratio_of(struct session *session, const struct named *named,
                    double *out, struct error *err)
{
    struct change_policy policy = change_defaults();
    struct history_line *line = named->line;
    int rc = history_changes_find(session->suite->name, line, named->source,
                                  &policy, &session->arena, err);

    *out = NAN;
    for (size_t i = 0; i < line->n_changes; i++)
        if (line->change[i].at == named->at)
            *out = line->change[i].ratio;
    return rc;
}

static int ack_one(struct session *session, struct store *store,
                   const char *name, struct error *err)
{
    const struct options *options = &session->cli->options;
    struct change_ack ack = {.reason = options->reason ? options->reason : "",
                             .author = author(session),
                             .created = occasion_now(&session->arena)};
    struct named named;
    int rc = find(session, store, name, &named, err);

    if (rc == 0 && (!ack.author || !ack.created))
        return ERROR(err, ERR_NOMEM, "no memory for an acknowledgement");
    if (rc == 0)
        rc = ratio_of(session, &named, &ack.ratio, err);
    ack.key = named.key;
    if (rc == 0)
        rc = history_ack(store, &ack, err);
    if (rc == 0 && !options->quiet)
        printf("acknowledged: %s %s at %.12s\n", named.line->id,
               named.line->metric, named.key.revision);
    return rc;
}

static int unack_one(struct session *session, struct store *store,
                     const char *name, struct error *err)
{
    struct named named;
    int rc = find(session, store, name, &named, err);

    if (rc == 0)
        rc = history_unack(store, &named.key, err);
    if (rc == 0 && !session->cli->options.quiet)
        printf("taken back: %s %s at %.12s\n", named.line->id,
               named.line->metric, named.key.revision);
    return rc;
}

typedef int one_change(struct session *session, struct store *store,
                       const char *name, struct error *err);

static int each(struct cli *cli, one_change *say, struct error *err)
{
    struct store *store = NULL;
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0)
        rc = store_open(record_store_path(&session), STORE_READ, &store, err);
    store_close(store); /* a missing store is not to be created */
    store = NULL;
    if (rc == 0)
        rc = store_open(record_store_path(&session), STORE_WRITE, &store, err);
    for (size_t i = 0; i < cli->options.n_operands && rc == 0; i++)
        rc = say(&session, store, cli->options.operand[i], err);
    store_close(store);
    session_close(&session);
    return rc;
}

static int ack(struct cli *cli, struct error *err)
{
    if (!cli->options.reason || !*cli->options.reason) {
        ERROR(err, ERR_USAGE, "an acknowledgement needs a reason");
        return error_help(err, "add --reason 'why this change is wanted'");
    }
    return each(cli, ack_one, err);
}

static int unack(struct cli *cli, struct error *err)
{
    return each(cli, unack_one, err);
}

static const enum opt_id ack_options[] = {OPT_REASON, OPT_FILE, OPT_DB,
                                          OPT_QUIET, OPT_END};
static const enum opt_id unack_options[] = {OPT_FILE, OPT_DB, OPT_QUIET,
                                            OPT_END};
static const char *const ack_examples[] = {
    "tare history ack 3f9a1b2c --reason 'safer comparison'", NULL};

const struct cli_cmd cli_cmd_history_ack = {
    .name = "ack",
    .parent = "history",
    .args = "CHANGE...",
    .summary = "Accept changes: they never alert again",
    .min_args = 1,
    .max_args = -1,
    .options = ack_options,
    .examples = ack_examples,
    .needs_guardian = true,
    .run = ack,
};

const struct cli_cmd cli_cmd_history_unack = {
    .name = "unack",
    .parent = "history",
    .args = "CHANGE...",
    .summary = "Take acknowledgements back",
    .min_args = 1,
    .max_args = -1,
    .options = unack_options,
    .needs_guardian = true,
    .run = unack,
};
