/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Placement on machines made up for it: rules on many shapes, and each policy. */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <string.h>

#include "tests/unit/runner/machine/rules.h"

static int plan(const struct topology *topology,
                const struct placement_policy *policy, int n,
                struct arena *arena, struct placement *out, struct error *err)
{
    return placement_plan(topology, policy, n, arena, out, err);
}

/* PUs of the workers in order, "3 5"; a worker with several as "0,1". */
static const char *pus(const struct placement *out)
{
    static char text[1024];
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < out->n_workers; i++)
        for (size_t k = 0; k < out->worker[i].n_pus; k++)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%d",
                                     k   ? ","
                                     : i ? " "
                                         : "",
                                     out->worker[i].pu[k]);
    return text;
}

static bool warns(const struct placement *out, const char *about)
{
    for (size_t i = 0; i < out->n_warnings; i++)
        if (strstr(out->warning[i], about))
            return true;
    return false;
}

/* xorshift64 (Marsaglia 2003), so that the cases are the same everywhere. */
static unsigned next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return (unsigned)(*state >> 33);
}

static const char *const shapes[] = {
    "core:1 pu:1",
    "core:1 pu:4",
    "core:7 pu:2",
    "pu:5",
    "pack:2 core:3 pu:2",
    "pack:3 numa:2 core:2 pu:1",
    "pack:2 numa:1 l3:3 l2:2 core:2 pu:2",
    "numa:4 l3:2 core:3 pu:1",
    "pack:2 die:2 l3:2 core:3 pu:2",
    "group:3 pack:2 l2:3 core:1 pu:2",
    "pack:1 l3:4 numa:1 core:4 pu:1",
};

/* Each shape with all of it allowed, then with random parts of it. */
TARE_TEST(rules_hold_on_many_shapes_and_every_count)
{
    const struct placement_policy policy = {0};
    uint64_t seed = 20261122;
    int broken = 0, plans = 0;

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (int cut = 0; cut < 12; cut++) {
            struct topology *topology;
            struct arena arena = {0};
            struct placement out;
            int only[64], n_only = 0;

            for (int cpu = 0; cut && cpu < 64; cpu++)
                if (next(&seed) % 3 || cpu == 0)
                    only[n_only++] = cpu;
            topology = rules_synthetic(t, shapes[i], only, (size_t)n_only);
            for (int n = 1; n <= (int)topology->n_units; n++, plans++) {
                TARE_REQUIRE_INT(plan(topology, &policy, n, &arena, &out, NULL),
                                 0);
                broken += rules_check(t, shapes[i], topology, &out, n);
            }
            TARE_CHECK_INT(plan(topology, &policy, (int)topology->n_units + 1,
                                &arena, &out, NULL),
                           ERR_RANGE);
            arena_clear(&arena);
            topology_free(topology);
        }
    }
    TARE_CHECK_INT(broken, 0);
    TARE_CHECK(plans > 1000);
}

/* A checker that finds nothing proves nothing. */
TARE_TEST(a_crowded_plan_is_of_low_spread)
{
    struct topology *topology =
        rules_synthetic(t, "pack:2 core:4 pu:1", NULL, 0);
    const struct placement_policy policy = {
        .bind = PLACE_LIST, .list = (const int[]){1, 2}, .n_list = 2};
    struct arena arena = {0};
    struct placement out;

    TARE_REQUIRE_INT(plan(topology, &policy, 2, &arena, &out, NULL), 0);
    TARE_CHECK_INT(rules_spread(topology, &out).packages, 1);
    TARE_CHECK_INT(rules_spread_all(topology).packages, 2);
    arena_clear(&arena);
    topology_free(topology);
}

struct expected {
    const char *shape;
    enum placement_bind bind;
    int n;
    const char *pus;
    int reserved_pu;
    enum placement_state state;
};

