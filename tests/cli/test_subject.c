/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests that end in every way there is.  What ran is noted in the file of
 * TEST_NOTES, a line each, so that a second account exists. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/tare.h"

static void note(struct tare *t)
{
    const char *path = getenv("TEST_NOTES");
    char line[128];
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;

    if (fd < 0)
        return;
    snprintf(line, sizeof line, "%s %s\n", tare_id(t), getenv("TARE_WORKER"));
    if (write(fd, line, strlen(line)) < 0)
        abort();
    close(fd);
}

TARE_TEST(passes, .args = "n=1..6", .tags = "good")
{
    note(t);
    TARE_CHECK(tare_int(t, "n") > 0);
}

TARE_TEST(fails, .tags = "bad")
{
    note(t);
    puts("what the test printed");
    TARE_CHECK_INT(1 + 1, 3);
}

TARE_TEST(skips, .tags = "good")
{
    note(t);
    TARE_SKIP("no moon on %s", "this planet");
}

TARE_TEST(crashes, .tags = "bad")
{
    note(t);
    raise(SIGSEGV);
}

TARE_TEST(exits, .tags = "bad")
{
    note(t);
    _exit(7);
}

TARE_TEST(hangs, .tags = "bad", .timeout_ms = 100)
{
    note(t);
    for (;;)
        pause();
}

/* Fails until the file is there, which it makes. */
TARE_TEST(moody, .tags = "moody")
{
    const char *path = getenv("TEST_ONCE");

    note(t);
    if (path && access(path, F_OK) != 0) {
        close(open(path, O_WRONLY | O_CREAT, 0600));
        TARE_FAIL("in a mood");
    }
}

/* A child that left group and session and holds nothing but itself. */
TARE_TEST(leaves_a_child, .tags = "leak")
{
    const char *path = getenv("TEST_CHILD");
    FILE *out;
    pid_t pid = fork();

    note(t);
    if (pid == 0) {
        setsid();
        out = path ? fopen(path, "w") : NULL;
        if (out) {
            fprintf(out, "%d\n", (int)getpid());
            fclose(out);
        }
        for (;;)
            pause();
    }
    TARE_REQUIRE(pid > 0);
    while (path && access(path, F_OK) != 0)
        usleep(1000);
}

/* What it set up is torn down whatever happens, and tells so. */
static void tell(const char *word)
{
    const char *path = getenv("TEST_FIXTURE");
    FILE *out = path ? fopen(path, "a") : NULL;

    if (!out)
        return;
    fprintf(out, "%s %s\n", word, getenv("TARE_WORKER"));
    fclose(out);
}

TARE_FIXTURE(place, TARE_PROGRAM)
{
    tell("up");
    return NULL;
}

TARE_TEARDOWN(place)
{
    tell("down");
}

TARE_TEST(stands_somewhere, .tags = "place", .fixtures = "place")
{
}

/* What the worker was started with, which a change of the environment leaves. */
static int was_started_with(const char *variable)
{
    static char all[1 << 16];
    FILE *in = fopen("/proc/self/environ", "r");
    size_t n = in ? fread(all, 1, sizeof all - 1, in) : 0;

    if (in)
        fclose(in);
    for (size_t at = 0; at < n; at += strlen(all + at) + 1)
        if (strcmp(all + at, variable) == 0)
            return 1;
    return 0;
}

/* How the worker was bound is its own business. */
TARE_TEST(is_bound_as_the_user_says, .tags = "environment")
{
    TARE_CHECK_STR(getenv("LD_BIND_NOW"), getenv("TEST_BIND"));
    TARE_CHECK_INT(was_started_with("LD_BIND_NOW=tare"), !getenv("TEST_BIND"));
}

TARE_TEST(hangs_somewhere, .tags = "forever", .fixtures = "place")
{
    note(t);
    for (;;)
        pause();
}

/* Somebody ends tare: the guardian's parent is tare. */
static void interrupt_tare(void)
{
    char path[64];
    int pid = 0;
    FILE *in;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)getppid());
    in = fopen(path, "r");
    if (!in || fscanf(in, "%*d (%*[^)]) %*c %d", &pid) != 1 || pid <= 1)
        abort();
    fclose(in);
    kill(pid, SIGTERM); /* a shell in the background ignores SIGINT */
}

/* Once in a run, whoever asks; everybody gets what it made. */
TARE_FIXTURE(dataset, TARE_SESSION)
{
    static char path[4096];
    FILE *out;

    tell("session up");
    if (getenv("TEST_SESSION_FAILS"))
        tare_fail(f, "the disk is full");
    if (getenv("TEST_SESSION_INTERRUPTS"))
        interrupt_tare();
    if (getenv("TEST_SESSION_HANGS"))
        for (;;)
            pause();
    snprintf(path, sizeof path, "%s/data", tare_tmpdir(f));
    out = fopen(path, "w");
    if (!out)
        tare_fail(f, "cannot make %s", path);
    fputs("made once\n", out);
    fclose(out);
    return path;
}

