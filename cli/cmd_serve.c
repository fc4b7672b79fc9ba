/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare serve: the dashboard in a browser, from the store as it is now. */
#include <config.h>

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"
#include "cli/commands.h"
#include "cli/dashboard_data.h"
#include "cli/history_view.h"
#include "cli/occasion.h"
#include "cli/record.h"
#include "report/page.h"
#include "serve/server.h"

DEFINE_SCOPED(struct store *, store_close)
DEFINE_SCOPED(struct server *, serve_close)

enum {
    PORT = 8273,
    LINES_MOST = 200, /* in one answer */
    FIRST_MOST = 100000000,
    NOT_FOUND = 404,
    BAD_REQUEST = 400,
};

static const char *const every_case[] = {"*"};

struct serving {
    struct session *session;
    struct store *store;
};

/* --- answers; each has an arena of its own */

static void say(struct serve_answer *out, unsigned status, const char *text)
{
    out->status = status;
    out->type = "text/plain; charset=utf-8";
    strbuf_printf(&out->body, "%s\n", text);
}

static int answer_page(struct serving *s, const struct serve_request *request,
                       struct serve_answer *out, struct error *err)
{
    (void)s;
    (void)request;
    (void)err;
    out->type = "text/html; charset=utf-8";
    strbuf_add(&out->body, page_text, page_size);
    return 0;
}

static int answer_head(struct serving *s, const struct serve_request *request,
                       struct serve_answer *out, struct error *err)
{
    struct dashboard_data data;
    int rc = dashboard_data_load(s->session, s->store, &data, err);

    (void)request;
    if (rc == 0)
        dashboard_json(&data.dashboard, &out->body);
    dashboard_data_clear(&data);
    return rc;
}

/* A number of the query; false when it is none. */
static bool read_number(const struct serve_request *request, const char *name,
                        int64_t most, size_t *out)
{
    const char *text = serve_parameter(request, name);
    int64_t n;

    if (!text || parse_int(text, 0, most, &n, NULL) < 0)
        return false;
    *out = (size_t)n;
    return true;
}

/* A store that has no history yet has no lines, and that is no fault. */
static int write_history(struct serving *s, struct history_wish *wish,
                         bool points, struct serve_answer *out,
                         struct error *err)
{
    struct dashboard_data data = {.old_side = NULL};
    struct error why = {0};
    int rc = dashboard_data_load(s->session, s->store, &data, err);

    if (rc == 0) {
        rc = dashboard_data_history(s->session, s->store, wish, &data, &why);
        if (rc == ERR_EMPTY || rc == ERR_USAGE)
            say(out, NOT_FOUND, why.text);
        else if (rc < 0 && err)
            *err = why;
        else
            dashboard_history_json(&data.view.report, data.dashboard.tags,
                                   wish->first, data.view.lines.all, points,
                                   &out->body);
    }
    dashboard_data_clear(&data);
    return rc == ERR_EMPTY || rc == ERR_USAGE ? 0 : rc;
}

static int answer_history(struct serving *s,
                          const struct serve_request *request,
                          struct serve_answer *out, struct error *err)
{
    struct history_wish wish;
    size_t first, most;
    int rc;

    if (!read_number(request, "first", FIRST_MOST, &first) ||
        !read_number(request, "most", LINES_MOST, &most) || most == 0) {
        say(out, BAD_REQUEST, "first and most are numbers, most 1 to 200");
        return 0;
    }
    rc = history_wish_read(s->session, s->store, &wish, err);
    wish.glob = every_case;
    wish.n_globs = 1;
    wish.intervals = false;
    wish.first = first;
    wish.most = most;
    return rc < 0 ? rc : write_history(s, &wish, false, out, err);
}

/* The id as a glob that means itself alone. */
static const char *literal(const char *id, struct arena *arena)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    for (; *id; id++) {
        if (strchr("*?[\\", *id))
            strbuf_putc(&text, '\\');
        strbuf_putc(&text, *id);
    }
    return text.failed ? NULL : arena_strdup(arena, strbuf_text(&text));
}

