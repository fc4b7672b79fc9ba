/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of tare_pytest.py, made a C array by the build. */
#ifndef ADAPT_TARE_PYTEST_H
#define ADAPT_TARE_PYTEST_H

#include <stddef.h>

extern const char tare_pytest_text[]; /* with a NUL behind it */
extern const size_t tare_pytest_size; /* without the NUL */

#endif
