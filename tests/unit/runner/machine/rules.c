/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "tests/unit/runner/machine/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX = 512 };

/* How many different values of key(unit) >= 0 the marked units have. */
static int distinct(const struct topology *topology, const bool *used,
                    int (*key)(const struct topology *, int))
{
    int seen[MAX], n = 0;

    for (int u = 0; u < (int)topology->n_units; u++) {
        int k = key(topology, u), i = 0;

        if (!used[u] || k == -1)
            continue;
        while (i < n && seen[i] != k)
            i++;
        if (i == n)
            seen[n++] = k;
    }
    return n;
}

static int package(const struct topology *topology, int u)
{
    return topology->unit[u].package;
}

static int l3(const struct topology *topology, int u)
{
    return topology->unit[u].l3;
}

static int l2(const struct topology *topology, int u)
{
    return topology->unit[u].l2;
}

/* The lowest unit with the same local nodes stands for them. */
static int locality(const struct topology *topology, int u)
{
    const struct topo_unit *unit = &topology->unit[u];

    for (int v = 0; v < u; v++)
        if (topology->unit[v].n_nodes == unit->n_nodes &&
            memcmp(topology->unit[v].node, unit->node,
                   unit->n_nodes * sizeof *unit->node) == 0)
            return v;
    return u;
}

static struct spread spread_over(const struct topology *topology,
                                 const bool *used)
{
    return (struct spread){
        .packages = distinct(topology, used, package),
        .numa = distinct(topology, used, locality),
        .l3 = distinct(topology, used, l3),
        .l2 = distinct(topology, used, l2),
    };
}

struct spread rules_spread(const struct topology *topology,
                           const struct placement *plan)
{
    bool used[MAX] = {false};

    for (size_t i = 0; i < plan->n_workers; i++)
        used[plan->worker[i].unit] = true;
    return spread_over(topology, used);
}

struct spread rules_spread_all(const struct topology *topology)
{
    bool used[MAX];

    memset(used, true, sizeof used);
    return spread_over(topology, used);
}

struct check {
    struct tare *t;
    const char *what;
    const struct topology *topology;
    const struct placement *plan;
    int n;
    int broken;
    int load[MAX]; /* workers on each unit */
    int room[MAX]; /* 1 where a worker could be */
};

static void expect(struct check *c, bool holds, const char *rule)
{
    if (holds)
        return;
    c->broken++;
    tare_check_(c->t, 0, 0, __FILE__, __LINE__, "%s, %d workers: %s is broken",
                c->what, c->n, rule);
}

static void check_pus(struct check *c)
{
    const struct placement *plan = c->plan;

    for (size_t i = 0; i < plan->n_workers; i++) {
        const struct placement_worker *worker = &plan->worker[i];
        const struct topo_unit *unit = &c->topology->unit[worker->unit];

        expect(c, worker->n_pus == 1, "one PU a worker");
        expect(c, worker->pu[0] == unit->pu[0], "the lowest PU of the core");
        for (size_t k = 0; k < i; k++)
            expect(c, plan->worker[k].pu[0] != worker->pu[0],
                   "M1, a PU appears once");
        c->load[worker->unit]++;
    }
    for (size_t u = 0; u < c->topology->n_units; u++)
        expect(c, c->load[u] <= 1, "M2, one worker a core");
}

static void check_class(struct check *c)
{
    const struct topology *topology = c->topology;

    expect(c, c->plan->klass >= 0, "M3, one class");
    for (size_t i = 0; i < c->plan->n_workers; i++)
        expect(c, c->plan->worker[i].klass == c->plan->klass, "M3, one class");
    for (int k = 0; k < c->plan->klass; k++)
        expect(c, topology->klass[k].n_units < (size_t)c->n,
               "M4, the best class with enough units");
}

static void check_reserve(struct check *c)
{
    bool more = c->topology->n_units > (size_t)c->n;

    expect(c, (c->plan->reserved >= 0) == more, "M6, a unit is left free");
    expect(c, (c->plan->state == PLACEMENT_CLEAN) == more,
           "M6, the state says so");
    if (c->plan->reserved >= 0)
        expect(c, c->load[c->plan->reserved] == 0, "M6, it is free");
}

/* Where there are enough units with memory of their own, only those count. */
static void find_room(struct check *c)
{
    const struct topology *topology = c->topology;
    int local = 0;

    for (int pass = 0; pass < 2; pass++) {
        for (int u = 0; u < (int)topology->n_units; u++) {
            const struct topo_unit *unit = &topology->unit[u];
            bool counts =
                unit->klass == c->plan->klass && u != c->plan->reserved;

            if (pass == 0)
                local += counts && unit->n_nodes;
            else
                c->room[u] = counts && (local < c->n || unit->n_nodes);
        }
    }
}

static bool inside(const struct topology *topology, int domain, int outer)
{
    while (domain >= 0 && domain != outer)
        domain = topology->domain[domain].parent;
    return domain == outer;
}

struct part {
    int load;
    int room;
};

static struct part part_of(const struct check *c, int domain)
{
    struct part part = {0, 0};

    for (int u = 0; u < (int)c->topology->n_units; u++) {
        if (!inside(c->topology, c->topology->unit[u].domain, domain))
            continue;
        part.load += c->load[u];
        part.room += c->room[u];
    }
    return part;
}

/* The parts of a domain: the domains in it and the units right in it. */
static int parts_of(const struct check *c, int domain, struct part *part)
{
    const struct topology *topology = c->topology;
    int n = 0;

    for (int d = 0; d < (int)topology->n_domains; d++)
        if (topology->domain[d].parent == domain)
            part[n++] = part_of(c, d);
    for (int u = 0; u < (int)topology->n_units; u++)
        if (topology->unit[u].domain == domain)
            part[n++] = (struct part){c->load[u], c->room[u]};
    return n;
}

static void check_balance(struct check *c)
{
    struct part part[MAX];

    find_room(c);
    for (int d = 0; d < (int)c->topology->n_domains; d++) {
        int n = parts_of(c, d, part), most = 0;

        for (int i = 0; i < n; i++)
            most = part[i].load > most ? part[i].load : most;
        for (int i = 0; i < n; i++)
            expect(c, part[i].load >= most - 1 || part[i].load == part[i].room,
                   "M5, balance");
    }
}

int rules_check(struct tare *t, const char *what,
                const struct topology *topology, const struct placement *plan,
                int n)
{
    struct check c = {
        .t = t, .what = what, .topology = topology, .plan = plan, .n = n};

    expect(&c, plan->n_workers == (size_t)n, "the number of workers");
    check_pus(&c);
    check_class(&c);
    check_reserve(&c);
    check_balance(&c);
    return c.broken;
}

struct topology *rules_load(struct tare *t, const char *name)
{
    const char *srcdir = getenv("srcdir");
    struct topology *topology = NULL;
    struct error err = {0};
    char path[4096];

    snprintf(path, sizeof path, "%s/tests/data/topologies/%s.xml",
             srcdir ? srcdir : ".", name);
    topology_load(&(struct topology_source){.from = path}, &topology, &err);
    TARE_REQUIRE_STR(err.text, "");
    return topology;
}

struct topology *rules_synthetic(struct tare *t, const char *description,
                                 const int *only, size_t n_only)
{
    struct topology_source source = {
        .from = description, .only = n_only ? only : NULL, .n_only = n_only};
    struct topology *topology = NULL;
    struct error err = {0};

    topology_load(&source, &topology, &err);
    TARE_REQUIRE_STR(err.text, "");
    return topology;
}
