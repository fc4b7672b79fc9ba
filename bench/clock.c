/* SPDX-License-Identifier: MIT */
/* Clocks and counters of Linux. */
#include <config.h>

#include "bench/clock.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { UNOPENED = 0, UNAVAILABLE = -1 };

/* One more than the descriptor, so that zero means that nobody tried. */
static __thread int schedstat;

static int64_t read_clock(clockid_t id)
{
    struct timespec ts;

    if (clock_gettime(id, &ts) != 0)
        return -1;
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int64_t wall_ns(void *ctx)
{
    (void)ctx;
    return read_clock(CLOCK_MONOTONIC_RAW);
}

static int64_t monotonic_ns(void *ctx)
{
    (void)ctx;
    return read_clock(CLOCK_MONOTONIC);
}

static int64_t cpu_ns(void *ctx)
{
    (void)ctx;
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

static void usage(void *ctx, struct tarei_usage *out)
{
    struct rusage u;

    (void)ctx;
    memset(&u, 0, sizeof u);
    getrusage(RUSAGE_THREAD, &u);
    *out = (struct tarei_usage){u.ru_nivcsw, u.ru_minflt, u.ru_majflt};
}

/* "RUNNING DELAY SLICES", the first two in ns (Documentation/scheduler/
 * sched-stats in the kernel's tree). */
static int64_t run_delay_ns(void *ctx)
{
    char text[96], *space;
    ssize_t n;

    (void)ctx;
    if (schedstat == UNOPENED) {
        int fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);

        schedstat = fd < 0 ? UNAVAILABLE : fd + 1;
    }
    if (schedstat == UNAVAILABLE)
        return -1;
    n = pread(schedstat - 1, text, sizeof text - 1, 0);
    if (n <= 0)
        return -1;
    text[n] = '\0';
    space = strchr(text, ' ');
    return space ? strtoll(space, NULL, 10) : -1;
}

static int32_t cpu(void *ctx)
{
    (void)ctx;
    return sched_getcpu();
}

const struct tarei_clock tarei_system_clock = {
    .wall_ns = wall_ns,
    .monotonic_ns = monotonic_ns,
    .cpu_ns = cpu_ns,
    .usage = usage,
    .run_delay_ns = run_delay_ns,
    .cpu = cpu,
};

void tarei_clock_close(void)
{
    if (schedstat > 0)
        close(schedstat - 1);
    schedstat = UNOPENED;
}

int64_t tarei_peak_memory(void)
{
    char text[4096], *line;
    int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t n;

    if (fd < 0)
        return -1;
    n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0)
        return -1;
    text[n] = '\0';
    line = strstr(text, "\nVmHWM:");
    if (!line)
        return -1;
    return strtoll(line + 7, NULL, 10) * 1024;
}
