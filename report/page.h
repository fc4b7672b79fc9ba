/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The web page as dashboard/ builds it, in the program. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <stddef.h>

/* One HTML document without data; size 0 in a program that was configured
 * without it. */
extern const char page_text[];
extern const size_t page_size;

#endif
