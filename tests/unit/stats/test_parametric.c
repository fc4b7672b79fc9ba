/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "stats/bootstrap.h"
#include "stats/harrell_davis.h"
#include "stats/means.h"
#include "stats/modes.h"
#include "stats/nonparametric.h"
#include "stats/scaling.h"
#include "stats/series.h"
#include "stats/student.h"

struct means_case {
    const double *x;
    size_t n;
    const double *y;
    size_t m;
    double t, df, p_two, p_greater, low, high, tost;
    double ratio_low, ratio_high, ratio_df;
};

struct student_case {
    double t, df, ncp, p;
};

struct power_case {
    double n, effect;
    int sides;
    double two_sample, paired;
};

struct ks_case {
    const double *x;
    size_t n;
    const double *y;
    size_t m;
    double d, p, cliff;
};

struct spearman_case {
    const double *x, *y;
    size_t n;
    double rho, p;
};

struct quantile_case {
    const double *x;
    size_t n;
    double p, want;
};

struct nist_case {
    const char *name;
    const double *x;
    size_t n;
    double mean, sd, lag1;
};

#include "tests/reference/nist.h"
#include "tests/reference/parametric.h"

TARE_TEST(moments_equal_nist)
{
    for (size_t i = 0; i < ARRAY_LEN(nist_cases); i++) {
        const struct nist_case *c = &nist_cases[i];
        struct invocation v = {(double *)c->x, c->n};
        struct moments got;
        struct serial serial;

        TARE_REQUIRE_INT(stats_moments(c->x, c->n, &got, NULL), 0);
        TARE_CHECK_REL(got.mean, c->mean, 1e-14);
        TARE_CHECK_REL(got.sd, c->sd, 1e-13);
        TARE_REQUIRE_INT(stats_serial(&v, 1, &serial, NULL), 0);
        TARE_CHECK_REL(serial.lag1, c->lag1, 1e-12);
    }
}

/* NumAcc2, 3, 4: a first value, then 500 pairs a tenth below and above. */
TARE_TEST(moments_keep_their_digits)
{
    static const struct {
        double first, low, high, sd;
    } sets[] = {{1.2, 1.1, 1.3, 1e-13},
                {1000000.2, 1000000.1, 1000000.3, 1e-9},
                {10000000.2, 10000000.1, 10000000.3, 1e-8}};
    double x[1001];
    struct moments got;

    for (size_t s = 0; s < ARRAY_LEN(sets); s++) {
        for (size_t i = 0; i < 1001; i++)
            x[i] = i % 2 ? sets[s].low : sets[s].high;
        x[0] = sets[s].first;
        TARE_REQUIRE_INT(stats_moments(x, 1001, &got, NULL), 0);
        TARE_CHECK_REL(got.mean, sets[s].first, 1e-14);
        TARE_CHECK_REL(got.sd, 0.1, sets[s].sd);
    }
    TARE_REQUIRE_INT(stats_moments(x, 1, &got, NULL), 0);
    TARE_CHECK_REL(got.sd, 0, 0);
    TARE_CHECK_INT(stats_moments(x, 0, &got, NULL), ERR_RANGE);
}

TARE_TEST(tests_and_intervals_of_means_equal_r)
{
    for (size_t i = 0; i < ARRAY_LEN(means_cases); i++) {
        const struct means_case *c = &means_cases[i];
        struct welch w;
        struct mean_ratio r;
        double p;

        TARE_REQUIRE_INT(stats_welch(c->x, c->n, c->y, c->m, 0, 0.95, &w, NULL),
                         0);
        TARE_CHECK_REL(w.t, c->t, 1e-12);
        TARE_CHECK_REL(w.df, c->df, 1e-12);
        TARE_CHECK_REL(w.p_two, c->p_two, 1e-12);
        TARE_CHECK_REL(w.p_greater, c->p_greater, 1e-12);
        TARE_CHECK_REL(w.low, c->low, 1e-12);
        TARE_CHECK_REL(w.high, c->high, 1e-12);
        TARE_REQUIRE_INT(stats_tost(c->x, c->n, c->y, c->m, -1, 1, &p, NULL),
                         0);
        TARE_CHECK_REL(p, c->tost, 1e-12);
        TARE_REQUIRE_INT(
            stats_mean_ratio(c->x, c->n, c->y, c->m, 0.8, &r, NULL), 0);
        TARE_CHECK_REL(r.low, c->ratio_low, 1e-12);
        TARE_CHECK_REL(r.high, c->ratio_high, 1e-12);
        TARE_CHECK_REL(r.df, c->ratio_df, 1e-12);
    }
}

