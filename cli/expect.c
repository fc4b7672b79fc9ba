/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/expect.h"

#include <math.h>
#include <string.h>

#include "base/nearest.h"
#include "base/scope.h"
#include "cli/command_cases.h"

static const char id_prefix[] = "expect:";

bool is_expect_id(const char *id)
{
    return strncmp(id, id_prefix, sizeof id_prefix - 1) == 0;
}

static int no_case(const struct session *session, const struct expect_ratio *e,
                   const char *id, struct error *err)
{
    struct nearest nearest = {.word = id};

    for (size_t i = 0; i < session->catalog.n; i++)
        nearest_try(&nearest, session->catalog.item[i].id);
    SUITE_ERROR(err, session->suite, e->at,
                "expect names '%s', which no case is", id);
    if (nearest_found(&nearest))
        error_help(err, "did you mean '%s'?", nearest_found(&nearest));
    else
        error_help(err, "'tare list' shows the ids");
    return ERR_PARSE;
}

int expect_check(const struct session *session, struct error *err)
{
    const struct suite *suite = session->suite;

    if (session->programs_named || commands_given(&session->cli->options))
        return 0;
    for (size_t i = 0; i < suite->n_expects; i++)
        for (int k = 0; k < 2; k++)
            if (!catalog_find(&session->catalog, suite->expect[i].id[k]))
                return no_case(session, &suite->expect[i],
                               suite->expect[i].id[k], err);
    return 0;
}

static double confidence_of(const struct session *session)
{
    return 1 - session_alpha(session) / (double)session->suite->n_expects;
}

int expect_judge(struct session *session, const struct results *results,
                 struct expected **out, size_t *n, struct error *err)
{
    const struct suite *suite = session->suite;
    struct expected *all =
        arena_alloc(&session->arena, suite->n_expects, sizeof *all);
    int rc = all ? 0 : ERROR(err, ERR_NOMEM, "no memory for ratios");

    for (size_t i = 0; i < suite->n_expects && rc == 0; i++)
        rc =
            expected_judge(&suite->expect[i], results, results->n_occasions - 1,
                           confidence_of(session), &all[i], err);
    *out = all;
    *n = rc < 0 ? 0 : suite->n_expects;
    return rc;
}

enum cli_exit expect_status(const struct session *session,
                            const struct expected *all, size_t n)
{
    enum cli_exit worst = CLI_OK;

    for (size_t i = 0; i < n; i++) {
        if (all[i].outcome == EXPECTED_BROKEN)
            worst = cli_worst(worst, CLI_REGRESSED);
        if (all[i].outcome == EXPECTED_OPEN &&
            session->suite->gate.on_inconclusive == POLICY_FAIL)
            worst = cli_worst(worst, CLI_UNDECIDED);
    }
    return worst;
}

/* ---- in a gate */

static enum verdict verdict_of(enum expected_outcome outcome)
{
    return outcome == EXPECTED_BROKEN  ? VERDICT_REGRESSED
           : outcome == EXPECTED_HOLDS ? VERDICT_UNCHANGED
                                       : VERDICT_INCONCLUSIVE;
}

static int add_finding(struct contest *contest, const struct expected *e,
                       struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf words = {0};
    struct arena *arena = &contest->session->arena;
    struct finding f = {
        .id = arena_printf(arena, "%s%s:%s", id_prefix, e->wanted->id[0],
                           e->wanted->id[1]),
        .metric = e->wanted->metric,
        .unit = "1",
        .better = BETTER_NONE,
        .tags = "",
        .comparison = comparison_without(verdict_of(e->outcome), REASON_NONE),
    };

    expected_words(e, &words);
    f.message = arena_strdup(arena, strbuf_text(&words));
    if (!f.id || !f.message || words.failed)
        return ERROR(err, ERR_NOMEM, "no memory for a finding");
    return contest_add(contest, f, err);
}

int expect_contest(struct contest *contest, struct error *err)
{
    const struct results *sets[] = {contest->side[DUEL_NEW], contest->stored};
    int rc = 0;

    for (size_t s = 0; s < ARRAY_LEN(sets) && rc == 0; s++) {
        struct expected *all;
        size_t n;

        if (!sets[s])
            continue;
        rc = expect_judge(contest->session, sets[s], &all, &n, err);
        for (size_t i = 0; i < n && rc == 0; i++)
            if (all[i].outcome != EXPECTED_UNKNOWN)
                rc = add_finding(contest, &all[i], err);
    }
    return rc;
}
