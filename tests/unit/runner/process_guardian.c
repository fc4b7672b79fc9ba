/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starting, ending and sweeping processes. */
#include <config.h>

#include "runner/process/guardian.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "bench/tare.h"
#include "runner/process/cgroups.h"
#include "runner/process/guardian_wire.h"
#include "tests/unit/runner/process_support.h"

TARE_TEST(tells_the_exit_status)
{
    struct guardian *g = need_guardian();
    struct child *child = start_actor(g, NULL, 0, NULL, "exit", "3");

    TARE_CHECK(child->pid > 0);
    await_end(g, child);
    TARE_CHECK_INT(child->end.status, 3);
    TARE_CHECK_INT(child->end.signal, 0);
    TARE_CHECK_INT(child->end.leaked, 0);
    TARE_CHECK(child->end.usage.ru_maxrss > 0);
    guardian_release(g, child);
    guardian_stop(g);
}

TARE_TEST(tells_the_signal)
{
    struct guardian *g = need_guardian();
    struct child *child = start_actor(g, NULL, 0, NULL, "crash", NULL);
    char text[CHILD_END_TEXT];

    await_end(g, child);
    TARE_CHECK_INT(child->end.signal, SIGSEGV);
    TARE_CHECK_INT(child->end.status, -1);
    TARE_CHECK_STR(child_end_text(text, &child->end),
                   "signal 11 (Segmentation fault)");
    guardian_stop(g);
}

TARE_TEST(a_pidfd_tells_of_the_end)
{
    struct guardian *g = need_guardian();
    struct child *child = start_actor(g, NULL, 0, NULL, "hang", NULL);
    struct pollfd fd = {.fd = child->pidfd, .events = POLLIN};
    const struct watch watch = patient();

    if (child->pidfd < 0) {
        guardian_stop(g);
        TARE_SKIP("the kernel has no pidfds");
        return;
    }
    TARE_CHECK_INT(poll(&fd, 1, 0), 0);
    TARE_CHECK_INT(guardian_signal(g, child, SIGKILL, NULL), 0);
    TARE_CHECK_INT(watch_poll(&watch, &fd, 1, NULL), 1);
    await_end(g, child);
    TARE_CHECK_INT(child->end.signal, SIGKILL);
    guardian_stop(g);
}

/* --- what cannot be started */

static int try_spawn(struct guardian *g, struct spawn *spawn, const char *path,
                     struct error *err)
{
    char *argv[] = {(char *)path, NULL}, *env[] = {NULL};
    struct child *child = NULL;

    spawn->path = path;
    spawn->argv = argv;
    spawn->env = env;
    return guardian_spawn(g, spawn, &child, err);
}

TARE_TEST(names_a_missing_program)
{
    struct guardian *g = need_guardian();
    struct spawn spawn = {0};
    struct error err = {0};

    TARE_CHECK_INT(try_spawn(g, &spawn, "/no/such/program", &err), ERR_PEER);
    TARE_CHECK_STR(err.text,
                   "cannot run '/no/such/program': No such file or directory");
    guardian_stop(g);
}

TARE_TEST(names_what_is_no_executable)
{
    static const char text[] = "echo no first line\n";
    struct guardian *g = need_guardian();
    struct spawn spawn = {0};
    struct error err = {0};

    TARE_CHECK_INT(try_spawn(g, &spawn, "/proc", &err), ERR_PEER);
    TARE_CHECK_STR(err.text, "cannot run '/proc': Permission denied");
    TARE_REQUIRE_INT(file_write_atomic("script", text, sizeof text - 1, NULL),
                     0);
    chmod("script", 0755);
    TARE_CHECK_INT(try_spawn(g, &spawn, "./script", &err), ERR_PEER);
    TARE_CHECK_STR(err.text, "cannot run './script': Exec format error");
    TARE_CHECK(strstr(err.help, "#!"));
    unlink("script");
    guardian_stop(g);
}

