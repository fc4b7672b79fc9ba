/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a page of made-up series, as large as is asked for:
 *     perf/dashboard/page CASES REVISIONS >page.html */
#include <config.h>

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"
#include "report/dashboard.h"
#include "report/page.h"

static uint64_t state = 88172645463325252; /* xorshift64, Marsaglia 2003 */

static double uniform(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(state >> 11) / 9007199254740992.0;
}

static double noise(double size)
{
    return (uniform() + uniform() + uniform() - 1.5) * size;
}

static void *must(void *p)
{
    if (p)
        return p;
    fputs("page: no memory\n", stderr);
    exit(2);
}

static PRINTF_LIKE(1, 2) char *text(const char *format, ...)
{
    char *out = must(malloc(64));
    va_list words;

    va_start(words, format);
    vsnprintf(out, 64, format, words);
    va_end(words);
    return out;
}

static void fill_points(struct history_point *point, size_t n, size_t change,
                        char *const *revision, char *const *created)
{
    double level = exp(3 + 12 * uniform()), size = 0.002 + 0.02 * uniform();
    double step = change ? exp(noise(0.2)) : 1;

    for (size_t i = 0; i < n; i++) {
        double value =
            level * (change && i >= change ? step : 1) * (1 + noise(size));

        point[i] = (struct history_point){
            .revision = revision[i],
            .created = created[i],
            .value = value,
            .low = value * (1 - size * (0.3 + uniform() * 0.2)),
            .high = value * (1 + size * (0.3 + uniform() * 0.2)),
            .confidence = 0.9614,
            .occasions = 1,
            .invocations = 8,
            .run = (int64_t)i + 1};
    }
}

static void add_change(struct history_line *line, size_t at, size_t number)
{
    double ratio = line->point[line->n - 1].value / line->point[0].value;

    line->change = must(calloc(1, sizeof *line->change));
    line->change[0] = (struct history_change){.name = text("%08zx", number),
                                              .at = at,
                                              .ratio = ratio,
                                              .low = ratio * 0.997,
                                              .high = ratio * 1.003,
                                              .confidence = 0.95,
                                              .p = 0.001,
                                              .ack = "",
                                              .ack_author = "",
                                              .ack_created = ""};
    line->n_changes = 1;
}

static void name_revisions(size_t n, char **revision, char **created)
{
    for (size_t i = 0; i < n; i++) {
        revision[i] =
            text("%07zxabcdef0123456789abcdef0123456", i * 2654435 + 7);
        created[i] = must(malloc(32));
        snprintf(created[i], 32, "20%02zu-%02zu-%02zuT10:00:00Z", 22 + i / 336,
                 1 + i / 28 % 12, 1 + i % 28);
    }
}

static void fill_line(struct history_line *line, size_t number, size_t n,
                      char **revision, char **created)
{
    size_t change = number % 9 == 0 ? n / 2 + number % (n / 3 + 1) : 0;

    *line = (struct history_line){
        .id = text("module/some_benchmark[n=%zu]", number),
        .metric = "time",
        .unit = "ns",
        .better = BETTER_LOWER,
        .machine_key = "3f2a91c0aa",
        .branch = "main",
        .point = must(calloc(n, sizeof *line->point)),
        .n = n,
        .drift = NAN,
        .drift_p = NAN,
        .baseline = NAN,
        .why_none = ""};
    fill_points(line->point, n, change, revision, created);
    if (change && change < n)
        add_change(line, change, number);
}

static int write_page(struct history_line *line, size_t cases,
                      const char **tags)
{
    const struct history_report history = {.suite = "large",
                                           .store = ".tare/tare.db",
                                           .line = line,
                                           .n = cases,
                                           .here = "3f2a91c0aa",
                                           .baseline = "",
                                           .margin = 0.02};
    const struct dashboard d = {.suite = "large",
                                .program = PACKAGE_STRING,
                                .created = "2026-01-01T00:00:00Z",
                                .history = &history,
                                .tags = tags};
    struct strbuf out = {0};
    struct error err = {0};

    if (dashboard_html(&d, page_text, page_size, &out, &err) < 0) {
        error_print(&err, stderr);
        return 2;
    }
    fwrite(out.text, 1, out.size, stdout);
    return 0;
}

int main(int argc, char **argv)
{
    static const char *const tag[] = {"", "unit", "slow", "unit,db", "io"};
    int64_t cases = 5000, revisions = 1000;
    struct history_line *line;
    char **revision, **created;
    const char **tags;
    size_t n;

    if ((argc > 1 && parse_int(argv[1], 1, 1000000, &cases, NULL) < 0) ||
        (argc > 2 && parse_int(argv[2], 2, 1000000, &revisions, NULL) < 0)) {
        fputs("usage: page [CASES [REVISIONS]]\n", stderr);
        return 2;
    }
    n = (size_t)revisions;
    revision = must(calloc(n, sizeof *revision));
    created = must(calloc(n, sizeof *created));
    line = must(calloc((size_t)cases, sizeof *line));
    tags = must(calloc((size_t)cases, sizeof(*tags)));
    name_revisions(n, revision, created);
    for (size_t i = 0; i < (size_t)cases; i++) {
        fill_line(&line[i], i, n, revision, created);
        tags[i] = tag[i % 5];
    }
    return write_page(line, (size_t)cases, tags);
}
