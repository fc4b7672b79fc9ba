/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is measured, and what is read when: on a scripted machine. */
#include <config.h>

#include "tests/unit/bench/scripted.h"

static struct scripted machine;

/* An iteration takes 5 ns of wall time and 4 of CPU time. */
static void iterate(void)
{
    scripted_log('i');
    scripted->now_ns += 5;
    scripted->cpu_ns += 4;
}

static void plain(struct tare *b)
{
    TARE_LOOP(b)
        iterate();
}

static const struct tare_case plain_case = {.run = plain};

TARE_TEST(time_is_that_of_the_iterations)
{
    const struct tarei_order orders[] = {{.iterations = 3},
                                         {.iterations = 100, .rewarm = 7}};

    machine.cpu = 2;
    TARE_REQUIRE_STR(scripted_run(&machine, &plain_case, orders, 2), "");
    TARE_REQUIRE_INT(machine.n_samples, 2);
    TARE_CHECK_INT(machine.sample[0].elapsed_ns, 15);
    TARE_CHECK_INT(machine.sample[0].cpu_ns, 12);
    TARE_CHECK_INT(machine.sample[0].begin_ns, 1000000);
    TARE_CHECK_INT(machine.sample[1].elapsed_ns, 500);
    TARE_CHECK_INT(machine.sample[1].cpu_ns, 400);
    TARE_CHECK_INT(machine.sample[1].begin_ns, 1000000 + 15 + 35);
    TARE_CHECK_INT(machine.sample[1].cpu_begin, 2);
    TARE_CHECK_INT(machine.sample[1].cpu_end, 2);
}

/* The contract of docs/protocol.md: delay and switches before the untimed
 * part, everything else between it and the clock, nothing but iterations
 * between the two reads of the clock. */
TARE_TEST(order_of_reads)
{
    const struct tarei_order order = {.iterations = 3, .rewarm = 2};

    scripted_run(&machine, &plain_case, &order, 1);
    TARE_CHECK_STR(machine.log, "UD"
                                "ii"
                                "UPMC"
                                "WiiiW"
                                "CPU"
                                "DU");
}

TARE_TEST(without_rewarm_nothing_runs_untimed)
{
    const struct tarei_order order = {.iterations = 2};

    scripted_run(&machine, &plain_case, &order, 1);
    TARE_CHECK_STR(machine.log, "UDUPMCWiiWCPUDU");
}

/* Each iteration has one fault and one switch, and waits 10 ns. */
static void disturbed(struct tare *b)
{
    TARE_LOOP(b) {
        scripted->minor_faults++;
        scripted->major_faults += 2;
        scripted->switches++;
        scripted->run_delay_ns += 10;
        scripted->cpu++;
    }
}

TARE_TEST(counters_and_what_they_cover)
{
    const struct tare_case def = {.run = disturbed};
    const struct tarei_order order = {.iterations = 3, .rewarm = 2};

    machine.cpu = 0;
    scripted_run(&machine, &def, &order, 1);
    TARE_CHECK_INT(machine.sample[0].minor_faults, 3);
    TARE_CHECK_INT(machine.sample[0].major_faults, 6);
    TARE_CHECK_INT(machine.sample[0].switches, 5);
    TARE_CHECK_INT(machine.sample[0].run_delay_ns, 50);
    TARE_CHECK_INT(machine.sample[0].cpu_begin, 2);
    TARE_CHECK_INT(machine.sample[0].cpu_end, 5);
}

TARE_TEST(unknown_counters_stay_unknown)
{
    const struct tarei_order order = {.iterations = 3};

    machine.run_delay_ns = -1;
    machine.cpu_ns = -100;
    machine.cpu = -1;
    scripted_run(&machine, &plain_case, &order, 1);
    TARE_CHECK_INT(machine.sample[0].run_delay_ns, -1);
    TARE_CHECK_INT(machine.sample[0].cpu_ns, -1);
    TARE_CHECK_INT(machine.sample[0].cpu_end, -1);
    TARE_CHECK_INT(machine.sample[0].elapsed_ns, 15);
}

/* The library's own loop, with the same reads around it. */
TARE_TEST(empty_slices_do_not_run_the_body)
{
    const struct tarei_order order = {
        .iterations = 1000, .rewarm = 50, .flags = WIRE_EMPTY};

    scripted_run(&machine, &plain_case, &order, 1);
    TARE_CHECK_STR(machine.log, "UDUPMCWWCPUDU");
    TARE_CHECK_INT(machine.sample[0].elapsed_ns, 0);
    TARE_CHECK_INT(machine.bench.iterations, 0);
}

static void skipping(struct tare *b)
{
    int n = 0;

    TARE_LOOP(b) {
        if (++n % 2)
            continue;
        iterate();
    }
}

TARE_TEST(continue_ends_an_iteration)
{
    const struct tare_case def = {.run = skipping};
    const struct tarei_order order = {.iterations = 10};

    TARE_CHECK_STR(scripted_run(&machine, &def, &order, 1), "");
    TARE_CHECK_INT(machine.sample[0].elapsed_ns, 25);
}

/* ---- batches */

static size_t prepared, largest;

static void batched(struct tare *b)
{
    prepared = largest = 0;
    TARE_BATCH(b, n) {
        scripted_log('p');
        scripted->now_ns += 1000;
        scripted->minor_faults++;
        prepared += n;
        if (n > largest)
            largest = n;
        TARE_TIMED(b)
            iterate();
        scripted->now_ns += 1000;
    }
}

