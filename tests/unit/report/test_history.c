/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Histories made up by hand, in every form. */
#include <config.h>

#include "report/history.h"
#include "report/history_parts.h"

#include <math.h>

#include "base/scope.h"
#include "tests/unit/report/golden.h"
#include "tests/unit/report/made_up.h"

enum { POINTS = 30 };

/* Ten revisions at 1000, ten at 1050, the rest at 980; one without interval. */
static void make_points(struct history_point *point)
{
    static char revision[POINTS][16], created[POINTS][24];

    for (size_t i = 0; i < POINTS; i++) {
        double value = i < 10 ? 1000 : i < 20 ? 1050 : 980;

        snprintf(revision[i], sizeof revision[i], "%02zxabcdef0123", i + 16);
        snprintf(created[i], sizeof created[i], "2026-%02zu-%02zuT10:00:00Z",
                 1 + i / 10, 1 + i % 10);
        value += (double)(i % 3);
        point[i] = (struct history_point){.revision = revision[i],
                                          .created = created[i],
                                          .dirty = i == 5,
                                          .value = value,
                                          .low = value - 4,
                                          .high = value + 5,
                                          .confidence = 0.9688,
                                          .occasions = 1 + i % 2,
                                          .invocations = 12,
                                          .run = (int64_t)i + 1};
    }
    point[3].low = point[3].high = point[3].confidence = NAN;
}

static const struct history_change changes[] = {
    {.name = "3f9a1b2c",
     .at = 10,
     .ratio = 1.05,
     .low = 1.0451,
     .high = 1.0559,
     .confidence = 0.9523,
     .p = 0.001,
     .ack = "",
     .ack_author = "",
     .ack_created = ""},
    {.name = "00112233",
     .at = 20,
     .ratio = 0.9333,
     .low = NAN,
     .high = NAN,
     .confidence = 0.9,
     .p = 0.002,
     .provisional = true,
     .ack = "",
     .ack_author = "",
     .ack_created = ""},
};

static const struct history_change accepted[] = {
    {.name = "deadbeef",
     .at = 10,
     .ratio = 1.05,
     .low = 1.0451,
     .high = 1.0559,
     .confidence = 0.9523,
     .p = 0.001,
     .ack = "the safer comparison\x1b[2J",
     .ack_author = "somebody",
     .ack_created = "2026-03-04T05:06:07Z"},
};

struct made {
    struct history_point point[POINTS];
    struct history_line line[4];
    struct history_other other[2];
    struct history_report report;
};

static void make(struct made *m)
{
    static const char key[] = "3f2a91c0d4e5f60718293a4b5c6d7e8f";

    make_points(m->point);
    m->line[0] = (struct history_line){.id = "sort/qsort[n=1000]",
                                       .metric = "time",
                                       .unit = "ns",
                                       .better = BETTER_LOWER,
                                       .machine_key = key,
                                       .branch = "main",
                                       .point = m->point,
                                       .n = POINTS,
                                       .change = (void *)changes,
                                       .n_changes = ARRAY_LEN(changes),
                                       .drift = 1.0012,
                                       .drift_p = 0.002,
                                       .baseline = 1000,
                                       .why_none = ""};
    m->line[1] = m->line[0];
    m->line[1].id = HOSTILE;
    m->line[1].n = 12;
    m->line[1].change = (void *)accepted;
    m->line[1].n_changes = 1;
    m->line[1].drift = m->line[1].drift_p = m->line[1].baseline = NAN;
    m->line[2] = m->line[1];
    m->line[2].id = "cache/lookup";
    m->line[2].metric = "hits";
    m->line[2].unit = "1";
    m->line[2].better = BETTER_HIGHER;
    m->line[2].n = 2;
    m->line[2].n_changes = 0;
    m->line[2].why_none = "fewer than 6 points";
    m->line[3] = m->line[2];
    m->line[3].branch = HOSTILE;
    m->line[3].machine_key = "";
    m->other[0] = (struct history_other){key, "wip", 3};
    m->other[1] = (struct history_other){"77aa", HOSTILE, 1};
    m->report = (struct history_report){.suite = "shop",
                                        .store = ".tare/tare.db",
                                        .line = m->line,
                                        .n = ARRAY_LEN(m->line),
                                        .other = m->other,
                                        .n_others = ARRAY_LEN(m->other),
                                        .here = key,
                                        .baseline = "main",
                                        .margin = 0.02,
                                        .drift_alpha = 0.01};
}

static void check_form(struct tare *t, const char *golden,
                       void (*form)(const struct history_report *,
                                    const struct text_style *, struct strbuf *),
                       struct text_style style)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct made made;

    make(&made);
    form(&made.report, &style, &out);
    CHECK_GOLDEN(golden, &out);
}

