/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which cores are the same thing.
 *
 * hwloc reports CPU kinds; some differ in nothing but a turbo limit.  Two
 * kinds are one class when they have the same core type or part number.  Where
 * neither is known to both, capacity and base frequency decide: what both know
 * must agree within five per cent. */
#include <config.h>

#include "runner/machine/topology_build.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double near_equal = 0.05;

/* The limit of a favoured core says little about what it is: turbo limits of
 * equal cores were seen to differ by a tenth, those of different kinds differ
 * by a fifth and more. */
static const double near_equal_limit = 0.15;

struct kind {
    hwloc_bitmap_t set;
    int rank;
    const char *type; /* NULL when unknown, as the next */
    const char *part;
    double capacity; /* NaN when unknown, as the next two */
    double base_mhz;
    double limit_mhz;
    int klass; /* the kind of the smallest index that is the same thing */
    size_t units;
};

static double number(const char *text)
{
    char *end;
    double value;

    if (!text)
        return NAN;
    value = strtod(text, &end);
    return end == text || *end || !(value > 0) ? NAN : value;
}

static void set_info(struct kind *kind, const char *name, const char *value)
{
    if (strcmp(name, "CoreType") == 0)
        kind->type = value;
    else if (strcmp(name, "CPUPart") == 0)
        kind->part = value;
    else if (strcmp(name, "LinuxCapacity") == 0)
        kind->capacity = number(value);
    else if (strcmp(name, "FrequencyBaseMHz") == 0)
        kind->base_mhz = number(value);
    else if (strcmp(name, "FrequencyMaxMHz") == 0)
        kind->limit_mhz = number(value);
}

static int read_kind(hwloc_topology_t native, unsigned index, struct kind *kind)
{
    struct hwloc_info_s *info = NULL;
    unsigned n = 0;

    *kind = (struct kind){.set = hwloc_bitmap_alloc(),
                          .capacity = NAN,
                          .base_mhz = NAN,
                          .limit_mhz = NAN};
    if (!kind->set || hwloc_cpukinds_get_info(native, index, kind->set,
                                              &kind->rank, &n, &info, 0) < 0)
        return -1;
    for (unsigned i = 0; i < n; i++)
        set_info(kind, info[i].name, info[i].value);
    return 0;
}

enum likeness { UNKNOWN = 0, SAME, DIFFERENT };

static enum likeness alike_text(const char *a, const char *b)
{
    if (!a || !b)
        return UNKNOWN;
    return strcmp(a, b) == 0 ? SAME : DIFFERENT;
}

static enum likeness alike_number(double a, double b, double tolerance)
{
    if (isnan(a) || isnan(b))
        return UNKNOWN;
    return fabs(a - b) <= tolerance * fmax(a, b) ? SAME : DIFFERENT;
}

static bool same_thing(const struct kind *a, const struct kind *b)
{
    enum likeness type = alike_text(a->type, b->type);
    enum likeness part = alike_text(a->part, b->part);
    enum likeness capacity, base;

    if (type == SAME || part == SAME)
        return true;
    if (type == DIFFERENT || part == DIFFERENT)
        return false;
    capacity = alike_number(a->capacity, b->capacity, near_equal);
    base = alike_number(a->base_mhz, b->base_mhz, near_equal);
    if (capacity == UNKNOWN && base == UNKNOWN)
        return alike_number(a->limit_mhz, b->limit_mhz, near_equal_limit) ==
               SAME;
    return capacity != DIFFERENT && base != DIFFERENT;
}

static void join(struct kind *kind, size_t n, int from, int to)
{
    for (size_t i = 0; i < n; i++)
        if (kind[i].klass == from)
            kind[i].klass = to;
}

/* Likeness within a tolerance is not transitive; a chain makes one class, so
 * that the outcome does not depend on the order of the kinds.  A kind none of
 * whose PUs is allowed links nothing. */
static void merge(struct kind *kind, size_t n)
{
    for (size_t i = 0; i < n; i++)
        kind[i].klass = (int)i;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (kind[i].units && kind[j].units &&
                same_thing(&kind[i], &kind[j]))
                join(kind, n, kind[i].klass, kind[j].klass);
}

/* The kind of a PU; n where it has none. */
static size_t kind_of(const struct kind *kind, size_t n, int pu)
{
    size_t i = 0;

    while (i < n && !hwloc_bitmap_isset(kind[i].set, (unsigned)pu))
        i++;
    return i;
}

static const char *class_name(struct arena *arena, const struct kind *kind,
                              bool only)
{
    if (kind->type)
        return arena_strdup(arena, kind->type);
    if (kind->part)
        return arena_printf(arena, "part %s", kind->part);
    if (only)
        return "all cores";
    if (!isnan(kind->base_mhz))
        return arena_printf(arena, "base %.0f MHz", kind->base_mhz);
    if (!isnan(kind->capacity))
        return arena_printf(arena, "capacity %.0f", kind->capacity);
    if (!isnan(kind->limit_mhz))
        return arena_printf(arena, "up to %.0f MHz", kind->limit_mhz);
    return "unknown kind";
}

