/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options, patterns and the quick table of a program run by itself. */
#include <config.h>

#include "bench/direct.h"

#include <stdlib.h>
#include <string.h>

#include "bench/quick.h"
#include "tests/unit/bench/scripted.h"

static struct tarei_direct d;
static char problem[REGISTRY_TEXT];

/* Parse up to four arguments; "" or what is wrong. */
static const char *parse(const char *a, const char *b, const char *c,
                         const char *e)
{
    char *argv[] = {(char *)"prog", (char *)a, (char *)b,
                    (char *)c,      (char *)e, NULL};
    int argc = 1;

    while (argv[argc])
        argc++;
    problem[0] = '\0';
    tarei_direct_parse(argc, argv, &d, problem);
    return problem;
}

TARE_TEST(options)
{
    TARE_CHECK_STR(parse(NULL, NULL, NULL, NULL), "");
    TARE_CHECK_INT(d.timeout_ms, 60000);
    TARE_CHECK_INT(d.n_globs, 0);
    TARE_CHECK_STR(parse("--run", "a*", "--run=b", "--timeout=2"), "");
    TARE_CHECK_INT(d.n_globs, 2);
    TARE_CHECK_STR(d.glob[0], "a*");
    TARE_CHECK_STR(d.glob[1], "b");
    TARE_CHECK_INT(d.timeout_ms, 2000);
    TARE_CHECK_STR(parse("--list", "--no-fork", "--help", NULL), "");
    TARE_CHECK(d.list && d.no_fork && d.help);
    TARE_CHECK_STR(parse("--seed", "18", NULL, NULL), "");
    TARE_CHECK_STR(getenv("TARE_SEED"), "18");
}

TARE_TEST(mistakes)
{
    TARE_CHECK_STR(parse("--lst", NULL, NULL, NULL),
                   "unknown option '--lst'; the nearest is '--list'");
    TARE_CHECK_STR(parse("anything", NULL, NULL, NULL),
                   "unknown option 'anything'");
    TARE_CHECK_STR(parse("--run", NULL, NULL, NULL),
                   "option '--run' needs a value: GLOB");
    TARE_CHECK_STR(parse("--list=yes", NULL, NULL, NULL),
                   "option '--list' takes no value");
    TARE_CHECK_STR(parse("--timeout", "soon", NULL, NULL),
                   "option '--timeout' cannot take 'soon'");
    TARE_CHECK_STR(parse("--seed", "-1", NULL, NULL),
                   "option '--seed' cannot take '-1'");
}

TARE_TEST(globs)
{
    static const struct {
        const char *glob, *text;
        int matches;
    } cases[] = {
        {"", "", 1},
        {"", "a", 0},
        {"*", "", 1},
        {"*", "anything[n=1]", 1},
        {"sort[n=1]", "sort[n=1]", 1},
        {"sort[n=1]", "sortn", 0},
        {"sort*", "sort[n=1]", 1},
        {"*n=1?]", "sort[n=10]", 1},
        {"*n=1?]", "sort[n=1]", 0},
        {"a*b*c", "aXbXbXc", 1},
        {"a*b*c", "aXbXbX", 0},
        {"a**", "a", 1},
        {"*aab", "aaaaab", 1},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        TARE_CHECK_INT(tarei_glob(cases[i].glob, cases[i].text),
                       cases[i].matches);
}

TARE_TEST(names_select_all_their_cases)
{
    struct tarei_case item = {.def = {.name = "sort"}, .id = "sort[n=1]"};

    parse("--run", "sort", NULL, NULL);
    TARE_CHECK(tarei_direct_selects(&d, &item));
    parse("--run", "sort[n=2]", NULL, NULL);
    TARE_CHECK(!tarei_direct_selects(&d, &item));
    parse("--run", "sort[n=2]", "--run", "sort[n=1]");
    TARE_CHECK(tarei_direct_selects(&d, &item));
}

/* ---- the quick table */

TARE_TEST(times_have_four_digits)
{
    char text[QUICK_TEXT];

    TARE_CHECK_STR(tarei_quick_time(text, 0), "0.000 ns");
    TARE_CHECK_STR(tarei_quick_time(text, 0.6789), "0.679 ns");
    TARE_CHECK_STR(tarei_quick_time(text, 12.345), "12.35 ns");
    TARE_CHECK_STR(tarei_quick_time(text, 123.45), "123.5 ns");
    TARE_CHECK_STR(tarei_quick_time(text, 999.94), "999.9 ns");
    TARE_CHECK_STR(tarei_quick_time(text, 999.96), "1.000 us");
    TARE_CHECK_STR(tarei_quick_time(text, 1.5e6), "1.500 ms");
    TARE_CHECK_STR(tarei_quick_time(text, 12e9), "12.00 s");
    TARE_CHECK_STR(tarei_quick_time(text, 12e12), "12000 s");
}

TARE_TEST(throughput_has_three)
{
    char text[QUICK_TEXT];

    TARE_CHECK_STR(tarei_quick_scaled(text, 5.018e9, "B/s"), "5.02 GB/s");
    TARE_CHECK_STR(tarei_quick_scaled(text, 11.4e6, "items/s"),
                   "11.4 M items/s");
    TARE_CHECK_STR(tarei_quick_scaled(text, 999.6, "items/s"),
                   "1.00 k items/s");
    TARE_CHECK_STR(tarei_quick_scaled(text, 7, "items/s"), "7.00 items/s");
}

/* 1 ms an iteration: 5 of them make half the target, the next power of two is
 * 8. */
TARE_TEST(iterations_double_until_a_sample_is_long)
{
    struct tarei_quick quick = {0};
    struct tarei_driver driver = tarei_quick_driver(&quick);
    struct tarei_order order;
    double median, spread;
    int calls = 0;

    while (driver.next(driver.ctx, NULL, &order) && calls++ < 100) {
        struct tarei_sample sample = {
            .elapsed_ns = (int64_t)order.iterations * 1000000 +
                          (quick.calibrated ? (int64_t)quick.n * 800 : 0)};

        TARE_CHECK_INT(order.flags, quick.calibrated ? 0 : WIRE_WARM);
        driver.done(driver.ctx, NULL, &sample);
    }
    TARE_CHECK_INT(quick.iterations, 8);
    TARE_CHECK_INT(quick.n, QUICK_SAMPLES);
    TARE_CHECK_INT(calls, 4 + QUICK_SAMPLES);
    tarei_quick_summary(&quick, &median, &spread);
    TARE_CHECK_REL(median, 1000500, 1e-12);
    TARE_CHECK_REL(spread, 300. / 1000500, 1e-12);
}

TARE_TEST(nothing_measured_has_no_spread)
{
    struct tarei_quick quick = {.n = QUICK_SAMPLES};
    double median, spread;

    tarei_quick_summary(&quick, &median, &spread);
    TARE_CHECK_REL(median, 0, 0);
    TARE_CHECK_REL(spread, 0, 0);
}
