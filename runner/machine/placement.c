/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planning: class of cores, reserved core, places, memory. */
#include <config.h>

#include "runner/machine/placement.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/scope.h"
#include "runner/machine/cpulist.h"
#include "runner/machine/placement_pool.h"

struct plan {
    const struct topology *topology;
    const struct placement_policy *policy;
    struct arena *arena;
    enum placement_bind bind; /* that decides how many places there are */
    int n;                    /* workers */
    int largest; /* that the class and the reserved core must serve */
    struct placement out;
};

/* Unbound workers need a core each all the same; a list is checked against the
 * cores it names. */
static enum placement_bind counted_as(enum placement_bind bind)
{
    return bind == PLACE_NONE || bind == PLACE_LIST ? PLACE_CORE : bind;
}

static int out_of_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a placement");
}

static int warn(struct plan *plan, const char *text)
{
    struct placement *out = &plan->out;

    if (!text)
        return -1;
    out->warning = arena_grow(plan->arena, out->warning, out->n_warnings,
                              sizeof *out->warning);
    if (!out->warning)
        return -1;
    out->warning[out->n_warnings++] = text;
    return 0;
}

/* The first class in order of rank that has enough places; -1 when none has.
 * With the classes mixed there is one pool. */
static bool find_class(const struct topology *topology,
                       const struct placement_policy *policy,
                       enum placement_bind bind, int n, int *klass)
{
    *klass = -1;
    if (policy->mix_classes || bind == PLACE_NONE)
        return pool_count(topology, counted_as(bind), -1, -1) >= (size_t)n;
    for (int c = 0; c < (int)topology->n_classes; c++) {
        if (pool_count(topology, bind, -1, c) < (size_t)n)
            continue;
        *klass = c;
        return true;
    }
    return false;
}

/* The class with the most places, the better one of equals. */
static int largest_class(const struct topology *topology,
                         const struct placement_policy *policy,
                         enum placement_bind bind)
{
    size_t most = 0;
    int best = -1;

    for (int c = 0; c < (int)topology->n_classes && !policy->mix_classes; c++) {
        size_t n = pool_count(topology, bind, -1, c);

        if (n <= most)
            continue;
        most = n;
        best = c;
    }
    return best;
}

/* Whether unit a is a better one to leave free than b: of a slower class, else
 * without memory of its own, else of the lowest PU, which takes most
 * interrupts. */
static bool less_valuable(const struct topology *topology, int a, int b)
{
    const struct topo_unit *x = &topology->unit[a], *y = &topology->unit[b];

    if (x->klass != y->klass)
        return x->klass > y->klass;
    if ((x->n_nodes == 0) != (y->n_nodes == 0))
        return x->n_nodes == 0;
    return x->pu[0] < y->pu[0];
}

static bool can_spare(const struct topology *topology, enum placement_bind bind,
                      int u, int klass, int n)
{
    if (klass >= 0 && topology->unit[u].klass != klass)
        return true;
    return pool_count(topology, bind, u, klass) >= (size_t)n;
}

/* The least valuable unit that n workers of this class can do without; -1 when
 * they need all.  What one unit of a class allows, all of it allow, but with
 * caches and nodes of unequal size: so the search ends soon. */
static int find_reserved(const struct topology *topology,
                         enum placement_bind bind, int klass, int n)
{
    int best = -1;

    for (int u = 0; u < (int)topology->n_units; u++)
        if ((best < 0 || less_valuable(topology, u, best)) &&
            can_spare(topology, bind, u, klass, n))
            best = u;
    return best;
}

/* How many workers have a place of their own. */
static int count_places(const struct topology *topology,
                        const struct placement_policy *policy)
{
    enum placement_bind bind = counted_as(policy->bind);
    int klass =
        policy->bind == PLACE_NONE ? -1 : largest_class(topology, policy, bind);

    return (int)pool_count(topology, bind, -1, klass);
}

