/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/testing/shard.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

/* Of a test, where no test has ever been seen: all that matters is that it is
 * the same for all. */
static const int64_t guess_ns = 1000000000;

struct row {
    const struct shard_unit *unit;
    int64_t ns;
};

static int by_ns(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Median time of a test; *out is untouched when none is known. */
static int median_known(const struct shard_unit *unit, size_t n, int64_t *out,
                        struct error *err)
{
    SCOPED(free_scoped) int64_t *ns = calloc(n + 1, sizeof *ns);
    size_t known = 0;

    if (!ns)
        return ERROR(err, ERR_NOMEM, "no memory for %zu tests", n);
    for (size_t i = 0; i < n; i++)
        if (unit[i].expected_ns >= 0)
            ns[known++] = unit[i].expected_ns / (int64_t)unit[i].tests;
    qsort(ns, known, sizeof *ns, by_ns);
    if (known)
        *out = ns[known / 2];
    return 0;
}

static int longest_first(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    if (x->ns != y->ns)
        return x->ns > y->ns ? -1 : 1;
    return strcmp(x->unit->key, y->unit->key);
}

static size_t least_loaded(const int64_t *load, size_t shards)
{
    size_t least = 0;

    for (size_t s = 1; s < shards; s++)
        if (load[s] < load[least])
            least = s;
    return least;
}

static void name_answer(const struct row *row, size_t n,
                        const struct shard_unit *unit, const size_t *out,
                        char hex[HASH_HEX])
{
    struct hash hash;
    char text[32];

    hash_init(&hash);
    for (size_t k = 0; k < n; k++) {
        const char *key = row[k].unit->key;

        hash_add(&hash, key, strlen(key) + 1);
        snprintf(text, sizeof text, "%zu\n", out[row[k].unit - unit]);
        hash_add(&hash, text, strlen(text));
    }
    hash_end(&hash, hex);
}

int shard_assign(const struct shard_unit *unit, size_t n, size_t shards,
                 size_t *out, char hex[HASH_HEX], struct error *err)
{
    SCOPED(free_scoped) struct row *row = calloc(n + 1, sizeof *row);
    SCOPED(free_scoped) int64_t *load = calloc(shards, sizeof *load);
    int64_t unknown_ns = guess_ns;
    int rc;

    if (!row || !load)
        return ERROR(err, ERR_NOMEM, "no memory for %zu tests", n);
    rc = median_known(unit, n, &unknown_ns, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        row[i] = (struct row){
            .unit = &unit[i],
            .ns = unit[i].expected_ns >= 0
                      ? unit[i].expected_ns
                      : unknown_ns * (int64_t)unit[i].tests,
        };
    qsort(row, n, sizeof *row, longest_first);
    for (size_t k = 0; k < n; k++) {
        size_t shard = least_loaded(load, shards);

        /* Tests of no time are spread too. */
        load[shard] += row[k].ns > 0 ? row[k].ns : 1;
        out[row[k].unit - unit] = shard;
    }
    name_answer(row, n, unit, out, hex);
    return 0;
}
