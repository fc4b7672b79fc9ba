/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Break points of a machine, and a placement for each count. */
#include <config.h>

#include "runner/scale/counts.h"

#include <math.h>
#include <stdlib.h>

#include "base/strbuf.h"
#include "runner/machine/placement_pool.h"

/* ---- auto */

static int cache_of(const struct topo_unit *unit)
{
    return unit->llc;
}

static int node_of(const struct topo_unit *unit)
{
    return unit->n_nodes ? unit->node[0] : -1;
}

/* The most units of the best class that have the same thing, -1 being none. */
static int most_sharing(const struct topology *topology,
                        int (*thing)(const struct topo_unit *))
{
    int most = 0;

    for (size_t u = 0; u < topology->n_units; u++) {
        int mine = thing(&topology->unit[u]), n = 0;

        for (size_t k = 0; mine >= 0 && k < topology->n_units; k++)
            n += topology->unit[k].klass == 0 &&
                 thing(&topology->unit[k]) == mine;
        most = n > most ? n : most;
    }
    return most;
}

static void add(struct scale_count *out, size_t *n, int count, unsigned why,
                int quota)
{
    size_t at = 0;

    if (count < 1)
        return;
    if (count > quota) {
        count = quota;
        why = SCALE_BREAK_QUOTA;
    }
    while (at < *n && out[at].n < count)
        at++;
    if (at < *n && out[at].n == count) {
        out[at].breaks |= why;
        return;
    }
    for (size_t i = (*n)++; i > at; i--)
        out[i] = out[i - 1];
    out[at] = (struct scale_count){.n = count, .breaks = why};
}

size_t scale_counts_auto(const struct topology *topology,
                         struct scale_count *out)
{
    int cores = (int)topology->n_units, pus = (int)topology->n_pus;
    int quota =
        topology->quota < pus ? (int)fmax(1, floor(topology->quota)) : pus;
    size_t n = 0;

    add(out, &n, 1, SCALE_BREAK_ONE, quota);
    add(out, &n, most_sharing(topology, cache_of), SCALE_BREAK_CACHE, quota);
    add(out, &n, most_sharing(topology, node_of), SCALE_BREAK_NODE, quota);
    add(out, &n, (int)topology->klass[0].n_units, SCALE_BREAK_CLASS, quota);
    add(out, &n, cores, SCALE_BREAK_CORES, quota);
    if (pus > cores)
        add(out, &n, pus, SCALE_BREAK_SMT, quota);
    return n;
}

/* ---- placement */

static enum placement_bind counted_as(enum placement_bind bind)
{
    return bind == PLACE_NONE ? PLACE_CORE : bind;
}

/* How many workers have a place of their own: in one class of cores, or in all
 * of them. */
static int places(const struct topology *topology,
                  const struct placement_policy *policy, bool mixed)
{
    enum placement_bind bind = counted_as(policy->bind);
    int most = 0;

    if (policy->bind == PLACE_LIST)
        return (int)policy->n_list;
    if (mixed)
        return (int)pool_count(topology, bind, -1, -1);
    for (int c = 0; c < (int)topology->n_classes; c++) {
        int n = (int)pool_count(topology, bind, -1, c);

        most = n > most ? n : most;
    }
    return most;
}

/* Cores that the workers of a placement leave alone. */
static size_t cores_left(const struct topology *topology,
                         const struct placement *plan)
{
    size_t left = 0;

    for (size_t u = 0; u < topology->n_units; u++) {
        const struct topo_unit *unit = &topology->unit[u];
        bool used = false;

        for (size_t w = 0; w < plan->n_workers && !used; w++)
            for (size_t k = 0; k < plan->worker[w].n_pus && !used; k++)
                used = topology_unit_of(topology, plan->worker[w].pu[k]) ==
                       (int)(unit - topology->unit);
        left += !used;
    }
    return left;
}

static int place_one(const struct topology *topology,
                     const struct placement_policy *base, int largest,
                     struct scale_count *count, struct arena *arena,
                     struct error *err)
{
    struct placement_policy policy = *base;
    int in_all = places(topology, base, true);
    bool siblings = count->breaks && count->n > in_all &&
                    base->bind == PLACE_CORE &&
                    count->n <= (int)topology->n_pus;
    int rc;

    policy.mix_classes = count->n > largest;
    policy.largest = policy.mix_classes ? count->n : largest;
    if (siblings)
        policy.bind = PLACE_PU;
    rc = placement_plan(topology, &policy, count->n, arena, &count->placement,
                        err);
    if (rc < 0)
        return rc;
    count->smt = siblings ||
                 (base->bind == PLACE_PU && count->n > (int)topology->n_units);
    count->oversubscribed = !siblings && count->n > in_all;
    count->mixed = count->placement.klass < 0 && topology->n_classes > 1 &&
                   base->bind != PLACE_NONE;
    count->no_core_left = base->bind == PLACE_NONE
                              ? count->n >= (int)topology->n_units
                              : cores_left(topology, &count->placement) == 0;
    return 0;
}

int scale_counts_place(const struct topology *topology,
                       const struct placement_policy *policy,
                       struct scale_count *count, size_t n, struct arena *arena,
                       struct error *err)
{
    int in_class = places(topology, policy, false), largest = 1, rc = 0;

    for (size_t i = 0; i < n; i++)
        if (count[i].n <= in_class && count[i].n > largest)
            largest = count[i].n;
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = place_one(topology, policy, largest, &count[i], arena, err);
    return rc;
}

/* ---- words */

static void add_word(struct strbuf *out, size_t *n, const char *word)
{
    strbuf_printf(out, "%s%s", (*n)++ ? ", " : "", word);
}

void scale_break_words(unsigned breaks, struct strbuf *out)
{
    static const char *const words[] = {
        "one",       "one cache", "one NUMA node", "the best class",
        "all cores", "SMT",       "the quota",
    };
    size_t n = 0;

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (breaks & 1u << i)
            add_word(out, &n, words[i]);
}

void scale_count_marks(const struct scale_count *count, struct strbuf *out)
{
    size_t n = 0;

    if (count->oversubscribed)
        add_word(out, &n, "oversubscribed");
    else if (count->smt)
        add_word(out, &n, "SMT");
    if (count->mixed)
        add_word(out, &n, "mixed cores");
    if (count->no_core_left && !count->oversubscribed)
        add_word(out, &n, "no core left");
}
