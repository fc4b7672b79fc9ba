/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which numbers of workers are compared, and where the workers of each run:
 * pure functions of a topology. */
#ifndef RUNNER_SCALE_COUNTS_H
#define RUNNER_SCALE_COUNTS_H

#include "runner/machine/placement.h"

enum { SCALE_COUNTS_MAX = 64 };

/* Why `auto` took a count; several may hold. */
enum scale_break {
    SCALE_BREAK_ONE = 1 << 0,
    SCALE_BREAK_CACHE = 1 << 1, /* the cores that share an outermost cache */
    SCALE_BREAK_NODE = 1 << 2,  /* the cores of a NUMA node */
    SCALE_BREAK_CLASS = 1 << 3, /* all cores of the best class */
    SCALE_BREAK_CORES = 1 << 4, /* all cores */
    SCALE_BREAK_SMT = 1 << 5,   /* all processing units */
    SCALE_BREAK_QUOTA = 1 << 6, /* what the control group allows, where one of
                                 * the above is more */
};

struct scale_count {
    int n;               /* workers */
    unsigned breaks;     /* enum scale_break; 0 where the user named it */
    bool oversubscribed; /* workers share a processing unit */
    bool smt;            /* workers share cores, each on a PU of its own */
    bool mixed;          /* cores of several classes */
    bool no_core_left;   /* the system and the coordinator share a worker's core
                        * */
    struct placement placement; /* of its workers; in the arena */
};

/* The break points of a machine, ascending and each once: 1, one cache and one
 * NUMA node (where they are of different sizes the largest, in cores of the
 * best class), all cores of the best class, all cores, all processing units;
 * none above the control group's quota.
 *
 * out  room for SCALE_COUNTS_MAX; n and breaks are filled in
 *
 * Returns how many.  Cost: O(units^2). */
size_t scale_counts_auto(const struct topology *topology,
                         struct scale_count *out);

/* Plan a placement for each of n counts, ascending.  All that fit into one
 * class of cores are in the same one, the best that has room for the largest of
 * them; beyond that classes are mixed, and a count of `auto` beyond the cores
 * takes their siblings.
 *
 * policy  its `largest` and `mix_classes` are set here
 *
 * Returns 0; ERR_RANGE, with a remedy, where a count the user named has more
 * workers than there are cores and the policy does not oversubscribe; or
 * ERR_NOMEM. */
int scale_counts_place(const struct topology *topology,
                       const struct placement_policy *policy,
                       struct scale_count *count, size_t n, struct arena *arena,
                       struct error *err);

/* "one cache, one NUMA node", appended to out. */
struct strbuf;
void scale_break_words(unsigned breaks, struct strbuf *out);

/* What sets a count apart: "no core left", "oversubscribed", "mixed cores",
 * "SMT", joined by commas; nothing where it is clean. */
void scale_count_marks(const struct scale_count *count, struct strbuf *out);

#endif
