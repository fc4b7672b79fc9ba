/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A thread for each lane. */
#include <config.h>

#include "runner/measure/lanes.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "base/scope.h"

enum start { START_WAIT = 0, START_GO, START_CANCEL };

struct running {
    const struct lanes *lanes;
    lane_work *work;
    void *ctx;
    enum start start;
    int rc; /* of the first that failed */
    struct error why;
};

struct lane_thread {
    struct running *running;
    size_t lane;
    pthread_t id;
};

int lanes_open(struct live_options *options, size_t n, struct lanes *out,
               struct error *err)
{
    int rc = 0;

    *out = (struct lanes){
        .executor = calloc(n, sizeof *out->executor),
        .live = calloc(n, sizeof *out->live),
        .n = n,
    };
    if (!out->executor || !out->live)
        return ERROR(err, ERR_NOMEM, "no memory for lanes");
    rc = baton_open(&out->baton, err);
    for (size_t i = 0; i < n && rc == 0; i++) {
        options[i].worker = i;
        options[i].workers = n;
        options[i].baton = out->baton;
        rc = live_open(&options[i], &out->live[i], &out->executor[i], err);
    }
    return rc;
}

void lanes_close(struct lanes *lanes)
{
    for (size_t i = 0; lanes->live && i < lanes->n; i++)
        live_close(lanes->live[i]);
    baton_close(lanes->baton);
    free(lanes->live);
    free(lanes->executor);
    *lanes = (struct lanes){.n = 0};
}

/* With the baton held. */
static void work_on(struct running *running, size_t lane)
{
    struct error why = {0};
    int rc = running->work(running->ctx, lane, &running->lanes->executor[lane],
                           &why);

    if (rc < 0 && running->rc == 0) {
        running->rc = rc;
        running->why = why;
    }
    baton_tell(running->lanes->baton);
}

static void *run_thread(void *arg)
{
    struct lane_thread *thread = arg;
    struct running *running = thread->running;
    struct baton *baton = running->lanes->baton;

    baton_take(baton);
    while (running->start == START_WAIT)
        baton_sleep(baton);
    if (running->start == START_GO)
        work_on(running, thread->lane);
    baton_pass(baton);
    return NULL;
}

/* Signals are the first thread's.  Returns how many were started. */
static size_t start_threads(struct lane_thread *thread, size_t n)
{
    sigset_t all, before;
    size_t i;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    for (i = 0; i < n; i++) {
        errno = pthread_create(&thread[i].id, NULL, run_thread, &thread[i]);
        if (errno)
            break;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return i;
}

int lanes_run(const struct lanes *lanes, size_t n, lane_work *work, void *ctx,
              struct error *err)
{
    struct running running = {.lanes = lanes, .work = work, .ctx = ctx};
    SCOPED(free_scoped)
    struct lane_thread *thread = calloc(n, sizeof *thread);
    size_t started;

    if (!thread)
        return ERROR(err, ERR_NOMEM, "no memory for lanes");
    for (size_t i = 1; i < n; i++)
        thread[i] = (struct lane_thread){.running = &running, .lane = i};
    started = start_threads(thread + 1, n - 1);
    baton_take(lanes->baton);
    if (started < n - 1) {
        running.rc =
            ERROR(&running.why, ERR_SYS, "cannot start a thread for a lane");
        running.start = START_CANCEL;
        baton_tell(lanes->baton);
    } else {
        running.start = START_GO;
        baton_tell(lanes->baton);
        work_on(&running, 0);
    }
    baton_pass(lanes->baton);
    for (size_t i = 0; i < started; i++)
        pthread_join(thread[i + 1].id, NULL);
    if (running.rc < 0 && err)
        *err = running.why;
    return running.rc;
}
