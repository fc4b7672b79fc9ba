/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of blocks, each handed out front to back. */
#include <config.h>

#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Blocks grow: most arenas live shortly and stay small, and what is handed out
 * is cleared before. */
enum { FIRST_BYTES = 2 * 1024, BLOCK_BYTES = 64 * 1024 };

struct arena_block {
    struct arena_block *next;
    alignas(max_align_t) char bytes[];
};

/* Of the next block; what is large beside the largest gets one to measure. */
static size_t room_for(struct arena *arena, size_t bytes)
{
    size_t room = arena->room ? arena->room : FIRST_BYTES / 2;

    do
        room *= 2;
    while (room < BLOCK_BYTES && bytes > room / 4);
    if (room > BLOCK_BYTES)
        room = BLOCK_BYTES;
    if (bytes > room / 4)
        return bytes;
    arena->room = room;
    return room;
}

static int add_block(struct arena *arena, size_t bytes)
{
    size_t room = room_for(arena, bytes);
    struct arena_block *block;

    if (room > SIZE_MAX - sizeof *block)
        return ERR_NOMEM;
    block = calloc(1, sizeof *block + room);
    if (!block)
        return ERR_NOMEM;
    block->next = arena->blocks;
    arena->blocks = block;
    arena->at = block->bytes;
    arena->left = room;
    return 0;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    const size_t align = alignof(max_align_t);
    size_t bytes;
    void *p;

    if (size && count > (SIZE_MAX - align) / size)
        return NULL;
    bytes = (count * size + align - 1) / align * align;
    if (bytes == 0)
        bytes = align;
    if (bytes > arena->left && add_block(arena, bytes) < 0)
        return NULL;
    p = arena->at;
    arena->at += bytes;
    arena->left -= bytes;
    return p;
}

char *arena_memdup(struct arena *arena, const char *text, size_t size)
{
    char *copy = size == SIZE_MAX ? NULL : arena_alloc(arena, size + 1, 1);

    if (copy && size)
        memcpy(copy, text, size);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text ? arena_memdup(arena, text, strlen(text)) : NULL;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
    char *text = NULL;
    char *copy;
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0)
        return NULL;
    copy = arena_memdup(arena, text, (size_t)n);
    free(text);
    return copy;
}

void *arena_grow(struct arena *arena, void *array, size_t n, size_t size)
{
    void *bigger;

    if (n & (n - 1))
        return array;
    if (n > SIZE_MAX / 2)
        return NULL;
    bigger = arena_alloc(arena, n ? 2 * n : 1, size);
    if (bigger && n)
        memcpy(bigger, array, n * size);
    return bigger;
}

void arena_clear(struct arena *arena)
{
    while (arena->blocks) {
        struct arena_block *next = arena->blocks->next;

        free(arena->blocks);
        arena->blocks = next;
    }
    *arena = (struct arena){0};
}
