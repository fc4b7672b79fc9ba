/* SPDX-License-Identifier: MIT */
/* The quick table. */
#include <config.h>

#include "bench/quick.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/fixture.h"
#include "bench/team.h"

static int64_t target_ns = 10000000;

void tarei_quick_set_sample(int64_t ns)
{
    target_ns = ns;
}

/* ---- taking samples */

static int quick_next(void *ctx, struct tare *b, struct tarei_order *out)
{
    struct tarei_quick *quick = ctx;

    (void)b;
    if (quick->iterations == 0)
        quick->iterations = 1;
    *out = (struct tarei_order){.iterations = quick->iterations,
                                .flags = quick->calibrated ? 0 : WIRE_WARM};
    return quick->n < QUICK_SAMPLES;
}

/* While the count is being found, samples are dropped. */
static void quick_done(void *ctx, struct tare *b,
                       const struct tarei_sample *sample)
{
    struct tarei_quick *quick = ctx;

    (void)b;
    if (quick->calibrated) {
        quick->sample[quick->n++] =
            (double)sample->elapsed_ns / (double)quick->iterations;
    } else if (sample->elapsed_ns >= target_ns / 2 ||
               quick->iterations > UINT64_MAX / 4) {
        quick->calibrated = 1;
    } else {
        quick->iterations *= 2;
    }
}

struct tarei_driver tarei_quick_driver(struct tarei_quick *quick)
{
    return (struct tarei_driver){quick_next, quick_done, quick};
}

static int by_value(const void *a, const void *b)
{
    double one = *(const double *)a, two = *(const double *)b;

    return (one > two) - (one < two);
}

/* n is odd. */
static double median_of(double *x, size_t n)
{
    qsort(x, n, sizeof *x, by_value);
    return x[n / 2];
}

void tarei_quick_summary(struct tarei_quick *quick, double *median,
                         double *spread)
{
    double away[QUICK_SAMPLES];

    *median = median_of(quick->sample, quick->n);
    for (size_t i = 0; i < quick->n; i++)
        away[i] = fabs(quick->sample[i] - *median);
    *spread = *median > 0 ? median_of(away, quick->n) / *median : 0;
}

/* ---- text */

char *tarei_quick_time(char out[QUICK_TEXT], double ns)
{
    static const char *const unit[] = {"ns", "us", "ms", "s"};
    size_t i = 0;

    while (ns >= 999.95 && i < 3) {
        ns /= 1000;
        i++;
    }
    snprintf(out, QUICK_TEXT, "%.*f %s",
             ns < 9.9995   ? 3
             : ns < 99.995 ? 2
             : ns < 999.95 ? 1
                           : 0,
             ns, unit[i]);
    return out;
}

char *tarei_quick_scaled(char out[QUICK_TEXT], double value, const char *unit)
{
    static const char *const prefix[] = {"", "k", "M", "G", "T", "P"};
    size_t i = 0;
    int digits;

    while (value >= 999.5 && i < 5) {
        value /= 1000;
        i++;
    }
    digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    snprintf(out, QUICK_TEXT, "%.*f %s%s%s", digits, value, prefix[i],
             i > 0 && strlen(unit) > 3 ? " " : "", unit);
    return out;
}

void tarei_quick_header(const char *prefix, int id_width)
{
    printf("%s%-*s  %12s  %7s  %s\n", prefix, id_width < 9 ? 9 : id_width,
           "benchmark", "time/iter", "spread", "besides");
}

static void print_besides(const struct tarei_bench *bench, double ns)
{
    char text[QUICK_TEXT];

    if (bench->items && ns > 0)
        printf("  %s", tarei_quick_scaled(text, (double)bench->items * 1e9 / ns,
                                          "items/s"));
    if (bench->bytes && ns > 0)
        printf("  %s", tarei_quick_scaled(text, (double)bench->bytes * 1e9 / ns,
                                          "B/s"));
    if (bench->histogram && bench->histogram->count > 0) {
        printf("  p50 %s", tarei_quick_time(text, tarei_histogram_quantile(
                                                      bench->histogram, 0.5)));
        printf("  p99 %s", tarei_quick_time(text, tarei_histogram_quantile(
                                                      bench->histogram, 0.99)));
    }
    for (size_t i = 0; i < bench->n_counters; i++)
        printf("  %s %g %s", bench->counter[i].name, bench->counter[i].value,
               bench->counter[i].unit);
}

