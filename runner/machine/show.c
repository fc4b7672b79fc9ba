/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing a machine, and writing it as JSON. */
#include <config.h>

#include "runner/machine/show.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "runner/machine/cpulist.h"

static void print_bytes(struct strbuf *out, uint64_t bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)bytes;
    size_t unit = 0;

    while (value >= 1024 && unit + 1 < ARRAY_LEN(units)) {
        value /= 1024;
        unit++;
    }
    strbuf_printf(out, "%.4g %s", value, units[unit]);
}

struct drawing {
    const struct topology *topology;
    const struct placement *plan;
    struct strbuf *out;
    size_t *units; /* in each domain */
    bool *drawn;   /* each domain */
};

static void count_units(struct drawing *d)
{
    for (size_t u = 0; u < d->topology->n_units; u++)
        for (int up = d->topology->unit[u].domain; up >= 0;
             up = d->topology->domain[up].parent)
            d->units[up]++;
}

/* A cache of one core alone says nothing about sharing. */
static bool is_shown(const struct drawing *d, int domain)
{
    enum topo_level level = d->topology->domain[domain].level;

    return domain > 0 &&
           (d->units[domain] > 1 || (level != TOPO_L2 && level != TOPO_L3));
}

/* Two columns for each domain around it that is shown. */
static void indent(struct drawing *d, int parent)
{
    for (; parent > 0; parent = d->topology->domain[parent].parent)
        if (is_shown(d, parent))
            strbuf_puts(d->out, "  ");
}

static void draw_domain(struct drawing *d, int index)
{
    const struct topo_domain *domain = &d->topology->domain[index];

    indent(d, domain->parent);
    strbuf_printf(d->out, "%s %d", domain->name, domain->id);
    if (domain->bytes) {
        strbuf_puts(d->out, " (");
        print_bytes(d->out, domain->bytes);
        strbuf_putc(d->out, ')');
    }
    strbuf_putc(d->out, '\n');
}

/* The domains around a unit that do not stand there yet, outermost first. */
static void draw_domains(struct drawing *d, int domain)
{
    if (domain <= 0 || d->drawn[domain])
        return;
    draw_domains(d, d->topology->domain[domain].parent);
    d->drawn[domain] = true;
    if (is_shown(d, domain))
        draw_domain(d, domain);
}

/* Every worker of a place covers all its cores. */
static bool covers(const struct placement_worker *worker,
                   const struct topo_unit *unit)
{
    for (size_t i = 0; i < worker->n_pus; i++)
        for (size_t k = 0; k < unit->n_pus; k++)
            if (worker->pu[i] == unit->pu[k])
                return true;
    return false;
}

static void draw_role(struct drawing *d, int u)
{
    const struct topo_unit *unit = &d->topology->unit[u];

    if (u == d->plan->reserved)
        strbuf_puts(d->out, "  left to the system and tare");
    if (d->plan->bind == PLACE_NONE)
        return;
    for (size_t i = 0; i < d->plan->n_workers; i++) {
        const struct placement_worker *worker = &d->plan->worker[i];

        if (!covers(worker, unit))
            continue;
        strbuf_printf(d->out, "  w%zu", i);
        if (worker->n_pus == 1 && unit->n_pus > 1)
            strbuf_printf(d->out, " on PU %d", worker->pu[0]);
    }
}

static void draw_unit(struct drawing *d, int u)
{
    const struct topology *topology = d->topology;
    const struct topo_unit *unit = &topology->unit[u];

    indent(d, unit->domain);
    strbuf_printf(d->out, "core %d  PU ", unit->core);
    cpulist_print(d->out, unit->pu, unit->n_pus);
    if (topology->n_nodes > 1 && unit->n_nodes)
        strbuf_printf(d->out, "  node %d", topology->node[unit->node[0]].os);
    if (topology->n_nodes > 1 && !unit->n_nodes)
        strbuf_puts(d->out, "  no local memory");
    if (topology->n_classes > 1)
        strbuf_printf(d->out, "  %s", topology->klass[unit->klass].name);
    draw_role(d, u);
    strbuf_putc(d->out, '\n');
}

