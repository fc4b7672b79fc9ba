/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Google Benchmark's JSON. */
#include <config.h>

#include "adapt/gbench_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/scope.h"
#include "bench/tare.h"

DEFINE_SCOPED(struct results *, results_free)

static struct results *read_text(const char *text, struct error *err)
{
    struct results *out = NULL;

    return gbench_json_read("b.json", text, strlen(text), &out, err) == 0
               ? out
               : NULL;
}

static struct results *read_data(const char *name, struct error *err)
{
    const char *srcdir = getenv("srcdir");
    SCOPED(free_scoped) char *text = NULL;
    struct results *out = NULL;
    char path[4096];
    size_t size;

    snprintf(path, sizeof path, "%s/tests/data/import/google-benchmark/%s",
             srcdir ? srcdir : ".", name);
    if (file_read(path, 1 << 20, &text, &size, err) < 0)
        return NULL;
    return gbench_json_read(name, text, size, &out, err) == 0 ? out : NULL;
}

static const struct invocations *of(const struct results *r, const char *id,
                                    const char *metric)
{
    const struct case_results *c = results_find(r, id);
    const struct metric *m = c ? results_metric(c, metric) : NULL;

    return m ? &m->occasion[0] : NULL;
}

TARE_TEST(repetitions_are_samples_of_one_process)
{
    static const char text[] =
        "{\"benchmarks\": ["
        "{\"name\": \"a\", \"run_name\": \"a\", \"run_type\": \"iteration\","
        " \"repetition_index\": 0, \"iterations\": 7, \"real_time\": 1.1,"
        " \"cpu_time\": 1, \"time_unit\": \"us\", \"hits\": 3,"
        " \"items_per_second\": 5e6},"
        "{\"name\": \"a\", \"run_name\": \"a\", \"run_type\": \"iteration\","
        " \"repetition_index\": 1, \"iterations\": 7, \"real_time\": 1.3,"
        " \"cpu_time\": 1, \"time_unit\": \"us\", \"hits\": 4},"
        "{\"name\": \"a_mean\", \"run_name\": \"a\", \"run_type\":"
        " \"aggregate\", \"aggregate_name\": \"mean\", \"real_time\": 1.2,"
        " \"cpu_time\": 1, \"time_unit\": \"us\"}]}";
    struct error err = {0};
    SCOPED(results_free_scoped) struct results *r = read_text(text, &err);
    const struct invocations *time;

    TARE_REQUIRE(r);
    TARE_CHECK_INT(r->n_cases, 1);
    TARE_CHECK_INT(r->cases[0].iterations, 7);
    time = of(r, "a", "time");
    TARE_REQUIRE(time && time->n == 1 && time->invocation[0].n == 2);
    TARE_CHECK(time->invocation[0].sample[0] == 1100);
    TARE_CHECK(time->invocation[0].sample[1] == 1300);
    TARE_CHECK_INT(of(r, "a", "hits")->invocation[0].n, 2);
    TARE_CHECK(of(r, "a", "items_per_second")->invocation[0].sample[0] == 5e6);
    TARE_CHECK(!facts_get(&r->occasion[0].plan, "summary"));
}

TARE_TEST(aggregates_alone_are_one_value)
{
    static const char text[] =
        "{\"benchmarks\": ["
        "{\"name\": \"a_mean\", \"run_name\": \"a\", \"run_type\":"
        " \"aggregate\", \"aggregate_name\": \"mean\", \"real_time\": 5,"
        " \"cpu_time\": 1, \"time_unit\": \"ns\"},"
        "{\"name\": \"a_median\", \"run_name\": \"a\", \"run_type\":"
        " \"aggregate\", \"aggregate_name\": \"median\", \"real_time\": 4,"
        " \"cpu_time\": 1, \"time_unit\": \"ns\"}]}";
    struct error err = {0};
    SCOPED(results_free_scoped) struct results *r = read_text(text, &err);

    TARE_REQUIRE(r);
    TARE_CHECK_INT(of(r, "a", "time")->invocation[0].n, 1);
    TARE_CHECK(of(r, "a", "time")->invocation[0].sample[0] == 4);
    TARE_CHECK_STR(facts_get(&r->occasion[0].plan, "summary"), "median");
}

