/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The break points of recorded machines, and where workers run there. */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "base/strbuf.h"
#include "runner/scale/counts.h"
#include "tests/unit/runner/machine/rules.h"

/* "1 4 8", what `auto` takes. */
static const char *auto_of(const struct topology *topology, struct strbuf *out)
{
    struct scale_count count[SCALE_COUNTS_MAX];
    size_t n = scale_counts_auto(topology, count);

    strbuf_clear(out);
    for (size_t i = 0; i < n; i++)
        strbuf_printf(out, "%s%d", i ? " " : "", count[i].n);
    return strbuf_text(out);
}

static const struct {
    const char *name, *counts;
} machines[] = {
    {"arm-kunpeng920-128c-clusters", "1 32 128"},
    {"asym-missing-pus-11c", "1 3 11"},
    {"container-cgroup2-6of32", "1 4 6"},
    {"container-cpuset-10of16", "1 2 10"},
    {"epyc-7451-2s48c-16L3", "1 3 48 96"},
    {"hybrid-amd-strixpoint-4+8", "1 4 12 24"},
    {"hybrid-intel-i7-1370P-6P+8E", "1 6 14 20"},
    {"nocore-objects-4n8pu", "1 2 8"},
    {"nonuma-arm-2c", "1 2"},
    {"numa8-magnycours-sparse-indexes", "1 6 48"},
    {"offline-4s2c2t", "1 2 7 12"},
    {"single-core-ps3-2t", "1 2"},
    {"smt2-2s8c-xeon", "1 8 16 32"},
    {"smt4-knl-like-snc4-flat-16c", "1 4 16 64"},
    {"synthetic-vm-2vcpu", "1 2"},
};

TARE_TEST(break_points_of_recorded_machines)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    for (size_t i = 0; i < ARRAY_LEN(machines); i++) {
        struct topology *topology = rules_load(t, machines[i].name);

        TARE_CHECK_STR(auto_of(topology, &text), machines[i].counts);
        topology_free(topology);
    }
}

/* "1: one; 6: one cache" */
TARE_TEST(every_break_point_says_what_it_is)
{
    struct topology *topology = rules_load(t, "hybrid-intel-i7-1370P-6P+8E");
    struct scale_count count[SCALE_COUNTS_MAX];
    SCOPED(strbuf_scoped) struct strbuf words = {0};
    size_t n = scale_counts_auto(topology, count);

    for (size_t i = 0; i < n; i++) {
        strbuf_printf(&words, "%s%d: ", i ? "; " : "", count[i].n);
        scale_break_words(count[i].breaks, &words);
    }
    TARE_CHECK_STR(strbuf_text(&words),
                   "1: one; 6: one cache, one NUMA node, the best class; "
                   "14: all cores; 20: SMT");
    topology_free(topology);
}

TARE_TEST(a_quota_caps_them)
{
    struct topology *topology = rules_load(t, "smt2-2s8c-xeon");
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    topology->quota = 6.5;
    TARE_CHECK_STR(auto_of(topology, &text), "1 6");
    topology->quota = 0.5;
    TARE_CHECK_STR(auto_of(topology, &text), "1");
    topology->quota = NAN;
    TARE_CHECK_STR(auto_of(topology, &text), "1 8 16 32");
    topology_free(topology);
}

/* Place counts and describe each: class, marks. */
static int describe(const struct topology *topology, const int *n, size_t many,
                    const struct placement_policy *policy, struct strbuf *out,
                    struct error *err)
{
    struct scale_count count[SCALE_COUNTS_MAX];
    struct arena arena = {0};
    int rc;

    for (size_t i = 0; i < many; i++)
        count[i] = (struct scale_count){.n = n[i]};
    rc = scale_counts_place(topology, policy, count, many, &arena, err);
    for (size_t i = 0; i < many && rc == 0; i++) {
        SCOPED(strbuf_scoped) struct strbuf marks = {0};

        scale_count_marks(&count[i], &marks);
        strbuf_printf(out, "%s%d class %d", i ? "; " : "", n[i],
                      count[i].placement.klass);
        if (marks.size)
            strbuf_printf(out, " (%s)", strbuf_text(&marks));
    }
    arena_clear(&arena);
    return rc;
}

TARE_TEST(the_class_is_the_same_wherever_one_has_room)
{
    struct topology *topology = rules_load(t, "hybrid-intel-i7-1370P-6P+8E");
    const struct placement_policy policy = {0};
    SCOPED(strbuf_scoped) struct strbuf fast = {0}, slow = {0}, both = {0};
    static const int three[] = {1, 2, 6}, eight[] = {1, 6, 8};
    static const int all[] = {1, 8, 14};

    TARE_CHECK_INT(describe(topology, three, 3, &policy, &fast, NULL), 0);
    TARE_CHECK_STR(strbuf_text(&fast), "1 class 0; 2 class 0; 6 class 0");
    TARE_CHECK_INT(describe(topology, eight, 3, &policy, &slow, NULL), 0);
    TARE_CHECK_STR(strbuf_text(&slow), "1 class 1; 6 class 1; 8 class 1");
    TARE_CHECK_INT(describe(topology, all, 3, &policy, &both, NULL), 0);
    TARE_CHECK_STR(strbuf_text(&both),
                   "1 class 1; 8 class 1; 14 class -1 (mixed cores, no core "
                   "left)");
    topology_free(topology);
}

TARE_TEST(beyond_the_cores_is_refused_or_marked)
{
    struct topology *topology = rules_load(t, "synthetic-vm-2vcpu");
    struct placement_policy policy = {0};
    SCOPED(strbuf_scoped) struct strbuf none = {0}, marked = {0};
    static const int n[] = {1, 2, 4};
    struct error err = {0};

    TARE_CHECK_INT(describe(topology, n, 3, &policy, &none, &err), ERR_RANGE);
    TARE_CHECK(strstr(err.help, "--oversubscribe") != NULL);
    policy.oversubscribe = true;
    TARE_CHECK_INT(describe(topology, n, 3, &policy, &marked, NULL), 0);
    TARE_CHECK_STR(strbuf_text(&marked), "1 class 0; 2 class 0 (no core left); "
                                         "4 class 0 (oversubscribed)");
    topology_free(topology);
}

TARE_TEST(auto_takes_siblings_last)
{
    struct topology *topology = rules_load(t, "smt2-2s8c-xeon");
    const struct placement_policy policy = {0};
    struct scale_count count[SCALE_COUNTS_MAX];
    size_t n = scale_counts_auto(topology, count);
    struct arena arena = {0};

    TARE_REQUIRE_INT((int)n, 4);
    TARE_CHECK_INT(
        scale_counts_place(topology, &policy, count, n, &arena, NULL), 0);
    TARE_CHECK(count[3].smt && !count[3].oversubscribed);
    TARE_CHECK(!count[2].smt && count[2].no_core_left);
    TARE_CHECK(!count[1].no_core_left);
    /* Each on a processing unit of its own. */
    for (size_t i = 0; i < count[3].placement.n_workers; i++)
        for (size_t k = 0; k < i; k++)
            TARE_CHECK(count[3].placement.worker[i].pu[0] !=
                       count[3].placement.worker[k].pu[0]);
    arena_clear(&arena);
    topology_free(topology);
}
