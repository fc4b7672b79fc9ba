/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a live process runs in: cores, a private temporary folder, a block of
 * ports, an environment.  The two sides of a comparison have a slot each, on
 * the same core. */
#ifndef RUNNER_PROCESS_SLOT_H
#define RUNNER_PROCESS_SLOT_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "runner/process/guardian.h"

enum {
    SLOT_PADDING_MAX = 4096, /* bytes the environment varies by */
};

/* What the caller chooses.  Strings and lists are copied.
 *
 * worker     "w0", "w1", ...: TARE_WORKER
 * workers    how many there are: TARE_WORKERS
 * side       0 or 1 in a comparison; part of the folder's name only
 * cpus       OS indexes; none: the process is not bound
 * nodes      OS indexes of NUMA nodes to bind memory to; none: default
 * nice       as in struct spawn; measured programs ask for more than the rest
 *            of the machine gets, tests do not
 * port_base  first of PORTS_BLOCK ports (ports.h) that no other slot gets; 0:
 *            no ports
 * tmpdir     where the private folder is made; NULL or "" means /tmp */
struct slot_options {
    const char *worker;
    size_t workers;
    int side;
    const int *cpus;
    size_t n_cpus;
    const int *nodes;
    size_t n_nodes;
    int nice;
    unsigned port_base;
    const char *tmpdir;
};

struct slot {
    struct guardian *guardian;   /* borrowed */
    struct slot_options options; /* copies, in the arena */
    const char *folder;          /* absolute; TARE_TMPDIR */
    char mark[40];    /* what its processes are known by; TARE_SLOT */
    uint64_t started; /* processes so far; makes each mark its own */
    struct arena arena;
};

/* Make the folder and the rest.  The caller owns *out.  Returns 0, ERR_SYS or
 * ERR_NOMEM. */
int slot_open(struct guardian *guardian, const struct slot_options *options,
              struct slot **out, struct error *err);

/* Remove the folder and free the slot.  End its processes before.  NULL is
 * allowed. */
void slot_close(struct slot *slot);

/* Empty the folder, for the next process in this slot.  0 or ERR_SYS. */
int slot_clean(struct slot *slot, struct error *err);

/* The environment of the next process in this slot: `base` (such as environ)
 * without variables that begin with TARE_, then the slot's own, then `extra`
 * ("NAME=value", NULL-terminated; may be NULL), which wins over both, then
 * padding of 0 to SLOT_PADDING_MAX bytes drawn from the seed.  As strings lie
 * at the top of the stack the padding moves the stack by as much; a layout
 * that favours one side by chance so is drawn anew for every process (Mytkowicz
 * et al., "Producing wrong data without doing anything obviously wrong!",
 * ASPLOS 2009).  Address space randomisation stays on.
 *
 * seed  TARE_SEED; the same seed gives the same padding
 *
 * The strings live in the arena.  Returns the NULL-terminated list, or NULL
 * when out of memory. */
char **slot_environment(struct slot *slot, char *const *base,
                        char *const *extra, uint64_t seed, struct arena *arena);

/* The variables of `first`, then those of `more` that it does not set.  Lists
 * are NULL-terminated or NULL; strings are borrowed.  NULL when out of memory.
 */
char **environment_join(char *const *first, char *const *more,
                        struct arena *arena);

/* Fill in a spawn: binding, memory, limits (no core files) and the
 * environment above; cwd, path, argv and descriptors are the caller's. */
void slot_prepare(const struct slot *slot, char *const *env,
                  struct spawn *spawn);

#endif
