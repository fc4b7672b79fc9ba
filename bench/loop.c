/* SPDX-License-Identifier: MIT */
/* The measuring loop: three forms (TARE_LOOP, TARE_BATCH, TARE_LATENCY) over
 * one state machine.  An order is its untimed iterations, then its timed ones;
 * a form hands them out at once or in batches. */
#include <config.h>

#include "bench/loop.h"

#include <stdlib.h>
#include <string.h>

#include "bench/fixture.h"
#include "bench/team.h"

/* Threads that finished go on in parts of a sixteenth, so that none runs much
 * longer than the last one needs. */
enum {
    BATCH_DEFAULT = 1000,
    PAUSE_TRIES = 256,
    LAP_TRIES = 256,
    TAIL_PARTS = 16
};

/* ---- reading clocks and counters */

static int64_t wall(const struct tarei_bench *bench)
{
    return bench->clock->wall_ns(bench->clock->ctx);
}

static int64_t run_delay(const struct tarei_bench *bench)
{
    return bench->clock->run_delay_ns(bench->clock->ctx);
}

/* What is counted from the hand-over on, the untimed iterations included: how
 * others got in the way. */
static void take_order(struct tarei_bench *bench)
{
    struct tarei_loop *l = &bench->loop;
    struct tarei_usage usage;

    bench->clock->usage(bench->clock->ctx, &usage);
    l->switches_begin = usage.switches;
    l->delay_begin_ns = run_delay(bench);
    l->rewarm_left = l->order.rewarm;
    l->timed_left = l->order.iterations;
    l->sample = (struct tarei_sample){.cpu_begin = -1, .cpu_end = -1};
    l->manual_ns = 0;
    l->manual_calls = 0;
    l->in_order = 1;
    bench->orders++;
}

static void finish_order(struct tarei_bench *bench)
{
    struct tarei_loop *l = &bench->loop;
    struct tarei_usage usage;
    int64_t delay = run_delay(bench);

    bench->clock->usage(bench->clock->ctx, &usage);
    l->sample.switches = usage.switches - l->switches_begin;
    l->sample.run_delay_ns =
        delay < 0 || l->delay_begin_ns < 0 ? -1 : delay - l->delay_begin_ns;
    l->in_order = 0;
}

static int is_counted(const struct tarei_bench *bench)
{
    return bench->clock->counts &&
           !(bench->loop.order.flags & (WIRE_WARM | WIRE_EMPTY));
}

static void begin_counts(struct tarei_bench *bench)
{
    const struct tarei_counts *counts = bench->clock->counts;

    counts->read(counts->ctx, &bench->loop.totals);
    counts->toggle(counts->ctx);
}

static void end_counts(struct tarei_bench *bench)
{
    const struct tarei_counts *counts = bench->clock->counts;
    struct tarei_totals now;
    double part[COUNTS];

    counts->toggle(counts->ctx);
    counts->read(counts->ctx, &now);
    tarei_counts_between(&bench->loop.totals, &now, part);
    for (int i = 0; i < COUNTS; i++)
        bench->count[i] += part[i];
    bench->counted += bench->loop.chunk;
}

/* The wall clock is the last thing read, so that as little as possible stands
 * between it and the first iteration. */
static uint64_t start_timed(struct tarei_bench *bench, uint64_t iterations)
{
    struct tarei_loop *l = &bench->loop;
    const struct tarei_clock *clock = bench->clock;

    l->chunk = iterations;
    l->paused_ns = 0;
    l->laps_ns = 0;
    l->phase = PHASE_TIMED;
    clock->usage(clock->ctx, &l->usage);
    if (l->sample.cpu_begin < 0)
        l->sample.cpu_begin = clock->cpu(clock->ctx);
    tarei_team_start(bench);
    if (l->sample.begin_ns == 0)
        l->sample.begin_ns = clock->monotonic_ns(clock->ctx);
    l->cpu_begin_ns = clock->cpu_ns(clock->ctx);
    if (is_counted(bench))
        begin_counts(bench);
    l->begin_ns = wall(bench);
    return iterations;
}

