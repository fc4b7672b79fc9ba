/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of other harnesses that nobody here wrote: what each becomes, and that
 * our figures are those that the other tool itself printed. */
#include <config.h>

#include "adapt/import.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/scope.h"
#include "bench/tare.h"
#include "stats/order.h"

DEFINE_SCOPED(struct results *, results_free)

static char *read_data(const char *name, size_t *size)
{
    const char *srcdir = getenv("srcdir");
    char path[4096], *text = NULL;

    snprintf(path, sizeof path, "%s/tests/data/import/%s",
             srcdir ? srcdir : ".", name);
    return file_read(path, 1 << 20, &text, size, NULL) < 0 ? NULL : text;
}

/* Recognised, not told. */
static struct results *import_data(const char *name, const char *format,
                                   struct error *err)
{
    struct imported out = {.results = NULL};
    size_t size = 0;
    SCOPED(free_scoped) char *text = read_data(name, &size);

    if (!text || import_read(NULL, NULL, name, text, size, &out, err) < 0)
        return NULL;
    if (strcmp(import_format_name(out.format), format) == 0)
        return out.results;
    results_free(out.results);
    return NULL;
}

static const struct invocations *find(const struct results *r, const char *id,
                                      const char *metric)
{
    const struct case_results *c = results_find(r, id);
    const struct metric *m = c ? results_metric(c, metric) : NULL;

    return m ? &m->occasion[0] : NULL;
}

/* --- what becomes of one figure of each file */

