/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Domains, units and nodes out of hwloc's tree. */
#include <config.h>

#include "runner/machine/topology_build.h"

#include <string.h>
#include <strings.h>

#include "base/scope.h"
#include "base/strbuf.h"

struct build {
    struct topology *topology;
    hwloc_topology_t native;
    hwloc_const_bitmap_t allowed;
    hwloc_obj_t *node; /* of topology->node[i] */
    int n_groups;
    bool no_memory;
};

static bool grow(struct build *b, void **array, size_t n, size_t size)
{
    void *moved = arena_grow(&b->topology->arena, *array, n, size);

    if (moved)
        *array = moved;
    else
        b->no_memory = true;
    return moved;
}

static const struct {
    hwloc_obj_type_t type;
    enum topo_level level;
} domain_types[] = {
    {HWLOC_OBJ_MACHINE, TOPO_MACHINE},
    {HWLOC_OBJ_PACKAGE, TOPO_PACKAGE},
    {HWLOC_OBJ_GROUP, TOPO_GROUP},
    {HWLOC_OBJ_DIE, TOPO_DIE},
    {HWLOC_OBJ_L3CACHE, TOPO_L3},
    {HWLOC_OBJ_L2CACHE, TOPO_L2},
    /* Rare enough to be just one more way of grouping. */
    {HWLOC_OBJ_L4CACHE, TOPO_GROUP},
    {HWLOC_OBJ_L5CACHE, TOPO_GROUP},
};

static bool is_domain(hwloc_obj_t obj, enum topo_level *level)
{
    for (size_t i = 0; i < sizeof domain_types / sizeof *domain_types; i++) {
        if (obj->type != domain_types[i].type)
            continue;
        *level = domain_types[i].level;
        return true;
    }
    return false;
}

static const char *domain_name(struct build *b, hwloc_obj_t obj)
{
    char type[64];

    if (obj->subtype)
        return arena_strdup(&b->topology->arena, obj->subtype);
    hwloc_obj_type_snprintf(type, sizeof type, obj, 0);
    return arena_strdup(&b->topology->arena, type);
}

/* Returns the index of the new domain, or the parent's when there is no
 * memory. */
static int add_domain(struct build *b, hwloc_obj_t obj, enum topo_level level,
                      int parent)
{
    struct topology *topology = b->topology;
    struct topo_domain *domain;

    if (!grow(b, (void **)&topology->domain, topology->n_domains,
              sizeof *domain))
        return parent;
    domain = &topology->domain[topology->n_domains];
    *domain = (struct topo_domain){
        .level = level,
        .parent = parent,
        .id = level == TOPO_GROUP ? b->n_groups++ : (int)obj->logical_index,
        .name = domain_name(b, obj),
        .bytes = hwloc_obj_type_is_cache(obj->type) ? obj->attr->cache.size : 0,
    };
    b->no_memory |= !domain->name;
    return (int)topology->n_domains++;
}

/* The innermost domain of this level around a domain, itself included. */
static int around(const struct topology *topology, int domain,
                  enum topo_level level)
{
    while (domain >= 0 && topology->domain[domain].level != level)
        domain = topology->domain[domain].parent;
    return domain;
}

static bool list_pus(struct build *b, hwloc_const_bitmap_t set,
                     struct topo_unit *unit)
{
    int pu;

    unit->pu = arena_alloc(&b->topology->arena,
                           (size_t)hwloc_bitmap_weight(set), sizeof *unit->pu);
    if (!unit->pu)
        return false;
    for (pu = hwloc_bitmap_first(set); pu >= 0; pu = hwloc_bitmap_next(set, pu))
        unit->pu[unit->n_pus++] = pu;
    return true;
}

static void add_unit(struct build *b, hwloc_obj_t obj, int domain)
{
    struct topology *topology = b->topology;
    hwloc_bitmap_t set = hwloc_bitmap_alloc();
    struct topo_unit unit = {
        .core = (int)obj->logical_index,
        .domain = domain,
        .package = around(topology, domain, TOPO_PACKAGE),
        .die = around(topology, domain, TOPO_DIE),
        .l3 = around(topology, domain, TOPO_L3),
        .l2 = around(topology, domain, TOPO_L2),
    };

    unit.llc = unit.l3 >= 0 ? unit.l3 : unit.l2;
    if (!set || hwloc_bitmap_and(set, obj->cpuset, b->allowed) < 0 ||
        !list_pus(b, set, &unit) ||
        !grow(b, (void **)&topology->unit, topology->n_units, sizeof unit)) {
        b->no_memory = true;
        hwloc_bitmap_free(set);
        return;
    }
    hwloc_bitmap_free(set);
    topology->unit[topology->n_units++] = unit;
    topology->n_pus += unit.n_pus;
}

static void walk(struct build *b, hwloc_obj_t obj, int domain)
{
    enum topo_level level;

    if (b->no_memory || !obj->cpuset ||
        !hwloc_bitmap_intersects(obj->cpuset, b->allowed))
        return;
    if (obj->type == HWLOC_OBJ_CORE || obj->type == HWLOC_OBJ_PU) {
        add_unit(b, obj, domain);
        return;
    }
    if (is_domain(obj, &level))
        domain = add_domain(b, obj, level, domain);
    for (hwloc_obj_t child = obj->first_child; child;
         child = child->next_sibling)
        walk(b, child, domain);
}

/* hwloc names a tier in the subtype; memory behind a DAX device is not the
 * system's main memory whatever else is known. */
