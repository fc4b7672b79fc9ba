/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every public routine meets arrays that no measurement should yield: empty,
 * of one value, tied, constant, tiny, huge, negative, not finite.  What is not
 * finite is refused and leaves the output alone, everything else gives figures
 * that make sense.  The sanitizers watch. */
#include <config.h>

#include "bench/tare.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "stats/adjust.h"
#include "stats/bootstrap.h"
#include "stats/change.h"
#include "stats/components.h"
#include "stats/convict.h"
#include "stats/energy.h"
#include "stats/estimate.h"
#include "stats/exact.h"
#include "stats/explore.h"
#include "stats/family.h"
#include "stats/gsl_errors.h"
#include "stats/harrell_davis.h"
#include "stats/mann_whitney.h"
#include "stats/means.h"
#include "stats/modes.h"
#include "stats/nonparametric.h"
#include "stats/occasion.h"
#include "stats/order.h"
#include "stats/pair.h"
#include "stats/pelt.h"
#include "stats/robust.h"
#include "stats/scaling.h"
#include "stats/series.h"
#include "stats/signed_rank.h"
#include "stats/steady.h"
#include "stats/stored.h"
#include "stats/trend.h"
#include "stats/warmup.h"

enum { MOST = 24, ROUNDS = 400, LONG = 320 };

static const size_t sizes[] = {0, 1, 2, 3, 5, 8, 17, MOST};

/* The numbers of one round. */
struct garbage {
    double x[MOST], y[MOST];
    size_t n, m;
    bool x_finite, y_finite; /* all values are */
};

/* Steele, Lea & Flood, OOPSLA 2014. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static double uniform(uint64_t *state)
{
    return (double)(next(state) >> 11) / 9007199254740992.0;
}

static double strange(uint64_t *state)
{
    static const double values[] = {
        NAN,     INFINITY, -INFINITY,   0,      -0.0,
        DBL_MAX, -DBL_MAX, DBL_MIN,     4e-324, 1e308,
        -1e300,  1,        1 + 1e-16,   1e-300, 9007199254740993.0,
        -1e-310, 42,       DBL_EPSILON, 1e18,   1e154,
    };

    return values[next(state) % (sizeof values / sizeof *values)];
}

/* One of several kinds of numbers, the same kind for a whole array. */
static double value(uint64_t *state, unsigned kind)
{
    switch (kind) {
    case 0:
        return 100 + uniform(state);
    case 1:
        return (double)(next(state) % 3);
    case 2:
        return 7;
    case 3:
        return exp(1400 * (uniform(state) - 0.5));
    case 4:
        return uniform(state) - 0.5;
    case 5:
        return DBL_MAX * uniform(state);
    default:
        return strange(state);
    }
}

static bool fill(uint64_t *state, double *x, size_t n)
{
    unsigned kind = (unsigned)(next(state) % 8);
    bool finite = true;

    for (size_t i = 0; i < n; i++) {
        x[i] = value(state, kind);
        finite &= isfinite(x[i]);
    }
    return finite;
}

static struct garbage make(uint64_t *state)
{
    struct garbage g;

    g.n = sizes[next(state) % 8];
    g.m = sizes[next(state) % 8];
    g.x_finite = fill(state, g.x, g.n);
    g.y_finite = fill(state, g.y, g.m);
    return g;
}

static bool is_error(int rc)
{
    return rc == ERR_RANGE || rc == ERR_INVAL || rc == ERR_EMPTY;
}

static bool is_share(double p)
{
    return p >= 0 && p <= 1;
}

/* CALL(out): refuses what is not finite and leaves `out` alone then. */
#define CHECK_CALL(out, finite, call)                             \
    do {                                                          \
        unsigned char before[sizeof(out)];                        \
                                                                  \
        memset(&(out), 0xa5, sizeof(out));                        \
        memcpy(before, &(out), sizeof(out));                      \
        rc = (call);                                              \
        TARE_CHECK(rc == 0 || is_error(rc));                      \
        TARE_CHECK((finite) || rc < 0);                           \
        if (rc < 0)                                               \
            TARE_CHECK(memcmp(before, &(out), sizeof(out)) == 0); \
    } while (0)

