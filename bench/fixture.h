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
