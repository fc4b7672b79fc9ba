/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Neighbours that slow a simulated machine down. */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <stdlib.h>

#include "runner/measure/interference.h"
#include "tests/unit/runner/sim.h"

enum { CASES = 20 };

struct fixture {
    struct sim sim;
    struct executor executor;
    struct crowd crowd;
    struct sim_case cases[CASES];
    double alone_ns[CASES];
    double cost[CASES]; /* of neighbours, relative */
    struct subject subject[CASES];
    int processes[CASES];
    bool busy;
    int renewed, turned;
    int stop_at_turn; /* set() is interrupted at this turn, 0 never */
    struct interference_case out[CASES];
};

static int renew(void *ctx, struct error *err)
{
    struct fixture *f = ctx;

    (void)err;
    f->renewed += f->busy ? 1000 : 1; /* never under what is measured */
    return 0;
}

static int set_busy(void *ctx, bool busy, struct error *err)
{
    struct fixture *f = ctx;

    f->turned++;
    if (f->turned == f->stop_at_turn)
        return ERROR(err, ERR_STOPPED, "interrupted");
    f->busy = busy;
    for (size_t i = 0; i < CASES; i++)
        f->cases[i].ns = f->alone_ns[i] * (1 + (busy ? f->cost[i] : 0));
    return 0;
}

static void set_up(struct fixture *f, double within)
{
    static const char names[CASES][2] = {"a", "b", "c", "d", "e", "f", "g",
                                         "h", "i", "j", "k", "l", "m", "n",
                                         "o", "p", "q", "r", "s", "t"};

    *f = (struct fixture){.busy = false};
    f->sim = (struct sim){.cases = f->cases,
                          .n_cases = CASES,
                          .random = 5,
                          .spawn_ns = 2000000,
                          .processes = f->processes};
    sim_executor(&f->sim, &f->executor);
    f->crowd = (struct crowd){.ctx = f, .renew = renew, .set = set_busy};
    for (size_t i = 0; i < CASES; i++) {
        f->alone_ns[i] = 100;
        f->cases[i] = (struct sim_case){
            .name = names[i], .ns = 100, .between = 0.05, .within = within};
        f->subject[i] =
            (struct subject){.id = names[i], .name = names[i], .program = "p"};
    }
}

static int check(struct fixture *f, size_t n,
                 struct interference_settings settings, struct error *err)
{
    settings.seed = 11;
    return interference_check(&f->executor, &f->crowd, f->subject, n, &settings,
                              NULL, NULL, f->out, err);
}

TARE_TEST(a_case_that_neighbours_slow_down_is_found)
{
    struct fixture f;

    set_up(&f, 0.002);
    f.cost[1] = 0.05;
    f.cost[2] = -0.05;
    TARE_CHECK_INT(check(&f, 3, (struct interference_settings){0}, NULL), 0);
    TARE_CHECK_INT(f.out[0].state, INTERFERENCE_NONE);
    TARE_CHECK_REL(f.out[0].ratio, 1, 0.005);
    TARE_CHECK_INT(f.out[1].state, INTERFERENCE_FOUND);
    TARE_CHECK_REL(f.out[1].ratio, 1.05, 0.005);
    TARE_CHECK(f.out[1].low > 1.02 && f.out[1].high < 1.08);
    TARE_CHECK_INT(f.out[2].state, INTERFERENCE_FOUND);
    TARE_CHECK(interference_is_clear(&f.out[0]));
    TARE_CHECK(!interference_is_clear(&f.out[1]));
    TARE_CHECK_INT(f.out[0].processes, 6);
    TARE_CHECK(f.renewed >= 6 && f.renewed < 1000);
}

/* What differs between processes by 5 % is not in the ratio. */
TARE_TEST(the_margin_decides)
{
    struct fixture f;

    set_up(&f, 0.002);
    f.cost[0] = 0.05;
    TARE_CHECK_INT(
        check(&f, 1, (struct interference_settings){.margin = 0.1}, NULL), 0);
    TARE_CHECK_INT(f.out[0].state, INTERFERENCE_NONE);
}

