/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counting in processes of their own. */
#include <config.h>

#include "runner/measure/metrics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/nearest.h"
#include "base/scope.h"
#include "runner/process/peer.h"
#include "runner/process/slot.h"
#include "runner/process/stage.h"
#include "runner/process/watch.h"

extern char **environ;

/* Who can count a metric. */
enum way {
    WAY_FREE = 0,  /* measured with the time */
    WAY_LIBRARY,   /* libtare by itself */
    WAY_HEAP,      /* libtare, with libtare-alloc.so */
    WAY_CALLGRIND, /* callgrind, or libtare without it */
};

static const struct {
    const char *name;
    enum way way;
} known[] = {
    {"time", WAY_FREE},
    {"cpu_time", WAY_FREE},
    {"max_rss", WAY_FREE},
    {"page_faults", WAY_FREE},
    {"ctx_switches", WAY_FREE},
    {"p50", WAY_FREE},
    {"p90", WAY_FREE},
    {"p99", WAY_FREE},
    {"p99.9", WAY_FREE},
    {"allocs", WAY_HEAP},
    {"alloc_bytes", WAY_HEAP},
    {"read_bytes", WAY_LIBRARY},
    {"write_bytes", WAY_LIBRARY},
    {"cycles", WAY_LIBRARY},
    {"branches", WAY_LIBRARY},
    {"branch_misses", WAY_LIBRARY},
    {"cache_references", WAY_LIBRARY},
    {"cache_misses", WAY_LIBRARY},
    {"migrations", WAY_LIBRARY},
    {"instructions", WAY_CALLGRIND},
};

enum { KNOWN = ARRAY_LEN(known), EXTRA_MAX = 64, ARGS_MAX = 256 };

/* Under valgrind everything takes some fifty times as long. */
static const int64_t hello_ns = 60000000000, slowness = 50;
static const int64_t default_timeout_ns = 60000000000;
static const size_t callgrind_file_max = 64 << 20;

struct metrics {
    struct guardian *guardian;
    struct slot *slot;
    struct stage *stage;
    struct arena arena;
    int stop_fd;
    uint64_t seed;
    bool asked[KNOWN];
    const char *library_list;  /* for TARE_METRICS; NULL: nothing */
    const char *command_list;  /* for TARE_COMMAND_METRICS; NULL: nothing */
    const char *alloc_library; /* to preload; NULL: not */
    const char *preloaded;     /* beside it, NULL: nothing */
    const char *valgrind;      /* NULL: not */
    struct strbuf notes;
};

/* --- notes */

static void note(struct metrics *metrics, const char *what, const char *why)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct strbuf *notes = &metrics->notes;

    strbuf_printf(&text, "%s: %.400s", what, why);
    if (text.failed ||
        (notes->size && strstr(strbuf_text(notes), strbuf_text(&text))))
        return;
    strbuf_printf(notes, "%s%s", notes->size ? "; " : "", strbuf_text(&text));
}

/* What was asked of a process and did not come. */
static void note_missing(struct metrics *metrics, enum way way,
                         const struct side_report *got, const char *why)
{
    for (size_t i = 0; i < KNOWN; i++) {
        bool there = known[i].way != way || !metrics->asked[i];

        for (size_t k = 0; k < got->n_counters && !there; k++)
            there = strcmp(got->counter[k].name, known[i].name) == 0;
        if (!there)
            note(metrics, known[i].name, why);
    }
}

/* --- one process */

static bool sets(const char *entry, const char *name)
{
    size_t n = strlen(name);

    return strncmp(entry, name, n) == 0 && entry[n] == '=';
}

/* What the program is preloaded with anyway stays behind ours. */
static char *preload_entry(struct arena *arena, const char *library,
                           char *const *env, const char *before)
{
    for (; env && *env; env++)
        if (sets(*env, "LD_PRELOAD"))
            before = *env + sizeof "LD_PRELOAD";
    return arena_printf(arena, "LD_PRELOAD=%s%s%s", library,
                        before && *before ? ":" : "", before ? before : "");
}

