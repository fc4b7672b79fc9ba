/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of a run used, and how busy its workers were. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/names.h"
#include "base/scope.h"
#include "base/units.h"
#include "report/table.h"
#include "report/tests.h"

enum { CELLS = 60, WORKERS_SHOWN = 64 };

/* ---- sums by tag and by program */

struct sum {
    const char *name;
    size_t size; /* of the name */
    size_t tests, failed;
    double seconds;
    double cpu_s;    /* negative: unknown, as max_rss */
    int64_t max_rss; /* of the largest */
};

struct sums {
    struct sum *item;
    size_t n, room;
    bool failed; /* no memory */
};

static struct sum *sum_of(struct sums *sums, const char *name, size_t size)
{
    for (size_t i = 0; i < sums->n; i++)
        if (sums->item[i].size == size &&
            memcmp(sums->item[i].name, name, size) == 0)
            return &sums->item[i];
    if (sums->n == sums->room) {
        size_t room = sums->room * 2 + 16;
        struct sum *more = realloc(sums->item, room * sizeof *more);

        if (!more) {
            sums->failed = true;
            return NULL;
        }
        sums->item = more;
        sums->room = room;
    }
    sums->item[sums->n] =
        (struct sum){.name = name, .size = size, .cpu_s = -1, .max_rss = -1};
    return &sums->item[sums->n++];
}

static void add(struct sums *sums, const char *name, size_t size,
                const struct test_result *t)
{
    struct sum *sum = sum_of(sums, name, size);

    if (!sum)
        return;
    sum->tests++;
    sum->failed += test_verdict(t->outcome) == TEST_VERDICT_FAILED;
    sum->seconds += (double)t->duration_ns / 1e9;
    if (t->usage.user_s >= 0 && t->usage.system_s >= 0)
        sum->cpu_s = fmax(sum->cpu_s, 0) + t->usage.user_s + t->usage.system_s;
    if (t->usage.max_rss > sum->max_rss)
        sum->max_rss = t->usage.max_rss;
}

static void add_tags(struct sums *sums, const struct test_result *t)
{
    const char *at = t->tags, *tag;
    size_t size;

    while ((tag = names_next(&at, &size)))
        add(sums, tag, size, t);
}

static int by_time(const void *a, const void *b)
{
    const struct sum *x = a, *y = b;

    return (x->seconds < y->seconds) - (x->seconds > y->seconds);
}

static void put_sums(struct sums *sums, const char *heading,
                     const struct text_style *style, struct strbuf *out)
{
    struct table table = {0};
    char text[QUANTITY_TEXT];

    if (sums->n)
        qsort(sums->item, sums->n, sizeof *sums->item, by_time);
    table_column(&table, heading, COLUMN_NAME);
    table_column(&table, "tests", COLUMN_NUMBER);
    table_column(&table, "failed", COLUMN_NUMBER);
    table_column(&table, "time", COLUMN_NUMBER);
    table_column(&table, "CPU", COLUMN_NUMBER);
    table_column(&table, "peak memory", COLUMN_NUMBER);
    for (size_t i = 0; i < sums->n; i++) {
        const struct sum *s = &sums->item[i];

        table_row(&table);
        table_cellf(&table, PAINT_NONE, "%.*s", (int)s->size, s->name);
        table_cellf(&table, PAINT_NONE, "%zu", s->tests);
        table_cellf(&table, s->failed ? PAINT_BAD : PAINT_NONE, "%zu",
                    s->failed);
        table_cell(&table, PAINT_NONE,
                   format_duration(text, (int64_t)(s->seconds * 1e9)));
        table_cell(&table, PAINT_NONE,
                   s->cpu_s < 0
                       ? "unknown"
                       : format_duration(text, (int64_t)(s->cpu_s * 1e9)));
        table_cell(&table, PAINT_NONE,
                   s->max_rss >= 0
                       ? format_quantity(text, (double)s->max_rss, "B")
                       : "unknown");
    }
    if (sums->n)
        table_print(&table, style, out);
    table_clear(&table);
    if (sums->n)
        strbuf_putc(out, '\n');
    out->failed |= sums->failed;
}

void tests_sums(const struct test_report *report,
                const struct text_style *style, struct strbuf *out)
{
    struct sums tags = {0}, programs = {0};

    for (size_t i = 0; i < report->n; i++) {
        const struct test_result *t = &report->test[i];
        size_t size = strcspn(t->id, "/[");

        add_tags(&tags, t);
        if (t->id[size] == '/')
            add(&programs, t->id, size, t);
        else
            add(&programs, "commands", strlen("commands"), t);
    }
    put_sums(&tags, "tag", style, out);
    put_sums(&programs, "program", style, out);
    free(tags.item);
    free(programs.item);
}

/* ---- the timeline */

/* Nanoseconds that a worker was busy in each cell of its line. */
static void fill_cells(const struct test_report *report, int worker,
                       double cell_ns, double busy[CELLS])
{
    memset(busy, 0, CELLS * sizeof *busy);
    for (size_t i = 0; i < report->n; i++) {
        const struct test_result *t = &report->test[i];
        double from = (double)t->started_ns;
        double to = from + (double)t->duration_ns;

        if (t->worker != worker || t->started_ns < 0)
            continue;
        for (int k = (int)(from / cell_ns); k < CELLS; k++) {
            double low = k * cell_ns, high = low + cell_ns;

            if (low >= to)
                break;
            busy[k] += (to < high ? to : high) - (from > low ? from : low);
        }
    }
}

static void put_line(const struct test_report *report, int worker,
                     double cell_ns, struct strbuf *out)
{
    static const char *const bar[] = {" ", "▁", "▂", "▃", "▄",
                                      "▅", "▆", "▇", "█"};
    enum { STEPS = ARRAY_LEN(bar) - 1 };
    double busy[CELLS], sum = 0;

    fill_cells(report, worker, cell_ns, busy);
    strbuf_printf(out, "w%-3d ", worker);
    for (int k = 0; k < CELLS; k++) {
        double share = busy[k] / cell_ns;
        int step = (int)(share * STEPS + 0.5);

        if (step == 0 && busy[k] > 0)
            step = 1;
        sum += busy[k];
        strbuf_puts(out, bar[step < STEPS ? step : STEPS]);
    }
    strbuf_printf(out, " %3.0f %%\n", 100 * sum / (cell_ns * CELLS));
}

void tests_timeline(const struct test_report *report, struct strbuf *out)
{
    double cell_ns = (double)report->makespan_ns / CELLS;
    char took[QUANTITY_TEXT];
    bool known = false;

    for (size_t i = 0; i < report->n && !known; i++)
        known = report->test[i].started_ns >= 0 && report->test[i].worker >= 0;
    if (!known || report->makespan_ns < CELLS)
        return;
    for (size_t w = 0; w < report->workers && w < WORKERS_SHOWN; w++)
        put_line(report, (int)w, cell_ns, out);
    if (report->workers > WORKERS_SHOWN)
        strbuf_printf(out, "and %zu more\n", report->workers - WORKERS_SHOWN);
    strbuf_printf(out, "     0%*s\n\n", CELLS - 1,
                  format_duration(took, report->makespan_ns));
}
