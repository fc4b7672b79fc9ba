/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names with places: what is there twice, what is there at all.  For lists that
 * a file may make long: everything is sorted, nothing is quadratic. */
#ifndef CONFIG_NAMES_H
#define CONFIG_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "config/place.h"

struct named {
    const char *name; /* borrowed */
    struct place at;
};

struct names {
    struct named *named; /* in the order of the file until sorted */
    size_t n;
};

/* Room for max names in the arena; false when out of memory. */
bool names_init(struct names *names, struct arena *arena, size_t max);

/* Add one; there must be room. */
void names_add(struct names *names, const char *name, struct place at);

/* Sort by name, then by place; names_duplicate() and names_have() need it. */
void names_sort(struct names *names);

/* The repetition that stands first in the file, or NULL.  The same name's use
 * before it is at [-1]. */
const struct named *names_duplicate(const struct names *names);

bool names_have(const struct names *names, const char *name);

/* The nearest name to a word (base/nearest.h), or NULL. */
const char *names_nearest(const struct names *names, const char *word);

#endif
