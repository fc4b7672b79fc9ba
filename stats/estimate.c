/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/estimate.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "stats/components.h"
#include "stats/modes.h"
#include "stats/order.h"
#include "stats/robust.h"
#include "stats/series.h"
#include "stats/signed_rank.h"

/* Beyond this many samples per process the advice says "many". */
static const size_t most_samples = 1000;

/* So many are no advice. */
static const double most_invocations = 1e9;

/* The first number of invocations at which "no gain" can be told from luck:
 * there the interval is expected at 0.7 of what half of them gave. */
static const size_t first_gain_look = 24;

/* Sensitivity of the lowland detector, by the number of values, and values it
 * is given at most.  At 0.5 it sees two modes in 20 to 36 % of normal or t3
 * samples of 15 to 50 values and in 1 % of 200; at 0.3 in 0 to 5 %. */
static const double sensitivity_few = 0.3, sensitivity_many = 0.5;
enum { many_for_modes = 200, most_for_modes = 500 };

/* Share of the values that makes a mode worth telling. */
static const double least_share = 0.1;

struct estimate_policy estimate_defaults(void)
{
    return (struct estimate_policy){
        .quantile = 0.5,
        .confidence = 0.95,
        .precision = 0.01,
    };
}

int estimate_summaries(const struct invocation *invocation, size_t n,
                       double quantile, double *out, struct error *err)
{
    for (size_t i = 0; i < n; i++) {
        int rc = stats_quantile(invocation[i].sample, invocation[i].n, quantile,
                                &out[i], err);

        if (rc < 0)
            return rc;
    }
    return 0;
}

/* To logarithms, when there are any. */
static bool take_logs(double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (x[i] <= 0)
            return false;
    for (size_t i = 0; i < n; i++)
        x[i] = log(x[i]);
    return true;
}

/* The centre of summaries that are logarithms or not, in their own unit. */
struct centre {
    struct rank_interval at;
    double half_width; /* relative */
};

static int centre_of(const double *x, size_t n, bool logs, double confidence,
                     struct centre *out, struct error *err)
{
    struct rank_interval at;
    int rc = stats_centre(x, n, confidence, &at, err);

    if (rc < 0)
        return rc;
    out->half_width = (at.high - at.low) / 2;
    if (logs) {
        at.centre = exp(at.centre);
        at.low = at.open ? -INFINITY : exp(at.low);
        at.high = exp(at.high);
    } else if (out->half_width > 0) {
        out->half_width /= fabs(at.centre);
    }
    out->at = at;
    return 0;
}

/* Spread of summaries, relative to the value. */
static double relative_spread(const double *x, size_t n, bool logs,
                              double value)
{
    double spread;

    if (n < 2 || stats_spread(x, n, &spread, NULL) < 0)
        return NAN;
    return logs || spread == 0 ? spread : spread / fabs(value);
}

/* Median over invocations of the relative spread of their samples. */
static double spread_within(const struct invocation *invocation, size_t n,
                            double value, double *room)
{
    size_t count = 0;
    double spread, median;

    for (size_t i = 0; i < n; i++)
        if (stats_spread(invocation[i].sample, invocation[i].n, &spread,
                         NULL) == 0)
            room[count++] = spread;
    if (count == 0 || stats_median(room, count, &median, NULL) < 0)
        return NAN;
    return median == 0 ? 0 : median / fabs(value);
}

/* Modes of some values on the scale of logarithms or ratios; 0 when too few
 * tell nothing.  Those of a few stragglers, and those that lie so close that
 * the figure stands for all of them, count as one. */
static size_t count_modes(const double *x, size_t n, double apart)
{
    struct mode mode[MODES_BINS];
    size_t found, count = 1;
    double last = NAN;

    if (stats_modes(x, n,
                    n < many_for_modes ? sensitivity_few : sensitivity_many,
                    mode, &found, NULL) < 0)
        return 0;
    for (size_t i = 0; i < found; i++) {
        if (mode[i].share < least_share)
            continue;
        count += mode[i].at - last > apart;
        last = mode[i].at;
    }
    return count;
}

/* Modes within the invocations: their samples side by side, each relative to
 * its own invocation, thinned to a number that costs little. */
static size_t modes_within(const struct invocation *v, size_t n, size_t all,
                           const struct estimate_policy *policy)
{
    SCOPED(free_scoped) double *x = malloc(most_for_modes * sizeof *x);
    size_t step = all / most_for_modes + 1, count = 0, at = 0;

    for (size_t i = 0; x && i < n; i++) {
        double level;

        if (stats_quantile(v[i].sample, v[i].n, policy->quantile, &level,
                           NULL) < 0 ||
            level == 0)
            return 0;
        for (size_t k = 0; k < v[i].n; k++, at++)
            if (at % step == 0 && count < most_for_modes)
                x[count++] = v[i].sample[k] / level;
    }
    return x ? count_modes(x, count, policy->precision) : 0;
}

/* What the design could do better.  Predicted variance of the estimate: (between
 * + within / samples) / invocations.  Both from robust spreads: a few disturbed
 * samples make the analysis of variance see nothing but them, while the medians
 * of the invocations hardly notice.  A median of m normal values has the
 * variance pi / 2 of their mean (Kendall & Stuart, section 14.6). */
