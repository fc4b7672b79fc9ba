/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "adapt/foreign_judge.h"

#include "adapt/foreign_kinds.h"

static foreign_judge_fn *const judges[RECIPE_JUDGES] = {
    [RECIPE_GOOGLETEST] = googletest_judge,
    [RECIPE_CTEST] = ctest_judge,
    [RECIPE_PYTEST] = pytest_judge,
    [RECIPE_GOOGLE_BENCHMARK] = gbench_judge,
    [RECIPE_TAP] = tap_judge,
};

int foreign_judge(const struct recipe *recipe,
                  const struct foreign_evidence *evidence, struct arena *arena,
                  struct foreign_verdict *out, struct error *err)
{
    struct foreign_verdict verdict = {.end = FOREIGN_PASSED};
    int rc =
        judges[recipe->foreign.judge](recipe, evidence, arena, &verdict, err);

    if (rc < 0)
        return rc;
    *out = verdict;
    return 0;
}

bool foreign_reads_output(const struct recipe *recipe)
{
    const struct recipe_foreign *f = &recipe->foreign;

    return f->judge == RECIPE_TAP || f->pass.n || f->fail.n || f->skips.n;
}
