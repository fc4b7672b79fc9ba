/* SPDX-License-Identifier: MIT */
/* What the program defined, and the cases that come of it.
 *
 * A definition with parameters is many cases; a cursor walks over them in the
 * order of registration without storing them, because a fresh process is
 * started for every invocation and needs only one. */
#ifndef BENCH_REGISTRY_H
#define BENCH_REGISTRY_H

#include <stddef.h>

#include "bench/params.h"
#include "bench/tare.h"

enum {
    CASE_ID_MAX = 512,  /* bytes with the NUL */
    REGISTRY_TEXT = 640 /* bytes of a message */
};

struct tarei_param {
    const char *name;
    size_t name_length;
    const char *value; /* within the case's text */
};

/* One case.  Large; not copied about. */
struct tarei_case {
    struct tare_case def; /* a copy, later members than its own are zero */
    char id[CASE_ID_MAX]; /* name[key=value,...] */
    char text[PARAMS_TEXT];
    struct tarei_param param[PARAMS_MAX];
    size_t n_params;
    int threads; /* 0 when the definition has none */
};

struct tarei_cursor {
    struct tare_case *next;         /* definition to go on with */
    const struct tare_case *walked; /* the one being walked over, ... */
    struct tare_case def;           /* ... and a copy of it */
    struct tarei_axes axes;
    size_t combination; /* next one of it; at axes.combinations none is left */
};

/* Start before the first case. */
void tarei_cursor_init(struct tarei_cursor *cursor);

/* The next case.  Returns 1; 0 behind the last; -1 when a definition is wrong,
 * with a message that begins with its file and line. */
int tarei_cursor_next(struct tarei_cursor *cursor, struct tarei_case *out,
                      char problem[REGISTRY_TEXT]);

/* Find a case by its id without looking at other definitions.  Returns 0, or
 * -1 with a message that names the nearest id.  Cost: a comparison for every
 * definition before it, and reading its parameters unless the last one found
 * was of the same definition; not how many cases it has. */
int tarei_find_case(const char *id, struct tarei_case *out,
                    char problem[REGISTRY_TEXT]);

/* Look for what no single definition shows: names that stand twice.  Returns 0
 * or -1.  Cost: O(n log n) in definitions. */
int tarei_registry_check(char problem[REGISTRY_TEXT]);

/* Number of definitions. */
size_t tarei_registry_count(void);

/* ---- lists in options: "one, two" */

/* The next name of a list; NULL at its end.  *list moves on; the name has
 * *length bytes. */
const char *tarei_list_next(const char **list, size_t *length);

/* Is this name in the list (NULL is empty)? */
int tarei_list_has(const char *list, const char *name);

/* The entry of names[0..n-1] that differs least from `wanted`, as people
 * mistype: at most a third of its letters; NULL when none is near. */
const char *tarei_nearest(const char *wanted, const char *const *names,
                          size_t n);

#endif