static const struct {
    const char *file, *format;
    size_t n_cases;
    const char *id, *metric;
    size_t invocations, samples;
    double first;
} expected[] = {
    {"google-benchmark/bencher-two.json", "google-benchmark", 2, "a.out/fib_10",
     "time", 1, 1, 2.1498980114547953e+02},
    {"google-benchmark/test1_run1.json", "google-benchmark", 14,
     "gbench/BM_NotBadTimeUnit", "cpu_time", 1, 1, 500000000},
    {"hyperfine/bencher-two.json", "hyperfine", 2, "hyperfine/sleep_0.1",
     "time", 27, 1, 105868768.72},
    {"pytest-benchmark/0001_b87b9aae14ff14a7887a6bbaa9731b9a8760555d_20150814_"
     "190343_uncommitted-changes.json",
     "pytest-benchmark", 1,
     "tests/test_normal.py/test_xfast_parametrized[param=0]", "time", 1, 1,
     220.16643907464864},
    {"pyperf/telco.json", "pyperf", 1, "pyperf/telco", "time", 40, 3,
     22752201.875846367},
    {"pyperf/telco.json", "pyperf", 1, "pyperf/telco", "max_rss", 40, 1,
     14123008},
    {"pyperf/mult_list_py37.json", "pyperf", 3, "pyperf/%5B1%5D%2A1000", "time",
     20, 3, 2080.216247701827},
    {"pyperf/track_memory.json", "pyperf", 1, "pyperf/timeit", "memory", 3, 1,
     7360512},
    {"go-bench/benchstat-new.txt", "go-bench", 2,
     "golang.org/x/perf/cmd/benchstat/testdata/Encode[format=json,procs=48]",
     "time", 1, 10, 1423},
    {"go-bench/benchstat-units.txt", "go-bench", 4, "go/NonExact[note=after]",
     "text", 1, 3, 101},
    {"go-bench/gha-go_fiber_duplicate_names_output.txt", "go-bench", 4,
     "github.com/gofiber/fiber/v3/middleware/csrf/AppendMsgitem[procs=4]",
     "bytes_per_second", 1, 1, 2678460000},
    {"go-bench/bencher-five.txt", "go-bench", 5, "go/Fib20", "time", 1, 1,
     40537.123},
    {"criterion-rs/Fibonacci2/Iterative/20/base/raw.csv", "criterion-rs", 1,
     "Fibonacci2/Iterative/20", "time", 1, 100, 1166000.0 / 208873},
    {"criterion-rs/Fibonacci/Iterative/base/sample.json", "criterion-rs", 1,
     "criterion-rs/Fibonacci/Iterative", "time", 1, 100, 1128000.0 / 209454},
    {"criterion-rs/Fibonacci2/Iterative/20/base/estimates.json", "criterion-rs",
     1, "criterion-rs/Fibonacci2/Iterative/20", "time", 1, 1,
     4.669174721938917},
    {"criterion-rs/bencher-many.txt", "criterion-rs", 5,
     "criterion/tracing_file", "time", 1, 1, 18019},
    {"jmh/bencher-six.json", "jmh", 6,
     "com.github.caffeine.caffeine.cache.ComputeBenchmark/"
     "compute_sameKey[computeType=Caffeine,threads=32]",
     "throughput", 1, 3, 1.524957059947031E8},
    {"jmh/bencher-latency.json", "jmh", 1,
     "org.openjdk.jmh.samples.JMHSample_01_HelloWorld/wellHelloThere", "time",
     1, 3, 3.376842765688582E18},
    {"catch2/bencher-issue_351.txt", "catch2", 6,
     "Catch2_bench/Even_More_Fibonacci/With_a_long_name/"
     "Fibonacci_10_with_a_long_name",
     "time", 1, 1, 344},
    {"catch2/nanobench-comparison-catchorg_Catch2.txt", "catch2", 3,
     "c/comparison_slow/sleep_10ms", "time", 1, 1, 10135700},
    {"nanobench/nanobench-comparison-nanobench.txt", "nanobench", 3,
     "nanobench/sleep_10ms", "time", 1, 1, 10149086},
    {"nanobench/nanobench-comparison-nanobench.txt", "nanobench", 3,
     "nanobench/random_fluctuations", "instructions", 1, 1, 2815.05},
    {"rust-libtest/bencher-many.txt", "rust-libtest", 6,
     "rust/tests::two_digit", "time", 1, 1, 22000000},
    {"rust-libtest/bencher-multi_target.txt", "rust-libtest", 2,
     "name/tests::other_benchmark", "time", 1, 1, 3161},
    {"benchmarkdotnet/bencher-two.json", "benchmarkdotnet", 2,
     "BenchmarkDotNet.Samples.Intro.IntroJsonExport/Sleep10", "time", 1, 1,
     10360382.6953125},
    {"benchmarkdotnet/bencher-two_more.json", "benchmarkdotnet", 2,
     "Sample.Benchmarks/Fib10", "time", 1, 14, 24.805462032556534},
    {"asv/cheetah__fcf8c079-py2.7-Cython-numpy1.8.json", "asv", 23,
     "time_units/time_unit_to", "time", 1, 1, 18321.509361267087},
    {"asv/cheetah__fcf8c079-py2.7-Cython-numpy1.8.json", "asv", 23,
     "time_other/time_parameterized[param1=2]", "time", 1, 1, 4e9},
};

TARE_TEST(figures_of_real_files)
{
    for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
        struct error err = {0};
        SCOPED(results_free_scoped)
        struct results *r =
            import_data(expected[i].file, expected[i].format, &err);
        const struct invocations *in;

        TARE_CHECK_STR(err.text, "");
        TARE_REQUIRE(r);
        TARE_CHECK_INT(r->n_cases, expected[i].n_cases);
        TARE_CHECK_STR(facts_get(&r->occasion[0].plan, "harness"),
                       expected[i].format);
        in = find(r, expected[i].id, expected[i].metric);
        TARE_CHECK_STR(in ? expected[i].id : "missing", expected[i].id);
        TARE_REQUIRE(in);
        TARE_CHECK_INT(in->n, expected[i].invocations);
        TARE_CHECK_INT(in->invocation[0].n, expected[i].samples);
        TARE_CHECK_REL(in->invocation[0].sample[0], expected[i].first, 0);
    }
}