static int check_extra(char *const *extra, size_t n, struct error *err)
{
    for (size_t i = 0; i < n; i++)
        if (!extra[i])
            return ERROR(err, ERR_NOMEM, "no memory for an environment");
    return 0;
}

/* What executes commands counts what they do, and not itself. */
static int fill_command_extra(struct metrics *metrics, struct arena *arena,
                              const struct subject *subject,
                              char *extra[EXTRA_MAX + 4], struct error *err)
{
    size_t n = 0;

    for (char *const *e = subject->env; e && *e && n < EXTRA_MAX; e++)
        extra[n++] = *e;
    extra[n++] = arena_printf(arena, "TARE_SEED=%llu",
                              (unsigned long long)metrics->seed);
    extra[n++] =
        arena_printf(arena, "TARE_COMMAND_METRICS=%s", metrics->command_list);
    extra[n++] =
        arena_printf(arena, "TARE_COMMAND_ALLOC=%s",
                     metrics->alloc_library ? metrics->alloc_library : "");
    extra[n] = NULL;
    return check_extra(extra, n, err);
}

/* `instructions` goes to libtare only where callgrind is not. */
static int fill_extra(struct metrics *metrics, struct arena *arena,
                      const struct subject *subject, bool callgrind,
                      char *extra[EXTRA_MAX + 4], struct error *err)
{
    const char *library = callgrind ? NULL : metrics->alloc_library;
    const char *list = callgrind ? "instructions" : metrics->library_list;
    size_t n = 0;

    if (subject->executes)
        return fill_command_extra(metrics, arena, subject, extra, err);

    for (char *const *e = subject->env; e && *e && n < EXTRA_MAX; e++)
        if (!library || !sets(*e, "LD_PRELOAD"))
            extra[n++] = *e;
    extra[n++] = arena_printf(arena, "TARE_SEED=%llu",
                              (unsigned long long)metrics->seed);
    extra[n++] = arena_printf(arena, "TARE_METRICS=%s", list);
    if (library)
        extra[n++] =
            preload_entry(arena, library, subject->env, metrics->preloaded);
    extra[n] = NULL;
    return check_extra(extra, n, err);
}

static int fill_argv(struct metrics *metrics, struct arena *arena,
                     const struct subject *subject, char *argv[ARGS_MAX + 8],
                     struct error *err)
{
    size_t n = 0;

    argv[n++] = arena_strdup(arena, metrics->valgrind);
    argv[n++] = arena_strdup(arena, "-q");
    argv[n++] = arena_strdup(arena, "--tool=callgrind");
    argv[n++] = arena_strdup(arena, "--collect-atstart=no");
    argv[n++] = arena_strdup(arena, "--fair-sched=try");
    argv[n++] = arena_printf(arena, "--callgrind-out-file=%s/callgrind.%%p",
                             metrics->slot->folder);
    for (size_t i = 0; i < n; i++)
        if (!argv[i])
            return ERROR(err, ERR_NOMEM, "no memory for a command line");
    for (size_t i = 0; subject->argv[i]; i++) {
        if (i == ARGS_MAX)
            return ERROR(err, ERR_PEER, "has more than %d arguments", ARGS_MAX);
        argv[n++] = subject->argv[i];
    }
    argv[n] = NULL;
    return 0;
}

/* Some iterations first: what happens once happens there. */
static int perform(struct metrics *metrics, struct peer *peer,
                   uint64_t iterations, const struct watch *watch,
                   struct error *err)
{
    struct stage_order order[] = {
        {.iterations = iterations / 10 + 1, .flags = WIRE_WARM},
        {.iterations = iterations},
    };
    struct stage_slice slice[ARRAY_LEN(order)];
    int culprit;

    return peer_run(&peer, 1, metrics->stage, order, ARRAY_LEN(order), watch,
                    slice, &culprit, err);
}

