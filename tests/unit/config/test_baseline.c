/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "config/baseline.h"
#include "tests/unit/config/yaml_cases.h"

/* A file with everything in it, in the form that Tare writes. */
static const char whole[] = "tare: baseline/1\n"
                            "name: main\n"
                            "occasions:\n"
                            "- created: 2026-11-22T22:53:14Z\n"
                            "  revision: '3f64847'\n"
                            "  dirty: true\n"
                            "  branch: main\n"
                            "  seed: 18446744073709551615\n"
                            "  machine_key: ab12\n"
                            "  machine:\n"
                            "    cpu: AMD EPYC 7B13\n"
                            "    memory: '8192'\n"
                            "  build:\n"
                            "    cc: gcc 12.2.0\n"
                            "  plan:\n"
                            "    sample_time: '1000000'\n"
                            "  anchors:\n"
                            "    integer: 0.684\n"
                            "    memory: 12.5\n"
                            "- created: 2026-11-23T08:00:00Z\n"
                            "  seed: 7\n"
                            "benchmarks:\n"
                            "- id: sort/merge\n"
                            "  metrics:\n"
                            "    time:\n"
                            "      unit: ns\n"
                            "      better: lower\n"
                            "      samples:\n"
                            "      - []\n"
                            "      - - [0.1, 1e-09]\n"
                            "- id: sort/qsort[n=1000]\n"
                            "  version: 2\n"
                            "  program: build/sort_bench\n"
                            "  hash: deadbeef\n"
                            "  tags: [unit, slow]\n"
                            "  result: '9f3c'\n"
                            "  baseline: sort/merge\n"
                            "  iterations: 1024\n"
                            "  warmup: 3\n"
                            "  items: 1000\n"
                            "  bytes: 4000\n"
                            "  empty_ns: 0.25\n"
                            "  disturbed: 0.07\n"
                            "  stopped_by: precise\n"
                            "  metrics:\n"
                            "    hits:\n"
                            "      unit: '1'\n"
                            "      better: higher\n"
                            "      samples:\n"
                            "      - - [-5]\n"
                            "      - []\n"
                            "    time:\n"
                            "      unit: ns\n"
                            "      better: lower\n"
                            "      samples:\n"
                            "      - - [12.25, 12.5, 13, 0]\n"
                            "        - [12.75]\n"
                            "      - - [11]\n";

static struct results *parse(const char *text, struct error *err)
{
    struct results *r = NULL;

    baseline_parse("b.yaml", text, strlen(text), &r, err);
    return r;
}

TARE_TEST(a_whole_file_is_read)
{
    struct error err = {0};
    struct results *r = parse(whole, &err);
    const struct case_results *c;
    const struct metric *m;

    TARE_CHECK_STR(err.text, "");
    TARE_REQUIRE(r);
    TARE_CHECK_STR(r->name, "main");
    TARE_CHECK_STR(r->file, "b.yaml");
    TARE_REQUIRE_INT(r->n_occasions, 2);
    TARE_CHECK(r->occasion[0].seed == UINT64_MAX);
    TARE_CHECK(r->occasion[0].dirty && !r->occasion[1].dirty);
    TARE_CHECK_STR(facts_get(&r->occasion[0].machine, "memory"), "8192");
    TARE_REQUIRE_INT(r->occasion[0].n_anchors, 2);
    TARE_CHECK_REL(r->occasion[0].anchor[1].value, 12.5, 0);
    TARE_CHECK_STR(r->occasion[1].branch, "");
    TARE_REQUIRE_INT(r->n_cases, 2);
    c = &r->cases[1];
    TARE_CHECK_STR(c->id, "sort/qsort[n=1000]");
    TARE_CHECK_STR(c->tags, "unit,slow");
    TARE_CHECK_INT(c->version, 2);
    TARE_CHECK_INT(c->iterations, 1024);
    TARE_CHECK_INT(c->stopped_by, STOPPED_PRECISE);
    TARE_CHECK_REL(c->disturbed, 0.07, 0);
    TARE_CHECK_INT(r->cases[0].warmup, -1);
    m = results_metric(c, "time");
    TARE_REQUIRE(m);
    TARE_REQUIRE_INT(m->occasion[0].n, 2);
    TARE_CHECK_INT(m->occasion[0].invocation[0].n, 4);
    TARE_CHECK_REL(m->occasion[0].invocation[0].sample[1], 12.5, 0);
    TARE_CHECK_REL(m->occasion[1].invocation[0].sample[0], 11, 0);
    TARE_CHECK_INT(results_metric(&r->cases[0], "time")->occasion[0].n, 0);
    results_free(r);
}