TARE_TEST(when_and_where)
{
    struct error err = {0};
    SCOPED(results_free_scoped)
    struct results *r = import_data(
        "pytest-benchmark/0001_b87b9aae14ff14a7887a6bbaa9731b9a8760555d_"
        "20150814_190343_uncommitted-changes.json",
        "pytest-benchmark", &err);
    SCOPED(results_free_scoped)
    struct results *go =
        import_data("go-bench/benchstat-units.txt", "go-bench", &err);
    const struct occasion *o;

    TARE_REQUIRE(r && go);
    o = &r->occasion[0];
    TARE_CHECK_STR(o->created, "2015-08-15T00:01:46Z");
    TARE_CHECK_STR(o->revision, "5b78858eb718649a31fb93d8dc96ca2cee41a4cd");
    TARE_CHECK(o->dirty);
    TARE_CHECK_STR(facts_get(&o->machine, "hostname"), "minibox");
    TARE_CHECK_INT(strlen(o->machine_key), 64);
    TARE_CHECK_STR(facts_get(&o->plan, "summary"), "median");
    /* What a file does not say stays unknown. */
    TARE_CHECK_STR(go->occasion[0].created, "");
    TARE_CHECK_STR(go->occasion[0].machine_key, "");
}

/* --- the other tool's own figures */

static double median(const struct invocations *in)
{
    double value = NAN;

    stats_median(in->invocation[0].sample, in->invocation[0].n, &value, NULL);
    return value;
}

/* "46.55n" in nanoseconds. */
static double scaled(const char *word)
{
    char *unit;
    double value = strtod(word, &unit);

    if (strncmp(unit, "n", 1) == 0)
        return value;
    return strncmp(unit, "\xc2\xb5", 2) == 0 ? value * 1e3 : NAN;
}

/* benchstat's names as ours: "CRC32/poly=IEEE/size=15/align=0-8". */
static bool split_row(const char *line, char id[200], char value[40])
{
    char poly[32], size[32], align[32], procs[32];

    if (sscanf(line, "CRC32/poly=%31[^/]/size=%31[^/]/align=%31[^-]-%31s %39s",
               poly, size, align, procs, value) != 5)
        return false;
    snprintf(id, 200, "hash/crc32/CRC32[poly=%s,size=%s,align=%s,procs=%s]",
             poly, size, align, procs);
    return true;
}

TARE_TEST(medians_are_those_of_benchstat)
{
    struct error err = {0};
    size_t size = 0, rows = 0;
    SCOPED(results_free_scoped)
    struct results *r =
        import_data("go-bench/benchstat-crc-old.txt", "go-bench", &err);
    SCOPED(free_scoped)
    char *text = read_data("go-bench/benchstat-crcOldNew.stdout", &size);
    char id[200], value[40];

    TARE_REQUIRE(r && text);
    for (char *line = strtok(text, "\n"); line && rows < 36;
         line = strtok(NULL, "\n")) {
        const struct invocations *in;

        if (!split_row(line, id, value))
            continue;
        in = find(r, id, "time");
        TARE_REQUIRE(in);
        /* Printed with four digits. */
        TARE_CHECK_REL(median(in), scaled(value), 0.0006);
        rows++;
    }
    TARE_CHECK_INT(rows, 36);
}

TARE_TEST(medians_are_those_of_benchstat_to_the_last_digit)
{
    struct error err = {0};
    SCOPED(results_free_scoped)
    struct results *r =
        import_data("go-bench/benchstat-new.txt", "go-bench", &err);

    /* benchstat-csvOldNew.stdout: 1.4225000000000001e-06 and
     * 3.0700000000000003e-06 s. */
    TARE_REQUIRE(r);
    TARE_CHECK(median(find(r,
                           "golang.org/x/perf/cmd/benchstat/testdata/"
                           "Encode[format=json,procs=48]",
                           "time")) == 1422.5);
    TARE_CHECK(median(find(r,
                           "golang.org/x/perf/cmd/benchstat/testdata/"
                           "Encode[format=gob,procs=48]",
                           "time")) == 3070);
}

