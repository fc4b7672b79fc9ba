/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounds of fresh invocations. */
#include <config.h>

#include "runner/measure/solo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "runner/measure/calibrate.h"
#include "runner/measure/disturbed.h"
#include "runner/measure/invocation.h"
#include "runner/measure/lanes.h"
#include "runner/measure/record.h"
#include "runner/measure/script.h"
#include "stats/estimate.h"
#include "stats/signed_rank.h"
#include "stats/warmup.h"

enum {
    PILOT = 3,      /* invocations that choose the warm-up */
    PILOT_WARM = 7, /* extra samples each of them takes */
    SAMPLES_MIN = 3,
    SAMPLES_MAX = 30,
    STRAYS_MAX = 3, /* excluded invocations that are half of all or more */
};

/* Bodies this long are measured from their first execution on: what is cold
 * costs little beside them, and a discarded sample much. */
static const double no_warmup_ns = 100e6;

static const double warmup_tolerance = 0.01; /* statistics.md, section 3 */

struct solo_case {
    const struct subject *subject;
    const struct executor *executor; /* that measures it now, NULL: none */
    size_t index;                    /* of its case in the results */
    struct calibration calibration;
    bool calibrated;
    int64_t warmup; /* -1 while the pilot goes on */
    size_t samples; /* per invocation, after warm-up */
    int64_t spent_ns;
    struct taken pilot[PILOT]; /* warm-up included, until that is known */
    size_t n_pilot;
    size_t n_final;   /* invocations in the results */
    size_t n_counted; /* processes that counted; one at most for each final */
    size_t n_slices, n_disturbed;
    bool resumed; /* what it said before may have been lost with the run that
                   * was cut short */
    bool done;
};

struct solo {
    const struct executor *executor;
    struct solo_settings settings;
    const struct solo_watch *watch;
    struct results *results;
    struct solo_case *cases;
    size_t n;
    struct arena arena;
    uint64_t random;
    size_t *order;             /* of this round */
    size_t turn;               /* the next one of it */
    const struct lanes *lanes; /* NULL: the executor alone */
    int failed;                /* a lane's error; the others leave */
};

static struct case_results *results_of(const struct solo *solo, size_t i)
{
    return &solo->results->cases[solo->cases[i].index];
}

static void set_defaults(struct solo_settings *s)
{
    if (!s->sample_ns)
        s->sample_ns = 250000;
    if (!s->invocation_ns)
        s->invocation_ns = 40000000;
    if (!s->budget_ns)
        s->budget_ns = 10000000000;
    if (s->precision == 0)
        s->precision = 0.01;
    if (s->confidence == 0)
        s->confidence = 0.95;
}

static size_t samples_for(const struct solo_settings *s, double slice_ns)
{
    double fits = (double)s->invocation_ns / fmax(slice_ns, 1);

    if (s->samples)
        return s->samples;
    if (slice_ns >= no_warmup_ns)
        return 1;
    if (fits < SAMPLES_MIN)
        return SAMPLES_MIN;
    return fits > SAMPLES_MAX ? SAMPLES_MAX : (size_t)fits;
}

static int calibrate_case(struct solo *solo, struct solo_case *c,
                          struct side_failure *bad, struct error *err)
{
    const struct executor *executor = c->executor;
    struct side_report said;
    int rc = executor->open(executor->ctx, &c->subject, 1, bad, err);

    if (rc == 0)
        rc = calibrate(executor, 1, solo->settings.sample_ns, &c->calibration,
                       bad, err);
    if (rc == 0)
        rc = executor->close(executor->ctx, &said, bad, err);
    if (rc < 0)
        return rc;
    c->calibrated = true;
    c->samples = samples_for(&solo->settings, c->calibration.slice_ns);
    if (c->warmup < 0)
        c->warmup = solo->settings.warmup;
    if (c->warmup < 0 && c->calibration.slice_ns >= no_warmup_ns)
        c->warmup = 0;
    return 0;
}

static int invoke(struct solo *solo, struct solo_case *c, struct taken *taken,
                  struct side_failure *bad, struct error *err)
{
    size_t warm = c->warmup < 0 ? WARMUP_LEAST + PILOT_WARM : (size_t)c->warmup;

