/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places for workers: making them and spreading over them. */
#include <config.h>

#include "runner/machine/placement_pool.h"

#include <limits.h>
#include <string.h>

#include "base/scope.h"
#include "runner/machine/noise.h"

/* What units of one place have in common. */
static int cache_of(const struct topology *topology, int u)
{
    const struct topo_unit *unit = &topology->unit[u];

    if (unit->llc >= 0)
        return unit->llc;
    return unit->package >= 0 ? unit->package : 0;
}

static int node_of(const struct topology *topology, int u)
{
    const struct topo_unit *unit = &topology->unit[u];

    return unit->n_nodes ? unit->node[0] : -1;
}

static bool together(const struct topology *topology, enum placement_bind bind,
                     int a, int b)
{
    if (topology->unit[a].klass != topology->unit[b].klass)
        return false;
    switch (bind) {
    case PLACE_LLC:
        return cache_of(topology, a) == cache_of(topology, b);
    case PLACE_NUMA:
        return node_of(topology, a) == node_of(topology, b);
    default:
        return a == b;
    }
}

static bool counts(const struct topology *topology, int u, int reserved,
                   int klass)
{
    return u != reserved && (klass < 0 || topology->unit[u].klass == klass);
}

/* The first unit of the place that u belongs to. */
static int leader(const struct topology *topology, enum placement_bind bind,
                  int u, int reserved)
{
    if (bind == PLACE_CORE || bind == PLACE_PU)
        return u;
    for (int first = 0; first < u; first++)
        if (first != reserved && together(topology, bind, first, u))
            return first;
    return u;
}

size_t pool_count(const struct topology *topology, enum placement_bind bind,
                  int reserved, int klass)
{
    size_t n = 0;

    for (int u = 0; u < (int)topology->n_units; u++) {
        if (!counts(topology, u, reserved, klass))
            continue;
        if (bind == PLACE_PU)
            n += topology->unit[u].n_pus;
        else
            n += leader(topology, bind, u, reserved) == u;
    }
    return n;
}

static void add_pus(struct place *place, const int *pu, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = place->n_pus++;

        for (; at && place->pu[at - 1] > pu[i]; at--)
            place->pu[at] = place->pu[at - 1];
        place->pu[at] = pu[i];
    }
}

/* `room`: PUs that will be added in all. */
static int add_place(const struct topology *topology, int u, const int *pu,
                     size_t n_pus, size_t room, struct arena *arena,
                     struct pool *pool)
{
    const struct topo_unit *unit = &topology->unit[u];
    struct place *place;

    pool->place = arena_grow(arena, pool->place, pool->n, sizeof *pool->place);
    if (!pool->place)
        return -1;
    place = &pool->place[pool->n++];
    *place = (struct place){.unit = u,
                            .last = u,
                            .klass = unit->klass,
                            .n_units = 1,
                            .local = unit->n_nodes > 0};
    place->pu = arena_alloc(arena, room, sizeof *place->pu);
    if (!place->pu)
        return -1;
    add_pus(place, pu, n_pus);
    return 0;
}

static size_t pus_beside(const struct topology *topology,
                         enum placement_bind bind, int u)
{
    size_t n = 0;

    for (int other = 0; other < (int)topology->n_units; other++)
        if (other == u || together(topology, bind, u, other))
            n += topology->unit[other].n_pus;
    return n;
}

static int add_unit(const struct topology *topology, enum placement_bind bind,
                    int u, int reserved, struct arena *arena, struct pool *pool)
{
    const struct topo_unit *unit = &topology->unit[u];
    int first = leader(topology, bind, u, reserved);

    if (bind == PLACE_PU) {
        for (size_t i = 0; i < unit->n_pus; i++)
            if (add_place(topology, u, &unit->pu[i], 1, 1, arena, pool) < 0)
                return -1;
        return 0;
    }
    if (first == u)
        return add_place(topology, u, unit->pu, unit->n_pus,
                         pus_beside(topology, bind, u), arena, pool);
    for (size_t i = 0; i < pool->n; i++) {
        if (pool->place[i].unit != first)
            continue;
        add_pus(&pool->place[i], unit->pu, unit->n_pus);
        pool->place[i].last = u;
        pool->place[i].n_units++;
    }
    return 0;
}

int pool_make(const struct topology *topology, enum placement_bind bind,
              int reserved, int klass, struct arena *arena, struct pool *out,
              struct error *err)
{
    struct pool pool = {0};

    for (int u = 0; u < (int)topology->n_units; u++)
        if (counts(topology, u, reserved, klass) &&
            add_unit(topology, bind, u, reserved, arena, &pool) < 0)
            return ERROR(err, ERR_NOMEM, "no memory for a placement");
    *out = pool;
    return 0;
}

void pool_set_noise(const struct topology *topology, struct pool *pool,
                    const double *noise)
{
    for (size_t i = 0; i < pool->n; i++) {
        for (size_t k = 0; k < pool->place[i].n_pus; k++) {
            int u = topology_unit_of(topology, pool->place[i].pu[k]);
            int level = noise_class(noise[u]);

            if (level > pool->place[i].noise)
                pool->place[i].noise = level;
        }
    }
}

void pool_keep_local(struct pool *pool)
{
    size_t kept = 0;

    for (size_t i = 0; i < pool->n; i++)
        if (pool->place[i].local)
            pool->place[kept++] = pool->place[i];
    pool->n = kept;
}

