/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/figures.h"

#include <math.h>
#include <string.h>

#include "base/names.h"
#include "base/scope.h"
#include "report/run_tags.h"

enum { FIGURE_ID = 300 };

/* Is it everything that the suite holds? */
static bool is_whole(const struct record *record)
{
    static const enum opt_id partly[] = {
        OPT_ID,     OPT_TAGS,    OPT_SHARD,      OPT_LAST_FAILED, OPT_REPLAY,
        OPT_REPEAT, OPT_MAXFAIL, OPT_EXIT_FIRST, OPT_COMMAND,
    };
    const struct session *session = record->session;
    const struct options *options = &session->cli->options;

    if (!record->store || options->dashes ||
        (session->suite_file && session->programs_named))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(partly); i++)
        if (options->given[partly[i]])
            return false;
    return true;
}

static void tag_id(char id[FIGURE_ID], const char *tag, size_t size)
{
    snprintf(id, FIGURE_ID, "@tag/%.*s", (int)size, tag);
}

/* --- benchmarks */

void figures_of_run(struct record *record, const struct run_report *report)
{
    if (!is_whole(record) || report->interrupted || report->n_failed)
        return;
    for (size_t i = 0; i < report->n_tags; i++) {
        const struct run_tag *tag = &report->tag[i];
        char id[FIGURE_ID] = "@suite";

        if (*tag->name)
            tag_id(id, tag->name, strlen(tag->name));
        record_figure(record, id, "geomean", "ns", BETTER_LOWER, tag->mean_ns);
        record_figure(record, id, "total", "ns", BETTER_LOWER, tag->total_ns);
    }
}

/* --- tests */

/* Sums over what is known; NaN when nothing is. */
struct usage_sums {
    double cpu_ns, max_rss, read_bytes, write_bytes;
};

static void add(double *sum, double value)
{
    if (value >= 0)
        *sum = isnan(*sum) ? value : *sum + value;
}

static struct usage_sums sum_up(const struct test_report *report)
{
    struct usage_sums all = {NAN, NAN, NAN, NAN};

    for (size_t i = 0; i < report->n; i++) {
        const struct test_usage *u = &report->test[i].usage;

        add(&all.cpu_ns, u->user_s < 0 ? -1 : (u->user_s + u->system_s) * 1e9);
        add(&all.read_bytes, (double)u->read_bytes);
        add(&all.write_bytes, (double)u->write_bytes);
        if (u->max_rss > 0)
            all.max_rss = fmax(all.max_rss, (double)u->max_rss);
    }
    return all;
}

/* Is this the first test with the tag? */
static bool is_first(const struct test_report *report, size_t i,
                     const char *tag, size_t size)
{
    for (size_t k = 0; k < i; k++)
        if (names_has(report->test[k].tags, tag, size))
            return false;
    return true;
}

static void put_tag(struct record *record, const struct test_report *report,
                    const char *tag, size_t size)
{
    char id[FIGURE_ID];
    double sum = 0;

    for (size_t i = 0; i < report->n; i++)
        if (names_has(report->test[i].tags, tag, size))
            sum += (double)report->test[i].duration_ns;
    tag_id(id, tag, size);
    record_figure(record, id, "duration", "ns", BETTER_LOWER, sum);
}

static void put_tags(struct record *record, const struct test_report *report)
{
    for (size_t i = 0; i < report->n; i++) {
        const char *at = report->test[i].tags, *tag;
        size_t size;

        while ((tag = names_next(&at, &size)))
            if (is_first(report, i, tag, size))
                put_tag(record, report, tag, size);
    }
}

void figures_of_tests(struct record *record, const struct test_report *report)
{
    struct test_summary s = test_summarise(report);
    struct usage_sums all = sum_up(report);
    char id[FIGURE_ID];

    if (!is_whole(record) || report->interrupted || report->n == 0)
        return;
    snprintf(id, sizeof id, "@suite[workers=%zu]", report->workers);
    record_figure(record, id, "makespan", "ns", BETTER_LOWER,
                  (double)report->makespan_ns);
    record_figure(record, id, "efficiency", "1", BETTER_HIGHER, s.efficiency);
    record_figure(record, "@suite", "sequential", "ns", BETTER_LOWER,
                  s.sequential_s * 1e9);
    record_figure(record, "@suite", "cpu_time", "ns", BETTER_LOWER, all.cpu_ns);
    record_figure(record, "@suite", "max_rss", "B", BETTER_LOWER, all.max_rss);
    record_figure(record, "@suite", "read_bytes", "B", BETTER_LOWER,
                  all.read_bytes);
    record_figure(record, "@suite", "write_bytes", "B", BETTER_LOWER,
                  all.write_bytes);
    put_tags(record, report);
}
