/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing executions, and cutting down what makes the difference. */
#include <config.h>

#include "runner/testing/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "runner/measure/script.h"

enum { CONFIRMATIONS = 2 };

struct work {
    const struct verify_plan *plan;
    struct arena *arena;
    struct verify_verdict *verdict;
    size_t *order;                  /* of the execution at hand */
    struct verify_outcome *outcome; /* its outcomes */
    size_t runs;
};

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory to verify tests");
}

static void say(const struct work *w, const char *text)
{
    if (w->plan->step)
        w->plan->step(w->plan->ctx, text);
}

static int run(struct work *w, enum verify_how how, const size_t *order,
               size_t n, struct verify_outcome *outcome, struct error *err)
{
    w->runs++;
    for (size_t i = 0; i < n; i++)
        outcome[i] = (struct verify_outcome){.message = ""};
    return w->plan->run(w->plan->ctx, how, order, n, outcome, err);
}

static bool differ(const struct verify_outcome *a,
                   const struct verify_outcome *b)
{
    return a->outcome != TEST_UNSET && b->outcome != TEST_UNSET &&
           test_verdict(a->outcome) != test_verdict(b->outcome);
}

/* ---- one test after others */

/* The outcome of a test behind these. */
static int run_after(struct work *w, const size_t *before, size_t n,
                     size_t test, struct verify_outcome *out, struct error *err)
{
    SCOPED(free_scoped) size_t *order = calloc(n + 1, sizeof *order);
    SCOPED(free_scoped)
    struct verify_outcome *outcome = calloc(n + 1, sizeof *outcome);
    int rc;

    if (!order || !outcome)
        return no_memory(err);
    if (n)
        memcpy(order, before, n * sizeof *order);
    order[n] = test;
    rc = run(w, n ? VERIFY_ORDER : VERIFY_ALONE, order, n + 1, outcome, err);
    *out = outcome[n];
    return rc;
}

/* Does it still end differently than alone?  1, 0 or a negative code. */
static int differs_after(struct work *w, const size_t *before, size_t n,
                         size_t test, struct error *err)
{
    struct verify_outcome outcome;
    int rc = run_after(w, before, n, test, &outcome, err);

    return rc < 0 ? rc : differ(&w->verdict[test].alone, &outcome);
}

/* ---- cutting down */

/* Leave out chunk number c of `chunks`, or keep it alone. */
static size_t part_of(const size_t *all, size_t n, size_t chunks, size_t c,
                      bool alone, size_t *out)
{
    size_t begin = n * c / chunks, end = n * (c + 1) / chunks, m = 0;

    for (size_t i = 0; i < n; i++)
        if ((i >= begin && i < end) == alone)
            out[m++] = all[i];
    return m;
}

/* Find a smaller part with the same effect.  1 with it in set and *n, 0, or a
 * negative code. */
static int shrink(struct work *w, size_t *set, size_t *n, size_t chunks,
                  bool alone, size_t test, size_t *scratch, struct error *err)
{
    for (size_t c = 0; c < chunks; c++) {
        size_t m = part_of(set, *n, chunks, c, alone, scratch);
        int rc;

        if (m == 0 || m == *n)
            continue;
        rc = differs_after(w, scratch, m, test, err);
        if (rc < 0)
            return rc;
        if (rc) {
            memcpy(set, scratch, m * sizeof *set);
            *n = m;
            return 1;
        }
    }
    return 0;
}

/* ddmin: first single chunks, then all but one, then finer ones. */
static int minimise(struct work *w, size_t *set, size_t *n, size_t test,
                    struct error *err)
{
    SCOPED(free_scoped) size_t *scratch = calloc(*n, sizeof *scratch);
    size_t chunks = 2;

    if (!scratch)
        return no_memory(err);
    while (*n >= 2) {
        int rc = shrink(w, set, n, chunks, true, test, scratch, err);

        if (rc > 0) {
            chunks = 2;
            continue;
        }
        if (rc == 0 && chunks > 2)
            rc = shrink(w, set, n, chunks, false, test, scratch, err);
        if (rc < 0)
            return rc;
        if (rc > 0)
            chunks = chunks > 3 ? chunks - 1 : 2;
        else if (chunks >= *n)
            return 0;
        else
            chunks = chunks * 2 < *n ? chunks * 2 : *n;
    }
    return 0;
}

/* ---- one test that differed */

/* Alone once more, and behind the same once more. */
static int repeats(struct work *w, size_t test, const size_t *before, size_t n,
                   bool *alone, bool *together, struct error *err)
{
    struct verify_outcome again;
    int rc = run_after(w, NULL, 0, test, &again, err);

    if (rc < 0)
        return rc;
    *alone = !differ(&w->verdict[test].alone, &again);
    *together = false;
    if (!*alone || n == 0)
        return 0;
    rc = differs_after(w, before, n, test, err);
    *together = rc > 0;
    return rc < 0 ? rc : 0;
}

/* What happens by chance may have looked like a dependence so far.  Twice alone
 * in a row, as else what fails every other time would do so in step. */
static int confirm(struct work *w, size_t test, struct error *err)
{
    struct verify_verdict *v = &w->verdict[test];
    bool alone = true, together = true;
    int rc = 0;

    for (int i = 0; i < CONFIRMATIONS && rc == 0 && alone && together; i++) {
        bool ignored;

        rc = repeats(w, test, NULL, 0, &alone, &ignored, err);
        if (rc == 0 && alone)
            rc = repeats(w, test, v->cause, v->n_cause, &alone, &together, err);
    }
    if (rc == 0 && !(alone && together))
        v->kind = VERIFY_FLAKY;
    return rc;
}

