/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "adapt/command_counts.h"

#include <fcntl.h>
#include <linux/perf_event.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "alloc/shared.h"
#include "base/names.h"
#include "base/scope.h"

enum kind { KIND_HEAP, KIND_IO, KIND_HARDWARE, KIND_SOFTWARE };

static const struct {
    const char *name, *unit;
    enum kind kind;
    uint64_t config; /* of the event; which one of its kind */
} known[] = {
    {"allocs", "1", KIND_HEAP, 0},
    {"alloc_bytes", "B", KIND_HEAP, 1},
    {"read_bytes", "B", KIND_IO, 0},
    {"write_bytes", "B", KIND_IO, 1},
    {"instructions", "1", KIND_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
    {"cycles", "1", KIND_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
    {"branches", "1", KIND_HARDWARE, PERF_COUNT_HW_BRANCH_INSTRUCTIONS},
    {"branch_misses", "1", KIND_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES},
    {"cache_references", "1", KIND_HARDWARE, PERF_COUNT_HW_CACHE_REFERENCES},
    {"cache_misses", "1", KIND_HARDWARE, PERF_COUNT_HW_CACHE_MISSES},
    {"migrations", "1", KIND_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS},
};

enum { KNOWN = ARRAY_LEN(known) };

/* Of each count, NaN where it is unknown. */
struct totals {
    double value[KNOWN];
    double enabled_ns[KNOWN], running_ns[KNOWN]; /* of events */
};

struct command_counts {
    bool wanted[KNOWN];
    int event[KNOWN]; /* descriptors, -1 none */
    int io;           /* /proc/self/io, -1 none */
    double own_read;  /* bytes that reading counters read */
    int heap_fd;      /* what libtare-alloc.so counts into, -1 none */
    struct alloc_shared *heap;
    struct totals before;
    double *value[KNOWN]; /* of each execution */
    size_t n, room;
};

/* ---- getting ready */

/* The leader's group is on the processor together, or not at all.  User space
 * alone for hardware, which an unprivileged process may count. */
static int open_event(int leader, enum kind kind, uint64_t config)
{
    struct perf_event_attr attr;

    memset(&attr, 0, sizeof attr);
    attr.size = sizeof attr;
    attr.type = kind == KIND_HARDWARE ? PERF_TYPE_HARDWARE : PERF_TYPE_SOFTWARE;
    attr.config = config;
    attr.inherit = 1;
    attr.disabled = leader < 0;
    attr.enable_on_exec = leader < 0;
    attr.exclude_kernel = kind == KIND_HARDWARE;
    attr.exclude_hv = 1;
    attr.read_format =
        PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    return (int)syscall(SYS_perf_event_open, &attr, 0, -1, leader,
                        PERF_FLAG_FD_CLOEXEC);
}

static void open_events(struct command_counts *c)
{
    int leader = -1;

    for (size_t i = 0; i < KNOWN; i++) {
        if (!c->wanted[i] || known[i].kind < KIND_HARDWARE)
            continue;
        c->event[i] = open_event(leader, known[i].kind, known[i].config);
        if (leader < 0)
            leader = c->event[i];
    }
}

static int preload(struct recipe *recipe, const char *library, int fd,
                   struct arena *arena, struct error *err)
{
    static const char name[] = "LD_PRELOAD=";
    const char *before = NULL, *entry, *file;

    for (size_t i = 0; i < recipe->env.n; i++)
        if (strncmp(recipe->env.word[i], name, sizeof name - 1) == 0)
            before = recipe->env.word[i] + sizeof name - 1;
    entry = arena_printf(arena, "%s%s%s%s", name, library, before ? ":" : "",
                         before ? before : "");
    file = arena_printf(arena, ALLOC_FILE_VARIABLE "=/proc/%d/fd/%d",
                        (int)getpid(), fd);
    for (size_t i = 0; entry && i < recipe->env.n; i++)
        if (strncmp(recipe->env.word[i], name, sizeof name - 1) == 0)
            recipe->env.word[i] = entry;
    if (!entry || !file || !recipe_words_add(arena, &recipe->env, file) ||
        (!before && !recipe_words_add(arena, &recipe->env, entry)))
        return ERROR(err, ERR_NOMEM, "no memory to count allocations");
    return 0;
}

static int open_heap(struct command_counts *c, const char *library,
                     struct recipe *recipe, struct arena *arena,
                     struct error *err)
{
    void *map;

    c->heap_fd = memfd_create("tare-alloc", MFD_CLOEXEC);
    if (c->heap_fd < 0 || ftruncate(c->heap_fd, sizeof *c->heap) < 0)
        return ERROR(err, ERR_SYS, "cannot make a file to count in");
    map = mmap(NULL, sizeof *c->heap, PROT_READ | PROT_WRITE, MAP_SHARED,
               c->heap_fd, 0);
    if (map == MAP_FAILED)
        return ERROR(err, ERR_SYS, "cannot map a file to count in");
    c->heap = map;
    return preload(recipe, library, c->heap_fd, arena, err);
}

int command_counts_open(const char *list, const char *library,
                        struct recipe *recipe, struct arena *arena,
                        struct command_counts **out, struct error *err)
{
    bool wanted[ARRAY_LEN(known)] = {false}, heap = false, io = false;
    struct command_counts *c;
    int rc = 0;

    *out = NULL;
    if (!list || !*list)
        return 0;
    c = calloc(1, sizeof *c);
    if (!c)
        return ERROR(err, ERR_NOMEM, "no memory to count");
    c->io = c->heap_fd = -1;
    for (size_t i = 0; i < KNOWN; i++) {
        wanted[i] = names_has(list, known[i].name, strlen(known[i].name));
        heap |= wanted[i] && known[i].kind == KIND_HEAP;
        io |= wanted[i] && known[i].kind == KIND_IO;
        c->wanted[i] = wanted[i];
        c->event[i] = -1;
    }
    open_events(c);
    if (io)
        c->io = open("/proc/self/io", O_RDONLY | O_CLOEXEC);
    if (heap && library && *library)
        rc = open_heap(c, library, recipe, arena, err);
    if (rc < 0)
        command_counts_close(c);
    else
        *out = c;
    return rc;
}

void command_counts_close(struct command_counts *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < KNOWN; i++) {
        if (c->event[i] >= 0)
            close(c->event[i]);
        free(c->value[i]);
    }
    if (c->heap)
        munmap(c->heap, sizeof *c->heap);
    if (c->heap_fd >= 0)
        close(c->heap_fd);
    if (c->io >= 0)
        close(c->io);
    free(c);
}

/* ---- counting */

static double field(const char *text, const char *name)
{
    const char *at = strstr(text, name);

    return at ? (double)strtoll(at + strlen(name), NULL, 10) : NAN;
}

/* A read is counted after it has been answered. */
static void read_io(struct command_counts *c, double out[2])
{
    char text[512];
    ssize_t n = c->io < 0 ? -1 : pread(c->io, text, sizeof text - 1, 0);

    out[0] = out[1] = NAN;
    if (n <= 0)
        return;
    text[n] = '\0';
    out[0] = field(text, "rchar:") - c->own_read;
    out[1] = field(text, "wchar:");
    c->own_read += (double)n;
}

/* Without a process that loaded the library nothing is known. */
static void read_heap(const struct command_counts *c, double out[2])
{
    bool loaded =
        c->heap && __atomic_load_n(&c->heap->processes, __ATOMIC_RELAXED) > 0;

    out[0] = loaded ? (double)__atomic_load_n(&c->heap->calls, __ATOMIC_RELAXED)
                    : NAN;
    out[1] = loaded ? (double)__atomic_load_n(&c->heap->bytes, __ATOMIC_RELAXED)
                    : NAN;
}

static void read_event(struct command_counts *c, size_t i, struct totals *out)
{
    uint64_t got[3];

    if (c->event[i] < 0 || read(c->event[i], got, sizeof got) != sizeof got)
        return;
    c->own_read += sizeof got;
    out->value[i] = (double)got[0];
    out->enabled_ns[i] = (double)got[1];
    out->running_ns[i] = (double)got[2];
}

/* Bytes are read last before an execution and first after it. */
static void read_all(struct command_counts *c, bool before, struct totals *out)
{
    double io[2], heap[2];

    for (size_t i = 0; i < KNOWN; i++)
        out->value[i] = NAN;
    if (!before)
        read_io(c, io);
    for (size_t i = 0; i < KNOWN; i++)
        read_event(c, i, out);
    read_heap(c, heap);
    if (before)
        read_io(c, io);
    for (size_t i = 0; i < KNOWN; i++) {
        if (known[i].kind == KIND_IO)
            out->value[i] = io[known[i].config];
        if (known[i].kind == KIND_HEAP)
            out->value[i] = heap[known[i].config];
    }
}

void command_counts_begin(struct command_counts *c)
{
    if (!c)
        return;
    if (c->heap)
        memset(c->heap, 0, sizeof *c->heap);
    read_all(c, true, &c->before);
}

static bool make_room(struct command_counts *c)
{
    size_t room = 2 * c->room + 8;

    if (c->n < c->room)
        return true;
    for (size_t i = 0; i < KNOWN; i++) {
        double *more = realloc(c->value[i], room * sizeof *more);

        if (!more)
            return false;
        c->value[i] = more;
    }
    c->room = room;
    return true;
}

/* Events that share counters run part of the time and are scaled to all of it;
 * what ran for none of it is unknown (perf_event_open(2)). */
static double counted(const struct command_counts *c, size_t i,
                      const struct totals *after)
{
    double before = known[i].kind == KIND_HEAP ? 0 : c->before.value[i];
    double n = after->value[i] - before;
    double enabled = after->enabled_ns[i] - c->before.enabled_ns[i];
    double running = after->running_ns[i] - c->before.running_ns[i];

    if (known[i].kind < KIND_HARDWARE)
        return n;
    return running > 0 ? n * (enabled / running) : NAN;
}

void command_counts_end(struct command_counts *c)
{
    struct totals after;

    if (!c)
        return;
    read_all(c, false, &after);
    if (!make_room(c))
        return;
    for (size_t i = 0; i < KNOWN; i++)
        c->value[i][c->n] = counted(c, i, &after);
    c->n++;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

void command_counts_say(const struct command_counts *c, struct tare *b)
{
    for (size_t i = 0; c && c->n && i < KNOWN; i++) {
        bool known_all = c->wanted[i];

        for (size_t k = 0; k < c->n; k++)
            known_all = known_all && isfinite(c->value[i][k]);
        if (!known_all)
            continue;
        qsort(c->value[i], c->n, sizeof *c->value[i], by_value);
        tare_counter(b, known[i].name, c->value[i][c->n / 2], known[i].unit,
                     TARE_LOWER_IS_BETTER);
    }
}