static int answer_line(struct serving *s, const struct serve_request *request,
                       struct serve_answer *out, struct error *err)
{
    struct arena *arena = &s->session->arena;
    const char *id = serve_parameter(request, "id");
    const char *metric = serve_parameter(request, "metric");
    const char *machine = serve_parameter(request, "machine");
    const char *branch = serve_parameter(request, "branch");
    const char *glob = id ? literal(id, arena) : NULL;
    struct history_wish wish = {.suite = s->session->suite->name,
                                .glob = &glob,
                                .n_globs = 1,
                                .metric =
                                    metric ? literal(metric, arena) : NULL,
                                .machine = machine,
                                .branch = branch,
                                .intervals = true};

    if (!id || !metric || !machine || !branch) {
        say(out, BAD_REQUEST, "id, metric, machine and branch name a series");
        return 0;
    }
    if (!glob || !wish.metric)
        return ERROR(err, ERR_NOMEM, "no memory for a series");
    return write_history(s, &wish, true, out, err);
}

static const struct {
    const char *path;
    int (*answer)(struct serving *s, const struct serve_request *request,
                  struct serve_answer *out, struct error *err);
} answers[] = {
    {"/", answer_page},
    {"/api/dashboard", answer_head},
    {"/api/history", answer_history},
    {"/api/line", answer_line},
};

static int answer(void *ctx, const char *path,
                  const struct serve_request *request, struct serve_answer *out,
                  struct error *err)
{
    struct serving *s = ctx;
    struct arena kept = s->session->arena;
    size_t i = 0;
    int rc = 0;

    while (i < ARRAY_LEN(answers) && strcmp(answers[i].path, path) != 0)
        i++;
    if (i == ARRAY_LEN(answers)) {
        say(out, NOT_FOUND, "there is nothing here; the page is /");
        return 0;
    }
    /* What an answer needs is gone with it: the server may run for weeks. */
    s->session->arena = (struct arena){0};
    rc = answers[i].answer(s, request, out, err);
    arena_clear(&s->session->arena);
    s->session->arena = kept;
    return rc;
}

/* --- the command */

static int serve(struct session *session, struct store *store,
                 struct error *err)
{
    const struct options *options = &session->cli->options;
    SCOPED(serve_close_scoped) struct server *server = NULL;
    struct serving serving = {session, store};
    const struct serve_settings settings = {
        .port = (uint16_t)(options->given[OPT_PORT] ? options->port : PORT),
        .answer = answer,
        .ctx = &serving,
    };
    int rc = serve_open(&settings, &server, err);

    if (rc < 0)
        return rc;
    printf("%s%sthe dashboard is at http://127.0.0.1:%u/  (Ctrl-C ends it)\n",
           session->suite->name, *session->suite->name ? ": " : "",
           serve_port(server));
    fflush(stdout);
    return serve_run(server, session->stop_fd, err);
}

static int run(struct cli *cli, struct error *err)
{
    SCOPED(store_close_scoped) struct store *store = NULL;
    struct session session;
    int rc = session_open(&session, cli, err);

    if (rc == 0 && page_size == 0) {
        rc = ERROR(err, ERR_USAGE, "this tare was built without the dashboard");
        error_help(err, "configure it with Node installed");
    }
    if (rc == 0)
        rc = store_open(record_store_path(&session), STORE_READ, &store, err);
    /* Looks at the machine now: nothing of it hangs in the arena of an answer. */
    if (rc == 0 && !occasion_machine_key(&session))
        rc = ERROR(err, ERR_NOMEM, "no memory for a machine");
    if (rc == 0)
        rc = serve(&session, store, err);
    session_close(&session);
    return rc;
}

static const enum opt_id options[] = {
    OPT_PORT,   OPT_SINCE, OPT_BRANCH, OPT_MACHINE, OPT_METRIC,
    OPT_MARGIN, OPT_FILE,  OPT_DB,     OPT_END,
};

static const char *const examples[] = {
    "tare serve",
    "tare serve --port 0 --metric '*'",
    NULL,
};

const struct cli_cmd cli_cmd_serve = {
    .name = "serve",
    .args = "",
    .summary = "Show the dashboard in a browser",
    .group = CLI_RECORDS,
    .options = options,
    .examples = examples,
    .needs_guardian = true,
    .run = run,
};
