/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One fixture at one place, from set-up to tear-down: what fixtures.c and
 * fixture_one.c share.  Internal to this folder. */
#ifndef ADAPT_FIXTURE_ONE_H
#define ADAPT_FIXTURE_ONE_H

#include "adapt/fixtures.h"
#include "adapt/recipe.h"
#include "runner/process/capture.h"
#include "runner/process/slot.h"

enum one_phase {
    ONE_NEW = 0,  /* waits for what it needs */
    ONE_SETTING,  /* its set-up runs */
    ONE_BECOMING, /* its server runs; whether it is ready is asked */
    ONE_UP,
    ONE_TEARING,  /* its tear-down runs */
    ONE_STOPPING, /* its server was told to end */
    ONE_DOWN,
    ONE_BAD, /* could not be set up; nothing of it runs */
};

struct one {
    const struct fixture *fixture;
    struct slot *slot;
    size_t place;
    long program;
    struct one **needs;
    size_t n_needs;
    struct one *before; /* the same of an earlier case, to be over first */
    size_t wanted;      /* by so many sets */
    bool leaving;       /* to be torn down once nobody needs it */
    enum one_phase phase;
    bool skips;          /* ONE_BAD: because it said so */
    bool complained;     /* its tear-down went wrong: see message */
    const char *message; /* of ONE_BAD, or of the tear-down; in the arena */

    struct recipe_words exports; /* "NAME=value" */
    char **env;                  /* of its commands */

    struct child *step;   /* set-up, or tear-down */
    struct child *until;  /* asks whether it is ready */
    struct child *server; /* in the background */
    struct capture said, asked, log;
    int64_t began_ns, deadline_ns, next_ns;
    int64_t setup_ns;
    struct arena arena;
    struct one *next;
};

/* Go on with one; *moved is set when something changed.  Returns 0, ERR_SYS or
 * ERR_NOMEM; that a command of it failed is no error. */
int one_step(struct fixtures *fixtures, struct one *one, bool *moved,
             struct error *err);

/* Is a process of it alive, or will one be started? */
bool one_is_busy(const struct one *one);

/* Kill what lives of it, and free it. */
void one_free(struct fixtures *fixtures, struct one *one);

/* Does anybody who is not down need it? */
bool fixtures_needed(const struct fixtures *fixtures, const struct one *one);

#endif