static void draw_nodes(const struct topology *topology, struct strbuf *out)
{
    for (size_t i = 0; i < topology->n_nodes; i++) {
        const struct topo_node *node = &topology->node[i];

        strbuf_printf(out, "%s%d ", i ? ", " : "memory nodes: ", node->os);
        strbuf_putc(out, '(');
        if (node->bytes)
            print_bytes(out, node->bytes);
        else
            strbuf_puts(out, "size unknown");
        if (node->tier != TOPO_DRAM)
            strbuf_printf(out, " %s", topo_tier_name(node->tier));
        strbuf_putc(out, ')');
    }
    strbuf_puts(out, topology->n_nodes ? "\n" : "");
}

static void draw_head(const struct topology *topology, struct strbuf *out)
{
    strbuf_printf(out, "%s: %s\n", topology->source, topology->shape);
    strbuf_printf(out, "allowed: %zu of %zu PUs on %zu core%s", topology->n_pus,
                  topology->n_pus_there, topology->n_units,
                  topology->n_units == 1 ? "" : "s");
    if (!isnan(topology->quota))
        strbuf_printf(out, "; %.2f CPUs at a time (%s)", topology->quota,
                      topology->quota_from);
    strbuf_putc(out, '\n');
    draw_nodes(topology, out);
    for (size_t i = 0; topology->n_classes > 1 && i < topology->n_classes; i++)
        strbuf_printf(out, "%s%zu x %s",
                      i ? ", " : "kinds of cores: ", topology->klass[i].n_units,
                      topology->klass[i].name);
    strbuf_puts(out, topology->n_classes > 1 ? "\n\n" : "\n");
}

static void draw_plan(const struct placement *plan, struct strbuf *out)
{
    strbuf_printf(out, "\n%zu worker%s, %s", plan->n_workers,
                  plan->n_workers == 1 ? "" : "s",
                  placement_state_name(plan->state));
    if (plan->bind != PLACE_NONE)
        strbuf_printf(out, "; memory from %s", topo_tier_name(plan->memory));
    strbuf_putc(out, '\n');
    for (size_t i = 0; i < plan->n_warnings; i++)
        strbuf_printf(out, "warning: %s\n", plan->warning[i]);
}

void topology_draw(const struct topology *topology,
                   const struct placement *plan, struct strbuf *out)
{
    SCOPED(free_scoped)
    size_t *units = calloc(topology->n_domains, sizeof *units);
    SCOPED(free_scoped)
    bool *drawn = calloc(topology->n_domains, sizeof *drawn);
    struct drawing d = {topology, plan, out, units, drawn};

    if (!units || !drawn) {
        out->failed = true;
        return;
    }
    count_units(&d);
    draw_head(topology, out);
    for (int u = 0; u < (int)topology->n_units; u++) {
        draw_domains(&d, topology->unit[u].domain);
        draw_unit(&d, u);
    }
    draw_plan(plan, out);
}

static void write_pus(struct json *json, const char *key, const int *pu,
                      size_t n)
{
    json_key(json, key);
    json_array(json);
    for (size_t i = 0; i < n; i++)
        json_int(json, pu[i]);
    json_array_end(json);
}

/* An index, null below 0. */
static void write_index(struct json *json, const char *key, int value)
{
    json_key(json, key);
    if (value < 0)
        json_null(json);
    else
        json_int(json, value);
}

static void write_classes(const struct topology *topology, struct json *json)
{
    json_key(json, "classes");
    json_list(json);
    for (size_t i = 0; i < topology->n_classes; i++) {
        json_object(json);
        json_set_string(json, "kind", topology->klass[i].name);
        json_set_int(json, "cores", (int64_t)topology->klass[i].n_units);
        write_index(json, "rank", topology->klass[i].rank);
        json_object_end(json);
    }
    json_array_end(json);
}

/* The id of a domain, null where there is no such level. */
static void write_domain(const struct topology *topology, struct json *json,
                         const char *key, int domain)
{
    write_index(json, key, domain < 0 ? -1 : topology->domain[domain].id);
}

