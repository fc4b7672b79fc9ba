/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scoped ownership: a variable marked SCOPED(fn) is released by fn(&variable)
 * when its block ends, on every path.  Not for bench/, which must build with
 * any compiler. */
#ifndef BASE_SCOPE_H
#define BASE_SCOPE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SCOPED(fn) __attribute__((cleanup(fn)))

/* Define NAME_scoped() from a destructor NAME() that accepts NULL. */
#define DEFINE_SCOPED(type, name)             \
    static inline void name##_scoped(type *p) \
    {                                         \
        name(*p);                             \
    }

/* Hand the pointer to a new owner and disarm the cleanup. */
#define TAKE(ptr)                       \
    __extension__({                     \
        __typeof__(ptr) taken_ = (ptr); \
        (ptr) = NULL;                   \
        taken_;                         \
    })

static inline void free_scoped(void *p)
{
    free(*(void **)p);
}

static inline void fclose_scoped(FILE **p)
{
    if (*p)
        fclose(*p);
}

static inline void fd_scoped(int *p)
{
    if (*p >= 0)
        close(*p);
}

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
