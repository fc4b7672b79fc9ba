/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The grammar of .args. */
#include <config.h>

#include "bench/params.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/tare.h"

/* All values of all axes, "n=1|2;kind=a|b", or "character N: problem". */
static const char *expand(const char *text)
{
    static char out[4096];
    struct tarei_axes axes = {.n = 0};
    struct tarei_problem problem;
    size_t used = 0;

    out[0] = '\0';
    if (tarei_params_parse(text, strlen(text), &axes, &problem) < 0) {
        snprintf(out, sizeof out, "character %zu: %s", problem.at + 1,
                 problem.text);
        return out;
    }
    for (size_t i = 0; i < axes.n; i++) {
        const struct tarei_axis *axis = &axes.axis[i];

        used += (size_t)snprintf(out + used, sizeof out - used,
                                 "%s%.*s=", i ? ";" : "",
                                 (int)axis->name_length, axis->name);
        for (size_t k = 0; k < axis->count; k++) {
            char value[PARAMS_TEXT];

            if (tarei_params_value(axis, k, value, sizeof value) < 0)
                return "value lost";
            used += (size_t)snprintf(out + used, sizeof out - used, "%s%s",
                                     k ? "|" : "", value);
        }
    }
    return out;
}

TARE_TEST(lists_and_spaces)
{
    TARE_CHECK_STR(expand(""), "");
    TARE_CHECK_STR(expand("  "), "");
    TARE_CHECK_STR(expand("n=10"), "n=10");
    TARE_CHECK_STR(expand("n=10,100; kind=fast,safe"),
                   "n=10|100;kind=fast|safe");
    TARE_CHECK_STR(expand(" n = 10 , 100 ; "), "n=10|100");
    TARE_CHECK_STR(expand("a_1=x.y/z-1,\xc3\xa4"), "a_1=x.y/z-1|\xc3\xa4");
}

TARE_TEST(ranges)
{
    TARE_CHECK_STR(expand("n=1..4"), "n=1|2|3|4");
    TARE_CHECK_STR(expand("n=0..30+10"), "n=0|10|20|30");
    TARE_CHECK_STR(expand("n=0..39+10"), "n=0|10|20|30");
    TARE_CHECK_STR(expand("n=8..64*2"), "n=8|16|32|64");
    TARE_CHECK_STR(expand("n=-2..1"), "n=-2|-1|0|1");
    TARE_CHECK_STR(expand("n=5..5"), "n=5");
    TARE_CHECK_STR(expand("n=1Ki..4Ki*2,7"), "n=1024|2048|4096|7");
    TARE_CHECK_STR(expand("n=1,3..5,x"), "n=1|3|4|5|x");
    TARE_CHECK_STR(expand("n=9223372036854775806..9223372036854775807"),
                   "n=9223372036854775806|9223372036854775807");
    TARE_CHECK_STR(expand("n=1..9223372036854775807*4611686018427387904"),
                   "n=1|4611686018427387904");
}

/* Dots without numbers on both sides are text. */
TARE_TEST(dots_in_text)
{
    TARE_CHECK_STR(expand("path=../x,a..b,1.5"), "path=../x|a..b|1.5");
}

TARE_TEST(mistakes_point_at_their_place)
{
    TARE_CHECK_STR(expand("n"), "character 2: expected '=' after 'n'");
    TARE_CHECK_STR(expand("n 10"), "character 3: expected '=' after 'n'");
    TARE_CHECK_STR(expand("n="), "character 3: expected a value");
    TARE_CHECK_STR(expand("n=1,,2"), "character 5: expected a value");
    TARE_CHECK_STR(expand("n=1 2"), "character 5: expected ',' or ';'");
    TARE_CHECK_STR(expand("9=1"),
                   "character 1: expected the name of a parameter");
    TARE_CHECK_STR(expand("n=1;;m=2"),
                   "character 5: expected the name of a parameter");
    TARE_CHECK_STR(expand("n=[1]"), "character 3: expected a value");
    TARE_CHECK_STR(expand("n=1;n=2"),
                   "character 1: parameter 'n' stands twice");
    TARE_CHECK_STR(expand("n=1,2,1"),
                   "character 3: parameter 'n' has the value 1 twice");
    TARE_CHECK_STR(expand("n=1..3,2"),
                   "character 3: parameter 'n' has the value 2 twice");
    TARE_CHECK_STR(expand("n=4..1"),
                   "character 3: the range ends before it begins");
    TARE_CHECK_STR(expand("n=1..4+0"),
                   "character 3: the step of a range is 1 or more");
    TARE_CHECK_STR(expand("n=0..4*2"),
                   "character 3: a range with '*' starts at 1 or more and "
                   "multiplies by 2 or more");
    TARE_CHECK_STR(expand("n=a*"),
                   "character 3: '*' stands only in a range, as in 1..64*2");
    TARE_CHECK_STR(expand("n=0..100000"),
                   "character 3: the range has more than 100000 values");
    TARE_CHECK_STR(expand("n=-9223372036854775808..9223372036854775807"),
                   "character 3: the range has more than 100000 values");
    TARE_CHECK_STR(expand("n=1..1000;m=1..1000"),
                   "character 13: more than 100000 combinations");
}

