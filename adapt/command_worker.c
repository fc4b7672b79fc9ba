/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bodies of benchmarks and tests that execute commands. */
#include <config.h>

#include "adapt/command_worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "adapt/command_counts.h"
#include "adapt/foreign_bench.h"
#include "adapt/foreign_worker.h"
#include "adapt/judge.h"
#include "adapt/launcher.h"
#include "adapt/recipe.h"
#include "adapt/series.h"
#include "base/file.h"
#include "base/scope.h"
#include "bench/tare.h"

/* An empty shell is measured once in so many executions: often enough to be
 * interleaved, rarely enough not to double the time of a short command. */
enum { SHELL_EVERY = 4 };

/* Exit status where the process has lost who it works for. */
enum { CHANNEL_LOST = 3 };

/* What the executions of an invocation used; each list has room for `room`. */
enum usage_kind {
    USAGE_CPU = 0,
    USAGE_USER,
    USAGE_SYSTEM,
    USAGE_RSS,
    USAGE_FAULTS,
    USAGE_SWITCHES,
    USAGE_READ,
    USAGE_WRITTEN,
    USAGE_SHELL,
    USAGE_KINDS
};

static const struct {
    const char *name, *unit;
    enum tare_better better;
} usage_names[USAGE_KINDS] = {
    [USAGE_CPU] = {"cpu_time", "ns", TARE_LOWER_IS_BETTER},
    [USAGE_USER] = {"user_time", "ns", TARE_LOWER_IS_BETTER},
    [USAGE_SYSTEM] = {"system_time", "ns", TARE_LOWER_IS_BETTER},
    [USAGE_RSS] = {"max_rss", "B", TARE_LOWER_IS_BETTER},
    [USAGE_FAULTS] = {"page_faults", "1", TARE_LOWER_IS_BETTER},
    [USAGE_SWITCHES] = {"ctx_switches", "1", TARE_LOWER_IS_BETTER},
    [USAGE_READ] = {"disk_read", "B", TARE_LOWER_IS_BETTER},
    [USAGE_WRITTEN] = {"disk_written", "B", TARE_LOWER_IS_BETTER},
    [USAGE_SHELL] = {"shell_start", "ns", TARE_NO_DIRECTION},
};

struct runner {
    struct recipe recipe;
    struct launcher *launcher;
    struct command_counts *counts;  /* NULL: nothing is counted */
    struct foreign_verdict verdict; /* of the last execution */
    struct foreign_bench bench;
    struct series usage[USAGE_KINDS];
    size_t executed;
    struct arena arena;
};

/* The process ends soon after its one case: nothing is freed but what lives
 * outside of it. */
static struct runner the_runner;
static struct command_counting the_counting;

/* ---- figures */

static void note(struct tare *b, struct series *s, double value)
{
    if (!series_add(s, value))
        tare_fail(b, "no memory for figures");
}

static double timeval_ns(const struct timeval *t)
{
    return (double)t->tv_sec * 1e9 + (double)t->tv_usec * 1e3;
}

static void note_usage(struct tare *b, struct runner *r,
                       const struct execution *e)
{
    const struct rusage *u = &e->usage;
    const double user = timeval_ns(&u->ru_utime);
    const double system = timeval_ns(&u->ru_stime);
    const double value[] = {
        [USAGE_CPU] = user + system,
        [USAGE_USER] = user,
        [USAGE_SYSTEM] = system,
        [USAGE_RSS] = (double)u->ru_maxrss * 1024,
        [USAGE_FAULTS] = (double)(u->ru_minflt + u->ru_majflt),
        [USAGE_SWITCHES] = (double)u->ru_nivcsw,
        [USAGE_READ] = (double)u->ru_inblock * 512,
        [USAGE_WRITTEN] = (double)u->ru_oublock * 512,
    };

    for (size_t i = 0; i < ARRAY_LEN(value); i++)
        note(b, &r->usage[i], value[i]);
}

/* Kernels that account by ticks split a process's time by where its ticks fell
 * (cputime_adjust() in kernel/sched/cputime.c): below some ticks that is no
 * measurement. */
static bool is_told(size_t kind, double cpu_ns)
{
    return (kind != USAGE_USER && kind != USAGE_SYSTEM) ||
           cpu_ns >= 10e9 / (double)sysconf(_SC_CLK_TCK);
}

static void say_usage(struct tare *b, struct runner *r)
{
    double cpu_ns = 0;

    for (size_t i = 0; i < USAGE_KINDS; i++) {
        double middle;

        if (r->usage[i].n == 0)
            continue;
        middle = series_middle(&r->usage[i]);
        if (i == USAGE_CPU)
            cpu_ns = middle;
        if (!is_told(i, cpu_ns))
            continue;
        tare_counter(b, usage_names[i].name, middle, usage_names[i].unit,
                     usage_names[i].better);
    }
}

