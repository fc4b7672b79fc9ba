/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes back from the stage is believed only as far as it can be true. */
#include <config.h>

#include "runner/process/stage.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/tare.h"

/* The stage as a program sees it. */
struct view {
    struct stage *stage;
    struct wire_stage *shared;
};

static void view_open(struct view *v)
{
    if (stage_open(&v->stage, NULL) < 0)
        _exit(99);
    v->shared = mmap(NULL, sizeof *v->shared, PROT_READ | PROT_WRITE,
                     MAP_SHARED, stage_fd(v->stage), 0);
    if (v->shared == MAP_FAILED)
        _exit(99);
}

static void view_close(struct view *v)
{
    munmap(v->shared, sizeof *v->shared);
    stage_close(v->stage);
}

static const struct stage_order two_sides[] = {
    {.iterations = 100, .rewarm = 3, .side = 0, .flags = 0},
    {.iterations = 200, .rewarm = 0, .side = 1, .flags = WIRE_EMPTY},
};

/* What an honest program writes; the order took from 1000 to 2000 ns. */
static void perform(struct wire_slice *slice, int64_t begin_ns)
{
    slice->begin_ns = begin_ns;
    slice->elapsed_ns = 300;
    slice->cpu_ns = 310;
    slice->run_delay_ns = slice->switches = 0;
    slice->minor_faults = slice->major_faults = 0;
    slice->cpu_begin = slice->cpu_end = 1;
    slice->done = 1;
}

static void perform_both(struct view *v)
{
    stage_script(v->stage, two_sides, 2, NULL);
    perform(&v->shared->slice[0], 1100);
    perform(&v->shared->slice[1], 1500);
}

static int collect(struct view *v, const bool *manual, struct stage_slice *out,
                   int *bad, struct error *err)
{
    return stage_collect(v->stage, 1000, 2000, manual, out, 2, bad, err);
}

TARE_TEST(a_script_reaches_the_programs)
{
    struct view v;

    view_open(&v);
    TARE_CHECK_INT(v.shared->magic, WIRE_MAGIC);
    TARE_CHECK_INT(v.shared->protocol, WIRE_PROTOCOL);
    TARE_CHECK_INT(stage_script(v.stage, two_sides, 2, NULL), 0);
    TARE_CHECK_INT(v.shared->n_slices, 2);
    TARE_CHECK_INT(v.shared->turn, 0);
    TARE_CHECK_INT(v.shared->slice[0].iterations, 100);
    TARE_CHECK_INT(v.shared->slice[0].rewarm, 3);
    TARE_CHECK_INT(v.shared->slice[1].side, 1);
    TARE_CHECK_INT(v.shared->slice[1].flags, WIRE_EMPTY);
    TARE_CHECK_INT(v.shared->slice[1].done, 0);
    view_close(&v);
}

TARE_TEST(honest_results_are_taken)
{
    struct stage_slice out[2];
    struct view v;
    int bad = -1;

    view_open(&v);
    perform_both(&v);
    TARE_REQUIRE_INT(collect(&v, NULL, out, &bad, NULL), 0);
    TARE_CHECK_INT(out[1].order.iterations, 200);
    TARE_CHECK_INT(out[1].begin_ns, 1500);
    TARE_CHECK_INT(out[1].elapsed_ns, 300);
    TARE_CHECK_INT(out[1].cpu_ns, 310);
    TARE_CHECK_INT(out[1].cpu_end, 1);
    view_close(&v);
}

/* One lie at a time, told by side 1. */
static void lie(struct wire_slice *s, int which)
{
    int64_t *const counts[] = {&s->switches, &s->minor_faults,
                               &s->major_faults};

    switch (which) {
    case 0:
        s->done = 0;
        break;
    case 1:
        s->elapsed_ns = -1;
        break;
    case 2:
        s->elapsed_ns = 5000;
        break;
    case 3:
        s->begin_ns = 999;
        break;
    case 4:
        s->begin_ns = 2001;
        break;
    case 5:
        s->cpu_ns = INT64_MAX;
        break;
    case 6:
        s->run_delay_ns = INT64_MIN;
        break;
    case 7:
        s->cpu_end = -2;
        break;
    case 8:
        s->iterations = 0;
        break;
    case 9:
        s->side = 0;
        break;
    case 10:
        s->rewarm = 1;
        break;
    case 11:
        s->flags = 0;
        break;
    default:
        *counts[which - 12] = -2;
        break;
    }
}

