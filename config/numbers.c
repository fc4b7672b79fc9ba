/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Most numbers of a baseline have few digits.  Where both the digits and the
 * power of ten are exact doubles, one correctly rounded multiplication or
 * division gives the nearest double (W. D. Clinger, "How to Read Floating
 * Point Numbers Accurately", PLDI 1990).  Up to 19 digits with a fraction, which
 * is what a mean looks like, are divided as integers.  The rest is left to
 * strtod. */
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

#ifdef __SIZEOF_INT128__
enum { WHOLE_DIGITS = 19, WHOLE_POWER = 19 }; /* both below 2^64 */

__extension__ typedef unsigned __int128 wide;

static const uint64_t whole_power[WHOLE_POWER + 1] = {
    1u,
    10u,
    100u,
    1000u,
    10000u,
    100000u,
    1000000u,
    10000000u,
    100000000u,
    1000000000u,
    10000000000u,
    100000000000u,
    1000000000000u,
    10000000000000u,
    100000000000000u,
    1000000000000000u,
    10000000000000000u,
    100000000000000000u,
    1000000000000000000u,
    10000000000000000000u,
};

/* digits / 10^k: both shifted to 64 bits, the quotient has 63 or 64, and one
 * more that says whether something was left over; so the conversion to a double
 * rounds as if the quotient were exact. */
static bool divide(const struct decimal *d, double *out)
{
    uint64_t divisor, quotient;
    int up, down;
    wide dividend;

    if (d->n_digits > WHOLE_DIGITS || d->exponent < -WHOLE_POWER ||
        d->exponent >= 0 || d->digits == 0)
        return false;
    up = __builtin_clzll(d->digits);
    down = __builtin_clzll(whole_power[-d->exponent]);
    dividend = (wide)(d->digits << up) << 63;
    divisor = whole_power[-d->exponent] << down;
    quotient = (uint64_t)(dividend / divisor);
    if ((wide)quotient * divisor != dividend)
        quotient |= 1;
    *out = ldexp((double)quotient, down - up - 63);
    return true;
}
#else
static bool divide(const struct decimal *d, double *out)
{
    (void)d;
    (void)out;
    return false;
}
#endif

static bool from_decimal(const struct decimal *d, double *out)
{
    double value = (double)d->digits;

    if (d->n_digits > FAST_DIGITS || d->exponent < -EXACT_POWER ||
        d->exponent > EXACT_POWER) {
        if (!divide(d, &value))
            return false;
    } else {
        value = d->exponent < 0 ? value / power[-d->exponent]
                                : value * power[d->exponent];
    }
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
