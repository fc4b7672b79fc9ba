/* SPDX-License-Identifier: MIT */
/* A handler for the signals of crashes.  Everything in it may be called from
 * one. */
#include <config.h>

#include "bench/crash.h"

#include <signal.h>
#include <stddef.h>
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

/* Let the debugger look at this process, which waits for it. */
static void show_backtrace(void)
{
    char pid[16];
    pid_t child;

    print_pid(pid, getpid());
#ifdef PR_SET_PTRACER
    prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
#endif
    child = fork();
    if (child == 0) {
        /* What it complains about is no output of the test. */
        close(STDERR_FILENO);
        execl(debugger, debugger, "-nx", "-batch", "-p", pid, "-ex",
              "backtrace 30", (char *)NULL);
        _exit(127);
    }
    if (child > 0)
        waitpid(child, NULL, 0);
}

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
