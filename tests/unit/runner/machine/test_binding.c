/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On this machine, whatever it is: bind to what is allowed, read it back. */
#include <config.h>

#include "bench/tare.h"

#include <sched.h>
#include <string.h>

#include "runner/machine/binding.h"
#include "tests/unit/runner/machine/rules.h"

static struct topology *this_machine(struct tare *t)
{
    struct topology *topology = NULL;
    struct error err = {0};

    topology_load(&(struct topology_source){0}, &topology, &err);
    TARE_REQUIRE_STR(err.text, "");
    return topology;
}

static struct placement one_worker(struct tare *t,
                                   const struct topology *topology,
                                   struct arena *arena)
{
    const struct placement_policy policy = {0};
    struct placement plan = {0};

    TARE_REQUIRE_INT(placement_plan(topology, &policy, 1, arena, &plan, NULL),
                     0);
    return plan;
}

TARE_TEST(a_process_goes_where_the_plan_says)
{
    struct topology *topology = this_machine(t);
    struct arena arena = {0};
    struct placement plan = one_worker(t, topology, &arena);
    struct error err = {0};

    binding_apply(topology, &plan.worker[0], &err);
    TARE_CHECK_STR(err.text, "");
    TARE_CHECK_INT(binding_verify(topology, &plan.worker[0], NULL), 0);
    TARE_CHECK_INT(sched_getcpu(), plan.worker[0].pu[0]);
    arena_clear(&arena);
    topology_free(topology);
}

TARE_TEST(a_process_that_is_elsewhere_is_found_out)
{
    struct topology *topology = this_machine(t);
    struct arena arena = {0};
    struct placement plan = one_worker(t, topology, &arena);
    int elsewhere[] = {plan.worker[0].pu[0], 4000};
    struct placement_worker other = {.pu = elsewhere, .n_pus = 2, .node = -1};
    struct error err = {0};

    TARE_REQUIRE_INT(binding_apply(topology, &plan.worker[0], NULL), 0);
    TARE_CHECK_INT(binding_verify(topology, &other, &err), ERR_RANGE);
    TARE_CHECK(strstr(err.text, "4000") && err.help[0]);
    arena_clear(&arena);
    topology_free(topology);
}

TARE_TEST(a_machine_that_is_only_described_cannot_be_bound_to)
{
    struct topology *topology = rules_synthetic(t, "core:2 pu:1", NULL, 0);
    struct arena arena = {0};
    struct placement plan = one_worker(t, topology, &arena);
    struct error err = {0};

    TARE_CHECK_INT(binding_apply(topology, &plan.worker[0], &err), ERR_INVAL);
    TARE_CHECK(strstr(err.text, "only described") != NULL);
    TARE_CHECK_INT(binding_verify(topology, &plan.worker[0], NULL), ERR_INVAL);
    arena_clear(&arena);
    topology_free(topology);
}
