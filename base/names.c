/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/names.h"

#include <string.h>

const char *names_next(const char **at, size_t *size)
{
    const char *name = *at + strspn(*at, ",");
    size_t n = strcspn(name, ",");

    *at = name + n;
    if (n == 0)
        return NULL;
    *size = n;
    return name;
}

bool names_has(const char *names, const char *name, size_t size)
{
    const char *one;
    size_t n;

    while ((one = names_next(&names, &n)))
        if (n == size && memcmp(one, name, size) == 0)
            return true;
    return false;
}