TARE_TEST(what_was_read_is_written_byte_for_byte)
{
    struct results *r = parse(whole, NULL);
    struct strbuf out = {0};

    TARE_REQUIRE(r);
    TARE_CHECK_INT(baseline_print(r, &out, NULL), 0);
    TARE_CHECK_STR(strbuf_text(&out), whole);
    strbuf_clear(&out);
    results_free(r);
}

/* One occasion and an empty case for a test to fill. */
static struct results *small(struct case_results **c)
{
    struct results *r = results_new();

    if (!r || !results_add_occasion(r))
        abort();
    r->name = "main";
    r->occasion[0].created = "2026-11-22T22:53:14Z";
    *c = results_add_case(r, "p/a");
    return r;
}

static void add(struct results *r, struct case_results *c, const char *metric,
                const char *unit, enum better better, const double *x, size_t n)
{
    struct metric *m = results_need_metric(r, c, metric, unit, better);

    if (!m || results_add_invocation(r, m, 0, x, n, NULL) < 0)
        abort();
}

TARE_TEST(doubles_survive_exactly)
{
    static const double x[] = {
        1.0 / 3,   5e-324, 1.7976931348623157e308, 0.1, 9007199254740993.0,
        123456.789};
    const size_t n = ARRAY_LEN(x);
    struct case_results *c;
    struct results *r = small(&c), *again;
    struct strbuf out = {0};
    const struct invocation *in;

    add(r, c, "time", "ns", BETTER_LOWER, x, n);
    TARE_REQUIRE_INT(baseline_print(r, &out, NULL), 0);
    again = parse(strbuf_text(&out), NULL);
    TARE_REQUIRE(again);
    in = &again->cases[0].metric[0].occasion[0].invocation[0];
    TARE_REQUIRE_INT(in->n, n);
    for (size_t i = 0; i < n; i++)
        TARE_CHECK(in->sample[i] == x[i]);
    strbuf_clear(&out);
    results_free(r);
    results_free(again);
}

TARE_TEST(the_order_of_writing_does_not_depend_on_the_order_of_adding)
{
    static const double x[] = {1, 2};
    struct strbuf out[2] = {{0}, {0}};

    for (int i = 0; i < 2; i++) {
        struct case_results *c;
        struct results *r = small(&c);
        const char *second = i ? "time" : "cpu_time";

        c->id = i ? "p/z" : "p/a";
        add(r, c, i ? "cpu_time" : "time", "ns", BETTER_LOWER, x, 2);
        add(r, c, second, "ns", BETTER_LOWER, x, 2);
        c = results_add_case(r, i ? "p/a" : "p/z");
        add(r, c, second, "ns", BETTER_LOWER, x, 2);
        add(r, c, i ? "cpu_time" : "time", "ns", BETTER_LOWER, x, 2);
        TARE_CHECK_INT(baseline_print(r, &out[i], NULL), 0);
        results_free(r);
    }
    TARE_CHECK_STR(strbuf_text(&out[0]), strbuf_text(&out[1]));
    strbuf_clear(&out[0]);
    strbuf_clear(&out[1]);
}

TARE_TEST(lines_of_samples_wrap_before_column_80)
{
    struct case_results *c;
    struct results *r = small(&c);
    struct strbuf out = {0};
    double x[200];
    size_t column = 0, widest = 0;

    for (size_t i = 0; i < ARRAY_LEN(x); i++)
        x[i] = (double)(i * i * i) + 0.5;
    add(r, c, "time", "ns", BETTER_LOWER, x, ARRAY_LEN(x));
    TARE_REQUIRE_INT(baseline_print(r, &out, NULL), 0);
    for (const char *p = strbuf_text(&out); *p; p++) {
        column = *p == '\n' ? 0 : column + 1;
        widest = column > widest ? column : widest;
    }
    TARE_CHECK(widest <= 79 && widest > 70);
    strbuf_clear(&out);
    results_free(r);
}

