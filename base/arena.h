/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory for objects that share one lifetime: parse trees, results, reports.
 *
 * A zeroed struct is a valid empty arena.  Blocks live until arena_clear().
 * Everything allocated is zeroed.  NULL means out of memory. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/error.h"

struct arena_block;

struct arena {
    struct arena_block *blocks;
    char *at;    /* next free byte of the newest block */
    size_t left; /* bytes free behind `at` */
    size_t room; /* of the last common block */
};

/* `count` zeroed objects of `size` bytes, aligned for any type; a count of 0
 * gives a valid pointer.  Cost: amortised O(bytes). */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/* A copy of size bytes with a NUL behind them. */
char *arena_memdup(struct arena *arena, const char *text, size_t size);

/* A copy of a string; NULL for NULL. */
char *arena_strdup(struct arena *arena, const char *text);

char *arena_printf(struct arena *arena, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Double the room of an array that grows by push: when n is 0 or a power of
 * two the array is moved to one of twice the room (the old one stays in the
 * arena).  Returns the array to use, or NULL. */
void *arena_grow(struct arena *arena, void *array, size_t n, size_t size);

/* Release everything.  The arena is empty and usable again. */
void arena_clear(struct arena *arena);

/* For SCOPED(arena_scoped). */
static inline void arena_scoped(struct arena *arena)
{
    arena_clear(arena);
}

#endif
