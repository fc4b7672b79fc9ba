/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store at a million case results: how long a run takes to append, how long
 * any series takes to read, and how large the file is.
 *
 *     perf/store_figures FOLDER [RUNS [CASES]]
 *
 * RUNS x CASES case results (1000 x 1000), each with 5 invocations of 10
 * samples of time and of cpu_time, and one figure each of max_rss and
 * ctx_switches.  The file stays in FOLDER and is filled up to that size when
 * it is there already. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/scope.h"
#include "store/history.h"
#include "store/outcomes.h"
#include "store/runs.h"

enum { INVOCATIONS = 5, SAMPLES = 10, ITERATIONS = 4096, TRIES = 15 };

/* xorshift64* (Vigna 2016): the same data every time. */
static uint64_t state = 42;

static uint64_t next_random(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * UINT64_C(2685821657736338717);
}

static double clock_ms(clockid_t clock)
{
    struct timespec ts;

    clock_gettime(clock, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

/* Wall time counts, CPU time tells how much of it the neighbours took. */
struct moment {
    double wall, cpu;
};

static struct moment now(void)
{
    return (struct moment){clock_ms(CLOCK_MONOTONIC),
                           clock_ms(CLOCK_PROCESS_CPUTIME_ID)};
}

static struct moment since(struct moment began)
{
    struct moment t = now();

    return (struct moment){t.wall - began.wall, t.cpu - began.cpu};
}

static void check(int rc, const struct error *err)
{
    if (rc >= 0)
        return;
    error_print(err, stderr);
    exit(3);
}

/* One invocation of case c, about as noisy as a shared machine. */
static void add_invocation(struct store *store, int64_t run, size_t c)
{
    double time[SAMPLES], cpu[SAMPLES], rss, switches;
    const struct measured_metric metric[] = {
        {"time", "ns", BETTER_LOWER, time, SAMPLES},
        {"cpu_time", "ns", BETTER_LOWER, cpu, SAMPLES},
        {"max_rss", "B", BETTER_LOWER, &rss, 1},
        {"ctx_switches", "1", BETTER_LOWER, &switches, 1},
    };
    struct error err = {0};
    char id[64];

    for (int i = 0; i < SAMPLES; i++) {
        time[i] = (double)(1000000 + next_random() % 20000) / ITERATIONS;
        cpu[i] = (double)(1000000 + next_random() % 20000) / ITERATIONS;
    }
    rss = (double)(4096 * (1000 + next_random() % 16));
    switches = (double)(next_random() % 8);
    snprintf(id, sizeof id, "program%zu/case[n=%zu]", c / 50, c);
    check(runs_add(store, run,
                   &(struct measured){.id = id,
                                      .iterations = ITERATIONS,
                                      .metric = metric,
                                      .n_metrics = ARRAY_LEN(metric)},
                   &err),
          &err);
}

/* The same run as results in memory: what an import hands over. */
static struct results *make_results(size_t cases)
{
    struct results *r = results_new();

    results_add_occasion(r);
    for (size_t c = 0; c < cases; c++) {
        static const char *const name[] = {"time", "cpu_time", "max_rss",
                                           "ctx_switches"};
        struct case_results *cr;
        char id[64];

        snprintf(id, sizeof id, "program%zu/case[n=%zu]", c / 50, c);
        cr = results_add_case(r, id);
        cr->program = "build/program";
        cr->tags = "unit";
        cr->iterations = ITERATIONS;
        for (size_t m = 0; m < ARRAY_LEN(name); m++) {
            struct metric *metric =
                results_need_metric(r, cr, name[m], "ns", BETTER_LOWER);

            for (int i = 0; i < INVOCATIONS; i++) {
                double x[SAMPLES];

                for (int k = 0; k < SAMPLES; k++)
                    x[k] =
                        (double)(1000000 + next_random() % 20000) / ITERATIONS;
                results_add_invocation(r, metric, 0, x, m < 2 ? SAMPLES : 1,
                                       NULL);
            }
        }
    }
    return r;
}

static void add_facts(struct store *store, int64_t run, size_t c)
{
    struct error err = {0};
    char id[64];

    snprintf(id, sizeof id, "program%zu/case[n=%zu]", c / 50, c);
    check(runs_set_case(store, run, SIDE_NEW,
                        &(struct case_results){.id = id,
                                               .program = "build/program",
                                               .hash = "",
                                               .tags = "unit",
                                               .result = "",
                                               .baseline = "",
                                               .message = "",
                                               .iterations = ITERATIONS,
                                               .warmup = 3,
                                               .stopped_by = STOPPED_PRECISE},
                        &err),
          &err);
}

enum way {
    AT_ONCE = 0, /* as results, in one transaction */
    HELD,        /* invocation by invocation, in one transaction */
    ONE_BY_ONE,  /* as it happens: each invocation a transaction */
};

static const char *const way_words[] = {"at once", "one transaction",
                                        "one per invocation"};

static void fill_run(struct store *store, int64_t run, size_t cases,
                     const struct results *results)
{
    struct error err = {0};

    if (results) {
        check(runs_add_results(store, run, SIDE_NEW, results, 0, &err), &err);
        return;
    }
    for (int i = 0; i < INVOCATIONS; i++)
        for (size_t c = 0; c < cases; c++)
            add_invocation(store, run, c);
    for (size_t c = 0; c < cases; c++)
        add_facts(store, run, c);
}

/* A whole run; results are used AT_ONCE. */
static void add_run(struct store *store, size_t number, size_t cases,
                    enum way way, const struct results *results)
{
    char revision[41], created[32];
    const struct occasion occasion = {
        .created = created,
        .revision = revision,
        .branch = "main",
        .machine_key = number % 8 ? "machine-one" : "machine-two",
        .seed = number,
    };
    const struct run_plan plan = {.suite = "suite", .occasion = &occasion};
    struct error err = {0};
    int64_t run;

    snprintf(revision, sizeof revision, "%016llx%024zx",
             (unsigned long long)number * 0x9e3779b97f4a7c15u, number);
    snprintf(created, sizeof created, "%04zu-%02zu-%02zuT%02zu:%02zu:00Z",
             2020 + number / 40320 % 100, number / 3360 % 12 + 1,
             number / 120 % 28 + 1, number / 60 % 2, number % 60);
    if (way == HELD)
        check(store_hold(store, &err), &err);
    check(runs_begin(store, &plan, &run, &err), &err);
    fill_run(store, run, cases, way == AT_ONCE ? results : NULL);
    if (way == HELD)
        check(store_release(store, &err), &err);
    check(runs_finish(store, run, RUN_COMPLETE, created, 0, &err), &err);
}

static int by_wall(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;

    return (x->wall > y->wall) - (x->wall < y->wall);
}

static int by_cpu(const void *a, const void *b)
{
    const struct moment *x = a, *y = b;

    return (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

static void print_times(const char *what, struct moment *t, size_t n)
{
    qsort(t, n, sizeof *t, by_wall);
    printf("%-48s median %7.2f ms, max %7.2f ms", what, t[n / 2].wall,
           t[n - 1].wall);
    qsort(t, n, sizeof *t, by_cpu);
    printf(", CPU %7.2f ms\n", t[n / 2].cpu);
}

static void time_appending(struct store *store, size_t number, size_t cases,
                           enum way way)
{
    struct results *results = make_results(cases);
    struct moment spent[TRIES];
    char what[80];

    for (size_t i = 0; i < TRIES; i++) {
        struct moment began = now();

        add_run(store, number + i, cases, way, results);
        spent[i] = since(began);
    }
    snprintf(what, sizeof what, "append a run of %zu cases, %s", cases,
             way_words[way]);
    print_times(what, spent, TRIES);
    results_free(results);
}

static void time_series(const char *path, size_t cases, const char *metric,
                        bool cold)
{
    struct store *store = NULL;
    struct error err = {0};
    struct moment spent[TRIES];
    size_t points = 0;
    char what[80];

    check(store_open(path, STORE_READ, &store, &err), &err);
    for (size_t i = 0; i < TRIES; i++) {
        struct arena arena = {0};
        struct series series;
        char id[64];
        size_t c = (size_t)(next_random() % cases);
        struct moment began = now();

        if (cold) {
            store_close(store);
            check(store_open(path, STORE_READ, &store, &err), &err);
        }
        snprintf(id, sizeof id, "program%zu/case[n=%zu]", c / 50, c);
        check(history_series(store,
                             &(struct series_filter){
                                 .suite = "suite", .id = id, .metric = metric},
                             &arena, &series, &err),
              &err);
        spent[i] = since(began);
        points = series.n;
        arena_clear(&arena);
    }
    store_close(store);
    snprintf(what, sizeof what, "series of %s, %zu points%s", metric, points,
             cold ? ", opening included" : "");
    print_times(what, spent, TRIES);
}

static void time_loading(struct store *store)
{
    struct moment spent[TRIES];
    struct error err = {0};
    int64_t last = 0;

    check(runs_find(store, "last", &last, &err), &err);
    for (size_t i = 0; i < TRIES; i++) {
        struct results *results = NULL;
        struct moment began = now();

        check(runs_load(store, last, SIDE_NEW, &results, &err), &err);
        spent[i] = since(began);
        results_free(results);
    }
    print_times("load the last run", spent, TRIES);
}

/* Tests that end as fast as they can be run: committed a hundred at a time. */
static void time_outcomes(struct store *store)
{
    enum { TESTS = 10000, HELD_TESTS = 100 };
    const struct occasion occasion = {.created = "2019-01-01T00:00:00Z",
                                      .revision = "",
                                      .branch = "",
                                      .machine_key = ""};
    const struct run_plan plan = {
        .kind = RUN_KIND_TEST, .suite = "tests", .occasion = &occasion};
    struct error err = {0};
    struct moment spent;
    struct moment began = now();
    int64_t run;

    check(runs_begin(store, &plan, &run, &err), &err);
    for (int i = 0; i < TESTS; i++) {
        char id[64];

        if (i % HELD_TESTS == 0)
            check(store_hold(store, &err), &err);
        snprintf(id, sizeof id, "program%d/test%d", i / 100, i);
        check(outcomes_add(store, run,
                           &(struct stored_outcome){.id = id,
                                                    .outcome = "passed",
                                                    .call_ns = i,
                                                    .worker = "w0",
                                                    .tags = "unit",
                                                    .message = "",
                                                    .output = ""},
                           &err),
              &err);
        if (i % HELD_TESTS == HELD_TESTS - 1)
            check(store_release(store, &err), &err);
    }
    spent = since(began);
    printf("%d outcomes of tests: %.2f ms, CPU %.2f ms\n", TESTS, spent.wall,
           spent.cpu);
    check(runs_remove(store, run, &err), &err);
}

/* Closing merges the log into the file first. */
static void print_size(const char *path)
{
    struct store *store = NULL;
    struct store_size size;
    struct error err = {0};

    check(store_open(path, STORE_READ, &store, &err), &err);
    check(store_measure(store, &size, &err), &err);
    printf("%lld runs, %lld case results, %lld invocations: %.1f MB, %.0f "
           "bytes per case result\n",
           (long long)size.runs, (long long)size.results,
           (long long)size.invocations, (double)size.bytes / 1e6,
           (double)size.bytes / (double)size.results);
    store_close(store);
}

int main(int argc, char **argv)
{
    size_t runs = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000;
    size_t cases = argc > 3 ? strtoul(argv[3], NULL, 10) : 1000;
    struct store *store = NULL;
    struct store_size size;
    struct error err = {0};
    char path[512];
    struct moment began = now();

    if (argc < 2) {
        fprintf(stderr, "usage: %s FOLDER [RUNS [CASES]]\n", argv[0]);
        return 2;
    }
    snprintf(path, sizeof path, "%s/figures-%zux%zu.db", argv[1], runs, cases);
    check(store_open(path, STORE_WRITE, &store, &err), &err);
    check(store_measure(store, &size, &err), &err);
    for (size_t i = (size_t)size.runs; i < runs; i++)
        add_run(store, i, cases, HELD, NULL);
    printf("filled up in %.1f s\n", since(began).wall / 1e3);
    for (int way = AT_ONCE; way <= ONE_BY_ONE; way++)
        time_appending(store, runs + (size_t)way * TRIES, cases, (enum way)way);
    time_loading(store);
    time_outcomes(store);
    store_close(store);
    print_size(path);
    time_series(path, cases, "time", false);
    time_series(path, cases, "max_rss", false);
    time_series(path, cases, "time", true);
    return 0;
}
