/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of the executions of one invocation, and the one that stands for
 * them. */
#ifndef ADAPT_SERIES_H
#define ADAPT_SERIES_H

#include <stdbool.h>
#include <stddef.h>

/* A zeroed struct is empty. */
struct series {
    double *value;
    size_t n;
};

/* Append one.  False: no memory. */
bool series_add(struct series *series, double value);

/* The median: the first executions are cold.  Sorts; n is 1 or more. */
double series_middle(struct series *series);

void series_clear(struct series *series);

#endif
