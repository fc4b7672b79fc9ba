/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Binding through hwloc, never trusted before it is read back. */
#include <config.h>

#include "runner/machine/binding.h"

#include <hwloc.h>
#include <stdlib.h>

#include "base/scope.h"
#include "base/strbuf.h"
#include "runner/machine/cpulist.h"

static void bitmap_scoped(hwloc_bitmap_t *set)
{
    hwloc_bitmap_free(*set);
}

static int out_of_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a binding");
}

/* hwloc reports success on a machine that is only described. */
static int check_machine(const struct topology *topology, struct error *err)
{
    if (topology->this_machine)
        return 0;
    return ERROR(err, ERR_INVAL,
                 "cannot bind to a machine that is only described (%s)",
                 topology->source);
}

static hwloc_bitmap_t pus_of(const struct placement_worker *worker)
{
    hwloc_bitmap_t set = hwloc_bitmap_alloc();

    for (size_t i = 0; set && i < worker->n_pus; i++) {
        if (hwloc_bitmap_set(set, (unsigned)worker->pu[i]) == 0)
            continue;
        hwloc_bitmap_free(set);
        return NULL;
    }
    return set;
}

static void print_set(struct strbuf *out, hwloc_const_bitmap_t set)
{
    SCOPED(free_scoped) char *text = NULL;

    if (hwloc_bitmap_list_asprintf(&text, set) < 0)
        text = NULL;
    strbuf_puts(out, text ? text : "?");
}

static int differs(const char *what, hwloc_const_bitmap_t want,
                   hwloc_const_bitmap_t got, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf wanted = {0};
    SCOPED(strbuf_scoped) struct strbuf found = {0};

    print_set(&wanted, want);
    print_set(&found, got);
    ERROR(err, ERR_RANGE, "bound to %s %s, but found on %s", what,
          strbuf_text(&wanted), strbuf_text(&found));
    error_help(err, "something else sets the binding of this process: a "
                    "control group, a service manager or the program itself");
    return ERR_RANGE;
}

int binding_verify(const struct topology *topology,
                   const struct placement_worker *worker, struct error *err)
{
    SCOPED(bitmap_scoped) hwloc_bitmap_t want = pus_of(worker);
    SCOPED(bitmap_scoped) hwloc_bitmap_t got = hwloc_bitmap_alloc();
    int rc = check_machine(topology, err);

    if (rc < 0)
        return rc;
    if (!want || !got)
        return out_of_memory(err);
    if (hwloc_get_cpubind(topology->native, got, HWLOC_CPUBIND_THREAD) < 0)
        return ERROR(err, ERR_SYS, "cannot read the CPU binding");
    if (!hwloc_bitmap_isequal(want, got))
        return differs("CPU", want, got, err);
    return 0;
}

static int bind_cpus(const struct topology *topology,
                     const struct placement_worker *worker, struct error *err)
{
    SCOPED(bitmap_scoped) hwloc_bitmap_t set = pus_of(worker);
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    if (!set)
        return out_of_memory(err);
    if (hwloc_set_cpubind(topology->native, set, HWLOC_CPUBIND_THREAD) < 0) {
        cpulist_print(&text, worker->pu, worker->n_pus);
        return ERROR(err, ERR_SYS, "cannot bind to CPU %s", strbuf_text(&text));
    }
    return binding_verify(topology, worker, err);
}

static bool has_memory_policies(const struct topology *topology)
{
    const struct hwloc_topology_support *support =
        hwloc_topology_get_support(topology->native);

    return support->membind->set_thisthread_membind &&
           support->membind->get_thisthread_membind;
}

/* Without "strict" the kernel takes memory elsewhere when the node is full,
 * where it would otherwise kill the process. */
static int bind_memory(const struct topology *topology, int node,
                       struct error *err)
{
    SCOPED(bitmap_scoped) hwloc_bitmap_t want = hwloc_bitmap_alloc();
    SCOPED(bitmap_scoped) hwloc_bitmap_t got = hwloc_bitmap_alloc();
    enum { FLAGS = HWLOC_MEMBIND_THREAD | HWLOC_MEMBIND_BYNODESET };
    hwloc_membind_policy_t policy;

    if (!want || !got || hwloc_bitmap_set(want, (unsigned)node) < 0)
        return out_of_memory(err);
    if (hwloc_set_membind(topology->native, want, HWLOC_MEMBIND_BIND, FLAGS) <
        0)
        return ERROR(err, ERR_SYS, "cannot take memory from node %d", node);
    if (hwloc_get_membind(topology->native, got, &policy, FLAGS) < 0)
        return ERROR(err, ERR_SYS, "cannot read the memory binding");
    if (policy != HWLOC_MEMBIND_BIND || !hwloc_bitmap_isequal(want, got))
        return differs("memory of node", want, got, err);
    return 0;
}

int binding_apply(const struct topology *topology,
                  const struct placement_worker *worker, struct error *err)
{
    int rc = check_machine(topology, err);

    if (rc == 0)
        rc = bind_cpus(topology, worker, err);
    /* With one node there is nothing to choose, and a container may forbid the
     * system call. */
    if (rc < 0 || worker->node < 0 || topology->n_nodes < 2 ||
        !has_memory_policies(topology))
        return rc;
    return bind_memory(topology, worker->node, err);
}