TARE_TEST(the_median_is_that_of_criterion)
{
    struct error err = {0};
    SCOPED(results_free_scoped)
    struct results *raw =
        import_data("criterion-rs/Fibonacci2/Iterative/20/base/raw.csv",
                    "criterion-rs", &err);
    SCOPED(results_free_scoped)
    struct results *own =
        import_data("criterion-rs/Fibonacci2/Iterative/20/base/estimates.json",
                    "criterion-rs", &err);
    const struct invocations *in;

    TARE_REQUIRE(raw && own);
    in = find(own, "criterion-rs/Fibonacci2/Iterative/20", "time");
    TARE_CHECK_REL(median(find(raw, "Fibonacci2/Iterative/20", "time")),
                   in->invocation[0].sample[0], 1e-14);
}

TARE_TEST(the_median_is_that_of_benchmarkdotnet)
{
    struct error err = {0};
    SCOPED(results_free_scoped)
    struct results *r = import_data("benchmarkdotnet/bencher-two_more.json",
                                    "benchmarkdotnet", &err);

    TARE_REQUIRE(r);
    TARE_CHECK_REL(median(find(r, "Sample.Benchmarks/Fib10", "time")),
                   24.419498533010483, 1e-14);
    TARE_CHECK_REL(median(find(r, "Sample.Benchmarks/Fib20", "time")),
                   51.40195590257645, 1e-14);
}

TARE_TEST(what_failed_is_a_failed_case)
{
    struct error err = {0};
    SCOPED(results_free_scoped)
    struct results *rust =
        import_data("rust-libtest/bencher-failed.txt", "rust-libtest", &err);
    SCOPED(results_free_scoped)
    struct results *asv = import_data(
        "asv/cheetah__fcf8c079-py2.7-Cython-numpy1.8.json", "asv", &err);
    const struct case_results *c;

    TARE_REQUIRE(rust && asv);
    c = results_find(rust, "rust/tests::benchmark_b");
    TARE_REQUIRE(c);
    TARE_CHECK_INT(c->status, CASE_FAILED);
    c = results_find(asv, "time_coordinates/time_latitude");
    TARE_REQUIRE(c);
    TARE_CHECK_INT(c->status, CASE_FAILED);
    /* NaN: it did not apply. */
    TARE_CHECK(!results_find(asv, "asv/time_AAA_skip"));
    TARE_CHECK_STR(asv->occasion[0].created, "2013-04-28T05:38:39Z");
    TARE_CHECK_INT(
        results_find(asv, "asv/time_with_version_mismatch_other")->version, 2);
}

TARE_TEST(the_median_is_that_of_hyperfine)
{
    struct error err = {0};
    SCOPED(results_free_scoped)
    struct results *r =
        import_data("hyperfine/bencher-two.json", "hyperfine", &err);
    const struct invocations *in;
    double all[64], value;

    TARE_REQUIRE(r);
    in = find(r, "hyperfine/sleep_0.1", "time");
    TARE_REQUIRE(in && in->n <= ARRAY_LEN(all));
    for (size_t i = 0; i < in->n; i++)
        all[i] = in->invocation[i].sample[0];
    TARE_REQUIRE(stats_median(all, in->n, &value, NULL) == 0);
    TARE_CHECK_REL(value, 0.10652535172000001e9, 1e-15);
}

/* --- text that is wrong */

