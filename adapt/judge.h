/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Did an execution end as its recipe expects? */
#ifndef ADAPT_JUDGE_H
#define ADAPT_JUDGE_H

#include <stdbool.h>

#include "adapt/launcher.h"

enum { JUDGE_TEXT = 512 };

/* Whether the command ended as expected and printed what is expected.
 *
 * text  receives one clause when not: "exit status 3, expected 0: last lines"
 *
 * Pure but for regcomp().  Cost: that of reading what is to be checked. */
bool judge_run(const struct recipe *recipe, const struct execution *execution,
               const struct capture *output, const struct capture *errors,
               char text[JUDGE_TEXT]);

/* The same for what goes before and after it, which must succeed.
 *
 * what  "prepare" or "cleanup" */
bool judge_step(const char *what, const struct execution *execution,
                const struct capture *output, const struct capture *errors,
                char text[JUDGE_TEXT]);

/* Whether `text` is as expected; *why receives a clause when not. */
bool judge_text(const struct expect_output *expected, const char *text,
                const char *what, char why[JUDGE_TEXT]);

#endif