static int converse(struct metrics *metrics, struct peer *peer,
                    const struct subject *subject, uint64_t iterations,
                    const struct watch *watch, struct peer_closed *closed,
                    struct error *err)
{
    struct peer_opened opened;
    int rc = peer_open(peer, subject->name, 0, watch, &opened, err);

    if (rc == 0 && opened.outcome != PEER_DONE)
        rc = ERROR(err, ERR_PEER, "%s", opened.message);
    if (rc == 0)
        rc = perform(metrics, peer, iterations, watch, err);
    if (rc == 0)
        rc = peer_close(peer, watch, closed, err);
    if (rc == 0 && closed->outcome == PEER_FAILED)
        rc = ERROR(err, ERR_PEER, "%s", closed->message);
    return rc;
}

static int find_known(const char *name)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (strcmp(known[i].name, name) == 0)
            return (int)i;
    return -1;
}

static void add_count(struct side_report *out, int which, double value)
{
    const char *unit = "1";
    enum better better = BETTER_LOWER;

    if (out->n_counters == USER_COUNTERS_MAX)
        return;
    metric_known(known[which].name, &unit, &better);
    out->counter[out->n_counters++] =
        (struct user_counter){known[which].name, unit, better, value};
}

/* Only what was asked for: the user's counters were taken with the time. */
static void take_counts(const struct metrics *metrics, bool executes,
                        const struct peer_closed *closed,
                        struct side_report *out)
{
    for (size_t i = 0; i < closed->n_counters; i++) {
        int which = find_known(closed->counter[i].name);

        if (which >= 0 && known[which].way != WAY_FREE &&
            metrics->asked[which] &&
            (known[which].way != WAY_CALLGRIND || !metrics->valgrind ||
             executes))
            add_count(out, which, closed->counter[i].value);
    }
}

static int take_total(const struct metrics *metrics, pid_t pid,
                      uint64_t iterations, struct side_report *out,
                      struct error *err)
{
    SCOPED(free_scoped) char *text = NULL;
    char path[4096];
    size_t size;
    double total;
    int rc;

    snprintf(path, sizeof path, "%s/callgrind.%d", metrics->slot->folder,
             (int)pid);
    rc = file_read(path, callgrind_file_max, &text, &size, err);
    if (rc == 0)
        rc = callgrind_total(path, text, size, &total, err);
    if (rc == 0)
        add_count(out, find_known("instructions"), total / (double)iterations);
    return rc;
}

static int talk(struct metrics *metrics, const struct subject *subject,
                const struct peer_options *options, bool callgrind,
                uint64_t iterations, struct side_report *out, struct error *err)
{
    int64_t limit =
        subject->timeout_ns > 0 ? subject->timeout_ns : default_timeout_ns;
    struct watch outer = {.stop_fd = metrics->stop_fd};
    struct watch watch = watch_within(&outer, limit * slowness);
    struct peer_closed closed;
    struct peer *peer = NULL;
    int rc = peer_start(metrics->guardian, metrics->slot, metrics->stage,
                        options, &watch, &peer, err);

    if (rc == 0)
        rc = converse(metrics, peer, subject, iterations, &watch, &closed, err);
    if (rc == 0 && !callgrind)
        take_counts(metrics, subject->executes, &closed, out);
    if (rc == 0)
        rc = peer_end(peer, &watch, NULL, err);
    if (rc == 0 && callgrind)
        rc = take_total(metrics, peer_pid(peer), iterations, out, err);
    peer_free(peer);
    return rc;
}

static int count_one_way(struct metrics *metrics, const struct subject *subject,
                         bool callgrind, uint64_t iterations,
                         struct side_report *out, struct error *err)
{
    struct arena arena = {0};
    char *extra[EXTRA_MAX + 4], *argv[ARGS_MAX + 8];
    struct peer_options options = {
        .name = subject->program,
        .argv = callgrind ? argv : subject->argv,
        .env = environ,
        .extra = extra,
        .cwd = subject->cwd,
        .seed = metrics->seed, /* one layout, so that counts repeat */
        .hello_ns = hello_ns,
    };
    int rc = fill_extra(metrics, &arena, subject, callgrind, extra, err);

