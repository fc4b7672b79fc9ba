/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing cases: globs of ids (-k) and expressions over tags (-m).
 *
 * Expression:  or := and {"or" and};  and := not {"and" not};
 *              not := "not" not | "(" or ")" | TAG
 * A tag begins with a letter or '_' and goes on with letters, digits and
 * "_-.:"; `and`, `or` and `not` are no tags. */
#ifndef CONFIG_SELECT_H
#define CONFIG_SELECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "config/suite.h"

enum {
    SELECT_MAX_BYTES = 4096, /* of an expression */
    SELECT_MAX_DEPTH = 64,   /* of parentheses and `not`s */
};

struct tag_expr; /* opaque; lives in the arena it was parsed into */

/* Read an expression.
 *
 * name      of the option or file, for messages ("-m")
 * declared  tags that exist; NULL when any may be named
 *
 * Returns 0, ERR_USAGE with the column (and the nearest declared tag as help),
 * or ERR_NOMEM. */
int tag_expr_parse(struct arena *arena, const char *name, const char *text,
                   size_t size, const struct tags *declared,
                   const struct tag_expr **out, struct error *err);

/* tags: comma-separated, "" for none (as in struct case_results).  A NULL
 * expression holds for everything.  Cost: O(expression x tags). */
bool tag_expr_holds(const struct tag_expr *expr, const char *tags);

/* Whether a glob (fnmatch(3); '*' crosses '/') matches an id.  An id equal to
 * the pattern matches whatever brackets are in it, and a pattern without a '['
 * also matches an id whose part before "[key=value]" it matches.  Patterns
 * beyond SELECT_MAX_BYTES match nothing but their equal. */
bool id_matches(const char *glob, const char *id);

/* What -k, -m and plain ids of a command line select together: any of the
 * globs, and the expression.  A zeroed selection selects everything. */
struct selection {
    const char *const *glob;
    size_t n_globs;
    const struct tag_expr *expr; /* NULL for any */
};

bool selection_has(const struct selection *selection, const char *id,
                   const char *tags);

/* Whether a word can be the name of a tag. */
bool is_tag_name(const char *word);

#endif
