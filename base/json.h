/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing JSON text (RFC 8259), indented, in the order of the calls.
 *
 * A zeroed writer with `out` set is ready.  Keys and strings are escaped; bytes
 * that are not UTF-8 become U+FFFD.  A number that is not finite is written as
 * null: a figure that cannot be known is unknown, never 0. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"

enum { JSON_DEPTH = 32 };

struct json {
    struct strbuf *out; /* borrowed */
    int depth;
    bool has_items[JSON_DEPTH]; /* something stands at this depth already */
    bool flat[JSON_DEPTH];      /* written on one line */
    bool after_key;
};

void json_object(struct json *json); /* { */
void json_object_end(struct json *json);
void json_array(struct json *json);     /* [, on one line: for numbers */
void json_list(struct json *json);      /* [, an item a line: for objects */
void json_array_end(struct json *json); /* ends either */
void json_key(struct json *json, const char *key);
void json_string(struct json *json, const char *text); /* NULL writes null */
void json_double(struct json *json, double value);
void json_int(struct json *json, int64_t value);
void json_bool(struct json *json, bool value);
void json_null(struct json *json);

/* A value that is JSON text already; spaces at its end are left out. */
void json_raw(struct json *json, const char *text);

/* Key and value in one call. */
void json_set_string(struct json *json, const char *key, const char *text);
void json_set_double(struct json *json, const char *key, double value);
void json_set_int(struct json *json, const char *key, int64_t value);
void json_set_bool(struct json *json, const char *key, bool value);

#endif
