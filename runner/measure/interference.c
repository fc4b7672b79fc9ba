/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/measure/interference.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "runner/measure/calibrate.h"
#include "runner/measure/script.h"
#include "stats/order.h"
#include "stats/signed_rank.h"

enum {
    LOOK_FIRST = 6, /* processes; the fewest that make an interval of 95 % */
    LOOK_EVERY = 3,
    PROCESSES = 12,
    STRAYS_MAX = 3,
    PHASES = 4,
    PHASE_WARM = 3, /* samples of a phase that do not count */
    PHASE_SAMPLES = 8,
    RENEW_EVERY = 3, /* processes that meet the same neighbours */
};

static const double confidence = 0.9;
/* What takes this long is not warmed up again in each phase. */
static const double long_ns = 5e6;

struct check {
    const struct executor *executor;
    const struct crowd *crowd;
    struct interference_settings settings;
    uint64_t random;
};

/* One case. */
struct checking {
    const struct subject *subject;
    struct calibration calibration;
    size_t warm, samples; /* of a phase */
    double value[PROCESSES];
    size_t n, strays;
    int64_t began_ns;
};

static int64_t now_of(const struct check *check)
{
    return check->executor->now(check->executor->ctx);
}

static int calibrate_case(struct check *check, struct checking *c,
                          struct side_failure *bad, struct error *err)
{
    double fits;
    int rc = calibrate(check->executor, 1, check->settings.sample_ns,
                       &c->calibration, bad, err);

    if (rc < 0)
        return rc;
    fits = PHASE_SAMPLES * (double)check->settings.sample_ns /
           fmax(c->calibration.slice_ns, 1);
    c->warm = c->calibration.slice_ns < long_ns ? PHASE_WARM : 0;
    c->samples = fits < 1               ? 1
                 : fits > PHASE_SAMPLES ? PHASE_SAMPLES
                                        : (size_t)fits;
    return 0;
}

/* The log of the median time of a phase. */
static int run_phase(struct check *check, const struct checking *c, bool busy,
                     double *out, struct side_failure *bad, struct error *err)
{
    const struct executor *executor = check->executor;
    struct script script = {.n = 0};
    struct stage_slice slice[PHASE_WARM + PHASE_SAMPLES];
    double x[PHASE_SAMPLES], median;
    int rc = check->crowd->set(check->crowd->ctx, busy, err);

    for (size_t i = 0; i < c->warm + c->samples; i++)
        script_add(&script, 0, c->calibration.iterations, 0, 0);
    if (rc == 0)
        rc = executor->run(executor->ctx, script.order, script.n, slice, bad,
                           err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < c->samples; i++)
        x[i] = fmax((double)slice[c->warm + i].elapsed_ns, 1);
    rc = stats_median(x, c->samples, &median, err);
    *out = rc < 0 ? 0 : log(median);
    return rc;
}

static int run_phases(struct check *check, struct checking *c, double *value,
                      struct side_failure *bad, struct error *err)
{
    bool first = random_next(&check->random) >> 63;
    int rc = 0;

    *value = 0;
    for (int i = 0; i < PHASES && rc == 0; i++) {
        bool busy = first != (i == 1 || i == 2);
        double log_ns = 0;

        rc = run_phase(check, c, busy, &log_ns, bad, err);
        *value += (busy ? log_ns : -log_ns) / 2;
    }
    return rc;
}

static int one_process(struct check *check, struct checking *c,
                       struct side_failure *bad, struct error *err)
{
    const struct executor *executor = check->executor;
    struct side_report said;
    double value = 0;
    int rc = check->crowd->set(check->crowd->ctx, false, err);

    if (rc == 0 && (c->n + c->strays) % RENEW_EVERY == 0)
        rc = check->crowd->renew(check->crowd->ctx, err);
    if (rc == 0)
        rc = executor->open(executor->ctx, &c->subject, 1, bad, err);
    if (rc == 0 && !c->calibration.iterations)
        rc = calibrate_case(check, c, bad, err);
    if (rc == 0)
        rc = run_phases(check, c, &value, bad, err);
    if (rc == 0)
        rc = executor->close(executor->ctx, &said, bad, err);
    if (rc < 0)
        return rc;
    if (said.strayed)
        c->strays++;
    else
        c->value[c->n++] = value;
    return 0;
}

static int look(const struct check *check, const struct checking *c,
                struct interference_case *out, struct error *err)
{
    double margin = log1p(check->settings.margin);
    struct rank_interval interval;
    int rc = stats_centre(c->value, c->n, confidence, &interval, err);

