/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the best use of a second is, by experiment: unchanged kernels measured
 * against themselves under several designs (slice length x time per pair),
 * interleaved in random rounds on the same core, and several ways to make one
 * number of a pair's blocks.  For each the standard deviation of the pair values
 * and what a pair costs give the standard error that one second buys:
 *     sd * sqrt(seconds per pair),
 * and the smallest in a row is the best design.  Qn is the deviation, as the
 * rule itself uses it.
 *
 * A second table says what fresh processes are for: the same two processes are
 * measured several times before they are replaced, and the variance of the
 * values is taken apart into that between processes and that within.
 *
 * usage: perf/design [PAIRS [SEED]]    (24 pairs a cell, about 5 minutes) */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "bench/tare.h"
#include "bench/wire.h"
#include "runner/machine/placement.h"
#include "runner/measure/duel_pair.h"
#include "runner/measure/kernels.h"
#include "runner/measure/live.h"
#include "stats/gsl_errors.h"
#include "stats/order.h"
#include "stats/robust.h"
#include "stats/signed_rank.h"

static const struct design {
    const char *name;
    double slice_ms, pair_ms;
} designs[] = {
    {"0.1 x 10", 0.1, 10},   {"0.25 x 10", 0.25, 10}, {"0.25 x 20", 0.25, 20},
    {"0.25 x 40", 0.25, 40}, {"0.5 x 20", 0.5, 20},   {"0.5 x 40", 0.5, 40},
    {"0.25 x 80", 0.25, 80}, {"0.5 x 80", 0.5, 80},   {"1 x 40", 1, 40},
    {"1 x 80", 1, 80},
};

enum { DESIGNS = ARRAY_LEN(designs), ESTIMATORS = 5, BLOCKS_MOST = 200 };

static const char *const estimator_names[ESTIMATORS] = {
    "median", "HL", "trimmed", "min/min", "totals"};

struct cell {
    struct duel_case c;
    double *value[ESTIMATORS]; /* per pair */
    double seconds;
    size_t n;
};

static double trimmed_mean(double *x, size_t n)
{
    size_t cut = n / 5;
    double sum = 0;

    stats_sort(x, n);
    for (size_t i = cut; i < n - cut; i++)
        sum += x[i];
    return sum / (double)(n - 2 * cut);
}

static double smallest(const struct stage_slice *slice, size_t n)
{
    double least = INFINITY;

    for (size_t i = 0; i < n; i++)
        least = fmin(least, (double)slice[i].elapsed_ns);
    return least;
}

static void estimate_pair(const struct duel_pair *pair, double out[ESTIMATORS])
{
    double block[BLOCKS_MOST];
    size_t n = pair->n_slices / 2;
    struct rank_interval hl = {.centre = NAN};

    for (size_t b = 0; b < n; b++) {
        const struct stage_slice *o = pair->slice[DUEL_OLD] + 2 * b;
        const struct stage_slice *w = pair->slice[DUEL_NEW] + 2 * b;

        block[b] =
            (log((double)w[0].elapsed_ns) + log((double)w[1].elapsed_ns) -
             log((double)o[0].elapsed_ns) - log((double)o[1].elapsed_ns)) /
            2;
    }
    out[0] = pair->value.log_ratio;
    stats_centre(block, n, 0.5, &hl, NULL);
    out[1] = hl.centre;
    out[3] = log(smallest(pair->slice[DUEL_NEW], pair->n_slices) /
                 smallest(pair->slice[DUEL_OLD], pair->n_slices));
    out[4] = log(pair->value.new_total / pair->value.old_total);
    out[2] = trimmed_mean(block, n);
}

static int add_pair(const struct executor *executor, struct cell *cell,
                    const struct design *design, uint64_t *random)
{
    struct duel_settings settings = {
        .sample_ns = (int64_t)(design->slice_ms * 1e6),
        .pair_ns = (int64_t)(design->pair_ms * 1e6)};
    SCOPED(free_scoped) struct duel_pair *pair = calloc(1, sizeof *pair);
    struct arena arena = {0};
    struct side_failure bad = {0};
    struct error err = {0};
    double value[ESTIMATORS];
    int64_t began;
    int rc = 0;

    if (cell->c.calibration.iterations == 0)
        rc = duel_calibrate(executor, &settings, &cell->c, &bad, &err);
    began = executor->now(executor->ctx);
    if (rc == 0)
        rc = duel_run_pair(executor, &settings, &cell->c, random, &arena, pair,
                           &bad, &err);
    if (rc == 0) {
        cell->c.n_pairs++;
        estimate_pair(pair, value);
        for (int e = 0; e < ESTIMATORS; e++)
            cell->value[e][cell->n] = value[e];
        cell->seconds += (double)(executor->now(executor->ctx) - began) / 1e9;
        cell->n++;
    } else {
        error_print(&err, stderr);
    }
    arena_clear(&arena);
    return rc;
}

