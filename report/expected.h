/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ratios between cases that tare.yaml expects: did they come out so? */
#ifndef REPORT_EXPECTED_H
#define REPORT_EXPECTED_H

#include "base/json.h"
#include "config/suite.h"
#include "report/run.h"

enum expected_outcome {
    EXPECTED_UNKNOWN = 0, /* one of the two was not measured */
    EXPECTED_HOLDS,       /* the interval lies between the bounds */
    EXPECTED_BROKEN,      /* it lies beyond one of them */
    EXPECTED_OPEN,        /* it covers one: more invocations would tell */
};

struct expected {
    const struct expect_ratio *wanted; /* borrowed */
    enum expected_outcome outcome;
    struct run_ratio ratio; /* unless unknown */
};

/* Judge one expectation by results.
 *
 * confidence  of the interval: the chance that it is beyond a bound by noise
 *             alone is half of what is left
 *
 * 0 or ERR_NOMEM. */
int expected_judge(const struct expect_ratio *wanted,
                   const struct results *results, size_t occasion,
                   double confidence, struct expected *out, struct error *err);

/* "0.520, 0.501 to 0.540 at 99 %; expected between 0.4 and 0.6". */
void expected_words(const struct expected *e, struct strbuf *out);

/* A line of text, and an object. */
void expected_text(const struct expected *e, const struct text_style *style,
                   struct strbuf *out);
void expected_json(const struct expected *e, struct json *json);

#endif