/* Whatever a program calls itself must come back as the same text. */
TARE_TEST(hostile_names_come_back)
{
    static const char *const names[] = {
        "a: b",      "a #b",     " a",          "- a",          "'q'",
        "\"d\"",     "a\nb",     "[x]",         "{y}",          "&anchor",
        "*alias",    "!t",       "null",        "no",           "0123",
        "1:30",      "\x1b[31m", "caf\xc3\xa9", "\xe2\x80\xa8", "%d",
        "a:",        "~",        "?",           "a\\b",         "\xef\xbb\xbfx",
        "trailing ", "\x7f",     "@x",          "`y",           "|",
        ">",         "a\tb",
    };
    static const double x[] = {1};

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct case_results *c;
        struct results *r = small(&c), *again;
        struct strbuf out = {0};
        struct error err = {0};

        c->id = c->program = c->tags = names[i];
        facts_set(&r->arena, &r->occasion[0].machine, names[i], names[i], NULL);
        add(r, c, names[i], names[i], BETTER_HIGHER, x, 1);
        TARE_REQUIRE_INT(baseline_print(r, &out, &err), 0);
        again = parse(strbuf_text(&out), &err);
        TARE_CHECK_STR(err.text, "");
        TARE_REQUIRE(again);
        TARE_CHECK_STR(again->cases[0].id, names[i]);
        TARE_CHECK_STR(again->cases[0].tags, names[i]);
        TARE_CHECK_STR(again->cases[0].metric[0].name, names[i]);
        TARE_CHECK_STR(facts_get(&again->occasion[0].machine, names[i]),
                       names[i]);
        strbuf_clear(&out);
        results_free(again);
        results_free(r);
    }
}

TARE_TEST(cases_without_samples_are_left_out)
{
    static const double x[] = {1};
    struct case_results *c;
    struct results *r = small(&c), *again;
    struct strbuf out = {0};

    c->status = CASE_FAILED;
    c = results_add_case(r, "p/b");
    add(r, c, "time", "ns", BETTER_LOWER, x, 1);
    add(r, c, "allocs", "1", BETTER_LOWER, x, 0);
    TARE_CHECK_INT(baseline_print(r, &out, NULL), 0);
    again = parse(strbuf_text(&out), NULL);
    TARE_REQUIRE(again);
    TARE_REQUIRE_INT(again->n_cases, 1);
    TARE_CHECK_STR(again->cases[0].id, "p/b");
    TARE_CHECK_INT(again->cases[0].n_metrics, 1);
    strbuf_clear(&out);
    results_free(again);
    results_free(r);
}

TARE_TEST(cases_out_of_order_are_sorted)
{
    static const char text[] = "tare: baseline/1\n"
                               "name: x\n"
                               "occasions: [{created: 2026-01-01T00:00:00Z, "
                               "seed: 1}]\n"
                               "benchmarks:\n"
                               "- {id: b, metrics: {}}\n"
                               "- {id: a, metrics: {}}\n";
    struct results *r = parse(text, NULL);

    TARE_REQUIRE(r);
    TARE_CHECK_STR(r->cases[0].id, "a");
    TARE_CHECK_STR(r->cases[1].id, "b");
    results_free(r);
}

#define HEAD     "tare: baseline/1\nname: x\n"
#define OCCASION "occasions:\n- {created: 2026-01-01T00:00:00Z, seed: 1}\n"
#define TIME(samples)                                            \
    HEAD OCCASION "benchmarks:\n- id: a\n  metrics:\n    time: " \
                  "{unit: ns, better: lower, samples: " samples "}\n"

