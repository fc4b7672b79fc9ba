/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/nearest.h"

#include "bench/tare.h"

#include "base/scope.h"

static const char *nearest_of(const char *word)
{
    static const char *const names[] = {"margin",     "budget", "max-time",
                                        "machine",    "format", "against",
                                        "against-rev"};
    struct nearest nearest = {.word = word};

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        nearest_try(&nearest, names[i]);
    return nearest_found(&nearest);
}

/* Worked by hand; a swap of neighbours is one edit. */
TARE_TEST(distances)
{
    TARE_CHECK_INT(edit_distance("", ""), 0);
    TARE_CHECK_INT(edit_distance("abc", ""), 3);
    TARE_CHECK_INT(edit_distance("", "abc"), 3);
    TARE_CHECK_INT(edit_distance("kitten", "sitting"), 3);
    TARE_CHECK_INT(edit_distance("marign", "margin"), 1);
    TARE_CHECK_INT(edit_distance("Margin", "margin"), 0);
    TARE_CHECK_INT(edit_distance("ab", "ba"), 1);
    TARE_CHECK_INT(edit_distance("ca", "abc"), 3); /* not 2: no edit between */
}

TARE_TEST(distance_is_symmetric_and_bounded)
{
    char a[201], b[201];

    for (int i = 0; i < 200; i++) {
        a[i] = 'a';
        b[i] = 'b';
    }
    a[200] = b[200] = '\0';
    TARE_CHECK_INT(edit_distance(a, b), 63);
    TARE_CHECK_INT(edit_distance("flaw", "lawn"),
                   edit_distance("lawn", "flaw"));
}

TARE_TEST(a_typo_finds_its_name)
{
    TARE_CHECK_STR(nearest_of("marign"), "margin");
    TARE_CHECK_STR(nearest_of("bugdet"), "budget");
    TARE_CHECK_STR(nearest_of("maxtime"), "max-time");
    TARE_CHECK_STR(nearest_of("form"), "format");
    TARE_CHECK_STR(nearest_of("formats"), "format");
    TARE_CHECK_STR(nearest_of("maxtimes"), "max-time");
    TARE_CHECK_STR(nearest_of("formatting"), "format");
}

TARE_TEST(nothing_near_finds_nothing)
{
    TARE_CHECK_STR(nearest_of("zzz"), NULL);
    TARE_CHECK_STR(nearest_of(""), NULL);
    TARE_CHECK_STR(nearest_of("x"), NULL);
}

TARE_TEST(an_exact_name_wins_over_a_longer_one)
{
    TARE_CHECK_STR(nearest_of("against"), "against");
    TARE_CHECK_STR(nearest_of("against-rev"), "against-rev");
}
