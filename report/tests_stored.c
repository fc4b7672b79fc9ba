/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "report/tests_stored.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/units.h"

enum { WORKERS_MAX = 4096 };

/* 3 of "w3", -1 of anything else. */
static int worker_of(const struct stored_outcome *o)
{
    int64_t n;

    if (o->worker[0] != 'w' ||
        parse_int(o->worker + 1, 0, WORKERS_MAX - 1, &n, NULL) < 0)
        return -1;
    return (int)n;
}

static struct test_result result_of(const struct stored_outcome *o,
                                    size_t attempts)
{
    struct test_result r = {
        .id = o->id,
        .tags = o->tags,
        .file = o->file,
        .line = (uint32_t)o->line,
        .outcome = TEST_FAILED, /* a word of a newer program is no success */
        .attempts = (int64_t)attempts,
        .duration_ns = o->duration_ns,
        .started_ns = o->started_ns,
        .setup_ns = o->setup_ns,
        .call_ns = o->call_ns,
        .teardown_ns = o->teardown_ns,
        .worker = worker_of(o),
        .cpu = (int)o->cpu,
        .message = o->message,
        .note = o->note,
        .output = o->output,
        .usage = {.user_s = o->usage.user_s,
                  .system_s = o->usage.system_s,
                  .max_rss = o->usage.max_rss,
                  .read_bytes = o->usage.read_bytes,
                  .write_bytes = o->usage.write_bytes,
                  .ctx_switches = o->usage.ctx_switches,
                  .page_faults = o->usage.page_faults},
    };

    test_outcome_parse(o->outcome, &r.outcome);
    return r;
}

/* Rows of one test become neighbours, in the order of their attempts. */
static int by_test(const void *a, const void *b)
{
    const struct stored_outcome *x = *(const struct stored_outcome *const *)a;
    const struct stored_outcome *y = *(const struct stored_outcome *const *)b;
    int order = strcmp(x->id, y->id);

    if (order == 0)
        order = (x->item > y->item) - (x->item < y->item);
    return order ? order : (x > y) - (x < y);
}

static bool is_same(const struct stored_outcome *a,
                    const struct stored_outcome *b)
{
    return a->item == b->item && strcmp(a->id, b->id) == 0;
}

/* In the order of definition; without it a test stands where it began first. */
struct placed {
    struct test_result result;
    const struct stored_outcome *first;
};

static int by_place(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;

    if (x->first->item != y->first->item)
        return x->first->item < y->first->item ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

static size_t join_attempts(const struct stored_outcome **row, size_t n,
                            struct placed *out)
{
    size_t count = 0;

    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && is_same(row[from], row[to]);)
            to++;
        out[count++] =
            (struct placed){result_of(row[to - 1], to - from), row[from]};
    }
    qsort(out, count, sizeof *out, by_place);
    return count;
}

static void fill_crew(const struct stored_outcome *row, size_t n,
                      const struct stored_crew *crew, struct test_report *out)
{
    int64_t last = 0;
    int highest = 0;

    out->workers = (size_t)crew->workers;
    out->makespan_ns = crew->makespan_ns;
    if (crew->workers > 0)
        return;

    for (size_t i = 0; i < n; i++) {
        int64_t end = row[i].started_ns + row[i].duration_ns;
        int worker = worker_of(&row[i]);

        last = end > last ? end : last;
        highest = worker > highest ? worker : highest;
    }
    out->makespan_ns = last;
    out->workers = (size_t)highest + 1;
}

int tests_from_stored(const struct stored_outcome *row, size_t n,
                      const struct stored_crew *crew, struct arena *arena,
                      struct test_report *out, struct error *err)
{
    SCOPED(free_scoped)
    const struct stored_outcome **sorted = calloc(n + 1, sizeof(*sorted));
    SCOPED(free_scoped) struct placed *placed = calloc(n + 1, sizeof *placed);
    struct test_result *all = arena_alloc(arena, n, sizeof *all);
    size_t count;

    if (!sorted || !placed || !all)
        return ERROR(err, ERR_NOMEM, "no memory for %zu tests", n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = &row[i];
    qsort(sorted, n, sizeof(*sorted), by_test);
    count = join_attempts(sorted, n, placed);
    for (size_t i = 0; i < count; i++)
        all[i] = placed[i].result;
    out->test = all;
    out->n = count;
    fill_crew(row, n, crew, out);
    return text_split_lines(crew->problems, arena, &out->problem,
                            &out->n_problems, err);
}
