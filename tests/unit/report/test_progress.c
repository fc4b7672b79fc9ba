/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Progress on a clock that the test moves. */
#include <config.h>

#include "report/progress.h"

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "base/utf8.h"
#include "bench/tare.h"

static int64_t now_ns;

static int64_t test_clock(void *ctx)
{
    (void)ctx;
    return now_ns;
}

static struct progress start(enum progress_show show)
{
    const struct text_style style = {.columns = 60};
    struct progress progress;

    now_ns = 5000;
    progress_start(&progress, show, &style, test_clock, NULL);
    return progress;
}

static void at(double seconds)
{
    now_ns = 5000 + (int64_t)(seconds * 1e9);
}

TARE_TEST(the_line_says_share_rest_and_case)
{
    struct progress progress = start(PROGRESS_LINE);
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    at(10);
    progress_step(&progress, 0.25, "sort/qsort", &out);
    TARE_CHECK_STR(strbuf_text(&out),
                   "\r 25 % [#####---------------] 30.0 s left  sort/qsort"
                   "\x1b[K");
}

TARE_TEST(no_estimate_before_there_is_something_to_go_by)
{
    struct progress progress = start(PROGRESS_LINE);
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    at(0.5);
    progress_step(&progress, 0.25, "a", &out);
    TARE_CHECK(strstr(strbuf_text(&out), "500 ms so far"));
    strbuf_clear(&out);
    at(2);
    progress_step(&progress, 0.01, "a", &out);
    TARE_CHECK(strstr(strbuf_text(&out), "2.0 s so far"));
    strbuf_clear(&out);
    at(3);
    progress_step(&progress, NAN, "a", &out);
    TARE_CHECK(strstr(strbuf_text(&out), "  ? %"));
}

TARE_TEST(ten_times_a_second_at_most)
{
    struct progress progress = start(PROGRESS_LINE);
    int drawn = 0;

    for (int i = 1; i <= 1000; i++) {
        SCOPED(strbuf_scoped) struct strbuf out = {0};

        at(i * 0.002);
        progress_step(&progress, i / 1000.0, "x", &out);
        drawn += out.size > 0;
    }
    TARE_CHECK(drawn <= 20);
    TARE_CHECK(drawn >= 18);
}

TARE_TEST(a_line_never_wraps)
{
    struct progress progress = start(PROGRESS_LINE);
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    at(10);
    progress_step(&progress, 0.5,
                  "a_program_with_a_long_name/and_a_case[key=value]\x1b[2J",
                  &out);
    TARE_CHECK(strstr(strbuf_text(&out), "\x1b[2J") == NULL);
    /* without the carriage return and the three characters of "clear" */
    TARE_CHECK_INT(utf8_columns(strbuf_text(&out)) - 4, 59);
}

TARE_TEST(hiding_takes_the_line_away_once)
{
    struct progress progress = start(PROGRESS_LINE);
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    progress_hide(&progress, &out);
    TARE_CHECK_STR(strbuf_text(&out), "");
    at(1);
    progress_step(&progress, 0.5, "x", &out);
    strbuf_clear(&out);
    progress_hide(&progress, &out);
    progress_hide(&progress, &out);
    TARE_CHECK_STR(strbuf_text(&out), "\r\x1b[K");
}

TARE_TEST(logs_get_a_plain_line_now_and_then)
{
    struct progress progress = start(PROGRESS_LINES);
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    for (int i = 1; i <= 120; i++) {
        at(i * 0.1);
        progress_step(&progress, i / 240.0, "sort/q\x1bsort", &out);
    }
    progress_hide(&progress, &out);
    TARE_CHECK_STR(strbuf_text(&out), " 20 %, 19.0 s left: sort/q\\x1bsort\n"
                                      " 41 %, 14.0 s left: sort/q\\x1bsort\n");
}

TARE_TEST(silence)
{
    struct progress progress = start(PROGRESS_SILENT);
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    at(100);
    progress_step(&progress, 0.5, "x", &out);
    progress_hide(&progress, &out);
    TARE_CHECK_STR(strbuf_text(&out), "");
}
