/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "cli/exit.h"

/* A handler has no argument but the signal. */
static int pipe_end = -1, read_end = -1;
static volatile sig_atomic_t seen;
_Static_assert(_Generic((sig_atomic_t)0, int : 1, default : 0),
               "interrupt_flag() is an int");

static void on_signal(int signal)
{
    int saved = errno;

    (void)signal;
    if (seen)
        _exit(CLI_INTERRUPTED);
    seen = 1;
    if (write(pipe_end, "", 1) < 0)
        _exit(CLI_INTERRUPTED);
    errno = saved;
}

int interrupt_watch(int *fd, struct error *err)
{
    struct sigaction action = {.sa_handler = on_signal};
    int ends[2];

    if (read_end >= 0) {
        *fd = read_end;
        return 0;
    }
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return ERROR(err, ERR_SYS, "cannot make a pipe");
    pipe_end = ends[1];
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGINT, &action, NULL) < 0 ||
        sigaction(SIGTERM, &action, NULL) < 0 ||
        sigaction(SIGHUP, &action, NULL) < 0)
        return ERROR(err, ERR_SYS, "cannot watch for signals");
    *fd = read_end = ends[0];
    return 0;
}

const volatile int *interrupt_flag(void)
{
    return &seen;
}
