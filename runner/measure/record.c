/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slices and reports as metrics. */
#include <config.h>

#include "runner/measure/record.h"

#include <math.h>
#include <string.h>

#include "base/scope.h"

static int add_metric(struct results *results, struct case_results *r,
                      const char *name, const char *unit, enum better better,
                      const double *sample, size_t n, struct error *err)
{
    struct metric *m = results_need_metric(results, r, name, unit, better);

    if (!m)
        return ERROR(err, ERR_NOMEM, "no memory for a metric");
    return results_add_invocation(results, m, results->n_occasions - 1, sample,
                                  n, err);
}

static int add_known(struct results *results, struct case_results *r,
                     const char *name, const double *sample, size_t n,
                     struct error *err)
{
    const char *unit = "1";
    enum better better = BETTER_NONE;

    metric_known(name, &unit, &better);
    return add_metric(results, r, name, unit, better, sample, n, err);
}

static bool is_said(const struct side_report *said, const char *name)
{
    for (size_t i = 0; i < said->n_counters; i++)
        if (strcmp(said->counter[i].name, name) == 0)
            return true;
    return false;
}

static int add_times(struct results *results, struct case_results *r,
                     const struct stage_slice *slice, size_t n,
                     const struct side_report *said, struct error *err)
{
    double *wall = arena_alloc(&results->arena, n, sizeof *wall);
    double *cpu = arena_alloc(&results->arena, n, sizeof *cpu);
    bool has_cpu = n > 0 && !is_said(said, "cpu_time");
    int rc;

    if (!wall || !cpu)
        return ERROR(err, ERR_NOMEM, "no memory for samples");
    for (size_t i = 0; i < n; i++) {
        double count = (double)slice[i].order.iterations;

        wall[i] = (double)slice[i].elapsed_ns / count;
        cpu[i] = (double)slice[i].cpu_ns / count;
        has_cpu = has_cpu && slice[i].cpu_ns >= 0;
    }
    rc = add_known(results, r, "time", wall, n, err);
    if (rc == 0 && has_cpu)
        rc = add_known(results, r, "cpu_time", cpu, n, err);
    return rc;
}

/* Totals over the samples, one figure per invocation. */
static int add_events(struct results *results, struct case_results *r,
                      const struct stage_slice *slice, size_t n,
                      const struct side_report *said, struct error *err)
{
    double faults = 0, switches = 0, iterations = 0;
    int rc = 0;

    for (size_t i = 0; i < n; i++) {
        if (slice[i].minor_faults < 0 || slice[i].switches < 0)
            return 0;
        faults += (double)(slice[i].minor_faults + slice[i].major_faults);
        switches += (double)slice[i].switches;
        iterations += (double)slice[i].order.iterations;
    }
    if (n == 0)
        return 0;
    faults /= iterations;
    if (!is_said(said, "page_faults"))
        rc = add_known(results, r, "page_faults", &faults, 1, err);
    if (rc == 0 && !is_said(said, "ctx_switches"))
        rc = add_known(results, r, "ctx_switches", &switches, 1, err);
    return rc;
}

static int add_said(struct results *results, struct case_results *r,
                    const struct side_report *said, struct error *err)
{
    int rc = 0;

    if (isfinite(said->max_rss) && !is_said(said, "max_rss"))
        rc = add_known(results, r, "max_rss", &said->max_rss, 1, err);
    for (size_t i = 0; i < said->n_counters && rc == 0; i++)
        rc = add_metric(results, r, said->counter[i].name,
                        said->counter[i].unit, said->counter[i].better,
                        &said->counter[i].value, 1, err);
    if (rc < 0)
        return rc;
    r->items = said->items;
    r->bytes = said->bytes;
    if (said->result[0] && !r->result[0])
        r->result = arena_strdup(&results->arena, said->result);
    return r->result ? 0 : ERROR(err, ERR_NOMEM, "no memory for a result");
}

/* What got in the way of the samples: the share of their time in which they
 * waited for a CPU, pages from a disk, and how often one ended on another CPU
 * than it began on, or the next one began elsewhere. */
static int add_hindrances(struct results *results, struct case_results *r,
                          const struct stage_slice *slice, size_t n,
                          struct error *err)
{
    double waited = 0, elapsed = 0, faults = 0, moves = 0;
    int last = -1, rc = 0;

    for (size_t i = 0; i < n; i++) {
        const struct stage_slice *s = &slice[i];

        waited = s->run_delay_ns < 0 ? NAN : waited + (double)s->run_delay_ns;
        faults = s->major_faults < 0 ? NAN : faults + (double)s->major_faults;
        elapsed += (double)s->elapsed_ns;
        if (s->cpu_begin < 0 || s->cpu_end < 0)
            moves = NAN;
        moves +=
            (last >= 0 && s->cpu_begin != last) + (s->cpu_end != s->cpu_begin);
        last = s->cpu_end;
    }
    waited /= elapsed;
    if (isfinite(waited))
        rc = add_known(results, r, "run_delay", &waited, 1, err);
    if (rc == 0 && isfinite(faults) && n > 0)
        rc = add_known(results, r, "major_faults", &faults, 1, err);
    if (rc == 0 && isfinite(moves) && n > 0)
        rc = add_known(results, r, "moves", &moves, 1, err);
    return rc;
}

/* Whose CPU time the coordinator cannot know says its own; then all of it would
 * be taken for foreign. */
static int add_during(struct results *results, struct case_results *r,
                      const struct side_report *said, struct error *err)
{
    const struct disturbance *during = &said->during;
    const struct {
        const char *name;
        double value;
    } figures[] = {
        {"steal", during->steal},
        {"foreign_cpu", is_said(said, "cpu_time") ? NAN : during->foreign},
        {"mhz", during->mhz},
        {"throttled", during->throttled},
        {"quota_throttled", during->quota_throttled},
        {"psi_cpu", during->psi_cpu},
        {"load", during->load},
    };
    int rc = 0;

    if (!(during->seconds > 0))
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(figures) && rc == 0; i++)
        if (isfinite(figures[i].value))
            rc = add_known(results, r, figures[i].name, &figures[i].value, 1,
                           err);
    return rc;
}

int record_invocation(struct results *results, size_t i,
                      const struct stage_slice *slice, size_t n,
                      const struct side_report *said, struct error *err)
{
    struct case_results *r = &results->cases[i];
    int rc = add_times(results, r, slice, n, said, err);

    if (rc == 0)
        rc = add_events(results, r, slice, n, said, err);
    if (rc == 0)
        rc = add_said(results, r, said, err);
    if (rc == 0)
        rc = add_hindrances(results, r, slice, n, err);
    if (rc == 0)
        rc = add_during(results, r, said, err);
    return rc;
}
