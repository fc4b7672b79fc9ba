/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From rounds to figures, a law and a recommendation. */
#include <config.h>

#include "runner/scale/analysis.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "stats/signed_rank.h"

/* What "reaches the best throughput" means. */
static const double reached = 0.95;

/* One side of a series and the rounds of it that count. */
struct view {
    const struct scale_series *series;
    const struct scale_sample *sample;
    struct scale_settings settings;
    bool *use; /* [series->rounds] */
    double *x; /* scratch, the same */
    struct scale_usable rounds;
};

static void view_clear(struct view *v)
{
    free(v->use);
    free(v->x);
}

static void view_scoped(struct view *v)
{
    view_clear(v);
}

static int view_open(const struct scale_series *series, enum scale_side side,
                     const struct scale_settings *settings, struct view *v,
                     struct error *err)
{
    *v = (struct view){.series = series,
                       .sample = series->sample[side],
                       .settings = scale_settings_fill(settings)};
    v->use = calloc(series->rounds + 1, sizeof *v->use);
    v->x = calloc(series->rounds + 1, sizeof *v->x);
    if (!v->use || !v->x)
        return ERROR(err, ERR_NOMEM, "no memory for rounds");
    v->rounds =
        scale_usable_rounds(series, v->settings.count, v->settings.n_counts,
                            scale_rounds_needed(series, settings), v->use);
    return 0;
}

static const struct scale_sample *at(const struct view *v, size_t round,
                                     size_t count)
{
    return &v->sample[round * v->settings.n_counts + count];
}

/* ---- intervals */

static void turn_back(struct rank_interval *i)
{
    i->centre = exp(i->centre);
    i->low = exp(i->low);
    i->high = exp(i->high);
}

static int centre_of(struct view *v, size_t n, struct rank_interval *out,
                     struct error *err)
{
    int rc = stats_centre(v->x, n, v->settings.confidence, out, err);

    if (rc == 0)
        turn_back(out);
    return rc;
}

static int time_at(struct view *v, size_t count, struct rank_interval *out,
                   struct error *err)
{
    size_t n = 0;

    for (size_t r = 0; r < v->series->rounds; r++)
        if (v->use[r])
            v->x[n++] = log(at(v, r, count)->seconds);
    return centre_of(v, n, out, err);
}

/* Throughput at a count over that at another, within rounds. */
static int speed_over(struct view *v, size_t count, size_t other,
                      struct rank_interval *out, struct error *err)
{
    size_t n = 0;
    int rc;

    for (size_t r = 0; r < v->series->rounds; r++)
        if (v->use[r])
            v->x[n++] =
                log(at(v, r, other)->seconds) - log(at(v, r, count)->seconds);
    rc = centre_of(v, n, out, err);
    if (rc == 0 && count == other) { /* known without a doubt */
        out->low = out->high = 1;
        out->open = false;
    }
    return rc;
}

/* ---- medians */

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *x, size_t n)
{
    if (n == 0)
        return NAN;
    qsort(x, n, sizeof *x, by_value);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}

/* Of a field of the samples, those that are known. */
static double median_of(struct view *v, size_t count, size_t offset, bool all)
{
    size_t n = 0;

    for (size_t r = 0; r < v->series->rounds; r++) {
        const struct scale_sample *s = at(v, r, count);
        double x = *(const double *)((const char *)s + offset);

        if ((all || v->use[r]) && s->seconds > 0 && isfinite(x))
            v->x[n++] = x;
    }
    return median(v->x, n);
}

/* The name of the longest test in most rounds would need a count; the last
 * known one is right wherever one test stands out. */
static const char *longest_name(const struct view *v, size_t count)
{
    const char *name = NULL;

    for (size_t r = 0; r < v->series->rounds; r++)
        if (v->use[r] && at(v, r, count)->line.longest_name)
            name = at(v, r, count)->line.longest_name;
    return name;
}

#define MEDIAN(v, count, field, all) \
    median_of((v), (count), offsetof(struct scale_sample, field), (all))

static void fill_medians(struct view *v, size_t c, struct scale_figure *f)
{
    f->steal = MEDIAN(v, c, during.steal, true);
    f->foreign = MEDIAN(v, c, during.foreign, true);
    f->line = (struct scale_timeline){
        .longest = MEDIAN(v, c, line.longest, false),
        .busy = MEDIAN(v, c, line.busy, false),
        .cpu = MEDIAN(v, c, line.cpu, false),
        .fixtures = MEDIAN(v, c, line.fixtures, false),
        .longest_name = longest_name(v, c),
    };
}

