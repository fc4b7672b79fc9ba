/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "words.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct word {
    const char *start;
    size_t length;
};

static uint32_t hash(struct word w)
{
    uint32_t h = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < w.length; i++)
        h = (h ^ (unsigned char)w.start[i]) * 16777619u;
    return h;
}

static int same(struct word a, struct word b)
{
    return a.length == b.length && memcmp(a.start, b.start, a.length) == 0;
}

size_t count_words(const char *text, size_t size)
{
    size_t slots = 16, found = 0;
    struct word *table;

    while (slots < size) /* at most half of it can become full */
        slots *= 2;
    table = calloc(slots, sizeof *table);
    if (!table)
        return 0;
    for (size_t i = 0; i < size;) {
        struct word w = {text + i, 0};
        size_t at;

        while (i < size && text[i] != ' ')
            i++, w.length++;
        i++;
        if (w.length == 0)
            continue;
        at = hash(w) & (slots - 1);
        while (table[at].start && !same(table[at], w))
            at = (at + 1) & (slots - 1);
        found += !table[at].start;
        table[at] = w;
    }
    free(table);
    return found;
}
