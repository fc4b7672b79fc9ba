/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Concluding from relinked builds, and keeping it. */
#include <config.h>

#include "cli/layout.h"

#include <math.h>

#include "base/scope.h"
#include "store/verdicts.h"

/* The word that a stored floor has in place of a verdict. */
static const char floor_word[] = "layout";

static double size_of(double ratio)
{
    return fabs(log(ratio));
}

void layout_conclude(struct layout_case *c, size_t n_builds)
{
    const struct comparison *same = &c->trial[0].comparison;
    double low = 0, high = 0; /* build 0 against itself */

    c->compared = c->different = 0;
    for (size_t i = 1; i < n_builds; i++) {
        const struct comparison *m = &c->trial[i].comparison;
        double x = log(m->ratio);

        if (c->trial[i].failed[0] || !isfinite(x))
            continue;
        low = fmin(low, x);
        high = fmax(high, x);
        c->compared++;
        c->different +=
            m->verdict == VERDICT_REGRESSED || m->verdict == VERDICT_IMPROVED;
    }
    c->floor = c->compared ? exp(high - low) : NAN;
    c->noise = NAN;
    if (!c->trial[0].failed[0] && same->low > 0 && isfinite(same->high))
        c->noise = exp(fmax(size_of(same->low), size_of(same->high)));
}

int layout_store(const struct layout *layout, struct record *record,
                 struct error *err)
{
    SCOPED(free_scoped)
    struct stored_verdict *row = calloc(layout->n_cases + 1, sizeof *row);
    size_t n = 0;

    if (!record->store)
        return 0;
    if (!row)
        return ERROR(err, ERR_NOMEM, "no memory for verdicts");
    for (size_t i = 0; i < layout->n_cases; i++) {
        const struct layout_case *c = &layout->cases[i];

        if (!isfinite(c->floor))
            continue;
        row[n++] = (struct stored_verdict){
            .id = c->id,
            .metric = "time",
            .unit = "ns",
            .verdict = floor_word,
            .reason = "",
            .mode = "interleaved",
            .ratio = c->floor,
            .low = NAN,
            .high = NAN,
            .confidence = NAN,
            .p = NAN,
            .p_adjusted = NAN,
            .mde = c->noise,
            .margin = layout->margin,
            .pairs = (int64_t)c->compared + 1,
            .old_side = {.value = NAN},
            .new_side = {.value = NAN},
            .detail = "",
        };
    }
    return verdicts_put(record->store, record->run, row, n, err);
}

double layout_floor(const struct record *record, const char *machine_key,
                    const char *id)
{
    struct arena arena = {0};
    double *ratio, found = NAN;
    size_t n = 0;

    if (record->store &&
        verdicts_past(record->store, record->session->suite->name, id, "time",
                      machine_key, "interleaved", floor_word, 1, &arena, &ratio,
                      &n, NULL) == 0 &&
        n == 1)
        found = ratio[0];
    arena_clear(&arena);
    return found;
}
