/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/scaling.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_blas.h>
#include <gsl/gsl_multifit_nlinear.h>

#include "base/scope.h"
#include "stats/order.h"
#include "stats/signed_rank.h"

enum { PARAMETERS = 3 };

static const size_t parameters_of[SCALING_COUNT] = {
    [SCALING_LINEAR] = 1,
    [SCALING_AMDAHL] = 2,
    [SCALING_USL] = 3,
};

const char *scaling_law_name(enum scaling_law law)
{
    static const char *const names[SCALING_COUNT] = {
        [SCALING_UNSET] = "",
        [SCALING_LINEAR] = "linear",
        [SCALING_AMDAHL] = "amdahl",
        [SCALING_USL] = "usl",
    };

    return names[law];
}

double scaling_at(const struct scaling_fit *fit, double workers)
{
    return fit->gamma * workers /
           (1 + fit->sigma * (workers - 1) +
            fit->kappa * workers * (workers - 1));
}

/* --- one fit */

struct data {
    const struct scaling_point *point;
    size_t n, parameters;
};

static double weight_of(const struct scaling_point *p)
{
    return p->weight > 0 ? p->weight : 1;
}

/* The law at log parameters. */
static struct scaling_fit law_at(const gsl_vector *log_parameter, size_t count)
{
    struct scaling_fit f = {.gamma = exp(gsl_vector_get(log_parameter, 0))};

    if (count > 1)
        f.sigma = exp(gsl_vector_get(log_parameter, 1));
    if (count > 2)
        f.kappa = exp(gsl_vector_get(log_parameter, 2));
    return f;
}

static int residuals(const gsl_vector *x, void *ctx, gsl_vector *f)
{
    const struct data *d = ctx;
    struct scaling_fit law = law_at(x, d->parameters);

    for (size_t i = 0; i < d->n; i++)
        gsl_vector_set(f, i,
                       scaling_at(&law, d->point[i].workers) -
                           d->point[i].throughput);
    return GSL_SUCCESS;
}

/* dC / d log gamma = C; dC / d log sigma = -C sigma (N - 1) / D, with D the
 * denominator; and so on. */
static int jacobian(const gsl_vector *x, void *ctx, gsl_matrix *j)
{
    const struct data *d = ctx;
    struct scaling_fit law = law_at(x, d->parameters);

    for (size_t i = 0; i < d->n; i++) {
        double n = d->point[i].workers, c = scaling_at(&law, n);
        double below = law.gamma * n / c;

        gsl_matrix_set(j, i, 0, c);
        if (d->parameters > 1)
            gsl_matrix_set(j, i, 1, -c * law.sigma * (n - 1) / below);
        if (d->parameters > 2)
            gsl_matrix_set(j, i, 2, -c * law.kappa * n * (n - 1) / below);
    }
    return GSL_SUCCESS;
}

static void workspace_scoped(gsl_multifit_nlinear_workspace **w)
{
    if (*w)
        gsl_multifit_nlinear_free(*w);
}

static void vector_scoped(gsl_vector **v)
{
    if (*v)
        gsl_vector_free(*v);
}

static void matrix_scoped(gsl_matrix **m)
{
    if (*m)
        gsl_matrix_free(*m);
}

/* Standard errors of the parameters from those of their logarithms. */
static int add_errors(gsl_multifit_nlinear_workspace *work,
                      const struct data *d, struct scaling_fit *fit,
                      struct error *err)
{
    size_t p = d->parameters;
    SCOPED(matrix_scoped) gsl_matrix *covariance = gsl_matrix_alloc(p, p);
    double value[PARAMETERS] = {fit->gamma, fit->sigma, fit->kappa};
    double *se[PARAMETERS] = {&fit->gamma_se, &fit->sigma_se, &fit->kappa_se};
    double variance;

    if (!covariance)
        return ERROR(err, ERR_NOMEM, "no memory for a fit");
    if (d->n <= p)
        return 0;
    variance = fit->rss / (double)(d->n - p);
    gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(work), 0, covariance);
    for (size_t i = 0; i < p; i++)
        *se[i] = value[i] * sqrt(variance * gsl_matrix_get(covariance, i, i));
    return 0;
}

/* One descent from one place; kept when it is the best so far. */
static int descend(gsl_multifit_nlinear_workspace *work,
                   const gsl_vector *weights, gsl_multifit_nlinear_fdf *fdf,
                   const double *start, struct scaling_fit *best,
                   struct error *err)
{
    const struct data *d = fdf->params;
    gsl_vector_const_view from =
        gsl_vector_const_view_array(start, d->parameters);
    struct scaling_fit fit;
    double rss;
    int info;

    gsl_multifit_nlinear_winit(&from.vector, weights, fdf, work);
    gsl_multifit_nlinear_driver(500, 1e-12, 1e-12, 0, NULL, NULL, &info, work);
    gsl_blas_ddot(gsl_multifit_nlinear_residual(work),
                  gsl_multifit_nlinear_residual(work), &rss);
    if (!(rss < best->rss))
        return 0;
    fit = law_at(gsl_multifit_nlinear_position(work), d->parameters);
    fit.law = best->law;
    fit.rss = rss;
    fit.gamma_se = fit.sigma_se = fit.kappa_se = NAN;
    *best = fit;
    return add_errors(work, d, best, err);
}

