/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Integers as differences, everything else as doubles. */
#include <config.h>

#include "store/samples.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

enum form {
    FORM_RATIONAL = 0, /* whole numbers, divided by one divisor */
    FORM_DOUBLE = 1,
};

enum { VARINT_MAX = 10 };

/* Whole numbers up to here are exact in a double. */
static const double exact_limit = 9007199254740992.0;

void varint_put(struct strbuf *out, uint64_t value)
{
    while (value >= 0x80) {
        strbuf_putc(out, (char)(value | 0x80));
        value >>= 7;
    }
    strbuf_putc(out, (char)value);
}

/* Bytes taken, or 0 where there is no valid varint. */
static size_t varint_get(const uint8_t *bytes, size_t size, uint64_t *value)
{
    uint64_t v = 0;

    for (size_t i = 0; i < size && i < VARINT_MAX; i++) {
        v |= (uint64_t)(bytes[i] & 0x7f) << (7 * i);
        if (bytes[i] & 0x80)
            continue;
        if (i == VARINT_MAX - 1 && bytes[i] > 1)
            return 0; /* beyond 64 bits */
        *value = v;
        return i + 1;
    }
    return 0;
}

static uint64_t zigzag(int64_t x)
{
    return ((uint64_t)x << 1) ^ (uint64_t)(x >> 63);
}

static int64_t unzigzag(uint64_t z)
{
    return (int64_t)(z >> 1) ^ -(int64_t)(z & 1);
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static bool is_whole(const double *x, size_t n, double divisor)
{
    for (size_t i = 0; i < n; i++) {
        double k = nearbyint(x[i] * divisor);

        if (!(fabs(k) < exact_limit) ||
            !same_bits((double)(int64_t)k / divisor, x[i]))
            return false;
    }
    return true;
}

/* The first divisor that makes all samples whole, 0 when none does.  Times
 * that went through decimal text have three or six decimals. */
static uint64_t find_divisor(const double *x, size_t n, uint64_t guess)
{
    const uint64_t tries[] = {1, guess, 1000, 1000000};

    for (size_t i = 0; i < ARRAY_LEN(tries); i++)
        if (tries[i] && (double)tries[i] < exact_limit &&
            is_whole(x, n, (double)tries[i]))
            return tries[i];
    return 0;
}

static void put_double(struct strbuf *out, double x)
{
    uint64_t bits;
    char le[8];

    memcpy(&bits, &x, sizeof bits);
    for (int i = 0; i < 8; i++)
        le[i] = (char)(bits >> (8 * i));
    strbuf_add(out, le, sizeof le);
}

static double get_double(const uint8_t *le)
{
    uint64_t bits = 0;
    double x;

    for (int i = 0; i < 8; i++)
        bits |= (uint64_t)le[i] << (8 * i);
    memcpy(&x, &bits, sizeof x);
    return x;
}

void samples_encode(struct strbuf *out, const double *x, size_t n,
                    uint64_t divisor)
{
    int64_t last = 0;

    varint_put(out, n);
    if (n == 0)
        return;
    divisor = find_divisor(x, n, divisor);
    strbuf_putc(out, divisor ? FORM_RATIONAL : FORM_DOUBLE);
    if (!divisor) {
        for (size_t i = 0; i < n; i++)
            put_double(out, x[i]);
        return;
    }
    varint_put(out, divisor);
    for (size_t i = 0; i < n; i++) {
        int64_t k = (int64_t)nearbyint(x[i] * (double)divisor);

        varint_put(out, zigzag(k - last));
        last = k;
    }
}

static int bad(const char *name, const char *what, struct error *err)
{
    ERROR_AT(err, ERR_PARSE, name, 0, 0, "damaged samples: %s", what);
    error_help(err, "move the store away, a new one is made; 'sqlite3 FILE "
                    ".recover' may bring back what is in it");
    return ERR_PARSE;
}

/* Bytes taken from p, 0 when they are damaged. */
static size_t decode_rational(const uint8_t *p, size_t size, double *x,
                              size_t n)
{
    uint64_t divisor, z;
    uint64_t last = 0; /* wraps around where bytes are hostile */
    size_t at = varint_get(p, size, &divisor);

    if (!at || divisor == 0 || (double)divisor >= exact_limit)
        return 0;
    for (size_t i = 0; i < n; i++) {
        size_t took = varint_get(p + at, size - at, &z);

        if (!took)
            return 0;
        at += took;
        last += (uint64_t)unzigzag(z);
        x[i] = (double)(int64_t)last / (double)divisor;
    }
    return at;
}

static size_t decode_doubles(const uint8_t *p, size_t size, double *x, size_t n)
{
    if (size / 8 < n)
        return 0;
    for (size_t i = 0; i < n; i++)
        x[i] = get_double(p + 8 * i);
    return 8 * n;
}

int samples_decode(const char *name, const void *bytes, size_t size,
                   struct arena *arena, double **x, size_t *n, size_t *used,
                   struct error *err)
{
    const uint8_t *p = bytes;
    uint64_t count;
    size_t at = varint_get(p, size, &count);
    size_t took;
    double *all;

    if (!at || (count && size - at <= count))
        return bad(name, "the count is wrong", err);
    all = arena_alloc(arena, count, sizeof *all);
    if (!all)
        return ERROR(err, ERR_NOMEM, "no memory for samples");
    if (count) {
        uint8_t form = p[at++];

        if (form > FORM_DOUBLE)
            return bad(name, "unknown form", err);
        took = form == FORM_DOUBLE
                   ? decode_doubles(p + at, size - at, all, count)
                   : decode_rational(p + at, size - at, all, count);
        if (!took)
            return bad(name, "they end too early", err);
        at += took;
    }
    *x = all;
    *n = count;
    *used = at;
    return 0;
}

void section_put(struct strbuf *out, uint64_t metric, const double *x, size_t n,
                 uint64_t divisor)
{
    SCOPED(strbuf_scoped) struct strbuf samples = {0};

    samples_encode(&samples, x, n, divisor);
    varint_put(out, metric);
    varint_put(out, samples.size);
    strbuf_add(out, strbuf_text(&samples), samples.size);
    out->failed |= samples.failed;
}

int section_next(const char *name, const uint8_t **bytes, size_t *size,
                 struct section *out, struct error *err)
{
    const uint8_t *p = *bytes;
    size_t left = *size;
    uint64_t metric, length;
    size_t took;

    if (left == 0)
        return 0;
    took = varint_get(p, left, &metric);
    p += took;
    left -= took;
    if (took)
        took = varint_get(p, left, &length);
    if (!took || length > left - took)
        return bad(name, "a metric ends too early", err);
    *out = (struct section){metric, p + took, (size_t)length};
    *bytes = p + took + length;
    *size = left - took - (size_t)length;
    return 1;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double median_of(double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (isnan(x[i]))
            return NAN;
    if (n == 0)
        return NAN;
    qsort(x, n, sizeof *x, by_value);
    return n % 2 ? x[n / 2] : (x[n / 2 - 1] + x[n / 2]) / 2;
}