    if (rc == 0 && callgrind)
        rc = fill_argv(metrics, &arena, subject, argv, err);
    if (rc == 0)
        rc = talk(metrics, subject, &options, callgrind, iterations, out, err);
    arena_clear(&arena);
    slot_clean(metrics->slot, NULL);
    return rc;
}

/* Valgrind gives up on debugging information newer than itself: clang 14 writes
 * what valgrind 3.19 cannot read. */
static const char *reason(const struct error *why)
{
    return strstr(why->text, "debuginfo reader")
               ? "valgrind cannot read the program's debugging information; "
                 "compile it with -gdwarf-4, or strip it"
               : why->text;
}

/* A process that fails here costs its counts and nothing else: under valgrind,
 * or with a library preloaded, more can go wrong than with the time. */
static int forgive(struct metrics *metrics, const struct subject *subject,
                   const char *what, int rc, const struct error *why,
                   struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    if (rc != ERR_PEER && rc != ERR_TIMEOUT && rc != ERR_PARSE) {
        if (rc < 0 && err)
            *err = *why;
        return rc;
    }
    strbuf_printf(&text, "%s: %.300s", subject->id, reason(why));
    note(metrics, what, strbuf_text(&text));
    return 0;
}

/* Valgrind would follow a shell and a compiler as gladly as a program: the
 * instructions of commands are the processor's to count. */
static int count_command(struct metrics *metrics, const struct subject *subject,
                         uint64_t iterations, struct side_report *out,
                         struct error *err)
{
    struct error why = {0};
    int rc;

    if (!metrics->command_list)
        return 0;
    rc = count_one_way(metrics, subject, false, iterations, out, &why);
    if (rc == 0) {
        note_missing(metrics, WAY_LIBRARY, out,
                     "this machine does not count it");
        note_missing(metrics, WAY_CALLGRIND, out,
                     "this machine does not count it for commands");
        if (metrics->alloc_library)
            note_missing(metrics, WAY_HEAP, out,
                         "a command did not load libtare-alloc.so; is it "
                         "static?");
    }
    return forgive(metrics, subject, metrics->command_list, rc, &why, err);
}

static int count_all(void *ctx, const struct subject *subject,
                     uint64_t iterations, struct side_report *out,
                     struct error *err)
{
    struct metrics *metrics = ctx;
    struct error why = {0};
    int rc = 0;

    out->n_counters = 0;
    if (subject->executes)
        return count_command(metrics, subject, iterations, out, err);
    if (metrics->library_list) {
        rc = count_one_way(metrics, subject, false, iterations, out, &why);
        if (rc == 0) {
            note_missing(metrics, WAY_LIBRARY, out,
                         "this machine does not count it");
            if (metrics->alloc_library)
                note_missing(metrics, WAY_HEAP, out,
                             "the program did not load libtare-alloc.so, or "
                             "has an older libtare");
        }
        rc = forgive(metrics, subject, metrics->library_list, rc, &why, err);
    }
    if (rc < 0 || !metrics->valgrind)
        return rc;
    why = (struct error){0};
    rc = count_one_way(metrics, subject, true, iterations, out, &why);
    return forgive(metrics, subject, "instructions", rc, &why, err);
}

/* --- what was asked for */

static int bad_name(const char *name, struct error *err)
{
    struct nearest nearest = {.word = name};

    for (size_t i = 0; i < KNOWN; i++)
        nearest_try(&nearest, known[i].name);
    ERROR(err, ERR_RANGE, "measure.metrics: there is no metric '%s'", name);
    if (nearest_found(&nearest))
        error_help(err, "did you mean '%s'?", nearest_found(&nearest));
    else
        error_help(err, "counters of a program need not be asked for");
    return ERR_RANGE;
}

static int read_names(struct metrics *metrics,
                      const struct metrics_options *options, struct error *err)
{
    for (size_t i = 0; i < options->n_names; i++) {
        int which = find_known(options->name[i]);

        if (which < 0)
            return bad_name(options->name[i], err);
        metrics->asked[which] = true;
    }
    return 0;
}

