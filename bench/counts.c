/* SPDX-License-Identifier: MIT */
/* Sources of counts on Linux. */
#include <config.h>

#include "bench/counts.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/callgrind.h"

const char *const tarei_count_name[COUNTS] = {
    [COUNT_ALLOCS] = "allocs",
    [COUNT_ALLOC_BYTES] = "alloc_bytes",
    [COUNT_READ_BYTES] = "read_bytes",
    [COUNT_WRITE_BYTES] = "write_bytes",
    [COUNT_INSTRUCTIONS] = "instructions",
    [COUNT_CYCLES] = "cycles",
    [COUNT_BRANCHES] = "branches",
    [COUNT_BRANCH_MISSES] = "branch_misses",
    [COUNT_CACHE_REFERENCES] = "cache_references",
    [COUNT_CACHE_MISSES] = "cache_misses",
    [COUNT_MIGRATIONS] = "migrations",
};

const char *tarei_count_unit(enum tarei_count id)
{
    return id == COUNT_ALLOC_BYTES || id == COUNT_READ_BYTES ||
                   id == COUNT_WRITE_BYTES
               ? "B"
               : "1";
}

static struct {
    uint32_t wanted; /* a bit per count */
    void (*heap)(uint64_t out[2]);
    int io;           /* descriptor, -1 for none */
    int64_t own_read; /* bytes that reading the counters read */
} open_counts;

/* One more than the leader: zero means that nobody tried in this thread. */
static __thread struct tarei_events events;
static __thread int events_tried;

static int wants(enum tarei_count id)
{
    return (open_counts.wanted & 1u << id) != 0;
}

static void read_heap(struct tarei_totals *out)
{
    uint64_t totals[2];

    if (!open_counts.heap)
        return;
    open_counts.heap(totals);
    out->value[COUNT_ALLOCS] = (int64_t)totals[0];
    out->value[COUNT_ALLOC_BYTES] = (int64_t)totals[1];
}

static int64_t field(const char *text, const char *name)
{
    const char *at = strstr(text, name);

    return at ? strtoll(at + strlen(name), NULL, 10) : -1;
}

/* "rchar: 123": bytes passed to read() and the like, whether a disk had to be
 * asked or not (proc(5)), which is what the program does and not the machine.
 * This read is counted after it has been answered. */
static void read_io(struct tarei_totals *out)
{
    char text[512];
    ssize_t n;
    int64_t bytes;

    if (open_counts.io < 0)
        return;
    n = pread(open_counts.io, text, sizeof text - 1, 0);
    if (n <= 0)
        return;
    text[n] = '\0';
    bytes = field(text, "rchar:");
    if (bytes >= 0)
        out->value[COUNT_READ_BYTES] = bytes - open_counts.own_read;
    open_counts.own_read += n;
    out->value[COUNT_WRITE_BYTES] = field(text, "wchar:");
}

static void read_events(struct tarei_totals *out)
{
    uint32_t wanted = open_counts.wanted >> COUNT_EVENTS << COUNT_EVENTS;

    if (wanted && !events_tried)
        tarei_events_open(&events, &tarei_event_system, wanted);
    events_tried = 1;
    if (wanted)
        open_counts.own_read +=
            tarei_events_read(&events, &tarei_event_system, out);
}

static void read_totals(void *ctx, struct tarei_totals *out)
{
    (void)ctx;
    *out = (struct tarei_totals){.enabled_ns = 0};
    for (int i = 0; i < COUNTS; i++)
        out->value[i] = -1;
    read_heap(out);
    read_events(out); /* first, as it reads bytes too */
    read_io(out);
}

static void toggle(void *ctx)
{
    (void)ctx;
    tarei_callgrind_toggle();
}

static double difference(int64_t begin, int64_t end)
{
    return begin < 0 || end < begin ? NAN : (double)(end - begin);
}

void tarei_counts_between(const struct tarei_totals *begin,
                          const struct tarei_totals *end, double out[COUNTS])
{
    double enabled = (double)(end->enabled_ns - begin->enabled_ns);
    double running = (double)(end->running_ns - begin->running_ns);

    for (int i = 0; i < COUNTS; i++) {
        out[i] = difference(begin->value[i], end->value[i]);
        if (i >= COUNT_EVENTS)
            out[i] = running > 0 ? out[i] * (enabled / running) : NAN;
    }
}

static uint32_t parse_list(const char *list)
{
    uint32_t wanted = 0;

    while (*list) {
        size_t n = strcspn(list, ",");

        for (int i = 0; i < COUNTS; i++)
            if (strlen(tarei_count_name[i]) == n &&
                memcmp(tarei_count_name[i], list, n) == 0)
                wanted |= 1u << i;
        list += n + (list[n] == ',');
    }
    return wanted;
}

static void find_heap(void)
{
    /* ISO C has no conversion from an object to a function pointer. */
    void *found = dlsym(RTLD_DEFAULT, "tare_alloc_read");

    memcpy(&open_counts.heap, &found, sizeof found);
}

const struct tarei_counts *tarei_counts_open(const char *list)
{
    static const struct tarei_counts counts = {read_totals, toggle, NULL};

    if (!list || !*list)
        return NULL;
    open_counts.wanted = parse_list(list);
    open_counts.io = -1;
    if (wants(COUNT_ALLOCS) || wants(COUNT_ALLOC_BYTES))
        find_heap();
    if (wants(COUNT_READ_BYTES) || wants(COUNT_WRITE_BYTES))
        open_counts.io = open("/proc/self/io", O_RDONLY | O_CLOEXEC);
    return &counts;
}

void tarei_counts_close(void)
{
    for (size_t i = 0; i < events.n; i++)
        close(events.fd[i]);
    memset(&events, 0, sizeof events);
    events_tried = 0;
}