TARE_TEST(what_noise_hides_is_undecided_and_not_clear)
{
    struct fixture f;

    set_up(&f, 0.3);
    TARE_CHECK_INT(check(&f, 1, (struct interference_settings){0}, NULL), 0);
    TARE_CHECK_INT(f.out[0].state, INTERFERENCE_UNDECIDED);
    TARE_CHECK_INT(f.out[0].processes, 12);
    TARE_CHECK(!interference_is_clear(&f.out[0]));
}

TARE_TEST(a_budget_that_is_too_small_is_undecided)
{
    struct fixture f;

    set_up(&f, 0.002);
    f.alone_ns[0] = 2e9;
    f.cases[0].ns = 2e9;
    TARE_CHECK_INT(check(&f, 1, (struct interference_settings){0}, NULL), 0);
    TARE_CHECK_INT(f.out[0].state, INTERFERENCE_UNDECIDED);
    TARE_CHECK_INT(f.processes[0], 1);
}

static size_t n_checked(const struct fixture *f)
{
    size_t n = 0;

    for (size_t i = 0; i < CASES; i++)
        n += f->out[i].state != INTERFERENCE_UNCHECKED;
    return n;
}

TARE_TEST(a_sample_stands_for_all_while_it_is_clear)
{
    struct interference_settings settings = {.sample = 5};
    struct fixture f;

    set_up(&f, 0.002);
    TARE_CHECK_INT(check(&f, CASES, settings, NULL), 0);
    TARE_CHECK_INT(n_checked(&f), 5);
    for (size_t i = 0; i < CASES; i++)
        TARE_CHECK(interference_is_clear(&f.out[i]));
    for (size_t i = 0; i < CASES; i++)
        f.cost[i] = 0.1;
    TARE_CHECK_INT(check(&f, CASES, settings, NULL), 0);
    TARE_CHECK_INT(n_checked(&f), CASES);
}

TARE_TEST(a_case_that_fails_is_left_to_the_measuring)
{
    struct fixture f;

    set_up(&f, 0.002);
    f.cases[0].fail_open_at = 2;
    f.cases[1].fail_run_at = 1;
    TARE_CHECK_INT(check(&f, 3, (struct interference_settings){0}, NULL), 0);
    TARE_CHECK_INT(f.out[0].state, INTERFERENCE_UNCHECKED);
    TARE_CHECK_INT(f.out[1].state, INTERFERENCE_UNCHECKED);
    TARE_CHECK_INT(f.out[2].state, INTERFERENCE_NONE);
}

/* Processes that did not stay are in no figure. */
TARE_TEST(strays_do_not_count)
{
    struct fixture f;

    set_up(&f, 0.002);
    f.cases[0].stray_from = 2;
    f.cases[0].stray_to = 3;
    f.cases[1].stray_from = 1;
    f.cases[1].stray_to = 100;
    TARE_CHECK_INT(check(&f, 2, (struct interference_settings){0}, NULL), 0);
    TARE_CHECK_INT(f.out[0].state, INTERFERENCE_NONE);
    TARE_CHECK_INT(f.out[0].processes, 6);
    TARE_CHECK_INT(f.processes[0], 8);
    TARE_CHECK_INT(f.out[1].state, INTERFERENCE_UNDECIDED);
    TARE_CHECK_INT(f.out[1].processes, 0);
    TARE_CHECK_INT(f.processes[1], 3);
}

TARE_TEST(the_user_may_interrupt_a_check)
{
    struct fixture f;
    struct error err = {0};

    set_up(&f, 0.002);
    f.stop_at_turn = 9;
    TARE_CHECK_INT(check(&f, 3, (struct interference_settings){0}, &err),
                   ERR_STOPPED);
}
