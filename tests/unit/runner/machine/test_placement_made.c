/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Machines that were made up for one thing each (make-made.py). */
#include <config.h>

#include "bench/tare.h"

#include "base/arena.h"
#include "base/scope.h"
#include "tests/unit/runner/machine/rules.h"

enum { CLASSES = 3 };

static const struct {
    const char *name;
    int units, classes;
    int class_units[CLASSES];
    int n_auto;      /* clean on the best class */
    int reserved_pu; /* for that many */
    int warnings;
} rows[] = {
    /* The slower of two kinds of the same core type is the same class. */
    {"made-three-kinds", 16, 2, {6, 10}, 6, 6, 0},
    {"made-favoured", 8, 1, {8}, 7, 0, 0},
    {"made-arm-4-3-1", 8, 3, {1, 3, 4}, 1, 0, 0},
    {"made-gpu-nodes", 16, 1, {16}, 15, 0, 0},
    {"made-cxl", 8, 1, {8}, 7, 0, 0},
    {"made-hbm", 8, 1, {8}, 7, 0, 0},
    {"made-offline", 4, 1, {4}, 3, 0, 0},
    {"made-asym-allowed", 4, 1, {4}, 3, 3, 0},
    /* The core left over is one without memory; three workers have none. */
    {"made-node-forbidden", 8, 1, {8}, 7, 8, 1},
    {"made-ppc-smt8", 6, 1, {6}, 5, 0, 0},
};

static void check_machine(struct tare *t, size_t row,
                          const struct topology *topology)
{
    const struct placement_policy policy = {0};
    struct placement plan;
    struct arena arena = {0};
    int most = placement_most(topology, &policy);

    TARE_CHECK_INT((int)topology->n_units, rows[row].units);
    TARE_REQUIRE_INT((int)topology->n_classes, rows[row].classes);
    for (int c = 0; c < rows[row].classes; c++)
        TARE_CHECK_INT((int)topology->klass[c].n_units,
                       rows[row].class_units[c]);
    TARE_CHECK_INT(placement_auto(topology, &policy), rows[row].n_auto);
    TARE_REQUIRE_INT(placement_plan(topology, &policy, rows[row].n_auto, &arena,
                                    &plan, NULL),
                     0);
    TARE_REQUIRE(plan.reserved >= 0);
    TARE_CHECK_INT(topology->unit[plan.reserved].pu[0], rows[row].reserved_pu);
    TARE_CHECK_INT((int)plan.n_warnings, rows[row].warnings);
    for (int n = 1; n <= most; n++) {
        TARE_REQUIRE_INT(
            placement_plan(topology, &policy, n, &arena, &plan, NULL), 0);
        TARE_CHECK_INT(rules_check(t, rows[row].name, topology, &plan, n), 0);
    }
    arena_clear(&arena);
}

TARE_TEST(made_up_machines_are_placed_by_the_rules)
{
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct topology *topology = rules_load(t, rows[i].name);

        check_machine(t, i, topology);
        topology_free(topology);
    }
}

/* Books and drawers are groups to spread over like any other. */
TARE_TEST(workers_are_spread_over_groups)
{
    struct topology *topology =
        rules_synthetic(t, "group:2 group:2 pack:2 core:2 pu:1", NULL, 0);
    const struct placement_policy policy = {0};
    struct placement plan;
    struct arena arena = {0};

    for (int n = 1; n <= 15; n++) {
        TARE_REQUIRE_INT(
            placement_plan(topology, &policy, n, &arena, &plan, NULL), 0);
        TARE_CHECK_INT(rules_check(t, "groups", topology, &plan, n), 0);
        TARE_CHECK_INT(rules_spread(topology, &plan).packages, n < 8 ? n : 8);
    }
    arena_clear(&arena);
    topology_free(topology);
}

/* Neither a GPU's memory nor that behind CXL is anybody's own. */
TARE_TEST(memory_without_processors_is_never_bound_to)
{
    static const char *const names[] = {"made-gpu-nodes", "made-cxl"};
    const struct placement_policy policy = {0};

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct topology *topology = rules_load(t, names[i]);
        struct placement plan;
        struct arena arena = {0};

        TARE_REQUIRE_INT(
            placement_plan(topology, &policy, 7, &arena, &plan, NULL), 0);
        for (size_t w = 0; w < plan.n_workers; w++)
            TARE_CHECK(plan.worker[w].node == 0 || plan.worker[w].node == 1);
        arena_clear(&arena);
        topology_free(topology);
    }
}

/* The same tier for all, even where a faster one is as near. */
TARE_TEST(workers_beside_hbm_take_dram)
{
    struct topology *topology = rules_load(t, "made-hbm");
    const struct placement_policy policy = {0};
    struct placement plan;
    struct arena arena = {0};

    TARE_REQUIRE_INT(placement_plan(topology, &policy, 7, &arena, &plan, NULL),
                     0);
    TARE_CHECK_INT((int)plan.memory, (int)TOPO_DRAM);
    for (size_t w = 0; w < plan.n_workers; w++)
        TARE_CHECK(plan.worker[w].node % 2 == 0);
    arena_clear(&arena);
    topology_free(topology);
}
