/* SPDX-License-Identifier: MIT */
/* Samples and turns in shared memory. */
#include <config.h>

#include "bench/stage.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static uint32_t load(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

struct wire_stage *tarei_stage_map(int fd, const char **problem)
{
    struct wire_stage *stage;
    struct stat st;

    if (fstat(fd, &st) != 0) {
        *problem = "its descriptor is not open";
        return NULL;
    }
    if ((uint64_t)st.st_size < sizeof *stage) {
        *problem = "it is shorter than a stage";
        return NULL;
    }
    stage =
        mmap(NULL, sizeof *stage, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (stage == MAP_FAILED) {
        *problem = "it cannot be mapped";
        return NULL;
    }
    if (stage->magic != WIRE_MAGIC) {
        munmap(stage, sizeof *stage);
        *problem = "it does not begin as a stage";
        return NULL;
    }
    /* What the measured program forks has no business here. */
    madvise(stage, sizeof *stage, MADV_DONTFORK);
    return stage;
}

const char *tarei_stage_check(const struct wire_stage *stage)
{
    uint32_t n = load(&stage->n_slices);

    if (n > WIRE_SLICES_MAX)
        return "the script has too many slices";
    for (uint32_t i = 0; i < n; i++) {
        if (stage->slice[i].side >= WIRE_SIDES)
            return "the script names a side that there is not";
        if (stage->slice[i].iterations == 0)
            return "the script has a slice without iterations";
    }
    return NULL;
}

uint32_t tarei_stage_next(const struct wire_stage *stage, uint32_t i,
                          uint32_t n_slices, uint32_t side)
{
    while (i < n_slices && stage->slice[i].side != side)
        i++;
    return i;
}

/* Shared between processes, so without FUTEX_PRIVATE_FLAG. */
static void futex_wait(uint32_t *word, uint32_t value, int64_t patience_ns)
{
    struct timespec ts = {.tv_sec = patience_ns / 1000000000,
                          .tv_nsec = patience_ns % 1000000000};

    syscall(SYS_futex, word, FUTEX_WAIT, value, &ts, NULL, 0);
}

enum tarei_turn tarei_stage_wait(struct wire_stage *stage, uint32_t i,
                                 int64_t patience_ns)
{
    int waited = 0;

    for (;;) {
        uint32_t turn = load(&stage->turn);

        if (load(&stage->abort))
            return TURN_ABORTED;
        if (turn == i)
            return TURN_MINE;
        if (turn > i)
            return TURN_WRONG;
        if (waited)
            return TURN_WAITED;
        errno = 0;
        futex_wait(&stage->turn, turn, patience_ns);
        waited = errno == ETIMEDOUT;
    }
}

struct tarei_order tarei_stage_order(const struct wire_stage *stage, uint32_t i)
{
    const struct wire_slice *slice = &stage->slice[i];

    return (struct tarei_order){slice->iterations, slice->rewarm, slice->flags};
}

void tarei_stage_done(struct wire_stage *stage, uint32_t i, uint32_t n_slices,
                      const struct tarei_sample *sample)
{
    struct wire_slice *slice = &stage->slice[i];

    slice->begin_ns = sample->begin_ns;
    slice->elapsed_ns = sample->elapsed_ns;
    slice->cpu_ns = sample->cpu_ns;
    slice->run_delay_ns = sample->run_delay_ns;
    slice->switches = sample->switches;
    slice->minor_faults = sample->minor_faults;
    slice->major_faults = sample->major_faults;
    slice->cpu_begin = sample->cpu_begin;
    slice->cpu_end = sample->cpu_end;
    __atomic_store_n(&slice->done, 1, __ATOMIC_RELEASE);
    __atomic_store_n(&stage->turn, i + 1, __ATOMIC_RELEASE);
    if (i + 1 >= n_slices || stage->slice[i + 1].side != slice->side)
        syscall(SYS_futex, &stage->turn, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}
