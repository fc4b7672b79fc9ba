/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/matches.h"

#include <stdlib.h>
#include <string.h>

#include "cli/command_match.h"
#include "cli/fixtures.h"
#include "cli/foreign_cases.h"
#include "config/select.h"

static void settle(struct match *m, enum verdict verdict,
                   enum verdict_reason reason)
{
    m->mode = COMPARE_UNSET;
    m->settled = comparison_without(verdict, reason);
}

/* A match for a case of today, its subject and fingerprint known. */
static int add_now(struct contest *contest, const struct catalog_case *now,
                   struct match **out, struct error *err)
{
    struct session *session = contest->session;
    struct match *m = &contest->match[contest->n_matches];
    char hash[HASH_HEX];
    int rc = session_fingerprint(session, now, hash, err);

    if (rc < 0)
        return rc;
    *m = (struct match){
        .id = now->id,
        .now = now,
        .new = session_subject(session, now),
        .old_hash = "",
        .new_hash = arena_strdup(&session->arena, hash),
        .message = "",
    };
    if (!m->new || !m->new_hash)
        return ERROR(err, ERR_NOMEM, "no memory for a plan");
    contest->n_matches++;
    *out = m;
    return 0;
}

/* --- against a baseline --- */

static int by_id(const void *key, const void *element)
{
    return strcmp(key, ((const struct case_results *)element)->id);
}

static const struct case_results *find_before(const struct results *baseline,
                                              const char *id)
{
    return baseline->n_cases ? bsearch(id, baseline->cases, baseline->n_cases,
                                       sizeof *baseline->cases, by_id)
                             : NULL;
}

/* The kept program if it can be had; else the numbers will have to do. */
static int choose_mode(struct contest *contest, struct match *m,
                       struct error *err)
{
    enum gate_mode wish = contest->session->suite->gate.mode;
    const struct command_case *command =
        command_case_of(contest->session, m->now);
    struct error why = {0};
    int rc = ERR_EMPTY;

    m->mode = COMPARE_STORED;
    if (wish != GATE_STORED && m->before->hash[0])
        rc = command ? command_kept_subject(contest->session, m->before->hash,
                                            command, m->new, &m->old, &why)
                     : contest_kept_subject(contest, m->before->hash, m->id,
                                            m->new, &m->old, &why);
    if (rc == 0)
        m->mode = COMPARE_INTERLEAVED;
    else if (rc != ERR_EMPTY && rc != ERR_PARSE && rc != ERR_PEER) {
        if (err)
            *err = why;
        return rc;
    } else if (wish == GATE_INTERLEAVED) {
        settle(m, VERDICT_INCONCLUSIVE, REASON_NEEDS_OLD);
    }
    return 0;
}

static int match_before(struct contest *contest, struct match *m,
                        const struct case_results *before, struct error *err)
{
    m->before = before;
    if (!before) {
        settle(m, VERDICT_NEW, REASON_NONE);
        return 0;
    }
    m->old_hash = before->hash;
    if (before->version != m->now->said.version) {
        settle(m, VERDICT_INCOMPARABLE, REASON_VERSION);
        return 0;
    }
    if (before->hash[0] && strcmp(before->hash, m->new_hash) == 0) {
        settle(m, VERDICT_UNCHANGED, REASON_IDENTICAL);
        return 0;
    }
    return choose_mode(contest, m, err);
}

/* Is this id one of the programs that were asked for? */
static bool in_programs(const struct session *session, const char *id)
{
    size_t n = strcspn(id, "/");

    for (size_t i = 0; i < session->n_programs; i++)
        if (strlen(session->program[i].name) == n &&
            memcmp(session->program[i].name, id, n) == 0)
            return true;
    for (size_t i = 0; i < session->n_foreign; i++)
        if (strlen(session->foreign[i].config->name) == n &&
            memcmp(session->foreign[i].config->name, id, n) == 0)
            return true;
    return session->cli->options.n_operands == 0;
}

static void add_gone(struct contest *contest, const struct case_results *before)
{
    struct match *m = &contest->match[contest->n_matches++];

    *m = (struct match){.id = before->id,
                        .before = before,
                        .old_hash = before->hash,
                        .new_hash = "",
                        .message = ""};
    settle(m, VERDICT_GONE, REASON_NONE);
}

