/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much the layout alone changes: the same objects, linked in other orders
 * and compared as old and new are. */
#ifndef CLI_LAYOUT_H
#define CLI_LAYOUT_H

#include "cli/record.h"
#include "cli/relink.h"
#include "report/text.h"
#include "stats/verdict.h"

/* A build against the first one. */
struct layout_trial {
    struct comparison comparison;
    const char *failed; /* why it could not be measured, "" */
};

struct layout_case {
    const char *id;
    /* [builds]: 1.. against build 0; 0 is build 0 against itself, what
     * measuring adds */
    struct layout_trial *trial;
    double floor;     /* largest ratio of two of the builds, 1 or more; NaN when
                   * none could be measured */
    double noise;     /* the same of what is no change: the farther end of the
                   * interval of build 0 against itself; NaN unknown */
    size_t different; /* builds convicted by the rule of gate and compare */
    size_t compared;  /* builds but the first that could be measured */
};

struct layout {
    const char *program;
    const char *place; /* "CPU 1" */
    struct relinked *build;
    size_t n_builds;
    struct layout_case *cases;
    size_t n_cases;
    double margin, alpha;
    uint64_t seed;
    double wall_s;
    int64_t run; /* stored as, 0 when not */
    bool interrupted;
};

/* The first half: one program was chosen (session_programs()) and its cases were
 * selected; take margin, alpha and the number of builds from options and suite,
 * and make the builds.  Errors as relink(). */
int layout_relink(struct session *session, struct layout *layout,
                  struct error *err);

/* The second: placed, every selected case of every build meets build 0, and the
 * floors are stored.  An interruption sets `interrupted` and is no error. */
int layout_measure(struct session *session, struct layout *layout,
                   struct error *err);

/* From the trials: floor, noise and counts of a case. */
void layout_conclude(struct layout_case *c, size_t n_builds);

void layout_text(const struct layout *layout, const struct text_style *style,
                 struct strbuf *out);
void layout_json(const struct layout *layout, struct strbuf *out);

/* Keep the floors with the run, and find the newest of a case for this machine:
 * the ratio, NaN when there is none.  A store that is missing or cannot be read
 * has none. */
int layout_store(const struct layout *layout, struct record *record,
                 struct error *err);
double layout_floor(const struct record *record, const char *machine_key,
                    const char *id);

#endif