/* Where a row goes. */
struct table {
    const char *prefix;
    int id_width;
};

static void print_name(const struct table *table, const struct tarei_case *item)
{
    int width = table->id_width < 9 ? 9 : table->id_width;

    printf("%s%-*s", table->prefix, width, item->id);
}

static void print_figures(const struct tarei_bench *bench,
                          struct tarei_quick *quick)
{
    char text[QUICK_TEXT];
    double median, spread;

    tarei_quick_summary(quick, &median, &spread);
    printf("  %12s  %5.1f %%", tarei_quick_time(text, median), 100 * spread);
    print_besides(bench, median);
}

/* ---- one row */

static int print_outcome(const struct table *table, const struct tare *b)
{
    int skipped = b->outcome == OUTCOME_SKIPPED;

    print_name(table, b->item);
    printf("  %s: %s\n", skipped ? "skipped" : "FAILED", b->message);
    return !skipped;
}

/* What the body prints comes before its row.  1 when the benchmark failed. */
static int measure(const struct table *table, struct tare *b)
{
    static struct tarei_bench bench;
    struct tarei_quick quick = {0};
    struct tarei_driver driver = tarei_quick_driver(&quick);
    int failed = 0;

    tarei_bench_begin(b, &bench, &tarei_system_clock, &driver);
    if (tarei_fixture_enter(b, TARE_CASE) == 0)
        tarei_team_run(b);
    tarei_fixture_leave(b, TARE_CASE);
    tarei_context_remove_tmpdir(b);
    if (b->outcome != OUTCOME_PASSED) {
        failed = print_outcome(table, b);
    } else {
        print_name(table, b->item);
        print_figures(&bench, &quick);
        putchar('\n');
    }
    tarei_bench_end(&bench);
    fflush(stdout);
    return failed;
}

/* What the child has done, in memory shared with it: its exit status could
 * also be the body's. */
enum row { ROW_MISSING = 0, ROW_MEASURED, ROW_FAILED };

static int wait_row(const struct table *table, struct tare *b, pid_t pid,
                    const enum row *row)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (*row != ROW_MISSING && !WIFSIGNALED(status))
        return *row == ROW_FAILED;
    if (WIFSIGNALED(status))
        tarei_context_fail(b, "ended by signal %d (%s)", WTERMSIG(status),
                           strsignal(WTERMSIG(status)));
    else
        tarei_context_fail(b,
                           "ended its process in the middle, with exit status "
                           "%d",
                           WEXITSTATUS(status));
    return print_outcome(table, b);
}

/* In a process of its own, so that a crash costs one row. */
static int fork_row(const struct table *table, struct tare *b)
{
    enum row *row = mmap(NULL, sizeof *row, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int failed;
    pid_t pid = -1;

    fflush(NULL);
    if (row != MAP_FAILED)
        pid = fork();
    if (pid == 0) {
        tarei_clock_close();
        *row = measure(table, b) ? ROW_FAILED : ROW_MEASURED;
        _exit(0);
    }
    if (pid < 0) {
        tarei_context_fail(b, "cannot start a process: %s", strerror(errno));
        failed = print_outcome(table, b);
    } else {
        failed = wait_row(table, b, pid, row);
    }
    if (row != MAP_FAILED)
        munmap(row, sizeof *row);
    return failed;
}

int tarei_quick_row(const char *prefix, int id_width,
                    const struct tarei_case *item, int no_fork)
{
    static struct tare b;
    const struct table table = {prefix, id_width};

    tarei_context_begin(&b, item);
    if (tarei_fixture_enter(&b, TARE_PROGRAM) < 0)
        return print_outcome(&table, &b);
    return no_fork ? measure(&table, &b) : fork_row(&table, &b);
}