static void json_form(const struct history_report *report,
                      const struct text_style *style, struct strbuf *out)
{
    (void)style;
    history_json(report, out);
}

static void csv_form(const struct history_report *report,
                     const struct text_style *style, struct strbuf *out)
{
    (void)style;
    history_csv(report, out);
}

static void markdown_form(const struct history_report *report,
                          const struct text_style *style, struct strbuf *out)
{
    (void)style;
    history_markdown(report, out);
}

TARE_TEST(every_form)
{
    const struct text_style narrow = {.columns = 80};
    const struct text_style verbose = {.columns = 120, .verbose = true};

    check_form(t, "history.txt", history_text, narrow);
    check_form(t, "history-verbose.txt", history_text, verbose);
    check_form(t, "history-details.txt", history_details, narrow);
    check_form(t, "history.json", json_form, narrow);
    check_form(t, "history.csv", csv_form, narrow);
    check_form(t, "history.md", markdown_form, narrow);
}

TARE_TEST(points_without_a_revision_are_named_by_their_time)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct made m;

    make(&m);
    for (size_t i = 0; i < POINTS; i++) {
        m.point[i].revision = "";
        m.point[i].dirty = false;
        m.point[i].created = "2026-03-04T05:06:07Z";
    }
    put_change(&out, &m.line[1], &accepted[0]);
    TARE_CHECK(strstr(strbuf_text(&out),
                      " between 2026-03-04 05:06 and 2026-03-04 05:06; ack"));
    strbuf_clear(&out);
    m.line[0].n_changes = 0;
    put_drift(&out, &m.line[0]);
    TARE_CHECK(strstr(strbuf_text(&out), " since 2026-03-04 05:06, "));
    strbuf_clear(&out);
    m.report.n = 1;
    history_details(&m.report, &(struct text_style){.columns = 0}, &out);
    TARE_CHECK(strstr(strbuf_text(&out), "\ndate  "));
    TARE_CHECK(strstr(strbuf_text(&out), "\n2026-03-04 05:06  "));
    strbuf_clear(&out);
    m.point[0].created = "";
    put_drift(&out, &m.line[0]);
    TARE_CHECK(strstr(strbuf_text(&out), " since unknown, "));
}

TARE_TEST(what_is_open)
{
    struct made made;
    struct history_counts n;

    make(&made);
    n = history_count(&made.report);
    TARE_CHECK_INT(n.changes, 3);
    TARE_CHECK_INT(n.open, 1);
    TARE_CHECK_INT(n.provisional, 1);
    TARE_CHECK_INT(n.acknowledged, 1);
    TARE_CHECK(history_is_worse(&made.line[0], &changes[0]));
    TARE_CHECK(!history_is_worse(&made.line[0], &changes[1]));
    TARE_CHECK(history_is_worse(&made.line[2], &changes[1]));
    made.line[0].better = BETTER_NONE;
    TARE_CHECK(!history_is_worse(&made.line[0], &changes[0]));
}

static void check_spark(struct tare *t, const double *value, size_t n,
                        size_t width, double least, const char *want)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    history_spark(&out, value, n, width, least);
    TARE_CHECK_STR(strbuf_text(&out), want);
}

TARE_TEST(a_trend_in_blocks)
{
    const double steps[] = {1, 2, 3, 4, 5, 6, 7, 8};
    const double flat[] = {5, 5, 5};
    const double gap[] = {1, NAN, 2, INFINITY};

    check_spark(t, steps, 8, 10, 0,
                "\xe2\x96\x81\xe2\x96\x82\xe2\x96\x83\xe2\x96\x84\xe2\x96\x85"
                "\xe2\x96\x86\xe2\x96\x87\xe2\x96\x88");
    check_spark(t, steps, 8, 2, 0, "\xe2\x96\x81\xe2\x96\x88");
    check_spark(t, flat, 3, 10, 0, "\xe2\x96\x84\xe2\x96\x84\xe2\x96\x84");
    check_spark(t, gap, 4, 10, 0, "\xe2\x96\x81 \xe2\x96\x88 ");
    check_spark(t, gap, 0, 10, 0, "");
    check_spark(t, steps, 2, 10, 100, "\xe2\x96\x84\xe2\x96\x85");
}

TARE_TEST(nothing_is_a_history_too)
{
    const struct text_style style = {.columns = 80};
    struct history_report empty = {
        .suite = "", .store = "", .here = "", .baseline = ""};
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    history_text(&empty, &style, &out);
    TARE_CHECK_STR(strbuf_text(&out), "history: 0 series, no change\n");
}