static int check(enum scaling_law law, const struct scaling_point *point,
                 size_t n, struct error *err)
{
    size_t different = 0;

    if (law <= SCALING_UNSET || law >= SCALING_COUNT)
        return ERROR(err, ERR_INVAL, "no scaling law");
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;

        if (!(point[i].workers >= 1 && point[i].throughput > 0) ||
            isinf(point[i].workers) || isinf(point[i].throughput))
            return ERROR(err, ERR_RANGE,
                         "point %zu: %g workers with a throughput of %g", i + 1,
                         point[i].workers, point[i].throughput);
        while (k < i && point[k].workers != point[i].workers)
            k++;
        different += k == i;
    }
    if (different < parameters_of[law])
        return ERROR(err, ERR_RANGE, "%zu worker counts where %zu are needed",
                     different, parameters_of[law]);
    return 0;
}

static void finish(const struct data *d, struct scaling_fit *fit)
{
    double n = (double)d->n, k = (double)d->parameters + 1;

    fit->aicc = n - k - 1 > 0 ? n * log(fit->rss / n) + 2 * k +
                                    2 * k * (k + 1) / (n - k - 1)
                              : INFINITY;
    fit->peak = INFINITY;
    if (fit->kappa > 0)
        fit->peak = fmax(1, sqrt(fmax(1 - fit->sigma, 0) / fit->kappa));
}

static int fit_from_everywhere(const struct data *d, const gsl_vector *weights,
                               struct scaling_fit *fit, struct error *err)
{
    static const double sigma[] = {0.01, 0.1, 0.5};
    static const double kappa[] = {1e-5, 1e-3, 0.1};
    gsl_multifit_nlinear_parameters options =
        gsl_multifit_nlinear_default_parameters();
    SCOPED(workspace_scoped)
    gsl_multifit_nlinear_workspace *work = gsl_multifit_nlinear_alloc(
        gsl_multifit_nlinear_trust, &options, d->n, d->parameters);
    gsl_multifit_nlinear_fdf fdf = {.f = residuals,
                                    .df = jacobian,
                                    .n = d->n,
                                    .p = d->parameters,
                                    .params = (void *)d};
    int rc = 0;

    if (!work)
        return ERROR(err, ERR_NOMEM, "no memory for a fit");
    for (size_t i = 0; rc == 0 && i < 9; i++) {
        double start[PARAMETERS] = {
            log(d->point[0].throughput / d->point[0].workers),
            log(sigma[i % 3]), log(kappa[i / 3])};

        rc = descend(work, weights, &fdf, start, fit, err);
    }
    return rc;
}

int scaling_fit(enum scaling_law law, const struct scaling_point *point,
                size_t n, struct scaling_fit *out, struct error *err)
{
    SCOPED(vector_scoped) gsl_vector *weights = NULL;
    struct scaling_fit fit = {.law = law, .rss = INFINITY};
    struct data d = {.point = point, .n = n};
    int rc = check(law, point, n, err);

    if (rc < 0)
        return rc;
    d.parameters = parameters_of[law];
    weights = gsl_vector_alloc(n);
    if (!weights)
        return ERROR(err, ERR_NOMEM, "no memory for a fit");
    for (size_t i = 0; i < n; i++)
        gsl_vector_set(weights, i, weight_of(&point[i]));
    rc = fit_from_everywhere(&d, weights, &fit, err);
    if (rc < 0)
        return rc;
    if (!(fit.gamma > 0) || isinf(fit.gamma))
        return ERROR(err, ERR_RANGE, "the throughputs are too far apart");
    finish(&d, &fit);
    *out = fit;
    return 0;
}

int scaling_choose(const struct scaling_point *point, size_t n,
                   struct scaling_fit *fit, enum scaling_law *best,
                   struct error *err)
{
    int rc = scaling_fit(SCALING_LINEAR, point, n, &fit[SCALING_LINEAR], err);

    if (rc < 0)
        return rc;
    fit[SCALING_UNSET] = (struct scaling_fit){0};
    *best = SCALING_LINEAR;
    for (int law = SCALING_AMDAHL; law < SCALING_COUNT; law++) {
        fit[law] = (struct scaling_fit){0};
        if (scaling_fit((enum scaling_law)law, point, n, &fit[law], NULL) ==
                0 &&
            fit[law].aicc < fit[*best].aicc)
            *best = (enum scaling_law)law;
    }
    return 0;
}

int scaling_speedup(const double *base, const double *many, size_t n,
                    double workers, double confidence,
                    struct scaling_speedup *out, struct error *err)
{
    SCOPED(free_scoped) double *log_ratio = malloc((n + 1) * sizeof(double));
    struct scaling_speedup s;
    int rc;

    if (!log_ratio)
        return ERROR(err, ERR_NOMEM, "no memory for %zu rounds", n);
    if (!(workers >= 1))
        return ERROR(err, ERR_INVAL, "%g workers", workers);
    for (size_t i = 0; i < n; i++)
        log_ratio[i] =
            base[i] > 0 && many[i] > 0 ? log(many[i] / base[i]) : NAN;
    rc = stats_centre(log_ratio, n, confidence, &s.speedup, err);
    if (rc < 0)
        return rc;
    s.speedup.centre = exp(s.speedup.centre);
    s.speedup.low = exp(s.speedup.low);
    s.speedup.high = exp(s.speedup.high);
    s.efficiency = s.speedup.centre / workers;
    s.efficiency_low = s.speedup.low / workers;
    s.efficiency_high = s.speedup.high / workers;
    *out = s;
    return 0;
}