TARE_TEST(at_most_sixteen)
{
    TARE_CHECK_STR(expand("a=1;b=1;c=1;d=1;e=1;f=1;g=1;h=1;i=1;j=1;k=1;l=1;"
                          "m=1;n=1;o=1;p=1;q=1"),
                   "character 1: more than 16 parameters");
}

TARE_TEST(integers)
{
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {
        {"0", 0},
        {"-1", -1},
        {"+7", 7},
        {"0x1f", 31},
        {"0xFF", 255},
        {"4k", 4000},
        {"4Ki", 4096},
        {"2M", 2000000},
        {"1Gi", 1073741824},
        {"9223372036854775807", INT64_MAX},
        {"-9223372036854775808", INT64_MIN},
    };
    static const char *const bad[] = {
        "",
        "-",
        "x",
        "1x",
        "0x",
        "1 ",
        "4K",
        "1.5",
        "1e3",
        "--1",
        "9223372036854775808",
        "9223372036854775807k",
        "ki",
    };
    int64_t value = 42;

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        TARE_CHECK_INT(
            tarei_params_int(good[i].text, strlen(good[i].text), &value), 0);
        TARE_CHECK_INT(value, good[i].value);
    }
    value = 42;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        TARE_CHECK_INT(tarei_params_int(bad[i], strlen(bad[i]), &value), -1);
    TARE_CHECK_INT(value, 42);
}

TARE_TEST(values_that_do_not_fit)
{
    struct tarei_axes axes = {.n = 0};
    struct tarei_problem problem;
    char small[3];

    TARE_REQUIRE_INT(tarei_params_parse("n=abc,de", 8, &axes, &problem), 0);
    TARE_CHECK_INT(tarei_params_value(&axes.axis[0], 0, small, 3), -1);
    TARE_CHECK_INT(tarei_params_value(&axes.axis[0], 1, small, 3), 2);
    TARE_CHECK_INT(tarei_params_value(&axes.axis[0], 2, small, 3), -1);
}

TARE_TEST(values_of_an_option)
{
    struct tarei_axes axes = {.n = 0};
    struct tarei_problem problem;

    TARE_CHECK_INT(tarei_params_values("threads", "1,2..4", 6, &axes, &problem),
                   0);
    TARE_CHECK_INT(axes.axis[0].count, 4);
    TARE_CHECK_INT(axes.combinations, 4);
    TARE_CHECK_INT(tarei_params_values("x", "1;2", 3, &axes, &problem), -1);
    TARE_CHECK_STR(problem.text, "expected ','");
}

/* The k-th value is found where it stands: or before, in another range. */
static void check_found(struct tare *t, const struct tarei_axis *axis, size_t k)
{
    char value[32];
    int length = tarei_params_value(axis, k, value, sizeof value);
    size_t found;

    TARE_REQUIRE(length > 0);
    TARE_REQUIRE_INT(tarei_params_find(axis, value, (size_t)length, &found), 0);
    TARE_REQUIRE_INT(found, k);
}

TARE_TEST(values_are_found)
{
    static const char *const none[] = {"0",    "101", "0x10", "+7", "7k",
                                       "7.0",  "",    "abc",  "ab", "abcd",
                                       "1000", "-1",  "07",   "3 ", "1..100"};
    struct tarei_axes axes = {.n = 0};
    struct tarei_problem problem;
    const char *text = "n=1..100, abcde, 200..400+50, 1024..8192*2";
    size_t k;

    TARE_REQUIRE_INT(tarei_params_parse(text, strlen(text), &axes, &problem),
                     0);
    TARE_REQUIRE_INT(axes.axis[0].count, 110);
    for (k = 0; k < 110; k++)
        check_found(t, &axes.axis[0], k);
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        TARE_CHECK_INT(
            tarei_params_find(&axes.axis[0], none[i], strlen(none[i]), &k), -1);
    TARE_CHECK_INT(tarei_params_find(&axes.axis[0], "225", 3, &k), -1);
    TARE_CHECK_INT(tarei_params_find(&axes.axis[0], "1536", 4, &k), -1);
}

/* Every text of four letters of the grammar either expands, each value being
 * obtainable, or says where it is wrong, inside the text. */
TARE_TEST(no_text_is_a_surprise)
{
    static const char letters[] = "n=1.,;*+ a[";
    const size_t n = sizeof letters - 1;
    struct tarei_problem problem;

    for (size_t code = 0; code < n * n * n * n * n; code++) {
        char text[6] = "n=";
        size_t rest = code;
        struct tarei_axes axes = {.n = 0};

        for (size_t i = 0; i < 5; i++, rest /= n)
            text[i] = letters[rest % n];
        if (tarei_params_parse(text, 5, &axes, &problem) < 0) {
            TARE_REQUIRE(problem.at <= 5 && problem.text[0]);
            continue;
        }
        for (size_t i = 0; i < axes.n; i++) {
            TARE_REQUIRE(axes.axis[i].count >= 1);
            for (size_t k = 0; k < axes.axis[i].count && k < 100; k++)
                check_found(t, &axes.axis[i], k);
        }
    }
}
