/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/history_view.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/scope.h"
#include "cli/baselines.h"
#include "cli/history_alerts.h"
#include "cli/history_changes.h"
#include "cli/history_when.h"
#include "cli/occasion.h"
#include "cli/record.h"
#include "cli/tool.h"
#include "stats/order.h"

DEFINE_SCOPED(struct results *, results_free)

static const double drift_alpha = 0.01;
enum { REVISION_LEAST = 4 }; /* digits that may stand for a revision */

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a history");
}

/* --- what is asked for */

/* The oldest run of a revision that begins so; false when there is none. */
static int find_revision(struct session *session, struct store *store,
                         const char *word, struct history_wish *out,
                         bool *found, struct error *err)
{
    const struct run_filter filter = {.suite = session->suite->name};
    struct run_info *run;
    size_t n, size = strlen(word);
    int rc = runs_list(store, &filter, &session->arena, &run, &n, err);

    *found = false;
    for (size_t i = 0; i < n && rc == 0 && size >= REVISION_LEAST; i++)
        if (strncmp(run[i].revision, word, size) == 0) {
            out->from = run[i].revision;
            out->since = run[i].created; /* the list is newest first */
            *found = true;
        }
    return rc;
}

/* What git makes of "HEAD~5" or "v1.2". */
static const char *ask_git(struct session *session, const char *word)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct error ignored = {0};
    const char *name = arena_printf(&session->arena, "%s^{commit}", word);
    const char *argv[] = {"git",     "rev-parse",        "--verify",
                          "--quiet", "--end-of-options", name,
                          NULL};

    if (!name || word[0] == '-' ||
        tool_output(session->cli->guardian, session->suite->folder, argv, &text,
                    &ignored) < 0)
        return NULL;
    return arena_strdup(&session->arena, strbuf_text(&text));
}

static int read_since(struct session *session, struct store *store,
                      const char *word, struct history_wish *out,
                      struct error *err)
{
    char when[WHEN_TEXT];
    const char *commit;
    bool found;
    int rc;

    if (history_when(word, time(NULL), when)) {
        out->since = arena_strdup(&session->arena, when);
        return out->since ? 0 : no_memory(err);
    }
    rc = find_revision(session, store, word, out, &found, err);
    if (rc == 0 && !found) {
        commit = ask_git(session, word);
        if (commit)
            rc = find_revision(session, store, commit, out, &found, err);
    }
    if (rc < 0 || found)
        return rc;
    ERROR(err, ERR_EMPTY, "no stored run is of revision '%s'", word);
    return error_help(err, "write a date (2026-11-22), so many days (30d) or "
                           "a revision that was measured");
}

int history_wish_read(struct session *session, struct store *store,
                      struct history_wish *out, struct error *err)
{
    const struct options *options = &session->cli->options;

    *out = (struct history_wish){
        .suite = session->suite->name,
        .glob = options->operand,
        .n_globs = options->n_operands,
        .metric = options->metric,
        .machine = options->machine,
        .branch = options->branch,
        .intervals =
            options->n_operands > 0 || options->format != (int)FORMAT_TEXT,
    };
    if (out->machine && strcmp(out->machine, "here") == 0)
        out->machine = occasion_machine_key(session);
    if (options->machine && !out->machine)
        return no_memory(err);
    return options->since ? read_since(session, store, options->since, out, err)
                          : 0;
}

/* --- the pinned baseline */

/* The same figure as a point of the history: the median over the occasions of
 * the median of the invocations' medians. */
static double baseline_value(const struct metric *metric, size_t n_occasions,
                             struct arena *arena)
{
    double *value = arena_alloc(arena, n_occasions, sizeof *value);
    double middle = NAN;
    size_t n = 0;

    for (size_t o = 0; value && o < n_occasions; o++) {
        const struct invocations *in = &metric->occasion[o];
        double *median = arena_alloc(arena, in->n, sizeof *median);
        size_t count = 0;

        for (size_t i = 0; median && i < in->n; i++)
            count += stats_median(in->invocation[i].sample, in->invocation[i].n,
                                  &median[count], NULL) == 0;
        n += count && stats_median(median, count, &value[n], NULL) == 0;
    }
    if (n)
        stats_median(value, n, &middle, NULL);
    return middle;
}

static void fill_baseline(const struct results *baseline,
                          struct history_line *line)
{
    const char *key = baseline->occasion[baseline->n_occasions - 1].machine_key;
    const struct case_results *c = results_find(baseline, line->id);
    const struct metric *metric = c ? results_metric(c, line->metric) : NULL;
    struct arena scratch = {0};

    if (metric && strcmp(key, line->machine_key) == 0 &&
        strcmp(metric->unit, line->unit) == 0)
        line->baseline =
            baseline_value(metric, baseline->n_occasions, &scratch);
    arena_clear(&scratch);
}

/* A suite without a baseline has none to show; one that cannot be read is
 * said, since everything else can be shown without it. */
static int fill_baselines(struct session *session, struct history_view *view,
                          struct error *err)
{
    SCOPED(results_free_scoped) struct results *baseline = NULL;
    struct error why = {0};
    const char *path;
    int rc = baselines_path(session, baselines_chosen(session), &path, err);

    if (rc < 0 || !file_exists(path))
        return rc;
    if (baselines_read(session, baselines_chosen(session), &baseline, &why) <
        0) {
        fprintf(stderr, "warning: the baseline is not shown: %s\n", why.text);
        return 0;
    }
    for (size_t i = 0; i < view->lines.n && baseline->n_occasions; i++)
        fill_baseline(baseline, &view->lines.line[i]);
    view->report.baseline = baselines_chosen(session);
    return 0;
}

/* --- all of it */

static struct change_policy policy_of(const struct session *session,
                                      struct history_line *line)
{
    const struct options *options = &session->cli->options;
    struct change_policy policy = history_alert_policy(
        session->suite, line->id, line->metric, &line->alarm);

    if (options->given[OPT_MARGIN])
        policy.margin = options->margin;
    return policy;
}

static int find_changes(struct session *session, struct history_view *view,
                        struct error *err)
{
    int rc = 0;

    for (size_t i = 0; i < view->lines.n && rc == 0; i++) {
        struct history_line *line = &view->lines.line[i];
        struct change_policy policy = policy_of(session, line);

        rc = history_changes_find(session->suite->name, line,
                                  &view->lines.source[i], &policy,
                                  &session->arena, err);
    }
    return rc;
}

int history_view_make(struct session *session, struct store *store,
                      const struct history_wish *wish, struct history_view *out,
                      struct error *err)
{
    const char *here = occasion_machine_key(session);
    int rc;

    *out = (struct history_view){
        .report = {.suite = session->suite->name,
                   .store = store_path(store),
                   .here = here,
                   .baseline = "",
                   .margin = session_margin(session),
                   .drift_alpha = drift_alpha},
    };
    if (!here)
        return no_memory(err);
    rc = history_lines_load(store, wish, &session->arena, &out->lines, err);
    if (rc == 0)
        rc = find_changes(session, out, err);
    if (rc == 0)
        rc = history_changes_acks(store, session->suite->name, &out->lines,
                                  &session->arena, err);
    if (rc == 0)
        rc = fill_baselines(session, out, err);
    out->report.line = out->lines.line;
    out->report.n = out->lines.n;
    out->report.other = out->lines.other;
    out->report.n_others = out->lines.n_others;
    return rc;
}
