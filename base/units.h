/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantities as people write and read them. */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Read "10s", "1.5ms", "250us", "3m", "2h", "40ns" as nanoseconds.  A unit is
 * required, except for 0.  Range 0 to 1000 hours.  0, or ERR_RANGE with a
 * message that shows the form. */
int parse_duration(const char *text, int64_t *out_ns, struct error *err);

/* Read "2%" or "0.02" as the fraction 0.02.  Range 0 to 10 (1000 %); from 1 on
 * only with %: who writes 2 means 2 %, not 200 %. */
int parse_ratio(const char *text, double *out, struct error *err);

/* Read a whole decimal number within [low, high]. */
int parse_int(const char *text, int64_t low, int64_t high, int64_t *out,
              struct error *err);

/* Write a quantity with its unit scaled for reading, four significant digits
 * ("12.34 ns", "1.500 GB/s", "20.00 %"); "unknown" for NaN.
 * unit "ns" scales to us, ms, s; "B" to kB, MB, GB; anything else gets k, M, G.
 * Returns out. */
enum { QUANTITY_TEXT = 40 };
char *format_quantity(char out[QUANTITY_TEXT], double value, const char *unit);

/* A duration for people: "12 ms", "3.4 s", "2 min 5 s". */
char *format_duration(char out[QUANTITY_TEXT], int64_t ns);

/* A relative change, "+2.31 %" for 1.0231; two significant digits after the
 * sign at least, "unknown" for NaN.  Above +1000 % it is the factor that is
 * told, "12.3 x". */
char *format_change(char out[QUANTITY_TEXT], double ratio);

/* Two that are read together: both as percentages or both as factors. */
void format_changes(char low_out[QUANTITY_TEXT], char high_out[QUANTITY_TEXT],
                    double low, double high);

/* The same as one text, the unit behind it: "-1.20 to +3.40 %". */
enum { INTERVAL_TEXT = 2 * QUANTITY_TEXT + 4 };
void format_interval(char out[INTERVAL_TEXT], double low, double high);

#endif
