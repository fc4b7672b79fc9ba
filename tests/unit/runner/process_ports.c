/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks of ports: one owner at a time, whatever process that is in. */
#include <config.h>

#include "runner/process/ports.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/tare.h"

enum { BLOCKS = (PORTS_END - PORTS_FIRST) / PORTS_BLOCK };

/* A pool of this test alone: real runs may be going on. */
static struct ports pool(void)
{
    static char name[40];

    snprintf(name, sizeof name, "tare-test-%d", (int)getpid());
    return (struct ports){.name = name};
}

TARE_TEST(owners_of_a_run_have_a_block_each)
{
    struct ports run = pool();
    unsigned session = ports_base(&run, PORTS_SESSION);
    unsigned old = ports_base(&run, ports_of_worker(3, 0));
    unsigned new = ports_base(&run, ports_of_worker(3, 1));

    TARE_CHECK_INT(session, PORTS_FIRST);
    TARE_CHECK_INT(old, PORTS_FIRST + PORTS_BLOCK);
    TARE_CHECK_INT(new, PORTS_FIRST + 2 * PORTS_BLOCK);
    TARE_CHECK_INT(ports_base(&run, ports_of_worker(3, 0)), old);
    ports_clear(&run);
}

TARE_TEST(two_runs_have_none_in_common)
{
    struct ports one = pool(), other = pool();
    unsigned first = ports_base(&one, PORTS_WORKERS);

    TARE_CHECK_INT(ports_base(&other, PORTS_WORKERS), first + PORTS_BLOCK);
    TARE_CHECK_INT(ports_base(&one, PORTS_SESSION), first + 2 * PORTS_BLOCK);
    ports_clear(&one);
    ports_clear(&other);
    TARE_CHECK_INT(ports_base(&other, PORTS_WORKERS), first);
    ports_clear(&other);
}

TARE_TEST(when_all_are_taken_there_is_none)
{
    struct ports one = pool(), other = pool();
    size_t n = 0;

    while (ports_base(&one, n))
        n++;
    TARE_CHECK(n > 0 && n <= BLOCKS);
    TARE_CHECK_INT(ports_base(&other, PORTS_WORKERS), 0);
    ports_clear(&one);
    ports_clear(&other);
    TARE_CHECK_INT(ports_base(&other, PORTS_WORKERS), PORTS_FIRST);
    ports_clear(&other);
}

TARE_TEST(a_killed_run_has_given_its_blocks_back)
{
    struct ports own = pool();
    int told[2];
    unsigned theirs = 0;
    pid_t pid;

    TARE_REQUIRE(pipe(told) == 0);
    pid = fork();
    TARE_REQUIRE(pid >= 0);
    if (pid == 0) {
        struct ports run = own;

        theirs = ports_base(&run, PORTS_WORKERS);
        if (write(told[1], &theirs, sizeof theirs) == sizeof theirs)
            pause();
        _exit(1);
    }
    TARE_CHECK(read(told[0], &theirs, sizeof theirs) == sizeof theirs);
    TARE_CHECK_INT(theirs, PORTS_FIRST);
    TARE_CHECK_INT(ports_base(&own, PORTS_WORKERS), PORTS_FIRST + PORTS_BLOCK);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    ports_clear(&own);
    TARE_CHECK_INT(ports_base(&own, PORTS_WORKERS), PORTS_FIRST);
    ports_clear(&own);
    close(told[0]);
    close(told[1]);
}

TARE_TEST(blocks_end_where_the_kernel_begins)
{
    TARE_CHECK_INT(ports_end("32768\t60999\n"), PORTS_END);
    TARE_CHECK_INT(ports_end("25000\t60999\n"), 25000);
    TARE_CHECK_INT(ports_end("1024\t65535\n"), PORTS_END);
    TARE_CHECK_INT(ports_end(""), PORTS_END);
    TARE_CHECK_INT(ports_end(NULL), PORTS_END);
}