TARE_TEST(means_of_degenerate_samples)
{
    static const double same[] = {4, 4, 4}, other[] = {6, 6}, zero[] = {-1, 1};
    struct welch w;
    struct mean_ratio r;
    double p;

    TARE_REQUIRE_INT(stats_welch(same, 3, other, 2, 0, 0.95, &w, NULL), 0);
    TARE_CHECK_REL(w.difference, 2, 0);
    TARE_CHECK_REL(w.low, 2, 0);
    TARE_CHECK_REL(w.p_greater, 0, 0);
    TARE_REQUIRE_INT(stats_welch(same, 3, same, 3, 0, 0.95, &w, NULL), 0);
    TARE_CHECK(isnan(w.p_two));
    TARE_REQUIRE_INT(stats_tost(same, 3, same, 3, 0, 1, &p, NULL), 0);
    TARE_CHECK(isnan(p));
    TARE_CHECK_INT(stats_welch(same, 1, other, 2, 0, 0.95, &w, NULL),
                   ERR_RANGE);
    TARE_CHECK_INT(stats_welch(same, 3, other, 2, 0, 1, &w, NULL), ERR_INVAL);
    TARE_REQUIRE_INT(stats_mean_ratio(same, 3, other, 2, 0.95, &r, NULL), 0);
    TARE_CHECK_REL(r.low, 1.5, 1e-15);
    TARE_CHECK_REL(r.high, 1.5, 1e-15);
    TARE_CHECK_INT(stats_mean_ratio(zero, 2, other, 2, 0.95, &r, NULL),
                   ERR_RANGE);
}

/* A mean below the line that could be zero has no finite interval. */
TARE_TEST(fieller_says_when_there_is_no_interval)
{
    static const double x[] = {-3, 4, 1}, y[] = {5, 6, 7};
    struct mean_ratio r;

    TARE_REQUIRE_INT(stats_mean_ratio(x, 3, y, 3, 0.95, &r, NULL), 0);
    TARE_CHECK(r.open && isinf(r.low) && isinf(r.high));
}

TARE_TEST(noncentral_t_equals_r)
{
    for (size_t i = 0; i < ARRAY_LEN(student_cases); i++) {
        const struct student_case *c = &student_cases[i];
        double p = student_noncentral(c->t, c->df, c->ncp);

        TARE_CHECK(fabs(p - c->p) <= 1e-8);
    }
    TARE_CHECK_REL(student_noncentral(-INFINITY, 3, 1), 0, 0);
    TARE_CHECK_REL(student_noncentral(INFINITY, 3, 1), 1, 0);
    TARE_CHECK(isnan(student_noncentral(1, 0, 1)));
    TARE_CHECK(isnan(student_noncentral(1, 5, 40)));
}

