/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The self-test as text and JSON. */
#include <config.h>

#include <math.h>

#include "base/json.h"
#include "base/scope.h"
#include "base/units.h"
#include "cli/selftest.h"
#include "report/table.h"
#include "stats/binomial.h"
#include "stats/order.h"

static void cell_rate(struct table *table, const struct trials *t, bool alarm)
{
    enum paint paint = PAINT_NONE;

    if (t->n == 0) {
        table_cell(table, PAINT_DIM, "-");
        return;
    }
    if (alarm && t->regressed)
        paint = PAINT_BAD;
    else if (!alarm && t->regressed == t->n)
        paint = PAINT_GOOD;
    table_cellf(table, paint, "%zu/%zu", t->regressed, t->n);
}

static void cell_seconds(struct table *table, const struct trials *t)
{
    double median;

    if (stats_median(t->seconds, t->n, &median, NULL) < 0)
        table_cell(table, PAINT_DIM, "-");
    else
        table_cellf(table, PAINT_DIM, "%.1f s", median);
}

static void cell_change(struct table *table, double ratio)
{
    if (isfinite(ratio))
        table_cellf(table, PAINT_NONE, "%.2f %%", (ratio - 1) * 100);
    else
        table_cell(table, PAINT_DIM, "-");
}

static void add_headings(struct table *table)
{
    table_column(table, "kernel", COLUMN_NAME);
    table_column(table, "false alarms", COLUMN_NUMBER);
    table_column(table, "same in 2 %", COLUMN_NUMBER);
    table_column(table, "", COLUMN_NUMBER);
    for (size_t k = 2; k < TRIALS; k++) {
        table_column(table, trial_kinds[k].name, COLUMN_NUMBER);
        table_column(table, "", COLUMN_NUMBER);
    }
    table_column(table, "trusted in 1 s", COLUMN_NUMBER);
    table_column(table, "3 s", COLUMN_NUMBER);
    table_column(table, "10 s", COLUMN_NUMBER);
}

static void add_row(struct table *table, const struct selftest_row *row)
{
    const struct trials *same = &row->trial[1];
    struct trials alarms = {
        .n = row->trial[0].n + same->n,
        .regressed = row->trial[0].regressed + same->regressed,
    };

    table_row(table);
    table_cell(table, PAINT_NONE, row->kernel->name + 2);
    cell_rate(table, &alarms, true);
    if (same->n)
        table_cellf(table, PAINT_NONE, "%zu/%zu", same->unchanged, same->n);
    else
        table_cell(table, PAINT_DIM, "-");
    cell_seconds(table, same);
    for (size_t k = 2; k < TRIALS; k++) {
        cell_rate(table, &row->trial[k], false);
        cell_seconds(table, &row->trial[k]);
    }
    for (size_t h = 0; h < HORIZONS; h++)
        cell_change(table, row->smallest[h]);
    if (row->failed[0])
        table_note(table, PAINT_BAD, "could not be measured: %s", row->failed);
}

static void put_alarms(const struct selftest *test,
                       const struct text_style *style, struct strbuf *out)
{
    size_t alarms, n;
    double low, high;

    selftest_alarms(test, &alarms, &n);
    binomial_interval(alarms, n, 0.95, &low, &high);
    text_paint(out, style, alarms ? PAINT_WARN : PAINT_GOOD, "false alarms: ");
    strbuf_printf(out,
                  "%zu of %zu comparisons of unchanged code "
                  "(95 %% interval %.2f to %.2f %%, alpha 1 %%)\n",
                  alarms, n, 100 * low, 100 * high);
}

/* Relinked builds are unchanged code too, which a gate calls different with
 * reason: each is another program. */
static void put_relinked(const struct selftest *test, struct strbuf *out)
{
    size_t different = 0, compared = 0;
    double worst = 1;

    if (!test->layout)
        return;
    for (size_t i = 0; i < test->layout->n_cases; i++) {
        const struct layout_case *c = &test->layout->cases[i];

        different += c->different;
        compared += c->compared;
        worst = fmax(worst, c->floor);
    }
    strbuf_printf(out,
                  "relinked: %zu of %zu comparisons of builds of the same "
                  "objects in another order called different, the largest "
                  "ratio %.1f %%\n",
                  different, compared, 100 * (worst - 1));
}

void selftest_text(const struct selftest *test, const struct text_style *style,
                   struct strbuf *out)
{
    struct table table = {0};
    char wall[QUANTITY_TEXT];

    add_headings(&table);
    for (size_t r = 0; r < test->n; r++)
        add_row(&table, &test->row[r]);
    table_print(&table, style, out);
    table_clear(&table);
    strbuf_putc(out, '\n');
    put_alarms(test, style, out);
    put_relinked(test, out);
    strbuf_puts(out, "found: each change at a margin of half its size; behind "
                     "each rate the median seconds a decision took\n");
    if (test->quick)
        strbuf_puts(out, "this was the quick test: it can refute only gross "
                         "failure; --full measures the rates\n");
    strbuf_printf(out, "took %s%s\n",
                  format_duration(wall, (int64_t)(test->wall_s * 1e9)),
                  test->interrupted ? ", interrupted" : "");
}

static void json_trials(struct json *json, const struct trial_kind *kind,
                        const struct trials *t)
{
    double low, high, median = NAN;

    binomial_interval(t->regressed, t->n, 0.95, &low, &high);
    stats_median(t->seconds, t->n, &median, NULL);
    json_object(json);
    json_set_double(json, "change", kind->permille / 1000.0);
    json_set_double(json, "margin", kind->margin);
    json_set_int(json, "comparisons", (int64_t)t->n);
    json_set_int(json, "regressed", (int64_t)t->regressed);
    json_set_int(json, "unchanged", (int64_t)t->unchanged);
    json_set_double(json, "rate_low", low);
    json_set_double(json, "rate_high", high);
    json_set_double(json, "median_s", median);
    json_object_end(json);
}

static void json_row(struct json *json, const struct selftest_row *row)
{
    json_object(json);
    json_set_string(json, "kernel", row->kernel->name + 2);
    json_set_bool(json, "calm", row->kernel->calm);
    json_set_string(json, "failed", row->failed[0] ? row->failed : NULL);
    json_key(json, "trials");
    json_list(json);
    for (size_t k = 0; k < TRIALS; k++)
        json_trials(json, &trial_kinds[k], &row->trial[k]);
    json_array_end(json);
    json_key(json, "trusted");
    json_list(json);
    for (size_t h = 0; h < HORIZONS; h++) {
        json_object(json);
        json_set_double(json, "seconds", selftest_horizons[h]);
        json_set_double(json, "ratio", row->smallest[h]);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

void selftest_json(const struct selftest *test, struct strbuf *out)
{
    struct json json = {.out = out};
    size_t alarms, n;

    selftest_alarms(test, &alarms, &n);
    json_object(&json);
    json_set_string(&json, "schema", "tare/selftest/1");
    json_set_bool(&json, "quick", test->quick);
    json_set_int(&json, "comparisons_unchanged", (int64_t)n);
    json_set_int(&json, "false_alarms", (int64_t)alarms);
    json_set_double(&json, "wall_s", test->wall_s);
    json_key(&json, "kernels");
    json_list(&json);
    for (size_t r = 0; r < test->n; r++)
        json_row(&json, &test->row[r]);
    json_array_end(&json);
    json_key(&json, "relinked");
    if (test->layout)
        layout_json(test->layout, out);
    else
        json_null(&json);
    json_object_end(&json);
}
