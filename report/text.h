/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people: escaping of what programs say, colour, wrapping.
 *
 * Everything in report/ appends to a strbuf and prints nothing; out of memory
 * shows in its `failed`. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/strbuf.h"

/* How to write.  A zeroed style is plain text of any width. */
struct text_style {
    bool color;
    int columns;  /* of the terminal, 40 or more; 0 for no limit */
    bool verbose; /* every case and its details */
    bool quiet;   /* the outcome only */
};

enum paint {
    PAINT_NONE = 0,
    PAINT_BAD,  /* red */
    PAINT_GOOD, /* green */
    PAINT_WARN, /* yellow */
    PAINT_DIM,
    PAINT_STRONG,
};

/* One line from untrusted text: control characters, characters that turn the
 * direction of writing or take no room, and bytes that are not UTF-8 become
 * visible: "\n", "\x1b", "\u202e".  At most `max` bytes of the source are
 * shown, "..." behind them; 0 for no limit. */
void text_escape(struct strbuf *out, const char *untrusted, size_t max);

/* The same for text of several lines: newlines and tabs stay. */
void text_escape_lines(struct strbuf *out, const char *untrusted);

/* The same, each line beginning with `indent` blanks.  At most max_lines lines; how many were left out is said.
 * Ends with a newline unless nothing was written. */
void text_block(struct strbuf *out, const char *untrusted, int indent,
                int max_lines);

/* The same of the last max_lines: more is left out before them. */
void text_block_end(struct strbuf *out, const char *untrusted, int indent,
                    int max_lines);

/* The lines of a text that are not empty, each by itself, in the arena.  0 or
 * ERR_NOMEM. */
int text_split_lines(const char *text, struct arena *arena,
                     const char *const **out, size_t *n_out, struct error *err);

/* Append text as it is, in a colour where the style has any. */
void text_paint(struct strbuf *out, const struct text_style *style,
                enum paint paint, const char *text);

/* Text cut to `columns` with the middle left out, where names differ least:
 * "examples/zlib_i…10000]".  columns >= 3. */
void text_shorten(struct strbuf *out, const char *text, size_t columns);

/* Lines of words, each but the first indented by `indent` blanks, within the
 * style's columns; `at` is the column where writing stands.  Ends with a
 * newline. */
void text_wrap(struct strbuf *out, const struct text_style *style,
               enum paint paint, size_t at, int indent, const char *text);

/* "1 case", "2 cases": the noun takes an s. */
void text_count(struct strbuf *out, size_t n, const char *noun);

/* A share as a percentage, "1.3 %"; "unknown" for NaN, "open" for infinity. */
enum { SHARE_TEXT = 24 };
char *text_share(char out[SHARE_TEXT], double share);

#endif
