/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests from their JSON. */
#include <config.h>

#include <math.h>
#include <string.h>

#include "base/units.h"
#include "report/document_parts.h"

enum { SHARDS_MAX = 100000 };

/* "w3" */
static int worker_of(struct document_reader *r, const struct json_value *o)
{
    const char *word = document_text(r, o, "worker");
    int64_t n;

    if (word[0] != 'w' || parse_int(word + 1, 0, 1000000, &n, NULL) < 0)
        return -1;
    return (int)n;
}

static double or_unknown(double x)
{
    return isfinite(x) ? x : -1;
}

/* -1 when unknown. */
static int64_t nanoseconds(struct document_reader *r,
                           const struct json_value *o, const char *key)
{
    double s = document_number(r, o, key);

    return s >= 0 && s < 9e9 ? (int64_t)llround(s * 1e9) : -1;
}

static int64_t known_nanoseconds(struct document_reader *r,
                                 const struct json_value *o, const char *key)
{
    int64_t ns = nanoseconds(r, o, key);

    return ns < 0 ? 0 : ns;
}

static void read_usage(struct document_reader *r, const struct json_value *o,
                       struct test_usage *out)
{
    const struct json_value *usage = document_object(r, o, "usage");

    *out = (struct test_usage){
        .user_s = or_unknown(document_number(r, usage, "user_s")),
        .system_s = or_unknown(document_number(r, usage, "system_s")),
        .max_rss = document_count(r, usage, "max_rss", -1),
        .read_bytes = document_count(r, usage, "read_bytes", -1),
        .write_bytes = document_count(r, usage, "write_bytes", -1),
        .ctx_switches = document_count(r, usage, "ctx_switches", -1),
        .page_faults = document_count(r, usage, "page_faults", -1),
    };
}

static void read_test(struct document_reader *r, const struct json_value *o,
                      struct test_result *out)
{
    *out = (struct test_result){
        .id = document_text(r, o, "id"),
        .tags = document_words(r, o, "tags"),
        .file = document_text(r, o, "file"),
        .line = (uint32_t)document_count(r, o, "line", 0),
        .attempts = document_count(r, o, "attempts", 1),
        .duration_ns = known_nanoseconds(r, o, "seconds"),
        .started_ns = nanoseconds(r, o, "started_s"),
        .setup_ns = nanoseconds(r, o, "setup_s"),
        .call_ns = nanoseconds(r, o, "call_s"),
        .teardown_ns = nanoseconds(r, o, "teardown_s"),
        .worker = worker_of(r, o),
        .cpu = (int)document_count(r, o, "cpu", -1),
        .message = document_text(r, o, "message"),
        .note = document_text(r, o, "note"),
        .output = document_text(r, o, "output"),
    };
    read_usage(r, o, &out->usage);
    if (!test_outcome_parse(document_text(r, o, "outcome"), &out->outcome))
        document_wrong(r, o, "a known outcome");
    if (!*out->id)
        document_wrong(r, o, "a case with an id");
}

static void read_problems(struct document_reader *r,
                          const struct json_value *root,
                          struct test_report *out)
{
    const struct json_value *list =
        document_list(r, root, "problems", JSON_IS_STRING);
    size_t n = list ? list->n : 0;
    const char **all = arena_alloc(&r->out->arena, n, sizeof(*all));

    if (!all) {
        document_no_memory(r);
        return;
    }
    out->problem = all;
    out->n_problems = n;
    for (const struct json_value *v = n ? list->first : NULL; v; v = v->next)
        *all++ = v->text;
}

/* What is no part of anything leaves it zero. */
static void read_shard(struct document_reader *r, const struct json_value *root,
                       struct test_shard *out)
{
    const struct json_value *o = document_object(r, root, "shard");

    if (!o)
        return;
    *out = (struct test_shard){
        .index = document_count(r, o, "index", 0),
        .count = document_count(r, o, "count", 0),
        .plan = document_text(r, o, "plan"),
    };
    if (out->index < 1 || out->index > out->count || out->count > SHARDS_MAX)
        document_wrong(r, o, "a part of a suite");
}

void document_tests(struct document_reader *r, const struct json_value *root)
{
    const struct json_value *cases =
        document_list(r, root, "cases", JSON_IS_OBJECT);
    const struct json_value *summary = document_object(r, root, "summary");
    size_t n = cases ? cases->n : 0;
    struct test_result *all = arena_alloc(&r->out->arena, n, sizeof *all);
    struct occasion occasion = {0};
    struct arena facts = {0};
    int64_t workers = document_count(r, summary, "workers", 1);

    if (!all) {
        document_no_memory(r);
        return;
    }
    document_occasion(r, root, &facts, &occasion);
    arena_clear(&facts);
    r->out->tests = (struct test_report){
        .suite = document_text(r, root, "suite"),
        .test = all,
        .n = n,
        .workers = workers > 0 ? (size_t)workers : 1,
        .makespan_ns = known_nanoseconds(r, summary, "makespan_s"),
        .seed = occasion.seed,
        .run = document_count(r, root, "run", 0),
        .interrupted = document_bool(r, root, "interrupted"),
    };
    read_problems(r, root, &r->out->tests);
    read_shard(r, root, &r->out->tests.shard);
    for (const struct json_value *v = n ? cases->first : NULL; v; v = v->next)
        read_test(r, v, all++);
}