static int refuse(const struct plan *plan, struct error *err)
{
    const struct topology *topology = plan->topology;
    int most = count_places(topology, plan->policy);
    bool compared = !plan->policy->mix_classes && topology->n_classes > 1;

    ERROR(err, ERR_RANGE,
          "%d worker%s %s more than the %d that have a %s each%s",
          plan->largest, plan->largest == 1 ? "" : "s",
          plan->largest == 1 ? "is" : "are", most,
          plan->policy->bind == PLACE_PU     ? "processing unit"
          : plan->policy->bind == PLACE_LLC  ? "last-level cache"
          : plan->policy->bind == PLACE_NUMA ? "NUMA node"
                                             : "core",
          compared ? " of one kind" : "");
    error_help(err,
               "use at most -n %d, or --oversubscribe, which marks "
               "every timing as shared",
               most);
    return ERR_RANGE;
}

/* The memory tier that serves all: the wanted one where every worker with
 * local memory has it, else the first that does. */
static bool tier_serves(const struct plan *plan, enum topo_tier tier)
{
    for (size_t i = 0; i < plan->out.n_workers; i++) {
        const struct topo_unit *unit =
            &plan->topology->unit[plan->out.worker[i].unit];
        bool has = unit->n_nodes == 0;

        for (size_t k = 0; k < unit->n_nodes; k++)
            has |= plan->topology->node[unit->node[k]].tier == tier;
        if (!has)
            return false;
    }
    return true;
}

static enum topo_tier find_tier(const struct plan *plan)
{
    static const enum topo_tier tiers[] = {TOPO_DRAM, TOPO_HBM, TOPO_OTHER};

    if (tier_serves(plan, plan->policy->memory))
        return plan->policy->memory;
    for (size_t i = 0; i < ARRAY_LEN(tiers); i++)
        if (tier_serves(plan, tiers[i]))
            return tiers[i];
    return plan->policy->memory;
}

static int local_node(const struct topology *topology, int u,
                      enum topo_tier tier)
{
    const struct topo_unit *unit = &topology->unit[u];

    for (size_t k = 0; k < unit->n_nodes; k++)
        if (topology->node[unit->node[k]].tier == tier)
            return topology->node[unit->node[k]].os;
    return -1;
}

static int bind_memory(struct plan *plan)
{
    struct placement *out = &plan->out;
    size_t without = 0;

    out->memory = find_tier(plan);
    for (size_t i = 0; i < out->n_workers; i++) {
        struct placement_worker *worker = &out->worker[i];

        worker->node = local_node(plan->topology, worker->unit, out->memory);
        without += worker->node < 0;
    }
    if (out->memory != plan->policy->memory &&
        warn(plan, arena_printf(plan->arena,
                                "not every worker has %s nearby: all use %s",
                                topo_tier_name(plan->policy->memory),
                                topo_tier_name(out->memory))) < 0)
        return -1;
    if (without == 0)
        return 0;
    return warn(
        plan, arena_printf(plan->arena,
                           "%zu of %zu workers have no allowed memory of their "
                           "own",
                           without, out->n_workers));
}

/* The worker's share of a place; in round r > 0 it is not the first one there
 * and gets a sibling, where there is one. */
static void give(struct plan *plan, size_t i, struct place *place, size_t round)
{
    struct placement_worker *worker = &plan->out.worker[i];
    bool whole = plan->bind == PLACE_LLC || plan->bind == PLACE_NUMA;

    *worker = (struct placement_worker){
        .unit = place->unit,
        .pu = whole ? place->pu : &place->pu[round % place->n_pus],
        .n_pus = whole ? place->n_pus : 1,
        .node = -1,
        .klass = place->klass,
    };
}

