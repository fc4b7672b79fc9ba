/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading JSON in tests: a tree, and whether it fits a schema. */
#ifndef TESTS_UNIT_REPORT_JSON_TREE_H
#define TESTS_UNIT_REPORT_JSON_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/strbuf.h"

enum json_kind {
    JSON_NOTHING = 0, /* malformed */
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER,
    JSON_STRING,
    JSON_LIST,
    JSON_OBJECT,
};

struct json_node {
    enum json_kind kind;
    const char *key;  /* in an object */
    const char *text; /* of a string (escapes as they are) or a number */
    struct json_node *child, *next;
};

/* NULL when the text is no JSON. */
struct json_node *json_tree(struct arena *arena, const char *text);

/* The member of an object, or NULL. */
const struct json_node *json_member(const struct json_node *object,
                                    const char *key);

/* Does the document fit?  Knows what our schemas use: $ref within the file,
 * type, const, enum, properties, required, additionalProperties, items,
 * minimum 0.  Stricter than the standard: a member that no schema describes is
 * a fault.  Faults go to `why`, a line each. */
bool json_fits(const struct json_node *schema, const struct json_node *document,
               struct strbuf *why);

#endif