TARE_TEST(power_of_t_equals_r)
{
    for (size_t i = 0; i < ARRAY_LEN(power_cases); i++) {
        const struct power_case *c = &power_cases[i];

        TARE_CHECK_REL(
            student_power(STUDENT_TWO_SAMPLE, c->n, c->effect, 0.05, c->sides),
            c->two_sample, 1e-8);
        TARE_CHECK_REL(
            student_power(STUDENT_PAIRED, c->n, c->effect, 0.05, c->sides),
            c->paired, 1e-8);
    }
    TARE_CHECK_REL(student_needs(STUDENT_TWO_SAMPLE, 0.8, 0.05, 2, 0.9),
                   student_n_two_sample, 1e-8);
    TARE_CHECK_REL(student_detectable(STUDENT_TWO_SAMPLE, 10, 0.05, 2, 0.8),
                   student_effect_n10, 1e-8);
    TARE_CHECK(isnan(student_needs(STUDENT_PAIRED, 0, 0.05, 2, 0.9)));
    TARE_CHECK(isnan(student_detectable(STUDENT_PAIRED, 1, 0.05, 2, 0.9)));
}

TARE_TEST(kolmogorov_smirnov_and_cliff_equal_r)
{
    for (size_t i = 0; i < ARRAY_LEN(ks_cases); i++) {
        const struct ks_case *c = &ks_cases[i];
        struct ks ks, back;
        double delta;

        TARE_REQUIRE_INT(stats_ks(c->x, c->n, c->y, c->m, &ks, NULL), 0);
        TARE_CHECK_REL(ks.d, c->d, 1e-12);
        TARE_CHECK_REL(ks.p, c->p, 1e-10);
        TARE_REQUIRE_INT(stats_ks(c->y, c->m, c->x, c->n, &back, NULL), 0);
        TARE_CHECK_REL(back.p, ks.p, 1e-10);
        TARE_REQUIRE_INT(stats_cliff(c->x, c->n, c->y, c->m, &delta, NULL), 0);
        TARE_CHECK_REL(delta, c->cliff, 1e-10);
    }
}

TARE_TEST(separated_and_equal_samples_at_the_ends)
{
    static const double a[] = {1, 2, 3}, b[] = {7, 8, 9, 10}, c[] = {5, 5};
    struct ks ks;
    double delta;

    TARE_REQUIRE_INT(stats_ks(a, 3, b, 4, &ks, NULL), 0);
    TARE_CHECK_REL(ks.d, 1, 0);
    TARE_CHECK_REL(ks.p, 2.0 / 35, 1e-12);
    TARE_REQUIRE_INT(stats_ks(c, 2, c, 2, &ks, NULL), 0);
    TARE_CHECK_REL(ks.p, 1, 0);
    TARE_REQUIRE_INT(stats_cliff(a, 3, b, 4, &delta, NULL), 0);
    TARE_CHECK_REL(delta, 1, 1e-15);
    TARE_REQUIRE_INT(stats_cliff(c, 2, c, 2, &delta, NULL), 0);
    TARE_CHECK_REL(delta, 0, 0);
    TARE_CHECK_INT(stats_ks(a, 0, b, 4, &ks, NULL), ERR_RANGE);
    TARE_CHECK_INT(stats_cliff(a, 3, b, 0, &delta, NULL), ERR_RANGE);
}

TARE_TEST(spearman_equals_r)
{
    static const double same[] = {2, 2, 2};
    struct spearman got;

    for (size_t i = 0; i < ARRAY_LEN(spearman_cases); i++) {
        const struct spearman_case *c = &spearman_cases[i];

        TARE_REQUIRE_INT(stats_spearman(c->x, c->y, c->n, &got, NULL), 0);
        TARE_CHECK_REL(got.rho, c->rho, 1e-10);
        TARE_CHECK_REL(got.p_two, c->p, 1e-10);
    }
    TARE_REQUIRE_INT(stats_spearman(same, spearman_cases[0].x, 3, &got, NULL),
                     0);
    TARE_CHECK(isnan(got.rho) && isnan(got.p_two));
    TARE_CHECK_INT(stats_spearman(same, same, 1, &got, NULL), ERR_RANGE);
}

