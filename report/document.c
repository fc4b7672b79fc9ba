/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all documents have in common, and joining them. */
#include <config.h>

#include "report/document.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/scope.h"
#include "report/document_parts.h"

/* --- faults */

void document_wrong(struct document_reader *r, const struct json_value *v,
                    const char *expected)
{
    if (r->rc < 0)
        return;
    r->rc = ERROR_AT(r->err, ERR_PARSE, r->name, v->line, v->column,
                     "expected %s%s%s", expected, v->key ? " for " : "",
                     v->key ? v->key : "");
}

void document_no_memory(struct document_reader *r)
{
    if (r->rc == 0)
        r->rc = ERROR(r->err, ERR_NOMEM, "no memory for a document");
}

/* --- members */

/* The member, NULL when it is missing or null. */
static const struct json_value *known(const struct json_value *o,
                                      const char *key)
{
    const struct json_value *v = json_get(o, key);

    return v && v->type != JSON_IS_NULL ? v : NULL;
}

const char *document_text(struct document_reader *r, const struct json_value *o,
                          const char *key)
{
    const struct json_value *v = known(o, key);

    if (v && v->type != JSON_IS_STRING)
        document_wrong(r, v, "a text");
    return v && v->type == JSON_IS_STRING ? v->text : "";
}

double document_number(struct document_reader *r, const struct json_value *o,
                       const char *key)
{
    const struct json_value *v = known(o, key);

    if (v && v->type != JSON_IS_NUMBER)
        document_wrong(r, v, "a number");
    return v && v->type == JSON_IS_NUMBER ? v->number : NAN;
}

int64_t document_count(struct document_reader *r, const struct json_value *o,
                       const char *key, int64_t unknown)
{
    static const double most = 9007199254740992.0; /* 2^53 */
    const struct json_value *v = known(o, key);

    if (!v)
        return unknown;
    if (v->type == JSON_IS_NUMBER && v->number >= 0 && v->number <= most &&
        v->number == floor(v->number))
        return (int64_t)v->number;
    document_wrong(r, v, "a whole number, 0 or more,");
    return unknown;
}

bool document_bool(struct document_reader *r, const struct json_value *o,
                   const char *key)
{
    const struct json_value *v = known(o, key);

    if (v && v->type != JSON_IS_BOOL)
        document_wrong(r, v, "true or false");
    return v && v->type == JSON_IS_BOOL && v->number != 0;
}

const struct json_value *document_object(struct document_reader *r,
                                         const struct json_value *o,
                                         const char *key)
{
    const struct json_value *v = known(o, key);

    if (v && v->type != JSON_IS_OBJECT) {
        document_wrong(r, v, "an object");
        return NULL;
    }
    return v;
}

const struct json_value *document_list(struct document_reader *r,
                                       const struct json_value *o,
                                       const char *key, enum json_type type)
{
    static const char *const words[] = {
        [JSON_IS_NULL] = "null",       [JSON_IS_BOOL] = "true or false",
        [JSON_IS_NUMBER] = "a number", [JSON_IS_STRING] = "a text",
        [JSON_IS_ARRAY] = "a list",    [JSON_IS_OBJECT] = "an object",
    };
    const struct json_value *v = known(o, key);

    if (!v)
        return NULL;
    if (v->type != JSON_IS_ARRAY) {
        document_wrong(r, v, "a list");
        return NULL;
    }
    for (const struct json_value *i = v->first; i; i = i->next)
        if (i->type != type) {
            document_wrong(r, i, words[type]);
            return NULL;
        }
    return v;
}

const char *document_words(struct document_reader *r,
                           const struct json_value *o, const char *key)
{
    const struct json_value *list = document_list(r, o, key, JSON_IS_STRING);
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const char *kept;

    for (const struct json_value *v = list ? list->first : NULL; v;
         v = v->next) {
        if (text.size)
            strbuf_putc(&text, ',');
        strbuf_puts(&text, v->text);
    }
    kept =
        text.failed ? NULL : arena_strdup(&r->out->arena, strbuf_text(&text));
    if (!kept)
        document_no_memory(r);
    return kept ? kept : "";
}

/* --- an occasion */

static void read_facts(struct document_reader *r, const struct json_value *o,
                       const char *key, struct arena *arena, struct facts *out)
{
    const struct json_value *facts = document_object(r, o, key);

    for (const struct json_value *v = facts ? facts->first : NULL;
         v && r->rc == 0; v = v->next) {
        if (v->type != JSON_IS_STRING)
            document_wrong(r, v, "a text");
        else if (facts_set(arena, out, v->key, v->text, NULL) < 0)
            document_no_memory(r);
    }
}

/* A seed beyond 2^53 is written as a text. */
static uint64_t read_seed(struct document_reader *r, const struct json_value *o)
{
    const struct json_value *v = known(o, "seed");

    if (v && v->type == JSON_IS_STRING)
        return strtoull(v->text, NULL, 10);
    return (uint64_t)document_count(r, o, "seed", 0);
}

void document_occasion(struct document_reader *r, const struct json_value *o,
                       struct arena *arena, struct occasion *out)
{
    const struct json_value *machine = document_object(r, o, "machine");