static void print_kernel(const struct kernel *kernel, const struct cell *cell)
{
    for (size_t d = 0; d < DESIGNS; d++) {
        double each = cell[d].seconds / (double)cell[d].n;

        printf("%-8s %-10s %7.1f ms %5.0f %%", d ? "" : kernel->name + 2,
               designs[d].name, each * 1e3,
               100.0 * (double)cell[d].c.calibration.rewarm /
                   (double)cell[d].c.calibration.iterations);
        for (int e = 0; e < ESTIMATORS; e++) {
            double spread = NAN;

            stats_spread(cell[d].value[e], cell[d].n, &spread, NULL);
            printf(" %9.3f", 100 * spread * sqrt(each));
        }
        putchar('\n');
    }
}

enum { NAME_ROOM = 64 };

/* This program again; name must live as long. */
static struct subject subject_of(const struct kernel *kernel,
                                 char name[NAME_ROOM])
{
    static const char *argv[] = {"/proc/self/exe", NULL};

    snprintf(name, NAME_ROOM, "%s[extra=0]", kernel->name);
    return (struct subject){.name = name,
                            .id = name,
                            .program = "perf/design",
                            .argv = (char *const *)argv};
}

static int run_kernel(const struct executor *executor,
                      const struct kernel *kernel, size_t pairs,
                      uint64_t *random)
{
    char name[NAME_ROOM];
    struct subject subject = subject_of(kernel, name);
    struct cell cell[DESIGNS] = {0};
    size_t order[DESIGNS];
    int rc = 0;

    for (size_t d = 0; d < DESIGNS; d++) {
        order[d] = d;
        cell[d].c.side[DUEL_OLD] = cell[d].c.side[DUEL_NEW] = &subject;
        for (int e = 0; e < ESTIMATORS; e++)
            cell[d].value[e] = calloc(pairs, sizeof *cell[d].value[e]);
    }
    for (size_t p = 0; p < pairs && rc == 0; p++) {
        random_shuffle(random, order, DESIGNS);
        for (size_t k = 0; k < DESIGNS && rc == 0; k++)
            rc =
                add_pair(executor, &cell[order[k]], &designs[order[k]], random);
    }
    if (rc == 0)
        print_kernel(kernel, cell);
    for (size_t d = 0; d < DESIGNS; d++)
        for (int e = 0; e < ESTIMATORS; e++)
            free(cell[d].value[e]);
    return rc;
}

/* --- how long processes should stay alive */

enum { ALIVE_TIMES = 5 }; /* measurements of the same two processes */

struct alive {
    double open_s, close_s;
    double *value; /* [pairs * ALIVE_TIMES] */
    size_t n;
};

/* One value of the two processes that are open. */
static int measure_open(const struct executor *executor, struct duel_case *c,
                        uint64_t *random, double *value,
                        struct side_failure *bad, struct error *err)
{
    enum { BLOCKS = 20 };
    struct script script;
    struct slice_block block[BLOCKS];
    struct pair_value pair;
    size_t warm = c->warmup, n;
    SCOPED(free_scoped) struct stage_slice *slice = NULL;
    int rc;

    n = script_pair(&script, warm, BLOCKS, c->calibration.iterations,
                    c->calibration.rewarm, random);
    slice = calloc(script.n, sizeof *slice);
    if (!slice)
        return ERROR(err, ERR_NOMEM, "no memory for slices");
    rc = executor->run(executor->ctx, script.order, script.n, slice, bad, err);
    for (size_t b = 0; b < n && rc == 0; b++) {
        size_t seen[WIRE_SIDES] = {0};

        for (size_t k = 0; k < 4; k++) {
            const struct stage_slice *s = &slice[2 * warm + 4 * b + k];
            double *to = s->order.side ? block[b].new_ns : block[b].old_ns;

            to[seen[s->order.side]++] = (double)s->elapsed_ns;
        }
        block[b].disturbed = false;
    }
    if (rc == 0)
        rc = pair_summarise(block, n, &pair, err);
    if (rc == 0)
        *value = pair.log_ratio;
    return rc;
}

static int add_alive(const struct executor *executor, struct duel_case *c,
                     uint64_t *random, struct alive *alive, struct error *err)
{
    SCOPED(free_scoped)
    struct side_report *said = calloc(WIRE_SIDES, sizeof *said);
    struct side_failure bad = {0};
    int64_t began = executor->now(executor->ctx), opened;
    int rc = said
                 ? executor->open(executor->ctx, c->side, WIRE_SIDES, &bad, err)
                 : ERROR(err, ERR_NOMEM, "no memory for a report");

    opened = executor->now(executor->ctx);
    for (int k = 0; k < ALIVE_TIMES && rc == 0; k++)
        rc = measure_open(executor, c, random, &alive->value[alive->n++], &bad,
                          err);
    alive->open_s += (double)(opened - began) / 1e9;
    began = executor->now(executor->ctx);
    if (rc == 0)
        rc = executor->close(executor->ctx, said, &bad, err);
    alive->close_s += (double)(executor->now(executor->ctx) - began) / 1e9;
    return rc;
}