/* end_ns was read before anything else. */
static void stop_timed(struct tarei_bench *bench, int64_t end_ns)
{
    struct tarei_loop *l = &bench->loop;
    const struct tarei_clock *clock = bench->clock;
    struct tarei_usage usage;
    int64_t cpu_ns;

    if (is_counted(bench))
        end_counts(bench);
    cpu_ns = clock->cpu_ns(clock->ctx);
    l->sample.cpu_end = clock->cpu(clock->ctx);
    clock->usage(clock->ctx, &usage);
    if (cpu_ns < 0 || l->cpu_begin_ns < 0 || l->sample.cpu_ns < 0)
        l->sample.cpu_ns = -1;
    else
        l->sample.cpu_ns += cpu_ns - l->cpu_begin_ns;
    l->sample.minor_faults += usage.minor_faults - l->usage.minor_faults;
    l->sample.major_faults += usage.major_faults - l->usage.major_faults;
    if (l->form == FORM_LATENCY)
        l->sample.elapsed_ns += l->laps_ns;
    else
        l->sample.elapsed_ns += end_ns - l->begin_ns - l->paused_ns;
    l->timed_left -= l->chunk;
    bench->iterations += l->chunk;
}

/* The library's own loop of the same shape around nothing; never inlined, so
 * that it is the same code wherever it is called from. */
__attribute__((noinline)) static void empty_loop(uint64_t n)
{
    for (uint64_t left = n; left != 0; left = tare_counted_(left) - 1)
        ;
}

static void run_empty(struct tarei_bench *bench)
{
    struct tarei_loop *l = &bench->loop;
    int64_t end_ns;

    empty_loop(l->order.rewarm);
    empty_loop(start_timed(bench, l->order.iterations));
    end_ns = wall(bench);
    stop_timed(bench, end_ns);
    tarei_team_stop(bench);
    bench->iterations -= l->chunk;
    finish_order(bench);
}

/* ---- the state machine */

static int broken(struct tare *b, const char *what)
{
    tarei_context_fail(b, "%s: benchmark '%s' %s", tarei_context_place(b),
                       tare_id(b), what);
    b->bench->loop.phase = PHASE_OVER;
    return 0;
}

static int left_early(struct tare *b)
{
    return broken(b, "left its loop early, by break, return or goto: no "
                     "figure of it is valid");
}

static int loop_over(struct tare *b)
{
    b->bench->loop.phase = PHASE_OVER;
    return 0;
}

/* May the loop begin? */
static int enter(struct tare *b, enum tarei_form form)
{
    struct tarei_loop *l;

    if (!b->bench) {
        tarei_context_fail(b,
                           "%s: a measuring loop in '%s', which is no "
                           "benchmark",
                           tarei_context_place(b), tare_id(b));
        return 0;
    }
    l = &b->bench->loop;
    if (l->phase == PHASE_OVER)
        return b->outcome == OUTCOME_PASSED
                   ? broken(b, "has two loops: split it in two benchmarks")
                   : 0;
    if (l->form != FORM_NONE && l->form != form)
        return broken(b, "has a loop within a loop");
    l->form = form;
    return 1;
}

static void deliver(struct tare *b)
{
    struct tarei_bench *bench = b->bench;
    struct tarei_loop *l = &bench->loop;

    if (b->item && b->item->def.manual && !(l->order.flags & WIRE_EMPTY)) {
        if (l->manual_calls == 0) {
            broken(b, "has .manual but called tare_time_ns() in no iteration "
                      "of a sample");
            return;
        }
        l->sample.elapsed_ns = l->manual_ns;
    }
    if (!(l->order.flags & (WIRE_WARM | WIRE_EMPTY))) {
        bench->pace.iterations += l->order.iterations;
        bench->pace.elapsed_ns += l->sample.elapsed_ns;
    }
    tarei_team_deliver(b, &l->sample);
}

/* Bring the order to the point where the program has something to run: 1, or
 * 0 when the loop is over. */
static int next_part(struct tare *b)
{
    struct tarei_bench *bench = b->bench;
    struct tarei_loop *l = &bench->loop;

    while (b->outcome == OUTCOME_PASSED) {
        if (l->in_order && (l->rewarm_left > 0 || l->timed_left > 0))
            return 1;
        if (l->in_order) {
            finish_order(bench);
            deliver(b);
            continue;
        }
        if (!tarei_team_next(b, &l->order))
            break;
        take_order(bench);
        if (l->order.flags & WIRE_EMPTY) {
            run_empty(bench);
            deliver(b);
        }
    }
    return loop_over(b);
}

/* Hand out at most `most` iterations of the part that is next. */
static uint64_t begin_part(struct tarei_bench *bench, uint64_t most)
{
    struct tarei_loop *l = &bench->loop;

    if (l->rewarm_left > 0) {
        l->chunk = l->rewarm_left < most ? l->rewarm_left : most;
        l->rewarm_left -= l->chunk;
        l->phase = PHASE_WARM;
        return l->chunk;
    }
    return start_timed(bench, l->timed_left < most ? l->timed_left : most);
}

/* The program ran what it was given.  Returns 1, or 0 when that broke the
 * rules. */
