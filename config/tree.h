/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A YAML document as a tree that keeps the place of every node and the text of
 * every value.  For files that people write; config/fields.h is for large ones.
 */
#ifndef CONFIG_TREE_H
#define CONFIG_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "config/place.h"

enum node_kind {
    NODE_TEXT = 0,
    NODE_LIST,
    NODE_MAP,
};

struct node {
    enum node_kind kind;
    bool quoted;         /* a text in quotes or as a block */
    const char *text;    /* of NODE_TEXT, never NULL; else NULL */
    struct node *item;   /* of NODE_LIST: n of them */
    struct entry *entry; /* of NODE_MAP: n, in the order of the file */
    size_t n;
    struct place at;
};

struct entry {
    const char *key;
    struct place at; /* of the key */
    struct node value;
};

/* Read a document of at most max_bytes and max_depth levels; all of it lives in
 * the arena.  Keys are texts, and no map has a key twice.
 *
 * Returns 0, ERR_PARSE, ERR_RANGE or ERR_NOMEM.
 * Cost: O(size log size); memory some 60 times the size at worst. */
int tree_parse(const char *file, const char *text, size_t size,
               size_t max_bytes, int max_depth, struct arena *arena,
               struct node *out, struct error *err);

/* "a list", "a map of keys", "text", "nothing", for messages. */
const char *node_kind_name(const struct node *node);

/* Whether nothing was written: an empty text without quotes. */
bool node_is_empty(const struct node *node);

#endif