/* ---- figures */

static int fill_figure(struct view *v, size_t c, size_t base,
                       struct scale_figure *f, struct error *err)
{
    double ratio = (double)v->settings.count[c] / v->settings.count[base];
    int rc = time_at(v, c, &f->seconds, err);

    f->count = v->settings.count[c];
    f->n = v->rounds.used;
    if (rc == 0)
        rc = speed_over(v, c, base, &f->speedup, err);
    if (rc < 0)
        return rc;
    f->efficiency = f->speedup.centre / ratio;
    f->efficiency_low = f->speedup.low / ratio;
    f->efficiency_high = f->speedup.high / ratio;
    fill_medians(v, c, f);
    return 0;
}

static int compare_with_best(struct view *v, struct scale_analysis *out,
                             struct error *err)
{
    int rc = 0;

    for (size_t c = 0; c < out->n_counts; c++)
        if (out->figure[c].n && out->figure[c].seconds.centre <
                                    out->figure[out->best].seconds.centre)
            out->best = c;
    for (size_t c = 0; c < out->n_counts && rc == 0; c++)
        if (out->figure[c].n)
            rc = speed_over(v, c, out->best, &out->figure[c].of_best, err);
    return rc;
}

static void recommend(struct scale_analysis *out)
{
    out->recommended = -1;
    if (out->figure[out->base].seconds.open)
        return;
    for (size_t c = 0; c < out->n_counts; c++) {
        const struct scale_figure *f = &out->figure[c];

        if (f->n == 0 || f->of_best.high < reached)
            continue;
        out->recommended = (int)c;
        out->certain = f->of_best.low >= reached;
        return;
    }
}

/* ---- the law */

struct points {
    struct scaling_point *point;
    size_t n, counts;
};

static void points_scoped(struct points *p)
{
    free(p->point);
}

/* What a round had in common: the mean over its counts of the logs of what was
 * measured over what is usual at that count. */
static double round_effect(const struct view *v,
                           const struct scale_analysis *out, size_t round)
{
    double sum = 0;
    size_t n = 0;

    for (size_t c = 0; c < out->n_counts; c++) {
        if (out->figure[c].n == 0)
            continue;
        sum +=
            log(out->figure[c].seconds.centre) - log(at(v, round, c)->seconds);
        n++;
    }
    return sum / (double)n;
}

static int make_points(const struct view *v, const struct scale_analysis *out,
                       struct points *p, struct error *err)
{
    p->point = calloc(v->rounds.used * out->n_counts + 1, sizeof *p->point);
    if (!p->point)
        return ERROR(err, ERR_NOMEM, "no memory for a fit");
    for (size_t r = 0; r < v->series->rounds; r++) {
        double common = v->use[r] ? round_effect(v, out, r) : 0;

        for (size_t c = 0; v->use[r] && c < out->n_counts; c++) {
            double usual = out->figure[c].seconds.centre;

            if (out->figure[c].n)
                p->point[p->n++] = (struct scaling_point){
                    .workers = v->settings.count[c],
                    .throughput = exp(-common) / at(v, r, c)->seconds,
                    .weight = usual * usual,
                };
        }
    }
    for (size_t c = 0; c < out->n_counts; c++)
        p->counts += out->figure[c].n > 0;
    return 0;
}

/* Taking the round effects out took a degree of freedom for each round but
 * one, which the fit does not know of. */
static double widen(struct scaling_fit *fit, size_t parameters, size_t n,
                    size_t rounds)
{
    double had = (double)n - (double)parameters;
    double has = had - (double)(rounds - 1);
    double factor = has > 0 ? sqrt(had / has) : NAN;

    fit->gamma_se *= factor;
    fit->sigma_se *= factor;
    fit->kappa_se *= factor;
    return fmax(has, 0);
}

static int fit_laws(const struct view *v, struct scale_analysis *out,
                    struct error *err)
{
    SCOPED(points_scoped) struct points p = {0};
    int rc = make_points(v, out, &p, err);

