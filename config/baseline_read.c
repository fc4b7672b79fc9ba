/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Baselines from text, straight from the events: a file has millions of
 * samples, and a tree of them would cost more than reading them. */
#include <config.h>

#include "config/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/scope.h"
#include "config/baseline_schema.h"
#include "config/names.h"
#include "config/numbers.h"

DEFINE_SCOPED(struct results *, results_free)
DEFINE_SCOPED(struct events *, events_close)

/* ---- occasions */

static int read_created(struct input *in, void *to)
{
    int rc = input_expect(in, EVENT_TEXT);

    if (rc < 0)
        return rc;
    if (!is_timestamp(in->e.text))
        return FAIL(in, ERR_PARSE,
                    "expected a time such as 2026-11-22T22:53:14Z, not '%.40s'",
                    in->e.text);
    return read_text(in, to);
}

static int read_fact(struct input *in, void *to)
{
    struct facts *facts = to;
    const char *name, *value;
    int rc = read_name(in, &name);

    if (rc < 0)
        return rc;
    if (facts_get(facts, name))
        return input_duplicate(in, name);
    if (facts->n == BASELINE_MAX_FACTS)
        return FAIL(in, ERR_RANGE, "more than %d facts", BASELINE_MAX_FACTS);
    rc = input_next(in);
    if (rc == 0)
        rc = read_text(in, &value);
    if (rc == 0)
        rc = facts_set(in->arena, facts, name, value, in->err);
    return rc;
}

static int read_facts(struct input *in, void *to)
{
    return read_free_map(in, read_fact, to);
}

static int read_anchor_name(struct input *in, const struct occasion *o,
                            const char **out)
{
    int rc = read_name(in, out);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < o->n_anchors; i++)
        if (strcmp(o->anchor[i].name, *out) == 0)
            return input_duplicate(in, *out);
    if (o->n_anchors == BASELINE_MAX_FACTS)
        return FAIL(in, ERR_RANGE, "more than %d anchors", BASELINE_MAX_FACTS);
    return 0;
}

static int read_anchor(struct input *in, void *to)
{
    struct occasion *o = to;
    struct anchor anchor;
    struct anchor *all;
    int rc = read_anchor_name(in, o, &anchor.name);

    if (rc == 0)
        rc = input_next(in);
    if (rc == 0)
        rc = read_amount(in, &anchor.value);
    if (rc < 0)
        return rc;
    all = arena_grow(in->arena, o->anchor, o->n_anchors, sizeof *all);
    if (!all)
        return input_no_memory(in);
    all[o->n_anchors++] = anchor;
    o->anchor = all;
    return 0;
}

static int read_anchors(struct input *in, void *to)
{
    return read_free_map(in, read_anchor, to);
}

#define OCCASION(field) offsetof(struct occasion, field)

static const struct field occasion_fields[] = {
    {"created", read_created, OCCASION(created), true},
    {"revision", read_text, OCCASION(revision), false},
    {"dirty", read_bool, OCCASION(dirty), false},
    {"branch", read_text, OCCASION(branch), false},
    {"seed", read_u64, OCCASION(seed), true},
    {"machine_key", read_text, OCCASION(machine_key), false},
    {"machine", read_facts, OCCASION(machine), false},
    {"build", read_facts, OCCASION(build), false},
    {"plan", read_facts, OCCASION(plan), false},
    {"anchors", read_anchors, 0, false},
};

static int read_occasion(struct input *in, void *to)
{
    struct results *results = baseline_of(in)->results;
    struct occasion *o;

    (void)to;
    if (results->n_occasions == BASELINE_MAX_OCCASIONS)
        return FAIL(in, ERR_RANGE, "more than %d occasions",
                    BASELINE_MAX_OCCASIONS);
    o = results_add_occasion(results);
    if (!o)
        return input_no_memory(in);
    return read_fields(in, occasion_fields, ARRAY_LEN(occasion_fields), o);
}

static int read_occasions(struct input *in, void *to)
{
    struct place at = in->e.at;
    int rc = read_items(in, read_occasion, to);

    if (rc == 0 && baseline_of(in)->results->n_occasions == 0)
        rc = FAIL_AT(in, ERR_PARSE, at, "expected one occasion or more");
    return rc;
}

/* ---- the file */

static int wrong_version(struct input *in, uint64_t major)
{
    FAIL(in, ERR_PARSE,
         "this baseline has version %llu; this tare reads version %d",
         (unsigned long long)major, BASELINE_MAJOR);
    error_help(in->err, "use the tare that wrote it or a newer one, or measure "
                        "again with 'tare baseline save'");
    return ERR_PARSE;
}

