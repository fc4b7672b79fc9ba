/* SPDX-License-Identifier: MIT */
/* The tests of a program, run one after the other in this process, as TAP. */
#include "bench/tare.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct tare {
    jmp_buf end;
    int failed, skipped;
    char why[200];
};

static struct tare_test_def *first, **last = &first;

void tare_register_test_(struct tare_test_def *def)
{
    *last = def;
    last = &def->next;
}

int tare_check_(struct tare *t, int ok, int fatal, const char *file, int line,
                const char *fmt, ...)
{
    va_list ap;

    if (ok)
        return 1;
    printf("# %s:%d: ", file, line);
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
    t->failed = 1;
    if (fatal)
        longjmp(t->end, 1);
    return 0;
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
    int ok = (isnan(got) && isnan(want)) || got == want ||
             fabs(got - want) <= bound;

    return tare_check_(t, ok, fatal, file, line,
                       "%s is %.17g, expected %.17g within %g", what, got, want,
                       rel);
}

int tare_check_str_(struct tare *t, int fatal, const char *file, int line,
                    const char *what, const char *got, const char *want)
{
    int ok = got && want ? strcmp(got, want) == 0 : got == want;

    return tare_check_(t, ok, fatal, file, line,
                       "%s is \"%s\", expected \"%s\"", what,
                       got ? got : "(null)", want ? want : "(null)");
}

void tare_skip_(struct tare *t, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(t->why, sizeof t->why, fmt, ap);
    va_end(ap);
    t->skipped = 1;
    longjmp(t->end, 1);
}

TARE_API int main(void)
{
    volatile int n = 0, bad = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (struct tare_test_def *d = first; d; d = d->next)
        n = n + 1;
    printf("1..%d\n", n);
    n = 0;
    for (struct tare_test_def *d = first; d; d = d->next) {
        struct tare t = {.failed = 0};

        if (setjmp(t.end) == 0)
            d->run(&t);
        printf("%sok %d - %s", t.failed ? "not " : "", n = n + 1, d->name);
        if (t.skipped)
            printf(" # SKIP %s", t.why);
        putchar('\n');
        bad |= t.failed;
    }
    return bad;
}
