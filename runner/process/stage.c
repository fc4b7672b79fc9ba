/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stage: writing scripts, and taking results without trusting them. */
#include <config.h>

#include "runner/process/stage.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct stage {
    int fd;
    struct wire_stage *shared;
    /* What was ordered, out of the programs' reach. */
    struct stage_order order[WIRE_SLICES_MAX];
    size_t n;
};

/* Samples are timed with MONOTONIC_RAW and orders with MONOTONIC, which is
 * slewed: by 10 % at the very most (adjtimex(2): a tick of 9000 to 11000). */
static const int64_t slew_divisor = 8;
/* Kernels that account CPU time by ticks round it to one, 10 ms at most. */
static const int64_t tick_ns = 10000000;

int stage_open(struct stage **out, struct error *err)
{
    struct stage *stage = calloc(1, sizeof *stage);
    void *map;

    if (!stage)
        return ERROR(err, ERR_NOMEM, "no memory for a stage");
    stage->fd = memfd_create("tare-stage", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    /* A program that cut the file would kill us with SIGBUS. */
    if (stage->fd < 0 || ftruncate(stage->fd, sizeof *stage->shared) < 0 ||
        fcntl(stage->fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) < 0) {
        ERROR(err, ERR_SYS, "cannot make shared memory");
        stage_close(stage);
        return ERR_SYS;
    }
    map = mmap(NULL, sizeof *stage->shared, PROT_READ | PROT_WRITE, MAP_SHARED,
               stage->fd, 0);
    if (map == MAP_FAILED) {
        ERROR(err, ERR_SYS, "cannot map shared memory");
        stage_close(stage);
        return ERR_SYS;
    }
    stage->shared = map;
    stage->shared->magic = WIRE_MAGIC;
    stage->shared->protocol = WIRE_PROTOCOL;
    *out = stage;
    return 0;
}

void stage_close(struct stage *stage)
{
    if (!stage)
        return;
    if (stage->shared)
        munmap(stage->shared, sizeof *stage->shared);
    if (stage->fd >= 0)
        close(stage->fd);
    free(stage);
}

int stage_fd(const struct stage *stage)
{
    return stage->fd;
}

int stage_script(struct stage *stage, const struct stage_order *order, size_t n,
                 struct error *err)
{
    struct wire_stage *shared = stage->shared;

    if (n < 1 || n > WIRE_SLICES_MAX)
        return ERROR(err, ERR_RANGE, "a script has 1 to %d slices, not %zu",
                     WIRE_SLICES_MAX, n);
    for (size_t i = 0; i < n; i++)
        if (order[i].iterations < 1 || order[i].side >= WIRE_SIDES)
            return ERROR(err, ERR_RANGE, "slice %zu of a script is invalid", i);
    memcpy(stage->order, order, n * sizeof *order);
    stage->n = n;
    memset(shared->slice, 0, n * sizeof *shared->slice);
    for (size_t i = 0; i < n; i++) {
        shared->slice[i].iterations = order[i].iterations;
        shared->slice[i].rewarm = order[i].rewarm;
        shared->slice[i].side = order[i].side;
        shared->slice[i].flags = order[i].flags;
    }
    shared->n_slices = (uint32_t)n;
    __atomic_store_n(&shared->abort, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&shared->turn, 0, __ATOMIC_RELEASE);
    return 0;
}

void stage_abort(struct stage *stage)
{
    __atomic_store_n(&stage->shared->abort, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, &stage->shared->turn, FUTEX_WAKE, INT_MAX, NULL, NULL,
            0);
}

int stage_turn_side(const struct stage *stage)
{
    uint32_t turn = __atomic_load_n(&stage->shared->turn, __ATOMIC_ACQUIRE);

    return turn < stage->n ? (int)stage->order[turn].side : -1;
}

/* --- checking */

/* What one order may have taken. */
struct bounds {
    int64_t began_ns;
    int64_t ended_ns;
    int64_t longest_ns; /* of the clock of the samples */
};

static bool same_order(const struct wire_slice *got,
                       const struct stage_order *want)
{
    return got->iterations == want->iterations && got->rewarm == want->rewarm &&
           got->side == want->side && got->flags == want->flags;
}

static bool counts_are_possible(const struct wire_slice *s)
{
    return s->switches >= -1 && s->minor_faults >= -1 && s->major_faults >= -1;
}

static bool is_cpu(int32_t cpu)
{
    return cpu >= -1 && cpu < 1 << 16;
}

static bool in_order(int64_t at_ns, const struct bounds *b)
{
    return at_ns >= b->began_ns && at_ns <= b->ended_ns;
}

/* -1 means unknown. */
static bool is_share(int64_t ns, int64_t most_ns)
{
    return ns >= -1 && ns <= most_ns;
}

/* What is wrong with a slice, NULL when nothing is. */
static const char *slice_fault(const struct wire_slice *s,
                               const struct stage_order *want,
                               const struct bounds *b, bool manual)
{
    int64_t wall = b->ended_ns - b->began_ns;

    if (!same_order(s, want))
        return "has another order than was given";
    if (s->done != 1)
        return "was not done";
    if (s->elapsed_ns < 0)
        return "lasted a negative time";
    if (!manual && s->elapsed_ns > b->longest_ns)
        return "lasted longer than the whole order";
    if (!in_order(s->begin_ns, b))
        return "began outside its order";
    if (!is_share(s->cpu_ns, wall + wall / 8 + 2 * tick_ns))
        return "took an impossible CPU time";
    if (!is_share(s->run_delay_ns, wall + 2 * tick_ns))
        return "waited an impossible time for its CPU";
    if (!counts_are_possible(s))
        return "has a negative count";
    if (!is_cpu(s->cpu_begin) || !is_cpu(s->cpu_end))
        return "ran on an impossible CPU";
    return NULL;
}

static void take_slice(const struct wire_slice *s,
                       const struct stage_order *order, struct stage_slice *out)
{
    *out = (struct stage_slice){
        .order = *order,
        .begin_ns = s->begin_ns,
        .elapsed_ns = s->elapsed_ns,
        .cpu_ns = s->cpu_ns,
        .run_delay_ns = s->run_delay_ns,
        .switches = s->switches,
        .minor_faults = s->minor_faults,
        .major_faults = s->major_faults,
        .cpu_begin = s->cpu_begin,
        .cpu_end = s->cpu_end,
    };
}

static int garbage(struct error *err, size_t i, const char *what)
{
    return ERROR(err, ERR_PEER, "wrote garbage to the stage: slice %zu %s", i,
                 what);
}

int stage_collect(const struct stage *stage, int64_t began_ns, int64_t ended_ns,
                  const bool *manual, struct stage_slice *out, size_t n,
                  int *bad, struct error *err)
{
    struct bounds bounds = {.began_ns = began_ns, .ended_ns = ended_ns};
    int64_t wall = ended_ns - began_ns;
    int64_t total = 0;

    if (n != stage->n || wall < 0)
        return ERROR(err, ERR_INVAL, "%zu slices asked for, %zu ordered", n,
                     stage->n);
    bounds.longest_ns = wall + wall / slew_divisor + 1000;
    for (size_t i = 0; i < n; i++) {
        const struct stage_order *want = &stage->order[i];
        bool is_manual = manual && manual[want->side];
        struct wire_slice copy;
        const char *fault;

        memcpy(&copy, &stage->shared->slice[i], sizeof copy);
        /* What is judged is the copy, whatever the optimiser knows. */
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        fault = slice_fault(&copy, want, &bounds, is_manual);
        if (!fault && !is_manual) {
            total += copy.elapsed_ns;
            if (total > bounds.longest_ns)
                fault = "and those before lasted longer than the whole order";
        }
        *bad = (int)want->side;
        if (fault)
            return garbage(err, i, fault);
        take_slice(&copy, want, &out[i]);
    }
    return 0;
}