static void one_array(struct tare *t, const struct garbage *g)
{
    struct stats_robust robust;
    struct rank_test test;
    struct rank_interval at;
    struct moments moments;
    struct trend trend;
    double figure, ranks[MOST + 1];
    bool ok = g->x_finite && g->n > 0;
    int rc;

    CHECK_CALL(figure, ok, stats_median(g->x, g->n, &figure, NULL));
    CHECK_CALL(figure, ok, stats_quantile(g->x, g->n, 0.9, &figure, NULL));
    CHECK_CALL(figure, ok, stats_spread(g->x, g->n, &figure, NULL));
    CHECK_CALL(robust, ok, stats_robust(g->x, g->n, &robust, NULL));
    CHECK_CALL(moments, ok, stats_moments(g->x, g->n, &moments, NULL));
    CHECK_CALL(figure, ok,
               stats_harrell_davis(g->x, g->n, 0.5, &figure, NULL, NULL));
    CHECK_CALL(ranks, ok, stats_midranks(g->x, g->n, ranks, NULL, NULL));
    CHECK_CALL(trend, ok, stats_trend(NULL, g->x, g->n, 0.9, &trend, NULL));
    if (rc == 0)
        TARE_CHECK(is_share(trend.p_two));
    CHECK_CALL(test, ok, signed_rank_test(g->x, g->n, 0.5, &test, NULL));
    if (rc == 0)
        TARE_CHECK(is_share(test.p_greater) && is_share(test.p_less) &&
                   is_share(test.p_two));
    CHECK_CALL(at, ok, stats_centre(g->x, g->n, 0.95, &at, NULL));
    if (rc == 0)
        TARE_CHECK(at.low <= at.high);
}

static void two_arrays(struct tare *t, const struct garbage *g)
{
    bool ok = g->x_finite && g->y_finite && g->n > 0 && g->m > 0;
    struct rank_test test;
    struct rank_interval at;
    struct welch welch;
    struct mean_ratio ratio;
    struct ks ks;
    struct spearman spearman;
    double figure;
    int rc;

    CHECK_CALL(test, ok,
               mann_whitney_test(g->x, g->n, g->y, g->m, 0, &test, NULL));
    if (rc == 0)
        TARE_CHECK(is_share(test.p_greater) && is_share(test.p_less) &&
                   is_share(test.p_two));
    CHECK_CALL(at, ok, stats_shift(g->x, g->n, g->y, g->m, 0.95, &at, NULL));
    if (rc == 0)
        TARE_CHECK(at.low <= at.high || isnan(at.low) || isnan(at.high));
    CHECK_CALL(welch, ok,
               stats_welch(g->x, g->n, g->y, g->m, 0, 0.95, &welch, NULL));
    CHECK_CALL(figure, ok,
               stats_tost(g->x, g->n, g->y, g->m, -1, 1, &figure, NULL));
    CHECK_CALL(ratio, ok,
               stats_mean_ratio(g->x, g->n, g->y, g->m, 0.95, &ratio, NULL));
    CHECK_CALL(ks, ok, stats_ks(g->x, g->n, g->y, g->m, &ks, NULL));
    CHECK_CALL(figure, ok, stats_cliff(g->x, g->n, g->y, g->m, &figure, NULL));
    if (rc == 0)
        TARE_CHECK(fabs(figure) <= 1);
    if (g->n == g->m)
        CHECK_CALL(spearman, ok,
                   stats_spearman(g->x, g->y, g->n, &spearman, NULL));
}

static double mean_of(void *ctx, const double *x, size_t n)
{
    double sum = 0;

    (void)ctx;
    for (size_t i = 0; i < n; i++)
        sum += x[i] / (double)n;
    return sum;
}

static void resampled(struct tare *t, const struct garbage *g)
{
    struct bootstrap_plan plan = {
        .resamples = 20, .confidence = 0.9, .seed = 1};
    bool ok = g->x_finite && g->n > 0;
    struct bootstrap b;
    int rc;

    CHECK_CALL(b, ok,
               bootstrap_bca(g->x, g->n, mean_of, NULL, &plan, &b, NULL));
    CHECK_CALL(b, ok, bootstrap_t(g->x, g->n, &plan, &b, NULL));
}