TARE_TEARDOWN(dataset)
{
    tell(access(value, R_OK) == 0 ? "session down" : "session lost");
}

TARE_FIXTURE(table, TARE_WORKER, .needs = "dataset")
{
    tell("worker up");
    return tare_fixture(f, "dataset");
}

TARE_TEARDOWN(table)
{
    tell(access(value, R_OK) == 0 ? "worker down" : "worker lost");
}

TARE_TEST(reads, .tags = "session", .fixtures = "table", .args = "n=1,2,3,4")
{
    char line[32] = "";
    FILE *in = fopen(tare_fixture(t, "table"), "r");

    TARE_REQUIRE(in != NULL);
    TARE_CHECK(fgets(line, sizeof line, in) != NULL);
    TARE_CHECK_STR(line, "made once\n");
    fclose(in);
    if (tare_int(t, "n") == 3 && getenv("TEST_SESSION_CRASHES"))
        abort();
}

/* What one leaves in memory or in a folder another stumbles over, or needs. */
static int dirt, level;

TARE_TEST(stays_clean, .tags = "order", .args = "n=1..5")
{
    TARE_CHECK(tare_int(t, "n") > 0);
}

TARE_TEST(wants_clean, .tags = "order")
{
    TARE_CHECK_INT(dirt, 0);
}

TARE_TEST(makes_dirt, .tags = "order")
{
    dirt++;
}

TARE_TEST(lifts, .tags = "order", .args = "n=1,2")
{
    level++;
}

TARE_TEST(wants_height, .tags = "order")
{
    TARE_CHECK_INT(level, 2);
}

TARE_TEST(makes_file, .tags = "disk")
{
    fclose(fopen(getenv("TEST_DISK"), "w"));
}

TARE_TEST(wants_no_file, .tags = "disk")
{
    TARE_CHECK(access(getenv("TEST_DISK"), F_OK) != 0);
    unlink(getenv("TEST_DISK"));
}

static int deep(int *p, int n)
{
    return n ? deep(p, n - 1) + 1 : *p;
}

TARE_TEST(falls_deeply, .tags = "deep")
{
    TARE_CHECK(deep(TARE_OPAQUE((int *)NULL), 3) == 3);
}

/* The worker's own process dies under the test, the first time. */
TARE_TEST(loses_its_worker, .tags = "worker")
{
    const char *path = getenv("TEST_ONCE");

    note(t);
    if (path && access(path, F_OK) != 0) {
        close(open(path, O_WRONLY | O_CREAT, 0600));
        kill(getppid(), SIGKILL);
        for (;;)
            pause();
    }
}

/* ... and every time. */
TARE_TEST(kills_its_worker, .tags = "killer")
{
    note(t);
    kill(getppid(), SIGKILL);
    for (;;)
        pause();
}

/* What is not as it should be, and fails no test. */
TARE_FIXTURE(shelf, TARE_PROGRAM)
{
    return NULL;
}

TARE_TEARDOWN(shelf)
{
    tare_fail(f, "the shelf stays where it is");
}

TARE_TEST(leaves_a_file, .tags = "untidy", .fixtures = "shelf")
{
    char path[4096];
    FILE *out;

    snprintf(path, sizeof path, "%s/left", getenv("TARE_TMPDIR"));
    out = fopen(path, "w");
    TARE_REQUIRE(out != NULL);
    fclose(out);
    TARE_CHECK(open("/dev/null", O_RDONLY) >= 0);
}

/* Printed, but not yet flushed by the test. */
TARE_TEST(prints_and_falls, .tags = "told")
{
    puts("the last words");
    raise(SIGSEGV);
}

TARE_TEST(prints_and_leaves, .tags = "told")
{
    puts("the last words");
    exit(7);
}

TARE_FIXTURE(trapdoor, TARE_PROGRAM)
{
    fputs("it creaks\n", stderr);
    abort();
}

TARE_TEST(stands_on_it, .tags = "told", .fixtures = "trapdoor")
{
}

/* As they should, in every isolation. */
TARE_TEST(aborts_as_meant, .tags = "meant", .signal = SIGABRT)
{
    abort();
}

TARE_TEST(exits_as_meant, .tags = "meant", .exit_status = 3)
{
    exit(3);
}

TARE_TEST(known_to_fall, .tags = "meant", .xfail = "the floor is wet")
{
    raise(SIGSEGV);
}

/* Its keeper does not survive it. */
TARE_FIXTURE(quicksand, TARE_SESSION)
{
    tell("quicksand");
    abort();
}

TARE_TEST(sinks, .tags = "sinks", .fixtures = "quicksand")
{
}