TARE_TEST(each_binding_gives_its_places)
{
    static const struct expected rows[] = {
        {"pack:2 l3:2 core:2 pu:2", PLACE_CORE, 2, "8 4", 0, PLACEMENT_CLEAN},
        {"core:3 pu:2", PLACE_PU, 4, "2 4 3 5", 0, PLACEMENT_CLEAN},
        {"core:3 pu:2", PLACE_PU, 5, "0 2 4 1 3", -1, PLACEMENT_NO_CORE_LEFT},
        {"pack:1 l3:2 core:2 pu:2", PLACE_LLC, 1, "4,5,6,7", 0,
         PLACEMENT_CLEAN},
        {"pack:1 l3:2 core:2 pu:2", PLACE_LLC, 2, "4,5,6,7 2,3", 0,
         PLACEMENT_CLEAN},
        {"pack:1 l2:2 core:1 pu:1", PLACE_LLC, 2, "0 1", -1,
         PLACEMENT_NO_CORE_LEFT},
        {"numa:2 core:3 pu:1", PLACE_NUMA, 2, "3,4,5 1,2", 0, PLACEMENT_CLEAN},
        {"core:2 pu:1", PLACE_NONE, 1, "0,1", -1, PLACEMENT_CLEAN},
        {"core:2 pu:1", PLACE_NONE, 2, "0,1 0,1", -1, PLACEMENT_NO_CORE_LEFT},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct expected *row = &rows[i];
        struct topology *topology = rules_synthetic(t, row->shape, NULL, 0);
        const struct placement_policy policy = {.bind = row->bind};
        struct placement out = {0};
        struct arena arena = {0};

        TARE_REQUIRE_INT(plan(topology, &policy, row->n, &arena, &out, NULL),
                         0);
        TARE_CHECK_STR(pus(&out), row->pus);
        TARE_CHECK_INT(out.reserved < 0 ? -1
                                        : topology->unit[out.reserved].pu[0],
                       row->reserved_pu);
        TARE_CHECK_INT(out.state, row->state);
        arena_clear(&arena);
        topology_free(topology);
    }
}

TARE_TEST(siblings_and_unequal_places_are_told)
{
    struct topology *topology =
        rules_synthetic(t, "pack:1 l3:2 core:2 pu:2", NULL, 0);
    struct placement_policy policy = {.bind = PLACE_PU};
    struct placement out;
    struct arena arena = {0};

    TARE_REQUIRE_INT(plan(topology, &policy, 4, &arena, &out, NULL), 0);
    TARE_CHECK(warns(&out, "2 of 4 workers share their core"));
    policy.bind = PLACE_LLC;
    TARE_REQUIRE_INT(plan(topology, &policy, 2, &arena, &out, NULL), 0);
    TARE_CHECK(warns(&out, "between 2 and 4 processing units"));
    TARE_REQUIRE_INT(plan(topology, &policy, 1, &arena, &out, NULL), 0);
    TARE_CHECK_INT((int)out.n_warnings, 0);
    arena_clear(&arena);
    topology_free(topology);
}

TARE_TEST(too_many_workers_are_refused_or_marked)
{
    struct topology *topology = rules_synthetic(t, "core:2 pu:2", NULL, 0);
    struct placement_policy policy = {0};
    struct placement out;
    struct arena arena = {0};
    struct error err = {0};

    TARE_CHECK_INT(plan(topology, &policy, 3, &arena, &out, &err), ERR_RANGE);
    TARE_CHECK_STR(err.text,
                   "3 workers are more than the 2 that have a core each");
    TARE_CHECK(strstr(err.help, "-n 2") && strstr(err.help, "--oversub"));
    policy.oversubscribe = true;
    TARE_REQUIRE_INT(plan(topology, &policy, 5, &arena, &out, NULL), 0);
    TARE_CHECK_INT(out.state, PLACEMENT_OVERSUBSCRIBED);
    TARE_CHECK_INT(out.reserved, -1);
    /* Siblings before a PU is used twice. */
    TARE_CHECK_STR(pus(&out), "0 2 1 3 0");
    TARE_CHECK(warns(&out, "5 of 5 workers share"));
    TARE_REQUIRE_INT(plan(topology, &policy, 2, &arena, &out, NULL), 0);
    TARE_CHECK_INT(out.state, PLACEMENT_NO_CORE_LEFT);
    TARE_CHECK_INT(plan(topology, &policy, 0, &arena, &out, NULL), ERR_RANGE);
    arena_clear(&arena);
    topology_free(topology);
}

