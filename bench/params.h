/* SPDX-License-Identifier: MIT */
/* The options `args` and `threads` of a case: parameters, their values, and
 * all combinations of them.  The grammar stands at struct tare_case in tare.h.
 *
 * Nothing allocates: axes point into the text, values are made on demand. */
#ifndef BENCH_PARAMS_H
#define BENCH_PARAMS_H

#include <stddef.h>
#include <stdint.h>

enum {
    PARAMS_MAX = 16,
    PARAMS_COMBINATIONS = 100000,
    PARAMS_TEXT = 512,   /* bytes of all values of one combination */
    PARAMS_PROBLEM = 160 /* bytes of a message */
};

/* One parameter.  Points into the text it was parsed from. */
struct tarei_axis {
    const char *name;
    size_t name_length;
    const char *values; /* the first value */
    const char *end;    /* behind the last */
    size_t count;       /* 1 or more */
};

struct tarei_axes {
    struct tarei_axis axis[PARAMS_MAX];
    size_t n;
    size_t combinations; /* 1 when there is no parameter */
};

/* What is wrong, and at which byte of the text (0-based). */
struct tarei_problem {
    size_t at;
    char text[PARAMS_PROBLEM];
};

/* Add the parameters of `text` to axes, which the caller has zeroed or filled
 * by an earlier call.
 *
 * text  size bytes without a NUL, borrowed for as long as axes is used
 *
 * Returns 0, or -1 with *problem filled in and axes unusable.  An empty text
 * adds nothing. */
int tarei_params_parse(const char *text, size_t size, struct tarei_axes *axes,
                       struct tarei_problem *problem);

/* The same for one parameter whose values alone are given ("1,2,4"). */
int tarei_params_values(const char *name, const char *text, size_t size,
                        struct tarei_axes *axes, struct tarei_problem *problem);

/* Write the k-th value (k < count) as text with its NUL.  Returns its length,
 * or -1 when it does not fit into size bytes. */
int tarei_params_value(const struct tarei_axis *axis, size_t k, char *out,
                       size_t size);

/* The k of the value that tarei_params_value() writes like this.  Returns 0, or
 * -1 when there is none.  Cost: O(items of the list), however long ranges are. */
int tarei_params_find(const struct tarei_axis *axis, const char *text,
                      size_t size, size_t *k);

/* Read an integer as the grammar has it: decimal or 0x hexadecimal, a sign, a
 * suffix k, M, G, Ki, Mi, Gi.  The whole of text must be one, within int64_t.
 * Returns 0, or -1 with *out untouched. */
int tarei_params_int(const char *text, size_t size, int64_t *out);

#endif
