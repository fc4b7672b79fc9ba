/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a bisection found, for people and as JSON. */
#include <config.h>

#include "report/bisect.h"

#include <math.h>

#include "base/scope.h"
#include "tests/unit/report/golden.h"
#include "tests/unit/report/made_up.h"

#define HASH(c) c c c c c c c c c c c c c c c c c c c c

static struct comparison measured(enum verdict verdict, double ratio)
{
    struct comparison c = comparison_unknown();

    c.verdict = verdict;
    c.mode = COMPARE_INTERLEAVED;
    c.margin = 0.0101;
    c.ratio = ratio;
    c.low = ratio - 0.002;
    c.high = ratio + 0.002;
    c.confidence = 0.998;
    c.pairs = 18;
    return c;
}

static struct bisect_report made_up(struct bisect_step step[3])
{
    static const char *const skipped[] = {HASH("4d")};

    step[0] = (struct bisect_step){.revision = HASH("3c"),
                                   .subject = "Sort by " HOSTILE,
                                   .found = "good",
                                   .why = "",
                                   .comparison = measured(VERDICT_UNCHANGED, 1),
                                   .seconds = 2.5};
    step[1] =
        (struct bisect_step){.revision = HASH("5e"),
                             .subject = "Make it safer",
                             .found = "bad",
                             .why = "",
                             .comparison = measured(VERDICT_REGRESSED, 1.0205),
                             .seconds = 3.5};
    step[2] = (struct bisect_step){
        .revision = HASH("4d"),
        .subject = "Half of it",
        .found = "skipped",
        .why = "building '4d' failed with status 1: error: <b>",
        .comparison = comparison_unknown(),
        .seconds = 0.25};
    return (struct bisect_report){.suite = "shop",
                                  .id = HOSTILE,
                                  .metric = "time",
                                  .better = BETTER_LOWER,
                                  .good = HASH("3c"),
                                  .bad = HASH("6f"),
                                  .revisions = 7,
                                  .margin = 0.01,
                                  .ends = measured(VERDICT_REGRESSED, 1.0203),
                                  .step = step,
                                  .n_steps = 3,
                                  .outcome = BISECT_RANGE,
                                  .last_good = HASH("3c"),
                                  .first_bad = HASH("5e"),
                                  .subject = "Make it safer",
                                  .author = "A <b>",
                                  .date = "2026-11-22T10:00:00+00:00",
                                  .merged = "",
                                  .culprit =
                                      measured(VERDICT_REGRESSED, 1.0204),
                                  .skipped = skipped,
                                  .n_skipped = 1,
                                  .seed = 7,
                                  .wall_s = 12.5};
}

static void check_text(struct tare *t, const char *name,
                       const struct bisect_report *report, bool quiet)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    const struct text_style style = {.quiet = quiet};

    bisect_text(report, &style, &out);
    CHECK_GOLDEN(name, &out);
}

TARE_TEST(text_of_what_was_found)
{
    struct bisect_step step[3];
    struct bisect_report report = made_up(step);

    check_text(t, "bisect.txt", &report, false);
    report.n_skipped = 0;
    report.outcome = BISECT_FOUND;
    report.merged = "1a1a1a1a1a1a 2b2b2b2b2b2b";
    check_text(t, "bisect-merge.txt", &report, false);
    check_text(t, "bisect-quiet.txt", &report, true);
}

TARE_TEST(text_of_what_was_not_found)
{
    struct bisect_step step[3];
    struct bisect_report report = made_up(step);

    report.outcome = BISECT_SPREAD;
    check_text(t, "bisect-spread.txt", &report, false);
    report.n_steps = 1;
    report.outcome = BISECT_STOPPED;
    check_text(t, "bisect-stopped.txt", &report, false);
    report.outcome = BISECT_UNDECIDED;
    check_text(t, "bisect-undecided.txt", &report, true);
    report.ends = measured(VERDICT_INCONCLUSIVE, 1.008);
    check_text(t, "bisect-ends.txt", &report, false);
    report.n_steps = 0;
    report.outcome = BISECT_SAME;
    report.ends = measured(VERDICT_UNCHANGED, 1.001);
    check_text(t, "bisect-same.txt", &report, false);
}

TARE_TEST(json_of_a_bisection)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct bisect_step step[3];
    struct bisect_report report = made_up(step);

    bisect_json(&report, &out);
    CHECK_GOLDEN("bisect.json", &out);
}
