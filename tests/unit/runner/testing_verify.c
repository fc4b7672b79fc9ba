/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding what a test depends on, with tests that are a table: who leaves what
 * behind, and who fails, or passes, because of it. */
#include <config.h>

#include "runner/testing/verify.h"

#include <stdlib.h>
#include <string.h>

#include "bench/tare.h"

/* Bits that a test leaves, and those that all must be there, or that none of
 * may be there, for it to pass. */
struct rule {
    unsigned leaves, needs, dislikes;
};

struct suite {
    const struct rule *rule;
    size_t n;
    size_t steps;  /* tests executed */
    size_t flaky;  /* this test fails every period-th time; SIZE_MAX: none */
    size_t beside; /* this test fails on several workers */
    size_t flips, period;
    bool outside; /* what is left survives the process */
    unsigned outside_state;
};

static int run(void *ctx, enum verify_how how, const size_t *order, size_t n,
               struct verify_outcome *outcome, struct error *err)
{
    struct suite *s = ctx;
    unsigned state[2] = {0, 0};

    (void)err;
    for (size_t i = 0; i < n; i++) {
        size_t worker = how == VERIFY_SPLIT ? i % 2 : 0;
        unsigned *at = s->outside ? &s->outside_state : &state[worker];
        const struct rule *r = &s->rule[order[i]];
        bool good;

        if (how == VERIFY_ALONE)
            state[0] = 0;
        good = (*at & r->needs) == r->needs && !(*at & r->dislikes);
        if (order[i] == s->flaky)
            good = s->flips++ % s->period != 1;
        if (order[i] == s->beside && how == VERIFY_SPLIT)
            good = false;
        if (s->outside && !good)
            *at = 0;
        *at |= r->leaves;
        outcome[i] =
            (struct verify_outcome){.outcome = good ? TEST_PASSED : TEST_FAILED,
                                    .message = good ? "" : "no",
                                    .worker = worker,
                                    .rank = how == VERIFY_SPLIT ? i / 2 : i};
        s->steps++;
    }
    return 0;
}

enum { MANY = 200 };

struct found {
    struct arena arena;
    struct verify_verdict verdict[MANY];
    size_t runs;
};

static void verify(struct tare *t, struct suite *s, struct found *out)
{
    struct verify_plan plan = {.n_tests = s->n,
                               .workers = 2,
                               .shuffles = 3,
                               .seed = tare_seed(t),
                               .run = run,
                               .ctx = s};

    memset(out, 0, sizeof *out);
    TARE_REQUIRE_INT(
        verify_tests(&plan, &out->arena, out->verdict, &out->runs, NULL), 0);
}

static size_t count(const struct found *found, size_t n, enum verify_kind kind)
{
    size_t k = 0;

    for (size_t i = 0; i < n; i++)
        k += found->verdict[i].kind == kind;
    return k;
}

static struct found found;
static struct rule rule[MANY];

static struct suite clean(size_t n)
{
    memset(rule, 0, sizeof rule);
    return (struct suite){
        .rule = rule, .n = n, .flaky = SIZE_MAX, .beside = SIZE_MAX};
}

TARE_TEST(independent_tests_are_the_same, .args = "n=0,1,2,3,50")
{
    struct suite s = clean((size_t)tare_int(t, "n"));

    verify(t, &s, &found);
    TARE_CHECK_INT(count(&found, s.n, VERIFY_SAME), s.n);
    TARE_CHECK(s.steps <= s.n * 7);
    arena_clear(&found.arena);
}

TARE_TEST(one_that_always_fails_is_no_dependence)
{
    struct suite s = clean(10);

    rule[3].needs = 1;
    verify(t, &s, &found);
    TARE_CHECK_INT(count(&found, 10, VERIFY_SAME), 10);
    TARE_CHECK_INT(found.verdict[3].alone.outcome, TEST_FAILED);
    arena_clear(&found.arena);
}

TARE_TEST(the_polluter_is_found, .args = "polluter=0,5,99,150,199")
{
    struct suite s = clean(MANY);
    size_t polluter = (size_t)tare_int(t, "polluter"), victim = 100;
    const struct verify_verdict *v = &found.verdict[victim];

    rule[polluter].leaves = 1;
    rule[victim].dislikes = 1;
    verify(t, &s, &found);
    TARE_CHECK_INT(count(&found, MANY, VERIFY_SAME), MANY - 1);
    TARE_REQUIRE_INT(v->kind, VERIFY_DEPENDS);
    TARE_CHECK_INT(v->alone.outcome, TEST_PASSED);
    TARE_CHECK_INT(v->together.outcome, TEST_FAILED);
    TARE_REQUIRE_INT(v->n_cause, 1);
    TARE_CHECK_INT(v->cause[0], polluter);
    TARE_CHECK(found.runs < 30);
    arena_clear(&found.arena);
}

TARE_TEST(several_that_are_needed_together_are_found)
{
    struct suite s = clean(60);
    const struct verify_verdict *v = &found.verdict[50];

    rule[7].leaves = 1;
    rule[23].leaves = 2;
    rule[41].leaves = 4;
    rule[50].needs = 7;
    verify(t, &s, &found);
    TARE_REQUIRE_INT(v->kind, VERIFY_DEPENDS);
    TARE_CHECK_INT(v->alone.outcome, TEST_FAILED);
    TARE_CHECK_INT(v->together.outcome, TEST_PASSED);
    TARE_REQUIRE_INT(v->n_cause, 3);
    TARE_CHECK_INT(v->cause[0] + v->cause[1] + v->cause[2], 7 + 23 + 41);
    arena_clear(&found.arena);
}

TARE_TEST(what_is_left_outside_of_the_process_is_found)
{
    struct suite s = clean(20);
    const struct verify_verdict *v = &found.verdict[9];

    s.outside = true;
    rule[4].leaves = 1;
    rule[9].dislikes = 1;
    verify(t, &s, &found);
    TARE_REQUIRE_INT(v->kind, VERIFY_DEPENDS);
    TARE_REQUIRE_INT(v->n_cause, 1);
    TARE_CHECK_INT(v->cause[0], 4);
    arena_clear(&found.arena);
}

TARE_TEST(chance_is_not_blamed_on_others, .args = "period=2,3,4,5,7")
{
    struct suite s = clean(12);

    s.flaky = 6;
    s.period = (size_t)tare_int(t, "period");
    verify(t, &s, &found);
    TARE_CHECK_INT(count(&found, 12, VERIFY_SAME), 11);
    TARE_CHECK_INT(found.verdict[6].kind, VERIFY_FLAKY);
    arena_clear(&found.arena);
}

TARE_TEST(what_fails_beside_others_is_told_apart)
{
    struct suite s = clean(12);

    s.beside = 6;
    verify(t, &s, &found);
    TARE_CHECK_INT(count(&found, 12, VERIFY_SAME), 11);
    TARE_CHECK_INT(found.verdict[6].kind, VERIFY_BESIDE);
    arena_clear(&found.arena);
}
