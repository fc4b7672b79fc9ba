/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program that the tests of runner/process start: it plays one part, named
 * by its first argument.  As a Tare program (last argument --tare-worker) it
 * speaks the protocol by itself, without libtare, and commits the fault that
 * the part names. */
#include <config.h>

#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/wire.h"

struct actor {
    const char *part;
    int control;
    int stage_fd;
    struct wire_stage *stage;
    uint32_t side;
};

static bool plays(const struct actor *a, const char *part)
{
    return strcmp(a->part, part) == 0;
}

static void hang(void)
{
    for (;;)
        pause();
}

static void say(const struct actor *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void say(const struct actor *a, const char *fmt, ...)
{
    char text[WIRE_MESSAGE_MAX];
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (send(a->control, text, (size_t)n, MSG_NOSIGNAL) < 0)
        exit(9);
}

static int64_t now_ns(clockid_t clock)
{
    struct timespec ts;

    clock_gettime(clock, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* --- the script */

static void await_turn(struct wire_stage *stage, uint32_t i)
{
    for (;;) {
        uint32_t turn = __atomic_load_n(&stage->turn, __ATOMIC_ACQUIRE);
        const struct timespec second = {.tv_sec = 1};

        if (__atomic_load_n(&stage->abort, __ATOMIC_ACQUIRE))
            exit(0);
        if (turn == i)
            return;
        syscall(SYS_futex, &stage->turn, FUTEX_WAIT, turn, &second, NULL, 0);
    }
}

static void run_slice(const struct actor *a, struct wire_slice *slice)
{
    static volatile uint64_t sink;
    int64_t begin;

    slice->begin_ns = now_ns(CLOCK_MONOTONIC);
    begin = now_ns(CLOCK_MONOTONIC_RAW);
    for (uint64_t i = 0; i < slice->iterations + slice->rewarm; i++)
        sink = sink + i;
    slice->elapsed_ns = now_ns(CLOCK_MONOTONIC_RAW) - begin;
    slice->cpu_ns = slice->run_delay_ns = -1;
    slice->cpu_begin = slice->cpu_end = sched_getcpu();
    if (plays(a, "negative-time"))
        slice->elapsed_ns = -5;
    if (plays(a, "long-time"))
        slice->elapsed_ns = INT64_MAX;
    if (plays(a, "other-order"))
        slice->iterations++;
    slice->done = plays(a, "not-done") ? 0 : 1;
}

static void misbehave_in_script(const struct actor *a, uint32_t i)
{
    if (i < 2)
        return;
    if (plays(a, "die-mid-script"))
        raise(SIGSEGV);
    if (plays(a, "exit-mid-script")) {
        fprintf(stderr, "first line\nout of cheese\n");
        exit(7);
    }
    if (plays(a, "hang-mid-script"))
        hang();
    if (plays(a, "fail-mid-script")) {
        say(a, "failed\nmessage=the loop was left early\n");
        hang();
    }
}

static void run_script(const struct actor *a)
{
    uint32_t n = a->stage->n_slices;

    for (uint32_t i = 0; i < n; i++) {
        if (a->stage->slice[i].side != a->side)
            continue;
        await_turn(a->stage, i);
        misbehave_in_script(a, i);
        run_slice(a, &a->stage->slice[i]);
        __atomic_store_n(&a->stage->turn, i + 1, __ATOMIC_RELEASE);
        syscall(SYS_futex, &a->stage->turn, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
    }
    say(a, "ran\n");
}

/* --- orders */

static void tell_cases(const struct actor *a)
{
    if (plays(a, "packet")) {
        say(a, "case\nname=one\nkind=test\n\ncase\nname=two\nkind=bench\n\n"
               "listed\ncases=2\n");
        return;
    }
    if (plays(a, "packet-ends-open")) {
        say(a, "case\nname=one\nkind=test\n\n");
        return;
    }
    say(a, "case\nname=sort[n=10]\nkind=bench\ntags=fast,unit\nversion=2\n"
           "file=a.c\nline=12\nnew_key=of a later libtare\n");
    if (plays(a, "die-in-list"))
        raise(SIGKILL);
    if (plays(a, "double-case"))
        say(a, "case\nname=sort[n=10]\nkind=bench\n");
    say(a, "case\nname=adds up\nkind=%s\ntimeout_ms=500\n",
        plays(a, "odd-kind") ? "poem" : "test");
    say(a, "listed\ncases=%d\n", plays(a, "double-case") ? 3 : 2);
}

static void open_case(struct actor *a, const char *order)
{
    const char *side = strstr(order, "side=");

    a->side = side && side[5] == '1';
    if (plays(a, "die-in-setup")) {
        fprintf(stderr, "no such table: users\n");
        abort();
    }
    if (plays(a, "hang-in-setup"))
        hang();
    if (plays(a, "fail-in-setup"))
        say(a, "failed\nmessage=cannot open\\nthe \\\\ file\n");
    else if (plays(a, "skip"))
        say(a, "skipped\nmessage=needs a network\n");
    else if (plays(a, "unknown-form"))
        say(a, "opened\nform=spiral\n");
    else
        say(a, "opened\nform=%s\n", plays(a, "manual") ? "manual" : "loop");
}

static void close_case(const struct actor *a)
{
    say(a, "counter\nname=hits\nvalue=2.5\nunit=1\nbetter=higher\n");
    if (plays(a, "odd-result"))
        say(a, "closed\nresult=xyz\n");
    say(a, "closed\nitems=10\nbytes=80\nresult=0123456789abcdef\n"
           "max_rss=4096\n");
}

static void run_test(const struct actor *a)
{
    if (plays(a, "odd-outcome"))
        say(a, "tested\noutcome=maybe\n");
    say(a, "tested\noutcome=failed\nmessage=a.c:3: 1 is not 2\noutput=x\\ny\n"
           "seconds=0.25\ncpu=0\nsignal=0\nuser_s=0.1\nsystem_s=0\n"
           "max_rss=1000\nswitches=3\n");
    if (plays(a, "die-with-orders")) {
        struct pollfd next = {.fd = a->control, .events = POLLIN};

        poll(&next, 1, -1);
        raise(SIGKILL);
    }
}

static void say_garbage(const struct actor *a)
{
    static char big[WIRE_MESSAGE_MAX + 10];

    if (plays(a, "empty-message"))
        send(a->control, "", 0, 0);
    if (plays(a, "binary"))
        send(a->control, "op\0ened\n\xff", 9, 0);
    if (plays(a, "huge-message"))
        send(a->control, memset(big, 'x', sizeof big), sizeof big, 0);
    if (plays(a, "odd-verb"))
        say(a, "sang\nsong=none\n");
    if (plays(a, "close-channel")) {
        close(a->control);
        hang();
    }
}

static void obey(struct actor *a)
{
    char order[WIRE_MESSAGE_MAX + 1];

    for (;;) {
        ssize_t n = recv(a->control, order, sizeof order - 1, 0);

        if (n <= 0)
            exit(0);
        order[n] = '\0';
        say_garbage(a);
        if (strncmp(order, "list\n", 5) == 0)
            tell_cases(a);
        else if (strncmp(order, "open\n", 5) == 0)
            open_case(a, order);
        else if (strncmp(order, "run\n", 4) == 0)
            run_script(a);
        else if (strncmp(order, "close\n", 6) == 0)
            close_case(a);
        else if (strncmp(order, "test\n", 5) == 0)
            run_test(a);
        else if (plays(a, "never-ends"))
            hang();
        else
            exit(plays(a, "end-with-5") ? 5 : 0);
    }
}

static void work(struct actor *a)
{
    const char *wire = getenv(WIRE_ENVIRONMENT);

    if (!wire || sscanf(wire, "%d,%d", &a->control, &a->stage_fd) != 2)
        exit(8);
    a->stage = mmap(NULL, sizeof *a->stage, PROT_READ | PROT_WRITE, MAP_SHARED,
                    a->stage_fd, 0);
    if (a->stage == MAP_FAILED || a->stage->magic != WIRE_MAGIC)
        exit(8);
    if (plays(a, "silent"))
        hang();
    if (plays(a, "cut-stage") && ftruncate(a->stage_fd, 0) == 0)
        exit(8);
    if (plays(a, "other-version"))
        say(a, "hello\nprotocol=99\nlibtare=9.9\n");
    if (plays(a, "other-hello"))
        say(a, "good morning\n");
    /* The end of this process must be seen although its child lives on and
     * holds the channel. */
    if (plays(a, "die-with-child") && fork() == 0)
        hang();
    if (plays(a, "rebind")) {
        cpu_set_t all;

        memset(&all, 0xff, sizeof all);
        sched_setaffinity(0, sizeof all, &all);
    }
    say(a, "hello\nprotocol=1\nlibtare=0.1.0\n");
    if (plays(a, "die-with-child"))
        raise(SIGKILL);
    obey(a);
}

/* --- parts that are no Tare programs */

/* A child that outlives this process, as a daemon does. */
static void leave_child(char **argv, bool own_session, bool own_environment)
{
    int ready[2];
    char byte;

    if (pipe2(ready, O_CLOEXEC) < 0)
        exit(8);
    if (fork() == 0) {
        char hanging[] = "hang";
        char *again[] = {argv[0], hanging, argv[2], NULL}, *env[] = {NULL};

        if (own_session)
            setsid();
        if (own_environment)
            execve(argv[0], again, env);
        if (write(ready[1], "x", 1) != 1)
            exit(8);
        hang();
    }
    close(ready[1]);
    if (read(ready[0], &byte, 1) < 0)
        exit(8);
}

static void show(int argc, char **argv)
{
    char folder[PATH_MAX];

    for (int i = 2; i < argc; i++) {
        const char *value = getenv(argv[i]);

        printf("%s=%s\n", argv[i], value ? value : "(unset)");
    }
    printf("cwd=%s\n", getcwd(folder, sizeof folder));
}

/* The numbers of all open descriptors. */
static void show_fds(void)
{
    for (int fd = 0; fd < 256; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            printf("%d ", fd);
}

static void show_signals(void)
{
    sigset_t blocked;
    int odd = 0;

    sigprocmask(SIG_SETMASK, NULL, &blocked);
    for (int sig = 1; sig < NSIG; sig++) {
        struct sigaction action;

        if (sigismember(&blocked, sig) == 1)
            odd++;
        if (sigaction(sig, NULL, &action) == 0 && action.sa_handler != SIG_DFL)
            odd++;
    }
    printf("odd signals: %d\n", odd);
}

int main(int argc, char **argv)
{
    struct actor a = {.part = argc > 1 ? argv[1] : ""};

    if (strcmp(argv[argc - 1], WIRE_ARGUMENT) == 0)
        work(&a);
    if (plays(&a, "hang"))
        hang();
    if (plays(&a, "exit"))
        return argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0;
    if (plays(&a, "crash"))
        raise(SIGSEGV);
    if (plays(&a, "leave"))
        leave_child(argv, false, false);
    if (plays(&a, "leave-session"))
        leave_child(argv, true, false);
    if (plays(&a, "leave-stranger"))
        leave_child(argv, true, true);
    if (plays(&a, "show"))
        show(argc, argv);
    if (plays(&a, "show-fds"))
        show_fds();
    if (plays(&a, "show-signals"))
        show_signals();
    return 0;
}
