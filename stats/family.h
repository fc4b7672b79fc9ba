/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the cases say together: the mean ratio of a suite or a tag, and whether
 * it was the machine that changed. */
#ifndef STATS_FAMILY_H
#define STATS_FAMILY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "stats/verdict.h"

struct family_mean {
    double ratio;     /* geometric mean; NaN without cases */
    double low, high; /* 0 and infinity when open */
    double confidence;
    bool open;       /* fewer than two cases */
    size_t n;        /* cases that took part */
    size_t left_out; /* ratios that were not positive and finite */
};

/* Geometric mean of the cases' ratios with a Student t interval over the cases
 * on logarithms: the cases are the sample, since what is asked is whether the
 * suite moved, not whether one case did.  confidence in 0..1, exclusive.
 * Returns 0 or ERR_INVAL.  Cost: O(n). */
int family_mean(const double *ratio, size_t n, double confidence,
                struct family_mean *out, struct error *err);

/* The ratio of one case as it was measured. */
struct family_case {
    double ratio;
    double low, high; /* its interval, at */
    double confidence;
    double df; /* degrees of freedom behind it: pairs - 1, n1 + n2 - 2 */
};

/* The same mean with an interval for these very cases: only the errors of their
 * measurements count, not that others might have been chosen.  The standard
 * error of a case is half its interval (on logarithms) over Student's quantile
 * at its confidence; they add up as those of independent measurements, with the
 * degrees of freedom of Satterthwaite, Biometrics Bulletin 2 (1946).  Open when
 * there is no case, or one without an interval.
 * confidence in 0..1, exclusive.  Returns 0 or ERR_INVAL.  Cost: O(n). */
int family_measured(const struct family_case *cases, size_t n,
                    double confidence, struct family_mean *out,
                    struct error *err);

/* The mean judged by a margin of its own: regressed or improved when the whole
 * interval lies beyond it, unchanged when inside, else inconclusive; always
 * inconclusive when open. */
enum verdict family_judge(const struct family_mean *mean, double margin,
                          enum better better);

struct family_moved {
    bool moved;     /* the machine changed, not the code */
    double cases;   /* median ratio of the cases; NaN without any */
    double anchors; /* median ratio of the anchors; NaN without any */
    double share;   /* of the cases that moved the anchors' way */
};

/* Whether most cases and the anchors moved together: the cases' median is off
 * by `least` (a fraction, 0.01) or more, three quarters of them (and 3 or more)
 * lie on its side of 1, and the anchors' median lies there too, at least half
 * as far (on logarithms).  Ratios are new/old of times; unusable ones are left
 * out.  Returns 0 or ERR_NOMEM.  Cost: O(n + m). */
int family_moved(const double *ratio, size_t n, const double *anchor, size_t m,
                 double least, struct family_moved *out, struct error *err);

#endif
