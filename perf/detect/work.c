/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "perf/detect/work.h"

#include <string.h>

#include "base/scope.h"

/* detect.py looks for this text; `copy` makes the two executables of an
 * unchanged comparison differ, since byte-identical ones need no measuring. */
static volatile const char written[] = "tare-detect extra=0000 copy=0";

enum { DIGITS_AT = sizeof "tare-detect extra=" - 1, DIGITS = 4 };

#define ADDRESS(name, calm, what) &kernel_##name,

static const struct kernel_work *const all[] = {KERNELS(ADDRESS)};

const struct kernel_work *const *detect_works(size_t *n)
{
    *n = ARRAY_LEN(all);
    return all;
}

const struct kernel_work *detect_work(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}

size_t detect_units(void)
{
    size_t extra = 0;

    for (int i = 0; i < DIGITS; i++)
        extra = 10 * extra + (size_t)(written[DIGITS_AT + i] - '0');
    return 1000 + extra;
}
