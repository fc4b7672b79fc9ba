/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bodies that break the rules of the loop: each has its message, and no figure
 * of it counts. */
#include <config.h>

#include "tests/unit/bench/scripted.h"

#include <math.h>

static struct scripted machine;
static const struct tarei_order two_orders[] = {{.iterations = 4, .rewarm = 2},
                                                {.iterations = 4}};

static const char *run(void (*body)(struct tare *))
{
    const struct tare_case def = {.run = body, .args = "size=1;kind=a"};

    return scripted_run(&machine, &def, two_orders, 2);
}

static const char left_early[] =
    "body.c:1: benchmark 'body[size=1,kind=a]' left its loop early, by break, "
    "return or goto: no figure of it is valid";

static int counter;

static void breaks(struct tare *b)
{
    TARE_LOOP(b)
        if (++counter == 4)
            break;
}

static void returns(struct tare *b)
{
    TARE_LOOP(b)
        if (++counter == 4)
            return;
}

static void jumps(struct tare *b)
{
    TARE_LOOP(b)
        if (++counter == 4)
            goto out;
out:
    tare_items(b, 1);
}

TARE_TEST(leaving_early)
{
    void (*const bodies[])(struct tare *) = {breaks, returns, jumps};

    for (size_t i = 0; i < 3; i++) {
        counter = 0;
        TARE_CHECK_STR(run(bodies[i]), left_early);
        TARE_CHECK_INT(counter, 4);
        TARE_CHECK_INT(machine.n_samples, 0);
        counter = -4; /* in the second sample */
        TARE_CHECK_STR(run(bodies[i]), left_early);
        TARE_CHECK_INT(machine.n_samples, 1);
    }
}

/* On the last iteration nothing is left over, but the sample is short of
 * nothing either: only return and goto can be told. */
static void returns_last(struct tare *b)
{
    TARE_LOOP(b)
        if (++counter == 10)
            return;
}

TARE_TEST(returning_from_the_last_iteration)
{
    counter = 0;
    TARE_CHECK_STR(run(returns_last), left_early);
    TARE_CHECK_INT(machine.n_samples, 1);
}

static void breaks_batch(struct tare *b)
{
    TARE_BATCH(b, n) {
        TARE_TIMED(b) {
        }
        if (n > 0)
            break;
    }
}

static void breaks_timed(struct tare *b)
{
    TARE_BATCH(b, n) {
        TARE_USE(n);
        TARE_TIMED(b)
            break;
    }
}

static void no_timed(struct tare *b)
{
    TARE_BATCH(b, n)
        TARE_USE(n);
}

static void two_timed(struct tare *b)
{
    TARE_BATCH(b, n) {
        TARE_USE(n);
        TARE_TIMED(b) {
        }
        TARE_TIMED(b) {
        }
    }
}

static void only_timed(struct tare *b)
{
    TARE_TIMED(b) {
    }
}

TARE_TEST(batches)
{
    TARE_CHECK_STR(run(breaks_batch), left_early);
    TARE_CHECK_STR(run(breaks_timed), left_early);
    TARE_CHECK_STR(run(no_timed), "body.c:1: benchmark 'body[size=1,kind=a]' "
                                  "has a batch without TARE_TIMED");
    TARE_CHECK_STR(run(two_timed), "body.c:1: benchmark 'body[size=1,kind=a]' "
                                   "has a batch with two TARE_TIMED");
    TARE_CHECK_STR(run(only_timed), "body.c:1: TARE_TIMED in "
                                    "'body[size=1,kind=a]' stands outside of "
                                    "TARE_BATCH");
}

static void nothing(struct tare *b)
{
    (void)b;
}

static void twice(struct tare *b)
{
    TARE_LOOP(b) {
    }
    TARE_LOOP(b) {
    }
}

static void twice_different(struct tare *b)
{
    TARE_LOOP(b) {
    }
    TARE_BATCH(b, n)
        TARE_USE(n);
}

static void once(struct tare *b)
{
    TARE_LOOP(b) {
    }
}

static void nested(struct tare *b)
{
    TARE_LOOP(b)
        once(b);
}

TARE_TEST(number_of_loops)
{
    const char two[] = "body.c:1: benchmark 'body[size=1,kind=a]' has two "
                       "loops: split it in two benchmarks";

    TARE_CHECK_STR(run(nothing),
                   "body.c:1: benchmark 'body[size=1,kind=a]' has no loop: it "
                   "needs one TARE_LOOP, TARE_BATCH or TARE_LATENCY");
    TARE_CHECK_STR(run(twice), two);
    TARE_CHECK_STR(run(twice_different), two);
    TARE_CHECK_STR(run(nested), two);
}

/* ---- pauses */

