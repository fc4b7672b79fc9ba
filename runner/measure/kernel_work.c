/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work of different character: what it leans on is its name. */
#include <config.h>

#include "runner/measure/kernel_work.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/tare.h"
#include "store/kernel.h"

enum {
    STREAM_WORDS = (16 << 20) / sizeof(uint64_t),
    STREAM_UNIT = 256,
    CHASE_SLOTS = (8 << 20) / sizeof(size_t),
    LIVE_BLOCKS = 256,
};

static const uint64_t xorshift_seed = 88172645463325252u;

/* Marsaglia's xorshift64 (Journal of Statistical Software 8(14), 2003). */
static uint64_t xorshift(uint64_t x)
{
    x ^= x << 13;
    x ^= x >> 7;
    return x ^ x << 17;
}

/* --- little but the core is at work */

static void *open_number(void)
{
    uint64_t *x = malloc(sizeof *x);

    if (x)
        *x = xorshift_seed;
    return x;
}

static void run_integer(void *state, size_t units)
{
    uint64_t *at = state, x = *at;

    for (size_t i = 0; i < units; i++)
        for (int k = 0; k < 8; k++)
            x = xorshift(x);
    TARE_USE(x);
    *at = x;
}

static void run_branchy(void *state, size_t units)
{
    uint64_t *at = state, x = *at, odd = 0, even = 0;

    for (size_t i = 0; i < units; i++) {
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
    *at = x;
}

static void *open_float(void)
{
    double *x = malloc(sizeof *x);

    if (x)
        *x = 0.3;
    return x;
}

static void run_float(void *state, size_t units)
{
    double *at = state, x = *at;

    for (size_t i = 0; i < units;
         i++) /* the logistic map: each needs the last */
        for (int k = 0; k < 4; k++)
            x = 3.9 * x * (1 - x);
    TARE_USE(x);
    *at = x;
}

static void run_syscall(void *state, size_t units)
{
    (void)state;
    for (size_t i = 0; i < units; i++)
        TARE_USE(syscall(SYS_getppid));
}

/* --- memory */

struct stream {
    size_t at;
    uint64_t word[STREAM_WORDS];
};

static void *open_stream(void)
{
    struct stream *s = malloc(sizeof *s);

    if (!s)
        return NULL;
    s->at = 0;
    for (size_t i = 0; i < STREAM_WORDS; i++)
        s->word[i] = i;
    return s;
}

static void run_stream(void *state, size_t units)
{
    struct stream *s = state;
    uint64_t sum = 0;
    size_t at = s->at;

    for (size_t i = 0; i < units; i++) {
        for (size_t k = 0; k < STREAM_UNIT; k++)
            sum += s->word[at + k];
        at = (at + STREAM_UNIT) % STREAM_WORDS;
    }
    TARE_USE(sum);
    s->at = at;
}

struct chase {
    size_t at;
    size_t next[CHASE_SLOTS];
};

/* Sattolo's shuffle (Information Processing Letters 22, 1986): one cycle. */
static void *open_chase(void)
{
    struct chase *c = malloc(sizeof *c);
    uint64_t x = xorshift_seed;

    if (!c)
        return NULL;
    c->at = 0;
    for (size_t i = 0; i < CHASE_SLOTS; i++)
        c->next[i] = i;
    for (size_t i = CHASE_SLOTS - 1; i > 0; i--) {
        size_t j = (x = xorshift(x)) % i, other = c->next[i];

        c->next[i] = c->next[j];
        c->next[j] = other;
    }
    return c;
}

static void run_chase(void *state, size_t units)
{
    struct chase *c = state;
    size_t at = c->at;

    for (size_t i = 0; i < units; i++)
        at = c->next[at];
    TARE_USE(at);
    c->at = at;
}

struct blocks {
    uint64_t x;
    void *live[LIVE_BLOCKS];
};

static void *open_malloc(void)
{
    struct blocks *b = calloc(1, sizeof *b);

    if (b)
        b->x = xorshift_seed;
    return b;
}

static void run_malloc(void *state, size_t units)
{
    struct blocks *b = state;

    for (size_t i = 0; i < units; i++) {
        size_t slot = (b->x = xorshift(b->x)) % LIVE_BLOCKS;

        free(b->live[slot]);
        b->live[slot] = malloc(16 + (b->x >> 32) % 2000);
        TARE_ESCAPE(b->live[slot]);
    }
}

static void close_malloc(void *state)
{
    struct blocks *b = state;

    for (size_t i = 0; b && i < LIVE_BLOCKS; i++)
        free(b->live[i]);
    free(b);
}

#define WORK(name, open) \
    const struct kernel_work kernel_##name = {#name, open, run_##name, free}

WORK(integer, open_number);
WORK(float, open_float);
WORK(branchy, open_number);
WORK(stream, open_stream);
WORK(chase, open_chase);
WORK(syscall, open_number);
const struct kernel_work kernel_malloc = {"malloc", open_malloc, run_malloc,
                                          close_malloc};
const struct kernel_work kernel_sqlite = {"sqlite", store_kernel_open,
                                          store_kernel_run, store_kernel_close};