static int read_schema(struct input *in, void *to)
{
    static const char prefix[] = BASELINE_SCHEMA;
    const size_t skip = sizeof prefix - 1;
    uint64_t major;
    int rc = input_expect(in, EVENT_TEXT);

    (void)to;
    if (rc < 0)
        return rc;
    if (in->e.size > skip && memcmp(in->e.text, prefix, skip) == 0 &&
        number_parse_u64(in->e.text + skip, in->e.size - skip, &major))
        return major == BASELINE_MAJOR ? 0 : wrong_version(in, major);
    FAIL(in, ERR_PARSE, "expected %s%d, not '%.40s'", prefix, BASELINE_MAJOR,
         in->e.text);
    if (strcmp(in->e.text, "1") == 0)
        error_help(in->err, "this looks like a suite, not like a baseline");
    return ERR_PARSE;
}

static const struct field file_fields[] = {
    {"tare", read_schema, 0, true},
    {"name", read_text, offsetof(struct results, name), true},
    {"occasions", read_occasions, 0, true},
    {"benchmarks", baseline_read_cases, 0, true},
};

/* The version stands first: what follows can only be understood with it. */
static int read_file_map(struct input *in, struct results *results)
{
    struct place at = in->e.at;
    unsigned seen = 0;
    int rc = input_expect(in, EVENT_MAP);

    if (rc == 0)
        rc = input_next(in);
    if (rc == 0 && (in->e.kind != EVENT_TEXT || strcmp(in->e.text, "tare")))
        rc = FAIL(in, ERR_PARSE, "expected 'tare: %s%d' first", BASELINE_SCHEMA,
                  BASELINE_MAJOR);
    while (rc == 0 && in->e.kind != EVENT_MAP_END) {
        rc =
            read_field(in, file_fields, ARRAY_LEN(file_fields), &seen, results);
        if (rc == 0)
            rc = input_next(in);
    }
    if (rc == 0)
        rc = fields_missing(in, file_fields, ARRAY_LEN(file_fields), seen, at);
    return rc < 0 ? rc : input_next(in);
}

/* ---- order */

/* A file that Tare wrote is in order, and a glance shows it. */
static bool is_sorted(const struct results *r)
{
    for (size_t i = 1; i < r->n_cases; i++)
        if (strcmp(r->cases[i - 1].id, r->cases[i].id) >= 0)
            return false;
    return true;
}

static int sort_cases(struct baseline_input *b)
{
    struct results *r = b->results;
    const struct named *again;
    struct names names;

    if (is_sorted(r))
        return 0;
    if (!names_init(&names, &r->arena, r->n_cases))
        return input_no_memory(&b->in);
    for (size_t i = 0; i < r->n_cases; i++)
        names_add(&names, r->cases[i].id, b->id_at[i]);
    names_sort(&names);
    again = names_duplicate(&names);
    if (again)
        return FAIL_AT(&b->in, ERR_PARSE, again->at,
                       "the id '%.200s' was used before, at %u:%u", again->name,
                       again[-1].at.line, again[-1].at.column);
    results_sort(r);
    return 0;
}

static int read_whole(struct baseline_input *b)
{
    int rc = input_next(&b->in);

    if (rc == 0)
        rc = read_file_map(&b->in, b->results);
    return rc < 0 ? rc : sort_cases(b);
}

int baseline_parse(const char *file, const char *text, size_t size,
                   struct results **out, struct error *err)
{
    SCOPED(results_free_scoped) struct results *results = results_new();
    SCOPED(events_close_scoped) struct events *events = NULL;
    struct baseline_input b = {
        .in = {.file = file,
               .err = err,
               .max_text = BASELINE_MAX_TEXT,
               .max_name = BASELINE_MAX_NAME},
        .results = results,
    };
    int rc;

    if (!results || !(results->file = arena_strdup(&results->arena, file)))
        return input_no_memory(&b.in);
    rc = events_open(file, text, size, BASELINE_MAX_BYTES, BASELINE_MAX_DEPTH,
                     &events, err);
    if (rc < 0)
        return rc;
    b.in.events = events;
    b.in.arena = &results->arena;
    rc = read_whole(&b);
    free(b.sample);
    free(b.id_at);
    if (rc == 0)
        *out = TAKE(results);
    return rc;
}

int baseline_read(const char *path, struct results **out, struct error *err)
{
    SCOPED(free_scoped) char *text = NULL;
    size_t size;
    int rc = file_read(path, BASELINE_MAX_BYTES, &text, &size, err);

    return rc < 0 ? rc : baseline_parse(path, text, size, out, err);
}
