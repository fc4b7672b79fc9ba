/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibrating and running pairs. */
#include <config.h>

#include "runner/measure/duel_pair.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "runner/measure/disturbed.h"
#include "stats/warmup.h"

enum {
    PILOT_WARMUP = 10, /* slices of each side, until the pilot is over */
    BLOCKS_MIN = 3,
    BLOCKS_MAX = 100,
    START_WORTH = 2,  /* found by experiment, docs/measuring.md */
    PAIR_LONGEST = 5, /* times the usual */
};

/* Bodies this long are not warmed up: what is cold costs little beside them. */
static const double no_warmup_ns = 100e6;

static const double warmup_tolerance = 0.01; /* statistics.md, section 3 */

/* Starting both sides, and how long that takes at best: a neighbour can only
 * lengthen it. */
static int open_both(const struct executor *executor, struct duel_case *c,
                     struct side_failure *bad, struct error *err)
{
    int64_t began = executor->now(executor->ctx), took;
    int rc = executor->open(executor->ctx, c->side, WIRE_SIDES, bad, err);

    took = executor->now(executor->ctx) - began;
    if (rc == 0 && (c->start_ns == 0 || took < c->start_ns))
        c->start_ns = took;
    return rc;
}

static int calibrate_open(const struct executor *executor,
                          const struct duel_settings *settings,
                          struct duel_case *c, struct side_failure *bad,
                          struct error *err)
{
    int rc = calibrate(executor, WIRE_SIDES, settings->sample_ns,
                       &c->calibration, bad, err);

    if (rc < 0 || c->calibration.slice_ns >= no_warmup_ns)
        return rc;
    c->warmup = PILOT_WARMUP;
    return calibrate_rewarm(executor, &c->calibration, bad, err);
}

int duel_calibrate(const struct executor *executor,
                   const struct duel_settings *settings, struct duel_case *c,
                   struct side_failure *bad, struct error *err)
{
    SCOPED(free_scoped)
    struct side_report *said = calloc(WIRE_SIDES, sizeof *said);
    int rc;

    if (!said)
        return ERROR(err, ERR_NOMEM, "no memory for a report");
    c->warmup = 0;
    rc = open_both(executor, c, bad, err);
    if (rc == 0)
        rc = calibrate_open(executor, settings, c, bad, err);
    if (rc == 0)
        rc = executor->close(executor->ctx, said, bad, err);
    return rc;
}

/* The first pair is the pilot: how long do its fresh processes take to settle?
 * The longer of the two sides holds for both, and for all pairs to come. */
static void choose_warmup(const struct stage_slice *slice, size_t n,
                          struct duel_case *c)
{
    size_t longest = 0;

    for (uint32_t side = 0; side < WIRE_SIDES; side++) {
        double x[WIRE_SLICES_MAX];
        struct invocation one = {.sample = x};
        struct warmup warmup;

        for (size_t i = 0; i < n; i++)
            if (slice[i].order.side == side)
                x[one.n++] = fmax((double)slice[i].elapsed_ns, 1);
        if (stats_warmup(&one, 1, warmup_tolerance, &warmup, NULL) < 0)
            return;
        longest = warmup.discard > longest ? warmup.discard : longest;
    }
    c->warmup = longest < PILOT_WARMUP ? longest : PILOT_WARMUP;
}

/* Fresh processes that are slow to start are worth more than fast ones, and
 * what they set up takes its time to settle in the caches: they are measured
 * for as long as START_WORTH starts take. */
static double pair_time(const struct duel_settings *settings,
                        const struct duel_case *c)
{
    double least = (double)settings->pair_ns;

    return fmin(fmax(START_WORTH * (double)c->start_ns, least),
                PAIR_LONGEST * least);
}

static size_t blocks_for(const struct duel_settings *settings,
                         const struct duel_case *c)
{
    const struct calibration *calibration = &c->calibration;
    double slice = (double)(calibration->iterations + calibration->rewarm) *
                   calibration->iteration_ns;
    double fits = pair_time(settings, c) / fmax(4 * slice, 1);

    if (calibration->slice_ns >= no_warmup_ns)
        return 1;
    if (fits < BLOCKS_MIN)
        return BLOCKS_MIN;
    return fits > BLOCKS_MAX ? BLOCKS_MAX : (size_t)fits;
}

static void fill_block(const struct stage_slice *four, bool disturbed,
                       struct slice_block *block)
{
    size_t seen[WIRE_SIDES] = {0};

    *block = (struct slice_block){.disturbed = disturbed};
    for (size_t k = 0; k < 4; k++) {
        uint32_t side = four[k].order.side;
        double ns =
            (double)four[k].elapsed_ns / (double)four[k].order.iterations;

        (side == DUEL_OLD ? block->old_ns : block->new_ns)[seen[side]++] = ns;
        block->disturbed = block->disturbed || slice_is_disturbed(&four[k]);
    }
}

/* The slices of the blocks apart by side, the blocks as one number. */
static int summarise(const struct stage_slice *slice, size_t blocks,
                     struct arena *arena, struct duel_pair *out,
                     struct error *err)
{
    struct slice_block *block = arena_alloc(arena, blocks, sizeof *block);
    size_t n[WIRE_SIDES] = {0};
    bool disturbed = script_is_disturbed(&out->said[DUEL_NEW].during);

    for (int side = 0; side < WIRE_SIDES; side++)
        out->slice[side] =
            arena_alloc(arena, 2 * blocks, sizeof *out->slice[side]);
    if (!block || !out->slice[DUEL_OLD] || !out->slice[DUEL_NEW])
        return ERROR(err, ERR_NOMEM, "no memory for a pair");
    for (size_t b = 0; b < blocks; b++)
        fill_block(slice + 4 * b, disturbed, &block[b]);
    for (size_t i = 0; i < 4 * blocks; i++) {
        uint32_t side = slice[i].order.side;

        out->slice[side][n[side]++] = slice[i];
    }
    out->n_slices = 2 * blocks;
    if (pair_summarise(block, blocks, &out->value, NULL) < 0)
        return ERROR(err, ERR_PEER,
                     "the body took no measurable time in a slice of %llu "
                     "iterations",
                     (unsigned long long)slice[0].order.iterations);
    return 0;
}

int duel_run_pair(const struct executor *executor,
                  const struct duel_settings *settings, struct duel_case *c,
                  uint64_t *random, struct arena *arena, struct duel_pair *out,
                  struct side_failure *bad, struct error *err)
{
    struct script script;
    size_t warm = c->warmup;
    size_t blocks =
        script_pair(&script, warm, blocks_for(settings, c),
                    c->calibration.iterations, c->calibration.rewarm, random);
    struct stage_slice *slice = arena_alloc(arena, script.n, sizeof *slice);
    int rc;

    if (!slice)
        return ERROR(err, ERR_NOMEM, "no memory for a pair");
    rc = open_both(executor, c, bad, err);
    if (rc == 0)
        rc = executor->run(executor->ctx, script.order, script.n, slice, bad,
                           err);
    if (rc == 0)
        rc = executor->close(executor->ctx, out->said, bad, err);
    if (rc < 0)
        return rc;
    c->empty_ns = (double)slice[script.n - 1].elapsed_ns /
                  (double)slice[script.n - 1].order.iterations;
    if (warm == PILOT_WARMUP && c->n_pairs == 0)
        choose_warmup(slice, script.n - WIRE_SIDES, c);
    return summarise(slice + 2 * warm, blocks, arena, out, err);
}