/* The array cut into invocations of two or three samples. */
static size_t invocations_of(const double *x, size_t n, struct invocation *out)
{
    size_t count = 0;

    for (size_t i = 0; i < n; count++) {
        size_t size = 2 + count % 2;

        size = size < n - i ? size : n - i;
        out[count] = (struct invocation){(double *)x + i, size};
        i += size;
    }
    return count;
}

static void structured(struct tare *t, const struct garbage *g)
{
    struct invocation old_side[MOST], new_side[MOST];
    size_t n = invocations_of(g->x, g->n, old_side);
    size_t m = invocations_of(g->y, g->m, new_side);
    struct bootstrap_plan plan = {
        .resamples = 20, .confidence = 0.9, .seed = 1};
    struct estimate_policy policy = estimate_defaults();
    bool ok = g->x_finite && g->n > 0;
    struct components components;
    struct estimate e;
    struct serial serial;
    struct bootstrap b;
    struct warmup warmup;
    enum stopped_by why;
    int rc;

    policy.process_cost = 10;
    policy.sample_cost = 1;
    CHECK_CALL(e, ok, estimate(old_side, n, &policy, &e, NULL));
    CHECK_CALL(components, ok,
               stats_components(old_side, n, &components, NULL));
    if (rc == 0)
        TARE_CHECK(isnan(components.icc) || is_share(components.icc));
    CHECK_CALL(serial, ok, stats_serial(old_side, n, &serial, NULL));
    CHECK_CALL(warmup, ok, stats_warmup(old_side, n, 0.01, &warmup, NULL));
    CHECK_CALL(b, ok && g->y_finite && m > 0,
               bootstrap_ratio(old_side, n, new_side, m, &plan, &b, NULL));
    rc = estimate_stop(old_side, n, &policy, 0, 1, &why, NULL);
    TARE_CHECK(rc == 0 || is_error(rc));
}

/* Neither side may read as a pass when it is not finite. */
static void stored(struct tare *t, const struct garbage *g)
{
    struct invocation old_side[MOST], new_side[MOST];
    struct invocations occasion = {old_side,
                                   invocations_of(g->x, g->n, old_side)};
    struct stored_case c = {
        .old_occasion = &occasion,
        .n_old = 1,
        .new_side = new_side,
        .n_new = invocations_of(g->y, g->m, new_side),
        .policy = compare_defaults(),
        .quantile = 0.5,
    };
    struct occasion_noise known = {.anchor = g->x, .n_anchors = g->n};
    struct comparison out;
    double s;

    TARE_REQUIRE_INT(stored_noise(&c, 1, &known, &s, NULL), 0);
    TARE_CHECK(s >= OCCASION_FLOOR);
    TARE_REQUIRE_INT(stored_compare(&c, 1, 0.01, &s, &out, NULL), 0);
    if (!g->x_finite || !g->y_finite)
        TARE_CHECK(out.verdict == VERDICT_FAILED ||
                   out.verdict == VERDICT_INCOMPARABLE);
    if (g->n == 0 || g->m == 0)
        TARE_CHECK_INT(out.verdict, VERDICT_INCOMPARABLE);
}

/* Slices of any times, both stages. */
static void interleaved(struct tare *t, const struct garbage *g)
{
    struct compare_policy policy = compare_defaults();
    struct pair_value pair[MOST / 4];
    struct explored explored;
    struct comparison out;
    struct batch batch = {.pair = pair, .policy = policy};
    size_t n = g->n / 4;

    for (size_t i = 0; i < n; i++) {
        const double *x = &g->x[4 * i];
        struct slice_block block = {{x[0], x[1]}, {x[2], x[3]}, i % 3 == 0};
        int rc = pair_summarise(&block, 1, &pair[i], NULL);

        TARE_REQUIRE(rc == 0 || is_error(rc));
        if (rc < 0)
            pair[i] = (struct pair_value){.log_ratio = x[0],
                                          .log_clean = x[1],
                                          .old_total = x[2],
                                          .new_total = x[3]};
    }
    batch.n = n;
    TARE_REQUIRE_INT(explore_look(pair, n, &policy, &explored, NULL), 0);
    if (n > 0 || explored.next == EXPLORE_FAILED)
        TARE_CHECK_INT(explore_report(pair, n, &policy, &explored, &out, NULL),
                       0);
    TARE_REQUIRE_INT(convict(&batch, 1, 0.01, &out, NULL), 0);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(pair[i].log_ratio))
            TARE_CHECK_INT(out.verdict, VERDICT_FAILED);
}

