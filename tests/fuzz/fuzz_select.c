/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Four lines: an expression, tags, a glob, an id.  Negation negates, a group
 * changes nothing, an id matches itself and "*". */
#include <config.h>

#include <string.h>

#include "config/select.h"
#include "tests/fuzz/target.h"

enum { LINES = 4, ROOM = SELECT_MAX_BYTES * 2 };

/* The n-th line as a string; what does not fit or stops at a NUL is cut. */
static void take_line(const uint8_t **data, size_t *size, char *out)
{
    const uint8_t *end = *size ? memchr(*data, '\n', *size) : NULL;
    size_t n = end ? (size_t)(end - *data) : *size;
    size_t kept = n < ROOM - 1 ? n : ROOM - 1;

    if (kept)
        memcpy(out, *data, kept);
    out[kept] = '\0';
    n += end != NULL;
    *data += n;
    *size -= n;
}

static const struct tag_expr *parse(struct arena *arena, const char *text)
{
    const struct tag_expr *e = NULL;
    struct error err = {0};
    int rc = tag_expr_parse(arena, "-m", text, strlen(text), NULL, &e, &err);

    MUST((rc == 0) == (e != NULL));
    MUST(rc == (int)err.code && (rc == 0) == (*err.text == '\0'));
    MUST(rc == 0 || err.column <= strlen(text) + 1);
    return e;
}

static void check_expr(const char *text, const char *tags)
{
    char other[ROOM + 16];
    struct arena arena = {0};
    const struct tag_expr *e = parse(&arena, text), *group, *negated;

    if (e) {
        snprintf(other, sizeof other, "(%s)", text);
        group = parse(&arena, other);
        snprintf(other, sizeof other, "not (%s)", text);
        negated = parse(&arena, other);
        MUST(!group || tag_expr_holds(group, tags) == tag_expr_holds(e, tags));
        MUST(!negated ||
             tag_expr_holds(negated, tags) != tag_expr_holds(e, tags));
    }
    arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char line[LINES][ROOM];

    for (int i = 0; i < LINES; i++)
        take_line(&data, &size, line[i]);
    check_expr(line[0], line[1]);
    id_matches(line[2], line[3]);
    MUST(id_matches(line[3], line[3]));
    MUST(strlen(line[3]) >= SELECT_MAX_BYTES || id_matches("*", line[3]));
    return 0;
}