static const struct {
    const char *format, *text, *why;
    uint32_t line;
} refused[] = {
    {"hyperfine", "{\"results\": [\n{\"command\": \"a\", \"times\": [-1]}]}",
     "negative", 2},
    {"hyperfine", "{\"results\": [\n{\"command\": \"a\", \"times\": [NaN]}]}",
     "must be a number", 2},
    {"hyperfine",
     "{\"results\": [\n{\"command\": \"a\", \"times\": [1]},\n"
     "{\"command\": \"a\", \"times\": [1]}]}",
     "two benchmarks", 3},
    {"hyperfine", "{\"results\": [{\"command\": \"a\", \"times\": [1", "", 1},
    {"hyperfine", "tare: baseline/1\n", "not a file of hyperfine", 1},
    {"pyperf", "{\"version\": \"0.8\", \"benchmarks\": [{\"runs\": []}]}",
     "version", 1},
    {"pyperf",
     "{\"version\": \"1.0\", \"benchmarks\": [{\"metadata\": {\"name\": \"a\","
     " \"unit\": \"furlong\"}, \"runs\": []}]}",
     "unit", 1},
    {"pytest-benchmark",
     "{\"benchmarks\": [{\"fullname\": \"a.py::b\",\n\"stats\": "
     "{\"rounds\": 1, \"iterations\": 1, \"data\": [\"...\"]}}]}",
     "must be a number", 2},
    {"go-bench", "BenchmarkA 1 3 ns/op\nBenchmarkA 1 x ns/op\n", "not a number",
     2},
    {"go-bench", "BenchmarkA 1 3 ns/op 5\n", "without its unit", 1},
    {"go-bench", "BenchmarkA 1 -3 ns/op\n", "negative", 1},
    {"go-bench", "BenchmarkA 1 Inf ns/op\n", "not a number", 1},
    {"criterion-rs", "[[1,2],[3]]", "no folder", 0},
    {"criterion-rs", "name  time:   [1 ns 2 furlongs 3 ns]", "times", 1},
    {"criterion-rs", "name  time:   [1 ns -2 ns 3 ns]", "negative", 1},
    {"criterion-rs",
     "group,function,value,sample_time_nanos,iteration_count\na,b,,1,0\n",
     "no iterations", 2},
    {"criterion-rs",
     "group,function,value,sample_time_nanos,iteration_count\na,b,,1\n",
     "4 columns", 2},
    {"jmh",
     "[{\"benchmark\": \"a.b\",\n\"primaryMetric\": {\"scoreUnit\": \"ns/op\","
     " \"rawData\": [[-1]]}}]",
     "negative", 2},
    {"jmh",
     "[{\"benchmark\": \"a.b\", \"primaryMetric\": {\"scoreUnit\": \"B/op\"}}]",
     "no time and no rate", 1},
    {"jmh",
     "[{\"benchmark\": \"a.b\", \"primaryMetric\": {\"scoreUnit\": \"s/op\","
     " \"score\": 1}},\n"
     "{\"benchmark\": \"a.b\", \"primaryMetric\": {\"scoreUnit\": \"s/op\","
     " \"score\": 1}}]",
     "two benchmarks", 2},
    {"catch2",
     "\nbenchmark name   samples  iterations  estimated\n"
     "  mean  low mean  high mean\n"
     "------------------------------------------------------------\n"
     "Fib 10   100   208   7.1968 ms\n",
     "expected three times", 5},
    {"nanobench",
     "|  ns/op |  err% | benchmark\n|---:|---:|:---\n| 1.0 | 2% | `a`\n"
     "| x | 2% | `b`\n",
     "not a number", 4},
    {"nanobench", "|  ns/op |  err% | benchmark\n| 1.0 | 2% |\n", "no name", 2},
    {"rust-libtest", "test a ... bench:   3 ns\n", "expected a time", 1},
    {"rust-libtest",
     "test a ... bench:   3 ns/iter (+/- 1)\n"
     "test a ... bench:   3 ns/iter (+/- 1)\n",
     "two benchmarks", 2},
    {"benchmarkdotnet",
     "{\"HostEnvironmentInfo\": {\"BenchmarkDotNetVersion\": \"1\"},\n"
     "\"Benchmarks\": [{\"Method\": \"a\", \"Statistics\": {}}]}",
     "'Median'", 2},
    {"asv", "{\"commit_hash\": \"1\", \"results\": {\n\"time_a\": \"1\"}}",
     "must be a number", 2},
    {"csv", "name,invocation,value\na,1,2\n", "no column 'metric'", 1},
    {"csv", "name,metric,unit,invocation,value\na,time,ns,1\n", "'value'", 2},
    {"csv", "name,metric,unit,invocation,value\na,time,B,1,1\n",
     "measured in ns", 2},
    {"csv", "name,metric,unit,invocation,value\na,time,ns,-1,1\n",
     "number of a process", 2},
    {"csv", "name,metric,unit,invocation,value\na,x,1,1,1\na,x,2,1,1\n",
     "another unit", 3},
    {"go-bench", "{\"results\": [{\"command\": \"a\", \"mean\": 1}]}",
     "not a file of go-bench", 1},
};