static int end_part(struct tare *b, uint64_t left, int64_t end_ns)
{
    struct tarei_loop *l = &b->bench->loop;

    if (left != 0)
        return left_early(b);
    if (l->paused)
        return broken(b, "ended an iteration paused: call tare_resume()");
    if (l->phase == PHASE_TIMED) {
        stop_timed(b->bench, end_ns);
        tarei_team_stop(b->bench);
        l->phase = PHASE_TAIL;
    }
    return 1;
}

static uint64_t step(struct tare *b, uint64_t left, int64_t end_ns)
{
    struct tarei_loop *l = &b->bench->loop;

    if (l->phase != PHASE_BEFORE && !end_part(b, left, end_ns))
        return 0;
    if (l->phase == PHASE_TAIL && !tarei_team_all_stopped(b->bench))
        return l->chunk / TAIL_PARTS + 1;
    return next_part(b) ? begin_part(b->bench, UINT64_MAX) : 0;
}

uint64_t tare_step_(struct tare *b, uint64_t left)
{
    int64_t end_ns = 0;

    if (b->bench && b->bench->loop.phase == PHASE_TIMED)
        end_ns = wall(b->bench);
    return enter(b, FORM_LOOP) ? step(b, left, end_ns) : 0;
}

int tare_warming_(const struct tare *b)
{
    return b->bench && b->bench->loop.phase == PHASE_WARM;
}

/* ---- TARE_BATCH and TARE_TIMED */

static uint64_t batch_limit(const struct tare *b)
{
    return b->item && b->item->def.batch ? b->item->def.batch : BATCH_DEFAULT;
}

size_t tare_batch_(struct tare *b)
{
    struct tarei_loop *l;
    uint64_t n;

    if (!enter(b, FORM_BATCH))
        return 0;
    l = &b->bench->loop;
    if (l->phase == PHASE_PREPARE)
        return (size_t)broken(b, "has a batch without TARE_TIMED");
    if (l->phase != PHASE_BEFORE && l->phase != PHASE_FINISH)
        return (size_t)left_early(b);
    if (!next_part(b))
        return 0;
    l->phase = PHASE_PREPARE;
    n = l->rewarm_left > 0 ? l->rewarm_left : l->timed_left;
    return (size_t)(n < batch_limit(b) ? n : batch_limit(b));
}

uint64_t tare_timed_(struct tare *b, uint64_t left)
{
    int64_t end_ns = 0;
    struct tarei_loop *l;

    if (b->bench && b->bench->loop.phase == PHASE_TIMED)
        end_ns = wall(b->bench);
    if (b->outcome != OUTCOME_PASSED)
        return 0;
    if (!b->bench || b->bench->loop.form != FORM_BATCH)
        tare_fail(b, "%s: TARE_TIMED in '%s' stands outside of TARE_BATCH",
                  tarei_context_place(b), tare_id(b));
    l = &b->bench->loop;
    if (l->phase == PHASE_FINISH)
        return (uint64_t)broken(b, "has a batch with two TARE_TIMED");
    if (l->phase == PHASE_PREPARE)
        return begin_part(b->bench, batch_limit(b));
    if (!end_part(b, left, end_ns))
        return 0;
    l->phase = PHASE_FINISH;
    return 0;
}

/* ---- TARE_LATENCY */

/* What an empty lap shows: the smallest of many. */
static int64_t lap_floor_ns(const struct tarei_bench *bench)
{
    int64_t smallest = INT64_MAX;

    for (int i = 0; i < LAP_TRIES; i++) {
        int64_t begin = wall(bench), took = wall(bench) - begin;

        if (took < smallest)
            smallest = took;
    }
    return smallest;
}

uint64_t tare_latency_(struct tare *b, uint64_t left)
{
    int64_t end_ns = 0;

    if (b->bench && b->bench->loop.phase == PHASE_TIMED)
        end_ns = wall(b->bench);
    if (!enter(b, FORM_LATENCY))
        return 0;
    if (!b->bench->histogram) {
        b->bench->histogram = calloc(1, sizeof *b->bench->histogram);
        if (!b->bench->histogram)
            tare_fail(b, "no memory for a histogram");
        b->bench->lap_floor_ns = lap_floor_ns(b->bench);
    }
    return step(b, left, end_ns);
}

int tare_lap_begin_(struct tare *b)
{
    struct tarei_loop *l = &b->bench->loop;

    l->lap_manual_ns = l->manual_ns;
    l->lap_began_ns = wall(b->bench);
    return 1;
}

