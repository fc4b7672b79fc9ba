/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dashboard's document, its points, and the page filled with them. */
#include <config.h>

#include "report/dashboard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "report/columns.h"
#include "report/dashboard_parts.h"
#include "tests/unit/report/golden.h"
#include "tests/unit/report/made_up.h"

/* --- columns */

TARE_TEST(numbers_take_as_few_bytes_as_they_need)
{
    static const struct {
        uint64_t value;
        const char *bytes;
        size_t size;
    } known[] = {
        /* DWARF 5, section 7.6 */
        {2, "\x02", 1},
        {127, "\x7f", 1},
        {128, "\x80\x01", 2},
        {129, "\x81\x01", 2},
        {12857, "\xb9\x64", 2},
        {UINT64_MAX, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10},
    };

    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        SCOPED(strbuf_scoped) struct strbuf bytes = {0};

        column_put(&bytes, known[i].value);
        TARE_REQUIRE_INT(bytes.size, known[i].size);
        TARE_CHECK(memcmp(bytes.text, known[i].bytes, bytes.size) == 0);
    }
}

TARE_TEST(signed_numbers_fold)
{
    static const int64_t value[] = {0, -1, 1, -2, 63, -64, 64};
    static const char bytes[] = "\x00\x01\x02\x03\x7e\x7f\x80\x01";
    SCOPED(strbuf_scoped) struct strbuf got = {0};

    for (size_t i = 0; i < ARRAY_LEN(value); i++)
        column_put_signed(&got, value[i]);
    TARE_REQUIRE_INT(got.size, sizeof bytes - 1);
    TARE_CHECK(memcmp(got.text, bytes, got.size) == 0);
}

TARE_TEST(base64_as_in_rfc_4648)
{
    static const char *const known[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };

    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        SCOPED(strbuf_scoped) struct strbuf out = {0};

        base64_add(&out, known[i][0], strlen(known[i][0]));
        TARE_CHECK_STR(strbuf_text(&out), known[i][1]);
    }
}

/* --- points, read back as the page does it */

enum { POINTS = 40 };

static char created[POINTS][24];

static void make_line(struct history_point *point, struct history_line *line)
{
    for (size_t i = 0; i < POINTS; i++) {
        double value = 1234.5 + (double)(i * 7 % 11) - (i > 20 ? 300 : 0);

        snprintf(created[i], sizeof created[i], "2026-01-%02zuT10:00:00Z",
                 1 + i % 28);
        point[i] = (struct history_point){.revision = i % 9 ? "abc" : "",
                                          .created = created[i],
                                          .value = value,
                                          .low = value - 1.5,
                                          .high = value + 2.25,
                                          .confidence = i < 30 ? 0.96 : 0.97,
                                          .occasions = 1,
                                          .invocations = 8,
                                          .run = (int64_t)(1000 + i)};
    }
    point[5].low = point[5].high = point[5].confidence = NAN;
    point[6].value = NAN;
    *line = (struct history_line){.id = "a/b",
                                  .metric = "time",
                                  .unit = "ns",
                                  .better = BETTER_LOWER,
                                  .machine_key = "",
                                  .branch = "",
                                  .point = point,
                                  .n = POINTS,
                                  .why_none = ""};
}

struct bytes {
    const unsigned char *at, *end;
};

static uint64_t take(struct bytes *b)
{
    uint64_t value = 0;

    for (int shift = 0; b->at < b->end; shift += 7) {
        unsigned char byte = *b->at++;

        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            break;
    }
    return value;
}

static int64_t take_signed(struct bytes *b)
{
    uint64_t v = take(b);

    return v & 1 ? -(int64_t)(v / 2) - 1 : (int64_t)(v / 2);
}

static void take_runs(struct bytes *b, size_t by, size_t *out)
{
    size_t end = 0;

    for (size_t i = 0; i < POINTS && b->at < b->end;) {
        size_t number = (size_t)((int64_t)end + take_signed(b));

        for (uint64_t n = take(b); n && i < POINTS; n--, number += by)
            out[i++] = number;
        end = number;
    }
}

static void check_points(struct tare *t, const struct history_line *line,
                         struct bytes *b, const struct moments *moments,
                         const struct efforts *efforts)
{
    double step = dashboard_step(line);
    size_t moment[POINTS] = {0}, effort[POINTS] = {0};
    int64_t at = 0;

    take_runs(b, 1, moment);
    take_runs(b, 0, effort);
    for (size_t i = 0; i < POINTS; i++) {
        at += take_signed(b);
        TARE_CHECK_INT(moments->point[moment[i]]->run, line->point[i].run);
        TARE_CHECK_INT(efforts->point[effort[i]]->invocations, 8);
        if (isfinite(line->point[i].value))
            TARE_CHECK_REL((double)at * step, line->point[i].value, 1e-5);
    }
    for (size_t i = 0; i < POINTS; i++) {
        uint64_t gap = take(b);

        if (i == 5 || i == 6)
            TARE_CHECK_INT(gap, i - 5);
        else
            TARE_CHECK(fabs((double)(gap - 2) * 4 * step - 1.5) <= 2 * step);
    }
}

