/* SPDX-License-Identifier: MIT */
/* Checks of tests.  Each failure is a line of the test's output; the first is
 * also the test's message. */
#include <config.h>

#include "bench/context.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 4, 0))) static void report(
    struct tare *t, const char *file, int line, const char *fmt, va_list ap)
{
    char text[CONTEXT_MESSAGE - 256];

    vsnprintf(text, sizeof text, fmt, ap);
    printf("# %s:%d: %s\n", file, line, text);
    tarei_context_fail(t, "%.200s:%d: %s", file, line, text);
}

int tare_check_(struct tare *t, int ok, int fatal, const char *file, int line,
                const char *fmt, ...)
{
    va_list ap;

    if (ok)
        return 1;
    va_start(ap, fmt);
    report(t, file, line, fmt, ap);
    va_end(ap);
    if (fatal)
        longjmp(t->end, 1);
    return 0;
}

void tare_fail_at_(struct tare *t, const char *file, int line, const char *fmt,
                   ...)
{
    va_list ap;

    va_start(ap, fmt);
    report(t, file, line, fmt, ap);
    va_end(ap);
    longjmp(t->end, 1);
}

int tare_check_int_(struct tare *t, int fatal, const char *file, int line,
                    const char *what, intmax_t got, intmax_t want)
{
    return tare_check_(t, got == want, fatal, file, line,
                       "%s is %" PRIdMAX ", expected %" PRIdMAX, what, got,
                       want);
}

int tare_check_rel_(struct tare *t, int fatal, const char *file, int line,
                    const char *what, double got, double want, double rel)
{
    double bound = rel * (want == 0 ? 1 : fabs(want));
    int ok =
        (isnan(got) && isnan(want)) || got == want || fabs(got - want) <= bound;

    return tare_check_(t, ok, fatal, file, line,
                       "%s is %.17g, expected %.17g within %g", what, got, want,
                       rel);
}

int tare_check_str_(struct tare *t, int fatal, const char *file, int line,
                    const char *what, const char *got, const char *want)
{
    int ok = got && want ? strcmp(got, want) == 0 : got == want;

    if (ok)
        return 1;
    return tare_check_(t, 0, fatal, file, line, "%s is %s%s%s, expected %s%s%s",
                       what, got ? "\"" : "", got ? got : "NULL",
                       got ? "\"" : "", want ? "\"" : "", want ? want : "NULL",
                       want ? "\"" : "");
}

int tare_check_mem_(struct tare *t, int fatal, const char *file, int line,
                    const char *what, const void *got, const void *want,
                    size_t size)
{
    const unsigned char *g = got, *w = want;
    size_t at = 0;

    if (size == 0)
        return 1;
    if (!g || !w)
        return tare_check_(t, g == w, fatal, file, line,
                           "%s is %s, expected %s", what,
                           g ? "not NULL" : "NULL", w ? "not NULL" : "NULL");
    while (at < size && g[at] == w[at])
        at++;
    if (at == size)
        return 1;
    return tare_check_(t, 0, fatal, file, line,
                       "%s differs at byte %zu of %zu: 0x%02x, expected 0x%02x",
                       what, at, size, g[at], w[at]);
}