    out->created = document_text(r, o, "created");
    out->revision = document_text(r, o, "revision");
    out->branch = document_text(r, o, "branch");
    out->dirty = document_bool(r, o, "dirty");
    out->seed = read_seed(r, o);
    out->machine_key = document_text(r, machine, "key");
    read_facts(r, machine, "facts", arena, &out->machine);
    read_facts(r, o, "build", arena, &out->build);
    read_facts(r, o, "plan", arena, &out->plan);
}

/* --- whole documents */

static const struct {
    const char *schema;
    enum document_kind kind;
    void (*read)(struct document_reader *r, const struct json_value *root);
} schemas[] = {
    {"tare/run/1", DOCUMENT_RUN, document_run},
    {"tare/gate/1", DOCUMENT_GATE, document_gate},
    {"tare/compare/1", DOCUMENT_GATE, document_gate},
    {"tare/test/1", DOCUMENT_TESTS, document_tests},
};

static int read_root(struct document_reader *r, const struct json_value *root)
{
    const struct json_value *schema = json_get(root, "schema");
    const char *text = json_get_text(root, "schema", "");

    for (size_t i = 0; i < ARRAY_LEN(schemas); i++) {
        if (strcmp(text, schemas[i].schema) != 0)
            continue;
        r->out->kind = schemas[i].kind;
        schemas[i].read(r, root);
        return r->rc;
    }
    ERROR_AT(r->err, ERR_PARSE, r->name, schema ? schema->line : root->line,
             schema ? schema->column : root->column,
             *text ? "a document of schema '%s' cannot be reported"
                   : "this is no document of Tare's: it has no schema%s",
             text);
    return error_help(r->err, "'tare run', 'gate', 'compare' and 'test' write "
                              "documents with --format json");
}

int document_read(const char *name, const char *text, size_t size,
                  struct document *out, struct error *err)
{
    struct document_reader reader = {.name = name, .out = out, .err = err};
    const struct json_value *root;
    int rc;

    *out = (struct document){.wall_s = NAN};
    rc = json_read(name, text, size, &out->arena, &root, err);
    return rc < 0 ? rc : read_root(&reader, root);
}

void document_clear(struct document *document)
{
    results_free(document->results);
    document->results = NULL;
    arena_clear(&document->arena);
}

/* --- joining */

static void *joined(struct arena *arena, const void *a, size_t n, const void *b,
                    size_t m, size_t size)
{
    char *all = arena_alloc(arena, n + m, size);

    if (!all)
        return NULL;
    if (n)
        memcpy(all, a, n * size);
    if (m)
        memcpy(all + n * size, b, m * size);
    return all;
}

static int join_tests(struct document *d, const struct document *other)
{
    struct test_report *a = &d->tests;
    const struct test_report *b = &other->tests;
    struct test_result *all =
        joined(&d->arena, a->test, a->n, b->test, b->n, sizeof *all);

    const char **problem = joined(&d->arena, a->problem, a->n_problems,
                                  b->problem, b->n_problems, sizeof(*problem));

    if (!all || !problem)
        return ERR_NOMEM;
    /* w0 there is another one than w0 here */
    for (size_t i = 0; i < b->n; i++)
        if (all[a->n + i].worker >= 0)
            all[a->n + i].worker += (int)a->workers;
    a->test = all;
    a->n += b->n;
    a->workers += b->workers;
    a->problem = problem;
    a->n_problems += b->n_problems;
    a->makespan_ns =
        b->makespan_ns > a->makespan_ns ? b->makespan_ns : a->makespan_ns;
    a->interrupted |= b->interrupted;
    a->run = 0;
    a->shard = (struct test_shard){0};
    return 0;
}

static int join_gates(struct document *d, const struct document *other)
{
    struct gate_report *a = &d->gate;
    const struct gate_report *b = &other->gate;
    struct gate_case *all = joined(&d->arena, a->cases, a->n_cases, b->cases,
                                   b->n_cases, sizeof *all);

    if (!all)
        return ERR_NOMEM;
    a->cases = all;
    a->n_cases += b->n_cases;
    a->n_means = 0; /* a mean of means would be another figure */
    a->wall_s += b->wall_s;
    a->interrupted |= b->interrupted;
    a->moved = NAN;
    a->run = 0;
    return 0;
}

/* Results have one occasion; cases of the other become cases of it. */
static int join_runs(struct document *d, const struct document *other)
{
    struct results *a = d->results;
    const struct results *b = other->results;
    struct case_results *all = joined(&a->arena, a->cases, a->n_cases, b->cases,
                                      b->n_cases, sizeof *all);

    if (!all)
        return ERR_NOMEM;
    a->cases = all;
    a->n_cases += b->n_cases;
    d->wall_s += other->wall_s;
    d->interrupted |= other->interrupted;
    d->run = 0;
    return 0;
}

int document_join(struct document *document, const struct document *other,
                  struct error *err)
{
    int rc = ERR_USAGE;

    if (document->kind != other->kind)
        return ERROR(err, ERR_USAGE,
                     "documents of several kinds cannot be joined");
    switch (document->kind) {
    case DOCUMENT_RUN:
        rc = join_runs(document, other);
        break;
    case DOCUMENT_GATE:
        rc = join_gates(document, other);
        break;
    case DOCUMENT_TESTS:
        rc = join_tests(document, other);
        break;
    case DOCUMENT_UNSET:
        break;
    }
    return rc < 0 ? ERROR(err, ERR_NOMEM, "no memory for a document") : 0;
}
