/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting iterations, and looking at what follows a hand-over. */
#include <config.h>

#include "runner/measure/calibrate.h"

#include <math.h>
#include <stdlib.h>

#include "runner/measure/script.h"

enum {
    TRIES = 4,      /* at the final count; the smallest counts */
    PARTS = 16,     /* of a slice, in the transient probe */
    REPEATS = 5,    /* of the probe */
    STEADY_FROM = 8 /* parts from here on are taken as steady */
};

static const double rewarm_tolerance = 0.02;
static const double rewarm_longest_slice_ns = 10e6;
static const uint64_t most_iterations = (uint64_t)1 << 40;

static double per_iteration(const struct stage_slice *slice)
{
    return (double)slice->elapsed_ns / (double)slice->order.iterations;
}

/* `tries` slices of each side at this count; *slowest receives the larger of
 * the two sides' smallest time per iteration. */
static int try_count(const struct executor *executor, int n_sides,
                     uint64_t iterations, int tries, double *slowest,
                     struct side_failure *bad, struct error *err)
{
    struct stage_order order[TRIES * WIRE_SIDES] = {{0}};
    struct stage_slice slice[TRIES * WIRE_SIDES];
    double smallest[WIRE_SIDES] = {INFINITY, INFINITY};
    size_t n = (size_t)(tries * n_sides);
    int rc;

    for (size_t i = 0; i < n; i++)
        order[i] = (struct stage_order){.iterations = iterations,
                                        .side = (uint32_t)i % n_sides};
    rc = executor->run(executor->ctx, order, n, slice, bad, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < n; i++) {
        uint32_t side = slice[i].order.side;

        smallest[side] = fmin(smallest[side], per_iteration(&slice[i]));
    }
    *slowest = n_sides == 2 ? fmax(smallest[0], smallest[1]) : smallest[0];
    return 0;
}

static uint64_t count_for(double target_ns, double iteration_ns)
{
    double count = iteration_ns > 0 ? rint(target_ns / iteration_ns)
                                    : (double)most_iterations;

    if (count < 1)
        return 1;
    return count > (double)most_iterations ? most_iterations : (uint64_t)count;
}

int calibrate(const struct executor *executor, int n_sides, int64_t target_ns,
              struct calibration *out, struct side_failure *bad,
              struct error *err)
{
    uint64_t count = 1;
    double each;
    int rc = try_count(executor, n_sides, count, 1, &each, bad, err);

    /* Grow at most tenfold at a time: the first tries are cold, and a guess
     * from them may be far off. */
    while (rc == 0 && each * (double)count < (double)target_ns / 3 &&
           count < most_iterations) {
        uint64_t wanted = count_for((double)target_ns, each);

        count = wanted > count * 10 ? count * 10
                : wanted > count    ? wanted
                                    : count * 2;
        rc = try_count(executor, n_sides, count, 1, &each, bad, err);
    }
    if (rc == 0 && each * (double)count < 20.0 * (double)target_ns)
        rc = try_count(executor, n_sides, count, TRIES, &each, bad, err);
    if (rc < 0)
        return rc;
    *out = (struct calibration){
        .iterations = count_for((double)target_ns, each),
        .iteration_ns = each,
    };
    out->slice_ns = each * (double)out->iterations;
    return 0;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median_of(double *x, size_t n)
{
    qsort(x, n, sizeof *x, by_value);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* Median over the repetitions of each part's time. */
static void part_medians(const struct stage_slice *slice, double part[PARTS])
{
    for (size_t p = 0; p < PARTS; p++) {
        double x[REPEATS];

        for (size_t r = 0; r < REPEATS; r++)
            x[r] = (double)slice[r * (PARTS + 1) + 1 + p].elapsed_ns;
        part[p] = median_of(x, REPEATS);
    }
}

/* The first part from which on all are steady. */
static size_t transient_parts(const double part[PARTS])
{
    double late[PARTS - STEADY_FROM], steady;
    size_t first = STEADY_FROM;

    for (size_t p = STEADY_FROM; p < PARTS; p++)
        late[p - STEADY_FROM] = part[p];
    steady = median_of(late, PARTS - STEADY_FROM);
    while (first > 0 && part[first - 1] <= steady * (1 + rewarm_tolerance))
        first--;
    return first;
}

int calibrate_rewarm(const struct executor *executor, struct calibration *out,
                     struct side_failure *bad, struct error *err)
{
    struct stage_order order[REPEATS * (PARTS + 1)];
    struct stage_slice slice[REPEATS * (PARTS + 1)];
    uint64_t piece = out->iterations / PARTS;
    double part[PARTS];
    size_t n = 0;
    int rc;

    out->rewarm = 0;
    if (out->iterations < 64 || out->slice_ns > rewarm_longest_slice_ns)
        return 0;
    for (size_t r = 0; r < REPEATS; r++) {
        order[n++] =
            (struct stage_order){.iterations = out->iterations, .side = 1};
        for (size_t p = 0; p < PARTS; p++)
            order[n++] = (struct stage_order){.iterations = piece, .side = 0};
    }
    rc = executor->run(executor->ctx, order, n, slice, bad, err);
    if (rc < 0)
        return rc;
    part_medians(slice, part);
    out->rewarm = transient_parts(part) * piece;
    return 0;
}
