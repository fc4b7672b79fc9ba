/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Input for the examples: the same bytes on every machine and in every run,
 * because a benchmark whose input varies measures the input. */
#ifndef EXAMPLES_INPUT_H
#define EXAMPLES_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The next of 2^64 numbers; `state` holds the seed.  SplitMix64 (Steele, Lea
 * and Flood, OOPSLA 2014). */
static inline uint64_t input_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/* Uniform in [0, 1). */
static inline double input_unit(uint64_t *state)
{
    return (double)(input_next(state) >> 11) * 0x1p-53;
}

/* Memory or the end of the program: an example has nothing better to do. */
static inline void *input_alloc(size_t size)
{
    void *p = malloc(size);

    if (!p) {
        perror("malloc");
        exit(1);
    }
    return p;
}

/* n bytes that compress about as prose does; the caller frees them. */
static inline unsigned char *input_text(size_t n)
{
    static const char *const words[] = {
        "balance ", "scale ",  "weight ",  "the ",  "of ",   "and ",
        "a ",       "measure", "ounce\n",  "tare ", "gross", "to ",
        "in ",      "noise, ", "pound.\n", "net ",
    };
    unsigned char *text = input_alloc(n);
    uint64_t state = 1;

    for (size_t i = 0; i < n;) {
        uint64_t r = input_next(&state);
        const char *word = words[r % 16];

        while (*word && i < n)
            text[i++] = (unsigned char)*word++;
        if (r >> 60 == 0 && i < n)
            text[i++] = (unsigned char)('0' + r / 16 % 10);
    }
    return text;
}

#endif
