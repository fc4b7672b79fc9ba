/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A command ready to be executed: parameters replaced, paths settled.  It
 * travels as text from the coordinator to the worker that executes it. */
#ifndef ADAPT_RECIPE_H
#define ADAPT_RECIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "config/suite.h"

/* Words to execute; word[n] is NULL.  Empty: nothing to do. */
struct recipe_words {
    const char **word;
    size_t n;
};

/* Who says what became of an execution. */
enum recipe_judge {
    RECIPE_COMMAND = 0, /* its end and its output, by `expect` */
    RECIPE_GOOGLETEST,  /* else its report, see foreign.h */
    RECIPE_CTEST,
    RECIPE_PYTEST,
    RECIPE_TAP,
    RECIPE_GOOGLE_BENCHMARK,
    RECIPE_JUDGES
};

/* What a case of another harness needs besides; zeroed and empty for a command.
 *
 * pick     what the harness calls the case
 * report   words added behind `run`; "{}" in them stands for the file that
 *          receives the report
 * skip     why it is not to be run, "": it is
 * broken   why it cannot be run, "": it can
 * inverted, skip_exit, pass, fail, skips  of CTest: it is to exit with a
 *          status other than 0; the status that skips (0: none); expressions
 *          of which one in the output decides */
struct recipe_foreign {
    enum recipe_judge judge;
    const char *pick;
    struct recipe_words report;
    const char *skip, *broken;
    bool inverted;
    int64_t skip_exit;
    struct recipe_words pass, fail, skips;
};

#define RECIPE_NOT_FOREIGN .pick = "", .skip = "", .broken = ""

/* Strings are never NULL. */
struct recipe {
    const char *name; /* of the case in the worker, "c17": letters, digits */
    const char *id;   /* in the suite, for messages */
    bool is_test;
    const char *xfail; /* why a test is expected to fail, "" */
    struct recipe_words run;
    bool shell;                 /* `run` is sh -c TEXT: its start is shown */
    struct recipe_words before; /* untimed, ahead of each execution */
    struct recipe_words after;  /* untimed, behind each */
    struct recipe_words env;    /* "NAME=value" added to the worker's */
    const char *cwd;            /* "": where the worker is */
    struct stream in, out, err;
    struct expect_end expect;
    bool cold_cache;
    struct recipe_words cold; /* the files whose pages are dropped then */
    int64_t timeout_ns;       /* of each execution; above 0 */
    struct recipe_foreign foreign;
};

/* Append the text of a recipe. */
void recipe_print(const struct recipe *recipe, struct strbuf *out);

/* Read one recipe.
 *
 * name  of the text in errors
 * text  size bytes, as recipe_print() wrote them
 *
 * Strings live in the arena.  Returns 0, ERR_PARSE with the line, or ERR_NOMEM;
 * out is untouched on failure. */
int recipe_parse(const char *name, const char *text, size_t size,
                 struct arena *arena, struct recipe *out, struct error *err);

/* Where in a text of many recipes each begins, without reading them. */
struct recipe_piece {
    const char *text;
    size_t size;
    const char *name; /* in the arena */
    bool is_test;
};

/* Split a text of many.  The pieces point into it and live in the arena.
 * Returns 0, ERR_PARSE or ERR_NOMEM.  Cost: a search for line feeds. */
int recipe_split(const char *name, const char *text, size_t size,
                 struct arena *arena, struct recipe_piece **out, size_t *n,
                 struct error *err);

/* Append one word at the end; false when out of memory. */
bool recipe_words_add(struct arena *arena, struct recipe_words *words,
                      const char *word);

#endif
