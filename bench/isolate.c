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
#include <stdio_ext.h>
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
#include "bench/judge.h"
#include "bench/leftover.h"
#include "bench/strays.h"

enum {
    OUTPUT_MAX = 32 * 1024,
    STRAY_GRACE_MS = 20, /* for children that are just about to end */
};

/* Made once in a process. */
static struct tarei_report *report;
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

static void check_leaks(struct tare *t)
{
    if (__lsan_do_recoverable_leak_check && __lsan_do_recoverable_leak_check())
        tarei_context_fail(t, "memory leaked, see the output");
}

/* What cannot be had is told; half of it is no place to run a test. */
static void separate(struct tare *t)
{
    int torn;

    if (tarei_tested_enter_namespaces(&torn) == 0)
        return;
    if (torn)
        tarei_context_fail(t, "cannot have namespaces of its own: %s",
                           strerror(errno));
    else
        report->shared = 1;
}

static void conclude_child(struct tare *t)
{
    report->outcome = t->outcome;
    memcpy(report->message, t->message, sizeof report->message);
    report->cpu = sched_getcpu();
    report->finished = 1;
}

/* What was printed is there when the process ends by a signal, and in order
 * with standard error. */
static void write_lines(void)
{
    if (__fbufsize(stdout) != 1 && !__flbf(stdout)) /* 1: it is unbuffered */
        setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
}

__attribute__((noreturn)) static void child(struct tare *t,
                                            const struct tarei_manner *manner)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!manner->stream) {
        dup2(capture, STDOUT_FILENO);
        dup2(capture, STDERR_FILENO);
        write_lines();
    }
    if (manner->channel > 0)
        close(manner->channel);
    tarei_clock_close();
    tarei_context_log_tmpdirs(&report->tmpdirs);
    tarei_tested_limit_cpu(manner->cpu_ms);
    if (manner->isolation == ISOLATE_NAMESPACES)
        separate(t);
    if (t->outcome == OUTCOME_PASSED)
        tarei_tested_run(t, report);
    fflush(NULL);
    check_leaks(t);
    conclude_child(t);
    _exit(0);
}

/* ---- waiting */

static int prepare(void)
{
    if (!report) {
        report = mmap(NULL, sizeof *report, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (report == MAP_FAILED)
            report = NULL;
        if (report)
            tarei_crash_watch(&report->crash);
    }
    if (capture < 0)
        capture = memfd_create("tare-test", MFD_CLOEXEC);
    if (!report || capture < 0)
        return -1;
    tarei_report_clear(report);
    return 0;
}

static int open_pidfd(pid_t pid)
{
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

enum waited { WAITED_END = 0, WAITED_TIMEOUT, WAITED_INTERRUPTED };

/* Without pidfds: look every millisecond. */
static enum waited poll_child(pid_t pid, int64_t deadline_ns)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    siginfo_t info;

    for (;;) {
        info.si_pid = 0;
        if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
            info.si_pid == pid)
            return WAITED_END;
        if (now_ns() >= deadline_ns)
            return WAITED_TIMEOUT;
        nanosleep(&pause, NULL);
    }
}

static enum waited poll_both(int pidfd, int channel, int64_t deadline_ns)
{
    for (;;) {
        struct pollfd p[2] = {
            {.fd = pidfd, .events = POLLIN},
            {.fd = channel > 0 ? channel : -1, .events = POLLRDHUP}};
        int64_t left_ms = (deadline_ns - now_ns() + 999999) / 1000000;

        if (left_ms <= 0)
            return WAITED_TIMEOUT;
        if (poll(p, 2, left_ms > 3600000 ? 3600000 : (int)left_ms) <= 0)
            continue;
        if (p[0].revents)
            return WAITED_END;
        if (p[1].revents)
            return WAITED_INTERRUPTED;
    }
}

/* Wait until the child has ended, without reaping it. */
static enum waited wait_child(pid_t pid, int channel, int64_t deadline_ns)
{
    int fd = open_pidfd(pid);
    enum waited waited;

