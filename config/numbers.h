/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in files: decimal, C locale, nothing but finite values.
 *
 * The form is  -?digits[.digits][(e|E)[+-]digits]  and the whole text; no
 * blanks, no '+', no hexadecimal, no "inf" or "nan". */
#ifndef CONFIG_NUMBERS_H
#define CONFIG_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The double nearest to the text; false when it has another form or
 * overflows.  text needs a NUL behind its size bytes.
 * Cost: some 10 ns for up to 15 digits, 30 ns for a fraction of up to 19, else
 * that of strtod. */
bool number_parse(const char *text, size_t size, double *out);

/* A whole number without sign or fraction; false when it has another form or
 * exceeds 64 bits. */
bool number_parse_u64(const char *text, size_t size, uint64_t *out);

#endif
