/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison of worker counts as a JSON document. */
#include <config.h>

#include <math.h>

#include "base/json.h"
#include "base/scope.h"
#include "report/parts.h"
#include "report/scale.h"

/* An end of an open interval is unknown. */
static void put_range(struct json *json, const char *key, double value,
                      double low, double high, bool open)
{
    json_key(json, key);
    json_object(json);
    json_set_double(json, "value", value);
    json_set_double(json, "low", open ? NAN : low);
    json_set_double(json, "high", open ? NAN : high);
    json_object_end(json);
}

static void put_interval(struct json *json, const char *key,
                         const struct rank_interval *i)
{
    put_range(json, key, i->centre, i->low, i->high, i->open);
}

static void put_index(struct json *json, const char *key,
                      const struct scale_report *report, int index)
{
    json_key(json, key);
    if (index < 0)
        json_null(json);
    else
        json_int(json, report->count[index].n);
}

static void put_count(struct json *json, const struct scale_count *count)
{
    SCOPED(strbuf_scoped) struct strbuf words = {0};

    scale_break_words(count->breaks, &words);
    json_object(json);
    json_set_int(json, "workers", count->n);
    json_set_string(json, "why", words.size ? strbuf_text(&words) : NULL);
    json_set_bool(json, "oversubscribed", count->oversubscribed);
    json_set_bool(json, "smt", count->smt);
    json_set_bool(json, "mixed", count->mixed);
    json_set_bool(json, "no_core_left", count->no_core_left);
    json_key(json, "cpus");
    json_array(json);
    for (size_t w = 0; w < count->placement.n_workers; w++)
        json_int(json, count->placement.worker[w].pu[0]);
    json_array_end(json);
    json_object_end(json);
    json->out->failed |= words.failed;
}

static void put_timeline(struct json *json, const struct scale_timeline *line)
{
    json_key(json, "timeline");
    json_object(json);
    json_set_double(json, "longest_s", line->longest);
    json_set_string(json, "longest", line->longest_name);
    json_set_double(json, "busy_s", line->busy);
    json_set_double(json, "cpu_s", line->cpu);
    json_set_double(json, "fixtures_s", line->fixtures);
    json_object_end(json);
}

static void put_samples(struct json *json, const char *key,
                        const struct scale_report *report,
                        const struct scale_case *c, enum scale_side side,
                        size_t count)
{
    size_t n = report->settings->n_counts;

    json_key(json, key);
    json_array(json);
    for (size_t r = 0; r < c->series->rounds; r++)
        json_double(json, c->series->sample[side][r * n + count].seconds);
    json_array_end(json);
}

static void put_point(struct json *json, const struct scale_report *report,
                      const struct scale_case *c, size_t i)
{
    const struct scale_figure *f = &c->analysis.figure[i];
    double per_s = c->pieces > 0 ? c->pieces : 1;

    json_object(json);
    json_set_int(json, "workers", f->count);
    put_interval(json, "seconds", &f->seconds);
    put_interval(json, "speedup", &f->speedup);
    put_range(json, "efficiency", f->efficiency, f->efficiency_low,
              f->efficiency_high, f->speedup.open);
    put_range(json, "throughput", per_s / f->seconds.centre,
              per_s / f->seconds.high, per_s / f->seconds.low, f->seconds.open);
    put_interval(json, "of_best", &f->of_best);
    json_set_double(json, "steal", f->steal);
    json_set_double(json, "foreign", f->foreign);
    put_timeline(json, &f->line);
    put_samples(json, "rounds_s", report, c, SCALE_NEW, i);
    json_object_end(json);
}

static void put_law(struct json *json, const struct scale_analysis *a,
                    enum scaling_law law)
{
    const struct scaling_fit *fit = &a->fit[law];

    if (!fit->law) {
        json_null(json);
        return;
    }
    json_object(json);
    json_set_string(json, "law", scaling_law_name(fit->law));
    json_set_double(json, "gamma", fit->gamma);
    json_set_double(json, "gamma_se", fit->gamma_se);
    json_set_double(json, "sigma", fit->sigma);
    json_set_double(json, "sigma_se", fit->sigma_se);
    json_set_double(json, "kappa", fit->kappa);
    json_set_double(json, "kappa_se", fit->kappa_se);
    json_set_double(json, "df", a->df[law]);
    json_set_double(json, "peak", fit->peak);
    json_set_double(json, "aicc", fit->aicc);
    json_object_end(json);
}

static void put_laws(struct json *json, const struct scale_analysis *a)
{
    json_key(json, "law");
    put_law(json, a, a->law);
    json_key(json, "laws");
    json_list(json);
    for (int law = SCALING_LINEAR; law < SCALING_COUNT; law++)
        if (a->fit[law].law)
            put_law(json, a, (enum scaling_law)law);
    json_array_end(json);
}

static void put_loss(struct json *json, const struct scale_report *report,
                     const struct scale_case *c)
{
    json_key(json, "limit");
    json_object(json);
    json_set_string(json, "name", scale_limit_name(c->loss.limit));
    put_index(json, "workers", report, (int)c->loss.at);
    json_set_double(json, "lost", c->loss.lost);
    json_set_double(json, "share", c->loss.share);
    json_set_double(json, "growth", c->loss.growth);
    json_set_string(json, "test", c->loss.name);
    json_object_end(json);
}

