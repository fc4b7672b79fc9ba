/* SPDX-License-Identifier: MIT */
/* Tests in forked processes. */
#include <config.h>

#include "bench/isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/clock.h"
#include "bench/fixture.h"

enum { OUTPUT_MAX = 32 * 1024 };

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434 /* the same on every architecture since Linux 5.3 */
#endif

/* What a child tells before it ends, in memory shared with it. */
struct report {
    int finished; /* 1 when the rest is meant */
    enum tarei_outcome outcome;
    int cpu;
    char message[CONTEXT_MESSAGE];
    struct tarei_tmpdirs tmpdirs;
};

/* Made once in a process. */
static struct report *report;
static int capture = -1;
static char output[OUTPUT_MAX];
static volatile sig_atomic_t running; /* process id of the test, 0 for none */

/* LeakSanitizer, where the program is linked with it. */
extern int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

static int64_t now_ns(void)
{
    return tarei_system_clock.monotonic_ns(NULL);
}

/* ---- in the process of the test */

static void call_test(struct tare *t, void *arg)
{
    (void)arg;
    t->item->def.run(t);
}

/* Everything a test needs that is as short-lived as itself. */
static void run_case(struct tare *t)
{
    if (tarei_fixture_enter(t, TARE_CASE) == 0)
        tarei_context_call(t, call_test, NULL);
    tarei_fixture_leave(t, TARE_CASE);
}

static void check_leaks(struct tare *t)
{
    if (__lsan_do_recoverable_leak_check && __lsan_do_recoverable_leak_check())
        tarei_context_fail(t, "memory leaked, see the output");
}

__attribute__((noreturn)) static void child(struct tare *t, int hidden_fd)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(capture, STDOUT_FILENO);
    dup2(capture, STDERR_FILENO);
    if (hidden_fd >= 0)
        close(hidden_fd);
    tarei_clock_close();
    tarei_context_log_tmpdirs(&report->tmpdirs);
    run_case(t);
    fflush(NULL);
    check_leaks(t);
    tarei_context_remove_tmpdir(t);
    report->outcome = t->outcome;
    memcpy(report->message, t->message, sizeof report->message);
    report->cpu = sched_getcpu();
    report->finished = 1;
    _exit(0);
}

/* ---- in the parent */

static int prepare(void)
{
    if (!report) {
        report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (report == MAP_FAILED)
            report = NULL;
    }
    if (capture < 0)
        capture = memfd_create("tare-test", MFD_CLOEXEC);
    if (!report || capture < 0)
        return -1;
    report->finished = 0;
    report->tmpdirs.n = 0;
    return 0;
}

static int open_pidfd(pid_t pid)
{
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

/* Without pidfds: look every millisecond. */
static int poll_child(pid_t pid, int64_t deadline_ns)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    siginfo_t info;

    for (;;) {
        info.si_pid = 0;
        if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
            info.si_pid == pid)
            return 1;
        if (now_ns() >= deadline_ns)
            return 0;
        nanosleep(&pause, NULL);
    }
}

/* Wait until the child has ended, without reaping it.  1, or 0 when the
 * deadline passed. */
static int wait_child(pid_t pid, int64_t deadline_ns)
{
    int fd, ended = 0;

    fd = open_pidfd(pid);
    if (fd < 0)
        return poll_child(pid, deadline_ns);
    while (!ended) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int64_t left_ms = (deadline_ns - now_ns() + 999999) / 1000000;

        if (left_ms <= 0)
            break;
        ended = poll(&p, 1, left_ms > 3600000 ? 3600000 : (int)left_ms) > 0;
    }
    close(fd);
    return ended;
}

static int64_t timeval_ns(const struct timeval *t)
{
    return (int64_t)t->tv_sec * 1000000000 + (int64_t)t->tv_usec * 1000;
}

/* The group is killed while its leader is not reaped: its number cannot have
 * gone to anybody else. */
static int reap(pid_t pid, struct tarei_tested *out)
{
    struct rusage usage;
    int status = 0;

    kill(-pid, SIGKILL);
    running = 0;
    while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
        ;
    out->user_ns = timeval_ns(&usage.ru_utime);
    out->system_ns = timeval_ns(&usage.ru_stime);
    out->max_rss = (int64_t)usage.ru_maxrss * 1024;
    out->switches = usage.ru_nivcsw;
    return status;
}

