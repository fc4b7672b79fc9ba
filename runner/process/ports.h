/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of ports, each of which one run on this machine has at a time.
 *
 * A block is claimed by the name of an abstract Unix socket, which the kernel
 * gives to one process of a network namespace at a time, whoever its user is,
 * and takes back when that ends in whatever way.  No port is opened. */
#ifndef RUNNER_PROCESS_PORTS_H
#define RUNNER_PROCESS_PORTS_H

#include <stddef.h>

enum {
    PORTS_BLOCK = 100,
    PORTS_FIRST = 20000,
    PORTS_END = 32000, /* below what Linux gives out by itself */
};

/* Who in a run has a block.  Behind these come the workers, see
 * ports_of_worker(). */
enum ports_owner {
    PORTS_SESSION = 0, /* fixtures of tare.yaml that all workers share */
    PORTS_KEEPERS,     /* the same of programs */
    PORTS_COUNTS,      /* what is counted beside a measurement */
    PORTS_WORKERS,
};

/* The owner that a worker, from 0, is with one side (0 or 1) of what it
 * compares. */
size_t ports_of_worker(size_t worker, int side);

/* Claims of one run.  Zeroed: none yet.
 *
 * name  of the pool, borrowed; NULL for the one of this machine's runs */
struct ports {
    const char *name;
    struct ports_claim {
        unsigned base; /* 0: not asked for yet, or none was left */
        int fd;        /* the claim, -1 for none */
    } * claim;
    size_t n;
    unsigned next, end; /* blocks not looked at yet */
};

/* First of the PORTS_BLOCK ports of an owner, the same each time; 0 when no
 * block is left.  Where nothing can be claimed (no sockets here) the blocks of
 * one run still differ. */
unsigned ports_base(struct ports *ports, size_t owner);

/* Give all blocks back. */
void ports_clear(struct ports *ports);

/* Where the blocks end on a machine that gives out ports by itself from the
 * first number of this text on (/proc/sys/net/ipv4/ip_local_port_range): there,
 * or at PORTS_END when that is lower, when nothing is known, or when it would
 * leave less than a quarter of the blocks. */
unsigned ports_end(const char *range);

#endif