static void put_saved(struct json *json, const struct scale_case *c)
{
    const struct scale_figure *from = &c->analysis.figure[c->analysis.base];
    const struct scale_figure *to = &c->analysis.figure[scale_chosen(c)];

    json_key(json, "saved");
    json_object(json);
    json_set_int(json, "from", from->count);
    json_set_int(json, "to", to->count);
    json_set_double(json, "seconds", from->seconds.centre - to->seconds.centre);
    json_set_double(json, "share", 1 - 1 / to->speedup.centre);
    json_object_end(json);
}

static void put_change(struct json *json, const struct scale_report *report,
                       const struct scale_case *c, size_t i)
{
    const struct scale_change *change = &c->against.change[i];

    json_object(json);
    json_set_int(json, "workers", report->count[i].n);
    put_interval(json, "ratio", &change->ratio);
    json_set_double(json, "p", change->p);
    json_set_double(json, "p_adjusted", change->p_adjusted);
    json_set_string(json, "verdict", scale_verdict_name(change->verdict));
    put_samples(json, "old_s", report, c, SCALE_OLD, i);
    json_object_end(json);
}

static void put_against(struct json *json, const struct scale_report *report,
                        const struct scale_case *c)
{
    json_key(json, "against");
    if (!c->compared) {
        json_null(json);
        return;
    }
    json_object(json);
    put_index(json, "from", report, c->against.from);
    json_set_bool(json, "worse", c->against.worse);
    json_key(json, "points");
    json_list(json);
    for (size_t i = 0; i < c->analysis.n_counts; i++)
        if (c->against.change[i].n)
            put_change(json, report, c, i);
    json_array_end(json);
    json_object_end(json);
}

static void put_rounds(struct json *json, const struct scale_case *c)
{
    const struct scale_usable *rounds = &c->analysis.rounds;

    json_key(json, "rounds");
    json_object(json);
    json_set_int(json, "complete", (int64_t)rounds->complete);
    json_set_int(json, "undisturbed", (int64_t)rounds->clean);
    json_set_int(json, "used", (int64_t)rounds->used);
    json_object_end(json);
}

static const char *unit_of(enum scale_kind kind)
{
    return kind == SCALE_TESTS     ? "run"
           : kind == SCALE_COMMAND ? "execution"
                                   : "iteration";
}

static void put_nothing(struct json *json)
{
    static const char *const keys[] = {
        "points", "confidence", "base",  "best",  "recommended", "certain",
        "law",    "laws",       "limit", "saved", "against"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        json_key(json, keys[i]);
        json_null(json);
    }
}

static void put_measured(struct json *json, const struct scale_report *report,
                         const struct scale_case *c)
{
    const struct scale_analysis *a = &c->analysis;

    if (!c->measured) {
        put_nothing(json);
        return;
    }
    json_key(json, "points");
    json_list(json);
    for (size_t i = 0; i < a->n_counts; i++)
        if (a->figure[i].n)
            put_point(json, report, c, i);
    json_array_end(json);
    json_set_double(json, "confidence", a->figure[a->base].seconds.confidence);
    put_index(json, "base", report, (int)a->base);
    put_index(json, "best", report, (int)a->best);
    put_index(json, "recommended", report, a->recommended);
    json_set_bool(json, "certain", a->certain);
    put_laws(json, a);
    put_loss(json, report, c);
    put_saved(json, c);
    put_against(json, report, c);
}

static void put_case(struct json *json, const struct scale_report *report,
                     const struct scale_case *c)
{
    const char *message = c->series->message;

    json_object(json);
    json_set_string(json, "id", c->id);
    json_set_string(json, "kind", scale_kind_name(c->kind));
    json_set_string(json, "unit", unit_of(c->kind));
    json_set_double(json, "pieces", c->pieces > 0 ? c->pieces : NAN);
    json_set_string(json, "piece", *c->piece ? c->piece : NULL);
    json_set_string(json, "message", message && *message ? message : NULL);
    json_set_string(json, "stopped_by", stopped_by_name(c->series->stopped_by));
    json_set_double(json, "spent_s", c->series->spent_s);
    put_rounds(json, c);
    put_measured(json, report, c);
    json_object_end(json);
}

void scale_json(const struct scale_report *report, struct strbuf *out)
{
    struct json json = {.out = out};

    json_object(&json);
    json_set_string(&json, "schema", "tare/scale/1");
    json_set_string(&json, "suite", report->suite);
    json_key(&json, "run");
    if (report->run)
        json_int(&json, report->run);
    else
        json_null(&json);
    json_occasion(&json, report->occasion);
    json_set_string(&json, "old", report->old);
    json_set_double(&json, "margin", report->margin);
    json_set_double(&json, "alpha", report->settings->alpha);
    json_set_double(&json, "wall_s", report->wall_s > 0 ? report->wall_s : NAN);
    json_set_bool(&json, "interrupted", report->interrupted);
    json_key(&json, "counts");
    json_list(&json);
    for (size_t i = 0; i < report->settings->n_counts; i++)
        put_count(&json, &report->count[i]);
    json_array_end(&json);
    json_key(&json, "cases");
    json_list(&json);
    for (size_t i = 0; i < report->n_cases; i++)
        put_case(&json, report, &report->cases[i]);
    json_array_end(&json);
    json_object_end(&json);
}
