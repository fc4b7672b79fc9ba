/* SPDX-License-Identifier: MIT */
/* What tare and a program that links libtare say to each other; docs/protocol.md
 * is the full text.  Shared by bench/ and runner/; includes nothing of either.
 *
 * Two channels are handed to the program by descriptor number in the
 * environment variable TARE_WIRE ("CONTROL,STAGE"); its only argument is
 * WIRE_ARGUMENT:
 *
 * control  a SOCK_SEQPACKET socket.  A message is a verb, then lines of
 *          key=value, each ended by '\n'; in values '\' is written "\\" and
 *          a line feed "\n".  What a program says may be several
 *          messages in one packet, with an empty line between.  A packet has
 *          at most WIRE_MESSAGE_MAX bytes.
 * stage    a shared memory file holding one struct wire_stage.  Samples and
 *          the hand-over between two live programs go through it, because a
 *          message between cores costs some 100 us and one core needs 8.
 *
 * The side that reads never trusts: everything in the stage may have been
 * overwritten by the measured program. */
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <stdint.h>

#define WIRE_ARGUMENT    "--tare-worker"
#define WIRE_ENVIRONMENT "TARE_WIRE"

/* A program is started so when it will fork its tests: what they call is then
 * bound once (ld.so(8)), not in each of them anew.  It takes the variable with
 * this value out of its environment again. */
#define WIRE_BIND_NAME  "LD_BIND_NOW"
#define WIRE_BIND_VALUE "tare"

enum {
    WIRE_PROTOCOL = 1,            /* spoken by this source */
    WIRE_PROTOCOL_OLDEST = 1,     /* oldest that tare still talks to */
    WIRE_MESSAGE_MAX = 64 * 1024, /* bytes of one message */
    WIRE_SLICES_MAX = 2048,       /* slices of one script */
    WIRE_SIDES = 2,
};

#define WIRE_MAGIC 0x45524154u /* "TARE", little-endian */

/* What a slice is for. */
enum wire_flags {
    WIRE_EMPTY = 1u << 0, /* run the library's empty loop, not the body */
    WIRE_WARM = 1u << 1,  /* will be discarded: keep it out of percentiles */
};

/* One slice: the order above, what was measured below.  A side writes only
 * the slices that are its own. */
struct wire_slice {
    uint64_t iterations; /* timed, 1 or more */
    uint64_t rewarm;     /* untimed iterations first, 0 for none */
    uint32_t side;       /* whose turn it is: 0 or 1 */
    uint32_t flags;      /* enum wire_flags */

    int64_t begin_ns;     /* CLOCK_MONOTONIC at the start of the timed part, to
                           * set it against the machine's own counters */
    int64_t elapsed_ns;   /* CLOCK_MONOTONIC_RAW around the timed part, or what
                           * the body said with tare_time_ns() */
    int64_t cpu_ns;       /* CPU time of the measuring thread over the timed
                           * part, clock reads included; -1 unknown */
    int64_t run_delay_ns; /* time runnable but not running, from when the slice
                           * was handed over and running to its end, the
                           * untimed part included (schedstat); -1 unknown */
    int64_t switches;     /* involuntary context switches, likewise */
    int64_t minor_faults; /* over the timed part */
    int64_t major_faults; /* over the timed part */
    int32_t cpu_begin;    /* OS index, -1 unknown */
    int32_t cpu_end;
    uint32_t done; /* 1 once everything above is written */
    uint32_t reserved;
};

struct wire_stage {
    uint32_t magic;    /* WIRE_MAGIC */
    uint32_t protocol; /* WIRE_PROTOCOL of the coordinator */
    uint32_t turn;     /* futex: index of the slice that may run now; the side
                        * that ran slice i stores i + 1 and wakes the other */
    uint32_t abort;    /* not 0: leave at once */
    uint32_t n_slices; /* of the script now on the stage */
    uint32_t reserved;
    struct wire_slice slice[WIRE_SLICES_MAX];
};

#endif
