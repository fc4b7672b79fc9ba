/* SPDX-License-Identifier: MIT */
/* A handler for the signals of crashes.  Everything in it may be called from
 * one. */
#include <config.h>

#include "bench/crash.h"

#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
enum { SIGNALS = sizeof signals / sizeof signals[0] };

/* Not SIGSTKSZ, which is no constant any more. */
enum { STACK_BYTES = 64 * 1024 };

static struct tarei_crash *note;
static const char *debugger;

/* Decimal digits of a process id. */
static void print_pid(char out[16], pid_t pid)
{
    char digits[16];
    size_t n = 0, k = 0;

    for (; pid > 0 && n < sizeof digits - 1; pid /= 10)
        digits[n++] = (char)('0' + pid % 10);
    while (n > 0)
        out[k++] = digits[--n];
    out[k] = '\0';
}

/* ---- the backtrace */

/* Frames of the program: behind that of the signal, before the library's. */
struct filter {
    int shown; /* 0 before them, 1 among them, 2 behind */
    size_t n;
    char line[512];
};

static void end_line(struct filter *f)
{
    static const char signal_frame[] = "<signal handler called>";
    static const char library_frame[] = "tarei_context_call";

    f->line[f->n] = '\0';
    if (f->shown == 1 && strstr(f->line, library_frame))
        f->shown = 2;
    f->line[f->n] = '\n';
    if (f->shown == 1 && write(STDOUT_FILENO, f->line, f->n + 1) < 0)
        f->shown = 2;
    f->line[f->n] = '\0';
    if (f->shown == 0 && strstr(f->line, signal_frame))
        f->shown = 1;
    f->n = 0;
}

/* What is longer than the line is cut. */
static void pass_on(int fd)
{
    static struct filter f;
    char bytes[512];
    ssize_t n;

    while ((n = read(fd, bytes, sizeof bytes)) > 0)
        for (ssize_t i = 0; i < n; i++) {
            if (bytes[i] == '\n')
                end_line(&f);
            else if (f.n < sizeof f.line - 1)
                f.line[f.n++] = bytes[i];
        }
}

__attribute__((noreturn)) static void run_debugger(const char *pid, int out)
{
    dup2(out, STDOUT_FILENO);
    close(STDERR_FILENO); /* what it complains about is nobody's output */
    execl(debugger, debugger, "-nx", "-batch", "-p", pid, "-ex", "backtrace 40",
          (char *)NULL);
    _exit(127);
}

/* Let the debugger look at this process, which waits for it. */
static void show_backtrace(void)
{
    char pid[16];
    int ends[2];
    pid_t child;

    print_pid(pid, getpid());
#ifdef PR_SET_PTRACER
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
#endif
    if (pipe(ends) != 0)
        return;
    child = fork();
    if (child == 0)
        run_debugger(pid, ends[1]);
    close(ends[1]);
    if (child > 0) {
        pass_on(ends[0]);
        waitpid(child, NULL, 0);
    }
    close(ends[0]);
}

/* ---- what a test printed into memory */

static int told_from = -1, told_to = -1;
static pid_t teller; /* what a test forks has nothing to tell */

static void tell(void)
{
    char bytes[512];
    off_t at = 0;
    ssize_t n;

    while (told_from >= 0 && getpid() == teller &&
           (n = pread(told_from, bytes, sizeof bytes, at)) > 0 &&
           write(told_to, bytes, (size_t)n) == n)
        at += n;
    told_from = -1;
}

static void tell_at_exit(void)
{
    if (told_from >= 0 && getpid() == teller)
        fflush(stdout);
    tell();
}

void tarei_crash_tell(int from, int to)
{
    static int registered;

    if (!registered)
        registered = atexit(tell_at_exit) == 0;
    told_from = from;
    told_to = to;
    teller = getpid();
}

/* ---- where it was */

static const char *in_part, *in_fixture;

void tarei_crash_in(const char *part, const char *fixture)
{
    in_part = part;
    in_fixture = fixture;
}

static void say_where(void)
{
    const char *const word[] = {"in the ", in_part, " of fixture '", in_fixture,
                                "'\n"};

    for (size_t i = 0; in_fixture && i < sizeof word / sizeof word[0]; i++)
        if (write(STDERR_FILENO, word[i], strlen(word[i])) < 0)
            return;
}

/* ---- the signal */

static void on_crash(int number, siginfo_t *info, void *context)
{
    (void)context;
    note->signal = number;
    /* si_code says that the kernel found it; else nobody filled the address. */
    note->has_address =
        info->si_code > 0 && (number == SIGSEGV || number == SIGBUS);
    note->address = note->has_address ? (uint64_t)(uintptr_t)info->si_addr : 0;
    if (debugger)
        show_backtrace();
    say_where();
    tell();
    signal(number, SIG_DFL);
    raise(number);
}

void tarei_crash_watch(struct tarei_crash *crash)
{
    static char stack[STACK_BYTES];
    const stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_sigaction = on_crash,
                               .sa_flags =
                                   SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    struct sigaction before;
    stack_t stack_before;

    note = crash;
    debugger = getenv("TARE_DEBUGGER");
    if (debugger && !*debugger)
        debugger = NULL;
    sigemptyset(&action.sa_mask);
    if (sigaltstack(NULL, &stack_before) == 0 &&
        (stack_before.ss_flags & SS_DISABLE))
        sigaltstack(&alternate, NULL);
    for (int i = 0; i < SIGNALS; i++)
        if (sigaction(signals[i], NULL, &before) == 0 &&
            !(before.sa_flags & SA_SIGINFO) && before.sa_handler == SIG_DFL)
            sigaction(signals[i], &action, NULL);
}