    return invocation_take(c->executor, c->subject, warm + c->samples,
                           c->calibration.iterations, &solo->arena, taken, bad,
                           err);
}

/* Beside the first invocations, until what is counted repeats itself. */
static int count_beside(struct solo *solo, size_t i, struct error *err)
{
    const struct counting *counting = solo->settings.counting;
    struct solo_case *c = &solo->cases[i];
    SCOPED(free_scoped) struct side_report *counted = NULL;
    int rc;

    if (!counting || !counting->count || c->n_counted < c->n_final ||
        !counting_wants(solo->results, c->index, c->n_counted))
        return 0;
    counted = calloc(1, sizeof *counted);
    if (!counted)
        return ERROR(err, ERR_NOMEM, "no memory for a report");
    rc = counting->count(counting->ctx, c->subject,
                         counting_iterations(c->calibration.iteration_ns),
                         counted, err);
    if (rc == 0)
        rc = counting_record(solo->results, c->index, counted, err);
    c->n_counted++;
    return rc;
}

/* Put an invocation into the results, its warm-up dropped. */
static int finalise(struct solo *solo, size_t i, const struct taken *taken,
                    struct error *err)
{
    struct solo_case *c = &solo->cases[i];
    struct case_results *r = results_of(solo, i);
    size_t warm = (size_t)c->warmup;
    const struct stage_slice *slice = taken->slice + warm;
    const struct stage_slice *empty = &taken->slice[taken->n];
    size_t n = taken->n - warm < c->samples ? taken->n - warm : c->samples;
    double empty_ns =
        (double)empty->elapsed_ns / (double)empty->order.iterations;
    int rc = record_invocation(solo->results, solo->cases[i].index, slice, n,
                               &taken->said, err);

    if (rc == 0)
        rc = count_beside(solo, i, err);
    if (rc < 0)
        return rc;
    r->empty_ns = c->n_final ? fmin(r->empty_ns, empty_ns) : empty_ns;
    r->process_ns += (invocation_beside_ns(taken, slice, n) - r->process_ns) /
                     (double)(c->n_final + 1);
    r->iterations = c->calibration.iterations;
    r->warmup = c->warmup;
    c->n_slices += n;
    for (size_t k = 0; k < n; k++)
        c->n_disturbed += script_is_disturbed(&taken->said.during) ||
                          slice_is_disturbed(&slice[k]);
    r->disturbed = (double)c->n_disturbed / (double)c->n_slices;
    c->n_final++;
    if (solo->watch && solo->watch->invocation)
        rc = solo->watch->invocation(solo->watch->ctx, solo->results,
                                     solo->cases[i].index, c->n_final - 1, err);
    return rc;
}

/* Too short a series says nothing about warming up; the least is dropped. */
static int choose_warmup(struct solo *solo, struct solo_case *c,
                         struct error *err)
{
    struct invocation series[PILOT] = {{0}};
    struct warmup warmup = {.discard = WARMUP_LEAST};
    int rc = 0;

    for (size_t k = 0; k < c->n_pilot && rc == 0; k++)
        rc = invocation_times(&c->pilot[k], &solo->arena, &series[k], err);
    if (rc < 0)
        return rc;
    if (series[0].n >= WARMUP_LEAST + WARMUP_WINDOW)
        rc = stats_warmup(series, c->n_pilot, warmup_tolerance, &warmup, err);
    c->warmup = (int64_t)warmup.discard;
    /* Every invocation has the same number of samples after its warm-up. */
    if (rc == 0 && c->warmup > WARMUP_LEAST + PILOT_WARM)
        c->warmup = WARMUP_LEAST + PILOT_WARM;
    return rc;
}

/* The pilot is over: its invocations count, warm-up dropped. */
static int end_pilot(struct solo *solo, size_t i, struct error *err)
{
    struct solo_case *c = &solo->cases[i];
    int rc = choose_warmup(solo, c, err);

    for (size_t k = 0; k < c->n_pilot && rc == 0; k++)
        rc = finalise(solo, i, &c->pilot[k], err);
    c->n_pilot = 0;
    return rc;
}

