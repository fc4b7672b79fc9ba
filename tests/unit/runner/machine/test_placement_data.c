/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real machines: the rules for every worker count, and the counts of the
 * reference placements. */
#include <config.h>

#include "bench/tare.h"

#include <string.h>

#include "base/arena.h"
#include "tests/unit/runner/machine/placements_table.h"
#include "tests/unit/runner/machine/rules.h"

enum {
    MACHINES = sizeof machine_rows / sizeof *machine_rows,
    PLANS = sizeof plan_rows / sizeof *plan_rows,
};

static void check_spread(struct tare *t, struct spread got, struct spread want)
{
    TARE_CHECK_INT(got.packages, want.packages);
    TARE_CHECK_INT(got.numa, want.numa);
    TARE_CHECK_INT(got.l3, want.l3);
    TARE_CHECK_INT(got.l2, want.l2);
}

static void check_threads(struct tare *t, const struct topology *topology,
                          const struct machine_row *row)
{
    size_t least = topology->unit[0].n_pus, most = least;

    for (size_t u = 1; u < topology->n_units; u++) {
        size_t n = topology->unit[u].n_pus;

        least = n < least ? n : least;
        most = n > most ? n : most;
    }
    TARE_CHECK_INT((int)least, (int)row->threads[0]);
    TARE_CHECK_INT((int)most, (int)row->threads[1]);
}

TARE_TEST(machines_are_read_as_they_are)
{
    const struct placement_policy policy = {0};

    for (int i = 0; i < MACHINES; i++) {
        const struct machine_row *row = &machine_rows[i];
        struct topology *topology = rules_load(t, row->name);

        TARE_CHECK_STR(topology->source + strlen(topology->source) - 4, ".xml");
        TARE_CHECK(!topology->this_machine);
        TARE_CHECK_INT((int)topology->n_units, (int)row->units);
        TARE_CHECK_INT((int)topology->n_pus, (int)row->pus);
        TARE_CHECK_INT((int)topology->n_kinds, (int)row->kinds);
        TARE_REQUIRE_INT((int)topology->n_classes, (int)row->classes);
        for (size_t c = 0; c < row->classes; c++)
            TARE_CHECK_INT((int)topology->klass[c].n_units,
                           (int)row->class_units[c]);
        TARE_CHECK_INT(topology->ranked, row->ranked);
        check_threads(t, topology, row);
        check_spread(t, rules_spread_all(topology), row->all);
        TARE_CHECK_INT(placement_auto(topology, &policy), row->n_auto);
        topology_free(topology);
    }
}

static void check_row(struct tare *t, const struct plan_row *row)
{
    struct topology *topology = rules_load(t, row->name);
    const struct placement_policy policy = {0};
    struct placement plan = {0};
    struct arena arena = {0};
    struct error err = {0};
    bool all_local = true;
    int rc = placement_plan(topology, &policy, row->n, &arena, &plan, &err);

    TARE_CHECK_INT(rc, row->refused ? ERR_RANGE : 0);
    if (rc == 0) {
        TARE_CHECK_INT(plan.state, row->state);
        TARE_CHECK_INT(plan.klass, row->klass);
        TARE_CHECK_INT(plan.reserved < 0 ? -1
                                         : topology->unit[plan.reserved].pu[0],
                       row->reserved_pu);
        for (size_t i = 0; i < plan.n_workers; i++)
            all_local &= topology->unit[plan.worker[i].unit].n_nodes > 0;
        TARE_CHECK_INT(all_local, row->all_local);
        check_spread(t, rules_spread(topology, &plan), row->spread);
    }
    arena_clear(&arena);
    topology_free(topology);
}

TARE_TEST(counts_equal_the_reference_placements)
{
    for (int i = 0; i < PLANS; i++)
        check_row(t, &plan_rows[i]);
}

TARE_TEST(rules_hold_for_every_count_on_every_machine)
{
    const struct placement_policy policy = {0};

    for (int i = 0; i < MACHINES; i++) {
        struct topology *topology = rules_load(t, machine_rows[i].name);
        int most = placement_most(topology, &policy);
        struct placement plan;
        struct arena arena = {0};

        for (int n = 1; n <= most; n++) {
            TARE_REQUIRE_INT(
                placement_plan(topology, &policy, n, &arena, &plan, NULL), 0);
            TARE_CHECK_INT(
                rules_check(t, machine_rows[i].name, topology, &plan, n), 0);
            arena_clear(&arena);
        }
        TARE_CHECK_INT(
            placement_plan(topology, &policy, most + 1, &arena, &plan, NULL),
            ERR_RANGE);
        arena_clear(&arena);
        topology_free(topology);
    }
}

TARE_TEST(a_comparison_stays_in_one_class_with_one_reserved_core)
{
    for (int i = 0; i < MACHINES; i++) {
        const struct machine_row *row = &machine_rows[i];
        const struct placement_policy policy = {.largest = row->largest};
        struct topology *topology;
        struct placement plan[3];
        struct arena arena = {0};

        if (row->largest == 0)
            continue;
        topology = rules_load(t, row->name);
        for (int k = 0; k < 3; k++)
            TARE_REQUIRE_INT(placement_plan(topology, &policy, 1 << k, &arena,
                                            &plan[k], NULL),
                             0);
        for (int k = 0; k < 3; k++) {
            TARE_CHECK_INT(plan[k].klass, plan[2].klass);
            TARE_CHECK_INT(plan[k].reserved, plan[2].reserved);
            TARE_CHECK_INT((int)plan[k].n_workers, 1 << k);
        }
        arena_clear(&arena);
        topology_free(topology);
    }
}

TARE_TEST(a_comparison_too_large_for_the_best_class_uses_the_next)
{
    struct topology *topology = rules_load(t, "hybrid-intel-i7-1370P-6P+8E");
    const struct placement_policy policy = {.largest = 8};
    struct placement plan;
    struct arena arena = {0};

    TARE_REQUIRE_INT(placement_plan(topology, &policy, 1, &arena, &plan, NULL),
                     0);
    TARE_CHECK_INT(plan.klass, 1);
    /* All eight are needed for the largest count, so a fast one is left. */
    TARE_CHECK_INT(topology->unit[plan.reserved].klass, 0);
    arena_clear(&arena);
    topology_free(topology);
}

/* Knights Landing: each cluster has a DRAM and an MCDRAM node. */
TARE_TEST(all_workers_take_memory_of_one_tier)
{
    struct topology *topology = rules_load(t, "smt4-knl-like-snc4-flat-16c");
    struct placement_policy policy = {0};
    struct placement plan;
    struct arena arena = {0};

    for (int tier = TOPO_DRAM; tier <= TOPO_HBM; tier++) {
        policy.memory = (enum topo_tier)tier;
        TARE_REQUIRE_INT(
            placement_plan(topology, &policy, 15, &arena, &plan, NULL), 0);
        TARE_CHECK_INT((int)plan.memory, tier);
        for (size_t i = 0; i < plan.n_workers; i++) {
            bool is_hbm = plan.worker[i].node >= 4;

            TARE_CHECK(plan.worker[i].node >= 0);
            TARE_CHECK_INT(is_hbm, tier == TOPO_HBM);
        }
        TARE_CHECK_INT((int)plan.n_warnings, 0);
    }
    policy.memory = TOPO_OTHER;
    TARE_REQUIRE_INT(placement_plan(topology, &policy, 15, &arena, &plan, NULL),
                     0);
    TARE_CHECK_INT(plan.memory, TOPO_DRAM);
    TARE_CHECK_INT((int)plan.n_warnings, 1);
    arena_clear(&arena);
    topology_free(topology);
}
