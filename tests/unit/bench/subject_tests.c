/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The subject's tests that leave something behind, or end as they say. */
#include <config.h>

#include "bench/tare.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A process that stays, in a session of its own or not; returns once it is
 * there. */
static void leave_process(int session, int orphan)
{
    int ready[2];
    char c;

    if (pipe(ready) != 0)
        abort();
    if (fork() == 0) {
        if (session)
            setsid();
        if (orphan && fork() != 0)
            _exit(0);
        close(ready[0]);
        if (write(ready[1], "", 1) != 1)
            abort();
        close(ready[1]);
        for (;;)
            pause();
    }
    close(ready[1]);
    if (read(ready[0], &c, 1) != 1)
        abort();
    close(ready[0]);
}

TARE_TEST(leaves_a_child)
{
    leave_process(0, 0);
}

TARE_TEST(leaves_a_session)
{
    leave_process(1, 0);
}

TARE_TEST(leaves_a_daemon)
{
    leave_process(1, 1);
}

TARE_TEST(leaves_three_and_fails)
{
    leave_process(0, 0);
    leave_process(1, 0);
    leave_process(1, 1);
    TARE_FAIL("anyway");
}

/* It is about to end: nothing is left. */
TARE_TEST(leaves_one_that_ends)
{
    if (fork() == 0) {
        usleep(1000);
        _exit(0);
    }
}

TARE_TEST(leaves_a_descriptor)
{
    if (open("/dev/zero", O_RDONLY) < 0)
        abort();
}

TARE_TEST(removes_the_folder)
{
    char path[512];

    snprintf(path, sizeof path, "%s/left", getenv("TARE_TMPDIR"));
    unlink(path);
    rmdir(getenv("TARE_TMPDIR"));
}

TARE_TEST(leaves_a_file)
{
    char path[512];
    int fd;

    snprintf(path, sizeof path, "%s/left", getenv("TARE_TMPDIR"));
    fd = open(path, O_WRONLY | O_CREAT, 0600);
    if (fd < 0)
        TARE_SKIP("no folder");
    close(fd);
}

TARE_TEST(is_tidy)
{
    TARE_CHECK(tare_tmpdir(t)[0] == '/');
}

/* A server of a fixture lives on from test to test. */
TARE_FIXTURE(server, TARE_PROGRAM)
{
    static pid_t pid;

    pid = fork();
    if (pid == 0)
        for (;;)
            pause();
    return &pid;
}

TARE_TEARDOWN(server)
{
    const pid_t *pid = value;

    kill(*pid, SIGKILL);
    waitpid(*pid, NULL, 0);
}

TARE_TEST(uses_a_server, .fixtures = "server")
{
    TARE_CHECK(kill(*(pid_t *)tare_fixture(t, "server"), 0) == 0);
}

TARE_TEST(leaves_beside_a_server, .fixtures = "server")
{
    leave_process(1, 0);
}

/* ---- how they end */

TARE_TEST(touches_memory)
{
    char *p = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    p[8] = 1;
}

TARE_FIXTURE(crashing, TARE_CASE)
{
    raise(SIGILL);
    return NULL;
}

TARE_TEST(crashes_in_setup, .fixtures = "crashing")
{
}

TARE_TEST(fails_as_said, .xfail = "not done yet")
{
    TARE_CHECK_INT(1, 2);
}

TARE_TEST(passes_against_what_it_said, .xfail = "not done yet")
{
}

TARE_TEST(killed_as_said, .signal = SIGUSR2)
{
    raise(SIGUSR2);
}

TARE_TEST(not_killed_as_said, .signal = SIGUSR2)
{
}

TARE_TEST(killed_otherwise, .signal = SIGUSR2)
{
    raise(SIGUSR1);
}

TARE_TEST(exits_as_said, .exit_status = 3)
{
    exit(3);
}

TARE_TEST(exits_otherwise, .exit_status = 3)
{
    exit(4);
}

TARE_TEST(returns_otherwise, .exit_status = 3)
{
}

TARE_TEST(works_for_ever)
{
    volatile unsigned x = 0;

    for (;;)
        x++;
}

static void say_goodbye(int number)
{
    static const char text[] = "told to end\n";

    (void)number;
    if (write(STDOUT_FILENO, text, sizeof text - 1) < 0)
        abort();
    _exit(9);
}

TARE_TEST(hangs_politely)
{
    signal(SIGTERM, say_goodbye);
    for (;;)
        pause();
}

TARE_TEST(shares, .exclusive = 1, .slots = 3, .uses = "gpu, net", .group = "g")
{
}

/* ---- with other isolation */

static int remembered;

TARE_TEST(remembers)
{
    remembered++;
    puts("not shown");
    TARE_CHECK_INT(remembered, 1);
}

TARE_TEST(has_its_own_tmp)
{
    TARE_CHECK(access(getenv("TARE_TMPDIR"), W_OK) == 0);
    TARE_CHECK(access(tare_tmpdir(t), W_OK) == 0);
    TARE_CHECK(mkdir("/tmp/tare-subject-was-here", 0700) == 0);
}
