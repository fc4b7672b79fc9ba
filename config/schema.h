/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maps with known keys into structs, driven by tables.
 *
 * A table says for each key how its value is read, where it goes, its range and
 * its default, written as a user would write it, so that defaults take the same
 * way as values.  The manual is checked against the tables.
 *
 * Every reader returns 0, ERR_PARSE, ERR_RANGE or ERR_NOMEM; messages begin
 * with the key ("margin: expected ..., not '...'"). */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "config/tree.h"

struct reader {
    const char *file;    /* for messages */
    struct arena *arena; /* of the result; borrowed */
    struct error *err;
};

struct key;

typedef int key_read(const struct reader *r, const struct node *node,
                     const struct key *key, void *to);

struct schema {
    const struct key *key;
    size_t n;
};

struct key {
    const char *name;
    key_read *read;
    size_t offset;               /* of the field in its struct */
    const char *value;           /* default; NULL leaves the field zero */
    const void *rule;            /* what `read` needs besides, see there */
    const struct schema *schema; /* of the keys below this one, or NULL */
    bool required;
};

#define SCHEMA(keys)                           \
    {                                          \
        (keys), sizeof(keys) / sizeof(*(keys)) \
    }

/* Fill a struct from a map; an empty node is an empty map.  The struct is set
 * to its defaults first, fields without one stay as they are. */
int schema_read(const struct reader *r, const struct node *node,
                const struct schema *schema, void *to);

/* Only the defaults. */
int schema_defaults(const struct reader *r, const struct schema *schema,
                    void *to);

/* ERR_PARSE: "KEY: expected WHAT, not 'TEXT'" or "..., found a list". */
int schema_expected(const struct reader *r, const struct node *node,
                    const struct key *key, const char *what);

int schema_no_memory(const struct reader *r);

/* ---- readers.  `to` is the field.  `rule` is given in brackets; it may be
 * NULL where that is said. */

/* const char *, copied.  [struct text_rule; NULL takes any text] */
struct text_rule {
    const char *what; /* "a name without blanks", for messages */
    bool (*is_valid)(const char *text);
};
key_read read_string;

/* bool: true or false. */
key_read read_truth;

/* int64_t.  [struct int_rule] */
struct int_rule {
    int64_t low, high;
    const char *word; /* stands for word_value; NULL for none */
    int64_t word_value;
};
key_read read_integer;

/* int64_t nanoseconds.  [struct int_rule, low and high in ns] */
key_read read_period;

/* double, a share ("2%", "0.02").  [struct ratio_rule] */
struct ratio_rule {
    double low, high;
    const char *word; /* stands for -1; NULL for none */
};
key_read read_ratio;

/* An enum whose values are 0, 1, ... in the order of the words.
 * [struct choice] */
struct choice {
    const char *const *word;
    size_t n;
};
key_read read_choice;

/* struct words: a list of texts, or one text.  [struct text_rule or NULL] */
key_read read_words;

/* A struct inside; key->schema describes it. */
key_read read_section;

/* An array of structs and its length.  [struct list_rule] */
struct list_rule {
    size_t item_size;
    size_t count; /* offset of the size_t length from the array pointer */
    size_t at;    /* offset of the struct place in an item */
    size_t max;   /* items */
    bool one;     /* a single map stands for a list of one */
};
/* A list of maps; key->schema describes one. */
key_read read_structs;

/* The same from a map NAME: VALUE.  [struct map_rule] */
struct map_rule {
    struct list_rule list;
    size_t name;             /* offset of the const char * name in an item */
    struct text_rule names;  /* what can be a name */
    const struct key *value; /* how a value is read into an item; its schema is
                              * the key's */
};
key_read read_struct_map;

#endif