TARE_TEST(a_list_is_taken_as_it_is_and_checked)
{
    static const struct {
        int list[4];
        size_t n_list;
        int n, rc;
        const char *says;
    } rows[] = {
        {{6, 0}, 2, 2, 0, ""},
        {{6, 0}, 2, 1, 0, ""},
        {{0, 1}, 2, 2, 0, "share their core"},
        {{0, 0}, 2, 2, ERR_RANGE, "CPU 0 is named twice"},
        {{0, 9}, 2, 2, ERR_RANGE, "CPU 9 may not be used or is not there"},
        {{0, 2}, 2, 3, ERR_RANGE, "3 workers are more than the 2 CPUs listed"},
        {{0}, 0, 1, ERR_RANGE, "empty"},
    };
    struct topology *topology = rules_synthetic(t, "core:4 pu:2", NULL, 0);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct placement_policy policy = {
            .bind = PLACE_LIST, .list = rows[i].list, .n_list = rows[i].n_list};
        struct placement out = {0};
        struct arena arena = {0};
        struct error err = {0};

        TARE_CHECK_INT(plan(topology, &policy, rows[i].n, &arena, &out, &err),
                       rows[i].rc);
        if (rows[i].rc < 0)
            TARE_CHECK(strstr(err.text, rows[i].says) != NULL);
        else
            TARE_CHECK(!rows[i].says[0] || warns(&out, rows[i].says));
        if (rows[i].rc == 0)
            TARE_CHECK_INT(out.worker[0].pu[0], rows[i].list[0]);
        arena_clear(&arena);
    }
    topology_free(topology);
}

TARE_TEST(a_list_leaves_a_core_or_says_so)
{
    struct topology *topology = rules_synthetic(t, "core:2 pu:1", NULL, 0);
    struct placement_policy policy = {
        .bind = PLACE_LIST, .list = (const int[]){0, 1}, .n_list = 2};
    struct placement out;
    struct arena arena = {0};

    TARE_REQUIRE_INT(plan(topology, &policy, 2, &arena, &out, NULL), 0);
    TARE_CHECK_INT(out.state, PLACEMENT_NO_CORE_LEFT);
    policy.n_list = 1;
    TARE_REQUIRE_INT(plan(topology, &policy, 1, &arena, &out, NULL), 0);
    TARE_CHECK_INT(out.state, PLACEMENT_CLEAN);
    TARE_CHECK_INT(topology->unit[out.reserved].pu[0], 1);
    arena_clear(&arena);
    topology_free(topology);
}

TARE_TEST(tests_use_every_class_measurements_one)
{
    struct topology *topology = rules_load(t, "hybrid-amd-strixpoint-4+8");
    struct placement_policy policy = {0};
    struct placement out;
    struct arena arena = {0};

    TARE_CHECK_INT(placement_auto(topology, &policy), 4);
    TARE_CHECK_INT(placement_most(topology, &policy), 8);
    TARE_CHECK_INT(plan(topology, &policy, 9, &arena, &out, NULL), ERR_RANGE);
    policy.mix_classes = true;
    TARE_CHECK_INT(placement_auto(topology, &policy), 11);
    TARE_CHECK_INT(placement_most(topology, &policy), 12);
    TARE_REQUIRE_INT(plan(topology, &policy, 12, &arena, &out, NULL), 0);
    TARE_CHECK_INT(out.klass, -1);
    TARE_CHECK_INT((int)out.n_warnings, 0);
    policy.bind = PLACE_PU;
    TARE_CHECK_INT(placement_most(topology, &policy), 24);
    arena_clear(&arena);
    topology_free(topology);
}