TARE_TEST(what_is_wrong_is_refused_with_its_place)
{
    for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
        const struct import_format *format =
            import_format_find(refused[i].format);
        struct imported out = {.results = NULL};
        struct error err = {0};

        TARE_REQUIRE(format);
        TARE_CHECK(import_read(format, NULL, "f", refused[i].text,
                               strlen(refused[i].text), &out, &err) < 0);
        TARE_CHECK(!out.results);
        TARE_CHECK(strstr(err.text, refused[i].why));
        TARE_CHECK_INT(err.line, refused[i].line);
        TARE_CHECK_STR(err.file, "f");
    }
}

TARE_TEST(values_of_other_harnesses)
{
    static const char text[] = "value,name,metric,unit,invocation\r\n"
                               "1.5,p/f[n=10],time,us,1\r\n"
                               "1.6,p/f[n=10],time,us,1\r\n"
                               "1.7,p/f[n=10],time,us,2\r\n"
                               "2,p/f[n=10],peak,MiB,1\r\n"
                               "3,\"odd, \"\"name\"\"\",hits,1,1\r\n";
    struct imported out = {.results = NULL};
    struct error err = {0};
    const struct invocations *in;

    TARE_REQUIRE(import_read(NULL, NULL, "f", text, strlen(text), &out, &err) ==
                 0);
    in = find(out.results, "p/f[n=10]", "time");
    TARE_CHECK_STR(import_format_name(out.format), "csv");
    TARE_CHECK_INT(in->n, 2);
    TARE_CHECK_INT(in->invocation[0].n, 2);
    TARE_CHECK(in->invocation[1].sample[0] == 1700);
    in = find(out.results, "p/f[n=10]", "peak");
    TARE_CHECK(in->invocation[0].sample[0] == 2097152);
    TARE_CHECK(find(out.results, "csv/odd%2C_%22name%22", "hits"));
    results_free(out.results);
}

static const char asv_2[] =
    "{\"version\": 2, \"commit_hash\": \"abc\", \"date\": 1500000000000,"
    " \"params\": {\"machine\": \"m\"}, \"result_columns\": [\"result\","
    " \"params\", \"version\", \"started_at\", \"samples\"], \"results\": {"
    "\"a.time_b\": [[0.5], [], \"1f\", 1600000000000, [[0.5, 0.25]]],"
    "\"a.peakmem_c\": [[1, null, NaN, 4], [[\"1\", \"2\"], [\"x\", \"y\"]]]}}";

TARE_TEST(the_second_version_of_asv)
{
    struct imported out = {.results = NULL};
    struct error err = {0};
    const struct invocations *in;
    const struct results *r;

    TARE_REQUIRE(
        import_read(NULL, NULL, "f", asv_2, strlen(asv_2), &out, &err) == 0);
    r = out.results;
    TARE_CHECK_STR(r->occasion[0].created, "2020-09-13T12:26:40Z");
    TARE_CHECK_INT(out.revision_time, 1500000000);
    in = find(r, "a/time_b", "time");
    TARE_REQUIRE(in && in->n == 1 && in->invocation[0].n == 2);
    TARE_CHECK(in->invocation[0].sample[1] == 250000000);
    TARE_CHECK(results_find(r, "a/time_b")->version > 0);
    in = find(r, "a/peakmem_c[param1=2,param2=y]", "max_rss");
    TARE_CHECK(in->invocation[0].sample[0] == 4);
    TARE_CHECK_INT(results_find(r, "a/peakmem_c[param1=1,param2=y]")->status,
                   CASE_FAILED);
    TARE_CHECK(!results_find(r, "a/peakmem_c[param1=2,param2=x]"));
    results_free(out.results);
}