static void pause_twice(struct tare *b)
{
    TARE_LOOP(b) {
        tare_pause(b);
        tare_pause(b);
    }
}

static void resume_only(struct tare *b)
{
    TARE_LOOP(b)
        tare_resume(b);
}

static void stay_paused(struct tare *b)
{
    int n = 0;

    TARE_LOOP(b)
        if (n++ == 0)
            tare_pause(b);
}

static void pause_outside(struct tare *b)
{
    tare_pause(b);
}

TARE_TEST(pauses)
{
    TARE_CHECK_STR(run(pause_twice), "body.c:1: tare_pause() in "
                                     "'body[size=1,kind=a]' is called twice");
    TARE_CHECK_STR(run(resume_only),
                   "body.c:1: tare_resume() in 'body[size=1,kind=a]' without "
                   "tare_pause()");
    TARE_CHECK_STR(run(stay_paused),
                   "body.c:1: benchmark 'body[size=1,kind=a]' ended an "
                   "iteration paused: call tare_resume()");
    TARE_CHECK_STR(run(pause_outside),
                   "body.c:1: tare_pause() in 'body[size=1,kind=a]' is called "
                   "outside of the loop");
}

/* ---- parameters and figures */

static void misspelt(struct tare *b)
{
    tare_int(b, "sise");
}

static void unheard_of(struct tare *b)
{
    tare_str(b, "colour");
}

static void no_number(struct tare *b)
{
    tare_int(b, "kind");
}

static void no_double(struct tare *b)
{
    tare_double(b, "kind");
}

TARE_TEST(parameters)
{
    const struct tare_case none = {.run = misspelt};

    TARE_CHECK_STR(run(misspelt),
                   "body.c:1: no parameter 'sise'; did you mean 'size'?");
    TARE_CHECK_STR(run(unheard_of),
                   "body.c:1: no parameter 'colour'; there are: size, kind");
    TARE_CHECK_STR(run(no_number), "body.c:1: parameter kind=a is no integer");
    TARE_CHECK_STR(run(no_double), "body.c:1: parameter kind=a is no number");
    TARE_CHECK_STR(scripted_run(&machine, &none, two_orders, 2),
                   "body.c:1: no parameter 'sise': 'body' has none, see .args");
}

static void results_differ(struct tare *b)
{
    uint64_t n = 0;

    TARE_LOOP(b)
        tare_result(b, n++ / 4);
}

static void infinite(struct tare *b)
{
    tare_counter(b, "x", INFINITY, "1", TARE_NO_DIRECTION);
}

static void nameless(struct tare *b)
{
    tare_counter(b, "", 1, "1", TARE_NO_DIRECTION);
}

static void unitless(struct tare *b)
{
    tare_counter(b, "x", 1, "per second", TARE_NO_DIRECTION);
}

static void aimless(struct tare *b)
{
    tare_counter(b, "x", 1, "1", (enum tare_better)7);
}

TARE_TEST(figures)
{
    TARE_CHECK_STR(run(results_differ),
                   "body.c:1: the result of 'body[size=1,kind=a]' changed from "
                   "0000000000000000 to 0000000000000001 within one process");
    TARE_CHECK_STR(run(infinite), "body.c:1: counter 'x' is not finite");
    TARE_CHECK_STR(run(nameless),
                   "body.c:1: a counter of 'body[size=1,kind=a]' needs a name "
                   "of 1 to 63 bytes without spaces");
    TARE_CHECK_STR(run(unitless),
                   "body.c:1: counter 'x' needs a unit of 1 to 31 bytes "
                   "without spaces, \"1\" for a plain number");
    TARE_CHECK_STR(run(aimless), "body.c:1: counter 'x' has no direction such "
                                 "as TARE_LOWER_IS_BETTER");
}

static void too_many(struct tare *b)
{
    char name[] = "a0";

    for (int i = 0; i < 65; i++) {
        name[0] = (char)('a' + i / 10);
        name[1] = (char)('0' + i % 10);
        tare_counter(b, name, i, "1", TARE_NO_DIRECTION);
    }
}

TARE_TEST(at_most_64_counters)
{
    TARE_CHECK_STR(run(too_many),
                   "body.c:1: 'body[size=1,kind=a]' has more than 64 counters");
    TARE_CHECK_INT(machine.bench.n_counters, 64);
}

/* A loop in a test measures nothing and must not run wild. */
TARE_TEST(loops_belong_to_benchmarks)
{
    static struct tare inner;
    int n = 0;

    tarei_context_begin(&inner, t->item);
    TARE_LOOP(&inner)
        n++;
    TARE_CHECK_INT(n, 0);
    TARE_CHECK_INT(inner.outcome, OUTCOME_FAILED);
}
