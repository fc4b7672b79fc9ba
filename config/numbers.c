/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Most numbers of a baseline have few digits.  Where both the digits and the
 * power of ten are exact doubles, one correctly rounded multiplication or
 * division gives the nearest double (W. D. Clinger, "How to Read Floating
 * Point Numbers Accurately", PLDI 1990); the rest is left to strtod. */
#include <config.h>

#include "config/numbers.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { EXACT_POWER = 22 }; /* 10^22 is the largest power that is exact */

/* The division of a double by a double must not be done in a wider type. */
#if FLT_EVAL_METHOD == 0
#define FAST_DIGITS 15
#else
#define FAST_DIGITS 0
#endif

static const double power[EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

struct decimal {
    uint64_t digits; /* all of them as one number; wraps beyond 19 */
    int n_digits;    /* without leading zeros */
    int exponent;    /* of ten */
    bool negative;
};

/* Digits into d; the number of characters, which may be 0. */
static size_t add_digits(const char *text, struct decimal *d)
{
    size_t i = 0;

    for (; text[i] >= '0' && text[i] <= '9'; i++) {
        d->digits = d->digits * 10 + (uint64_t)(text[i] - '0');
        if (d->n_digits || text[i] != '0')
            d->n_digits++;
    }
    return i;
}

static size_t add_exponent(const char *text, struct decimal *d)
{
    size_t i = text[1] == '-' || text[1] == '+' ? 2 : 1;
    int value = 0;

    if (!isdigit((unsigned char)text[i]))
        return 0;
    for (; isdigit((unsigned char)text[i]); i++)
        if (value < 100000)
            value = value * 10 + (text[i] - '0');
    d->exponent += text[1] == '-' ? -value : value;
    return i;
}

/* The characters that are a number, 0 when there is none. */
static size_t scan(const char *text, struct decimal *d)
{
    size_t at = text[0] == '-', n;

    d->negative = at == 1;
    n = add_digits(text + at, d);
    if (n == 0)
        return 0;
    at += n;
    if (text[at] == '.') {
        n = add_digits(text + at + 1, d);
        if (n == 0)
            return 0;
        d->exponent -= n < 100000 ? (int)n : 100000;
        at += n + 1;
    }
    if (text[at] == 'e' || text[at] == 'E') {
        n = add_exponent(text + at, d);
        if (n == 0)
            return 0;
        at += n;
    }
    return at;
}

static bool from_decimal(const struct decimal *d, double *out)
{
    double value = (double)d->digits;

    if (d->n_digits > FAST_DIGITS || d->exponent < -EXACT_POWER ||
        d->exponent > EXACT_POWER)
        return false;
    value = d->exponent < 0 ? value / power[-d->exponent]
                            : value * power[d->exponent];
    *out = d->negative ? -value : value;
    return true;
}

bool number_parse(const char *text, size_t size, double *out)
{
    struct decimal d = {0};
    double value;

    if (size == 0 || scan(text, &d) != size)
        return false;
    if (from_decimal(&d, out))
        return true;
    value = strtod(text, NULL);
    if (!isfinite(value))
        return false;
    *out = value;
    return true;
}

bool number_parse_u64(const char *text, size_t size, uint64_t *out)
{
    uint64_t value = 0;

    if (size == 0 || size > 20)
        return false;
    for (size_t i = 0; i < size; i++) {
        unsigned digit = (unsigned)(text[i] - '0');

        if (digit > 9 || value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}