TARE_TEST(real_files)
{
    struct error err = {0};
    SCOPED(results_free_scoped)
    struct results *two = read_data("bencher-two.json", &err);
    SCOPED(results_free_scoped)
    struct results *old = read_data("test1_run1.json", &err);
    SCOPED(results_free_scoped)
    struct results *third = read_data("test3_run1.json", &err);

    TARE_REQUIRE(two && old && third);
    TARE_CHECK_STR(two->name, "./a.out");
    TARE_CHECK_STR(two->occasion[0].created, "2019-11-29T21:26:59Z");
    TARE_CHECK_STR(facts_get(&two->occasion[0].machine, "hostname"),
                   "Corgi.local");
    TARE_CHECK(of(two, "fib_10", "time")->invocation[0].sample[0] ==
               2.1498980114547953e+02);
    /* A complexity is no time; 0.4 s are exactly so many ns. */
    TARE_CHECK_INT(old->n_cases, 14);
    TARE_CHECK(of(old, "BM_NotBadTimeUnit", "time")->invocation[0].sample[0] ==
               400000000);
    TARE_CHECK_INT(of(third, "BM_Two", "time")->invocation[0].n, 1);
}

static void check_refused(struct tare *t, const char *text, const char *why,
                          int line)
{
    struct error err = {0};
    struct results *r = read_text(text, &err);

    TARE_CHECK(!r);
    TARE_CHECK(strstr(err.text, why));
    TARE_CHECK_INT(err.line, line);
    TARE_CHECK_STR(err.file, "b.json");
    results_free(r);
}

TARE_TEST(what_is_wrong_has_a_place)
{
    static const char head[] = "{\"benchmarks\": [\n";
    char text[512];

    check_refused(t, "[", "ends", 1);
    check_refused(t, "{}", "benchmarks", 1);
    snprintf(text, sizeof text,
             "%s{\"name\": \"a\", \"run_type\": \"iteration\"}]}", head);
    check_refused(t, text, "time unit", 2);
    snprintf(text, sizeof text,
             "%s{\"name\": \"a\", \"time_unit\": \"ns\", \"real_time\": 1}]}",
             head);
    check_refused(t, text, "cpu_time", 2);
    snprintf(text, sizeof text,
             "%s{\"name\": \"a\", \"time_unit\": \"ns\",\n"
             "\"real_time\": -1, \"cpu_time\": 1}]}",
             head);
    check_refused(t, text, "negative", 3);
    snprintf(text, sizeof text,
             "%s{\"name\": \"a\", \"time_unit\": \"ns\", \"real_time\": NaN}]}",
             head);
    check_refused(t, text, "a value", 2);
    snprintf(text, sizeof text,
             "%s{\"name\": \"a\", \"time_unit\": \"ns\", \"real_time\": 1,"
             " \"cpu_time\": 1, \"repetition_index\": 0},\n"
             "{\"name\": \"a\", \"time_unit\": \"ns\", \"real_time\": 1,"
             " \"cpu_time\": 1, \"repetition_index\": 0}]}",
             head);
    check_refused(t, text, "two benchmarks", 3);
}

TARE_TEST(what_could_not_be_measured)
{
    static const char text[] =
        "{\"benchmarks\": [{\"name\": \"a\", \"run_type\": \"iteration\","
        " \"error_occurred\": true, \"error_message\": \"no disk\"},"
        "{\"name\": \"b\", \"run_type\": \"iteration\", \"skipped\": true,"
        " \"skip_message\": \"later\"}]}";
    struct error err = {0};
    SCOPED(results_free_scoped) struct results *r = read_text(text, &err);

    TARE_REQUIRE(r);
    TARE_CHECK_INT(r->cases[0].status, CASE_FAILED);
    TARE_CHECK_STR(r->cases[0].message, "no disk");
    TARE_CHECK_INT(r->cases[1].status, CASE_SKIPPED);
    TARE_CHECK_STR(r->cases[1].message, "later");
}