static enum topo_tier tier_of(hwloc_obj_t obj)
{
    if (obj->subtype && (strcasecmp(obj->subtype, "HBM") == 0 ||
                         strcasecmp(obj->subtype, "MCDRAM") == 0))
        return TOPO_HBM;
    if (obj->subtype && strcasecmp(obj->subtype, "DRAM") != 0)
        return TOPO_OTHER;
    if (hwloc_obj_get_info_by_name(obj, "DAXDevice"))
        return TOPO_OTHER;
    return TOPO_DRAM;
}

static void add_nodes(struct build *b)
{
    struct topology *topology = b->topology;
    hwloc_const_bitmap_t allowed =
        hwloc_topology_get_allowed_nodeset(b->native);
    int n = hwloc_get_nbobjs_by_type(b->native, HWLOC_OBJ_NUMANODE);

    topology->node = arena_alloc(&topology->arena, n > 0 ? (size_t)n : 0,
                                 sizeof *topology->node);
    b->node = arena_alloc(&topology->arena, n > 0 ? (size_t)n : 0,
                          sizeof(hwloc_obj_t));
    if (!topology->node || !b->node) {
        b->no_memory = true;
        return;
    }
    for (int i = 0; i < n; i++) {
        hwloc_obj_t obj =
            hwloc_get_obj_by_type(b->native, HWLOC_OBJ_NUMANODE, (unsigned)i);
        size_t at = topology->n_nodes;

        if (!hwloc_bitmap_isset(allowed, obj->os_index))
            continue;
        topology->n_nodes++;
        for (; at && topology->node[at - 1].os > (int)obj->os_index; at--) {
            topology->node[at] = topology->node[at - 1];
            b->node[at] = b->node[at - 1];
        }
        b->node[at] = obj;
        topology->node[at] = (struct topo_node){
            .os = (int)obj->os_index,
            .tier = tier_of(obj),
            .bytes = obj->attr->numanode.local_memory,
        };
    }
}

/* Nearest first: the node that fewer PUs share is the nearer one. */
static void add_local_nodes(struct build *b, struct topo_unit *unit)
{
    const struct topology *topology = b->topology;

    unit->node =
        arena_alloc(&b->topology->arena, topology->n_nodes, sizeof *unit->node);
    if (!unit->node) {
        b->no_memory = true;
        return;
    }
    for (size_t i = 0; i < topology->n_nodes; i++) {
        hwloc_const_bitmap_t set = b->node[i]->cpuset;
        size_t at = unit->n_nodes;

        if (!hwloc_bitmap_isset(set, (unsigned)unit->pu[0]))
            continue;
        for (; at && hwloc_bitmap_weight(b->node[unit->node[at - 1]]->cpuset) >
                         hwloc_bitmap_weight(set);
             at--)
            unit->node[at] = unit->node[at - 1];
        unit->node[at] = (int)i;
        unit->n_nodes++;
    }
}

static uint64_t cache_size(hwloc_topology_t native, hwloc_obj_type_t type,
                           int i)
{
    return hwloc_get_obj_by_type(native, type, (unsigned)i)->attr->cache.size;
}

/* ", L3 2x16384 KiB": how many of each size, in the order they appear. */
static void print_caches(struct strbuf *out, hwloc_topology_t native,
                         hwloc_obj_type_t type, const char *name)
{
    int n = hwloc_get_nbobjs_by_type(native, type);

    for (int i = 0; i < n; i++) {
        uint64_t size = cache_size(native, type, i);
        int same = 0, before = 0;

        for (int k = 0; k < n; k++) {
            bool equal = cache_size(native, type, k) == size;

            same += equal;
            before += equal && k < i;
        }
        if (before == 0)
            strbuf_printf(out, "%s%s %dx%llu KiB", i ? " " : ", ",
                          i ? "+" : name, same,
                          (unsigned long long)(size >> 10));
    }
}

static const char *describe(struct build *b)
{
    static const struct {
        hwloc_obj_type_t type;
        const char *name;
    } parts[] = {
        {HWLOC_OBJ_PACKAGE, "packages"}, {HWLOC_OBJ_DIE, "dies"},
        {HWLOC_OBJ_NUMANODE, "nodes"},   {HWLOC_OBJ_CORE, "cores"},
        {HWLOC_OBJ_PU, "PUs"},
    };
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        int n = hwloc_get_nbobjs_by_type(b->native, parts[i].type);

        if (n > 0)
            strbuf_printf(&out, "%s%s %d", out.size ? ", " : "", parts[i].name,
                          n);
    }
    print_caches(&out, b->native, HWLOC_OBJ_L3CACHE, "L3");
    print_caches(&out, b->native, HWLOC_OBJ_L2CACHE, "L2");
    print_caches(&out, b->native, HWLOC_OBJ_L1CACHE, "L1d");
    return out.failed ? NULL
                      : arena_strdup(&b->topology->arena, strbuf_text(&out));
}

int topology_build(struct topology *topology, hwloc_topology_t native,
                   hwloc_const_bitmap_t allowed, struct error *err)
{
    struct build b = {
        .topology = topology, .native = native, .allowed = allowed};

    topology->n_pus_there =
        (size_t)hwloc_bitmap_weight(hwloc_topology_get_complete_cpuset(native));
    walk(&b, hwloc_get_root_obj(native), -1);
    add_nodes(&b);
    for (size_t i = 0; i < topology->n_units && !b.no_memory; i++)
        add_local_nodes(&b, &topology->unit[i]);
    topology->shape = describe(&b);
    if (b.no_memory || !topology->shape)
        return ERROR(err, ERR_NOMEM, "no memory for the topology");
    return 0;
}