TARE_TEST(names_the_step_that_failed)
{
    const int cpu = SPAWN_CPUS_MAX - 1, node = SPAWN_NODES_MAX - 2;
    struct guardian *g = need_guardian();
    struct spawn no_folder = {.cwd = "/no/such/folder"};
    struct spawn no_cpu = {.cpus = &cpu, .n_cpus = 1};
    struct spawn no_node = {.nodes = &node, .n_nodes = 1};
    struct error err = {0};

    TARE_CHECK_INT(try_spawn(g, &no_folder, "/bin/true", &err), ERR_PEER);
    TARE_CHECK_STR(err.text, "cannot run '/bin/true' in folder "
                             "'/no/such/folder': No such file or directory");
    TARE_CHECK_INT(try_spawn(g, &no_cpu, "/bin/true", &err), ERR_PEER);
    TARE_CHECK_STR(err.text,
                   "cannot bind to its CPUs '/bin/true': Invalid argument");
    TARE_CHECK_INT(try_spawn(g, &no_node, "/bin/true", &err), ERR_PEER);
    guardian_stop(g);
}

TARE_TEST(refuses_what_is_beyond_the_limits)
{
    const int cpu = SPAWN_CPUS_MAX;
    const struct spawn_fd fd = {.fd = 0, .number = 5000};
    struct guardian *g = need_guardian();
    struct spawn bad_cpu = {.cpus = &cpu, .n_cpus = 1};
    struct spawn bad_fd = {.fds = &fd, .n_fds = 1};

    TARE_CHECK_INT(try_spawn(g, &bad_cpu, "/bin/true", NULL), ERR_RANGE);
    TARE_CHECK_INT(try_spawn(g, &bad_fd, "/bin/true", NULL), ERR_RANGE);
    guardian_stop(g);
}

/* --- what a child sees */

TARE_TEST(hands_over_only_the_descriptors_asked_for)
{
    struct guardian *g = need_guardian();
    char *argv[] = {(char *)actor_path(), (char[]){"show-fds"}, NULL},
         *env[] = {NULL};
    struct capture output = {0};
    struct child *child = NULL;
    struct spawn_fd fds[3];
    struct spawn spawn = {
        .path = argv[0], .argv = argv, .env = env, .fds = fds, .n_fds = 3};

    TARE_REQUIRE_INT(capture_open(&output, 0, NULL), 0);
    fds[0] = (struct spawn_fd){output.fd, 1};
    fds[1] = (struct spawn_fd){output.fd, 7};
    fds[2] = (struct spawn_fd){STDIN_FILENO, 3};
    TARE_REQUIRE_INT(guardian_spawn(g, &spawn, &child, NULL), 0);
    await_end(g, child);
    TARE_CHECK_STR(output_text(&output), "0 1 2 3 7 ");
    capture_close(&output);
    guardian_stop(g);
}

TARE_TEST(sets_default_signals)
{
    struct guardian *g;
    struct capture output = {0};
    sigset_t set, old;

    sigfillset(&set);
    sigprocmask(SIG_BLOCK, &set, &old);
    signal(SIGPIPE, SIG_IGN);
    g = need_guardian();
    TARE_REQUIRE_INT(capture_open(&output, 0, NULL), 0);
    await_end(g, start_actor(g, &output, 0, NULL, "show-signals", NULL));
    TARE_CHECK_STR(output_text(&output), "odd signals: 0\n");
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &old, NULL);
    capture_close(&output);
    guardian_stop(g);
}

TARE_TEST(sets_folder_and_environment)
{
    struct guardian *g = need_guardian();
    char *argv[] = {(char *)actor_path(), (char[]){"show"}, (char[]){"A"},
                    (char[]){"HOME"}, NULL};
    char *env[] = {(char[]){"A=b c"}, NULL};
    struct capture output = {0};
    struct child *child = NULL;
    struct spawn_fd fd = {.number = 1};
    struct spawn spawn = {.path = argv[0],
                          .argv = argv,
                          .env = env,
                          .cwd = "/proc",
                          .fds = &fd,
                          .n_fds = 1};

    TARE_REQUIRE_INT(capture_open(&output, 0, NULL), 0);
    fd.fd = output.fd;
    TARE_REQUIRE_INT(guardian_spawn(g, &spawn, &child, NULL), 0);
    await_end(g, child);
    TARE_CHECK_STR(output_text(&output), "A=b c\nHOME=(unset)\ncwd=/proc\n");
    capture_close(&output);
    guardian_stop(g);
}