TARE_TEST(harrell_davis_equals_hmisc)
{
    for (size_t i = 0; i < ARRAY_LEN(quantile_cases); i++) {
        const struct quantile_case *c = &quantile_cases[i];
        double got, se;
        struct error err = {0};

        if (c->n < stats_quantile_needs(c->p)) {
            TARE_CHECK_INT(
                stats_harrell_davis(c->x, c->n, c->p, &got, &se, &err),
                ERR_EMPTY);
            TARE_CHECK(strstr(err.help, "samples or more") != NULL);
            continue;
        }
        TARE_REQUIRE_INT(stats_harrell_davis(c->x, c->n, c->p, &got, &se, NULL),
                         0);
        TARE_CHECK_REL(got, c->want, 1e-10);
        TARE_CHECK(se > 0 && se < got);
    }
    TARE_CHECK_INT(stats_quantile_needs(0.5), 10);
    TARE_CHECK_INT(stats_quantile_needs(0.99), 500);
    TARE_CHECK_INT(stats_quantile_needs(0.1), 50);
}

/* Maritz & Jarrett: for a sample of one value there is no error; for {0, 1} at
 * the median both weigh one half. */
TARE_TEST(standard_error_of_a_quantile_by_hand)
{
    static const double one[] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 3}, two[] = {0, 1};
    double got, se;

    TARE_REQUIRE_INT(stats_harrell_davis(one, 10, 0.5, &got, &se, NULL), 0);
    TARE_CHECK_REL(got, 3, 1e-15);
    TARE_CHECK_REL(se, 0, 0);
    TARE_CHECK_REL(harrell_davis_sorted(two, 2, 0.5, &se), 0.5, 1e-14);
    TARE_CHECK_REL(se, 0.5, 1e-14);
}

/* Perfolizer's cases (Akinshin 2020): Gumbel distributions 10 apart with scale
 * 1, and two that lie close.  Quantiles stand for random values. */
static void gumbel(double *x, size_t n, double location)
{
    for (size_t i = 0; i < n; i++)
        x[i] = location - log(-log(((double)i + 0.5) / (double)n));
}

TARE_TEST(modes_of_gumbel_distributions)
{
    static double x[1000];
    struct mode mode[MODES_BINS];
    size_t count;

    for (size_t modes = 1; modes <= 10; modes++) {
        for (size_t m = 0; m < modes; m++)
            gumbel(x + 100 * m, 100, 10 * (double)m);
        TARE_REQUIRE_INT(stats_modes(x, 100 * modes, 0.5, mode, &count, NULL),
                         0);
        TARE_CHECK_INT(count, modes);
        for (size_t m = 0; m < count; m++) {
            TARE_CHECK(fabs(mode[m].at - 10 * (double)m) < 1);
            TARE_CHECK(fabs(mode[m].share - 1 / (double)modes) < 0.02);
        }
    }
}

TARE_TEST(modes_that_lie_close)
{
    static const double delta[] = {0.5, 0.1, 0.01};
    static double x[2000];
    struct mode mode[MODES_BINS];
    size_t count;

    for (size_t d = 0; d < ARRAY_LEN(delta); d++) {
        for (size_t i = 0; i < 1000; i++) {
            double u = ((double)i + 0.5) / 1000;

            x[i] = delta[d] + u * u * u;
            x[1000 + i] = -x[i];
        }
        TARE_REQUIRE_INT(stats_modes(x, 2000, 0.5, mode, &count, NULL), 0);
        TARE_CHECK_INT(count, 2);
    }
}

