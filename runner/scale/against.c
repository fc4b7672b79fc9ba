/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Old against new at each count. */
#include <config.h>

#include "runner/scale/against.h"

#include <math.h>
#include <stdlib.h>

#include "base/scope.h"
#include "stats/adjust.h"
#include "stats/signed_rank.h"

/* Of an interval that shows that nothing changed, as everywhere in Tare:
 * equivalence at 5 % is a 90 % interval inside the margin (Schuirmann 1987). */
static const double equivalence = 0.90;

struct work {
    const struct scale_series *series;
    struct scale_settings settings;
    double margin; /* of log ratios */
    double *log_ratio;
    struct rank_interval *inner; /* [n_counts] at `equivalence` */
    double *p[2];                /* [n_counts] worse, better; NaN: not tested */
};

static void work_scoped(struct work *w)
{
    free(w->log_ratio);
    free(w->inner);
    free(w->p[0]);
    free(w->p[1]);
}

static int work_open(struct work *w, struct error *err)
{
    size_t n = w->settings.n_counts;

    w->log_ratio = calloc(w->series->rounds + 1, sizeof *w->log_ratio);
    w->inner = calloc(n, sizeof *w->inner);
    w->p[0] = calloc(n, sizeof **w->p);
    w->p[1] = calloc(n, sizeof **w->p);
    return w->log_ratio && w->inner && w->p[0] && w->p[1]
               ? 0
               : ERROR(err, ERR_NOMEM, "no memory for a comparison");
}

static int test_count(struct work *w, size_t c, struct scale_change *out,
                      struct error *err)
{
    struct rank_test test;
    int rc = scale_ratio(w->series, &w->settings, c, w->settings.confidence,
                         &out->ratio, w->log_ratio, err);

    w->p[0][c] = w->p[1][c] = NAN;
    out->p = out->p_adjusted = NAN;
    if (rc < 0 || out->ratio.n == 0)
        return rc;
    out->n = out->ratio.n;
    rc = signed_rank_test(w->log_ratio, out->n, 0, &test, err);
    if (rc == 0)
        rc = scale_ratio(w->series, &w->settings, c, equivalence, &w->inner[c],
                         NULL, err);
    if (rc < 0)
        return rc;
    w->p[0][c] = out->p = test.p_greater;
    w->p[1][c] = test.p_less;
    return 0;
}

static enum scale_verdict verdict_of(const struct work *w, size_t c,
                                     const struct scale_change *change)
{
    double estimate = log(change->ratio.centre);

    if (change->n == 0)
        return SCALE_UNDECIDED;
    if (w->p[0][c] <= w->settings.alpha && estimate > w->margin)
        return SCALE_WORSE;
    if (w->p[1][c] <= w->settings.alpha && estimate < -w->margin)
        return SCALE_BETTER;
    if (!w->inner[c].open && log(w->inner[c].low) > -w->margin &&
        log(w->inner[c].high) < w->margin)
        return SCALE_UNCHANGED;
    return SCALE_UNDECIDED;
}

static void find_from(const struct work *w, struct scale_against *out)
{
    bool all = true;

    out->from = -1;
    for (size_t c = w->settings.n_counts; c-- > 0;) {
        if (!w->series->has[c])
            continue;
        out->worse |= out->change[c].verdict == SCALE_WORSE;
        all &= out->change[c].verdict == SCALE_WORSE;
        if (all)
            out->from = (int)c;
    }
}

int scale_compare(const struct scale_series *series,
                  const struct scale_settings *settings, double margin,
                  struct arena *arena, struct scale_against *out,
                  struct error *err)
{
    SCOPED(work_scoped)
    struct work w = {.series = series,
                     .settings = scale_settings_fill(settings),
                     .margin = log1p(margin)};
    struct scale_against a = {.from = -1};
    size_t n = w.settings.n_counts;
    int rc = work_open(&w, err);

    a.change = arena_alloc(arena, n, sizeof *a.change);
    if (rc == 0 && !a.change)
        return ERROR(err, ERR_NOMEM, "no memory for a comparison");
    for (size_t c = 0; c < n && rc == 0; c++) {
        w.p[0][c] = w.p[1][c] = NAN;
        if (series->has[c])
            rc = test_count(&w, c, &a.change[c], err);
    }
    for (int side = 0; side < 2 && rc == 0; side++)
        rc = stats_adjust(ADJUST_HOLM, w.p[side], n, w.p[side], err);
    if (rc < 0)
        return rc;
    for (size_t c = 0; c < n; c++) {
        a.change[c].p_adjusted = w.p[0][c];
        a.change[c].verdict = verdict_of(&w, c, &a.change[c]);
    }
    find_from(&w, &a);
    *out = a;
    return 0;
}

const char *scale_verdict_name(enum scale_verdict verdict)
{
    static const char *const names[] = {
        [SCALE_UNDECIDED] = "inconclusive",
        [SCALE_WORSE] = "worse",
        [SCALE_BETTER] = "better",
        [SCALE_UNCHANGED] = "unchanged",
    };

    return names[verdict];
}