TARE_TEST(points_come_back)
{
    SCOPED(strbuf_scoped) struct strbuf bytes = {0};
    struct moments moments = {0};
    struct efforts efforts = {0};
    struct history_point point[POINTS];
    struct history_line line;
    struct bytes b;

    make_line(point, &line);
    dashboard_points(&line, &moments, &efforts, &bytes);
    TARE_CHECK_INT(moments.n, POINTS);
    TARE_CHECK_INT(efforts.n, 3);
    b.at = (const unsigned char *)bytes.text;
    b.end = b.at + bytes.size;
    check_points(t, &line, &b, &moments, &efforts);
    bytes.size = 0; /* the same again adds no moments */
    dashboard_points(&line, &moments, &efforts, &bytes);
    TARE_CHECK_INT(moments.n, POINTS);
    moments_clear(&moments);
    efforts_clear(&efforts);
}

TARE_TEST(every_value_keeps_five_digits)
{
    struct history_point point[] = {
        {.value = 1e-3}, {.value = 5e5}, {.value = 0}, {.value = NAN}};
    struct history_line line = {.point = point, .n = ARRAY_LEN(point)};

    TARE_CHECK(dashboard_step(&line) <= 1e-3 * 1e-5);
    line.n = 0;
    TARE_CHECK_REL(dashboard_step(&line), 1.0, 0);
    point[0].value = 1e-200;
    line.n = 2;
    TARE_CHECK(point[1].value / dashboard_step(&line) <= 9007199254740992.0);
}

/* --- the document and the page */

static const char *const tags[] = {"unit,<slow>"};

static struct dashboard make_dashboard(struct history_report *history,
                                       const struct history_line *line)
{
    static struct anchor anchor[] = {{"integer", 12.5}, {"memory", NAN}};
    static const struct run_anchors runs[] = {
        {3, "2026-01-01T10:00:00Z", "", "k", anchor, 2}};

    *history = (struct history_report){.suite = "shop",
                                       .store = ".tare/tare.db",
                                       .line = line,
                                       .n = 1,
                                       .here = "",
                                       .baseline = "",
                                       .margin = 0.02};
    return (struct dashboard){.suite = "shop & co",
                              .program = "tare 1",
                              .created = "2026-01-02T10:00:00Z",
                              .history = history,
                              .tags = tags,
                              .scale = "{\"schema\": \"tare/scale/1\"}\n",
                              .machine_key = "",
                              .anchors = runs,
                              .n_anchors = 1};
}

static const char page[] = "<html><!--tare:data--><b><!--tare:points--></html>";

/* Leave the document of a page alone. */
static void cut_data(struct strbuf *out)
{
    static const char before[] = "id=\"data\">";
    const char *from = strstr(strbuf_text(out), before);
    const char *to = from ? strstr(from, "</script>") : NULL;
    SCOPED(strbuf_scoped) struct strbuf kept = {0};

    if (to)
        strbuf_add(&kept, from + sizeof before - 1,
                   (size_t)(to - from) - (sizeof before - 1));
    strbuf_clear(out);
    strbuf_puts(out, strbuf_text(&kept));
}

TARE_TEST(the_document)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0}, lines = {0};
    struct history_change change = {.name = "3f9a1b2c",
                                    .at = 21,
                                    .ratio = 0.76,
                                    .low = 0.75,
                                    .high = NAN,
                                    .confidence = 0.95,
                                    .p = 0.001,
                                    .ack = "wanted </script>",
                                    .ack_author = "",
                                    .ack_created = ""};
    struct history_point point[POINTS];
    struct history_report history;
    struct history_line line;
    struct dashboard d;

    make_line(point, &line);
    line.id = HOSTILE;
    line.change = &change;
    line.n_changes = 1;
    d = make_dashboard(&history, &line);
    d.scale = NULL; /* its schema is its own */
    dashboard_history_json(&history, tags, 0, 1, true, &lines);
    TARE_CHECK(golden_same("dashboard-history.json", &lines));
    TARE_REQUIRE_INT(dashboard_html(&d, page, sizeof page - 1, &out, NULL), 0);
    cut_data(&out);
    TARE_CHECK(golden_same("dashboard.json", &out));
}

TARE_TEST(nothing_in_a_page_ends_its_data)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct history_point point[POINTS];
    struct history_report history;
    struct history_line line;
    struct dashboard d;
    size_t scripts = 0;

    make_line(point, &line);
    line.id = "</script><script>alert(1)</script><!--";
    d = make_dashboard(&history, &line);
    TARE_REQUIRE_INT(dashboard_html(&d, page, sizeof page - 1, &out, NULL), 0);
    for (const char *p = strbuf_text(&out); (p = strstr(p, "<script")); p++)
        scripts++;
    TARE_CHECK_INT(scripts, 2); /* the document and the points of one line */
    TARE_CHECK(strstr(out.text, "alert(1)\\u003c/script") != NULL);
    TARE_CHECK(strstr(out.text, "<!--") == NULL);
    TARE_CHECK(strstr(out.text, "id=\"points-0\">\"") != NULL);
}

TARE_TEST(a_page_of_something_else_is_refused)
{
    static const char *const wrong[] = {
        "",
        "<html></html>",
        "<!--tare:data-->",
        "<!--tare:points--><!--tare:data-->",
        "<!--tare:data--><!--tare:data--><!--tare:points-->",
    };
    struct dashboard d = {.program = "", .created = ""};

    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        SCOPED(strbuf_scoped) struct strbuf out = {0};
        struct error err = {0};

        TARE_CHECK_INT(
            dashboard_html(&d, wrong[i], strlen(wrong[i]), &out, &err),
            ERR_RANGE);
    }
}