static bool same_result(const struct solo *solo, size_t i,
                        const struct taken *taken)
{
    const struct solo_case *c = &solo->cases[i];
    const char *before =
        c->n_pilot ? c->pilot[0].said.result : results_of(solo, i)->result;

    return (c->n_pilot == 0 && c->n_final == 0) || (c->resumed && !before[0]) ||
           strcmp(before, taken->said.result) == 0;
}

/* A program that sets its own binding strays every time. */
static int exclude(struct solo *solo, size_t i, struct side_failure *bad,
                   struct error *err)
{
    const struct solo_case *c = &solo->cases[i];
    struct case_results *r = results_of(solo, i);

    r->excluded++;
    if (r->excluded < STRAYS_MAX || r->excluded <= c->n_final + c->n_pilot)
        return 0;
    *bad = (struct side_failure){.state = SIDE_FAILED};
    return ERROR(err, ERR_PEER,
                 "%zu of %zu processes did not stay on the CPU they were "
                 "placed on; does the program set its own binding?",
                 r->excluded, r->excluded + c->n_final + c->n_pilot);
}

static int one_invocation(struct solo *solo, size_t i, struct side_failure *bad,
                          struct error *err)
{
    struct solo_case *c = &solo->cases[i];
    struct taken taken = {0};
    int rc = 0;

    if (!c->calibrated)
        rc = calibrate_case(solo, c, bad, err);
    if (rc == 0)
        rc = invoke(solo, c, &taken, bad, err);
    if (rc < 0)
        return rc;
    if (taken.said.strayed)
        return exclude(solo, i, bad, err);
    if (!same_result(solo, i, &taken)) {
        *bad = (struct side_failure){.state = SIDE_FAILED};
        return ERROR(err, ERR_PEER,
                     "its result changed between two invocations");
    }
    if (c->warmup >= 0)
        return finalise(solo, i, &taken, err);
    c->pilot[c->n_pilot++] = taken;
    return c->n_pilot == PILOT ? end_pilot(solo, i, err) : 0;
}

static int finish_case(struct solo *solo, size_t i, enum stopped_by why,
                       struct error *err)
{
    struct solo_case *c = &solo->cases[i];
    int rc = 0;

    if (c->done)
        return 0;
    c->done = true;
    if (c->n_pilot)
        rc = end_pilot(solo, i, err);
    results_of(solo, i)->stopped_by = why;
    if (rc == 0 && solo->watch && solo->watch->finished)
        rc = solo->watch->finished(solo->watch->ctx, solo->results,
                                   solo->cases[i].index, err);
    return rc;
}

/* A case that cannot be measured is a result, not an error of ours. */
static int fail_case(struct solo *solo, size_t i,
                     const struct side_failure *bad, const struct error *why,
                     struct error *err)
{
    struct case_results *r = results_of(solo, i);

    r->status = bad->state == SIDE_SKIPPED ? CASE_SKIPPED : CASE_FAILED;
    r->message = arena_strdup(&solo->results->arena, why->text);
    if (!r->message)
        return ERROR(err, ERR_NOMEM, "no memory for a message");
    return finish_case(solo, i, STOPPED_UNSET, err);
}

static enum stopped_by why_stop(const struct solo *solo, size_t i)
{
    const struct solo_settings *s = &solo->settings;
    const struct solo_case *c = &solo->cases[i];
    size_t have = c->n_final + c->n_pilot;
    int64_t each = have ? c->spent_ns / (int64_t)have : 0;
    const struct metric *time = results_metric(results_of(solo, i), "time");
    struct estimate_policy policy = estimate_defaults();
    enum stopped_by why = STOPPED_UNSET;
    const struct invocations *in;