/* By the words of -k alone: the tags of a case that is gone are the baseline's. */
static bool is_wanted(const struct session *session,
                      const struct case_results *before)
{
    const struct options *options = &session->cli->options;
    struct selection selection = {.glob = options->ids.item,
                                  .n_globs = options->ids.n,
                                  .expr = session->tag_expr};

    /* contest_stored.h sees to set-ups and tear-downs. */
    return !is_fixture_id(before->id) && in_programs(session, before->id) &&
           selection_has(&selection, before->id, before->tags);
}

int matches_with_baseline(struct contest *contest,
                          const struct results *baseline, struct error *err)
{
    const struct session *session = contest->session;
    int rc = 0;

    for (size_t k = 0; k < session->n_selected && rc == 0; k++) {
        const struct catalog_case *now =
            &session->catalog.item[session->selected[k]];
        struct match *m;

        rc = add_now(contest, now, &m, err);
        if (rc == 0)
            rc = match_before(contest, m, find_before(baseline, now->id), err);
    }
    for (size_t i = 0; i < baseline->n_cases && rc == 0; i++)
        if (is_wanted(session, &baseline->cases[i]) &&
            !catalog_find(&session->catalog, baseline->cases[i].id))
            add_gone(contest, &baseline->cases[i]);
    return rc;
}

/* --- against programs --- */

static int match_command(struct contest *contest, struct match *m,
                         const struct opponents *opponents,
                         const struct command_case *now, struct error *err)
{
    struct session *session = contest->session;
    struct recipe *old = arena_alloc(&session->arena, 1, sizeof *old);
    struct error why = {0};
    char hash[HASH_HEX];
    int rc = old ? command_old_form(session, opponents, now, old, &why)
                 : ERROR(&why, ERR_NOMEM, "no memory for a command");

    if (rc == ERR_EMPTY) {
        settle(m, VERDICT_NEW, REASON_NONE);
        return 0;
    }
    if (rc == 0)
        rc = command_hash(session, old, hash, &why);
    if (rc < 0) {
        if (err)
            *err = why;
        return rc;
    }
    m->old_hash = arena_strdup(&session->arena, hash);
    if (!m->old_hash)
        return ERROR(err, ERR_NOMEM, "no memory for a plan");
    if (strcmp(hash, m->new_hash) == 0) {
        settle(m, VERDICT_UNCHANGED, REASON_IDENTICAL);
        return 0;
    }
    m->mode = COMPARE_INTERLEAVED;
    return command_subject_like(session, old, m->new,
                                opponents->command ? opponents->command->label
                                                   : now->label,
                                &m->old, err);
}

static int match_opponent(struct contest *contest, struct match *m,
                          const struct opponents *opponents, struct error *err)
{
    const struct command_case *command =
        command_case_of(contest->session, m->now);
    const struct catalog_case *old;

    if (command)
        return match_command(contest, m, opponents, command, err);
    old = opponents_find(opponents, m->now);
    if (!old) {
        settle(m, VERDICT_NEW, REASON_NONE);
        return 0;
    }
    m->old_hash = opponents->hash[old->program];
    if (old->said.version != m->now->said.version) {
        settle(m, VERDICT_INCOMPARABLE, REASON_VERSION);
    } else if (strcmp(m->old_hash, m->new_hash) == 0) {
        settle(m, VERDICT_UNCHANGED, REASON_IDENTICAL);
    } else {
        m->old = opponents_subject(contest->session, opponents, old, m->new);
        m->mode = COMPARE_INTERLEAVED;
        if (!m->old)
            return ERROR(err, ERR_NOMEM, "no memory for a plan");
    }
    return 0;
}

int matches_with_opponents(struct contest *contest,
                           const struct opponents *opponents, struct error *err)
{
    const struct session *session = contest->session;
    int rc = 0;

    for (size_t k = 0; k < session->n_selected && rc == 0; k++) {
        struct match *m;

        rc = add_now(contest, &session->catalog.item[session->selected[k]], &m,
                     err);
        if (rc == 0)
            rc = match_opponent(contest, m, opponents, err);
    }
    return rc;
}