static int explain(struct work *w, size_t test, size_t *before, size_t n,
                   enum verify_how how, const struct verify_outcome *outcome,
                   struct error *err)
{
    struct verify_verdict *v = &w->verdict[test];
    bool alone, together;
    int rc = repeats(w, test, before, n, &alone, &together, err);

    if (rc < 0)
        return rc;
    v->together = *outcome;
    if (!alone || (!together && how != VERIFY_SPLIT)) {
        v->kind = VERIFY_FLAKY;
        return 0;
    }
    if (!together) {
        v->kind = VERIFY_BESIDE;
        return 0;
    }
    say(w, "looking for what makes the difference");
    v->kind = VERIFY_DEPENDS;
    rc = minimise(w, before, &n, test, err);
    v->cause = before;
    v->n_cause = n;
    return rc < 0 ? rc : confirm(w, test, err);
}

/* What ran before order[at] on the same worker, in order. */
static size_t collect_before(const struct work *w, size_t at, size_t *before)
{
    const struct verify_outcome *mine = &w->outcome[at];
    size_t n = 0;

    for (size_t i = 0; i < w->plan->n_tests; i++)
        if (w->outcome[i].outcome != TEST_UNSET &&
            w->outcome[i].worker == mine->worker &&
            w->outcome[i].rank < mine->rank) {
            before[w->outcome[i].rank] = w->order[i];
            n++;
        }
    return n;
}

static int compare(struct work *w, enum verify_how how, struct error *err)
{
    size_t n = w->plan->n_tests;

    for (size_t i = 0; i < n; i++) {
        struct verify_verdict *v = &w->verdict[w->order[i]];
        struct verify_outcome here = w->outcome[i];
        size_t *before, m;
        int rc;

        if (v->kind != VERIFY_SAME || !differ(&v->alone, &here))
            continue;
        before = arena_alloc(w->arena, n, sizeof *before);
        if (!before)
            return no_memory(err);
        m = collect_before(w, i, before);
        rc = explain(w, w->order[i], before, m, how, &here, err);
        if (rc < 0)
            return rc;
    }
    return 0;
}

/* ---- all */

static int together(struct work *w, enum verify_how how, const char *text,
                    struct error *err)
{
    int rc;

    say(w, text);
    rc = run(w, how, w->order, w->plan->n_tests, w->outcome, err);
    return rc < 0 ? rc : compare(w, how, err);
}

static void in_order(struct work *w, bool reversed)
{
    size_t n = w->plan->n_tests;

    for (size_t i = 0; i < n; i++)
        w->order[i] = reversed ? n - 1 - i : i;
}

/* What one leaves outside of its process the next one finds there: a test that
 * fails is given a second chance, and if it takes it, the first was no
 * solitude. */
static int again_alone(struct work *w, size_t test, struct error *err)
{
    struct verify_verdict *v = &w->verdict[test];
    struct verify_outcome first = v->alone;
    size_t *before;
    int rc = run_after(w, NULL, 0, test, &v->alone, err);

    if (rc < 0 || !differ(&first, &v->alone))
        return rc;
    before = arena_alloc(w->arena, test + 1, sizeof *before);
    if (!before)
        return no_memory(err);
    for (size_t i = 0; i < test; i++)
        before[i] = i;
    return explain(w, test, before, test, VERIFY_ORDER, &first, err);
}

static int alone(struct work *w, struct error *err)
{
    size_t n = w->plan->n_tests;
    int rc;

    say(w, "each alone");
    rc = run(w, VERIFY_ALONE, w->order, n, w->outcome, err);
    for (size_t i = 0; i < n; i++)
        w->verdict[i] = (struct verify_verdict){.alone = w->outcome[i],
                                                .together = w->outcome[i]};
    for (size_t i = 0; i < n && rc == 0; i++)
        if (test_verdict(w->verdict[i].alone.outcome) == TEST_VERDICT_FAILED)
            rc = again_alone(w, i, err);
    return rc;
}

static int shuffled(struct work *w, struct error *err)
{
    uint64_t state = w->plan->seed;
    int rc = 0;

    for (size_t k = 0; k < w->plan->shuffles && rc == 0; k++) {
        in_order(w, false);
        for (size_t i = w->plan->n_tests; i > 1; i--) {
            size_t j = (size_t)random_below(&state, i);
            size_t swap = w->order[i - 1];

            w->order[i - 1] = w->order[j];
            w->order[j] = swap;
        }
        rc = together(w, VERIFY_ORDER, "all, shuffled", err);
    }
    return rc;
}

static int everything(struct work *w, struct error *err)
{
    int rc;

    in_order(w, false);
    rc = alone(w, err);
    if (rc == 0 && w->plan->n_tests > 1)
        rc = together(w, VERIFY_ORDER, "all, in order", err);
    in_order(w, true);
    if (rc == 0 && w->plan->n_tests > 1)
        rc = together(w, VERIFY_ORDER, "all, in reverse", err);
    if (rc == 0 && w->plan->n_tests > 2)
        rc = shuffled(w, err);
    in_order(w, false);
    if (rc == 0 && w->plan->workers > 1)
        rc = together(w, VERIFY_SPLIT, "all, on all workers", err);
    return rc;
}

int verify_tests(const struct verify_plan *plan, struct arena *arena,
                 struct verify_verdict *out, size_t *runs, struct error *err)
{
    SCOPED(free_scoped)
    size_t *order = calloc(plan->n_tests + 1, sizeof *order);
    SCOPED(free_scoped)
    struct verify_outcome *outcome = calloc(plan->n_tests + 1, sizeof *outcome);
    struct work w = {.plan = plan,
                     .arena = arena,
                     .verdict = out,
                     .order = order,
                     .outcome = outcome};
    int rc;

    if (!order || !outcome)
        return no_memory(err);
    rc = everything(&w, err);
    *runs = w.runs;
    return rc;
}
