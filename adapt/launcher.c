/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clone(), execve(), wait4(). */
#include <config.h>

#include "adapt/launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "adapt/command_worker.h"
#include "adapt/foreign_judge.h"
#include "base/scope.h"
#include "runner/process/slot.h"
#include "runner/process/spawn.h"
#include "runner/process/watch.h"

extern char **environ;

enum {
    STACK_BYTES = 64 * 1024,
    TICK_US = 100000,          /* between two looks at a long command */
    CHECKED_BYTES = 256 << 20, /* kept of an output that is to be checked */
};

/* The child runs on our memory: no sanitizer may keep books there. */
#define ON_BORROWED_MEMORY \
    __attribute__((no_sanitize("address", "thread", "undefined")))

/* One step, ready to be executed. */
struct plan {
    const struct recipe_words *words;
    const char *file; /* to execute; NULL where it was not found */
    int error;        /* why not */
};

struct launcher {
    const struct recipe *recipe;
    struct capture out, err;
    int text; /* memory file with the text for standard input, -1 none */
    char *stack;
    struct plan plan[LAUNCHER_STEPS];
    char **env;
    struct arena arena;
};

static const char *const shell_words[] = {"/bin/sh", "-c", ":", NULL};
static const struct recipe_words shell_start = {
    .word = (const char **)shell_words, .n = 3};

/* ---- in the command, before it is executed */

/* What the child needs, and where it says why it could not go on. */
struct start {
    const char *file;
    char *const *argv;
    char *const *env;
    const char *cwd; /* NULL: where we are */
    int fd[3];
    const char *failed; /* "" once executed */
    int error;
};

ON_BORROWED_MEMORY
static int fail_start(struct start *s, const char *failed)
{
    s->failed = failed;
    s->error = errno;
    return 127;
}

