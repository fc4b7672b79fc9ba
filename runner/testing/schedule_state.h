/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What schedule.c (events) and schedule_build.c (the queue) share.  Internal
 * to this folder. */
#ifndef RUNNER_TESTING_SCHEDULE_STATE_H
#define RUNNER_TESTING_SCHEDULE_STATE_H

#include "runner/testing/schedule.h"

enum { RECENT = 16 };

/* Tests that are given out together: one, or a group. */
struct unit {
    size_t from, n;    /* of schedule.order */
    size_t at;         /* the next to give out, from + n when all are */
    size_t prev, next; /* in its list, SCHEDULE_NONE at the ends */
    size_t list;       /* 0 for all workers, 1 + w for those of w's share */
    size_t rank;       /* lower was queued earlier */
    size_t worker;     /* that had it last */
    /* what it is sorted by */
    size_t width; /* the most slots of its tests */
    int64_t key_ns;
    bool urgent, unknown;
};

struct list {
    size_t first, last, n;
};

struct window_entry {
    size_t item, unit;
};

struct schedule_worker {
    /* the test that runs, then those sent ahead */
    struct window_entry window[1 + SCHEDULE_AHEAD_MAX];
    size_t n;
    size_t bound;   /* unit it goes on with, or SCHEDULE_NONE */
    size_t lent_to; /* worker whose test has this core too, or SCHEDULE_NONE */
};

struct schedule {
    struct schedule_plan plan;
    struct schedule_item *item;
    size_t *unit_of; /* of each item */
    size_t n_items;
    size_t *order; /* items, those of a unit together */
    struct unit *unit;
    size_t n_units;
    struct list *list;
    size_t n_lists;
    struct schedule_worker *worker;
    int64_t *available; /* of each resource */
    bool *reserved;     /* scratch: resources that somebody waits for */
    size_t *waiting;    /* tests of each program that did not start */
    size_t n_programs;
    size_t wide_waiting; /* tests of several slots that did not start */
    size_t n_waiting, n_running;
    int64_t waiting_ns; /* of them: known work that anybody could do */
    size_t next_rank;
    int64_t recent[RECENT]; /* durations of the tests that ended last */
    size_t n_recent;
    bool stopped;
};

/* How many workers a test takes. */
size_t schedule_width(const struct schedule *s, const struct schedule_item *i);

/* Make units of the items and queue them.  0 or ERR_NOMEM. */
int schedule_build(struct schedule *s, struct error *err);

void list_append(struct schedule *s, size_t list, size_t unit);
void list_prepend(struct schedule *s, size_t list, size_t unit);
void list_remove(struct schedule *s, size_t unit);

#endif
