/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Benchmarks in several threads: real threads, scripted orders, nothing that
 * depends on how long they take. */
#include <config.h>

#include "tests/unit/bench/scripted.h"

#include <string.h>

#include "bench/team.h"

enum { THREADS = 3 };

/* The log of the scripted machine belongs to one thread, so these clocks
 * answer with constants: each read of the wall clock is 10 ns after the last
 * one of its thread. */
static __thread int64_t my_now_ns;

static int64_t step_ns(void *ctx)
{
    (void)ctx;
    return my_now_ns += 10;
}

static void counted(void *ctx, struct tarei_usage *out)
{
    (void)ctx;
    *out = (struct tarei_usage){my_now_ns, my_now_ns, 0};
}

static int32_t processor(void *ctx)
{
    (void)ctx;
    return 1;
}

static const struct tarei_clock clock_of_each = {
    .wall_ns = step_ns,
    .monotonic_ns = step_ns,
    .cpu_ns = step_ns,
    .usage = counted,
    .run_delay_ns = step_ns,
    .cpu = processor,
};

static struct tare context;
static struct tarei_bench bench;
static struct tarei_case item;
static struct tarei_order orders[4];
static struct tarei_sample samples[4];
static size_t n_orders, n_done;
static int ran[THREADS];

static int next(void *ctx, struct tare *b, struct tarei_order *out)
{
    (void)ctx;
    if (b->bench->thread != 0 || n_done == n_orders)
        return 0;
    *out = orders[n_done];
    return 1;
}

static void done(void *ctx, struct tare *b, const struct tarei_sample *sample)
{
    (void)ctx;
    (void)b;
    samples[n_done++] = *sample;
}

static const char *run(void (*body)(struct tare *), size_t n)
{
    const struct tarei_driver driver = {next, done, NULL};

    item = (struct tarei_case){.id = "body", .threads = THREADS};
    item.def = (struct tare_case){
        .kind = TARE_KIND_BENCH, .name = "body", .file = "body.c", .line = 1};
    item.def.run = body;
    n_orders = n;
    n_done = 0;
    memset(ran, 0, sizeof ran);
    tarei_context_begin(&context, &item);
    tarei_bench_begin(&context, &bench, &clock_of_each, &driver);
    tarei_team_run(&context);
    return context.message;
}

/* Every thread does at least what it was told; who is early does more. */
static void loops(struct tare *b)
{
    int n = 0;

    TARE_LOOP(b)
        n++;
    ran[tare_thread(b)] = n;
    tare_items(b, 2);
    tare_bytes(b, 10);
    tare_result(b, 77);
}

TARE_TEST(every_thread_runs_every_sample)
{
    orders[0] = (struct tarei_order){.iterations = 100, .rewarm = 10};
    orders[1] = (struct tarei_order){.iterations = 50};
    TARE_CHECK_STR(run(loops, 2), "");
    TARE_CHECK_INT(n_done, 2);
    for (int i = 0; i < THREADS; i++)
        TARE_CHECK(ran[i] >= 160);
    TARE_CHECK_INT(bench.items, 2 * THREADS);
    TARE_CHECK_INT(bench.bytes, 10 * THREADS);
    TARE_CHECK_INT(bench.result, 77);
    TARE_CHECK_INT(bench.iterations, 150 * THREADS);
    TARE_CHECK_INT(samples[0].elapsed_ns, 10);
    TARE_CHECK_INT(samples[0].cpu_begin, 1);
    tarei_bench_end(&bench);
}

/* In batches nobody does more: the inputs are used up. */
static void batches(struct tare *b)
{
    int n = 0;

    TARE_BATCH(b, size) {
        TARE_USE(size);
        TARE_TIMED(b)
            n++;
    }
    ran[tare_thread(b)] = n;
}

