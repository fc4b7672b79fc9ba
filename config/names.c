/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorted names. */
#include <config.h>

#include "config/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

bool names_init(struct names *names, struct arena *arena, size_t max)
{
    names->named = arena_alloc(arena, max, sizeof *names->named);
    names->n = 0;
    return names->named != NULL;
}

void names_add(struct names *names, const char *name, struct place at)
{
    names->named[names->n++] = (struct named){name, at};
}

static int by_place(struct place x, struct place y)
{
    if (x.line != y.line)
        return x.line < y.line ? -1 : 1;
    return (x.column > y.column) - (x.column < y.column);
}

static int by_name_and_place(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = strcmp(x->name, y->name);

    return order ? order : by_place(x->at, y->at);
}

void names_sort(struct names *names)
{
    if (names->n)
        qsort(names->named, names->n, sizeof *names->named, by_name_and_place);
}

const struct named *names_duplicate(const struct names *names)
{
    const struct named *first = NULL;

    for (size_t i = 1; i < names->n; i++) {
        const struct named *x = &names->named[i];

        if (strcmp(x[-1].name, x->name) == 0 &&
            (!first || by_place(x->at, first->at) < 0))
            first = x;
    }
    return first;
}

static int by_name(const void *key, const void *item)
{
    const struct named *x = item;

    return strcmp(key, x->name);
}

bool names_have(const struct names *names, const char *name)
{
    return names->n &&
           bsearch(name, names->named, names->n, sizeof *names->named, by_name);
}

const char *names_nearest(const struct names *names, const char *word)
{
    struct nearest nearest = {.word = word};

    for (size_t i = 0; i < names->n; i++)
        nearest_try(&nearest, names->named[i].name);
    return nearest_found(&nearest);
}