/* The last CPU that this process may use. */
static int last_allowed_cpu(void)
{
    cpu_set_t set;
    int last = 0;

    sched_getaffinity(0, sizeof set, &set);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &set))
            last = cpu;
    return last;
}

TARE_TEST(binds_limits_and_groups_the_child)
{
    const int cpu = last_allowed_cpu();
    const struct spawn_limit limit = {RLIMIT_CORE, 0};
    struct guardian *g = need_guardian();
    char *argv[] = {(char *)actor_path(), (char[]){"hang"}, NULL},
         *env[] = {NULL};
    struct spawn spawn = {.path = argv[0],
                          .argv = argv,
                          .env = env,
                          .cpus = &cpu,
                          .n_cpus = 1,
                          .limits = &limit,
                          .n_limits = 1,
                          .nice = 5};
    struct child *child = NULL;
    struct rlimit core;
    cpu_set_t set;

    TARE_REQUIRE_INT(guardian_spawn(g, &spawn, &child, NULL), 0);
    TARE_CHECK_INT(getsid(child->pid), child->pid);
    TARE_CHECK_INT(getpgid(child->pid), child->pid);
    TARE_CHECK_INT(getpriority(PRIO_PROCESS, (id_t)child->pid), 5);
    TARE_REQUIRE_INT(prlimit(child->pid, RLIMIT_CORE, NULL, &core), 0);
    TARE_CHECK_INT(core.rlim_cur, 0);
    TARE_REQUIRE_INT(sched_getaffinity(child->pid, sizeof set, &set), 0);
    TARE_CHECK_INT(CPU_COUNT(&set), 1);
    TARE_CHECK(CPU_ISSET(cpu, &set));
    guardian_release(g, child);
    /* The guardian goes before others; what asks for nothing does not. */
    spawn.nice = 0;
    TARE_REQUIRE_INT(guardian_spawn(g, &spawn, &child, NULL), 0);
    TARE_CHECK_INT(getpriority(PRIO_PROCESS, (id_t)child->pid),
                   getpriority(PRIO_PROCESS, 0));
    guardian_stop(g);
}

TARE_TEST(carries_a_large_environment)
{
    enum { BYTES = 100 * 1024, ENTRIES = 6 };
    struct guardian *g = need_guardian();
    char *argv[] = {(char *)actor_path(), (char[]){"exit"}, (char[]){"0"},
                    NULL};
    char *env[ENTRIES + 1] = {NULL};
    struct spawn spawn = {.path = argv[0], .argv = argv, .env = env};
    struct child *child = NULL;

    for (int i = 0; i < ENTRIES; i++) {
        env[i] = malloc(BYTES);
        memset(env[i], 'a' + i, BYTES - 1);
        env[i][1] = '=';
        env[i][BYTES - 1] = '\0';
    }
    TARE_REQUIRE_INT(guardian_spawn(g, &spawn, &child, NULL), 0);
    await_end(g, child);
    TARE_CHECK_INT(child->end.status, 0);
    for (int i = 0; i < ENTRIES; i++)
        free(env[i]);
    guardian_stop(g);
}

/* --- what is left behind */

static void check_leftover(struct tare *t, unsigned flags, const char *part,
                           const char *mark)
{
    struct guardian *g = need_guardian();
    const char *token = fresh_token();
    struct child *other = start_actor(g, NULL, 0, "other", "hang", token);
    struct child *child = start_actor(g, NULL, flags, mark, part, token);

    await_end(g, child);
    TARE_CHECK_INT(child->end.status, 0);
    TARE_CHECK_INT(child->end.leaked, 1);
    TARE_CHECK_INT(count_carrying(token), 1);
    guardian_release(g, child);
    guardian_release(g, other);
    TARE_CHECK_INT(count_carrying(token), 0);
    guardian_stop(g);
}

/* Without a control group, and in one where it can be had. */
static unsigned flags_of(struct tare *t)
{
    return tare_int(t, "cgroup") ? SPAWN_OWN_CGROUP : 0;
}

TARE_TEST(ends_a_child_left_in_the_group, .args = "cgroup=0,1")
{
    check_leftover(t, flags_of(t), "leave", NULL);
}

