/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines and changes of a history as columns. */
#include <config.h>

#include "report/dashboard_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "report/columns.h"
#include "stats/order.h"

/* Buckets of the small picture of a line, and its levels: 0 is "no value". */
enum { SPARK_MOST = 48, SPARK_LEVELS = 254 };

/* Makes the median absolute deviation estimate the standard deviation of normal
 * data: 1 / Phi^-1(3/4) (Rousseeuw and Croux, 1993). */
static const double mad_scale = 1.482602218505602;

/* --- columns */

/* A column of a value for each of n, an expression in i. */
#define COLUMN(json, key, n, put, value) \
    do {                                 \
        json_key((json), (key));         \
        json_array(json);                \
        for (size_t i = 0; i < (n); i++) \
            put((json), (value));        \
        json_array_end(json);            \
    } while (0)

static void put_known(struct json *json, const char *text)
{
    json_string(json, text && *text ? text : NULL);
}

static void put_size(struct json *json, size_t n)
{
    json_int(json, (int64_t)n);
}

/* --- what a line says in one number or picture */

/* Robust relative spread of the points since the last change. */
static double noise_of(const struct history_line *line)
{
    size_t from = line->n_changes ? line->change[line->n_changes - 1].at : 0;
    SCOPED(free_scoped) double *x = calloc(line->n - from + 1, sizeof *x);
    double middle = NAN, spread = NAN;
    size_t n = 0;

    for (size_t i = from; x && i < line->n; i++)
        if (isfinite(line->point[i].value))
            x[n++] = line->point[i].value;
    if (n < 4 || stats_median(x, n, &middle, NULL) < 0 || middle <= 0)
        return NAN;
    for (size_t i = 0; i < n; i++)
        x[i] = fabs(x[i] - middle);
    stats_median(x, n, &spread, NULL);
    return mad_scale * spread / middle;
}

/* The median of neighbours that share a bucket. */
static double bucket_of(const struct history_line *line, size_t from, size_t to,
                        double *work)
{
    double middle = NAN;
    size_t n = 0;

    for (size_t i = from; i < to; i++)
        if (isfinite(line->point[i].value))
            work[n++] = line->point[i].value;
    if (n)
        stats_median(work, n, &middle, NULL);
    return middle;
}

static unsigned char level_of(double x, double low, double high)
{
    if (!isfinite(x))
        return 0;
    if (high <= low)
        return 1 + SPARK_LEVELS / 2;
    return (unsigned char)(1 + lround((x - low) / (high - low) * SPARK_LEVELS));
}

/* The range of the picture: that of the values, and twice the margin about
 * their middle at least, so that what does not matter looks flat. */
static void spark_range(const double *x, size_t n, double margin, double *low,
                        double *high)
{
    double middle, half;

    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i])) {
            *low = fmin(*low, x[i]);
            *high = fmax(*high, x[i]);
        }
    middle = (*low + *high) / 2;
    half = fmax((*high - *low) / 2, fabs(middle) * 2 * margin);
    *low = middle - half;
    *high = middle + half;
}

static void put_spark(struct json *json, const struct history_report *history,
                      const struct history_line *line)
{
    SCOPED(free_scoped) double *work = calloc(line->n + 1, sizeof *work);
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    size_t n = line->n < SPARK_MOST ? line->n : SPARK_MOST;
    unsigned char level[SPARK_MOST];
    double x[SPARK_MOST], low, high;

    for (size_t i = 0; i < n; i++)
        x[i] =
            work ? bucket_of(line, i * line->n / n, (i + 1) * line->n / n, work)
                 : NAN;
    spark_range(x, n, history->margin, &low, &high);
    for (size_t i = 0; i < n; i++)
        level[i] = level_of(x[i], low, high);
    base64_add(&text, level, n);
    json_string(json, strbuf_text(&text));
    json->out->failed |= text.failed || !work;
}

/* --- lines */

static const struct history_point *newest(const struct history_line *line)
{
    return &line->point[line->n - 1];
}

static void put_line_texts(struct json *json,
                           const struct history_report *history,
                           const char *const *tags)
{
    const struct history_line *line = history->line;

    COLUMN(json, "id", history->n, json_string, line[i].id);
    COLUMN(json, "metric", history->n, json_string, line[i].metric);
    COLUMN(json, "unit", history->n, json_string, line[i].unit);
    COLUMN(json, "better", history->n, json_string,
           better_name(line[i].better));
    COLUMN(json, "machine", history->n, put_known, line[i].machine_key);
    COLUMN(json, "branch", history->n, put_known, line[i].branch);
    if (tags)
        COLUMN(json, "tags", history->n, json_string, tags[i]);
    COLUMN(json, "why_no_changes", history->n, put_known, line[i].why_none);
}

static void put_line_figures(struct json *json,
                             const struct history_report *history)
{
    const struct history_line *line = history->line;

    COLUMN(json, "points", history->n, put_size, line[i].n);
    COLUMN(json, "step", history->n, json_double, dashboard_step(&line[i]));
    COLUMN(json, "value", history->n, json_double, newest(&line[i])->value);
    COLUMN(json, "low", history->n, json_double, newest(&line[i])->low);
    COLUMN(json, "high", history->n, json_double, newest(&line[i])->high);
    COLUMN(json, "confidence", history->n, json_double,
           newest(&line[i])->confidence);
    COLUMN(json, "created", history->n, json_string, newest(&line[i])->created);
    COLUMN(json, "noise", history->n, json_double, noise_of(&line[i]));
    COLUMN(json, "baseline", history->n, json_double, line[i].baseline);
    COLUMN(json, "drift", history->n, json_double,
           (history_drifts(history, &line[i]) ? line[i].drift : NAN));
    COLUMN(json, "drift_p", history->n, json_double, line[i].drift_p);
}

