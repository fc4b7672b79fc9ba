/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was measured at each count, as cases of a stored run. */
#include <config.h>

#include <stdio.h>

#include "base/scope.h"
#include "base/strbuf.h"
#include "cli/occasion.h"
#include "cli/scale.h"

/* What the cases of different kinds of runs are called keeps their series
 * apart: a benchmark by itself is measured in another way. */
static const char id_form[] = "scale:%s[workers=%d]";

/* Where the case of a series and count is among the results. */
static size_t index_of(const struct scaling *scaling, size_t series,
                       size_t count)
{
    size_t n = 0;

    for (size_t s = 0; s <= series; s++)
        for (size_t c = 0;
             c < (s < series ? scaling->settings.n_counts : count); c++)
            n += scaling->scaled[s].has[c];
    return n;
}

static int add_case(struct scaling *scaling, struct results *results, size_t s,
                    size_t c, struct error *err)
{
    const char *id = arena_printf(&results->arena, id_form,
                                  scaling->scaled[s].id, scaling->n[c]);
    struct case_results *one = id ? results_add_case(results, id) : NULL;

    if (!one || !results_need_metric(results, one, "time", "ns", BETTER_LOWER))
        return ERROR(err, ERR_NOMEM, "no memory for results");
    one->iterations = 1;
    one->warmup = 0;
    one->disturbed = -1;
    return 0;
}

static int make_results(struct scaling *scaling, int side, struct error *err)
{
    struct results *results = results_new();
    int rc = 0;

    scaling->results[side] = results;
    if (!results || !results_add_occasion(results))
        return ERROR(err, ERR_NOMEM, "no memory for results");
    for (size_t s = 0; s < scaling->n_scaled; s++)
        for (size_t c = 0; c < scaling->settings.n_counts && rc == 0; c++)
            if (scaling->scaled[s].has[c])
                rc = add_case(scaling, results, s, c, err);
    return rc;
}

static int note_counts(struct scaling *scaling, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    for (size_t c = 0; c < scaling->settings.n_counts; c++)
        strbuf_printf(&text, "%s%d", c ? "," : "", scaling->n[c]);
    return text.failed
               ? ERROR(err, ERR_NOMEM, "no memory for a plan")
               : facts_set(&scaling->session->arena, &scaling->occasion->plan,
                           "workers", strbuf_text(&text), err);
}

int scale_store_begin(struct scaling *scaling, struct error *err)
{
    struct session *session = scaling->session;
    int64_t revision_time;
    int rc = 0;

    scaling->occasion =
        arena_alloc(&session->arena, 1, sizeof *scaling->occasion);
    if (!scaling->occasion)
        return ERROR(err, ERR_NOMEM, "no memory for a run");
    for (int side = 0; side <= scaling->old && rc == 0; side++)
        rc = make_results(scaling, side, err);
    if (rc == 0)
        rc = occasion_fill(session, &session->arena, scaling->occasion,
                           &revision_time, err);
    if (rc == 0)
        rc = note_counts(scaling, err);
    return rc < 0 ? rc
                  : record_begin(&scaling->record, session, RUN_KIND_SCALE,
                                 scaling->occasion, revision_time, err);
}

int scale_store_sample(void *ctx, size_t series, int side, size_t count,
                       const struct scale_sample *sample, struct error *err)
{
    struct scaling *scaling = ctx;
    struct results *results = scaling->results[side];
    size_t i = index_of(scaling, series, count);
    struct metric *time = results_metric(&results->cases[i], "time");
    double ns = sample->seconds * 1e9;
    size_t k = time->occasion[0].n;
    int rc = results_add_invocation(results, time, 0, &ns, 1, err);

    return rc < 0
               ? rc
               : record_invocation_of(&scaling->record,
                                      side == SCALE_OLD ? SIDE_OLD : SIDE_NEW,
                                      results, i, k, err);
}

static int finish_series(struct scaling *scaling, int side, size_t s,
                         struct error *err)
{
    struct results *results = scaling->results[side];
    const struct scale_series *series = &scaling->series[s];
    int rc = 0;

    for (size_t c = 0; c < scaling->settings.n_counts && rc == 0; c++) {
        size_t i = index_of(scaling, s, c);
        struct case_results *one;

        if (!scaling->scaled[s].has[c])
            continue;
        one = &results->cases[i];
        one->stopped_by = series->stopped_by;
        one->status = *series->message ? CASE_FAILED : CASE_MEASURED;
        one->message = series->message;
        rc = record_case(&scaling->record,
                         side == SCALE_OLD ? SIDE_OLD : SIDE_NEW, results, i,
                         err);
    }
    return rc;
}

int scale_store_end(struct scaling *scaling, enum cli_exit *status,
                    struct error *err)
{
    int rc = 0, ended;

    for (int side = 0; side <= scaling->old && rc == 0; side++)
        for (size_t s = 0; s < scaling->n_scaled && rc == 0; s++)
            rc = finish_series(scaling, side, s, err);
    ended = record_end(&scaling->record, status, rc < 0 ? NULL : err);
    return rc < 0 ? rc : ended;
}