static bool before(const struct topo_class *a, const struct topo_class *b,
                   bool ranked)
{
    return ranked ? a->rank > b->rank : a->n_units > b->n_units;
}

static void swap_classes(struct topology *topology, int a, int b)
{
    struct topo_class moved = topology->klass[a];

    topology->klass[a] = topology->klass[b];
    topology->klass[b] = moved;
    for (size_t u = 0; u < topology->n_units; u++) {
        int *klass = &topology->unit[u].klass;

        if (*klass == a)
            *klass = b;
        else if (*klass == b)
            *klass = a;
    }
}

/* Insertion sort: stable, and there are two or three. */
static void sort_classes(struct topology *topology)
{
    for (int i = 1; i < (int)topology->n_classes; i++)
        for (int j = i; j && before(&topology->klass[j],
                                    &topology->klass[j - 1], topology->ranked);
             j--)
            swap_classes(topology, j, j - 1);
}

/* A class for each group of kinds, in the order of the units. */
static int sort_units(struct topology *topology, const struct kind *kind,
                      size_t n)
{
    int *seen = arena_alloc(&topology->arena, n + 1, sizeof *seen);

    topology->klass =
        arena_alloc(&topology->arena, n + 1, sizeof *topology->klass);
    if (!seen || !topology->klass)
        return -1;
    for (size_t u = 0; u < topology->n_units; u++) {
        struct topo_unit *unit = &topology->unit[u];
        int *index = &seen[kind[kind_of(kind, n, unit->pu[0])].klass];

        if (*index == 0) {
            *index = (int)++topology->n_classes;
            topology->klass[*index - 1].rank = -1;
        }
        unit->klass = *index - 1;
        topology->klass[unit->klass].n_units++;
    }
    return 0;
}

static int describe_classes(struct topology *topology, const struct kind *kind,
                            size_t n)
{
    for (size_t u = 0; u < topology->n_units; u++) {
        const struct topo_unit *unit = &topology->unit[u];
        const struct kind *of = &kind[kind_of(kind, n, unit->pu[0])];
        struct topo_class *klass = &topology->klass[unit->klass];

        if (of->rank > klass->rank)
            klass->rank = of->rank;
        if (!klass->name)
            klass->name =
                class_name(&topology->arena, of, topology->n_classes == 1);
        if (!klass->name)
            return -1;
    }
    return 0;
}

static bool all_ranked(const struct topology *topology)
{
    for (size_t i = 0; i < topology->n_classes; i++)
        if (topology->klass[i].rank < 0 && topology->n_classes > 1)
            return false;
    return true;
}

/* Of PUs without a kind nothing is known that would tell them from the rest;
 * where the rest differ among themselves, they are a class of their own. */
static void place_unknown(struct kind *kind, size_t n)
{
    int klass = -1;

    for (size_t i = 0; i < n; i++) {
        if (kind[i].units == 0)
            continue;
        if (klass >= 0 && kind[i].klass != klass)
            return;
        klass = kind[i].klass;
    }
    if (klass >= 0)
        kind[n].klass = klass;
}

/* kind[n] stands for the PUs that no kind holds. */
static int classify(struct topology *topology, struct kind *kind, size_t n)
{
    kind[n] = (struct kind){
        .rank = -1, .capacity = NAN, .base_mhz = NAN, .limit_mhz = NAN};
    for (size_t u = 0; u < topology->n_units; u++)
        kind[kind_of(kind, n, topology->unit[u].pu[0])].units++;
    for (size_t i = 0; i < n; i++)
        topology->n_kinds += kind[i].units > 0;
    merge(kind, n + 1);
    place_unknown(kind, n);
    if (sort_units(topology, kind, n) < 0 ||
        describe_classes(topology, kind, n) < 0)
        return -1;
    topology->ranked = all_ranked(topology);
    sort_classes(topology);
    return 0;
}

int topology_build_classes(struct topology *topology, hwloc_topology_t native,
                           struct error *err)
{
    int reported = hwloc_cpukinds_get_nr(native, 0);
    size_t n = reported > 0 ? (size_t)reported : 0, read = 0;
    struct kind *kind = arena_alloc(&topology->arena, n + 1, sizeof *kind);
    int rc = kind ? 0 : -1;

    for (; rc == 0 && read < n; read++)
        rc = read_kind(native, (unsigned)read, &kind[read]);
    if (rc == 0)
        rc = classify(topology, kind, n);
    for (size_t i = 0; i < read; i++)
        hwloc_bitmap_free(kind[i].set);
    if (rc < 0)
        return ERROR(err, ERR_NOMEM, "no memory for the kinds of cores");
    return 0;
}
