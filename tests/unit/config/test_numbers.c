/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/strbuf.h"
#include "config/numbers.h"
#include "config/yaml_text.h"

static bool parse(const char *text, double *out)
{
    return number_parse(text, strlen(text), out);
}

TARE_TEST(numbers_read_as_strtod_reads_them)
{
    static const char *const texts[] = {
        "0",
        "-0",
        "1",
        "123456789",
        "0.1",
        "0.3",
        "12.25",
        "1e22",
        "1e23",
        "1e-22",
        "9007199254740993",
        "999999999999999e22",
        "123456789012345e-22",
        "0.000001",
        "4.9406564584124654e-324",
        "2.2250738585072011e-308",
        "1.7976931348623157e308",
        "00012.50",
        "179769313486231580793728971405301e276",
        "1E+5",
        "1e-400",
        "0.1000000000000000055511151231257827021181583404541015625",
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        double got = -7, want = strtod(texts[i], NULL);

        TARE_CHECK(parse(texts[i], &got));
        TARE_CHECK(memcmp(&got, &want, sizeof got) == 0);
    }
}

static uint64_t next_bits(uint64_t *state)
{
    return *state = *state * 6364136223846793005u + 1442695040888963407u;
}

/* As it is printed, and with digits cut off or added, which no printer of
 * doubles writes. */
static bool reads_like_strtod(double x, int digits)
{
    char text[64];
    double got, want;

    snprintf(text, sizeof text, "%.*g", digits, x);
    want = strtod(text, NULL);
    return parse(text, &got) && memcmp(&got, &want, sizeof got) == 0;
}

TARE_TEST(random_doubles_read_like_strtod)
{
    uint64_t state = 12345;
    int wrong = 0;

    for (int i = 0; i < 20000; i++) {
        uint64_t bits = next_bits(&state);
        double any, mean = (double)(bits >> 11) * 0x1p-53 * 1e5;

        memcpy(&any, &bits, sizeof any);
        for (int digits = 15; digits <= 20; digits++) {
            wrong += !reads_like_strtod(mean, digits);
            wrong += any - any == 0 && fabs(any) < 1e300 &&
                     !reads_like_strtod(any, digits);
        }
    }
    TARE_CHECK_INT(wrong, 0);
}

/* Halfway between two doubles, and just beside it: 2^53 + 1 and its like. */
TARE_TEST(halves_round_to_even)
{
    static const struct {
        const char *text;
        double want;
    } cases[] = {
        {"9007199254740993", 0x1p53},
        {"9007199254740995", 0x1p53 + 4},
        {"900719925474099.3e1", 0x1p53},
        {"4503599627370497.5", 0x1p52 + 2},
        {"4503599627370496.5", 0x1p52},
        {"4503599627370496.501", 0x1p52 + 1},
        {"4503599627370496.499", 0x1p52},
        {"1125899906842624.125", 0x1p50},
        {"1125899906842624.126", 0x1p50 + 0.25},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        double got = 0;

        TARE_CHECK(parse(cases[i].text, &got));
        TARE_CHECK_REL(got, cases[i].want, 0);
    }
}

TARE_TEST(other_forms_are_no_numbers)
{
    static const char *const texts[] = {
        "",    "-",     "+1",    " 1",  "1 ",    ".5",    "5.",
        "1e",  "1e+",   "0x10",  "inf", "nan",   "1e999", "-1e999",
        "1,5", "1_000", "1.2.3", "--1", "1e5.5",
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        double x = 42;

        TARE_CHECK(!parse(texts[i], &x));
        TARE_CHECK(x == 42);
    }
    TARE_CHECK(!number_parse("1\0"
                             "2",
                             3, &(double){0}));
}

TARE_TEST(whole_numbers_of_64_bits)
{
    uint64_t x = 42;

    TARE_CHECK(number_parse_u64("18446744073709551615", 20, &x));
    TARE_CHECK(x == UINT64_MAX);
    TARE_CHECK(!number_parse_u64("18446744073709551616", 20, &x));
    TARE_CHECK(!number_parse_u64("99999999999999999999", 20, &x));
    TARE_CHECK(!number_parse_u64("-1", 2, &x));
    TARE_CHECK(!number_parse_u64("1.0", 3, &x));
    TARE_CHECK(!number_parse_u64("", 0, &x));
    TARE_CHECK(x == UINT64_MAX);
}

TARE_TEST(texts_are_quoted_when_they_must_be)
{
    static const struct {
        const char *text, *block, *flow;
    } cases[] = {
        {"plain", "plain", "plain"},
        {"sort/q[n=1]", "sort/q[n=1]", "'sort/q[n=1]'"},
        {"a, b", "a, b", "'a, b'"},
        {"./x", "./x", "./x"},
        {"", "''", "''"},
        {"No", "'No'", "'No'"},
        {"123", "'123'", "'123'"},
        {"it's: so", "'it''s: so'", "'it''s: so'"},
        {"a\tb\\\"\n", "\"a\\x09b\\\\\\\"\\n\"", "\"a\\x09b\\\\\\\"\\n\""},
        {"\xff", "\"\\ufffd\"", "\"\\ufffd\""},
        {"\xc3\xa9", "'\xc3\xa9'", "'\xc3\xa9'"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct strbuf block = {0}, flow = {0};

        yaml_text(&block, cases[i].text);
        yaml_flow_text(&flow, cases[i].text);
        TARE_CHECK_STR(strbuf_text(&block), cases[i].block);
        TARE_CHECK_STR(strbuf_text(&flow), cases[i].flow);
        strbuf_clear(&block);
        strbuf_clear(&flow);
    }
}