static const struct refusal refusals[] = {
    {"", 1, 1, "there is nothing in the file", NULL},
    {"tare: baseline/2\nfuture: 1\n", 1, 7,
     "this baseline has version 2; this tare reads version 1",
     "use the tare that wrote it or a newer one, or measure again with "
     "'tare baseline save'"},
    {"tare: 1\n", 1, 7, "expected baseline/1, not '1'",
     "this looks like a suite, not like a baseline"},
    {"name: x\ntare: baseline/1\n", 1, 1, "expected 'tare: baseline/1' first",
     NULL},
    {"- 1\n", 1, 1, "expected a map of keys, found a list", NULL},
    {HEAD, 1, 1, "the key 'occasions' is missing", NULL},
    {HEAD "name: y\n", 3, 1, "the key 'name' stands here twice", NULL},
    {HEAD "benchmark: []\n", 3, 1, "unknown key 'benchmark'",
     "did you mean 'benchmarks'?"},
    {HEAD "benchmarks: []\n", 3, 13, "'occasions' must stand before this",
     NULL},
    {HEAD "occasions: []\n", 3, 12, "expected one occasion or more", NULL},
    {HEAD "occasions:\n- {created: yesterday, seed: 1}\n", 4, 13,
     "expected a time such as 2026-11-22T22:53:14Z, not 'yesterday'", NULL},
    {HEAD "occasions:\n- {created: 2026-02-30T00:00:00Z, seed: 1}\n", 4, 13,
     "expected a time such as 2026-11-22T22:53:14Z, not "
     "'2026-02-30T00:00:00Z'",
     NULL},
    {HEAD "occasions:\n- {seed: 1}\n", 4, 3, "the key 'created' is missing",
     NULL},
    {HEAD "occasions:\n- {seed: -1}\n", 4, 10,
     "expected a whole number of at most 64 bits, not '-1'", NULL},
    {HEAD "occasions:\n- {machine: {a: 1, a: 2}}\n", 4, 20,
     "the key 'a' stands here twice", NULL},
    {HEAD OCCASION "benchmarks:\n- {id: a, metrics: {}}\n"
                   "- {id: b, metrics: {}}\n- {id: a, metrics: {}}\n",
     8, 8, "the id 'a' was used before, at 6:8", NULL},
    {HEAD OCCASION "benchmarks:\n- {id: '', metrics: {}}\n", 6, 8,
     "an id may not be empty", NULL},
    {HEAD OCCASION "benchmarks:\n- {id: a}\n", 6, 3,
     "the key 'metrics' is missing", NULL},
    {TIME("[[[1, .nan]]]"), 8, 52, "expected a finite number, not '.nan'",
     NULL},
    {TIME("[[[1e999]]]"), 8, 49, "expected a finite number, not '1e999'", NULL},
    {TIME("[[[1, -0.5]]]"), 8, 52, "'time' in ns cannot be negative", NULL},
    {TIME("[[[]]]"), 8, 48, "an invocation without a sample", NULL},
    {TIME("[[[[1]]]]"), 8, 49, "expected the end of a list, found a list",
     NULL},
    {TIME("[]"), 8, 46, "samples of 0 occasions, but the file has 1", NULL},
    {TIME("[[], []]"), 8, 51, "samples of more occasions than the file has (1)",
     NULL},
    {HEAD OCCASION "benchmarks:\n- id: a\n  metrics:\n"
                   "    time: {unit: ms, better: lower, samples: [[[1]]]}\n",
     8, 5, "the metric 'time' has another unit here",
     "its unit is ns, and lower is better"},
    {HEAD OCCASION "benchmarks:\n- id: a\n  metrics:\n"
                   "    own: {unit: ms, better: lower, samples: [[[-1]]]}\n",
     8, 48, "'own' in ms cannot be negative", NULL},
    {HEAD OCCASION "benchmarks:\n- id: a\n  metrics:\n"
                   "    time: {unit: ns, better: more, samples: [[[1]]]}\n",
     8, 30, "expected lower, higher or none, not 'more'", NULL},
    {HEAD "occasions: *x\n", 3, 12, "anchors and aliases are not accepted",
     "write the value out in both places"},
    {"tare: &a baseline/1\n", 1, 7, "anchors and aliases are not accepted",
     NULL},
    {"tare: !!str baseline/1\n", 1, 7, "tags such as !!str are not accepted",
     NULL},
    {HEAD OCCASION "benchmarks: []\n---\na: b\n", 6, 1,
     "only one document is accepted", NULL},
    {"tare: baseline/1\nname: \"a\\0b\"\n", 2, 7,
     "a text may not hold a NUL character", NULL},
    {"tare: baseline/1\nname: caf\xc3\xa9 \xff\n", 2, 12,
     "invalid leading UTF-8 octet", NULL},
    {HEAD "occasions: [{created: 2026-01-01T00:00:00Z, seed: 1}\n", 4, 1,
     "did not find expected ',' or ']' (while parsing a flow sequence, which "
     "begins at 3:12)",
     NULL},
    {"tare: baseline/1\noccasions:\n\t- a\n", 3, 1,
     "found character that cannot start any token (while scanning for the "
     "next token, which begins at 3:1)",
     "indent with spaces; YAML does not take tabs there"},
};