    if (s->invocations && have >= s->invocations)
        return STOPPED_FIXED;
    if (s->deadline_ns &&
        solo->executor->now(solo->executor->ctx) + each > s->deadline_ns)
        return STOPPED_MAX_TIME;
    if (s->invocations)
        return STOPPED_UNSET;
    /* Fewer than an interval needs would be time thrown away. */
    if (have >= stats_centre_needs(s->confidence)
            ? c->spent_ns + each > s->budget_ns
            : each > s->budget_ns)
        return STOPPED_BUDGET;
    if (c->n_pilot || !time)
        return STOPPED_UNSET;
    in = &time->occasion[solo->results->n_occasions - 1];
    policy.confidence = s->confidence;
    policy.precision = s->precision;
    if (estimate_stop(in->invocation, in->n, &policy, 0, 1, &why, NULL) < 0)
        return STOPPED_UNSET;
    return why;
}

/* A case the run's time did not suffice for at all says so. */
static int run_out_of_time(struct solo *solo, size_t i, struct error *err)
{
    if (solo->cases[i].n_final + solo->cases[i].n_pilot == 0) {
        results_of(solo, i)->status = CASE_SKIPPED;
        results_of(solo, i)->message = "the run's time ended before its turn";
    }
    return finish_case(solo, i, STOPPED_MAX_TIME, err);
}

static int visit_case(struct solo *solo, size_t i, struct error *err)
{
    struct solo_case *c = &solo->cases[i];
    const struct executor *executor = c->executor;
    int64_t began = executor->now(executor->ctx);
    struct side_failure bad = {0};
    struct error why = {0};
    enum stopped_by stop = why_stop(solo, i);
    int rc;

    /* Time passed in other cases' turns. */
    if (stop == STOPPED_MAX_TIME)
        return run_out_of_time(solo, i, err);
    rc = one_invocation(solo, i, &bad, &why);
    c->spent_ns += executor->now(executor->ctx) - began;
    if (rc == ERR_PEER || rc == ERR_TIMEOUT)
        return fail_case(solo, i, &bad, &why, err);
    if (rc < 0) {
        if (err)
            *err = why;
        return rc;
    }
    stop = why_stop(solo, i);
    return stop == STOPPED_UNSET ? 0 : finish_case(solo, i, stop, err);
}

/* How far a case is: through its budget or its count, whichever is nearer. */
static double case_share(const struct solo *solo, const struct solo_case *c)
{
    double share = (double)c->spent_ns / (double)solo->settings.budget_ns;
    size_t have = c->n_final + c->n_pilot;

    if (c->done)
        return 1;
    if (solo->settings.invocations)
        share = (double)have / (double)solo->settings.invocations;
    return fmin(share, 1);
}

static void tell_progress(const struct solo *solo, const char *id)
{
    double share = 0;

    if (!solo->watch || !solo->watch->progress)
        return;
    for (size_t i = 0; i < solo->n; i++)
        share += case_share(solo, &solo->cases[i]);
    solo->watch->progress(solo->watch->ctx, share / (double)solo->n, id);
}

/* The next case of this round that nobody measures now; solo->n: none. */
static size_t rest_of_round(struct solo *solo)
{
    while (solo->turn < solo->n) {
        size_t i = solo->order[solo->turn++];

        if (!solo->cases[i].done && !solo->cases[i].executor)
            return i;
    }
    return solo->n;
}

/* A case's turn may come in a new round only. */
static size_t next_case(struct solo *solo)
{
    size_t i = rest_of_round(solo);

    if (i < solo->n)
        return i;
    random_shuffle(&solo->random, solo->order, solo->n);
    solo->turn = 0;
    return rest_of_round(solo);
}

static bool all_done(const struct solo *solo)
{
    for (size_t i = 0; i < solo->n; i++)
        if (!solo->cases[i].done)
            return false;
    return true;
}

/* Visit one case after the other until all are done.  Where others measure the
 * last ones, wait: a case is in one place at a time. */
static int work_on_cases(void *ctx, size_t lane,
                         const struct executor *executor, struct error *err)
{
    struct solo *solo = ctx;
    int rc = 0;

    (void)lane;
    while (rc == 0 && !solo->failed && !all_done(solo)) {
        size_t i = next_case(solo);

        if (i == solo->n) {
            baton_sleep(solo->lanes->baton);
            continue;
        }
        tell_progress(solo, solo->cases[i].subject->id);
        solo->cases[i].executor = executor;
        rc = visit_case(solo, i, err);
        solo->cases[i].executor = NULL;
        if (solo->lanes)
            baton_tell(solo->lanes->baton);
    }
    if (rc < 0)
        solo->failed = rc;
    return rc;
}

