/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --shard I/N: leaving out what other machines run. */
#include <config.h>

#include <stdlib.h>

#include "base/scope.h"
#include "cli/test_suite.h"
#include "runner/testing/shard.h"

struct units {
    struct shard_unit *unit;
    size_t *of_test; /* unit of each test */
    size_t n;
};

static int make_units(struct test_suite *tests, struct units *out,
                      struct error *err)
{
    struct arena *arena = &tests->session->arena;
    size_t *of_group = arena_alloc(arena, tests->n, sizeof *of_group);

    out->unit = arena_alloc(arena, tests->n, sizeof *out->unit);
    out->of_test = arena_alloc(arena, tests->n, sizeof *out->of_test);
    if (!of_group || !out->unit || !out->of_test)
        return ERROR(err, ERR_NOMEM, "no memory for a shard");
    for (size_t i = 0; i < tests->n; i++) {
        const struct schedule_item *item = &tests->item[i];
        /* 0 is "none yet" */
        size_t *known =
            item->group == SCHEDULE_NONE ? NULL : &of_group[item->group];
        size_t u = known && *known ? *known - 1 : out->n++;
        struct shard_unit *unit = &out->unit[u];

        if (known)
            *known = u + 1;
        if (unit->tests++ == 0)
            unit->key = tests->c[i]->id;
        if (item->expected_ns < 0 || unit->expected_ns < 0)
            unit->expected_ns = -1;
        else
            unit->expected_ns += item->expected_ns;
        out->of_test[i] = u;
    }
    return 0;
}

static void move_test(struct test_suite *tests, size_t to, size_t from)
{
    tests->c[to] = tests->c[from];
    tests->test[to] = tests->test[from];
    tests->item[to] = tests->item[from];
    tests->program[to] = tests->program[from];
    tests->result[to] = tests->result[from];
}

int test_suite_shard(struct test_suite *tests, struct error *err)
{
    const struct shard *shard = &tests->session->cli->options.shard;
    struct arena *arena = &tests->session->arena;
    SCOPED(free_scoped) size_t *of_unit = NULL;
    struct units units = {0};
    char hex[HASH_HEX];
    size_t n = 0;
    int rc = make_units(tests, &units, err);

    if (rc < 0)
        return rc;
    of_unit = calloc(units.n + 1, sizeof *of_unit);
    if (!of_unit)
        return ERROR(err, ERR_NOMEM, "no memory for a shard");
    rc = shard_assign(units.unit, units.n, (size_t)shard->count, of_unit, hex,
                      err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < tests->n; i++)
        if (of_unit[units.of_test[i]] == (size_t)shard->index - 1)
            move_test(tests, n++, i);
    tests->shard_plan = arena_memdup(arena, hex, 12);
    if (!tests->shard_plan)
        return ERROR(err, ERR_NOMEM, "no memory for a shard");
    if (n == 0)
        return ERROR(err, ERR_EMPTY, "part %d of %d has none of %zu tests",
                     shard->index, shard->count, tests->n);
    tests->n = n;
    return 0;
}
