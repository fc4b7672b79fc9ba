/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rates that a slow test measures, printed with their binomial interval and
 * held against a bound: a bound is broken when the whole 99 % interval lies
 * outside, so that chance alone fails one rate in two hundred. */
#ifndef SLOW_RATES_H
#define SLOW_RATES_H

#include <stddef.h>

/* Print "name  hits of n = 12.3 % [10.1, 14.8]  bound"; count a failure when
 * the interval (Clopper & Pearson, Biometrika 26, 1934) misses low..high,
 * which are shares. */
void rate_check(const char *name, size_t hits, size_t n, double low,
                double high);

/* A figure without a bound. */
void rate_note(const char *name, double value, const char *unit);

/* A line above a group. */
void rate_title(const char *title);

/* Print the summary; 0 when every bound held, else 1. */
int rate_end(void);

#endif
