/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "bench/tested.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "bench/clock.h"
#include "bench/fixture.h"

void tarei_report_clear(struct tarei_report *report)
{
    report->finished = 0;
    report->outcome = OUTCOME_PASSED;
    report->cpu = -1;
    report->shared = 0;
    report->part = PART_SETUP;
    for (int i = 0; i < PARTS; i++)
        report->elapsed_ns[i] = -1;
    report->note[0] = '\0';
    report->message[0] = '\0';
    report->crash.signal = 0;
    report->tmpdirs.n = 0;
}

/* ---- descriptors */

/* The lowest number that is free.  A descriptor that was left open takes it, so
 * two calls of this are all a tidy test costs. */
static int lowest_free(void)
{
    int fd = fcntl(STDIN_FILENO, F_DUPFD, 0);

    if (fd < 0)
        return 0;
    close(fd);
    return fd;
}

/* What is behind a descriptor, as the kernel names it. */
static void note_open(struct tarei_report *report, int fd)
{
    char path[40], name[TESTED_NOTE / 2];
    ssize_t n;

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    n = readlink(path, name, sizeof name - 1);
    name[n > 0 ? n : 0] = '\0';
    snprintf(report->note, sizeof report->note,
             "it left descriptor %d open (%s)", fd, name);
}

/* ---- the test */

static int64_t now_ns(void)
{
    return tarei_system_clock.monotonic_ns(NULL);
}

static void call_test(struct tare *t, void *arg)
{
    (void)arg;
    t->item->def.run(t);
}

void tarei_tested_run(struct tare *t, struct tarei_report *report)
{
    int free_before = lowest_free(), free_after;
    int64_t begin = now_ns(), end;

    if (tarei_fixture_enter(t, TARE_CASE) == 0) {
        end = now_ns();
        report->elapsed_ns[PART_SETUP] = end - begin;
        report->part = PART_CALL;
        tarei_context_call(t, call_test, NULL);
        begin = end;
        end = now_ns();
        report->elapsed_ns[PART_CALL] = end - begin;
        begin = end;
    }
    report->part = PART_TEARDOWN;
    tarei_fixture_leave(t, TARE_CASE);
    tarei_context_remove_tmpdir(t);
    report->elapsed_ns[PART_TEARDOWN] = now_ns() - begin;
    free_after = lowest_free();
    if (free_after > free_before)
        note_open(report, free_before);
}

/* The clock counts this process; rlimits are whole seconds, but hold for each
 * process that it starts too. */
void tarei_tested_limit_cpu(int64_t cpu_ms)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL,
                             .sigev_signo = SIGXCPU};
    struct itimerspec when = {.it_value = {.tv_sec = cpu_ms / 1000,
                                           .tv_nsec = cpu_ms % 1000 * 1000000}};
    rlim_t seconds = (rlim_t)(cpu_ms / 1000 + 1);
    struct rlimit limit = {.rlim_cur = seconds, .rlim_max = seconds + 1};
    timer_t timer;

    if (cpu_ms <= 0)
        return;
    setrlimit(RLIMIT_CPU, &limit);
    if (timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer) == 0)
        timer_settime(timer, 0, &when, NULL);
}