static void write_units(const struct topology *topology, struct json *json)
{
    json_key(json, "units");
    json_list(json);
    for (size_t i = 0; i < topology->n_units; i++) {
        const struct topo_unit *unit = &topology->unit[i];

        json_object(json);
        json_set_int(json, "core", unit->core);
        write_pus(json, "pus", unit->pu, unit->n_pus);
        write_domain(topology, json, "package", unit->package);
        write_index(json, "numa",
                    unit->n_nodes ? topology->node[unit->node[0]].os : -1);
        write_domain(topology, json, "llc", unit->llc);
        json_set_string(json, "kind", topology->klass[unit->klass].name);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_nodes(const struct topology *topology, struct json *json)
{
    json_key(json, "nodes");
    json_list(json);
    for (size_t i = 0; i < topology->n_nodes; i++) {
        const struct topo_node *node = &topology->node[i];

        json_object(json);
        json_set_int(json, "numa", node->os);
        json_set_string(json, "memory", topo_tier_name(node->tier));
        json_set_double(json, "bytes", node->bytes ? (double)node->bytes : NAN);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_machine(const struct topology *topology, struct json *json)
{
    json_key(json, "machine");
    json_object(json);
    json_set_string(json, "source", topology->source);
    json_set_bool(json, "this_machine", topology->this_machine);
    json_set_string(json, "shape", topology->shape);
    json_set_int(json, "cores", (int64_t)topology->n_units);
    json_set_int(json, "pus", (int64_t)topology->n_pus);
    json_set_int(json, "pus_there", (int64_t)topology->n_pus_there);
    json_set_double(json, "quota", topology->quota);
    json_set_bool(json, "ranked", topology->ranked);
    write_classes(topology, json);
    write_nodes(topology, json);
    write_units(topology, json);
    json_object_end(json);
}

static void write_worker(const struct topology *topology,
                         const struct placement_worker *worker, size_t i,
                         struct json *json)
{
    const struct topo_unit *unit =
        worker->unit < 0 ? NULL : &topology->unit[worker->unit];
    char name[24];

    snprintf(name, sizeof name, "w%zu", i);
    json_object(json);
    json_set_string(json, "worker", name);
    write_index(json, "pu", unit ? worker->pu[0] : -1);
    write_pus(json, "pus", worker->pu, worker->n_pus);
    write_index(json, "core", unit ? unit->core : -1);
    write_index(json, "llc",
                unit && unit->llc >= 0 ? topology->domain[unit->llc].id : -1);
    write_index(json, "numa", worker->node);
    json_set_string(json, "kind",
                    unit ? topology->klass[worker->klass].name : NULL);
    json_object_end(json);
}

static void write_reserved(const struct topology *topology, int reserved,
                           struct json *json)
{
    json_key(json, "reserved");
    if (reserved < 0) {
        json_null(json);
        return;
    }
    json_object(json);
    json_set_int(json, "core", topology->unit[reserved].core);
    write_pus(json, "pus", topology->unit[reserved].pu,
              topology->unit[reserved].n_pus);
    json_object_end(json);
}

void topology_json(const struct topology *topology,
                   const struct placement_policy *policy,
                   const struct placement *plan, struct json *json)
{
    json_object(json);
    json_set_string(json, "schema", "tare/topology/1");
    write_machine(topology, json);
    json_set_string(json, "bind", placement_bind_name(plan->bind));
    json_set_int(json, "auto", placement_auto(topology, policy));
    json_set_string(json, "state", placement_state_name(plan->state));
    json_key(json, "placement");
    json_list(json);
    for (size_t i = 0; i < plan->n_workers; i++)
        write_worker(topology, &plan->worker[i], i, json);
    json_array_end(json);
    write_reserved(topology, plan->reserved, json);
    json_key(json, "warnings");
    json_list(json);
    for (size_t i = 0; i < plan->n_warnings; i++)
        json_string(json, plan->warning[i]);
    json_array_end(json);
    json_object_end(json);
}