TARE_TEST(modes_of_plain_and_degenerate_samples)
{
    static double x[200];
    struct mode mode[MODES_BINS];
    size_t count;

    for (size_t i = 0; i < 200; i++)
        x[i] = (double)i;
    TARE_REQUIRE_INT(stats_modes(x, 200, 0.5, mode, &count, NULL), 0);
    TARE_CHECK_INT(count, 1);
    for (size_t i = 0; i < 200; i++)
        x[i] = i < 150 ? 5 : 5.5;
    TARE_REQUIRE_INT(stats_modes(x, 140, 0.5, mode, &count, NULL), 0);
    TARE_CHECK_INT(count, 1);
    TARE_CHECK_REL(mode[0].share, 1, 0);
    /* A coarse clock: steps of 1 around 100, then also around 130. */
    for (size_t i = 0; i < 200; i++)
        x[i] = 100 + (double)(i * i % 7) - (double)(i % 5);
    TARE_REQUIRE_INT(stats_modes(x, 200, 0.5, mode, &count, NULL), 0);
    TARE_CHECK_INT(count, 1);
    for (size_t i = 0; i < 200; i += 2)
        x[i] += 30;
    TARE_REQUIRE_INT(stats_modes(x, 200, 0.5, mode, &count, NULL), 0);
    TARE_CHECK_INT(count, 2);
    TARE_CHECK_INT(stats_modes(x, MODES_LEAST - 1, 0.5, mode, &count, NULL),
                   ERR_RANGE);
}

static double mean_of(void *ctx, const double *x, size_t n)
{
    struct moments m;

    (void)ctx;
    return stats_moments(x, n, &m, NULL) < 0 ? NAN : m.mean;
}

static double sd_of(void *ctx, const double *x, size_t n)
{
    struct moments m;

    (void)ctx;
    return stats_moments(x, n, &m, NULL) < 0 ? NAN : m.sd;
}

static void check_end(struct tare *t, double got, double want, double se)
{
    /* Both are Monte Carlo: ours has the error se, the oracle's se / sqrt(20).
     */
    TARE_CHECK(fabs(got - want) <= 3 * se * sqrt(1 + 1.0 / 20));
}

TARE_TEST(bootstrap_intervals_equal_r)
{
    const struct bootstrap_plan plan = {5000, 0.9, 42};
    struct bootstrap b, again;

    TARE_REQUIRE_INT(
        bootstrap_bca(boot_x, boot_n, mean_of, NULL, &plan, &b, NULL), 0);
    TARE_CHECK_REL(b.acceleration, boot_acceleration_mean, 1e-10);
    check_end(t, b.low, boot_bca[0], boot_bca[2]);
    check_end(t, b.high, boot_bca[1], boot_bca[3]);
    TARE_REQUIRE_INT(
        bootstrap_bca(boot_x, boot_n, mean_of, NULL, &plan, &again, NULL), 0);
    TARE_CHECK_REL(again.low, b.low, 0);
    TARE_REQUIRE_INT(
        bootstrap_bca(boot_x, boot_n, sd_of, NULL, &plan, &b, NULL), 0);
    TARE_CHECK_REL(b.acceleration, boot_acceleration_sd, 1e-10);
    TARE_REQUIRE_INT(bootstrap_t(boot_x, boot_n, &plan, &b, NULL), 0);
    check_end(t, b.low, boot_t[0], boot_t[2]);
    check_end(t, b.high, boot_t[1], boot_t[3]);
}

TARE_TEST(bootstrap_of_degenerate_samples)
{
    static const double same[] = {2, 2, 2};
    struct bootstrap_plan plan = {100, 0.9, 1};
    struct bootstrap b;

    TARE_REQUIRE_INT(bootstrap_bca(same, 3, mean_of, NULL, &plan, &b, NULL), 0);
    TARE_CHECK_REL(b.low, 2, 0);
    TARE_CHECK_REL(b.high, 2, 0);
    TARE_CHECK_REL(b.acceleration, 0, 0);
    TARE_CHECK_INT(bootstrap_t(same, 3, &plan, &b, NULL), ERR_RANGE);
    TARE_CHECK_INT(bootstrap_bca(same, 1, mean_of, NULL, &plan, &b, NULL),
                   ERR_RANGE);
    plan.resamples = 0;
    TARE_CHECK_INT(bootstrap_bca(same, 3, mean_of, NULL, &plan, &b, NULL),
                   ERR_INVAL);
}