__attribute__((format(printf, 3, 4))) static void conclude(
    struct tarei_tested *out, enum tarei_outcome outcome, const char *fmt, ...)
{
    va_list ap;

    out->outcome = outcome;
    va_start(ap, fmt);
    vsnprintf(out->message, sizeof out->message, fmt, ap);
    va_end(ap);
}

static void judge(int status, int timed_out, int64_t limit_ms,
                  struct tarei_tested *out)
{
    if (timed_out) {
        conclude(out, OUTCOME_TIMEOUT, "ended after %lld.%03d s",
                 (long long)(limit_ms / 1000), (int)(limit_ms % 1000));
    } else if (WIFSIGNALED(status)) {
        out->signal = WTERMSIG(status);
        conclude(out, OUTCOME_CRASHED, "ended by signal %d (%s)", out->signal,
                 strsignal(out->signal));
    } else if (!report->finished) {
        conclude(out, OUTCOME_CRASHED,
                 "ended its process in the middle, with exit status %d",
                 WEXITSTATUS(status));
    } else {
        out->outcome = report->outcome;
        out->cpu = report->cpu;
        memcpy(out->message, report->message, sizeof out->message);
        out->message[sizeof out->message - 1] = '\0';
    }
}

/* The next test starts with an empty file. */
static void take_output(struct tarei_tested *out)
{
    off_t size = lseek(capture, 0, SEEK_END);
    ssize_t n;

    if (size <= 0)
        return;
    if (out->outcome != OUTCOME_PASSED) {
        n = pread(capture, output, sizeof output,
                  size > OUTPUT_MAX ? size - OUTPUT_MAX : 0);
        out->output = output;
        out->output_size = n > 0 ? (size_t)n : 0;
    }
    if (ftruncate(capture, 0) == 0)
        lseek(capture, 0, SEEK_SET);
}

void tarei_isolate_kill(void)
{
    if (running > 0)
        kill(-running, SIGKILL);
}

static int64_t limit(const struct tarei_case *item, int64_t timeout_ms)
{
    int64_t declared = item->def.timeout_ms;

    return declared > 0 && (timeout_ms <= 0 || declared < timeout_ms)
               ? declared
               : timeout_ms;
}

/* Set up what outlives the test; 0, or -1 with the result. */
static int enter_program(struct tare *t, const struct tarei_case *item,
                         struct tarei_tested *out)
{
    *out = (struct tarei_tested){.cpu = -1};
    tarei_context_begin(t, item);
    if (tarei_fixture_enter(t, TARE_PROGRAM) == 0)
        return 0;
    conclude(out, t->outcome, "%s", t->message);
    return -1;
}

void tarei_isolate_test(struct tare *t, const struct tarei_case *item,
                        int64_t timeout_ms, int hidden_fd,
                        struct tarei_tested *out)
{
    int64_t limit_ms = limit(item, timeout_ms), begin_ns = now_ns();
    int64_t deadline_ns =
        limit_ms > 0 ? begin_ns + limit_ms * 1000000 : INT64_MAX;
    int timed_out, status;
    pid_t pid;

    if (enter_program(t, item, out) < 0)
        return;
    if (prepare() < 0) {
        conclude(out, OUTCOME_FAILED, "cannot prepare a test's process: %s",
                 strerror(errno));
        return;
    }
    fflush(NULL);
    pid = fork();
    if (pid == 0)
        child(t, hidden_fd);
    if (pid < 0) {
        conclude(out, OUTCOME_FAILED, "cannot start a process: %s",
                 strerror(errno));
        return;
    }
    setpgid(pid, pid);
    running = pid;
    timed_out = !wait_child(pid, deadline_ns);
    status = reap(pid, out);
    out->elapsed_ns = now_ns() - begin_ns;
    judge(status, timed_out, limit_ms, out);
    take_output(out);
    if (!report->finished)
        tarei_context_remove_logged(&report->tmpdirs);
}

void tarei_run_test(struct tare *t, const struct tarei_case *item,
                    struct tarei_tested *out)
{
    int64_t begin_ns = now_ns();

    if (enter_program(t, item, out) < 0)
        return;
    run_case(t);
    tarei_context_remove_tmpdir(t);
    out->outcome = t->outcome;
    out->elapsed_ns = now_ns() - begin_ns;
    out->cpu = sched_getcpu();
    memcpy(out->message, t->message, sizeof out->message);
}