/* ---- executing */

/* What goes before or after; its failure is the case's. */
static bool execute_beside(struct runner *r, enum launcher_step step,
                           char why[JUDGE_TEXT])
{
    bool before = step == LAUNCHER_BEFORE;
    const struct recipe_words *words =
        before ? &r->recipe.before : &r->recipe.after;
    struct execution e;

    if (words->n == 0)
        return true;
    launcher_execute(r->launcher, step, &e);
    return judge_step(before ? "prepare" : "cleanup", &e,
                      launcher_output(r->launcher),
                      launcher_errors(r->launcher), why);
}

/* Only pages that are on the disk can be dropped. */
static void drop_caches(const struct recipe *recipe)
{
    for (size_t i = 0; i < recipe->cold.n; i++) {
        int fd = open(recipe->cold.word[i], O_RDONLY | O_CLOEXEC);

        if (fd < 0)
            continue;
        if (fdatasync(fd) == 0)
            posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
        close(fd);
    }
}

/* Show what the command printed where the runner shows what a test prints. */
static void repeat_output(const struct capture *capture, int fd)
{
    SCOPED(strbuf_scoped) struct strbuf all = {0};

    capture_read(capture, 32 << 10, &all);
    if (all.size && write(fd, all.text, all.size) < 0)
        return;
}

static bool judge(struct runner *r, const struct execution *e,
                  char why[JUDGE_TEXT])
{
    if (r->recipe.foreign.judge != RECIPE_COMMAND && foreign_has_ended(e))
        return foreign_worker_judge(&r->recipe, e, r->launcher, &r->verdict,
                                    why);
    return judge_run(&r->recipe, e, launcher_output(r->launcher),
                     launcher_errors(r->launcher), why);
}

/* repeat  show what it printed; a test does */
static bool run_once(struct runner *r, bool repeat, struct execution *e,
                     char why[JUDGE_TEXT])
{
    char after[JUDGE_TEXT];
    bool good;

    *e = (struct execution){.failed = "", .what = ""};
    if (!execute_beside(r, LAUNCHER_BEFORE, why))
        return false;
    if (r->recipe.cold_cache)
        drop_caches(&r->recipe);
    command_counts_begin(r->counts);
    launcher_execute(r->launcher, LAUNCHER_RUN, e);
    command_counts_end(r->counts);
    good = judge(r, e, why);
    if (repeat) {
        repeat_output(launcher_output(r->launcher), STDOUT_FILENO);
        repeat_output(launcher_errors(r->launcher), STDERR_FILENO);
    }
    if (execute_beside(r, LAUNCHER_AFTER, after) || !good)
        return good;
    snprintf(why, JUDGE_TEXT, "%s", after);
    return false;
}

static void measure_shell(struct tare *b, struct runner *r)
{
    struct execution e;

    launcher_execute(r->launcher, LAUNCHER_SHELL, &e);
    if (!e.failed[0] && !e.overdue)
        note(b, &r->usage[USAGE_SHELL], (double)e.wall_ns);
}

/* What its process uses and what its iterations do is not the same. */
static bool is_foreign_bench(const struct recipe *recipe)
{
    return recipe->foreign.judge == RECIPE_GOOGLE_BENCHMARK;
}

static void open_runner(struct tare *b, struct runner *r)
{
    const struct recipe_piece *piece = tare_data(b);
    struct error err = {0};
    int rc = recipe_parse("recipe", piece->text, piece->size, &r->arena,
                          &r->recipe, &err);

    if (rc == 0)
        rc = foreign_worker_prepare(b, &r->recipe, &r->arena, &err);
    if (rc == 0 && is_foreign_bench(&r->recipe) &&
        !foreign_bench_open(&r->bench, &r->recipe, &r->arena))
        rc = ERROR(&err, ERR_NOMEM, "no memory for a benchmark");
    if (rc == 0 && !is_foreign_bench(&r->recipe))
        rc = command_counts_open(the_counting.list, the_counting.library,
                                 &r->recipe, &r->arena, &r->counts, &err);
    if (rc == 0)
        rc = launcher_open(&r->recipe, &r->launcher, &err);
    if (rc < 0)
        tare_fail(b, "%s", err.text);
}

static void close_runner(struct runner *r)
{
    launcher_close(r->launcher);
    command_counts_close(r->counts);
    foreign_bench_close(&r->bench);
    for (size_t i = 0; i < USAGE_KINDS; i++)
        series_clear(&r->usage[i]);
    arena_clear(&r->arena);
    *r = (struct runner){.executed = 0};
}

