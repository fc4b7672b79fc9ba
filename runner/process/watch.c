/* SPDX-License-Identifier: GPL-3.0-or-later */
/* poll() with an absolute deadline and a way out. */
#include <config.h>

#include "runner/process/watch.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "runner/process/baton.h"

static const int64_t second_ns = 1000000000;

int64_t watch_now_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * second_ns + ts.tv_nsec;
}

struct watch watch_within(const struct watch *outer, int64_t ns)
{
    struct watch inner = {.deadline_ns = watch_now_ns() + ns, .stop_fd = -1};

    if (!outer)
        return inner;
    inner.stop_fd = outer->stop_fd;
    inner.baton = outer->baton;
    if (outer->deadline_ns && outer->deadline_ns < inner.deadline_ns)
        inner.deadline_ns = outer->deadline_ns;
    return inner;
}

/* One ppoll(); what is ready is counted without the stop descriptor. */
static int poll_once(struct pollfd *all, size_t n, int64_t left_ns,
                     struct baton *baton)
{
    struct timespec ts = {.tv_sec = left_ns / second_ns,
                          .tv_nsec = left_ns % second_ns};
    int ready, error;

    baton_pass(baton);
    ready = ppoll(all, n + 1, left_ns < 0 ? NULL : &ts, NULL);
    error = errno;
    baton_take(baton);
    errno = error;
    if (ready > 0 && all[n].revents)
        ready--;
    return ready;
}

int watch_poll(const struct watch *watch, struct pollfd *fds, size_t n,
               struct error *err)
{
    struct pollfd all[WATCH_MAX + 1];
    int64_t left;
    int ready;

    if (n > WATCH_MAX)
        return ERROR(err, ERR_INVAL, "more than %d descriptors to wait for",
                     WATCH_MAX);
    memcpy(all, fds, n * sizeof *fds);
    all[n] =
        (struct pollfd){.fd = watch ? watch->stop_fd : -1, .events = POLLIN};
    do {
        left = -1;
        if (watch && watch->deadline_ns) {
            left = watch->deadline_ns - watch_now_ns();
            left = left < 0 ? 0 : left;
        }
        ready = poll_once(all, n, left, watch ? watch->baton : NULL);
        if (ready < 0 && errno != EINTR)
            return ERROR(err, ERR_SYS, "cannot wait for a program");
    } while (ready < 0 || (ready == 0 && left != 0 && !all[n].revents));
    if (ready > 0)
        memcpy(fds, all, n * sizeof *fds);
    else if (all[n].revents)
        return ERROR(err, ERR_STOPPED, "interrupted");
    else
        return ERROR(err, ERR_TIMEOUT, "nothing happened in time");
    return ready;
}
