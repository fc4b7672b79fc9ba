/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The benchmarks of a baseline from events: nearly all of a file, and nearly
 * all of that are samples. */
#include <config.h>

#include "config/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "config/baseline_schema.h"
#include "config/numbers.h"

/* ---- samples */

static int add_sample(struct baseline_input *b, size_t n)
{
    struct input *in = &b->in;

    if (n == b->sample_room) {
        size_t room = n ? 2 * n : 64;
        double *bigger = realloc(b->sample, room * sizeof *bigger);

        if (!bigger)
            return input_no_memory(in);
        b->sample = bigger;
        b->sample_room = room;
    }
    if (!number_parse(in->e.text, in->e.size, &b->sample[n]))
        return FAIL(in, ERR_RANGE, "expected a finite number, not '%.40s'",
                    in->e.text);
    if (b->sample[n] < 0 && b->negative_at.line == 0)
        b->negative_at = in->e.at;
    return 0;
}

/* Move the n samples at hand into the results. */
static int end_invocation(struct baseline_input *b, size_t n,
                          struct invocations *to)
{
    struct arena *arena = &b->results->arena;
    struct invocation *all =
        arena_grow(arena, to->invocation, to->n, sizeof *all);
    double *sample = arena_alloc(arena, n, sizeof *sample);

    if (!all || !sample)
        return input_no_memory(&b->in);
    memcpy(sample, b->sample, n * sizeof *sample);
    all[to->n++] = (struct invocation){.sample = sample, .n = n};
    to->invocation = all;
    return 0;
}

static int read_invocation(struct input *in, void *to)
{
    struct baseline_input *b = baseline_of(in);
    struct place at = in->e.at;
    size_t n = 0;
    int rc = input_expect(in, EVENT_LIST);

    while (rc == 0 && (rc = input_next(in)) == 0 && in->e.kind == EVENT_TEXT)
        rc = add_sample(b, n++);
    if (rc == 0)
        rc = input_expect(in, EVENT_LIST_END);
    if (rc < 0)
        return rc;
    if (n == 0)
        return FAIL_AT(in, ERR_PARSE, at, "an invocation without a sample");
    return end_invocation(b, n, to);
}

struct occasions_read {
    struct metric *metric;
    size_t n;
};

static int read_occasion(struct input *in, void *to)
{
    struct occasions_read *read = to;
    size_t n = baseline_of(in)->results->n_occasions;

    if (read->n == n)
        return FAIL(in, ERR_PARSE,
                    "samples of more occasions than the file has (%zu)", n);
    return read_items(in, read_invocation, &read->metric->occasion[read->n++]);
}

/* A list for every occasion of the file, [] where the case was not measured. */
static int read_samples(struct input *in, void *to)
{
    struct metric *metric = to;
    struct occasions_read read = {.metric = metric};
    struct place at = in->e.at;
    size_t n = baseline_of(in)->results->n_occasions;
    int rc;

    metric->occasion = arena_alloc(in->arena, n, sizeof *metric->occasion);
    if (!metric->occasion)
        return input_no_memory(in);
    rc = read_items(in, read_occasion, &read);
    if (rc == 0 && read.n < n)
        rc = FAIL_AT(in, ERR_PARSE, at,
                     "samples of %zu occasions, but the file has %zu", read.n,
                     n);
    return rc;
}

/* ---- metrics */

static int read_better(struct input *in, void *to)
{
    int rc = input_expect(in, EVENT_TEXT);

    if (rc < 0)
        return rc;
    if (better_parse(in->e.text, to) < 0)
        return FAIL(in, ERR_PARSE,
                    "expected lower, higher or none, not '%.40s'", in->e.text);
    return 0;
}

static const struct field metric_fields[] = {
    {"unit", read_text, offsetof(struct metric, unit), true},
    {"better", read_better, offsetof(struct metric, better), true},
    {"samples", read_samples, 0, true},
};

static int check_metric(struct baseline_input *b, const struct metric *m,
                        struct place at)
{
    const char *why = metric_contradiction(m), *unit;
    struct input *in = &b->in;
    enum better better;

    if (why) {
        FAIL_AT(in, ERR_PARSE, at, "the metric '%s' %s here", m->name, why);
        if (metric_known(m->name, &unit, &better))
            error_help(in->err, "its unit is %s, and %s is better", unit,
                       better_name(better));
        return ERR_PARSE;
    }
    if (b->negative_at.line && !metric_may_be_negative(m))
        return FAIL_AT(in, ERR_RANGE, b->negative_at,
                       "'%s' in %s cannot be negative", m->name, m->unit);
    return 0;
}

/* Name and place are at hand; the rest of the entry follows. */
static int read_metric_body(struct input *in, struct metric *m)
{
    struct baseline_input *b = baseline_of(in);
    struct place at = in->e.at;
    int rc = input_next(in);

    b->negative_at = (struct place){0};
    if (rc == 0)
        rc = read_fields(in, metric_fields, ARRAY_LEN(metric_fields), m);
    return rc < 0 ? rc : check_metric(b, m, at);
}

