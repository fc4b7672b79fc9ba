/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run as a JSON document. */
#include <config.h>

#include "report/run.h"

#include <math.h>

#include "base/json.h"
#include "report/expected.h"
#include "report/parts.h"
#include "report/run_tags.h"

static void put_samples(struct json *json, const struct invocations *all)
{
    json_key(json, "invocations");
    json_list(json);
    for (size_t i = 0; i < all->n; i++) {
        json_array(json);
        for (size_t k = 0; k < all->invocation[i].n; k++)
            json_double(json, all->invocation[i].sample[k]);
        json_array_end(json);
    }
    json_array_end(json);
}

/* An end of an open interval is infinite, which JSON writes as null. */
static void put_metric(struct json *json, const struct run_metric *m,
                       size_t occasion)
{
    const struct estimate *e = &m->estimate;

    json_key(json, m->metric->name);
    json_object(json);
    json_set_double(json, "value", e->value);
    json_set_double(json, "low", e->low);
    json_set_double(json, "high", e->high);
    json_set_double(json, "confidence", e->confidence);
    json_set_string(json, "unit", m->metric->unit);
    json_set_string(json, "better", better_name(m->metric->better));
    json_key(json, "spread");
    json_object(json);
    json_set_double(json, "between", e->between);
    json_set_double(json, "within", e->within);
    json_object_end(json);
    put_samples(json, &m->metric->occasion[occasion]);
    json_object_end(json);
}

static void put_ratio(struct json *json, const struct run_ratio *ratio)
{
    json_key(json, "baseline");
    if (!ratio->against) {
        json_null(json);
        return;
    }
    json_object(json);
    json_set_string(json, "id", ratio->against);
    json_set_double(json, "ratio", ratio->value);
    json_set_double(json, "low", ratio->open ? NAN : ratio->low);
    json_set_double(json, "high", ratio->open ? NAN : ratio->high);
    json_set_double(json, "confidence", ratio->confidence);
    json_object_end(json);
}

static void put_count(struct json *json, const char *key, int64_t n, bool known)
{
    json_key(json, key);
    if (known)
        json_int(json, n);
    else
        json_null(json);
}

static void put_advice(struct json *json, const struct estimate *e)
{
    json_key(json, "advice");
    if (!e || e->halved_at == 0) {
        json_null(json);
        return;
    }
    json_object(json);
    put_count(json, "samples", (int64_t)e->best_samples, e->best_samples > 0);
    json_set_int(json, "invocations_to_halve", (int64_t)e->halved_at);
    put_count(json, "invocations_to_be_precise", (int64_t)e->precise_at,
              e->precise_at > 0);
    json_object_end(json);
}

static void put_diagnostics(struct json *json, const struct estimate *e)
{
    json_set_double(json, "icc", e ? e->icc : NAN);
    json_set_double(json, "design_effect", e ? e->deff : NAN);
    json_set_double(json, "autocorrelation", e ? e->lag1 : NAN);
    json_set_double(json, "effective_samples", e ? e->ess : NAN);
    put_count(json, "modes", e ? (int64_t)e->modes : 0, e && e->modes > 0);
    put_count(json, "modes_between", e ? (int64_t)e->between_modes : 0,
              e && e->between_modes > 0);
    put_advice(json, e);
}

static void put_series(struct json *json, const struct run_series *series)
{
    json_key(json, "series");
    if (series->n == 0) {
        json_null(json);
        return;
    }
    json_object(json);
    for (int is = STEADY_FLAT; is < STEADY_CLASSES; is++)
        json_set_int(json, steady_name((enum steady_class)is),
                     (int64_t)series->of[is]);
    json_object_end(json);
}

static void put_figures(struct json *json, const struct run_case *c)
{
    const struct case_results *r = c->result;
    double rate;
    const char *unit;

    put_diagnostics(json, c->time ? &c->time->estimate : NULL);
    put_series(json, &c->series);
    put_count(json, "warmup", r->warmup, r->warmup >= 0);
    put_count(json, "iterations", (int64_t)r->iterations, r->iterations > 0);
    json_set_double(json, "empty_ns", r->empty_ns > 0 ? r->empty_ns : NAN);
    json_set_bool(json, "like_empty", c->like_empty);
    json_set_double(json, "disturbed", r->disturbed < 0 ? NAN : r->disturbed);
    json_set_int(json, "excluded", (int64_t)r->excluded);
    json_set_string(json, "stopped_by", stopped_by_name(r->stopped_by));
    json_key(json, "throughput");
    if (!run_throughput(c, &rate, &unit)) {
        json_null(json);
        return;
    }
    json_object(json);
    json_set_double(json, "value", rate);
    json_set_string(json, "unit", unit);
    json_object_end(json);
}

static void put_case(struct json *json, const struct run_report *report,
                     const struct run_case *c, size_t occasion)
{
    const struct case_results *r = c->result;

    json_object(json);
    json_set_string(json, "id", r->id);
    json_set_string(json, "status", case_status_name(r->status));
    json_set_string(json, "message", *r->message ? r->message : NULL);
    json_set_int(json, "version", r->version);
    json_set_string(json, "program", r->program);
    json_set_string(json, "hash", *r->hash ? r->hash : NULL);
    json_words(json, "tags", r->tags);
    json_set_string(json, "result", *r->result ? r->result : NULL);
    json_key(json, "metrics");
    json_object(json);
    for (size_t i = 0; i < c->n_metrics; i++)
        put_metric(json, &c->metric[i], occasion);
    json_object_end(json);
    put_figures(json, c);
    put_ratio(json, &c->ratio);
    json_set_bool(json, "oversubscribed", c->oversubscribed);
    beside_case_json(report->beside, (size_t)(c - report->cases), json);
    json_object_end(json);
}

void run_json(const struct run_report *report, struct strbuf *out)
{
    size_t occasion = (size_t)(report->occasion - report->results->occasion);
    struct json json = {.out = out};

    json_object(&json);
    json_set_string(&json, "schema", "tare/run/1");
    json_set_string(&json, "suite", report->results->name);
    put_count(&json, "run", report->run, report->run > 0);
    json_occasion(&json, report->occasion);
    json_set_string(&json, "place", report->place);
    json_set_double(&json, "wall_s", report->wall_s > 0 ? report->wall_s : NAN);
    json_set_bool(&json, "interrupted", report->interrupted);
    json_key(&json, "disturbance");
    if (report->during)
        disturbance_json(report->during, &json);
    else
        json_null(&json);
    beside_json(report->beside, &json);
    json_key(&json, "cases");
    json_list(&json);
    for (size_t i = 0; i < report->n_cases; i++)
        put_case(&json, report, &report->cases[i], occasion);
    json_array_end(&json);
    run_tags_json(report, &json);
    json_key(&json, "expected");
    json_list(&json);
    for (size_t i = 0; i < report->n_expected; i++)
        expected_json(&report->expected[i], &json);
    json_array_end(&json);
    json_object_end(&json);
}