TARE_TEST(ends_a_child_that_left_the_session, .args = "cgroup=0,1")
{
    check_leftover(t, flags_of(t), "leave-session", "mine");
}

/* Of whom nothing but the kernel's account says whose it is. */
TARE_TEST(a_control_group_tells_a_strangers_origin)
{
    struct cgroups here = {0};
    struct cgroup group;

    if (!cgroups_make(&here, NULL, &group))
        tare_skip(t, "control groups cannot be had");
    cgroup_remove(&here, &group);
    cgroups_close(&here);
    check_leftover(t, SPAWN_OWN_CGROUP, "leave-stranger", "mine");
}

/* Nothing says whose it is: it is spared while others live, but not longer. */
TARE_TEST(ends_a_stranger_when_nobody_else_lives)
{
    struct guardian *g = need_guardian();
    const char *token = fresh_token();
    struct child *other = start_actor(g, NULL, 0, "other", "hang", token);
    struct child *child =
        start_actor(g, NULL, 0, "mine", "leave-stranger", token);

    await_end(g, child);
    TARE_CHECK_INT(child->end.leaked, 0);
    TARE_CHECK_INT(count_carrying(token), 2);
    guardian_release(g, other);
    TARE_CHECK_INT(count_carrying(token), 0);
    guardian_stop(g);
}

TARE_TEST(keeps_leftovers_until_released, .args = "cgroup=0,1")
{
    struct guardian *g = need_guardian();
    const char *token = fresh_token();
    struct child *server =
        start_actor(g, NULL, SPAWN_KEEP_LEFTOVERS | flags_of(t), "server",
                    "leave-session", token);

    await_end(g, server);
    TARE_CHECK_INT(server->end.leaked, 0);
    await_end(g, start_actor(g, NULL, 0, "mine", "exit", "0"));
    TARE_CHECK_INT(count_carrying(token), 1);
    guardian_release(g, server);
    TARE_CHECK_INT(count_carrying(token), 0);
    guardian_stop(g);
}

TARE_TEST(stopping_ends_everything, .args = "cgroup=0,1")
{
    struct guardian *g = need_guardian();
    const char *token = fresh_token();
    unsigned flags = flags_of(t);

    start_actor(g, NULL, flags, "a", "hang", token);
    start_actor(g, NULL, flags, "b", "hang", token);
    await_end(g, start_actor(g, NULL, flags | SPAWN_KEEP_LEFTOVERS, "c",
                             "leave-session", token));
    TARE_CHECK_INT(count_carrying(token), 3);
    guardian_stop(g);
    TARE_CHECK_INT(count_carrying(token), 0);
}

/* --- the end of the coordinator */

/* Becomes a coordinator with live processes and a folder, and never ends. */
static void be_coordinator(const char *token, int tell)
{
    struct guardian *g = need_guardian();
    char text[PATH_MAX + 32], folder[PATH_MAX], file[PATH_MAX + 10];
    struct error err = {0};

    if (guardian_make_folder(g, "/tmp/tare-test-XXXXXX", folder, &err) < 0)
        exit(1);
    snprintf(file, sizeof file, "%s/file", folder);
    if (file_write_atomic(file, "x", 1, &err) < 0)
        exit(1);
    start_actor(g, NULL, 0, "a", "hang", token);
    await_end(g, start_actor(g, NULL, SPAWN_KEEP_LEFTOVERS, "b",
                             "leave-session", token));
    snprintf(text, sizeof text, "%d %s", (int)guardian_pid(g), folder);
    if (write(tell, text, strlen(text) + 1) < 0)
        exit(1);
    for (;;)
        pause();
}

