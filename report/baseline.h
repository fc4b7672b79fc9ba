/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What baselines hold. */
#ifndef REPORT_BASELINE_H
#define REPORT_BASELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/results.h"
#include "base/strbuf.h"
#include "report/text.h"
#include "stats/estimate.h"

/* A baseline as it was read. */
struct baseline_item {
    const char *name;
    const char *path;
    const struct results *results;
    bool here; /* its newest occasion is of this machine */
};

/* A line each: name, cases, occasions, newest date and revision, machine. */
void baselines_text(const struct baseline_item *item, size_t n,
                    const struct text_style *style, struct strbuf *out);

/* One baseline: where it is from, and the value of each case on each occasion
 * (`verbose`: of each metric).  Returns 0 or ERR_NOMEM. */
int baseline_text(const struct baseline_item *item,
                  const struct estimate_policy *policy,
                  const struct text_style *style, struct strbuf *out,
                  struct error *err);

/* "tare/baseline/1", docs/schema/baseline.json.  With `cases`, each with the
 * figures of its metrics by occasion; else their number alone.  Returns 0 or
 * ERR_NOMEM. */
int baselines_json(const struct baseline_item *item, size_t n, bool cases,
                   const struct estimate_policy *policy, struct strbuf *out,
                   struct error *err);

#endif
