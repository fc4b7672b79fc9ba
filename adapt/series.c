/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "adapt/series.h"

#include <stdlib.h>

bool series_add(struct series *s, double value)
{
    if ((s->n & (s->n - 1)) == 0) {
        double *wider =
            realloc(s->value, (s->n ? 2 * s->n : 1) * sizeof *wider);

        if (!wider)
            return false;
        s->value = wider;
    }
    s->value[s->n++] = value;
    return true;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double series_middle(struct series *s)
{
    qsort(s->value, s->n, sizeof *s->value, by_value);
    return s->n % 2 ? s->value[s->n / 2]
                    : (s->value[s->n / 2 - 1] + s->value[s->n / 2]) / 2;
}

void series_clear(struct series *s)
{
    free(s->value);
    *s = (struct series){.n = 0};
}
