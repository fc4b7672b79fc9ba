/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The anchors as benchmarks.  Changing a body means raising its version. */
#include <config.h>

#include "bench/tare.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/measure/anchors.h"

enum {
    MEMORY_BYTES = 16 << 20, /* larger than a core's share of most caches */
    CHASE_BYTES = 8 << 20,
    CHASE_STEPS = 256,
};

/* Zeroed memory in huge pages where the system has them: a tenth of the time to
 * set up, and figures without the page tables' part.  NULL when there is none;
 * the caller frees. */
static void *pages(size_t bytes)
{
    void *memory = aligned_alloc(2 << 20, bytes);

    if (memory) {
        madvise(memory, bytes, MADV_HUGEPAGE);
        memset(memory, 0, bytes);
    }
    return memory;
}

/* One step of the chase, in a cache line of its own. */
struct link {
    size_t next;
    char rest[64 - sizeof(size_t)];
};

void anchors_link(void)
{
}

/* Marsaglia's xorshift64 (Journal of Statistical Software 8(14), 2003): a chain
 * of dependent integer operations, nothing else. */
static uint64_t xorshift(uint64_t x)
{
    x ^= x << 13;
    x ^= x >> 7;
    return x ^ x << 17;
}

TARE_BENCH(integer, .tags = "anchor", .version = 1)
{
    uint64_t x = 88172645463325252u;

    TARE_LOOP(b) {
        for (int i = 0; i < 64; i++)
            x = xorshift(x);
        TARE_USE(x);
    }
}

TARE_BENCH(memory, .tags = "anchor", .version = 2)
{
    size_t n = MEMORY_BYTES / sizeof(uint64_t), at = 0;
    uint64_t *word = pages(MEMORY_BYTES);

    if (!word)
        tare_skip(b, "no memory");
    TARE_LOOP(b) { /* 64 KiB further each time, around and around */
        uint64_t sum = 0;

        for (size_t i = 0; i < 8192; i++)
            sum += word[at + i];
        at = (at + 8192) % n;
        TARE_USE(sum);
    }
    free(word);
}

/* One random cycle through all lines (Sattolo's algorithm), so that each step
 * has to wait for the one before. */
TARE_BENCH(chase, .tags = "anchor", .version = 2)
{
    size_t n = CHASE_BYTES / sizeof(struct link), at = 0;
    struct link *link = pages(CHASE_BYTES);
    uint64_t random = 88172645463325252u;

    if (!link)
        tare_skip(b, "no memory");
    for (size_t i = 0; i < n; i++)
        link[i].next = i;
    for (size_t i = n - 1; i > 0; i--) {
        size_t j = (random = xorshift(random)) % i, other = link[i].next;

        link[i].next = link[j].next;
        link[j].next = other;
    }
    TARE_LOOP(b) {
        for (int i = 0; i < CHASE_STEPS; i++)
            at = link[at].next;
        TARE_USE(at);
    }
    free(link);
}

TARE_BENCH(syscall, .tags = "anchor", .version = 1)
{
    TARE_LOOP(b) {
        TARE_USE(syscall(SYS_getppid));
    }
}

TARE_BENCH(fork, .tags = "anchor", .version = 1)
{
    TARE_LOOP(b) {
        pid_t pid = fork();

        if (pid == 0)
            _exit(0);
        waitpid(pid, NULL, 0);
    }
}
