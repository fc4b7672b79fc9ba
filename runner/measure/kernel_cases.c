/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels of the self-test as benchmarks. */
#include <config.h>

#include "bench/tare.h"

#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runner/measure/kernels.h"

#define EXTRA "extra=0,10,20,50"

enum {
    UNITS = 1000,
    STREAM_BYTES = 16 << 20,
    CHASE_BYTES = 8 << 20,
    LIVE_BLOCKS = 256,
};

static const struct kernel all[] = {
    {"k_integer", true, "dependent integer operations"},
    {"k_float", true, "dependent floating-point operations"},
    {"k_branchy", true, "branches nobody can predict"},
    {"k_stream", false, "reading memory in order"},
    {"k_chase", false, "pointers through 8 MiB"},
    {"k_malloc", false, "malloc and free of mixed sizes"},
    {"k_syscall", false, "system calls"},
    {"k_sqlite", false, "SQLite look-ups by key"},
};

const struct kernel *kernels(size_t *n)
{
    *n = sizeof all / sizeof *all;
    return all;
}

static size_t units(struct tare *b)
{
    return UNITS + (size_t)tare_int(b, "extra");
}

/* Marsaglia's xorshift64 (Journal of Statistical Software 8(14), 2003). */
static uint64_t xorshift(uint64_t x)
{
    x ^= x << 13;
    x ^= x >> 7;
    return x ^ x << 17;
}

TARE_BENCH(k_integer, .args = EXTRA, .tags = "kernel")
{
    size_t n = units(b);
    uint64_t x = 88172645463325252u;

    TARE_LOOP(b) {
        for (size_t i = 0; i < n; i++)
            for (int k = 0; k < 8; k++)
                x = xorshift(x);
        TARE_USE(x);
    }
}

TARE_BENCH(k_float, .args = EXTRA, .tags = "kernel")
{
    size_t n = units(b);
    double x = 0.3;

    TARE_LOOP(b) { /* the logistic map: each step needs the one before */
        for (size_t i = 0; i < n; i++)
            for (int k = 0; k < 4; k++)
                x = 3.9 * x * (1 - x);
        TARE_USE(x);
    }
}

TARE_BENCH(k_branchy, .args = EXTRA, .tags = "kernel")
{
    size_t n = units(b);
    uint64_t x = 88172645463325252u, odd = 0, even = 0;

    TARE_LOOP(b) {
        for (size_t i = 0; i < n; i++) {
            for (int k = 0; k < 4; k++) {
                x = xorshift(x);
                if (x & 1) {
                    odd += x;
                    TARE_USE(odd);
                } else {
                    even ^= x;
                    TARE_USE(even);
                }
            }
        }
    }
}

TARE_BENCH(k_stream, .args = EXTRA, .tags = "kernel")
{
    size_t n = units(b), words = STREAM_BYTES / sizeof(uint64_t), at = 0;
    uint64_t *word = malloc(STREAM_BYTES);

    if (!word)
        tare_skip(b, "no memory");
    for (size_t i = 0; i < words; i++)
        word[i] = i;
    TARE_LOOP(b) {
        uint64_t sum = 0;

        for (size_t i = 0; i < n; i++) {
            for (size_t k = 0; k < 256; k++)
                sum += word[at + k];
            at = (at + 256) % words;
        }
        TARE_USE(sum);
    }
    free(word);
}

TARE_BENCH(k_chase, .args = EXTRA, .tags = "kernel")
{
    size_t n = units(b), slots = CHASE_BYTES / sizeof(size_t), at = 0;
    size_t *next = malloc(CHASE_BYTES);
    uint64_t x = 88172645463325252u;

    if (!next)
        tare_skip(b, "no memory");
    for (size_t i = 0; i < slots; i++)
        next[i] = i;
    for (size_t i = slots - 1; i > 0; i--) { /* Sattolo: one cycle */
        size_t j = (x = xorshift(x)) % i, other = next[i];

        next[i] = next[j];
        next[j] = other;
    }
    TARE_LOOP(b) {
        for (size_t i = 0; i < n; i++)
            at = next[at];
        TARE_USE(at);
    }
    free(next);
}

TARE_BENCH(k_malloc, .args = EXTRA, .tags = "kernel")
{
    size_t n = units(b);
    void *live[LIVE_BLOCKS] = {0};
    uint64_t x = 88172645463325252u;

    TARE_LOOP(b) {
        for (size_t i = 0; i < n; i++) {
            size_t slot = (x = xorshift(x)) % LIVE_BLOCKS;

            free(live[slot]);
            live[slot] = malloc(16 + (x >> 32) % 2000);
            TARE_ESCAPE(live[slot]);
        }
    }
    for (size_t i = 0; i < LIVE_BLOCKS; i++)
        free(live[i]);
}

TARE_BENCH(k_syscall, .args = EXTRA, .tags = "kernel")
{
    size_t n = units(b);

    TARE_LOOP(b) {
        for (size_t i = 0; i < n; i++)
            TARE_USE(syscall(SYS_getppid));
    }
}
