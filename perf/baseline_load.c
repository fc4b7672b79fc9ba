/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a large baseline takes to load, beside libyaml alone on the same
 * bytes in the same run:
 *
 *     perf/baseline_load [CASES [INVOCATIONS [SAMPLES [ROUNDS]]]]
 *
 * Makes a baseline in memory (by default 10000 cases x 10 invocations x 30
 * samples), then loads it and only parses it in turns, and prints the medians
 * and their ratio. */
#include <config.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <yaml.h>

#include "base/scope.h"
#include "base/strbuf.h"
#include "base/units.h"
#include "config/baseline.h"

enum { MAX_ROUNDS = 99 };

DEFINE_SCOPED(struct results *, results_free)

struct size {
    int64_t cases, invocations, samples, rounds;
};

static double now_s(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators",
 * OOPSLA 2014. */
static uint64_t random_bits(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Times as they are measured: some microseconds, in eighths of a ns. */
static int add_case(struct results *r, const struct size *size, int64_t number,
                    uint64_t *state, struct error *err)
{
    SCOPED(free_scoped) double *x = calloc((size_t)size->samples, sizeof *x);
    struct case_results *c;
    struct metric *m;
    char id[64];
    int rc = 0;

    snprintf(id, sizeof id, "program%lld/case[n=%lld]",
             (long long)(number / 100), (long long)number);
    c = results_add_case(r, id);
    m = c ? results_need_metric(r, c, "time", "ns", BETTER_LOWER) : NULL;
    if (!x || !m)
        return ERROR(err, ERR_NOMEM, "no memory for a case");
    for (int64_t i = 0; i < size->invocations && rc == 0; i++) {
        for (int64_t k = 0; k < size->samples; k++)
            x[k] = 1000 + (double)(random_bits(state) % 80000) / 8;
        rc = results_add_invocation(r, m, 0, x, (size_t)size->samples, err);
    }
    return rc;
}

static int make_text(const struct size *size, struct strbuf *out,
                     struct error *err)
{
    SCOPED(results_free_scoped) struct results *r = results_new();
    uint64_t state = 1;
    double start;
    int rc = 0;

    if (!r || !results_add_occasion(r))
        return ERROR(err, ERR_NOMEM, "no memory for a baseline");
    r->name = "large";
    r->occasion[0].created = "2026-11-22T22:53:14Z";
    for (int64_t i = 0; i < size->cases && rc == 0; i++)
        rc = add_case(r, size, i, &state, err);
    start = now_s();
    if (rc == 0)
        rc = baseline_print(r, out, err);
    printf("writing     %6.3f s  %.1f MB\n", now_s() - start,
           (double)out->size / 1e6);
    return rc;
}

static double parse_only(const struct strbuf *text)
{
    double start = now_s();
    yaml_parser_t parser;
    yaml_event_t event;
    int done = 0;

    if (!yaml_parser_initialize(&parser))
        abort();
    yaml_parser_set_input_string(&parser, (const unsigned char *)text->text,
                                 text->size);
    while (!done) {
        if (!yaml_parser_parse(&parser, &event))
            abort();
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return now_s() - start;
}

static double load(const struct strbuf *text)
{
    double start = now_s();
    struct results *r = NULL;
    struct error err = {0};

    if (baseline_parse("large", text->text, text->size, &r, &err) < 0) {
        error_print(&err, stderr);
        exit(1);
    }
    results_free(r);
    return now_s() - start;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static double median(double *x, int64_t n)
{
    qsort(x, (size_t)n, sizeof *x, by_value);
    return x[n / 2];
}

static int measure(const struct size *size, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    double bare[MAX_ROUNDS], whole[MAX_ROUNDS], ratio[MAX_ROUNDS];
    int rc = make_text(size, &text, err);

    if (rc < 0)
        return rc;
    for (int64_t i = 0; i < size->rounds; i++) {
        bare[i] = parse_only(&text);
        whole[i] = load(&text);
        ratio[i] = whole[i] / bare[i];
    }
    printf("libyaml     %6.3f s\n", median(bare, size->rounds));
    printf("loading     %6.3f s  %.2f times libyaml alone\n",
           median(whole, size->rounds), median(ratio, size->rounds));
    return 0;
}

int main(int argc, char **argv)
{
    struct size size = {10000, 10, 30, 5};
    int64_t *const to[] = {&size.cases, &size.invocations, &size.samples,
                           &size.rounds};
    struct error err = {0};
    int rc = 0;

    for (int i = 1; i < argc && i <= (int)ARRAY_LEN(to) && rc == 0; i++)
        rc = parse_int(argv[i], 1, i == 4 ? MAX_ROUNDS : 1000000, to[i - 1],
                       &err);
    if (rc == 0)
        rc = measure(&size, &err);
    if (rc < 0)
        error_print(&err, stderr);
    return rc < 0;
}
