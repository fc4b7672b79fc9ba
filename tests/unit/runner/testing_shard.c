/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/testing/shard.h"

#include <stdio.h>
#include <string.h>

#include "bench/tare.h"
#include "runner/measure/script.h"

enum { UNITS = 200 };

static char name[UNITS][16];
static struct shard_unit unit[UNITS];

static void make(uint64_t seed, int64_t most_ns)
{
    for (size_t i = 0; i < UNITS; i++) {
        snprintf(name[i], sizeof name[i], "t%03zu", i);
        unit[i] = (struct shard_unit){
            .key = name[i],
            .expected_ns = (int64_t)random_below(&seed, (uint64_t)most_ns),
            .tests = 1 + random_below(&seed, 3),
        };
    }
}

/* Longest-first lists are at most 4/3 - 1/(3m) of the best, which is at least
 * max(total/m, longest). */
TARE_TEST(loads_are_even, .args = "shards=1,2,3,7; most=10,1000000")
{
    size_t shards = (size_t)tare_int(t, "shards"), shard[UNITS];
    int64_t load[7] = {0}, total = 0, longest = 0;
    double best, m = (double)shards;
    char hex[HASH_HEX];

    make(tare_seed(t), tare_int(t, "most"));
    TARE_REQUIRE_INT(shard_assign(unit, UNITS, shards, shard, hex, NULL), 0);
    for (size_t i = 0; i < UNITS; i++) {
        TARE_REQUIRE(shard[i] < shards);
        load[shard[i]] += unit[i].expected_ns;
        total += unit[i].expected_ns;
        if (unit[i].expected_ns > longest)
            longest = unit[i].expected_ns;
    }
    best = (double)total / m;
    if (best < (double)longest)
        best = (double)longest;
    for (size_t s = 0; s < shards; s++)
        TARE_CHECK((double)load[s] <= best * (4.0 / 3) + UNITS);
}

/* Whatever the order of the units is. */
TARE_TEST(machines_agree)
{
    struct shard_unit turned[UNITS];
    size_t shard[UNITS], other[UNITS];
    char hex[HASH_HEX], hex2[HASH_HEX];

    make(tare_seed(t), 20);
    for (size_t i = 0; i < UNITS; i++)
        turned[i] = unit[UNITS - 1 - i];
    TARE_REQUIRE_INT(shard_assign(unit, UNITS, 4, shard, hex, NULL), 0);
    TARE_REQUIRE_INT(shard_assign(turned, UNITS, 4, other, hex2, NULL), 0);
    for (size_t i = 0; i < UNITS; i++)
        TARE_CHECK_INT(other[i], shard[UNITS - 1 - i]);
    TARE_CHECK_STR(hex2, hex);
    turned[3].expected_ns += 1000000;
    TARE_REQUIRE_INT(shard_assign(turned, UNITS, 4, other, hex2, NULL), 0);
    TARE_CHECK(strcmp(hex, hex2) != 0);
}

TARE_TEST(nothing_is_known)
{
    size_t shard[UNITS], n[3] = {0};
    char hex[HASH_HEX];

    make(1, 2);
    for (size_t i = 0; i < UNITS; i++) {
        unit[i].expected_ns = -1;
        unit[i].tests = 1;
    }
    TARE_REQUIRE_INT(shard_assign(unit, UNITS, 3, shard, hex, NULL), 0);
    for (size_t i = 0; i < UNITS; i++)
        n[shard[i]]++;
    TARE_CHECK_INT(n[0], 67);
    TARE_CHECK_INT(n[1], 67);
    TARE_CHECK_INT(n[2], 66);
}

/* One unknown test among those of 10 is one of 10. */
TARE_TEST(unknown_is_the_median)
{
    static const struct shard_unit few[] = {
        {"a", 10, 1}, {"b", 10, 1}, {"c", -1, 1}, {"d", 30, 1}};
    size_t shard[4];
    char hex[HASH_HEX];

    TARE_REQUIRE_INT(shard_assign(few, 4, 2, shard, hex, NULL), 0);
    TARE_CHECK(shard[3] != shard[0]);
    TARE_CHECK_INT(shard[0], shard[1]);
    TARE_CHECK_INT(shard[0], shard[2]);
}
