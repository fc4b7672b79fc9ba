/* SPDX-License-Identifier: MIT */
/* Lists of names in options, and what somebody who mistyped one meant. */
#include <config.h>

#include "bench/registry.h"

#include <string.h>

static int is_separator(char c)
{
    return c == ',' || c == ' ' || c == '\t' || c == '\n';
}

const char *tarei_list_next(const char **list, size_t *length)
{
    const char *at = *list, *begin;

    if (!at)
        return NULL;
    while (is_separator(*at))
        at++;
    begin = at;
    while (*at && !is_separator(*at))
        at++;
    *list = at;
    *length = (size_t)(at - begin);
    return *length ? begin : NULL;
}

int tarei_list_has(const char *list, const char *name)
{
    const char *one;
    size_t length;

    while ((one = tarei_list_next(&list, &length)) != NULL)
        if (strlen(name) == length && memcmp(one, name, length) == 0)
            return 1;
    return 0;
}

enum { NEAREST_LENGTH = 64 };

/* Levenshtein's distance; names beyond NEAREST_LENGTH count as far apart. */
static size_t distance(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b);
    size_t row[NEAREST_LENGTH + 1];

    if (n > NEAREST_LENGTH || m > NEAREST_LENGTH)
        return NEAREST_LENGTH;
    for (size_t k = 0; k <= m; k++)
        row[k] = k;
    for (size_t i = 1; i <= n; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t k = 1; k <= m; k++) {
            size_t best = diagonal + (a[i - 1] != b[k - 1]);

            diagonal = row[k];
            if (row[k] + 1 < best)
                best = row[k] + 1;
            if (row[k - 1] + 1 < best)
                best = row[k - 1] + 1;
            row[k] = best;
        }
    }
    return row[m];
}

const char *tarei_nearest(const char *wanted, const char *const *names,
                          size_t n)
{
    size_t best = strlen(wanted) / 3 + 1;
    const char *found = NULL;

    for (size_t i = 0; i < n; i++) {
        size_t d = names[i] ? distance(wanted, names[i]) : best + 1;

        if (d < best || (d == best && !found)) {
            best = d;
            found = names[i];
        }
    }
    return found;
}
