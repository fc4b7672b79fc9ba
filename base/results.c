/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building and searching results. */
#include <config.h>

#include "base/results.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *unit;
    enum better better;
} known_metrics[] = {
    {"time", "ns", BETTER_LOWER},
    {"cpu_time", "ns", BETTER_LOWER},
    {"max_rss", "B", BETTER_LOWER},
    {"allocs", "1", BETTER_LOWER},
    {"alloc_bytes", "B", BETTER_LOWER},
    {"page_faults", "1", BETTER_LOWER},
    {"ctx_switches", "1", BETTER_LOWER},
    {"instructions", "1", BETTER_LOWER},
    {"read_bytes", "B", BETTER_LOWER},
    {"write_bytes", "B", BETTER_LOWER},
    {"p50", "ns", BETTER_LOWER},
    {"p90", "ns", BETTER_LOWER},
    {"p99", "ns", BETTER_LOWER},
    {"p99.9", "ns", BETTER_LOWER},
    {"cycles", "1", BETTER_LOWER},
    {"branches", "1", BETTER_LOWER},
    {"branch_misses", "1", BETTER_LOWER},
    {"cache_references", "1", BETTER_LOWER},
    {"cache_misses", "1", BETTER_LOWER},
    {"migrations", "1", BETTER_LOWER},
    {"steal", "1", BETTER_NONE},
    {"foreign_cpu", "1", BETTER_NONE},
    {"run_delay", "1", BETTER_NONE},
    {"major_faults", "1", BETTER_NONE},
    {"moves", "1", BETTER_NONE},
    {"quota_throttled", "1", BETTER_NONE},
    {"psi_cpu", "1", BETTER_NONE},
    {"load", "1", BETTER_NONE},
    {"mhz", "MHz", BETTER_NONE},
    {"throttled", "1", BETTER_NONE},
    {"disk_read", "B", BETTER_LOWER},
    {"disk_written", "B", BETTER_LOWER},
    {"user_time", "ns", BETTER_LOWER},
    {"system_time", "ns", BETTER_LOWER},
};

static const char *const better_words[] = {"none", "lower", "higher"};
static const char *const status_words[] = {"measured", "failed", "skipped"};
static const char *const stopped_words[] = {
    "unknown", "precise", "no-gain", "budget", "max-time", "fixed", "interrupt",
};

struct results *results_new(void)
{
    struct results *results = calloc(1, sizeof *results);

    if (results)
        results->name = results->file = "";
    return results;
}

void results_free(struct results *results)
{
    if (!results)
        return;
    arena_clear(&results->arena);
    free(results);
}

/* Room for occasion n in every metric that exists already. */
static bool widen_metrics(struct results *results)
{
    size_t n = results->n_occasions;

    for (size_t c = 0; c < results->n_cases; c++) {
        struct case_results *cr = &results->cases[c];

        for (size_t m = 0; m < cr->n_metrics; m++) {
            struct invocations *wider =
                arena_alloc(&results->arena, n + 1, sizeof *wider);

            if (!wider)
                return false;
            if (n)
                memcpy(wider, cr->metric[m].occasion, n * sizeof *wider);
            cr->metric[m].occasion = wider;
        }
    }
    return true;
}

struct occasion *results_add_occasion(struct results *results)
{
    size_t n = results->n_occasions;
    struct occasion *all = arena_grow(&results->arena, results->occasion, n,
                                      sizeof *results->occasion);

    if (!all || !widen_metrics(results))
        return NULL;
    results->occasion = all;
    all[n] = (struct occasion){
        .created = "", .revision = "", .branch = "", .machine_key = ""};
    results->n_occasions++;
    return &all[n];
}

struct case_results *results_add_case(struct results *results, const char *id)
{
    size_t n = results->n_cases;
    struct case_results *all =
        arena_grow(&results->arena, results->cases, n, sizeof *results->cases);
    const char *copy = arena_strdup(&results->arena, id);

    if (!all || !copy)
        return NULL;
    results->cases = all;
    all[n] = (struct case_results){
        .id = copy,
        .program = "",
        .hash = "",
        .tags = "",
        .result = "",
        .baseline = "",
        .message = "",
        .warmup = -1,
        .disturbed = -1,
    };
    results->n_cases++;
    return &all[n];
}

