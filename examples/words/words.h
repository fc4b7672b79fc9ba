/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stddef.h>

/* How many different words the text holds; words are separated by spaces. */
size_t count_words(const char *text, size_t size);