TARE_TEST(lies_are_refused_and_named)
{
    struct view v;

    view_open(&v);
    for (int which = 0; which < 15; which++) {
        struct stage_slice out[2];
        struct error err = {0};
        int bad = -1;

        perform_both(&v);
        lie(&v.shared->slice[1], which);
        TARE_CHECK_INT(collect(&v, NULL, out, &bad, &err), ERR_PEER);
        TARE_CHECK_INT(bad, 1);
        TARE_CHECK(strstr(err.text, "wrote garbage to the stage: slice 1 "));
    }
    view_close(&v);
}

TARE_TEST(slices_do_not_overlap)
{
    struct stage_slice out[2];
    struct error err = {0};
    struct view v;
    int bad = -1;

    view_open(&v);
    perform_both(&v);
    v.shared->slice[0].elapsed_ns = v.shared->slice[1].elapsed_ns = 1900;
    TARE_CHECK_INT(collect(&v, NULL, out, &bad, &err), ERR_PEER);
    TARE_CHECK_STR(err.text,
                   "wrote garbage to the stage: slice 1 and those before "
                   "lasted longer than the whole order");
    view_close(&v);
}

TARE_TEST(a_body_that_says_its_time_is_not_bound_by_the_clock)
{
    static const bool manual[] = {false, true};
    struct stage_slice out[2];
    struct view v;
    int bad = -1;

    view_open(&v);
    perform_both(&v);
    v.shared->slice[1].elapsed_ns = 1000000;
    TARE_CHECK_INT(collect(&v, manual, out, &bad, NULL), 0);
    TARE_CHECK_INT(out[1].elapsed_ns, 1000000);
    v.shared->slice[0].elapsed_ns = 1000000;
    TARE_CHECK_INT(collect(&v, manual, out, &bad, NULL), ERR_PEER);
    TARE_CHECK_INT(bad, 0);
    view_close(&v);
}

TARE_TEST(unknown_figures_stay_unknown)
{
    struct stage_slice out[2];
    struct wire_slice *s;
    struct view v;
    int bad = -1;

    view_open(&v);
    perform_both(&v);
    s = &v.shared->slice[0];
    s->cpu_ns = s->run_delay_ns = s->switches = -1;
    s->minor_faults = s->major_faults = -1;
    s->cpu_begin = s->cpu_end = -1;
    TARE_REQUIRE_INT(collect(&v, NULL, out, &bad, NULL), 0);
    TARE_CHECK_INT(out[0].cpu_ns, -1);
    TARE_CHECK_INT(out[0].run_delay_ns, -1);
    TARE_CHECK_INT(out[0].cpu_begin, -1);
    view_close(&v);
}

TARE_TEST(whose_turn_it_is)
{
    struct view v;

    view_open(&v);
    stage_script(v.stage, two_sides, 2, NULL);
    TARE_CHECK_INT(stage_turn_side(v.stage), 0);
    v.shared->turn = 1;
    TARE_CHECK_INT(stage_turn_side(v.stage), 1);
    v.shared->turn = 2;
    TARE_CHECK_INT(stage_turn_side(v.stage), -1);
    v.shared->turn = 0xffffffffu;
    TARE_CHECK_INT(stage_turn_side(v.stage), -1);
    view_close(&v);
}

TARE_TEST(a_new_script_clears_the_old)
{
    struct stage_slice out[2];
    struct view v;
    int bad = -1;

    view_open(&v);
    perform_both(&v);
    stage_abort(v.stage);
    TARE_CHECK_INT(v.shared->abort, 1);
    TARE_CHECK_INT(stage_script(v.stage, two_sides, 2, NULL), 0);
    TARE_CHECK_INT(v.shared->abort, 0);
    TARE_CHECK_INT(collect(&v, NULL, out, &bad, NULL), ERR_PEER);
    view_close(&v);
}

TARE_TEST(impossible_scripts_are_refused)
{
    struct stage_order order = {.iterations = 0};
    struct view v;

    view_open(&v);
    TARE_CHECK_INT(stage_script(v.stage, two_sides, 0, NULL), ERR_RANGE);
    TARE_CHECK_INT(stage_script(v.stage, two_sides, WIRE_SLICES_MAX + 1, NULL),
                   ERR_RANGE);
    TARE_CHECK_INT(stage_script(v.stage, &order, 1, NULL), ERR_RANGE);
    order = (struct stage_order){.iterations = 1, .side = 2};
    TARE_CHECK_INT(stage_script(v.stage, &order, 1, NULL), ERR_RANGE);
    view_close(&v);
}

TARE_TEST(the_size_of_the_stage_is_sealed)
{
    struct view v;

    view_open(&v);
    TARE_CHECK_INT(ftruncate(stage_fd(v.stage), 0), -1);
    TARE_CHECK_INT(errno, EPERM);
    view_close(&v);
}