static int read_metric(struct input *in, void *to)
{
    struct case_results *c = to;
    struct metric m = {.unit = ""};
    struct metric *all;
    int rc = read_name(in, &m.name);

    if (rc < 0)
        return rc;
    if (results_metric(c, m.name))
        return input_duplicate(in, m.name);
    if (c->n_metrics == BASELINE_MAX_METRICS)
        return FAIL(in, ERR_RANGE, "more than %d metrics",
                    BASELINE_MAX_METRICS);
    rc = read_metric_body(in, &m);
    if (rc < 0)
        return rc;
    all = arena_grow(in->arena, c->metric, c->n_metrics, sizeof *all);
    if (!all)
        return input_no_memory(in);
    all[c->n_metrics++] = m;
    c->metric = all;
    return 0;
}

static int read_metrics(struct input *in, void *to)
{
    return read_free_map(in, read_metric, to);
}

/* ---- benchmarks */

static int add_tag(struct input *in, void *to)
{
    struct strbuf *text = to;
    int rc = input_expect(in, EVENT_TEXT);

    if (rc < 0)
        return rc;
    if (in->e.size == 0 || strchr(in->e.text, ','))
        return FAIL(in, ERR_PARSE, "'%.40s' is no tag", in->e.text);
    if (text->size + in->e.size >= in->max_text)
        return FAIL(in, ERR_RANGE, "tags of over %zu bytes", in->max_text);
    if (text->size)
        strbuf_putc(text, ',');
    strbuf_add(text, in->e.text, in->e.size);
    return 0;
}

/* A list of words, kept as one text with commas. */
static int read_tags(struct input *in, void *to)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    int rc = read_items(in, add_tag, &text);
    char *copy;

    if (rc < 0)
        return rc;
    copy = arena_strdup(in->arena, strbuf_text(&text));
    if (text.failed || !copy)
        return input_no_memory(in);
    *(const char **)to = copy;
    return 0;
}

static int read_stopped_by(struct input *in, void *to)
{
    int rc = input_expect(in, EVENT_TEXT);

    if (rc < 0)
        return rc;
    for (int i = STOPPED_PRECISE; i <= STOPPED_INTERRUPT; i++) {
        if (strcmp(in->e.text, stopped_by_name((enum stopped_by)i)) == 0) {
            *(enum stopped_by *)to = (enum stopped_by)i;
            return 0;
        }
    }
    return FAIL(in, ERR_PARSE, "'%.40s' is no reason to stop", in->e.text);
}

static int read_id(struct input *in, void *to)
{
    struct baseline_input *b = baseline_of(in);

    b->id_at[b->results->n_cases] = in->e.at;
    if (in->e.kind == EVENT_TEXT && in->e.size == 0)
        return FAIL(in, ERR_PARSE, "an id may not be empty");
    return read_text(in, to);
}

#define CASE(field) offsetof(struct case_results, field)

static const struct field case_fields[] = {
    {"id", read_id, CASE(id), true},
    {"version", read_i64, CASE(version), false},
    {"program", read_text, CASE(program), false},
    {"hash", read_text, CASE(hash), false},
    {"tags", read_tags, CASE(tags), false},
    {"result", read_text, CASE(result), false},
    {"baseline", read_text, CASE(baseline), false},
    {"iterations", read_u64, CASE(iterations), false},
    {"warmup", read_i64, CASE(warmup), false},
    {"items", read_amount, CASE(items), false},
    {"bytes", read_amount, CASE(bytes), false},
    {"empty_ns", read_amount, CASE(empty_ns), false},
    {"disturbed", read_share, CASE(disturbed), false},
    {"stopped_by", read_stopped_by, CASE(stopped_by), false},
    {"metrics", read_metrics, 0, true},
};

/* Room for the place of one more id; doubled at each power of two. */
static int grow_places(struct baseline_input *b)
{
    size_t n = b->results->n_cases;
    struct place *bigger;

    if (n & (n - 1))
        return 0;
    bigger = realloc(b->id_at, (n ? 2 * n : 1) * sizeof *bigger);
    if (!bigger)
        return input_no_memory(&b->in);
    b->id_at = bigger;
    return 0;
}

static int read_case(struct input *in, void *to)
{
    struct baseline_input *b = baseline_of(in);
    struct results *r = b->results;
    struct case_results *c;
    int rc = grow_places(b);

    (void)to;
    if (rc < 0)
        return rc;
    if (r->n_cases == BASELINE_MAX_CASES)
        return FAIL(in, ERR_RANGE, "more than %d benchmarks",
                    BASELINE_MAX_CASES);
    c = results_add_case(r, "");
    if (!c)
        return input_no_memory(in);
    r->n_cases--; /* counted when it is complete */
    rc = read_fields(in, case_fields, ARRAY_LEN(case_fields), c);
    if (rc == 0)
        r->n_cases++;
    return rc;
}

int baseline_read_cases(struct input *in, void *to)
{
    if (baseline_of(in)->results->n_occasions == 0)
        return FAIL(in, ERR_PARSE, "'occasions' must stand before this");
    return read_items(in, read_case, to);
}
