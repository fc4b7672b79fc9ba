/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Old against new over a whole suite: who meets whom, how, and what came of
 * it.  `gate` and `compare` differ in where the old side comes from and in what
 * the exit status is. */
#ifndef CLI_CONTEST_H
#define CLI_CONTEST_H

#include "cli/progress.h"
#include "cli/record.h"
#include "cli/session.h"
#include "report/gate.h"
#include "runner/measure/duel.h"
#include "stats/verdict.h"

/* One case, from either side. */
struct match {
    const char *id;
    const struct catalog_case *now;    /* NULL: gone */
    const struct case_results *before; /* stored numbers, NULL: none */
    const struct subject *old, *new;   /* NULL where there is no program */
    const char *old_hash, *new_hash;   /* "" unknown */
    enum compare_mode mode;            /* UNSET: settled without measuring */
    struct comparison settled;         /* then */
    const char *message;               /* why, for what failed; "" */
    struct duel_case *duel;            /* mode interleaved */
    size_t duel_index;                 /* its case in `side` */
};

/* One judged metric of one case: a line of the report. */
struct finding {
    const char *id, *metric, *unit, *tags;
    enum better better;
    struct comparison comparison;
    const struct waiver *waiver;   /* that covers a regression, or NULL */
    const char *message;           /* "" */
    const struct pair_value *pair; /* comparison's pairs, for -v; or NULL */
    size_t n_pairs;
    size_t n_excluded; /* pairs of which a process did not stay in its place */
    double spent_s;
};

struct contest {
    struct session *session; /* borrowed */
    struct match *match;
    size_t n_matches;
    struct results *side[WIRE_SIDES]; /* what was measured now; owned */
    struct results *stored; /* measured to compare with stored numbers; owned,
                             * NULL when there was no need */
    struct duel_case *duels;
    size_t n_duels;
    struct finding *finding;
    size_t n_findings;
    struct gate_mean *mean; /* geometric means, the suite first */
    size_t n_means;
    bool brief;   /* set by the caller: without anchors, which only say
                   * something between occasions */
    double moved; /* ratio by which most cases and the anchors moved; NaN */
    struct record record;
    struct progress progress;
    double wall_s;
    bool interrupted;
};

/* Make room for n matches; contest_clear() on every path. */
int contest_init(struct contest *contest, struct session *session, size_t n,
                 struct error *err);
void contest_clear(struct contest *contest);

/* How command line and tare.yaml want two programs compared. */
struct duel_settings contest_settings(const struct session *session);

/* Measure every match whose mode is COMPARE_INTERLEAVED, and turn all matches
 * into findings.  session_place() was done.  An interruption sets
 * `interrupted` and is no error. */
int contest_run(struct contest *contest, enum run_kind kind, struct error *err);

/* Add a finding (copied); a waiver that covers it is looked up.  ERR_NOMEM. */
int contest_add(struct contest *contest, struct finding f, struct error *err);

/* What all findings together mean: 1, 3, 5, 4 or 0 by the policies of the
 * suite; 130 when interrupted. */
enum cli_exit contest_status(const struct contest *contest);

/* Margin, alpha and rules of the command line and tare.yaml for a metric. */
bool contest_judged(void *session, const char *id, const char *metric,
                    enum better better, struct compare_policy *policy);

/* The subject that runs a case of a kept program; verified against what it
 * maps when it runs.  ERR_EMPTY when it is not kept. */
int contest_kept_subject(struct contest *contest, const char *hash,
                         const char *id, const struct subject *like,
                         const struct subject **out, struct error *err);

#endif