static int make_workers(struct plan *plan, struct error *err)
{
    struct placement *out = &plan->out;
    struct pool pool;
    size_t n = (size_t)plan->n, places, local = 0;
    int *order, rc;

    rc = pool_make(plan->topology, plan->bind, out->reserved, out->klass,
                   plan->arena, &pool, err);
    if (rc < 0)
        return rc;
    if (plan->policy->noise)
        pool_set_noise(plan->topology, &pool, plan->policy->noise);
    for (size_t i = 0; i < pool.n; i++)
        local += pool.place[i].local;
    if (local >= n)
        pool_keep_local(&pool);
    places = pool.n < n ? pool.n : n;
    order = arena_alloc(plan->arena, n, sizeof *order);
    out->worker = arena_alloc(plan->arena, n, sizeof *out->worker);
    if (!order || !out->worker)
        return out_of_memory(err);
    rc = pool_spread(plan->topology, &pool, out->reserved, places, order, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        give(plan, i, &pool.place[order[i % places]], i / places);
    out->n_workers = n;
    return 0;
}

/* Class and reserved core. */
static int choose_cores(struct plan *plan, struct error *err)
{
    struct placement *out = &plan->out;
    const struct topology *topology = plan->topology;
    int n = plan->largest > plan->n ? plan->largest : plan->n;

    if (find_class(topology, plan->policy, plan->policy->bind, n,
                   &out->klass)) {
        out->reserved = find_reserved(topology, plan->bind, out->klass, n);
        out->state =
            out->reserved < 0 ? PLACEMENT_NO_CORE_LEFT : PLACEMENT_CLEAN;
        return 0;
    }
    plan->largest = n;
    if (!plan->policy->oversubscribe)
        return refuse(plan, err);
    out->klass = largest_class(topology, plan->policy, plan->bind);
    out->reserved = -1;
    out->state = plan->n > count_places(topology, plan->policy)
                     ? PLACEMENT_OVERSUBSCRIBED
                     : PLACEMENT_NO_CORE_LEFT;
    return 0;
}

static int plan_unbound(struct plan *plan, struct error *err)
{
    struct placement *out = &plan->out;
    const struct topology *topology = plan->topology;
    size_t n_pus = 0;
    int *pu = arena_alloc(plan->arena, topology->n_pus, sizeof *pu);

    out->worker =
        arena_alloc(plan->arena, (size_t)plan->n, sizeof *out->worker);
    if (!pu || !out->worker)
        return out_of_memory(err);
    for (size_t u = 0; u < topology->n_units; u++)
        for (size_t i = 0; i < topology->unit[u].n_pus; i++)
            pu[n_pus++] = topology->unit[u].pu[i];
    out->n_workers = (size_t)plan->n;
    out->klass = -1;
    out->reserved = -1; /* an unbound worker runs there too */
    for (size_t i = 0; i < out->n_workers; i++)
        out->worker[i] = (struct placement_worker){
            .unit = -1, .pu = pu, .n_pus = n_pus, .node = -1, .klass = -1};
    return 0;
}

static int check_list(const struct plan *plan, struct error *err)
{
    const struct placement_policy *policy = plan->policy;

    if (policy->n_list == 0)
        return ERROR(err, ERR_RANGE, "the list of CPUs to bind to is empty");
    for (size_t i = 0; i < policy->n_list; i++) {
        if (topology_unit_of(plan->topology, policy->list[i]) < 0) {
            ERROR(err, ERR_RANGE, "CPU %d may not be used or is not there",
                  policy->list[i]);
            error_help(err, "tare topology shows the allowed ones");
            return ERR_RANGE;
        }
        for (size_t k = 0; k < i; k++)
            if (policy->list[k] == policy->list[i])
                return ERROR(err, ERR_RANGE, "CPU %d is named twice",
                             policy->list[i]);
    }
    if ((size_t)plan->n <= policy->n_list || policy->oversubscribe)
        return 0;
    ERROR(err, ERR_RANGE, "%d workers are more than the %zu CPUs listed",
          plan->n, policy->n_list);
    error_help(err, "list a CPU for each worker, or --oversubscribe");
    return ERR_RANGE;
}

/* The least valuable unit that the list leaves alone. */
static int unlisted(const struct plan *plan)
{
    const struct topology *topology = plan->topology;
    int best = -1;

    for (int u = 0; u < (int)topology->n_units; u++) {
        bool used = false;

        for (size_t i = 0; i < plan->policy->n_list; i++)
            used |= topology_unit_of(topology, plan->policy->list[i]) == u;
        if (!used && (best < 0 || less_valuable(topology, u, best)))
            best = u;
    }
    return best;
}

static int plan_list(struct plan *plan, struct error *err)
{
    const struct placement_policy *policy = plan->policy;
    struct placement *out = &plan->out;
    int rc = check_list(plan, err);

    if (rc < 0)
        return rc;
    out->n_workers = (size_t)plan->n;
    out->worker = arena_alloc(plan->arena, out->n_workers, sizeof *out->worker);
    if (!out->worker)
        return out_of_memory(err);
    for (size_t i = 0; i < out->n_workers; i++) {
        struct placement_worker *worker = &out->worker[i];
        int pu = policy->list[i % policy->n_list];

        worker->unit = topology_unit_of(plan->topology, pu);
        worker->klass = plan->topology->unit[worker->unit].klass;
        worker->n_pus = 1;
        worker->pu = arena_alloc(plan->arena, 1, sizeof *worker->pu);
        if (!worker->pu)
            return out_of_memory(err);
        worker->pu[0] = pu;
    }
    out->reserved = unlisted(plan);
    out->state = out->n_workers > policy->n_list ? PLACEMENT_OVERSUBSCRIBED
                 : out->reserved < 0             ? PLACEMENT_NO_CORE_LEFT
                                                 : PLACEMENT_CLEAN;
    return 0;
}

/* Workers that have a neighbour on their core. */
static size_t count_sharing(const struct plan *plan)
{
    const struct placement *out = &plan->out;
    size_t sharing = 0;
    int *on = arena_alloc(plan->arena, plan->topology->n_units, sizeof *on);

    if (!on || plan->policy->bind == PLACE_NONE)
        return 0;
    for (size_t i = 0; i < out->n_workers; i++)
        on[out->worker[i].unit]++;
    for (size_t i = 0; i < out->n_workers; i++)
        sharing += on[out->worker[i].unit] > 1;
    return sharing;
}

static int mark_classes(struct plan *plan)
{
    struct placement *out = &plan->out;

    if (plan->policy->bind == PLACE_NONE)
        return 0;
    out->klass = out->worker[0].klass;
    for (size_t i = 1; i < out->n_workers; i++)
        if (out->worker[i].klass != out->klass)
            out->klass = -1;
    if (out->klass < 0 && !plan->policy->mix_classes)
        return warn(plan, "the workers are on different kinds of cores");
    return 0;
}

static int unequal_places(struct plan *plan)
{
    const struct placement *out = &plan->out;
    size_t least = SIZE_MAX, most = 0;

    if (plan->bind != PLACE_LLC && plan->bind != PLACE_NUMA)
        return 0;
    for (size_t i = 0; i < out->n_workers; i++) {
        least = out->worker[i].n_pus < least ? out->worker[i].n_pus : least;
        most = out->worker[i].n_pus > most ? out->worker[i].n_pus : most;
    }
    if (least == most)
        return 0;
    return warn(plan, arena_printf(plan->arena,
                                   "the workers have between %zu and %zu "
                                   "processing units each",
                                   least, most));
}

static int add_warnings(struct plan *plan)
{
    const struct topology *topology = plan->topology;
    struct placement *out = &plan->out;
    size_t sharing = count_sharing(plan);

    if (!topology->ranked && !plan->policy->mix_classes && out->klass >= 0 &&
        warn(plan, arena_printf(plan->arena,
                                "the system does not rank its kinds of cores: "
                                "the most numerous one is used (%s)",
                                topology->klass[out->klass].name)) < 0)
        return -1;
    if (sharing &&
        warn(plan, arena_printf(plan->arena,
                                "%zu of %zu workers share their core with "
                                "another",
                                sharing, out->n_workers)) < 0)
        return -1;
    if ((double)out->n_workers > topology->quota &&
        warn(plan, arena_printf(plan->arena,
                                "the control group allows %.2f CPUs at a "
                                "time (%s)",
                                topology->quota, topology->quota_from)) < 0)
        return -1;
    return unequal_places(plan);
}

static int plan_cores(struct plan *plan, struct error *err)
{
    int rc = choose_cores(plan, err);

    if (rc < 0)
        return rc;
    return plan->policy->bind == PLACE_NONE ? plan_unbound(plan, err)
                                            : make_workers(plan, err);
}

int placement_plan(const struct topology *topology,
                   const struct placement_policy *policy, int n,
                   struct arena *arena, struct placement *out,
                   struct error *err)
{
    struct plan plan = {
        .topology = topology,
        .policy = policy,
        .arena = arena,
        .bind = counted_as(policy->bind),
        .n = n,
        .largest = policy->largest,
        .out = {.bind = policy->bind, .reserved = -1, .klass = -1},
    };
    int rc;

    if (n < 1)
        return ERROR(err, ERR_RANGE, "a placement needs one worker at least");
    rc = policy->bind == PLACE_LIST ? plan_list(&plan, err)
                                    : plan_cores(&plan, err);
    if (rc < 0)
        return rc;
    if (mark_classes(&plan) < 0 || add_warnings(&plan) < 0 ||
        (policy->bind != PLACE_NONE && bind_memory(&plan) < 0))
        return out_of_memory(err);
    *out = plan.out;
    return 0;
}

static int within_quota(const struct topology *topology, int n)
{
    if (n > topology->quota)
        n = (int)floor(topology->quota);
    return n < 1 ? 1 : n;
}

int placement_auto(const struct topology *topology,
                   const struct placement_policy *policy)
{
    enum placement_bind bind = counted_as(policy->bind);
    int klass = policy->mix_classes || policy->bind == PLACE_NONE ? -1 : 0;
    int n;

    if (policy->bind == PLACE_LIST)
        return within_quota(topology, (int)policy->n_list);
    n = (int)pool_count(topology, bind, -1, klass);
    while (n > 1 && find_reserved(topology, bind, klass, n) < 0)
        n--;
    return within_quota(topology, n);
}

int placement_most(const struct topology *topology,
                   const struct placement_policy *policy)
{
    int n = policy->bind == PLACE_LIST ? (int)policy->n_list
                                       : count_places(topology, policy);

    return within_quota(topology, n);
}

static const char *const bind_names[] = {"core", "pu",   "llc",
                                         "numa", "none", "list"};

int placement_parse_bind(const char *name, const char *text, size_t size,
                         struct arena *arena, struct placement_policy *policy,
                         struct error *err)
{
    struct cpulist list;
    int rc;

    for (int bind = PLACE_CORE; bind < PLACE_LIST; bind++) {
        if (strlen(bind_names[bind]) != size ||
            memcmp(text, bind_names[bind], size) != 0)
            continue;
        policy->bind = (enum placement_bind)bind;
        policy->list = NULL;
        policy->n_list = 0;
        return 0;
    }
    if (size == 0 || !isdigit((unsigned char)text[0])) {
        ERROR_AT(err, ERR_PARSE, name, 1, 1, "unknown binding '%.*s'",
                 (int)(size < 40 ? size : 40), text);
        error_help(err, "one of core, pu, llc, numa, none, or a list "
                        "of CPUs such as 0,2,4-6");
        return ERR_PARSE;
    }
    rc = cpulist_parse(name, text, size, arena, &list, err);
    if (rc < 0)
        return rc;
    policy->bind = PLACE_LIST;
    policy->list = list.cpu;
    policy->n_list = list.n;
    return 0;
}

const char *placement_bind_name(enum placement_bind bind)
{
    return bind_names[bind];
}

const char *placement_state_name(enum placement_state state)
{
    static const char *const names[] = {"clean", "no core left",
                                        "oversubscribed"};

    return names[state];
}
