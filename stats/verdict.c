/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "stats/verdict.h"

#include <math.h>
#include <string.h>

static const char *const verdict_names[VERDICT_COUNT] = {
    [VERDICT_UNSET] = "",
    [VERDICT_REGRESSED] = "regressed",
    [VERDICT_IMPROVED] = "improved",
    [VERDICT_UNCHANGED] = "unchanged",
    [VERDICT_INCONCLUSIVE] = "inconclusive",
    [VERDICT_INCOMPARABLE] = "incomparable",
    [VERDICT_FAILED] = "failed",
    [VERDICT_NEW] = "new",
    [VERDICT_GONE] = "gone",
};

static const char *const reason_names[REASON_COUNT] = {
    [REASON_NONE] = "",
    [REASON_EQUIVALENT] = "equivalent",
    [REASON_SLOWER_WITHIN] = "slower-within-margin",
    [REASON_FASTER_WITHIN] = "faster-within-margin",
    [REASON_IDENTICAL] = "identical",
    [REASON_EXACT] = "exact",
    [REASON_BUDGET] = "budget",
    [REASON_NOT_CONFIRMED] = "not-confirmed",
    [REASON_DISTURBED] = "disturbed",
    [REASON_NEEDS_OLD] = "needs-old-program",
    [REASON_DRIFT] = "drift",
    [REASON_NO_STEADY] = "no-steady-state",
    [REASON_CONSTANT] = "constant",
    [REASON_TOO_FEW] = "too-few",
    [REASON_RESULT_CHANGED] = "result-changed",
    [REASON_VERSION] = "version",
    [REASON_UNIT] = "unit",
    [REASON_PARAMETERS] = "parameters",
    [REASON_MACHINE] = "machine",
    [REASON_METHOD] = "method",
    [REASON_NOT_A_NUMBER] = "not-a-number",
    [REASON_CRASHED] = "crashed",
    [REASON_TIMEOUT] = "timeout",
    [REASON_MISSING] = "missing",
    [REASON_LAYOUT_SUSPECT] = "layout-suspect",
    [REASON_MACHINE_MOVED] = "machine-moved",
    [REASON_WAIVED] = "waived",
};

static const char *const mode_names[] = {
    [COMPARE_UNSET] = "",
    [COMPARE_INTERLEAVED] = "interleaved",
    [COMPARE_STORED] = "stored",
    [COMPARE_EXACT] = "exact",
};

struct compare_policy compare_defaults(void)
{
    return (struct compare_policy){
        .margin = 0.02,
        .alpha = 0.01,
        .better = BETTER_LOWER,
        .max_explore = 64,
        .max_convict = 64,
    };
}

struct comparison comparison_unknown(void)
{
    return (struct comparison){
        .margin = NAN,
        .ratio = NAN,
        .low = NAN,
        .high = NAN,
        .confidence = NAN,
        .p = NAN,
        .p_adjusted = NAN,
        .mde = NAN,
        .layout_floor = NAN,
        .bound = NAN,
        .ratio_clean = NAN,
        .ratio_total = NAN,
        .old_side = {.value = NAN},
        .new_side = {.value = NAN},
    };
}

struct comparison comparison_without(enum verdict verdict,
                                     enum verdict_reason reason)
{
    struct comparison c = comparison_unknown();

    c.verdict = verdict;
    c.reason = reason;
    return c;
}

const char *verdict_name(enum verdict verdict)
{
    return verdict_names[verdict];
}

const char *reason_name(enum verdict_reason reason)
{
    return reason_names[reason];
}

const char *mode_name(enum compare_mode mode)
{
    return mode_names[mode];
}

enum verdict verdict_parse(const char *word)
{
    for (int v = 1; v < VERDICT_COUNT; v++)
        if (!strcmp(word, verdict_names[v]))
            return (enum verdict)v;
    return VERDICT_UNSET;
}

double compare_worse(enum better better)
{
    return better == BETTER_HIGHER ? -1 : 1;
}
