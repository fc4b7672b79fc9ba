/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading maps with fixed keys straight from events into structs, without a
 * tree between: for files of millions of values.
 *
 * Every reader finds the first event of its value in input->e, leaves the last
 * one there and returns 0, ERR_PARSE, ERR_RANGE or ERR_NOMEM with the place in
 * the error; the field it fills is untouched on failure. */
#ifndef CONFIG_FIELDS_H
#define CONFIG_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "config/events.h"

struct input {
    const char *file;      /* for messages */
    struct events *events; /* borrowed */
    struct arena *arena;   /* texts are copied into it; borrowed */
    struct error *err;
    size_t max_text; /* bytes of a text */
    size_t max_name; /* bytes of a key of a free map */
    struct event e;
};

/* A key of a map: how its value is read, and where it goes. */
struct field {
    const char *name;
    int (*read)(struct input *in, void *to);
    size_t offset; /* in the struct that the map describes */
    bool required;
};

enum { FIELDS_MAX = 32 }; /* of one map */

#define FAIL_AT(in, code, at_, ...)                                   \
    ERROR_AT((in)->err, (code), (in)->file, (at_).line, (at_).column, \
             __VA_ARGS__)
#define FAIL(in, code, ...) FAIL_AT(in, code, (in)->e.at, __VA_ARGS__)

int input_next(struct input *in);
int input_no_memory(struct input *in);

/* ERR_PARSE unless the event at hand is of this kind. */
int input_expect(struct input *in, enum event_kind kind);

/* "the key '...' stands here twice" */
int input_duplicate(struct input *in, const char *key);

/* A map whose keys are these fields, each at most once, into the struct `to`.
 */
int read_fields(struct input *in, const struct field *fields, size_t n,
                void *to);

/* One entry of such a map, its key at hand.  `seen` collects what was there;
 * fields_missing() then tells what was not, at the place of the map. */
int read_field(struct input *in, const struct field *fields, size_t n,
               unsigned *seen, void *to);
int fields_missing(struct input *in, const struct field *fields, size_t n,
                   unsigned seen, struct place at);

/* A list: `item` is called with the first event of each; `to` is handed on. */
int read_items(struct input *in, int (*item)(struct input *in, void *to),
               void *to);

/* A map with free keys: `entry` is called with the key at hand and consumes
 * key and value. */
int read_free_map(struct input *in, int (*entry)(struct input *in, void *to),
                  void *to);

/* Single values; `to` points to the type named. */
int read_text(struct input *in, void *to);   /* const char *, copied */
int read_name(struct input *in, void *to);   /* the same, short, not empty */
int read_bool(struct input *in, void *to);   /* bool: true, false */
int read_u64(struct input *in, void *to);    /* uint64_t */
int read_i64(struct input *in, void *to);    /* int64_t, 0 or more */
int read_amount(struct input *in, void *to); /* double, 0 or more */
int read_share(struct input *in, void *to);  /* double, 0 to 1 */

#endif