/* Launches are processes. */
TARE_TEST(launches_of_benchmarkdotnet)
{
    static const char text[] =
        "{\"HostEnvironmentInfo\": {\"BenchmarkDotNetVersion\": \"1\"},"
        "\"Benchmarks\": [{\"Type\": \"T\", \"Method\": \"f\","
        "\"DisplayInfo\": \"T.f: LongRun(LaunchCount=2) [N=3]\","
        "\"Parameters\": \"N=3\", \"Statistics\": {\"Median\": 1},"
        "\"Memory\": {\"BytesAllocatedPerOperation\": 64},"
        "\"Measurements\": ["
        "{\"IterationMode\": \"Workload\", \"IterationStage\": \"Warmup\","
        "\"LaunchIndex\": 1, \"Operations\": 1, \"Nanoseconds\": 99},"
        "{\"IterationMode\": \"Workload\", \"IterationStage\": \"Result\","
        "\"LaunchIndex\": 1, \"Operations\": 4, \"Nanoseconds\": 10},"
        "{\"IterationMode\": \"Workload\", \"IterationStage\": \"Result\","
        "\"LaunchIndex\": 2, \"Operations\": 4, \"Nanoseconds\": 12}]}]}";
    struct imported out = {.results = NULL};
    struct error err = {0};
    const struct invocations *in;

    TARE_REQUIRE(import_read(NULL, NULL, "f", text, strlen(text), &out, &err) ==
                 0);
    in = find(out.results, "T/f[N=3,job=LongRun]", "time");
    TARE_REQUIRE(in && in->n == 2);
    TARE_CHECK(in->invocation[0].sample[0] == 2.5);
    TARE_CHECK(in->invocation[1].sample[0] == 3);
    TARE_CHECK(find(out.results, "T/f[N=3,job=LongRun]", "alloc_bytes"));
    results_free(out.results);
}

/* Printed twice by two processes: criterion refuses a name twice in one. */
TARE_TEST(processes_of_go_and_of_criterion)
{
    static const char go[] =
        "goos: linux\npkg: a\nBenchmarkF-4 10 5 ns/op\nBenchmarkF-4 10 6 ns/op\n"
        "PASS\nok  \ta\t1s\ngoos: linux\npkg: a\nBenchmarkF-4 10 7 ns/op\nPASS\n";
    static const char rs[] = "f  time:   [1 ns 2 ns 3 ns]\n"
                             "f  time:   [1 ns 4 ns 5 ns]\n";
    struct imported out = {.results = NULL};
    struct error err = {0};
    const struct invocations *in;

    TARE_REQUIRE(import_read(NULL, NULL, "f", go, strlen(go), &out, &err) == 0);
    in = find(out.results, "a/F[procs=4]", "time");
    TARE_REQUIRE(in && in->n == 2);
    TARE_CHECK_INT(in->invocation[0].n, 2);
    TARE_CHECK_INT(in->invocation[1].n, 1);
    results_free(out.results);
    TARE_REQUIRE(import_read(NULL, NULL, "f", rs, strlen(rs), &out, &err) == 0);
    in = find(out.results, "criterion/f", "time");
    TARE_REQUIRE(in && in->n == 2);
    TARE_CHECK(in->invocation[1].sample[0] == 4);
    results_free(out.results);
}

TARE_TEST(what_is_no_text_is_refused)
{
    static const char nul[] = "Benchmark\0A 1 3 ns/op";
    struct imported out;
    struct error err = {0};

    TARE_CHECK(import_read(NULL, NULL, "f", nul, sizeof nul, &out, &err) < 0);
    TARE_CHECK(strstr(err.text, "NULs"));
    TARE_CHECK(import_read(NULL, NULL, "f", "\x1f\x8b\x08", 3, &out, &err) < 0);
    TARE_CHECK_STR(err.help, "gunzip it first");
    TARE_CHECK(import_read(NULL, NULL, "f", "", 0, &out, &err) < 0);
}
