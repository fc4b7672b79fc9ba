/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names joined by commas, "db,slow": how tags, resources and metrics travel.
 * Names are whole, case counts, and empty ones are passed over.
 *
 *     const char *at = tags, *tag;
 *     size_t size;
 *
 *     while ((tag = names_next(&at, &size)))
 *         printf("%.*s\n", (int)size, tag); */
#ifndef BASE_NAMES_H
#define BASE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* The name at or after *at, NULL when none is left.  It is a part of the list,
 * not a string of its own; *size receives its bytes, and *at moves behind it.
 * At the end *size is left alone. */
const char *names_next(const char **at, size_t *size);

/* Is the name of size bytes among them?  Never, for an empty one. */
bool names_has(const char *names, const char *name, size_t size);

#endif
