/* SPDX-License-Identifier: MIT */
/* Groups of perf_event_open(2). */
#include <config.h>

#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/counts.h"

static const struct {
    enum tarei_count id;
    uint32_t type;
    uint64_t config;
} known[] = {
    {COUNT_INSTRUCTIONS, PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS},
    {COUNT_CYCLES, PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES},
    {COUNT_BRANCHES, PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_INSTRUCTIONS},
    {COUNT_BRANCH_MISSES, PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES},
    {COUNT_CACHE_REFERENCES, PERF_TYPE_HARDWARE,
     PERF_COUNT_HW_CACHE_REFERENCES},
    {COUNT_CACHE_MISSES, PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES},
    {COUNT_MIGRATIONS, PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS},
};

enum { KNOWN = sizeof known / sizeof known[0] };

/* User space alone, which an unprivileged process may count; a migration
 * happens in the kernel. */
static int open_event(void *ctx, uint32_t type, uint64_t config, int group)
{
    struct perf_event_attr attr;

    (void)ctx;
    memset(&attr, 0, sizeof attr);
    attr.size = sizeof attr;
    attr.type = type;
    attr.config = config;
    attr.exclude_kernel = type == PERF_TYPE_HARDWARE;
    attr.exclude_hv = 1;
    attr.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
                       PERF_FORMAT_TOTAL_TIME_RUNNING;
    return (int)syscall(SYS_perf_event_open, &attr, 0, -1, group,
                        PERF_FLAG_FD_CLOEXEC);
}

static ssize_t read_event(void *ctx, int fd, void *to, size_t size)
{
    (void)ctx;
    return read(fd, to, size);
}

const struct tarei_event_system tarei_event_system = {open_event, read_event,
                                                      NULL};

void tarei_events_open(struct tarei_events *events,
                       const struct tarei_event_system *system, uint32_t wanted)
{
    *events = (struct tarei_events){.leader = -1};
    for (size_t i = 0; i < KNOWN; i++) {
        int fd;

        if (!(wanted & 1u << known[i].id))
            continue;
        fd = system->open(system->ctx, known[i].type, known[i].config,
                          events->leader);
        if (fd < 0)
            continue;
        if (events->leader < 0)
            events->leader = fd;
        events->fd[events->n] = fd;
        events->id[events->n++] = known[i].id;
    }
}

int64_t tarei_events_read(const struct tarei_events *events,
                          const struct tarei_event_system *system,
                          struct tarei_totals *out)
{
    struct {
        uint64_t n, enabled_ns, running_ns, value[COUNTS];
    } group;
    size_t size = (3 + events->n) * sizeof group.n;
    ssize_t got = events->leader < 0 ? 0
                                     : system->read(system->ctx, events->leader,
                                                    &group, sizeof group);

    if (got != (ssize_t)size || group.n != events->n)
        return got > 0 ? got : 0;
    out->enabled_ns = group.enabled_ns;
    out->running_ns = group.running_ns;
    for (size_t i = 0; i < events->n; i++)
        out->value[events->id[i]] = (int64_t)group.value[i];
    return got;
}