TARE_TEST(batches_run_exactly)
{
    orders[0] = (struct tarei_order){.iterations = 2500, .rewarm = 10};
    TARE_CHECK_STR(run(batches, 1), "");
    for (int i = 0; i < THREADS; i++)
        TARE_CHECK_INT(ran[i], 2510);
    TARE_CHECK_INT(samples[0].elapsed_ns, 30);
}

static void laps(struct tare *b)
{
    TARE_LATENCY(b) {
    }
}

TARE_TEST(laps_of_all_threads_count)
{
    orders[0] = (struct tarei_order){.iterations = 20};
    TARE_CHECK_STR(run(laps, 1), "");
    TARE_REQUIRE(bench.histogram != NULL);
    TARE_CHECK_INT(bench.histogram->count, 20 * THREADS);
    TARE_CHECK_INT(bench.histogram->min_ns, 10);
    TARE_CHECK_INT(bench.histogram->max_ns, 10);
    tarei_bench_end(&bench);
}

TARE_TEST(empty_slices_run_in_all)
{
    orders[0] = (struct tarei_order){.iterations = 20, .flags = WIRE_EMPTY};
    TARE_CHECK_STR(run(loops, 1), "");
    TARE_CHECK_INT(n_done, 1);
    for (int i = 0; i < THREADS; i++)
        TARE_CHECK_INT(ran[i], 0);
}

/* ---- nobody waits for one that is gone */

static void second_fails(struct tare *b)
{
    if (tare_thread(b) == 1)
        tare_fail(b, "no memory in thread 1");
    loops(b);
}

static void first_fails(struct tare *b)
{
    if (tare_thread(b) == 0)
        tare_fail(b, "no memory in thread 0");
    loops(b);
}

static void last_leaves(struct tare *b)
{
    int n = 0;

    TARE_LOOP(b)
        if (tare_thread(b) == THREADS - 1 && n++ == 5)
            return;
}

static void first_leaves(struct tare *b)
{
    int n = 0;

    TARE_LOOP(b)
        if (tare_thread(b) == 0 && n++ == 5)
            break;
}

TARE_TEST(one_that_fails_ends_all)
{
    const char early[] = "body.c:1: benchmark 'body' left its loop early, by "
                         "break, return or goto: no figure of it is valid";

    orders[0] = (struct tarei_order){.iterations = 100};
    TARE_CHECK_STR(run(second_fails, 1), "no memory in thread 1");
    TARE_CHECK_STR(run(first_fails, 1), "no memory in thread 0");
    TARE_CHECK_STR(run(last_leaves, 1), early);
    TARE_CHECK_STR(run(first_leaves, 1), early);
    TARE_CHECK_INT(n_done, 0);
}

static void disagree(struct tare *b)
{
    TARE_LOOP(b) {
    }
    tare_result(b, tare_thread(b) == 2);
}

TARE_TEST(results_agree_between_threads)
{
    orders[0] = (struct tarei_order){.iterations = 1};
    TARE_CHECK_STR(run(disagree, 1),
                   "body.c:1: the result of 'body' changed from "
                   "0000000000000000 to 0000000000000001 within one process");
}

TARE_TEST(lists_of_cpus)
{
    int cpu[4] = {-1, -1, -1, -1};

    TARE_CHECK_INT(tarei_team_cpus("0,2,4-7", cpu, 4), 6);
    TARE_CHECK_INT(cpu[1], 2);
    TARE_CHECK_INT(cpu[3], 5);
    TARE_CHECK_INT(tarei_team_cpus("3", cpu, 4), 1);
    TARE_CHECK_INT(tarei_team_cpus(NULL, cpu, 4), 0);
    TARE_CHECK_INT(tarei_team_cpus("", cpu, 4), 0);
    TARE_CHECK_INT(tarei_team_cpus("1,", cpu, 4), 0);
    TARE_CHECK_INT(tarei_team_cpus("5-3", cpu, 4), 0);
    TARE_CHECK_INT(tarei_team_cpus("1-99999", cpu, 4), 0);
    TARE_CHECK_INT(tarei_team_cpus("x", cpu, 4), 0);
}