    if (fd < 0)
        return poll_child(pid, deadline_ns);
    waited = poll_both(fd, channel, deadline_ns);
    close(fd);
    return waited;
}

/* The group is signalled while its leader is not reaped: its number cannot have
 * gone to anybody else. */
static void stop_group(pid_t pid, int64_t grace_ms)
{
    if (grace_ms > 0) {
        kill(-pid, SIGTERM);
        wait_child(pid, 0, now_ns() + grace_ms * 1000000);
    }
    kill(-pid, SIGKILL);
}

static int64_t timeval_ns(const struct timeval *t)
{
    return (int64_t)t->tv_sec * 1000000000 + (int64_t)t->tv_usec * 1000;
}

/* Of storage the kernel counts blocks of 512 bytes (getrusage(2)). */
static void take_usage(const struct rusage *usage, struct tarei_tested *out)
{
    out->user_ns = timeval_ns(&usage->ru_utime);
    out->system_ns = timeval_ns(&usage->ru_stime);
    out->max_rss = (int64_t)usage->ru_maxrss * 1024;
    out->read_bytes = (int64_t)usage->ru_inblock * 512;
    out->write_bytes = (int64_t)usage->ru_oublock * 512;
    out->switches = usage->ru_nivcsw;
    out->faults = usage->ru_minflt + usage->ru_majflt;
}

static int reap(pid_t pid, struct tarei_tested *out)
{
    struct rusage usage;
    int status = 0;

    running = 0;
    while (wait4(pid, &status, 0, &usage) < 0 && errno == EINTR)
        ;
    take_usage(&usage, out);
    return status;
}

/* ---- what it left */

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

/* ---- one test */

/* What stood before the test. */
struct before {
    struct tarei_children children;
    struct tarei_folder folder;
};

static void look_before(struct before *before)
{
    tarei_children_note(&before->children);
    tarei_folder_look(&before->folder);
}

/* Processes that outlive a test fail it; of one that failed anyway, or was
 * ended, they are no news. */
static void look_after(const struct before *before, struct tarei_tested *out)
{
    int tidy = out->outcome == OUTCOME_PASSED;

    out->left =
        tarei_strays_sweep(&before->children, tidy ? STRAY_GRACE_MS : 0);
    if (!report->finished)
        tarei_context_remove_logged(&report->tmpdirs);
    tarei_folder_compare(&before->folder, out->note, sizeof out->note);
}

/* Set up what outlives the test; 0, or -1 with the result. */
static int enter_program(struct tare *t, const struct tarei_case *item,
                         struct tarei_tested *out)
{
    *out = (struct tarei_tested){
        .cpu = -1, .part_ns = {-1, -1, -1}, .max_rss = -1};
    tarei_context_begin(t, item);
    if (tarei_fixture_enter(t, TARE_PROGRAM) == 0)
        return 0;
    tarei_judge_note(out, t->outcome, "%s", t->message);
    return -1;
}

static void run_forked(struct tare *t, const struct tarei_manner *manner,
                       int64_t limit_ms, struct tarei_tested *out)
{
    int64_t deadline_ns =
        limit_ms > 0 ? now_ns() + limit_ms * 1000000 : INT64_MAX;
    struct tarei_ended ended = {.timeout_ms = limit_ms,
                                .cpu_ms = manner->cpu_ms};
    enum waited waited;
    pid_t pid;

    fflush(NULL);
    pid = fork();
    if (pid == 0)
        child(t, manner);
    if (pid < 0) {
        tarei_judge_note(out, OUTCOME_FAILED, "cannot start a process: %s",
                         strerror(errno));
        return;
    }
    setpgid(pid, pid);
    running = pid;
    waited = wait_child(pid, manner->channel, deadline_ns);
    if (waited != WAITED_END)
        stop_group(pid, manner->grace_ms);
    ended.timed_out = waited == WAITED_TIMEOUT;
    ended.status = reap(pid, out);
    tarei_judge(t->item, report, &ended, out);
}

