/* SPDX-License-Identifier: MIT */
/* Fixtures: set up when the first case of their scope asks, wider scopes
 * first, torn down in reverse when the scope ends.
 *
 * What stands is one stack, ordered by scope because wide ones are set up
 * before narrow ones; leaving a scope pops it.  A forked child has its own copy
 * of the stack and pops only what it pushed. */
#ifndef BENCH_FIXTURE_H
#define BENCH_FIXTURE_H

#include "bench/context.h"

/* Set up what the case of b needs with a scope of `scope`, where TARE_PROGRAM
 * stands for all wider ones too.  Returns 0, or -1 with the outcome and the
 * message in b (failed or skipped); what was set up before stays. */
int tarei_fixture_enter(struct tare *b, enum tare_scope scope);

/* Tear down everything of this scope and of narrower ones.  A tear-down that
 * fails is noted in b, which may be NULL. */
void tarei_fixture_leave(struct tare *b, enum tare_scope scope);

/* What one process set up for all: its value, or why there is none. */
struct tarei_gift {
    enum tarei_outcome outcome;
    const char *value;   /* NULL is a value too */
    const char *message; /* unless it passed */
};

/* Set one fixture up, with what it needs, and return its value; NULL also with
 * the outcome and the message in b, where it could not be. */
const void *tarei_fixture_keep(struct tare *b, const char *name);

/* From now on the fixture stands, or has failed, with a copy of what another
 * process made.  Nothing is torn down for it here.  Returns 0, or -1 where
 * there is no such fixture of scope session, or it stands already. */
int tarei_fixture_give(const char *name, const struct tarei_gift *gift,
                       char problem[REGISTRY_TEXT]);

/* Tear down a fixture, and what was set up after it.  Failures are noted in
 * b. */
void tarei_fixture_drop(struct tare *b, const char *name);

/* Write the fixtures of scope session that a case needs, itself or through
 * others, into out: "dataset,server", what another needs before it.  What does
 * not fit is left out. */
void tarei_fixture_session(const struct tarei_case *item, char *out,
                           size_t size);

/* The end of the process: tear down everything that stands.  *problem becomes
 * "" or what failed. */
void tarei_fixture_end(char *problem, size_t size);

/* Look at all definitions: scopes, names that stand twice, needs that are
 * unknown, live shorter or go in a circle.  Returns 0 or -1. */
int tarei_fixture_check(char problem[REGISTRY_TEXT]);

/* Are all fixtures of a case defined?  Returns 0 or -1. */
int tarei_fixture_check_case(const struct tarei_case *item,
                             char problem[REGISTRY_TEXT]);

#endif
