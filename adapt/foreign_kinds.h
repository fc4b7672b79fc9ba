/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each kind of foreign program has to say.  Internal to this folder. */
#ifndef ADAPT_FOREIGN_KINDS_H
#define ADAPT_FOREIGN_KINDS_H

#include "adapt/foreign.h"
#include "adapt/foreign_judge.h"
#include "base/json_read.h"

/* As foreign_ask(), foreign_read() and foreign_judge(). */
typedef int foreign_ask_fn(const struct foreign_program *program,
                           struct arena *arena, struct foreign_question *out,
                           struct error *err);
typedef int foreign_read_fn(const struct foreign_program *program,
                            const struct foreign_answer *answer,
                            struct arena *arena, struct foreign_list *out,
                            struct error *err);
typedef int foreign_judge_fn(const struct recipe *recipe,
                             const struct foreign_evidence *evidence,
                             struct arena *arena, struct foreign_verdict *out,
                             struct error *err);

foreign_ask_fn googletest_ask;
foreign_read_fn googletest_read;
foreign_judge_fn googletest_judge;
foreign_ask_fn ctest_ask;
foreign_read_fn ctest_read;
foreign_judge_fn ctest_judge;
foreign_ask_fn pytest_ask;
foreign_read_fn pytest_read;
foreign_judge_fn pytest_judge;
foreign_ask_fn gbench_ask;
foreign_read_fn gbench_read;
foreign_judge_fn gbench_judge;
foreign_ask_fn tap_ask;
foreign_read_fn tap_read;
foreign_judge_fn tap_judge;

/* ---- shared by the kinds */

int foreign_no_memory(struct error *err);

/* A case with the program's limit, folder and environment, which executes its
 * path and the user's arguments; the rest is for the caller. */
bool foreign_case_new(const struct foreign_program *program,
                      struct arena *arena, const char *name,
                      struct foreign_case *out);

/* Append one.  ERR_RANGE beyond FOREIGN_CASES_MAX or FOREIGN_NAME_MAX. */
int foreign_list_add(struct foreign_list *list, struct arena *arena,
                     const struct foreign_case *one, struct error *err);

/* Append n words, the last of them NULL; false when out of memory. */
bool foreign_add_words(struct arena *arena, struct recipe_words *words, ...)
    __attribute__((sentinel));
bool foreign_join_words(struct arena *arena, struct recipe_words *words,
                        const struct recipe_words *more);

/* The executable of a path as exec() wants it: with a slash. */
const char *foreign_executable(struct arena *arena, const char *path);

/* What a variable is for the program, "" for nothing. */
const char *foreign_variable(const struct foreign_program *program,
                             const char *name);

/* A path of the program's folder, from where we are. */
const char *foreign_from_here(const struct foreign_program *program,
                              struct arena *arena, const char *path);

/* ": LINE", the last that was printed and is not empty; "" for none. */
const char *foreign_last_line(struct arena *arena, const char *output);

/* The first element of an object's array, NULL for none; the line that an
 * object tells, 0 unknown. */
const struct json_value *foreign_elements(const struct json_value *object,
                                          const char *key);
uint32_t foreign_line(const struct json_value *object);

/* Append a label to comma-separated tags, with '-' for what a tag cannot hold;
 * what holds no letter is left out.  NULL when out of memory. */
const char *foreign_add_tag(struct arena *arena, const char *tags,
                            const char *label);

/* ERR_PEER: it is not what `kind:` says.  `how` tells what it should have
 * done. */
int foreign_is_no(const struct foreign_program *program, const char *how,
                  const struct foreign_answer *answer, struct error *err);

/* Say an outcome in one line: control characters and line feeds become " | ". */
void foreign_say(struct foreign_verdict *out, enum foreign_end end,
                 const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