TARE_TEST(batches_sum_their_timed_parts)
{
    const struct tare_case def = {.run = batched, .batch = 4};
    const struct tarei_order order = {.iterations = 10, .rewarm = 5};

    TARE_CHECK_STR(scripted_run(&machine, &def, &order, 1), "");
    TARE_CHECK_INT(machine.sample[0].elapsed_ns, 50);
    TARE_CHECK_INT(machine.sample[0].cpu_ns, 40);
    TARE_CHECK_INT(machine.sample[0].minor_faults, 0);
    TARE_CHECK_INT(prepared, 15);
    TARE_CHECK_INT(largest, 4);
    TARE_CHECK_STR(machine.log, "UD"
                                "piiiipi"
                                "pUPMCWiiiiWCPU"
                                "pUCWiiiiWCPU"
                                "pUCWiiWCPU"
                                "DU");
}

TARE_TEST(batches_have_a_default)
{
    const struct tare_case def = {.run = batched};
    const struct tarei_order order = {.iterations = 2500};

    TARE_CHECK_STR(scripted_run(&machine, &def, &order, 1), "");
    TARE_CHECK_INT(largest, 1000);
    TARE_CHECK_INT(prepared, 2500);
}

/* ---- latency */

static void lapping(struct tare *b)
{
    int64_t took = 100;

    TARE_LATENCY(b) {
        scripted->now_ns += took;
        took += 100;
    }
}

TARE_TEST(laps_go_into_a_histogram)
{
    const struct tare_case def = {.run = lapping};
    const struct tarei_order orders[] = {
        {.iterations = 2, .rewarm = 1},
        {.iterations = 1, .flags = WIRE_WARM},
    };

    TARE_CHECK_STR(scripted_run(&machine, &def, orders, 2), "");
    TARE_CHECK_INT(machine.sample[0].elapsed_ns, 200 + 300);
    TARE_CHECK_INT(machine.sample[1].elapsed_ns, 400);
    TARE_REQUIRE(machine.bench.histogram != NULL);
    TARE_CHECK_INT(machine.bench.histogram->count, 2);
    TARE_CHECK_INT(machine.bench.histogram->min_ns, 200);
    TARE_CHECK_INT(machine.bench.histogram->max_ns, 300);
    TARE_CHECK_INT(machine.bench.lap_floor_ns, 0);
    tarei_bench_end(&machine.bench);
}

static uint64_t samples_seen;

static void answering(struct tare *b)
{
    TARE_LATENCY(b) {
        samples_seen = tare_samples(b);
        scripted->now_ns += 100;
        tare_time_ns(b, 700);
    }
}

TARE_TEST(a_lap_takes_what_the_body_says)
{
    const struct tare_case def = {.run = answering, .manual = 1};
    const struct tarei_order orders[] = {{.iterations = 3, .rewarm = 1},
                                         {.iterations = 1}};

    TARE_CHECK_STR(scripted_run(&machine, &def, orders, 2), "");
    TARE_CHECK_INT(machine.sample[0].elapsed_ns, 2100);
    TARE_CHECK_INT(samples_seen, 2);
    TARE_REQUIRE(machine.bench.histogram != NULL);
    TARE_CHECK_INT(machine.bench.histogram->count, 4);
    TARE_CHECK_INT(machine.bench.histogram->min_ns, 700);
    TARE_CHECK_INT(machine.bench.histogram->max_ns, 700);
    tarei_bench_end(&machine.bench);
}

/* ---- time taken out and time said */

static void pausing(struct tare *b)
{
    TARE_LOOP(b) {
        iterate();
        tare_pause(b);
        scripted->now_ns += 1000;
        tare_resume(b);
    }
}

TARE_TEST(pauses_are_left_out)
{
    const struct tare_case def = {.run = pausing};
    const struct tarei_order order = {.iterations = 3, .rewarm = 2};

    TARE_CHECK_STR(scripted_run(&machine, &def, &order, 1), "");
    TARE_CHECK_INT(machine.sample[0].elapsed_ns, 15);
    TARE_CHECK_INT(machine.bench.pauses, 3);
}

static void pausing_laps(struct tare *b)
{
    TARE_LATENCY(b) {
        pausing(b);
        tare_pause(b);
    }
}

static void telling(struct tare *b)
{
    TARE_LOOP(b) {
        iterate();
        tare_time_ns(b, 70);
    }
}

TARE_TEST(manual_time_replaces_the_clock)
{
    const struct tare_case def = {.run = telling, .manual = 1};
    const struct tarei_order orders[] = {
        {.iterations = 3, .rewarm = 2},
        {.iterations = 3, .flags = WIRE_EMPTY},
    };

    TARE_CHECK_STR(scripted_run(&machine, &def, orders, 2), "");
    TARE_CHECK_INT(machine.sample[0].elapsed_ns, 210);
    TARE_CHECK_INT(machine.sample[1].elapsed_ns, 0);
    TARE_CHECK_STR(tarei_form_name(&machine.context), "manual");
}

TARE_TEST(manual_time_must_be_declared_and_told)
{
    const struct tarei_order order = {.iterations = 3};
    const struct tare_case undeclared = {.run = telling};
    const struct tare_case untold = {.run = plain, .manual = 1};

    TARE_CHECK_STR(scripted_run(&machine, &undeclared, &order, 1),
                   "body.c:1: tare_time_ns() in 'body' needs the option "
                   ".manual = 1");
    TARE_CHECK_STR(scripted_run(&machine, &untold, &order, 1),
                   "body.c:1: benchmark 'body' has .manual but called "
                   "tare_time_ns() in no iteration of a sample");
    TARE_CHECK_INT(machine.n_samples, 0);
}

TARE_TEST(a_loop_in_a_loop)
{
    const struct tare_case def = {.run = pausing_laps};
    const struct tarei_order order = {.iterations = 3};

    TARE_CHECK_STR(scripted_run(&machine, &def, &order, 1),
                   "body.c:1: benchmark 'body' has a loop within a loop");
    tarei_bench_end(&machine.bench);
}