uint64_t tare_lap_end_(struct tare *b, uint64_t left)
{
    int64_t took = wall(b->bench) - b->bench->loop.lap_began_ns;
    struct tarei_loop *l = &b->bench->loop;

    took -= l->paused_ns;
    l->paused_ns = 0;
    if (b->item && b->item->def.manual)
        took = l->manual_ns - l->lap_manual_ns;
    if (l->phase == PHASE_TIMED) {
        l->laps_ns += took;
        if (!(l->order.flags & WIRE_WARM))
            tarei_histogram_add(b->bench->histogram, took);
    }
    return left - 1;
}

/* ---- time taken out and time said */

static struct tarei_loop *running_loop(struct tare *b, const char *caller)
{
    if (!b->bench || b->bench->loop.phase == PHASE_BEFORE ||
        b->bench->loop.phase == PHASE_OVER)
        tare_fail(b, "%s: %s() in '%s' is called outside of the loop",
                  tarei_context_place(b), caller, tare_id(b));
    return &b->bench->loop;
}

void tare_pause(struct tare *b)
{
    struct tarei_loop *l = running_loop(b, "tare_pause");

    if (l->paused)
        tare_fail(b, "%s: tare_pause() in '%s' is called twice",
                  tarei_context_place(b), tare_id(b));
    l->paused = 1;
    if (l->phase == PHASE_TIMED)
        b->bench->pauses++;
    l->pause_began_ns = wall(b->bench);
}

void tare_resume(struct tare *b)
{
    int64_t now = b->bench ? wall(b->bench) : 0;
    struct tarei_loop *l = running_loop(b, "tare_resume");

    if (!l->paused)
        tare_fail(b, "%s: tare_resume() in '%s' without tare_pause()",
                  tarei_context_place(b), tare_id(b));
    l->paused = 0;
    l->paused_ns += now - l->pause_began_ns;
}

int64_t tarei_pause_cost_ns(const struct tarei_clock *clock)
{
    int64_t smallest = INT64_MAX;

    for (int i = 0; i < PAUSE_TRIES; i++) {
        int64_t begin = clock->wall_ns(clock->ctx);
        int64_t paused = clock->wall_ns(clock->ctx);
        int64_t resumed = clock->wall_ns(clock->ctx);
        int64_t left = clock->wall_ns(clock->ctx) - begin - (resumed - paused);

        if (left < smallest)
            smallest = left;
    }
    return smallest;
}

void tare_time_ns(struct tare *b, int64_t elapsed_ns)
{
    struct tarei_loop *l = running_loop(b, "tare_time_ns");

    if (!b->item->def.manual)
        tare_fail(b, "%s: tare_time_ns() in '%s' needs the option .manual = 1",
                  tarei_context_place(b), tare_id(b));
    if (elapsed_ns < 0)
        tare_fail(b, "%s: tare_time_ns() in '%s' is given a negative time",
                  tarei_context_place(b), tare_id(b));
    if (l->phase == PHASE_TIMED) {
        l->manual_ns += elapsed_ns;
        l->manual_calls++;
    }
}

/* ---- the body as a whole */

const char *tarei_form_name(const struct tare *b)
{
    static const char *const name[] = {
        [FORM_NONE] = "loop",
        [FORM_LOOP] = "loop",
        [FORM_BATCH] = "batch",
        [FORM_LATENCY] = "latency",
    };

    return b->item->def.manual ? "manual" : name[b->bench->loop.form];
}

void tarei_bench_begin(struct tare *b, struct tarei_bench *bench,
                       const struct tarei_clock *clock,
                       const struct tarei_driver *driver)
{
    memset(bench, 0, sizeof *bench);
    bench->clock = clock;
    bench->driver = *driver;
    bench->lap_floor_ns = -1;
    b->bench = bench;
}

static void call_body(struct tare *b, void *arg)
{
    (void)arg;
    b->item->def.run(b);
}

void tarei_bench_run(struct tare *b)
{
    enum tarei_phase phase;

    tarei_context_call(b, call_body, NULL);
    phase = b->bench->loop.phase;
    if (b->outcome != OUTCOME_PASSED)
        b->bench->loop.phase = PHASE_OVER;
    else if (phase == PHASE_BEFORE)
        broken(b, "has no loop: it needs one TARE_LOOP, TARE_BATCH or "
                  "TARE_LATENCY");
    else if (phase != PHASE_OVER)
        left_early(b);
    if (b->bench->thread == 0)
        tarei_fixture_leave(b, TARE_BATCH);
}

void tarei_bench_end(struct tarei_bench *bench)
{
    free(bench->histogram);
    bench->histogram = NULL;
}