/* Dispositions: handlers are reset by execve(), what is ignored is not. */
ON_BORROWED_MEMORY
static int start_main(void *arg)
{
    static const struct sigaction none = {.sa_handler = SIG_DFL};
    struct start *s = arg;

    /* A group of its own, to be killed as one, but no session: the kernel may
     * schedule sessions as groups, and ours has our priority. */
    if (setpgid(0, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 ||
        sigaction(SIGPIPE, &none, NULL) < 0)
        return fail_start(s, "cannot start");
    for (int i = 0; i < 3; i++)
        if (dup2(s->fd[i], i) < 0)
            return fail_start(s, "cannot start");
    if (s->cwd && chdir(s->cwd) < 0)
        return fail_start(s, "cannot enter");
    execve(s->file, s->argv, s->env);
    return fail_start(s, "cannot run");
}

/* ---- streams */

/* A descriptor of one stream, above the numbers 0 to 2, which are always open
 * here.  -1 with errno. */
static int open_output(const struct stream *stream, const struct capture *kept)
{
    if (stream->kind == STREAM_DISCARD)
        return open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (stream->kind == STREAM_FILE)
        return open(stream->text, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                    0666);
    return fcntl(kept->fd, F_DUPFD_CLOEXEC, 3);
}

static int open_input(const struct launcher *l)
{
    const struct stream *in = &l->recipe->in;

    if (in->kind == STREAM_FILE)
        return open(in->text, O_RDONLY | O_CLOEXEC);
    if (in->kind == STREAM_TEXT && lseek(l->text, 0, SEEK_SET) == 0)
        return fcntl(l->text, F_DUPFD_CLOEXEC, 3);
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

/* Only the command itself meets the recipe's files; what goes before and after
 * it is captured. */
static bool open_streams(const struct launcher *l, enum launcher_step step,
                         int fd[3], struct execution *out)
{
    static const struct stream captured = {.kind = STREAM_DEFAULT};
    static const struct stream dropped = {.kind = STREAM_DISCARD};
    const struct recipe *r = l->recipe;
    bool run = step == LAUNCHER_RUN;
    const struct stream *to = step == LAUNCHER_SHELL ? &dropped : &captured;
    const struct stream *of[3] = {&r->in, run ? &r->out : to,
                                  run ? &r->err : to};

    fd[0] = run ? open_input(l) : open("/dev/null", O_RDONLY | O_CLOEXEC);
    fd[1] = open_output(of[1], &l->out);
    fd[2] = open_output(of[2], &l->err);
    for (int i = 0; i < 3; i++)
        if (fd[i] < 0) {
            out->failed = "cannot open";
            out->what = of[i]->text ? of[i]->text : "";
            out->error = errno;
            return false;
        }
    return true;
}

/* ---- executing */

static int64_t now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC_RAW, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void on_tick(int signal)
{
    (void)signal; /* wait4() returns, that is all */
}

/* From time to time a long command is looked at: what it printed is kept within
 * bounds, and its time may be over. */
static void set_ticks(long us)
{
    struct itimerval every = {.it_interval.tv_usec = us,
                              .it_value.tv_usec = us};

    setitimer(ITIMER_REAL, &every, NULL);
}

static void wait_for(struct launcher *l, pid_t pid, int64_t deadline,
                     struct execution *out)
{
    int status = 0;

    while (wait4(pid, &status, 0, &out->usage) < 0 && errno == EINTR) {
        capture_trim(&l->out);
        capture_trim(&l->err);
        if (watch_now_ns() >= deadline) {
            out->overdue = true;
            kill(-pid, SIGKILL);
        }
    }
    out->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    out->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void run_timed(struct launcher *l, struct start *s,
                      struct execution *out)
{
    int64_t deadline = watch_now_ns() + l->recipe->timeout_ns, began;
    pid_t pid;

    set_ticks(TICK_US);
    began = now_ns();
    pid = clone(start_main, l->stack + STACK_BYTES,
                CLONE_VM | CLONE_VFORK | SIGCHLD, s);
    if (pid < 0) {
        out->failed = "cannot start";
        out->error = errno;
    } else {
        wait_for(l, pid, deadline, out);
        out->wall_ns = now_ns() - began;
        kill(-pid, SIGKILL); /* what it left would be in the next figure */
        out->failed = s->failed;
        out->error = s->error;
    }
    set_ticks(0);
}

void launcher_execute(struct launcher *launcher, enum launcher_step step,
                      struct execution *out)
{
    const struct plan *plan = &launcher->plan[step];
    const char *cwd = launcher->recipe->cwd;
    struct start s = {
        .file = plan->file,
        .argv = (char *const *)plan->words->word,
        .env = launcher->env,
        .cwd = *cwd ? cwd : NULL,
        .fd = {-1, -1, -1},
        .failed = "",
    };

    *out = (struct execution){.failed = "", .what = plan->words->word[0]};
    capture_reset(&launcher->out);
    capture_reset(&launcher->err);
    if (!plan->file) {
        out->failed = "cannot run";
        out->error = plan->error;
    } else if (open_streams(launcher, step, s.fd, out)) {
        run_timed(launcher, &s, out);
        if (strcmp(s.failed, "cannot enter") == 0)
            out->what = cwd;
    }
    for (int i = 0; i < 3; i++)
        if (s.fd[i] >= 0)
            close(s.fd[i]);
}

/* ---- making ready */

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory to start a command");
}

/* The worker's environment with the recipe's settings in front; what names the
 * recipes is ours alone. */
static char **environment(struct launcher *l)
{
    static const char ours[] = COMMAND_WORKER_VARIABLE "=";
    char **env = environment_join((char *const *)l->recipe->env.word, environ,
                                  &l->arena);
    size_t n = 0;

    for (char **e = env; e && *e; e++)
        if (strncmp(*e, ours, sizeof ours - 1) != 0)
            env[n++] = *e;
    if (env)
        env[n] = NULL;
    return env;
}

static const char *search_path(const struct launcher *l)
{
    for (char **e = l->env; *e; e++)
        if (strncmp(*e, "PATH=", 5) == 0)
            return *e + 5;
    return "/usr/bin:/bin";
}

static int plan_step(struct launcher *l, enum launcher_step step,
                     const struct recipe_words *words, struct error *err)
{
    struct plan *plan = &l->plan[step];
    struct error why = {0};
    int rc;

    plan->words = words;
    if (words->n == 0)
        return 0;
    plan->file = words->word[0];
    if (strchr(plan->file, '/')) /* meant from the command's own folder */
        return 0;
    rc = spawn_search(plan->file, search_path(l), &l->arena, &plan->file, &why);
    if (rc == ERR_NOMEM)
        return no_memory(err);
    if (rc < 0) {
        plan->file = NULL;
        plan->error = why.sys ? why.sys : ENOENT;
    }
    return 0;
}

static int plan_all(struct launcher *l, struct error *err)
{
    const struct recipe *r = l->recipe;
    const struct recipe_words *const words[LAUNCHER_STEPS] = {
        [LAUNCHER_RUN] = &r->run,
        [LAUNCHER_BEFORE] = &r->before,
        [LAUNCHER_AFTER] = &r->after,
        [LAUNCHER_SHELL] = &shell_start,
    };
    int rc = 0;

    l->env = environment(l);
    if (!l->env)
        return no_memory(err);
    for (int i = 0; i < LAUNCHER_STEPS && rc == 0; i++)
        rc = plan_step(l, (enum launcher_step)i, words[i], err);
    return rc;
}

static int fill_text(struct launcher *l, struct error *err)
{
    const char *text = l->recipe->in.text;
    size_t left = strlen(text);

    l->text = memfd_create("tare-input", MFD_CLOEXEC);
    while (l->text >= 0 && left) {
        ssize_t n = write(l->text, text, left);

        if (n < 0 && errno != EINTR)
            break;
        text += n < 0 ? 0 : n;
        left -= n < 0 ? 0 : (size_t)n;
    }
    return l->text >= 0 && left == 0
               ? 0
               : ERROR(err, ERR_SYS, "cannot make a file for the input");
}

/* What is only shown may be cut; what is checked must be whole. */
static size_t cap_for(const struct recipe *recipe,
                      const struct expect_output *expected)
{
    return expected->kind != EXPECT_NOTHING || foreign_reads_output(recipe)
               ? CHECKED_BYTES
               : 0;
}

static int open_files(struct launcher *l, struct error *err)
{
    const struct recipe *r = l->recipe;
    const struct sigaction tick = {.sa_handler = on_tick}; /* no SA_RESTART */
    int rc = capture_open(&l->out, cap_for(r, &r->expect.out), err);

    if (rc == 0)
        rc = capture_open(&l->err, cap_for(r, &r->expect.err), err);
    if (rc == 0 && r->in.kind == STREAM_TEXT)
        rc = fill_text(l, err);
    if (rc < 0)
        return rc;
    l->stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (l->stack == MAP_FAILED) {
        l->stack = NULL;
        return no_memory(err);
    }
    return sigaction(SIGALRM, &tick, NULL) < 0
               ? ERROR(err, ERR_SYS, "cannot set a time limit")
               : 0;
}

int launcher_open(const struct recipe *recipe, struct launcher **out,
                  struct error *err)
{
    struct launcher *l = calloc(1, sizeof *l);
    int rc;

    if (!l)
        return no_memory(err);
    l->recipe = recipe;
    l->text = -1;
    rc = open_files(l, err);
    if (rc == 0)
        rc = plan_all(l, err);
    if (rc < 0) {
        launcher_close(l);
        return rc;
    }
    *out = l;
    return 0;
}

void launcher_close(struct launcher *launcher)
{
    if (!launcher)
        return;
    if (launcher->text >= 0)
        close(launcher->text);
    if (launcher->stack)
        munmap(launcher->stack, STACK_BYTES);
    capture_close(&launcher->out);
    capture_close(&launcher->err);
    arena_clear(&launcher->arena);
    free(launcher);
}

const struct capture *launcher_output(const struct launcher *launcher)
{
    return &launcher->out;
}

const struct capture *launcher_errors(const struct launcher *launcher)
{
    return &launcher->err;
}