static void print_alive(const struct kernel *kernel, const struct alive *alive,
                        size_t pairs)
{
    double within = 0, between = 0, mean = 0;

    for (size_t i = 0; i < alive->n; i++)
        mean += alive->value[i] / (double)alive->n;
    for (size_t p = 0; p < pairs; p++) {
        const double *x = alive->value + p * ALIVE_TIMES;
        double own = 0;

        for (int k = 0; k < ALIVE_TIMES; k++)
            own += x[k] / ALIVE_TIMES;
        for (int k = 0; k < ALIVE_TIMES; k++)
            within += (x[k] - own) * (x[k] - own);
        between += ALIVE_TIMES * (own - mean) * (own - mean);
    }
    within /= (double)(pairs * (ALIVE_TIMES - 1));
    between = (between / (double)(pairs - 1) - within) / ALIVE_TIMES;
    printf("%-8s %8.1f ms %8.1f ms %9.3f %9.3f %6.0f %%\n", kernel->name + 2,
           1e3 * alive->open_s / (double)pairs,
           1e3 * alive->close_s / (double)pairs, 100 * sqrt(fmax(between, 0)),
           100 * sqrt(within),
           100 * fmax(between, 0) / (fmax(between, 0) + within));
}

static int run_alive(const struct executor *executor,
                     const struct kernel *kernel, size_t pairs,
                     uint64_t *random)
{
    char name[NAME_ROOM];
    struct subject subject = subject_of(kernel, name);
    struct duel_case c = {.side = {&subject, &subject}};
    struct duel_settings settings = {.sample_ns = 250000, .pair_ns = 20000000};
    struct alive alive = {.value =
                              calloc(pairs * ALIVE_TIMES, sizeof *alive.value)};
    struct side_failure bad = {0};
    struct error err = {0};
    int rc;

    rc = duel_calibrate(executor, &settings, &c, &bad, &err);
    for (size_t p = 0; p < pairs && rc == 0; p++)
        rc = add_alive(executor, &c, random, &alive, &err);
    if (rc == 0)
        print_alive(kernel, &alive, pairs);
    else
        error_print(&err, stderr);
    free(alive.value);
    return rc;
}

static int open_machine(struct guardian *guardian, struct arena *arena,
                        struct live **live, struct executor *executor,
                        struct error *err)
{
    struct topology_source here = {.sysroot = ""};
    struct topology *topology = NULL;
    struct placement_policy policy = {.bind = PLACE_CORE};
    struct placement plan;
    struct live_options options = {
        .guardian = guardian, .stop_fd = -1, .seed = 1};
    int rc = topology_load(&here, &topology, err);

    if (rc == 0)
        rc = placement_plan(topology, &policy, 1, arena, &plan, err);
    if (rc == 0) {
        options.cpus = plan.worker[0].pu;
        options.n_cpus = plan.worker[0].n_pus;
        rc = live_open(&options, live, executor, err);
    }
    topology_free(topology);
    return rc;
}

int main(int argc, char **argv)
{
    size_t pairs = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 24;
    uint64_t random = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    struct guardian *guardian = NULL;
    struct live *live = NULL;
    struct arena arena = {0};
    struct executor executor;
    struct error err = {0};
    size_t n;
    const struct kernel *kernel = kernels(&n);
    int rc;

    if (argc > 1 && strcmp(argv[1], WIRE_ARGUMENT) == 0)
        return tare_main(argc, argv);
    stats_gsl_errors_off();
    rc = guardian_start(&guardian, &err);
    if (rc == 0)
        rc = open_machine(guardian, &arena, &live, &executor, &err);
    if (rc < 0)
        error_print(&err, stderr);
    else
        printf(
            "%% that one second buys (Qn of pair values x sqrt(s per pair)); "
            "%zu pairs a cell\n%-8s %-10s %10s %7s",
            pairs, "kernel", "ms x ms", "per pair", "rewarm");
    for (int e = 0; e < ESTIMATORS && rc == 0; e++)
        printf(" %9s", estimator_names[e]);
    putchar('\n');
    for (size_t k = 0; k < n && rc == 0; k++)
        rc = run_kernel(&executor, &kernel[k], pairs, &random);
    if (rc == 0)
        printf("\nthe same processes measured %d times: standard deviation in "
               "%%\n%-8s %11s %11s %9s %9s %8s\n",
               ALIVE_TIMES, "kernel", "start both", "end both", "between",
               "within", "between");
    for (size_t k = 0; k < n && rc == 0; k++)
        rc = run_alive(&executor, &kernel[k], pairs, &random);
    live_close(live);
    guardian_stop(guardian);
    arena_clear(&arena);
    return rc < 0;
}