static bool asks(const struct metrics *metrics, enum way way)
{
    for (size_t i = 0; i < KNOWN; i++)
        if (metrics->asked[i] && known[i].way == way)
            return true;
    return false;
}

/* Whether libtare, or what executes commands, is told to count it. */
static bool is_listed(const struct metrics *metrics, size_t i, bool executes)
{
    switch (known[i].way) {
    case WAY_LIBRARY:
        return metrics->asked[i];
    case WAY_HEAP:
        return metrics->asked[i] && metrics->alloc_library;
    case WAY_CALLGRIND:
        return metrics->asked[i] && (executes || !metrics->valgrind);
    default:
        return false;
    }
}

static int list_names(struct metrics *metrics, bool executes, const char **out,
                      struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf list = {0};

    for (size_t i = 0; i < KNOWN; i++)
        if (is_listed(metrics, i, executes))
            strbuf_printf(&list, "%s%s", list.size ? "," : "", known[i].name);
    if (list.size)
        *out = arena_strdup(&metrics->arena, strbuf_text(&list));
    if (list.failed || (list.size && !*out))
        return ERROR(err, ERR_NOMEM, "no memory for metrics");
    return 0;
}

static int choose_ways(struct metrics *metrics,
                       const struct metrics_options *options, struct error *err)
{
    int rc;

    if (asks(metrics, WAY_HEAP) && options->alloc_library)
        metrics->alloc_library =
            arena_strdup(&metrics->arena, options->alloc_library);
    else if (asks(metrics, WAY_HEAP))
        note(metrics, "allocs", "libtare-alloc.so is not installed");
    if (asks(metrics, WAY_CALLGRIND) && options->valgrind)
        metrics->valgrind = arena_strdup(&metrics->arena, options->valgrind);
    else if (asks(metrics, WAY_CALLGRIND))
        note(metrics, "instructions",
             "valgrind is not installed; counted by the processor where it "
             "can");
    rc = list_names(metrics, false, &metrics->library_list, err);
    return rc < 0 ? rc : list_names(metrics, true, &metrics->command_list, err);
}

static int get_ready(struct metrics *metrics,
                     const struct metrics_options *options, struct error *err)
{
    struct slot_options slot = {
        .worker = "counts",
        .workers = 1,
        .cpus = options->cpus,
        .n_cpus = options->n_cpus,
        .port_base = guardian_ports(options->guardian, PORTS_COUNTS),
        .tmpdir = options->tmpdir,
    };
    int rc = slot_open(options->guardian, &slot, &metrics->slot, err);

    return rc < 0 ? rc : stage_open(&metrics->stage, err);
}

int metrics_open(const struct metrics_options *options, struct metrics **out,
                 struct counting *counting, struct error *err)
{
    struct metrics *metrics = calloc(1, sizeof *metrics);
    bool needed;
    int rc;

    if (!metrics)
        return ERROR(err, ERR_NOMEM, "no memory for metrics");
    metrics->guardian = options->guardian;
    metrics->stop_fd = options->stop_fd;
    metrics->seed = options->seed;
    metrics->preloaded = options->preloaded;
    rc = read_names(metrics, options, err);
    if (rc == 0)
        rc = choose_ways(metrics, options, err);
    needed = metrics->command_list || metrics->valgrind;
    if (rc == 0 && needed)
        rc = get_ready(metrics, options, err);
    if (rc < 0) {
        metrics_close(metrics);
        return rc;
    }
    *counting = (struct counting){metrics, needed ? count_all : NULL};
    *out = metrics;
    return 0;
}

void metrics_close(struct metrics *metrics)
{
    if (!metrics)
        return;
    slot_close(metrics->slot);
    stage_close(metrics->stage);
    strbuf_clear(&metrics->notes);
    arena_clear(&metrics->arena);
    free(metrics);
}

const char *metrics_notes(const struct metrics *metrics)
{
    return metrics->notes.size ? strbuf_text(&metrics->notes) : "";
}
