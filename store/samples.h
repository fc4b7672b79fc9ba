/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples as bytes; docs/formats-store.md is the normative description.
 *
 * Most samples are whole nanoseconds, or whole nanoseconds divided by one
 * iteration count: then the differences of those whole numbers are stored as
 * varints, two or three bytes each, and come back bit for bit.  Anything else
 * is stored as IEEE 754 doubles. */
#ifndef STORE_SAMPLES_H
#define STORE_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/strbuf.h"

/* Append n samples to out.
 *
 * divisor  a guess: samples may be whole numbers divided by it; 0 when there
 *          is none */
void samples_encode(struct strbuf *out, const double *x, size_t n,
                    uint64_t divisor);

/* The samples that bytes begin with.
 *
 * name  of the source in errors
 * used  receives the bytes they took
 *
 * Returns 0, ERR_PARSE (nothing of the arena is wasted on a false count: each
 * sample takes a byte at least) or ERR_NOMEM. */
int samples_decode(const char *name, const void *bytes, size_t size,
                   struct arena *arena, double **x, size_t *n, size_t *used,
                   struct error *err);

/* LEB128, least significant first; at most 10 bytes. */
void varint_put(struct strbuf *out, uint64_t value);

/* One metric's samples within the bytes of an invocation. */
struct section {
    uint64_t metric; /* id in table `metric` */
    const uint8_t *bytes;
    size_t size;
};

/* Append a section. */
void section_put(struct strbuf *out, uint64_t metric, const double *x, size_t n,
                 uint64_t divisor);

/* Take the next section off (*bytes, *size).  1; 0 at the end; ERR_PARSE. */
int section_next(const char *name, const uint8_t **bytes, size_t *size,
                 struct section *out, struct error *err);

/* Median; x is reordered.  NaN when n is 0 or any value is NaN.  Middle of the
 * two middle values for an even n. */
double median_of(double *x, size_t n);

#endif