static void families(struct tare *t, const struct garbage *g)
{
    double adjusted[MOST], noise = -1;
    struct family_case cases[MOST];
    struct family_mean mean;
    struct family_moved moved;
    int rc;

    rc = stats_adjust(ADJUST_BH, g->x, g->n, adjusted, NULL);
    TARE_CHECK(rc == 0 || is_error(rc));
    for (size_t i = 0; rc == 0 && i < g->n; i++)
        TARE_CHECK(isnan(g->x[i]) || adjusted[i] >= g->x[i]);
    TARE_REQUIRE_INT(family_mean(g->x, g->n, 0.95, &mean, NULL), 0);
    TARE_CHECK_INT(mean.n + mean.left_out, g->n);
    for (size_t i = 0; i < g->n; i++)
        cases[i] = (struct family_case){g->x[i], i < g->m ? g->y[i] : 1,
                                        2 * g->x[i], 0.95, (double)i};
    TARE_REQUIRE_INT(family_measured(cases, g->n, 0.95, &mean, NULL), 0);
    TARE_CHECK(mean.open || mean.low <= mean.high);
    TARE_REQUIRE_INT(family_moved(g->x, g->n, g->y, g->m, 0.01, &moved, NULL),
                     0);
    rc = occasion_learned(g->x, g->n, &noise, NULL);
    TARE_CHECK(rc == 0 ? noise >= 0 : is_error(rc));
}

static void histories(struct tare *t, const struct garbage *g)
{
    struct change_policy policy = change_defaults();
    struct change change[MOST];
    struct scaling_point point[MOST];
    struct scaling_fit fit[SCALING_COUNT];
    enum scaling_law law;
    size_t at[MOST], count;
    bool ok = g->x_finite && g->n > 0;
    int rc;

    policy.permutations = 99;
    CHECK_CALL(count, ok,
               change_find(g->x, g->n, NULL, 0, &policy, change, &count, NULL));
    CHECK_CALL(count, ok,
               stats_pelt(g->x, g->n, PELT_MEAN_VARIANCE, 10, 2, at, &count,
                          NULL, NULL));
    for (size_t i = 0; i < g->n; i++)
        point[i] = (struct scaling_point){
            .workers = i < g->m ? g->y[i] : (double)(i + 1),
            .throughput = g->x[i],
            .weight = 1,
        };
    rc = scaling_choose(point, g->n, fit, &law, NULL);
    TARE_CHECK(rc == 0 || is_error(rc));
    if (rc == 0)
        TARE_CHECK(fit[law].gamma > 0);
}

TARE_TEST(no_routine_is_shaken_by_garbage)
{
    uint64_t state = 5;

    stats_gsl_errors_off();

    for (size_t i = 0; i < ROUNDS; i++) {
        struct garbage g = make(&state);

        one_array(t, &g);
        two_arrays(t, &g);
        resampled(t, &g);
        structured(t, &g);
        stored(t, &g);
        interleaved(t, &g);
        families(t, &g);
        histories(t, &g);
    }
}

/* Those that need many values. */
TARE_TEST(long_garbage_is_refused_or_described)
{
    uint64_t state = 6;
    double x[LONG];

    for (size_t i = 0; i < 40; i++) {
        struct mode mode[MODES_BINS];
        struct steady steady;
        bool ok = fill(&state, x, LONG);
        size_t count;
        int rc;

        CHECK_CALL(count, ok, stats_modes(x, LONG, 0.5, mode, &count, NULL));
        CHECK_CALL(steady, ok, stats_steady(x, LONG, 0.01, &steady, NULL));
    }
}
