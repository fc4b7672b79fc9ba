/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linked with --wrap: the n-th allocation of our own code fails, for every n
 * that is reached.  The sanitizers see what then leaks. */
#include <config.h>

#include "bench/tare.h"

#include <stdlib.h>
#include <string.h>

#include "config/baseline.h"
#include "config/select.h"
#include "config/suite.h"
#include "tests/unit/nomem.h"

/* One attempt: 0 or an error, everything released. */
typedef int attempt(struct error *err);

/* Let each allocation fail in turn until none is left to fail. */
static void exhaust(struct tare *t, attempt *try, int least)
{
    for (int nth = 1;; nth++) {
        struct error err = {0};
        int rc;

        fail_at = nth;
        rc = try(&err);
        if (fail_at > 0) { /* was not reached */
            fail_at = 0;
            TARE_CHECK_INT(rc, 0);
            TARE_CHECK(nth > least);
            return;
        }
        TARE_CHECK_INT(rc, ERR_NOMEM);
        if (rc != ERR_NOMEM)
            return;
    }
}

static const char suite_text[] =
    "tare: 1\n"
    "tags: {unit: x}\n"
    "programs: [{path: a/b, tags: [unit], env: {A: b}}]\n"
    "commands: [{name: a, run: [x, y], params: {n: [1, 2]}}]\n"
    "fixtures: {f: {setup: x, needs: []}}\n"
    "measure: {bind: [0, 1]}\n"
    "gate: {rules: [{match: a}]}\n";

static int parse_suite(struct error *err)
{
    struct suite *suite = NULL;
    int rc = suite_parse("dir/t.yaml", suite_text, sizeof suite_text - 1,
                         &suite, err);

    suite_free(suite);
    return rc;
}

static int make_suite(struct error *err)
{
    struct suite *suite = suite_new();

    if (!suite)
        return ERROR(err, ERR_NOMEM, "no memory");
    suite_free(suite);
    return 0;
}

static const char baseline_text[] =
    "tare: baseline/1\n"
    "name: x\n"
    "occasions:\n"
    "- {created: 2026-01-01T00:00:00Z, seed: 1, machine: {a: b}, anchors: {c: "
    "1}}\n"
    "benchmarks:\n"
    "- {id: b, tags: [u, v], metrics: {time: {unit: ns, better: lower, "
    "samples: [[[1, 2]]]}}}\n"
    "- {id: a, metrics: {time: {unit: ns, better: lower, samples: "
    "[[[1]]]}}}\n";

static int copy_baseline(struct error *err)
{
    struct results *r = NULL;
    struct strbuf out = {0};
    int rc =
        baseline_parse("b", baseline_text, sizeof baseline_text - 1, &r, err);

    if (rc == 0)
        rc = baseline_print(r, &out, err);
    strbuf_clear(&out);
    results_free(r);
    return rc;
}

static int parse_expression(struct error *err)
{
    const struct tag_expr *e;
    struct arena arena = {0};
    int rc = tag_expr_parse(&arena, "-m", "a and not b", 11, NULL, &e, err);

    arena_clear(&arena);
    return rc;
}

TARE_TEST(a_suite_survives_every_failed_allocation)
{
    exhaust(t, parse_suite, 4);
    exhaust(t, make_suite, 1);
}

TARE_TEST(a_baseline_survives_every_failed_allocation)
{
    exhaust(t, copy_baseline, 8);
}

TARE_TEST(an_expression_survives_every_failed_allocation)
{
    exhaust(t, parse_expression, 1);
}
