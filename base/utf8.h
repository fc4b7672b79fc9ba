/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Just enough UTF-8 (RFC 3629) to let no broken byte through a border. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the character that text begins with, 1 to 4, and its code point; 0,
 * with *code left alone, when it begins with no valid UTF-8 (overlong forms,
 * surrogates and values beyond U+10FFFF included) or is empty.  Never reads past
 * a NUL. */
size_t utf8_read(const char *text, uint32_t *code);

/* Its bytes alone. */
size_t utf8_length(const char *text);

/* Is all of the text valid UTF-8?  The empty text is. */
bool utf8_is_valid(const char *text);

/* Columns a text takes on a terminal: one per character, control characters
 * and broken bytes one each.  Wide characters are counted as one. */
size_t utf8_columns(const char *text);

#endif
