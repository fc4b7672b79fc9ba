/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measuring the selected benchmarks, stored as they come: what `run`, `baseline
 * save` and a gate against stored numbers have in common. */
#ifndef CLI_MEASURE_H
#define CLI_MEASURE_H

#include "cli/record.h"
#include "cli/session.h"
#include "report/beside.h"
#include "runner/machine/disturbance.h"

struct measured_suite {
    struct results *results; /* one occasion; owned */
    struct record record;    /* begun; the caller ends it */
    double wall_s;
    bool interrupted;
    size_t n_failed;           /* cases that could not be measured */
    struct disturbance during; /* of the CPUs measured on, over all of it */
    struct beside *beside;     /* in the session's arena; NULL: not done so */
};

/* Measure session->selected.  session_place() was done.  Nothing is lost by an
 * interruption: it sets `interrupted` and is no error.
 *
 * out  ended with measured_suite_clear(), also after an error */
int measure_suite(struct session *session, enum run_kind kind,
                  struct measured_suite *out, struct error *err);

/* Measure session->selected once more into results and a record that the
 * caller began; sets interrupted and n_failed. */
int measure_selected(struct session *session, struct measured_suite *suite,
                     struct error *err);

void measured_suite_clear(struct measured_suite *suite);

/* 130, 3 or 0 by what was measured. */
enum cli_exit measured_suite_status(const struct measured_suite *suite);

/* A place in words for a report: "core 1". */
const char *session_place_words(struct session *session);

#endif
