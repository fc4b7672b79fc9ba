/* SPDX-License-Identifier: MIT */
/* One message of the wire protocol as text (docs/protocol.md): a verb, then
 * lines key=value.  Reading trusts nothing, writing repairs what cannot be
 * sent: bytes that are not UTF-8 and control characters other than line feed
 * and tab become '?'. */
#ifndef BENCH_MESSAGE_H
#define BENCH_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "bench/wire.h"

enum { MESSAGE_FIELDS = 32 };

/* ---- reading */

struct tarei_field {
    const char *key;
    const char *value;
};

struct tarei_message {
    const char *verb;
    struct tarei_field field[MESSAGE_FIELDS];
    size_t n;
};

/* Parse in place: bytes (size of them and one writable byte behind) are
 * rewritten, and out points into them.  Returns NULL, or what is wrong as a
 * static string with out untouched.  Fields beyond MESSAGE_FIELDS are an
 * error. */
const char *tarei_message_parse(char *bytes, size_t size,
                                struct tarei_message *out);

/* The value, or NULL. */
const char *tarei_message_get(const struct tarei_message *m, const char *key);

/* A decimal number from low to high.  Returns 0, or -1 with *out untouched
 * when there is no such key or no such number. */
int tarei_message_int(const struct tarei_message *m, const char *key,
                      int64_t low, int64_t high, int64_t *out);

/* ---- writing */

/* A message being made.  What does not fit is left out, whole lines at a
 * time, except for the values of tarei_out_text(), which are shortened. */
struct tarei_out {
    size_t size;
    char bytes[WIRE_MESSAGE_MAX];
};

void tarei_out_begin(struct tarei_out *out, const char *verb);

/* value may be NULL: then nothing is added. */
void tarei_out_text(struct tarei_out *out, const char *key, const char *value);

/* The end of size bytes, as much of it as fits. */
void tarei_out_tail(struct tarei_out *out, const char *key, const char *bytes,
                    size_t size);

void tarei_out_int(struct tarei_out *out, const char *key, int64_t value);

/* Shortest of %.15g, %.16g and %.17g that reads back as value, in the C locale
 * whatever the program's is.  value is finite. */
void tarei_out_double(struct tarei_out *out, const char *key, double value);

/* Nanoseconds as seconds, exactly. */
void tarei_out_seconds(struct tarei_out *out, const char *key, int64_t ns);

/* Send a packet.  A reader that is gone shows at the next read. */
void tarei_send(int control, const char *bytes, size_t size);

#endif