    if (rc < 0 || p.counts < 2)
        return rc;
    rc = scaling_choose(p.point, p.n, out->fit, &out->law, err);
    if (rc == 0 &&
        !isfinite(out->fit[out->law].aicc)) /* nothing to choose by */
        out->law = SCALING_UNSET;
    for (int law = SCALING_LINEAR; law < SCALING_COUNT && rc == 0; law++)
        if (out->fit[law].law)
            out->df[law] =
                widen(&out->fit[law], (size_t)law, p.n, v->rounds.used);
    return rc;
}

/* ---- public */

static size_t smallest(const struct scale_series *series, size_t n_counts)
{
    size_t c = 0;

    while (c + 1 < n_counts && !series->has[c])
        c++;
    return c;
}

int scale_analyse(const struct scale_series *series, enum scale_side side,
                  const struct scale_settings *settings, struct arena *arena,
                  struct scale_analysis *out, struct error *err)
{
    SCOPED(view_scoped) struct view v = {0};
    struct scale_analysis a = {.n_counts = settings->n_counts};
    int rc = view_open(series, side, settings, &v, err);

    if (rc < 0)
        return rc;
    if (v.rounds.used == 0)
        return ERROR(err, ERR_EMPTY, "no round is complete");
    a.figure = arena_alloc(arena, a.n_counts, sizeof *a.figure);
    if (!a.figure)
        return ERROR(err, ERR_NOMEM, "no memory for figures");
    a.rounds = v.rounds;
    a.base = a.best = smallest(series, a.n_counts);
    for (size_t c = 0; c < a.n_counts && rc == 0; c++)
        if (series->has[c])
            rc = fill_figure(&v, c, a.base, &a.figure[c], err);
    if (rc == 0)
        rc = compare_with_best(&v, &a, err);
    if (rc == 0)
        rc = fit_laws(&v, &a, err);
    if (rc < 0)
        return rc;
    recommend(&a);
    *out = a;
    return 0;
}

/* Relative, on either side of a ratio. */
static double half_width(const struct rank_interval *i)
{
    return i->open ? INFINITY : (log(i->high) - log(i->low)) / 2;
}

static int side_precision(const struct scale_series *series,
                          enum scale_side side,
                          const struct scale_settings *settings, double *worst,
                          struct error *err)
{
    SCOPED(view_scoped) struct view v = {0};
    size_t base = smallest(series, settings->n_counts);
    int rc = view_open(series, side, settings, &v, err);

    for (size_t c = 0; c < settings->n_counts && rc == 0; c++) {
        struct rank_interval i;

        if (!series->has[c] || c == base)
            continue;
        if (v.rounds.used == 0) {
            *worst = INFINITY;
            return 0;
        }
        rc = speed_over(&v, c, base, &i, err);
        if (rc == 0)
            *worst = fmax(*worst, half_width(&i));
    }
    return rc;
}

int scale_precision(const struct scale_series *series,
                    const struct scale_settings *settings, double *speedup,
                    double *ratio, struct error *err)
{
    int rc = 0;

    *speedup = *ratio = 0;
    for (int side = 0; side <= series->old && rc == 0; side++)
        rc = side_precision(series, (enum scale_side)side, settings, speedup,
                            err);
    for (size_t c = 0; series->old && c < settings->n_counts && rc == 0; c++) {
        struct rank_interval i;

        if (!series->has[c])
            continue;
        rc = scale_ratio(series, settings, c,
                         scale_settings_fill(settings).confidence, &i, NULL,
                         err);
        if (rc == 0)
            *ratio = fmax(*ratio, i.n ? half_width(&i) : INFINITY);
    }
    return rc;
}

int scale_ratio(const struct scale_series *series,
                const struct scale_settings *settings, size_t count,
                double confidence, struct rank_interval *out, double *log_ratio,
                struct error *err)
{
    SCOPED(view_scoped) struct view v = {0};
    int rc = view_open(series, SCALE_NEW, settings, &v, err);
    size_t n = 0;

    if (rc < 0)
        return rc;
    *out = (struct rank_interval){.open = true};
    for (size_t r = 0; r < series->rounds; r++) {
        size_t i = r * settings->n_counts + count;

        if (v.use[r])
            v.x[n++] = log(series->sample[SCALE_NEW][i].seconds) -
                       log(series->sample[SCALE_OLD][i].seconds);
    }
    for (size_t i = 0; log_ratio && i < n; i++)
        log_ratio[i] = v.x[i];
    if (n == 0)
        return 0;
    rc = stats_centre(v.x, n, confidence, out, err);
    if (rc == 0)
        turn_back(out);
    return rc;
}