/* The tree that workers are spread over: the domains, below them the units,
 * below those the places.  Indexes run in that order. */
struct spot {
    int parent; /* -1 at the root */
    int child;  /* first one, -1 when none */
    int sibling;
    int room;      /* places free below */
    int local;     /* of these, with local memory */
    int taken;     /* workers below */
    int first;     /* lowest unit below */
    int noise;     /* of the quietest free place below */
    bool reserved; /* holds the reserved core */
};

struct tree {
    const struct topology *topology;
    struct spot *spot;
    int n_domains;
    int n_units;
};

static int unit_spot(const struct tree *tree, int u)
{
    return tree->n_domains + u;
}

static int depth(const struct tree *tree, int spot)
{
    int n = 0;

    for (; tree->spot[spot].parent >= 0; spot = tree->spot[spot].parent)
        n++;
    return n;
}

static int common(const struct tree *tree, int a, int b)
{
    int up = depth(tree, a) - depth(tree, b);

    for (; up > 0; up--)
        a = tree->spot[a].parent;
    for (; up < 0; up++)
        b = tree->spot[b].parent;
    for (; a != b; b = tree->spot[b].parent)
        a = tree->spot[a].parent;
    return a;
}

static void attach(struct tree *tree, int spot, int parent)
{
    tree->spot[spot] = (struct spot){.parent = parent,
                                     .child = -1,
                                     .sibling = -1,
                                     .first = INT_MAX,
                                     .noise = INT_MAX};
    if (parent < 0)
        return;
    tree->spot[spot].sibling = tree->spot[parent].child;
    tree->spot[parent].child = spot;
}

/* A place of several units hangs below what encloses them.  Units of a place
 * stand side by side, so the first and the last one tell. */
static void attach_place(struct tree *tree, const struct place *place, int spot)
{
    int first = unit_spot(tree, place->unit);
    int last = unit_spot(tree, place->last);

    attach(tree, spot, common(tree, first, last));
    for (int up = spot; up >= 0; up = tree->spot[up].parent) {
        tree->spot[up].room++;
        tree->spot[up].local += place->local;
        if (place->noise < tree->spot[up].noise)
            tree->spot[up].noise = place->noise;
        if (place->unit < tree->spot[up].first)
            tree->spot[up].first = place->unit;
    }
}

static int grow_tree(struct tree *tree, const struct pool *pool, int reserved,
                     struct arena *arena)
{
    const struct topology *topology = tree->topology;
    size_t n = topology->n_domains + topology->n_units + pool->n;

    tree->n_domains = (int)topology->n_domains;
    tree->n_units = (int)topology->n_units;
    tree->spot = arena_alloc(arena, n, sizeof *tree->spot);
    if (!tree->spot)
        return -1;
    for (int d = 0; d < tree->n_domains; d++)
        attach(tree, d, topology->domain[d].parent);
    for (int u = 0; u < tree->n_units; u++)
        attach(tree, unit_spot(tree, u), topology->unit[u].domain);
    for (int i = 0; i < (int)pool->n; i++)
        attach_place(tree, &pool->place[i], unit_spot(tree, tree->n_units) + i);
    if (reserved >= 0)
        for (int up = unit_spot(tree, reserved); up >= 0;
             up = tree->spot[up].parent)
            tree->spot[up].reserved = true;
    return 0;
}

/* Siblings are linked last first, so `<=` in the end leaves the lowest. */
static bool better(const struct spot *a, const struct spot *b)
{
    if (a->taken != b->taken)
        return a->taken < b->taken;
    if (a->reserved != b->reserved)
        return b->reserved;
    if ((a->local > 0) != (b->local > 0))
        return a->local > 0;
    if (a->noise != b->noise)
        return a->noise < b->noise;
    return a->first <= b->first;
}

/* The quietest free place below a spot, from its children's. */
static int quietest(const struct tree *tree, int spot)
{
    int best = INT_MAX;

    for (int c = tree->spot[spot].child; c >= 0; c = tree->spot[c].sibling)
        if (tree->spot[c].room && tree->spot[c].noise < best)
            best = tree->spot[c].noise;
    return best;
}

static int choose(struct tree *tree, const struct pool *pool)
{
    int at = 0, first_place = unit_spot(tree, tree->n_units);
    bool local;

    while (at < first_place) {
        int best = -1;

        for (int c = tree->spot[at].child; c >= 0; c = tree->spot[c].sibling)
            if (tree->spot[c].room &&
                (best < 0 || better(&tree->spot[c], &tree->spot[best])))
                best = c;
        at = best;
    }
    local = pool->place[at - first_place].local;
    for (int up = at; up >= 0; up = tree->spot[up].parent) {
        tree->spot[up].room--;
        tree->spot[up].local -= local;
        tree->spot[up].taken++;
        tree->spot[up].noise = quietest(tree, up);
    }
    return at - first_place;
}

int pool_spread(const struct topology *topology, const struct pool *pool,
                int reserved, size_t n, int *order, struct error *err)
{
    SCOPED(arena_scoped) struct arena scratch = {0};
    struct tree tree = {.topology = topology};

    if (grow_tree(&tree, pool, reserved, &scratch) < 0)
        return ERROR(err, ERR_NOMEM, "no memory for a placement");
    for (size_t i = 0; i < n; i++)
        order[i] = choose(&tree, pool);
    return 0;
}