TARE_TEST(a_quota_caps_the_automatic_count_and_warns_beyond)
{
    static const struct {
        double quota;
        int n_auto, most;
    } rows[] = {{NAN, 7, 8}, {4, 4, 4}, {2.9, 2, 2}, {0.5, 1, 1}, {100, 7, 8}};
    struct topology *topology = rules_synthetic(t, "core:8 pu:1", NULL, 0);
    const struct placement_policy policy = {0};
    struct placement out;
    struct arena arena = {0};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        topology->quota = rows[i].quota;
        TARE_CHECK_INT(placement_auto(topology, &policy), rows[i].n_auto);
        TARE_CHECK_INT(placement_most(topology, &policy), rows[i].most);
        TARE_REQUIRE_INT(plan(topology, &policy, 4, &arena, &out, NULL), 0);
        TARE_CHECK_INT(warns(&out, "control group allows"), rows[i].quota < 4);
    }
    arena_clear(&arena);
    topology_free(topology);
}

TARE_TEST(unranked_kinds_are_told)
{
    struct topology *topology = rules_load(t, "trap-unranked-kinds-fake");
    const struct placement_policy policy = {0};
    struct placement out;
    struct arena arena = {0};

    TARE_REQUIRE_INT(plan(topology, &policy, 2, &arena, &out, NULL), 0);
    TARE_CHECK(warns(&out, "does not rank"));
    TARE_REQUIRE_INT(plan(topology, &policy, 6, &arena, &out, NULL), 0);
    TARE_CHECK(warns(&out, "4 of 6 workers have no allowed memory"));
    arena_clear(&arena);
    topology_free(topology);
}

TARE_TEST(bindings_are_read_by_name_or_list)
{
    static const struct {
        const char *text;
        int rc;
        enum placement_bind bind;
        size_t n_list;
    } rows[] = {
        {"core", 0, PLACE_CORE, 0}, {"pu", 0, PLACE_PU, 0},
        {"llc", 0, PLACE_LLC, 0},   {"numa", 0, PLACE_NUMA, 0},
        {"none", 0, PLACE_NONE, 0}, {"0,2,4-6", 0, PLACE_LIST, 5},
        {"cores", ERR_PARSE, 0, 0}, {"", ERR_PARSE, 0, 0},
        {"list", ERR_PARSE, 0, 0},  {"0,", ERR_PARSE, 0, 0},
        {"3-1", ERR_RANGE, 0, 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct placement_policy policy = {.bind = PLACE_NUMA};
        struct arena arena = {0};

        TARE_CHECK_INT(placement_parse_bind("--bind", rows[i].text,
                                            strlen(rows[i].text), &arena,
                                            &policy, NULL),
                       rows[i].rc);
        TARE_CHECK_INT(policy.bind, rows[i].rc ? PLACE_NUMA : rows[i].bind);
        TARE_CHECK_INT((int)policy.n_list, (int)rows[i].n_list);
        arena_clear(&arena);
    }
    TARE_CHECK_STR(placement_bind_name(PLACE_LLC), "llc");
    TARE_CHECK_STR(placement_state_name(PLACEMENT_NO_CORE_LEFT),
                   "no core left");
}

/* The largest machine that can be described, in a moment. */
TARE_TEST(large_machines_are_planned_too)
{
    struct topology *topology =
        rules_synthetic(t, "pack:8 l3:8 core:32 pu:2", NULL, 0);
    const struct placement_policy policy = {0};
    struct placement out;
    struct arena arena = {0};

    TARE_CHECK_INT(placement_auto(topology, &policy), 2047);
    TARE_REQUIRE_INT(plan(topology, &policy, 2047, &arena, &out, NULL), 0);
    TARE_CHECK_INT((int)out.n_workers, 2047);
    arena_clear(&arena);
    topology_free(topology);
}
