/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a report says of a run that measured benchmarks side by side. */
#ifndef REPORT_BESIDE_H
#define REPORT_BESIDE_H

#include "base/json.h"
#include "report/table.h"
#include "runner/measure/interference.h"

/* How one case was measured. */
enum beside_how {
    BESIDE_ALONE = 0,    /* nothing else was measured meanwhile */
    BESIDE_OTHERS,       /* beside neighbours */
    BESIDE_INTERFERENCE, /* alone: it was not cleared of interference */
    BESIDE_THREADS,      /* alone: it needs more than one worker's core */
};

struct beside_case {
    enum beside_how how;
    struct interference_case seen;
};

/* case_  of each of the results; those behind the last were not measured so */
struct beside {
    size_t workers;
    bool trusted; /* nothing was checked, as the user wished */
    double margin;
    const struct beside_case *case_;
    size_t n;
};

/* A note below a case in the table, where there is something to say. */
void beside_note(struct table *table, const struct beside *beside, size_t i);

/* "2 workers side by side; 16 of 40 checked for interference, 3 ran alone". */
void beside_summary(const struct beside *beside, struct strbuf *out);

/* The member "side_by_side" of the document, null without one. */
void beside_json(const struct beside *beside, struct json *json);

/* Members "beside" and "interference" of a case. */
void beside_case_json(const struct beside *beside, size_t i, struct json *json);

#endif
