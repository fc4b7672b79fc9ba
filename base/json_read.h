/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading JSON text (RFC 8259) into a tree: our own documents given back to
 * us, and those of other tools.  Nothing is repaired: what is not JSON is
 * refused with its place. */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

enum { JSON_READ_DEPTH = 64 }; /* levels of arrays and objects */

enum json_type {
    JSON_IS_NULL = 0,
    JSON_IS_BOOL,
    JSON_IS_NUMBER,
    JSON_IS_STRING,
    JSON_IS_ARRAY,
    JSON_IS_OBJECT,
};

struct json_value {
    enum json_type type;
    const char *key;  /* within an object, else NULL */
    const char *text; /* of a string, decoded, valid UTF-8; of a number as it
                       * is written; else "" */
    double number;    /* of a number; 1 and 0 for true and false */
    struct json_value *first, *next; /* elements or members, in order */
    size_t n;
    uint32_t line, column; /* from 1; columns in characters */
};

/* Read a document.
 *
 * name  of the source, for errors
 * text  size bytes, UTF-8 with or without a byte order mark; no NUL needed
 * out   receives the root; everything hangs in the arena and none of it in
 *       the text
 *
 * Returns 0, ERR_PARSE (also for bytes that are not UTF-8, half of a surrogate
 * pair, and U+0000 in a text), ERR_RANGE (nested deeper than JSON_READ_DEPTH,
 * a number beyond the range of a double) or ERR_NOMEM.
 * Cost: linear; about 100 bytes of the arena for each value. */
int json_read(const char *name, const char *text, size_t size,
              struct arena *arena, const struct json_value **out,
              struct error *err);

/* The member of an object; of a key that is there twice the last.  NULL when
 * there is none, or `object` is NULL or no object.  Cost: O(members). */
const struct json_value *json_get(const struct json_value *object,
                                  const char *key);

/* The text of a member that is a string, or `fallback`. */
const char *json_get_text(const struct json_value *object, const char *key,
                          const char *fallback);

/* The value of a member that is a number, or `fallback`. */
double json_get_number(const struct json_value *object, const char *key,
                       double fallback);

bool json_get_bool(const struct json_value *object, const char *key,
                   bool fallback);

#endif
