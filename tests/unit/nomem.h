/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The n-th allocation fails.  For one file of a program that is linked with
 * -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc, or some of them. */
#ifndef TESTS_UNIT_NOMEM_H
#define TESTS_UNIT_NOMEM_H

#include <stddef.h>

static long fail_at; /* counts down to the one that fails; 0: none does */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

void *__wrap_malloc(size_t size)
{
    return --fail_at == 0 ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return --fail_at == 0 ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return --fail_at == 0 ? NULL : __real_realloc(p, size);
}

#endif