TARE_TEST(nothing_outlives_a_killed_coordinator)
{
    const char *token = fresh_token();
    char text[PATH_MAX + 32] = "", folder[PATH_MAX] = "";
    int ends[2], guardian = 0;
    pid_t coordinator;

    TARE_REQUIRE_INT(pipe2(ends, O_CLOEXEC), 0);
    TARE_REQUIRE_INT(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    fflush(stdout);
    coordinator = fork();
    if (coordinator == 0)
        be_coordinator(token, ends[1]);
    close(ends[1]);
    TARE_REQUIRE(read(ends[0], text, sizeof text - 1) > 0);
    TARE_REQUIRE_INT(sscanf(text, "%d %4000s", &guardian, folder), 2);
    TARE_CHECK_INT(count_carrying(token), 2);
    TARE_CHECK(file_exists(folder));
    kill(coordinator, SIGKILL);
    TARE_CHECK_INT(waitpid(coordinator, NULL, 0), coordinator);
    TARE_CHECK_INT(waitpid(guardian, NULL, 0), guardian);
    TARE_CHECK_INT(count_carrying(token), 0);
    TARE_CHECK(!file_exists(folder));
    close(ends[0]);
    prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TARE_TEST(tells_that_the_guardian_is_gone)
{
    struct guardian *g = need_guardian();
    struct child *child = start_actor(g, NULL, 0, NULL, "hang", NULL);
    const struct watch watch = patient();
    struct spawn spawn = {0};
    struct error err = {0};

    kill(guardian_pid(g), SIGKILL);
    TARE_CHECK_INT(guardian_wait(g, child, &watch, &err), ERR_SYS);
    TARE_CHECK(strstr(err.text, "the guardian process is gone"));
    TARE_CHECK_INT(try_spawn(g, &spawn, "/bin/true", NULL), ERR_SYS);
    guardian_stop(g);
}

/* --- folders */

TARE_TEST(makes_and_removes_folders)
{
    struct guardian *g = need_guardian();
    char one[PATH_MAX], two[PATH_MAX];

    TARE_REQUIRE_INT(
        guardian_make_folder(g, "/tmp/tare-test-XXXXXX", one, NULL), 0);
    TARE_REQUIRE_INT(
        guardian_make_folder(g, "/tmp/tare-test-XXXXXX", two, NULL), 0);
    TARE_CHECK(file_exists(one) && file_exists(two));
    TARE_CHECK_INT(guardian_remove_folder(g, one, NULL), 0);
    TARE_CHECK(!file_exists(one));
    /* What is made anew under a forgotten name is not the guardian's. */
    TARE_CHECK_INT(file_make_folders(one, NULL), 0);
    guardian_stop(g);
    TARE_CHECK(file_exists(one));
    TARE_CHECK(!file_exists(two));
    file_remove_tree(one, NULL);
}

TARE_TEST(refuses_a_folder_that_cannot_be)
{
    struct guardian *g = need_guardian();
    struct error err = {0};
    char path[PATH_MAX] = "untouched";

    TARE_CHECK_INT(guardian_make_folder(g, "/no/such/XXXXXX", path, &err),
                   ERR_SYS);
    TARE_CHECK(strstr(err.text, "No such file"));
    TARE_CHECK_INT(guardian_make_folder(g, "relative-XXXXXX", path, &err),
                   ERR_SYS);
    TARE_CHECK_STR(path, "untouched");
    guardian_stop(g);
}

/* --- faults */

/* After an order that the guardian refuses: it has then put away all of the
 * order before. */
static int count_fds(struct guardian *g, pid_t pid)
{
    char path[PATH_MAX];
    DIR *dir;
    int n = 0;

    guardian_make_folder(g, "relative", path, NULL);
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    dir = opendir(path);
    while (dir && readdir(dir))
        n++;
    if (dir)
        closedir(dir);
    return n;
}

TARE_TEST(leaks_no_descriptor)
{
    struct guardian *g = need_guardian();
    struct spawn missing = {0};
    int here = 0, there = 0;

    for (int i = 0; i < 20; i++) {
        struct child *child = start_actor(g, NULL, 0, NULL, "exit", "0");

        await_end(g, child);
        guardian_release(g, child);
        TARE_CHECK_INT(try_spawn(g, &missing, "/no/such", NULL), ERR_PEER);
        if (i == 0) {
            here = count_fds(g, getpid());
            there = count_fds(g, guardian_pid(g));
        }
    }
    TARE_CHECK(there > 0);
    TARE_CHECK_INT(count_fds(g, getpid()), here);
    TARE_CHECK_INT(count_fds(g, guardian_pid(g)), there);
    guardian_stop(g);
}

/* A packet of this many bytes, with descriptors, straight to the guardian;
 * then the verb of its answer. */
static uint32_t answer_to(struct guardian *g, const void *bytes, size_t size,
                          int fd)
{
    const struct watch watch = patient();
    struct pollfd ready = {.fd = guardian_fd(g), .events = POLLIN};
    struct guardian_packet packet = {0};
    int fds[GUARDIAN_FDS_MAX];
    size_t n;

    if (fd >= 0)
        guardian_send(guardian_fd(g), bytes, &fd, 1, 0);
    else
        send(guardian_fd(g), bytes, size, MSG_NOSIGNAL);
    if (watch_poll(&watch, &ready, 1, NULL) != 1 ||
        guardian_receive(guardian_fd(g), &packet, fds, &n, 0) != 1)
        return GUARDIAN_NONE;
    return packet.verb;
}

TARE_TEST(the_guardian_survives_garbage)
{
    static char noise[sizeof(struct guardian_packet) + 100];
    struct guardian *g = need_guardian();
    struct guardian_packet packet = {.verb = GUARDIAN_SPAWN, .id = 77};
    FILE *random = tmpfile();

    TARE_REQUIRE(random != NULL);
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (char)(i * 31 + i / 7);
    fwrite(noise, sizeof noise, 1, random);
    fflush(random);
    TARE_CHECK_INT(answer_to(g, "", 0, -1), GUARDIAN_FAILED);
    TARE_CHECK_INT(answer_to(g, "x", 1, -1), GUARDIAN_FAILED);
    TARE_CHECK_INT(answer_to(g, noise, 300, -1), GUARDIAN_FAILED);
    TARE_CHECK_INT(answer_to(g, noise, sizeof noise, -1), GUARDIAN_FAILED);
    TARE_CHECK_INT(answer_to(g, &packet, sizeof packet, -1), GUARDIAN_FAILED);
    TARE_CHECK_INT(answer_to(g, &packet, 0, fileno(random)), GUARDIAN_FAILED);
    TARE_CHECK_INT(answer_to(g, &packet, 0, guardian_fd(g)), GUARDIAN_FAILED);
    packet.verb = GUARDIAN_RELEASE;
    TARE_CHECK_INT(answer_to(g, &packet, sizeof packet, -1), GUARDIAN_FAILED);
    packet.verb = GUARDIAN_EXITED;
    TARE_CHECK_INT(answer_to(g, &packet, sizeof packet, -1), GUARDIAN_FAILED);
    packet.verb = GUARDIAN_SIGNAL;
    send(guardian_fd(g), &packet, sizeof packet, 0);
    await_end(g, start_actor(g, NULL, 0, NULL, "exit", "0"));
    fclose(random);
    guardian_stop(g);
}

TARE_TEST(a_terminated_guardian_still_sweeps)
{
    struct guardian *g = need_guardian();
    const char *token = fresh_token();
    char folder[PATH_MAX];

    start_actor(g, NULL, 0, "a", "hang", token);
    TARE_REQUIRE_INT(
        guardian_make_folder(g, "/tmp/tare-test-XXXXXX", folder, NULL), 0);
    kill(guardian_pid(g), SIGTERM);
    TARE_CHECK_INT(waitpid(guardian_pid(g), NULL, 0), guardian_pid(g));
    TARE_CHECK_INT(count_carrying(token), 0);
    TARE_CHECK(!file_exists(folder));
    guardian_stop(g);
}

TARE_TEST(gives_up_waiting_when_told_to)
{
    struct guardian *g = need_guardian();
    struct child *child = start_actor(g, NULL, 0, NULL, "hang", NULL);
    const struct watch now = watch_within(NULL, 0);
    struct watch stopped = patient();
    int ends[2];

    TARE_REQUIRE_INT(pipe2(ends, O_CLOEXEC), 0);
    stopped.stop_fd = ends[0];
    TARE_CHECK_INT(guardian_wait(g, child, &now, NULL), ERR_TIMEOUT);
    TARE_CHECK_INT(write(ends[1], "x", 1), 1);
    TARE_CHECK_INT(guardian_wait(g, child, &stopped, NULL), ERR_STOPPED);
    close(ends[0]);
    close(ends[1]);
    guardian_stop(g);
}