/* Two levels: processes differ by 10 %, samples inside by nothing, so that the
 * interval must be as wide as the processes make it. */
TARE_TEST(hierarchical_bootstrap_keeps_the_process_as_the_unit)
{
    const struct bootstrap_plan plan = {1000, 0.9, 7};
    double a[10][20], b[10][20];
    struct invocation old_side[10], new_side[10];
    struct bootstrap got;

    for (size_t i = 0; i < 10; i++) {
        for (size_t k = 0; k < 20; k++) {
            a[i][k] = 100 + (double)i;
            b[i][k] = 2 * a[i][k];
        }
        old_side[i] = (struct invocation){a[i], 20};
        new_side[i] = (struct invocation){b[i], 20};
    }
    TARE_REQUIRE_INT(
        bootstrap_ratio(old_side, 10, new_side, 10, &plan, &got, NULL), 0);
    TARE_CHECK_REL(got.estimate, 2, 1e-15);
    TARE_CHECK(got.low > 1.9 && got.low < 1.97);
    TARE_CHECK(got.high > 2.03 && got.high < 2.1);
    TARE_CHECK_INT(
        bootstrap_ratio(old_side, 0, new_side, 10, &plan, &got, NULL),
        ERR_RANGE);
    a[0][0] = 0;
    TARE_CHECK_INT(
        bootstrap_ratio(old_side, 10, new_side, 10, &plan, &got, NULL),
        ERR_RANGE);
}

static void scaling_points(struct scaling_point *p)
{
    for (size_t i = 0; i < ARRAY_LEN(usl_n); i++)
        p[i] = (struct scaling_point){usl_n[i], usl_c[i], 0};
}

TARE_TEST(scaling_laws_equal_nls)
{
    struct scaling_point p[ARRAY_LEN(usl_n)];
    struct scaling_fit f[SCALING_COUNT];
    enum scaling_law best;

    scaling_points(p);
    TARE_REQUIRE_INT(scaling_choose(p, ARRAY_LEN(p), f, &best, NULL), 0);
    TARE_CHECK_STR(scaling_law_name(best), "usl");
    TARE_CHECK_REL(f[SCALING_USL].gamma, usl_want[0], 1e-7);
    TARE_CHECK_REL(f[SCALING_USL].sigma, usl_want[1], 1e-6);
    TARE_CHECK_REL(f[SCALING_USL].kappa, usl_want[2], 1e-6);
    TARE_CHECK_REL(f[SCALING_USL].gamma_se, usl_want[3], 1e-5);
    TARE_CHECK_REL(f[SCALING_USL].sigma_se, usl_want[4], 1e-5);
    TARE_CHECK_REL(f[SCALING_USL].kappa_se, usl_want[5], 1e-5);
    TARE_CHECK_REL(f[SCALING_USL].rss, usl_want[6], 1e-10);
    TARE_CHECK_REL(f[SCALING_USL].peak, sqrt((1 - usl_want[1]) / usl_want[2]),
                   1e-6);
    TARE_CHECK_REL(f[SCALING_AMDAHL].gamma, amdahl_want[0], 1e-6);
    TARE_CHECK_REL(f[SCALING_AMDAHL].sigma_se, amdahl_want[3], 1e-5);
    TARE_CHECK_REL(f[SCALING_AMDAHL].rss, amdahl_want[4], 1e-10);
    TARE_CHECK_REL(f[SCALING_LINEAR].gamma, linear_want[0], 1e-9);
    TARE_CHECK_REL(f[SCALING_LINEAR].gamma_se, linear_want[1], 1e-9);
    TARE_CHECK(isnan(f[SCALING_LINEAR].kappa_se));
    TARE_CHECK(isinf(f[SCALING_LINEAR].peak));
}

