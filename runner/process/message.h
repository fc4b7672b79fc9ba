/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message of the wire protocol as text: a verb, then lines key=value
 * (docs/protocol.md).  Reading trusts nothing. */
#ifndef RUNNER_PROCESS_MESSAGE_H
#define RUNNER_PROCESS_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"

enum { MESSAGE_FIELDS_MAX = 64 };

struct message_field {
    const char *key;   /* [a-z0-9_]+ */
    const char *value; /* unescaped UTF-8 without NUL */
};

struct message {
    const char *verb; /* [a-z_]+ */
    struct message_field field[MESSAGE_FIELDS_MAX];
    size_t n;
};

/* Parse in place: `bytes` (size of them, and one writable byte behind) are
 * rewritten, and the message points into them.  A value whose bytes are not
 * UTF-8 is an error: who prints what a program printed repairs it first.
 *
 * name  what to call the sender in errors
 *
 * Returns 0 or ERR_PARSE; out is untouched on failure. */
int message_parse(const char *name, char *bytes, size_t size,
                  struct message *out, struct error *err);

/* The value, or NULL when there is no such key. */
const char *message_get(const struct message *message, const char *key);

/* The value, "" when there is no such key. */
const char *message_text(const struct message *message, const char *key);

/* A decimal number within [low, high]; `fallback` when there is no such key.
 * Returns 0 or ERR_PARSE. */
int message_int(const struct message *message, const char *key, int64_t low,
                int64_t high, int64_t fallback, int64_t *out,
                struct error *err);

/* A finite number; `fallback` when there is no such key.  Returns 0 or
 * ERR_PARSE. */
int message_double(const struct message *message, const char *key,
                   double fallback, double *out, struct error *err);

/* Begin a message, and add a line to it with the value escaped. */
void message_begin(struct strbuf *out, const char *verb);
void message_add(struct strbuf *out, const char *key, const char *value);
void message_add_int(struct strbuf *out, const char *key, int64_t value);

#endif