struct case_results *results_find(const struct results *results, const char *id)
{
    for (size_t i = 0; i < results->n_cases; i++)
        if (strcmp(results->cases[i].id, id) == 0)
            return &results->cases[i];
    return NULL;
}

struct metric *results_metric(const struct case_results *c, const char *name)
{
    for (size_t i = 0; i < c->n_metrics; i++)
        if (strcmp(c->metric[i].name, name) == 0)
            return &c->metric[i];
    return NULL;
}

struct metric *results_need_metric(struct results *results,
                                   struct case_results *c, const char *name,
                                   const char *unit, enum better better)
{
    struct metric *found = results_metric(c, name);
    struct metric *all;
    struct metric m;

    if (found)
        return found;
    m = (struct metric){
        .name = arena_strdup(&results->arena, name),
        .unit = arena_strdup(&results->arena, unit),
        .better = better,
        .occasion = arena_alloc(&results->arena, results->n_occasions,
                                sizeof *m.occasion),
    };
    all = arena_grow(&results->arena, c->metric, c->n_metrics, sizeof m);
    if (!m.name || !m.unit || !m.occasion || !all)
        return NULL;
    c->metric = all;
    all[c->n_metrics] = m;
    return &all[c->n_metrics++];
}

int results_add_invocation(struct results *results, struct metric *metric,
                           size_t o, const double *sample, size_t n,
                           struct error *err)
{
    struct invocations *in = &metric->occasion[o];
    struct invocation *all =
        arena_grow(&results->arena, in->invocation, in->n, sizeof *all);
    double *copy = arena_alloc(&results->arena, n, sizeof *copy);

    if (!all || !copy)
        return ERROR(err, ERR_NOMEM, "no memory for %zu samples", n);
    if (n)
        memcpy(copy, sample, n * sizeof *copy);
    in->invocation = all;
    all[in->n++] = (struct invocation){.sample = copy, .n = n};
    return 0;
}

int facts_set(struct arena *arena, struct facts *facts, const char *name,
              const char *value, struct error *err)
{
    char *v = arena_strdup(arena, value);
    struct fact *all;
    size_t at = 0;

    while (at < facts->n && strcmp(facts->fact[at].name, name) < 0)
        at++;
    if (at < facts->n && strcmp(facts->fact[at].name, name) == 0 && v) {
        facts->fact[at].value = v;
        return 0;
    }
    all = arena_grow(arena, facts->fact, facts->n, sizeof *all);
    name = arena_strdup(arena, name);
    if (!v || !all || !name)
        return ERROR(err, ERR_NOMEM, "no memory for a fact");
    memmove(all + at + 1, all + at, (facts->n - at) * sizeof *all);
    all[at] = (struct fact){.name = name, .value = v};
    facts->fact = all;
    facts->n++;
    return 0;
}

const char *facts_get(const struct facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->n; i++)
        if (strcmp(facts->fact[i].name, name) == 0)
            return facts->fact[i].value;
    return NULL;
}

static int by_id(const void *a, const void *b)
{
    const struct case_results *x = a, *y = b;

    return strcmp(x->id, y->id);
}

void results_sort(struct results *results)
{
    if (results->n_cases)
        qsort(results->cases, results->n_cases, sizeof *results->cases, by_id);
}

const char *better_name(enum better better)
{
    return better_words[better];
}

const char *case_status_name(enum case_status status)
{
    return status_words[status];
}

const char *stopped_by_name(enum stopped_by why)
{
    return stopped_words[why];
}

int better_parse(const char *word, enum better *out)
{
    for (int i = 0; i < 3; i++) {
        if (strcmp(word, better_words[i]) == 0) {
            *out = (enum better)i;
            return 0;
        }
    }
    return -1;
}

bool metric_known(const char *name, const char **unit, enum better *better)
{
    for (size_t i = 0; i < sizeof known_metrics / sizeof *known_metrics; i++) {
        if (strcmp(name, known_metrics[i].name) == 0) {
            *unit = known_metrics[i].unit;
            *better = known_metrics[i].better;
            return true;
        }
    }
    return false;
}

bool metric_is_counted(const char *name)
{
    static const char *const counted[] = {
        "allocs",       "alloc_bytes",      "read_bytes", "write_bytes",
        "instructions", "cycles",           "branches",   "branch_misses",
        "cache_misses", "cache_references", "migrations",
    };

    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        if (strcmp(name, counted[i]) == 0)
            return true;
    return false;
}
