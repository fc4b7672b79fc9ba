/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts beside time, with a scripted kernel and scripted counters. */
#include <config.h>

#include <linux/perf_event.h>
#include <math.h>
#include <string.h>

#include "bench/counts.h"
#include "tests/unit/bench/scripted.h"

/* A processor with cycles and branches but no caches, beside the kernel's own
 * events. */
struct kernel {
    uint64_t enabled_ns, running_ns, step;
    size_t n, reads;
    int leader;
};

static int open_some(void *ctx, uint32_t type, uint64_t config, int group)
{
    struct kernel *kernel = ctx;

    if (type == PERF_TYPE_HARDWARE && config != PERF_COUNT_HW_CPU_CYCLES &&
        config != PERF_COUNT_HW_BRANCH_INSTRUCTIONS)
        return -1;
    if (kernel->n == 0)
        kernel->leader = 40;
    else if (group != kernel->leader)
        return -1;
    return 40 + (int)kernel->n++;
}

static ssize_t read_group(void *ctx, int fd, void *to, size_t size)
{
    struct kernel *kernel = ctx;
    uint64_t *out = to;

    if (fd != kernel->leader || size < (3 + kernel->n) * sizeof *out)
        return -1;
    kernel->reads++;
    out[0] = kernel->n;
    out[1] = kernel->enabled_ns * kernel->reads;
    out[2] = kernel->running_ns * kernel->reads;
    for (size_t i = 0; i < kernel->n; i++)
        out[3 + i] = kernel->step * (i + 1) * kernel->reads;
    return (ssize_t)((3 + kernel->n) * sizeof *out);
}

static void measure(struct kernel *kernel, double out[COUNTS])
{
    const struct tarei_event_system system = {open_some, read_group, kernel};
    struct tarei_totals totals[2];
    struct tarei_events events;

    tarei_events_open(&events, &system, UINT32_MAX);
    for (int i = 0; i < 2; i++) {
        memset(&totals[i], 0, sizeof totals[i]);
        for (int k = 0; k < COUNTS; k++)
            totals[i].value[k] = -1;
        tarei_events_read(&events, &system, &totals[i]);
    }
    tarei_counts_between(&totals[0], &totals[1], out);
}

TARE_TEST(events_that_there_are_make_one_group)
{
    struct kernel kernel = {.enabled_ns = 100, .running_ns = 100, .step = 7};
    double got[COUNTS];

    measure(&kernel, got);
    TARE_CHECK_INT(kernel.n, 3);
    TARE_CHECK_REL(got[COUNT_CYCLES], 7, 0);
    TARE_CHECK_REL(got[COUNT_BRANCHES], 14, 0);
    TARE_CHECK_REL(got[COUNT_MIGRATIONS], 21, 0);
    TARE_CHECK(isnan(got[COUNT_CACHE_MISSES]));
    TARE_CHECK(isnan(got[COUNT_ALLOCS]));
}

TARE_TEST(events_that_shared_a_counter_are_scaled)
{
    struct kernel kernel = {.enabled_ns = 100, .running_ns = 25, .step = 7};
    double got[COUNTS];

    measure(&kernel, got);
    TARE_CHECK_REL(got[COUNT_CYCLES], 28, 1e-12);
}

TARE_TEST(events_that_never_ran_are_unknown)
{
    struct kernel kernel = {.enabled_ns = 100, .step = 7};
    double got[COUNTS];

    measure(&kernel, got);
    TARE_CHECK(isnan(got[COUNT_CYCLES]));
}

TARE_TEST(a_group_that_answers_something_else_is_unknown)
{
    struct kernel kernel = {.enabled_ns = 1, .running_ns = 1, .step = 7};
    const struct tarei_event_system system = {open_some, read_group, &kernel};
    struct tarei_totals totals = {.value = {0}};
    struct tarei_events events;

    tarei_events_open(&events, &system, UINT32_MAX);
    events.n--;
    totals.value[COUNT_CYCLES] = -1;
    TARE_CHECK(tarei_events_read(&events, &system, &totals) > 0);
    TARE_CHECK_INT(totals.value[COUNT_CYCLES], -1);
}

/* ---- in the loop */

static struct scripted machine;
static int64_t allocated;

static void read_scripted(void *ctx, struct tarei_totals *out)
{
    (void)ctx;
    scripted_log('T');
    memset(out, 0, sizeof *out);
    for (int i = 0; i < COUNTS; i++)
        out->value[i] = -1;
    out->value[COUNT_ALLOCS] = allocated;
}

static void toggle_scripted(void *ctx)
{
    (void)ctx;
    scripted_log('!');
}

static const struct tarei_counts counts = {read_scripted, toggle_scripted,
                                           NULL};

static void allocate(struct tare *b)
{
    allocated += 1000; /* set-up */
    TARE_LOOP(b) {
        scripted_log('i');
        allocated += 3;
    }
    allocated += 1000;
}

TARE_TEST(counts_are_of_the_timed_iterations_alone)
{
    static const struct tare_case def = {.run = allocate};
    const struct tarei_order orders[] = {
        {.iterations = 5, .flags = WIRE_WARM},
        {.iterations = 2, .rewarm = 1},
        {.iterations = 4},
        {.iterations = 9, .flags = WIRE_EMPTY},
    };

    machine.counts = &counts;
    TARE_REQUIRE_STR(scripted_run(&machine, &def, orders, 4), "");
    TARE_CHECK_INT(machine.bench.counted, 6);
    TARE_CHECK_REL(machine.bench.count[COUNT_ALLOCS], 18, 0);
    TARE_CHECK(isnan(machine.bench.count[COUNT_CYCLES]));
    /* Nothing stands between valgrind's part and the clock's. */
    TARE_CHECK(strstr(machine.log, "T!WiiW!T") != NULL);
    TARE_CHECK(strstr(machine.log, "T!WiiiiW!T") != NULL);
}

TARE_TEST(nothing_is_counted_unasked)
{
    static const struct tare_case def = {.run = allocate};
    const struct tarei_order order = {.iterations = 5};

    TARE_CHECK(tarei_counts_open(NULL) == NULL);
    TARE_CHECK(tarei_counts_open("") == NULL);
    TARE_REQUIRE_STR(scripted_run(&machine, &def, &order, 1), "");
    TARE_CHECK_INT(machine.bench.counted, 0);
    TARE_CHECK(strchr(machine.log, 'T') == NULL);
}