/* Send what is printed into the capture; returns what to give back. */
static void redirect(int saved[2])
{
    fflush(NULL);
    for (int i = 0; i < 2; i++) {
        saved[i] = fcntl(STDOUT_FILENO + i, F_DUPFD_CLOEXEC, 3);
        dup2(capture, STDOUT_FILENO + i);
    }
    write_lines();
    tarei_crash_tell(capture, saved[1]);
}

static void give_back(const int saved[2])
{
    tarei_crash_tell(-1, -1);
    fflush(NULL);
    for (int i = 0; i < 2; i++) {
        dup2(saved[i], STDOUT_FILENO + i);
        close(saved[i]);
    }
}

static void subtract_usage(const struct rusage *before,
                           struct tarei_tested *out)
{
    struct tarei_tested then;

    take_usage(before, &then);
    out->user_ns -= then.user_ns;
    out->system_ns -= then.system_ns;
    out->read_bytes -= then.read_bytes;
    out->write_bytes -= then.write_bytes;
    out->switches -= then.switches;
    out->faults -= then.faults;
    out->max_rss = -1; /* the peak is everybody's */
}

static void run_inside(struct tare *t, const struct tarei_manner *manner,
                       struct tarei_tested *out)
{
    struct tarei_ended ended = {0};
    struct rusage before, after;
    int saved[2] = {-1, -1};

    if (!manner->stream)
        redirect(saved);
    getrusage(RUSAGE_SELF, &before);
    tarei_tested_run(t, report);
    getrusage(RUSAGE_SELF, &after);
    if (!manner->stream)
        give_back(saved);
    take_usage(&after, out);
    subtract_usage(&before, out);
    conclude_child(t);
    tarei_judge(t->item, report, &ended, out);
}

void tarei_isolate_kill(void)
{
    if (running > 0)
        kill(-running, SIGKILL);
}

/* Meant to end its process, or not known not to: it has one of its own. */
static int ends_badly(const struct tare_case *def)
{
    return def->signal || def->exit_status || def->xfail;
}

static int64_t smaller(int64_t a, int64_t b)
{
    if (a <= 0)
        return b;
    return b <= 0 || a < b ? a : b;
}

void tarei_isolate_test(struct tare *t, const struct tarei_case *item,
                        const struct tarei_manner *manner,
                        struct tarei_tested *out)
{
    static struct before before;
    int64_t begin_ns = now_ns(), entered_ns;
    int prepared = prepare(), rc = enter_program(t, item, out);

    entered_ns = now_ns() - begin_ns;
    if (rc < 0) {
        out->part_ns[PART_SETUP] = out->elapsed_ns = entered_ns;
        return;
    }
    if (prepared < 0) {
        tarei_judge_note(out, OUTCOME_FAILED,
                         "cannot prepare a test's process: %s",
                         strerror(errno));
        return;
    }
    look_before(&before);
    if (manner->isolation == ISOLATE_NONE && !ends_badly(&item->def))
        run_inside(t, manner, out);
    else
        run_forked(t, manner, smaller(item->def.timeout_ms, manner->timeout_ms),
                   out);
    look_after(&before, out);
    tarei_judge_left(item, out);
    /* The first test that needs it pays for what many share. */
    if (out->part_ns[PART_SETUP] >= 0)
        out->part_ns[PART_SETUP] += entered_ns;
    out->elapsed_ns = now_ns() - begin_ns;
    take_output(out);
}

void tarei_run_test(struct tare *t, const struct tarei_case *item,
                    struct tarei_tested *out)
{
    struct tarei_ended ended = {0};
    static struct tarei_report inside;
    int64_t begin_ns = now_ns();

    if (enter_program(t, item, out) < 0)
        return;
    tarei_report_clear(&inside);
    tarei_tested_run(t, &inside);
    inside.outcome = t->outcome;
    inside.cpu = sched_getcpu();
    inside.finished = 1;
    memcpy(inside.message, t->message, sizeof inside.message);
    tarei_judge(item, &inside, &ended, out);
    tarei_judge_left(item, out);
    out->elapsed_ns = now_ns() - begin_ns;
}
