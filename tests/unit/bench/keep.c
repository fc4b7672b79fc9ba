/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiled to assembly by t-assembly.sh, which looks at what stands between
 * the marks.  Functions without a keep macro show that the check can fail. */
#include <tare.h>

#define BEGIN(name) __asm__ volatile("# BEGIN " #name)
#define END(name)   __asm__ volatile("# END " #name)

struct three {
    long a, b, c;
};

extern long global;
void keep_nothing(long x);
void keep_values(long x, int i, char c, float f, double d, void *p);
void keep_struct(long x);
void keep_store(void);
void keep_no_store(void);
void keep_stores(void);
void keep_one_store(void);
long keep_opaque(void);
double keep_opaque_double(void);
long keep_folded(void);
void keep_loop(struct tare *b);

/* Nobody sees the product, so it is not computed. */
void keep_nothing(long x)
{
    BEGIN(nothing);
    long y = x * 12345;

    (void)y;
    END(nothing);
}

void keep_values(long x, int i, char c, float f, double d, void *p)
{
    BEGIN(integer);
    TARE_USE(x * 12345);
    END(integer);
    BEGIN(registers);
    TARE_USE(x);
    TARE_USE(i);
    TARE_USE(c);
    TARE_USE(f);
    TARE_USE(d);
    TARE_USE(p);
    END(registers);
    BEGIN(product);
    TARE_USE(d * 3.5);
    END(product);
}

void keep_struct(long x)
{
    struct three s = {x, x + 1, x + 2};

    BEGIN(structure);
    s.b = x * 12345;
    TARE_USE(s);
    END(structure);
}

void keep_store(void)
{
    int buffer[4];

    BEGIN(escape);
    buffer[0] = 1;
    TARE_ESCAPE(buffer);
    END(escape);
}

void keep_no_store(void)
{
    int buffer[4];

    BEGIN(no_escape);
    buffer[0] = 1;
    (void)buffer;
    END(no_escape);
}

void keep_stores(void)
{
    BEGIN(clobber);
    global = 1;
    TARE_CLOBBER();
    global = 2;
    TARE_CLOBBER();
    END(clobber);
}

void keep_one_store(void)
{
    BEGIN(no_clobber);
    global = 1;
    global = 2;
    TARE_CLOBBER();
    END(no_clobber);
}

long keep_opaque(void)
{
    const long five = 5;
    long x;

    BEGIN(opaque);
    x = TARE_OPAQUE(five) + 6;
    TARE_USE(x);
    END(opaque);
    return x;
}

double keep_opaque_double(void)
{
    double x;

    BEGIN(opaque_double);
    x = TARE_OPAQUE(5.0) + 6;
    TARE_USE(x);
    END(opaque_double);
    return x;
}

long keep_folded(void)
{
    long x;

    BEGIN(folded);
    x = 5 + 6;
    TARE_USE(x);
    END(folded);
    return x;
}

void keep_loop(struct tare *b)
{
    unsigned long x = 1;

    TARE_LOOP(b) {
        __asm__ volatile("# BODY");
        x = x * 5 + 1;
        TARE_USE(x);
    }
}