static void put_lines(struct json *json, const struct history_report *history,
                      const char *const *tags, const struct strbuf *points)
{
    json_key(json, "lines");
    json_object(json);
    put_line_texts(json, history, tags);
    put_line_figures(json, history);
    json_key(json, "spark");
    json_array(json);
    for (size_t i = 0; i < history->n; i++)
        put_spark(json, history, &history->line[i]);
    json_array_end(json);
    if (points)
        COLUMN(json, "data", history->n, json_string, strbuf_text(&points[i]));
    json_object_end(json);
}

/* --- changes */

static size_t count_changes(const struct history_report *history)
{
    size_t n = 0;

    for (size_t i = 0; i < history->n; i++)
        n += history->line[i].n_changes;
    return n;
}

/* A change with the line it is of. */
struct placed_change {
    const struct history_line *line;
    const struct history_change *change;
    size_t number; /* of the line */
};

static void place_changes(const struct history_report *history,
                          struct placed_change *out)
{
    for (size_t i = 0; i < history->n; i++)
        for (size_t k = 0; k < history->line[i].n_changes; k++)
            *out++ = (struct placed_change){&history->line[i],
                                            &history->line[i].change[k], i};
}

static void put_change_columns(struct json *json, const struct placed_change *c,
                               size_t n)
{
    COLUMN(json, "line", n, put_size, c[i].number);
    COLUMN(json, "point", n, put_size, c[i].change->at);
    COLUMN(json, "change", n, json_string, c[i].change->name);
    COLUMN(json, "ratio", n, json_double, c[i].change->ratio);
    COLUMN(json, "low", n, json_double, c[i].change->low);
    COLUMN(json, "high", n, json_double, c[i].change->high);
    COLUMN(json, "confidence", n, json_double, c[i].change->confidence);
    COLUMN(json, "p", n, json_double, c[i].change->p);
    COLUMN(json, "worse", n, json_bool,
           history_is_worse(c[i].line, c[i].change));
    COLUMN(json, "provisional", n, json_bool, c[i].change->provisional);
    COLUMN(json, "before", n, put_known,
           c[i].line->point[c[i].change->at - 1].revision);
    COLUMN(json, "after", n, put_known,
           c[i].line->point[c[i].change->at].revision);
    COLUMN(json, "created", n, json_string,
           c[i].line->point[c[i].change->at].created);
    COLUMN(json, "acknowledged", n, put_known, c[i].change->ack);
    COLUMN(json, "acknowledged_by", n, put_known, c[i].change->ack_author);
    COLUMN(json, "acknowledged_on", n, put_known, c[i].change->ack_created);
}

static void put_changes(struct json *json, const struct history_report *history)
{
    size_t n = count_changes(history);
    SCOPED(free_scoped) struct placed_change *c = calloc(n + 1, sizeof *c);

    json_key(json, "changes");
    json_object(json);
    if (c) {
        place_changes(history, c);
        put_change_columns(json, c, n);
    }
    json_object_end(json);
    json->out->failed |= !c;
}

/* --- tables */

static void put_moments(struct json *json, const struct moments *moments)
{
    json_key(json, "moments");
    json_object(json);
    COLUMN(json, "revision", moments->n, put_known,
           moments->point[i]->revision);
    COLUMN(json, "created", moments->n, json_string,
           moments->point[i]->created);
    COLUMN(json, "run", moments->n, json_int, moments->point[i]->run);
    COLUMN(json, "dirty", moments->n, json_bool, moments->point[i]->dirty);
    json_object_end(json);
    json->out->failed |= moments->failed;
}

static void put_efforts(struct json *json, const struct efforts *efforts)
{
    json_key(json, "efforts");
    json_object(json);
    COLUMN(json, "invocations", efforts->n, put_size,
           efforts->point[i]->invocations);
    COLUMN(json, "occasions", efforts->n, put_size,
           efforts->point[i]->occasions);
    COLUMN(json, "confidence", efforts->n, json_double,
           efforts->point[i]->confidence);
    json_object_end(json);
    json->out->failed |= efforts->failed;
}

static void put_others(struct json *json, const struct history_report *history)
{
    json_key(json, "others");
    json_list(json);
    for (size_t i = 0; i < history->n_others; i++) {
        const struct history_other *o = &history->other[i];

        json_object(json);
        json_key(json, "machine");
        put_known(json, o->machine_key);
        json_key(json, "branch");
        put_known(json, o->branch);
        json_set_int(json, "runs", (int64_t)o->runs);
        json_object_end(json);
    }
    json_array_end(json);
}

void dashboard_history(struct json *json, const struct history_report *history,
                       const char *const *tags, size_t first, size_t all,
                       const struct strbuf *points,
                       const struct moments *moments,
                       const struct efforts *efforts)
{
    json_object(json);
    json_set_string(json, "store", history->store);
    json_key(json, "here");
    put_known(json, history->here);
    json_key(json, "baseline");
    put_known(json, history->baseline);
    json_set_double(json, "margin", history->margin);
    json_set_int(json, "first", (int64_t)first);
    json_set_int(json, "all", (int64_t)all);
    put_others(json, history);
    put_moments(json, moments);
    put_efforts(json, efforts);
    put_lines(json, history, tags, points);
    put_changes(json, history);
    json_object_end(json);
}
