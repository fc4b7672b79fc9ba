/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <string.h>

#include "runner/machine/show.h"
#include "tests/unit/runner/machine/rules.h"

/* The plan of n workers, drawn or as JSON; the caller clears the text. */
static struct strbuf show(struct tare *t, struct topology *topology,
                          enum placement_bind bind, int n, bool as_json)
{
    const struct placement_policy policy = {.bind = bind};
    struct placement plan = {0};
    struct arena arena = {0};
    struct strbuf out = {0};
    struct json json = {.out = &out};

    TARE_REQUIRE_INT(placement_plan(topology, &policy, n, &arena, &plan, NULL),
                     0);
    if (as_json)
        topology_json(topology, &policy, &plan, &json);
    else
        topology_draw(topology, &plan, &out);
    arena_clear(&arena);
    topology_free(topology);
    return out;
}

TARE_TEST(a_small_machine_is_drawn_whole)
{
    struct topology *topology = rules_synthetic(
        t,
        "pack:2 numa:1(memory=1073741824) l3:1(size=8388608) l2:2(size=262144) core:1 "
        "pu:2",
        NULL, 0);
    struct strbuf out;

    topology->quota = 2.5;
    topology->quota_from = "/sys/fs/cgroup/cpu.max";
    out = show(t, topology, PLACE_CORE, 3, false);
    TARE_CHECK_STR(
        strbuf_text(&out),
        "pack:2 numa:1(memory=1073741824) l3:1(size=8388608) l2:2(size=262144) core:1 "
        "pu:2: packages 2, nodes 2, cores 4, PUs 8, L3 2x8192 KiB, L2 "
        "4x256 KiB\n"
        "allowed: 8 of 8 PUs on 4 cores; 2.50 CPUs at a time "
        "(/sys/fs/cgroup/cpu.max)\n"
        "memory nodes: 0 (1 GiB), 1 (1 GiB)\n"
        "\n"
        "Package 0\n"
        "  L3 0 (8 MiB)\n"
        "    core 0  PU 0,1  node 0  left to the system and tare\n"
        "    core 1  PU 2,3  node 0  w1 on PU 2\n"
        "Package 1\n"
        "  L3 1 (8 MiB)\n"
        "    core 2  PU 4,5  node 1  w0 on PU 4\n"
        "    core 3  PU 6,7  node 1  w2 on PU 6\n"
        "\n"
        "3 workers, clean; memory from dram\n"
        "warning: the control group allows 2.50 CPUs at a time "
        "(/sys/fs/cgroup/cpu.max)\n");
    strbuf_clear(&out);
}

TARE_TEST(kinds_and_unequal_caches_are_told)
{
    struct strbuf out = show(t, rules_load(t, "hybrid-amd-strixpoint-4+8"),
                             PLACE_CORE, 1, false);

    TARE_CHECK(strstr(strbuf_text(&out), "L3 1x16384 KiB + 1x8192 KiB"));
    TARE_CHECK(strstr(strbuf_text(&out),
                      "kinds of cores: 4 x AMDPerformance, 8 x "
                      "AMDEfficiency\n"));
    TARE_CHECK(strstr(strbuf_text(&out),
                      "core 0  PU 0,12  AMDPerformance  w0 on PU 0\n"));
    strbuf_clear(&out);
}

TARE_TEST(json_has_os_indexes_and_null_for_what_is_not_there)
{
    struct strbuf out = show(t, rules_synthetic(t, "core:3 pu:2", NULL, 0),
                             PLACE_CORE, 2, true);

    TARE_CHECK(strstr(strbuf_text(&out), "\"schema\": \"tare/topology/1\""));
    TARE_CHECK(strstr(strbuf_text(&out), "\"auto\": 2"));
    TARE_CHECK(strstr(strbuf_text(&out), "\"state\": \"clean\""));
    TARE_CHECK(strstr(strbuf_text(&out), "\"quota\": null"));
    TARE_CHECK(strstr(strbuf_text(&out), "      \"worker\": \"w1\",\n"
                                         "      \"pu\": 4,\n"
                                         "      \"pus\": [4],\n"
                                         "      \"core\": 2,\n"
                                         "      \"llc\": null,\n"
                                         "      \"numa\": 0,\n"
                                         "      \"kind\": \"all cores\"\n"));
    TARE_CHECK(strstr(strbuf_text(&out), "\"reserved\": {\n"
                                         "    \"core\": 0,\n"
                                         "    \"pus\": [0, 1]\n"
                                         "  }"));
    strbuf_clear(&out);
}

TARE_TEST(unbound_workers_have_no_place)
{
    struct strbuf out = show(t, rules_synthetic(t, "core:2 pu:1", NULL, 0),
                             PLACE_NONE, 2, true);

    TARE_CHECK(strstr(strbuf_text(&out), "\"pu\": null,\n"
                                         "      \"pus\": [0, 1],\n"
                                         "      \"core\": null"));
    TARE_CHECK(strstr(strbuf_text(&out), "\"state\": \"no core left\""));
    TARE_CHECK(strstr(strbuf_text(&out), "\"reserved\": null"));
    strbuf_clear(&out);
}