TARE_TEST(the_simplest_law_that_explains_is_chosen)
{
    struct scaling_point p[8];
    struct scaling_fit f[SCALING_COUNT];
    enum scaling_law best;

    for (size_t i = 0; i < 8; i++) {
        double n = (double)i + 1, off = i % 2 ? 1.01 : 0.99;

        p[i] = (struct scaling_point){n, 50 * n * off, 0};
    }
    TARE_REQUIRE_INT(scaling_choose(p, 8, f, &best, NULL), 0);
    TARE_CHECK_INT(best, SCALING_LINEAR);
    for (size_t i = 0; i < 8; i++)
        p[i].throughput /= 1 + 0.2 * ((double)i);
    TARE_REQUIRE_INT(scaling_choose(p, 8, f, &best, NULL), 0);
    TARE_CHECK_INT(best, SCALING_AMDAHL);
    TARE_CHECK_REL(f[best].sigma, 0.2, 0.1);
    TARE_CHECK_REL(scaling_at(&f[best], 1), 50, 0.05);
}

TARE_TEST(few_points_fit_few_laws)
{
    struct scaling_point p[2] = {{1, 100, 0}, {2, 180, 0}};
    struct scaling_fit f[SCALING_COUNT];
    enum scaling_law best;

    TARE_REQUIRE_INT(scaling_choose(p, 2, f, &best, NULL), 0);
    TARE_CHECK_INT(best, SCALING_LINEAR);
    TARE_CHECK_INT(f[SCALING_USL].law, SCALING_UNSET);
    TARE_CHECK_REL(f[SCALING_AMDAHL].sigma, 1.0 / 9, 1e-6);
    TARE_CHECK(isnan(f[SCALING_AMDAHL].sigma_se));
    TARE_CHECK_INT(scaling_fit(SCALING_USL, p, 2, f, NULL), ERR_RANGE);
    TARE_CHECK_INT(scaling_fit(SCALING_LINEAR, p, 0, f, NULL), ERR_RANGE);
    TARE_CHECK_INT(scaling_fit(SCALING_UNSET, p, 2, f, NULL), ERR_INVAL);
    p[1].throughput = NAN;
    TARE_CHECK_INT(scaling_fit(SCALING_LINEAR, p, 2, f, NULL), ERR_RANGE);
}

/* Weights: a point that weighs nothing against the others does not matter. */
TARE_TEST(weights_count)
{
    struct scaling_point p[4] = {
        {1, 10, 1e6}, {2, 20, 1e6}, {3, 30, 1e6}, {4, 80, 1e-6}};
    struct scaling_fit f;

    TARE_REQUIRE_INT(scaling_fit(SCALING_LINEAR, p, 4, &f, NULL), 0);
    TARE_CHECK_REL(f.gamma, 10, 1e-9);
}

TARE_TEST(speedup_comes_from_rounds)
{
    double base[] = {100, 50, 200, 100, 80, 120};
    double many[] = {190, 95, 380, 190, 152, 228};
    struct scaling_speedup s;

    TARE_REQUIRE_INT(scaling_speedup(base, many, 6, 2, 0.95, &s, NULL), 0);
    TARE_CHECK_REL(s.speedup.centre, 1.9, 1e-12);
    TARE_CHECK_REL(s.efficiency, 0.95, 1e-12);
    TARE_CHECK_REL(s.efficiency_low, 0.95, 1e-12);
    TARE_REQUIRE_INT(scaling_speedup(base, many, 3, 2, 0.95, &s, NULL), 0);
    TARE_CHECK(s.speedup.open);
    TARE_CHECK_REL(s.speedup.low, 0, 0);
    base[1] = 0;
    TARE_CHECK_INT(scaling_speedup(base, many, 6, 2, 0.95, &s, NULL),
                   ERR_RANGE);
    TARE_CHECK_INT(scaling_speedup(base, many, 6, 0.5, 0.95, &s, NULL),
                   ERR_INVAL);
}