    if (rc < 0)
        return rc;
    *out = (struct interference_case){
        .state = INTERFERENCE_UNDECIDED,
        .ratio = exp(interval.centre),
        .low = exp(interval.low),
        .high = exp(interval.high),
        .confidence = interval.confidence,
        .processes = c->n,
    };
    if (interval.low > -margin && interval.high < margin)
        out->state = INTERFERENCE_NONE;
    else if (interval.low > margin || interval.high < -margin)
        out->state = INTERFERENCE_FOUND;
    return 0;
}

/* Is it decided, or would the processes up to the next look take longer than
 * there is time? */
static bool is_over(const struct check *check, const struct checking *c,
                    const struct interference_case *seen)
{
    size_t had = c->n + c->strays;
    size_t next = c->n < LOOK_FIRST ? LOOK_FIRST - c->n : LOOK_EVERY;
    int64_t now = now_of(check), spent = now - c->began_ns;
    int64_t more = had ? spent / (int64_t)had * (int64_t)next : 0;
    int64_t deadline = check->settings.deadline_ns;

    return seen->state == INTERFERENCE_NONE ||
           seen->state == INTERFERENCE_FOUND || c->n == PROCESSES ||
           c->strays == STRAYS_MAX ||
           spent + more > check->settings.budget_ns ||
           (deadline && now + more > deadline);
}

/* A case that fails shows it when it is measured. */
static int check_case(struct check *check, const struct subject *subject,
                      struct interference_case *out, struct error *err)
{
    struct checking c = {.subject = subject, .began_ns = now_of(check)};
    struct interference_case seen = {.state = INTERFERENCE_UNDECIDED,
                                     .ratio = NAN};
    int rc = 0;

    while (rc == 0 && !is_over(check, &c, &seen)) {
        struct side_failure bad = {0};
        struct error why = {0};

        rc = one_process(check, &c, &bad, &why);
        if (rc == ERR_PEER || rc == ERR_TIMEOUT) {
            *out = (struct interference_case){.ratio = NAN};
            return 0;
        }
        if (rc < 0 && err)
            *err = why;
        if (rc == 0 && c.n > 0)
            rc = look(check, &c, &seen, err);
        if (c.n < LOOK_FIRST || (c.n - LOOK_FIRST) % LOOK_EVERY != 0)
            seen.state = INTERFERENCE_UNDECIDED;
    }
    *out = seen;
    return rc;
}

static void set_defaults(struct interference_settings *s)
{
    if (s->margin == 0)
        s->margin = 0.02;
    if (!s->budget_ns)
        s->budget_ns = 10000000000;
    if (!s->sample_ns)
        s->sample_ns = 500000;
    if (!s->sample)
        s->sample = 16;
}

int interference_check(const struct executor *executor,
                       const struct crowd *crowd, const struct subject *subject,
                       size_t n, const struct interference_settings *settings,
                       interference_progress *progress, void *ctx,
                       struct interference_case *out, struct error *err)
{
    struct check check = {.executor = executor,
                          .crowd = crowd,
                          .settings = *settings,
                          .random = settings->seed};
    SCOPED(free_scoped) size_t *order = calloc(n ? n : 1, sizeof *order);
    size_t todo;
    int rc = 0;

    if (!order)
        return ERROR(err, ERR_NOMEM, "no memory for a plan");
    set_defaults(&check.settings);
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct interference_case){.ratio = NAN};
        order[i] = i;
    }
    random_shuffle(&check.random, order, n);
    todo = n < check.settings.sample ? n : check.settings.sample;
    for (size_t k = 0; k < todo && rc == 0; k++) {
        struct interference_case *c = &out[order[k]];

        if (progress)
            progress(ctx, (double)k / (double)todo, subject[order[k]].id);
        rc = check_case(&check, &subject[order[k]], c, err);
        if (!interference_is_clear(c))
            todo = n;
    }
    return rc;
}

bool interference_is_clear(const struct interference_case *c)
{
    return c->state == INTERFERENCE_NONE || c->state == INTERFERENCE_UNCHECKED;
}

const char *interference_name(enum interference state)
{
    static const char *const names[] = {
        [INTERFERENCE_UNCHECKED] = "unchecked",
        [INTERFERENCE_NONE] = "none",
        [INTERFERENCE_FOUND] = "found",
        [INTERFERENCE_UNDECIDED] = "undecided",
    };

    return names[state];
}
