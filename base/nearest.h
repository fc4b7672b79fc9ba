/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Did you mean ...?": the valid name closest to what the user wrote.
 *
 *     struct nearest nearest = {.word = word};
 *
 *     for (size_t i = 0; i < n; i++)
 *         nearest_try(&nearest, name[i]);
 *     if (nearest_found(&nearest))
 *         error_help(err, "did you mean '%s'?", nearest_found(&nearest)); */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

struct nearest {
    const char *word; /* what the user wrote; borrowed */
    const char *best; /* so far, NULL when nothing was near; borrowed */
    size_t distance;  /* of the best, for comparing alone */
};

/* Edits that turn one word into the other: insertion, deletion, substitution
 * and swap of neighbours, one each (optimal string alignment), letter case
 * ignored.  Words of over 63 bytes are cut there.  Cost: O(length^2). */
size_t edit_distance(const char *a, const char *b);

/* Offer a valid name.  It is near when at most a third of the longer word
 * (rounded up) must be edited, or when one begins with the other and both
 * have three letters or more, which counts as one edit.  On a tie that with fewer
 * edits stays, or the one offered first. */
void nearest_try(struct nearest *nearest, const char *name);

/* The nearest name offered, or NULL. */
const char *nearest_found(const struct nearest *nearest);

#endif