static void bench_foreign(struct tare *b, struct runner *r)
{
    char why[JUDGE_TEXT];

    for (uint64_t n; (n = tare_step_(b, 0)) != 0;) {
        struct execution e;

        if (tare_warming_(b))
            continue;
        foreign_bench_aim(&r->bench, n);
        if (!run_once(r, false, &e, why)) {
            if (foreign_has_ended(&e) && r->verdict.end == FOREIGN_SKIPPED)
                tare_skip(b, "%s", why);
            tare_fail(b, "%s", why);
        }
        foreign_bench_take(&r->bench, b, n, &r->verdict);
    }
    foreign_bench_say(&r->bench, b);
    close_runner(r);
}

static void bench_command(struct tare *b)
{
    struct runner *r = &the_runner;
    char why[JUDGE_TEXT];

    open_runner(b, r);
    if (is_foreign_bench(&r->recipe)) {
        bench_foreign(b, r);
        return;
    }
    TARE_LOOP(b) {
        struct execution e;

        if (!run_once(r, false, &e, why))
            tare_fail(b, "%s", why);
        tare_time_ns(b, e.wall_ns);
        note_usage(b, r, &e);
        if (r->recipe.shell && r->executed++ % SHELL_EVERY == 0)
            measure_shell(b, r);
    }
    say_usage(b, r);
    command_counts_say(r->counts, b);
    close_runner(r);
}

/* End a test of another harness, unless it took too long or could not be
 * started. */
static void end_foreign(struct tare *t, struct runner *r,
                        const struct execution *e, bool good, const char *why)
{
    struct foreign_verdict verdict = r->verdict;

    if (e->signal && !e->overdue)
        foreign_worker_crash(e->signal);
    close_runner(r);
    if (foreign_has_ended(e))
        foreign_worker_end(t, good, &verdict, why);
    else
        tare_fail(t, "%s", why);
}

static void test_command(struct tare *t)
{
    struct runner *r = &the_runner;
    struct execution e;
    char why[JUDGE_TEXT];
    bool good;

    open_runner(t, r);
    good = run_once(r, true, &e, why);
    while (e.overdue && r->recipe.before.n == 0 && r->recipe.after.n == 0)
        pause(); /* so that it is reported as a test that took too long */
    if (r->recipe.foreign.judge != RECIPE_COMMAND) {
        end_foreign(t, r, &e, good, why);
        return;
    }
    close_runner(r);
    if (!good && e.status == 77 && !e.failed[0])
        tare_skip(t, "exit status 77%s",
                  strchr(why, ':') ? strchr(why, ':') : "");
    if (!good)
        tare_fail(t, "%s", why);
}

/* ---- registering */

/* Only the few that say so are read before they run. */
static int xfail_of(const struct recipe_piece *piece, struct arena *arena,
                    const char **out)
{
    static const char key[] = "\nxfail ";
    struct recipe recipe;

    *out = NULL;
    if (!memmem(piece->text, piece->size, key, sizeof key - 1))
        return 0;
    if (recipe_parse("recipe", piece->text, piece->size, arena, &recipe, NULL) <
        0)
        return ERR_PARSE;
    *out = *recipe.xfail ? recipe.xfail : NULL;
    return 0;
}

static int register_piece(const struct recipe_piece *piece, struct arena *arena)
{
    struct tare_case *test;
    const char *xfail;

    if (!piece->is_test) {
        tare_register_bench(&(struct tare_case){
            .name = piece->name,
            .run = bench_command,
            .manual = 1,
            .data = (void *)piece,
        });
        return 0;
    }
    test = calloc(1, sizeof *test);
    if (!test || xfail_of(piece, arena, &xfail) < 0)
        return ERR_NOMEM;
    *test = (struct tare_case){
        .size = sizeof *test,
        .kind = TARE_KIND_TEST,
        .name = piece->name,
        .run = test_command,
        .data = (void *)piece,
        .xfail = xfail,
    };
    tare_register_case_(test);
    return 0;
}

int command_worker_register(const char *path,
                            const struct command_counting *counting,
                            struct error *err)
{
    static struct arena arena; /* as long as the process */
    struct recipe_piece *piece;
    char *text;
    size_t size, n;
    int rc = file_read(path, COMMAND_WORKER_BYTES, &text, &size, err);

    the_counting = *counting;
    if (rc == 0)
        rc = recipe_split(path, text, size, &arena, &piece, &n, err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        if (register_piece(&piece[i], &arena) < 0)
            rc = ERROR(err, ERR_NOMEM, "no memory for commands");
    return rc;
}

/* ---- a small process */

/* The end of the one becomes the end of the other. */
__attribute__((noreturn)) static void end_like(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            _exit(CHANNEL_LOST);
    if (WIFEXITED(status))
        _exit(WEXITSTATUS(status));
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
    _exit(CHANNEL_LOST);
}

int command_worker_shrink(struct error *err)
{
    pid_t parent = getpid();
    pid_t pid = fork();

    if (pid < 0)
        return ERROR(err, ERR_SYS, "cannot start a process");
    if (pid > 0)
        end_like(pid);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(CHANNEL_LOST);
    return 0;
}