TARE_TEST(bad_input_is_refused_with_its_place)
{
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        const struct refusal *x = &refusals[i];
        struct error err = {0};
        struct results *r = parse(x->text, &err);

        TARE_CHECK(!r && err.code != ERR_OK);
        TARE_CHECK_STR(err.text, x->message);
        TARE_CHECK_STR(err.file, "b.yaml");
        TARE_CHECK_INT(err.line, x->line);
        TARE_CHECK_INT(err.column, x->column);
        if (x->help)
            TARE_CHECK_STR(err.help, x->help);
        results_free(r);
    }
}

TARE_TEST(a_long_text_is_refused)
{
    struct strbuf text = {0};
    struct error err = {0};

    strbuf_puts(&text, "tare: baseline/1\nname: ");
    for (int i = 0; i < 5000; i++)
        strbuf_putc(&text, 'x');
    TARE_CHECK(!parse(strbuf_text(&text), &err));
    TARE_CHECK_STR(err.text, "a text of over 4096 bytes");
    strbuf_clear(&text);
}

/* The size alone refuses it: nothing is read. */
TARE_TEST(a_huge_document_is_refused)
{
    struct results *r = NULL;
    struct error err = {0};

    TARE_CHECK_INT(baseline_parse("b.yaml", "x", (size_t)1 << 30, &r, &err),
                   ERR_RANGE);
    TARE_CHECK_STR(err.text, "is larger than 536.9 MB");
    TARE_CHECK(!r);
}

TARE_TEST(what_could_not_be_read_is_not_written)
{
    static const double bad[] = {NAN, INFINITY, -1};
    struct strbuf out = {0};
    struct error err = {0};
    struct case_results *c;
    struct results *r;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        r = small(&c);
        add(r, c, "time", "ns", BETTER_LOWER, &bad[i], 1);
        TARE_CHECK_INT(baseline_print(r, &out, &err), ERR_RANGE);
        results_free(r);
    }
    TARE_CHECK_STR(err.text,
                   "benchmark 'p/a': 'time' in ns cannot be negative");
    r = small(&c);
    add(r, c, "time", "s", BETTER_LOWER, &(double){1}, 1);
    TARE_CHECK_INT(baseline_print(r, &out, NULL), ERR_RANGE);
    results_free(r);
    r = small(&c);
    r->occasion[0].created = "";
    TARE_CHECK_INT(baseline_print(r, &out, NULL), ERR_RANGE);
    results_free(r);
    r = small(&c);
    add(r, c, "time", "ns", BETTER_LOWER, &(double){1}, 1);
    add(r, results_add_case(r, "p/a"), "time", "ns", BETTER_LOWER, &(double){1},
        1);
    TARE_CHECK_INT(baseline_print(r, &out, &err), ERR_RANGE);
    TARE_CHECK_STR(err.text, "the id 'p/a' is there twice");
    results_free(r);
    strbuf_clear(&out);
}

TARE_TEST(names_of_baselines)
{
    TARE_CHECK(is_baseline_name("main") && is_baseline_name("v1.2-rc_3"));
    TARE_CHECK(!is_baseline_name("") && !is_baseline_name("../x"));
    TARE_CHECK(!is_baseline_name(".hidden") && !is_baseline_name("-o"));
    TARE_CHECK(!is_baseline_name("a b"));
}

TARE_TEST(files_are_written_and_read_back)
{
    struct case_results *c;
    struct results *r = small(&c), *again = NULL;
    struct error err = {0};

    add(r, c, "time", "ns", BETTER_LOWER, &(double){1.5}, 1);
    TARE_REQUIRE_INT(baseline_write("baselines/main.yaml", r, &err), 0);
    TARE_REQUIRE_INT(baseline_read("baselines/main.yaml", &again, &err), 0);
    TARE_CHECK_STR(again->file, "baselines/main.yaml");
    TARE_CHECK_INT(again->n_cases, 1);
    results_free(again);
    results_free(r);
    TARE_CHECK_INT(baseline_read("baselines/none.yaml", &again, &err), ERR_SYS);
}