static void advise(const struct estimate_policy *policy, struct estimate *e)
{
    double now = (double)e->samples / (double)e->invocations, then = now;
    double within = isnan(e->within) ? 0 : M_PI_2 * e->within * e->within;
    double total = e->between * e->between, room, many;
    struct components c = {.within = within,
                           .between = fmax(0, total - within / now)};
    double aim =
        fmax(total, c.between + within / now) / (4 * (double)e->invocations);

    if (!(aim > 0))
        return;
    if (policy->process_cost > 0 && policy->sample_cost > 0)
        then = (double)stats_best_samples(&c, policy->process_cost,
                                          policy->sample_cost, most_samples);
    many = ceil((c.between + within / then) / aim);
    if (!(many < most_invocations))
        return;
    e->halved_at = (size_t)many;
    /* Fewer make no interval: these then need not take so many samples. */
    room = (double)e->invocations_needed * aim - c.between;
    if (e->halved_at < e->invocations_needed) {
        e->halved_at = e->invocations_needed;
        then = room > 0 ? fmin(then, fmax(1, ceil(within / room))) : then;
    }
    if (policy->process_cost > 0 && policy->sample_cost > 0)
        e->best_samples = (size_t)then;
}

/* Intervals shrink with the square root of the invocations. */
static size_t needed_for(const struct estimate *e, double precision)
{
    double shrink = e->half_width / precision;
    double n = ceil((double)e->invocations * shrink * shrink);

    if (e->open || !(n < most_invocations))
        return 0;
    return n < (double)e->invocations_needed ? e->invocations_needed
                                             : (size_t)n;
}

static void diagnose(const struct invocation *invocation, size_t n,
                     const struct estimate_policy *policy, struct estimate *e)
{
    struct components components;
    struct serial serial;

    e->icc = e->deff = e->lag1 = e->ess = NAN;
    if (stats_serial(invocation, n, &serial, NULL) == 0) {
        e->lag1 = serial.lag1;
        e->ess = serial.ess;
    }
    if (stats_components(invocation, n, &components, NULL) == 0) {
        e->icc = components.icc;
        e->deff = components.deff;
    }
    if (!isnan(e->between))
        advise(policy, e);
    e->precise_at = needed_for(e, policy->precision);
}

int estimate(const struct invocation *invocation, size_t n,
             const struct estimate_policy *policy, struct estimate *out,
             struct error *err)
{
    SCOPED(free_scoped) double *summary = malloc((n + 1) * sizeof *summary);
    struct estimate e = {.invocations = n};
    struct centre centre;
    bool logs;
    int rc;

    if (!summary)
        return ERROR(err, ERR_NOMEM, "no memory for %zu invocations", n);
    rc = estimate_summaries(invocation, n, policy->quantile, summary, err);
    if (rc < 0)
        return rc;
    logs = take_logs(summary, n);
    rc = centre_of(summary, n, logs, policy->confidence, &centre, err);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < n; i++)
        e.samples += invocation[i].n;
    e.value = centre.at.centre;
    e.low = centre.at.low;
    e.high = centre.at.high;
    e.confidence = centre.at.confidence;
    e.open = centre.at.open;
    e.invocations_needed = centre.at.n_needed;
    e.half_width = centre.half_width;
    e.between = relative_spread(summary, n, logs, e.value);
    e.between_modes =
        count_modes(summary, n, policy->precision * (logs ? 1 : fabs(e.value)));
    e.modes = modes_within(invocation, n, e.samples, policy);
    e.within = spread_within(invocation, n, e.value, summary);
    diagnose(invocation, n, policy, &e);
    *out = e;
    return 0;
}

/* The two halves' estimates lie inside each other's interval. */
static int is_stable(const double *x, size_t n, bool logs, double confidence,
                     bool *stable, struct error *err)
{
    struct centre first, second;
    size_t half = n / 2;
    int rc = centre_of(x, half, logs, confidence, &first, err);

    if (rc == 0)
        rc = centre_of(x + half, n - half, logs, confidence, &second, err);
    if (rc < 0)
        return rc;
    *stable =
        first.at.centre >= second.at.low && first.at.centre <= second.at.high &&
        second.at.centre >= first.at.low && second.at.centre <= first.at.high;
    return 0;
}

static bool is_gain_look(size_t n)
{
    while (n > first_gain_look && n % 2 == 0)
        n /= 2;
    return n == first_gain_look;
}

int estimate_stop(const struct invocation *invocation, size_t n,
                  const struct estimate_policy *policy, double spent,
                  double budget, enum stopped_by *why, struct error *err)
{
    SCOPED(free_scoped) double *summary = malloc((n + 1) * sizeof *summary);
    struct centre all, half;
    bool logs, stable = false;
    int rc;

    *why = spent >= budget ? STOPPED_BUDGET : STOPPED_UNSET;
    if (n < 2)
        return 0;
    if (!summary)
        return ERROR(err, ERR_NOMEM, "no memory for %zu invocations", n);
    rc = estimate_summaries(invocation, n, policy->quantile, summary, err);
    if (rc < 0)
        return rc;
    logs = take_logs(summary, n);
    rc = centre_of(summary, n, logs, policy->confidence, &all, err);
    if (rc == 0)
        rc = is_stable(summary, n, logs, policy->confidence, &stable, err);
    if (rc == 0)
        rc = centre_of(summary, n / 2, logs, policy->confidence, &half, err);
    if (rc < 0)
        return rc;
    if (stable && all.half_width <= policy->precision)
        *why = STOPPED_PRECISE;
    else if (is_gain_look(n) && !(all.half_width < half.half_width))
        *why = STOPPED_NO_GAIN;
    return 0;
}