static int run_rounds(struct solo *solo, struct error *err)
{
    solo->order = arena_alloc(&solo->arena, solo->n, sizeof *solo->order);
    if (!solo->order)
        return ERROR(err, ERR_NOMEM, "no memory for a plan");
    for (size_t i = 0; i < solo->n; i++)
        solo->order[i] = i;
    solo->turn = solo->n;
    if (!solo->lanes)
        return work_on_cases(solo, 0, solo->executor, err);
    return lanes_run(solo->lanes, solo->lanes->n, work_on_cases, solo, err);
}

/* What was measured before an interruption counts. */
static int end_all(struct solo *solo, int rc, struct error *err)
{
    struct error late = {0};

    for (size_t i = 0; i < solo->n && rc == ERR_STOPPED; i++)
        if (finish_case(solo, i, STOPPED_INTERRUPT, &late) < 0) {
            if (err)
                *err = late;
            return late.code;
        }
    return rc;
}

/* Whether sampling of a case ended for good in the run that is resumed. */
static bool is_settled(const struct case_results *r)
{
    return r->status != CASE_MEASURED || r->stopped_by == STOPPED_PRECISE ||
           r->stopped_by == STOPPED_NO_GAIN ||
           r->stopped_by == STOPPED_BUDGET || r->stopped_by == STOPPED_FIXED;
}

/* A case that is in the results already goes on from what it has. */
static void take_up(struct solo *solo, struct solo_case *c,
                    const struct case_results *r)
{
    const struct metric *time = results_metric(r, "time");

    c->index = (size_t)(r - solo->results->cases);
    c->done = is_settled(r);
    if (time)
        c->n_final = time->occasion[solo->results->n_occasions - 1].n;
    c->n_counted = c->n_final;
    c->resumed = c->n_final > 0;
    if (c->n_final)
        c->warmup = r->warmup;
}

static int prepare(struct solo *solo, const struct subject *subject,
                   struct error *err)
{
    solo->cases = arena_alloc(&solo->arena, solo->n, sizeof *solo->cases);
    for (size_t i = 0; i < solo->n; i++) {
        struct case_results *r = results_find(solo->results, subject[i].id);
        struct solo_case *c = &solo->cases[i];

        if (!solo->cases)
            break;
        *c = (struct solo_case){.subject = &subject[i], .warmup = -1};
        if (r) {
            take_up(solo, c, r);
            continue;
        }
        c->index = solo->results->n_cases;
        if (!results_add_case(solo->results, subject[i].id))
            return ERROR(err, ERR_NOMEM, "no memory for a case");
    }
    return solo->cases ? 0 : ERROR(err, ERR_NOMEM, "no memory for a plan");
}

static int measure(struct solo *solo, const struct subject *subject,
                   struct error *err)
{
    int rc;

    solo->random = solo->settings.seed;
    set_defaults(&solo->settings);
    rc = prepare(solo, subject, err);
    if (rc == 0)
        rc = run_rounds(solo, err);
    rc = end_all(solo, rc, err);
    arena_clear(&solo->arena);
    return rc;
}

int solo_measure(const struct executor *executor, const struct subject *subject,
                 size_t n, const struct solo_settings *settings,
                 const struct solo_watch *watch, struct results *results,
                 struct error *err)
{
    struct solo solo = {
        .executor = executor,
        .settings = *settings,
        .watch = watch,
        .results = results,
        .n = n,
    };

    return measure(&solo, subject, err);
}

int solo_measure_on(const struct lanes *lanes, const struct subject *subject,
                    size_t n, const struct solo_settings *settings,
                    const struct solo_watch *watch, struct results *results,
                    struct error *err)
{
    struct solo solo = {
        .executor = &lanes->executor[0],
        .lanes = lanes,
        .settings = *settings,
        .watch = watch,
        .results = results,
        .n = n,
    };

    return measure(&solo, subject, err);
}
