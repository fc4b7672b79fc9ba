/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of foreign result files have in common: values are handed
 * over one by one, in any order, and become results at the end.  Private to
 * adapt/.
 *
 * Every function returns 0, or a negative code with the error filled in. */
#ifndef ADAPT_IMPORT_PARTS_H
#define ADAPT_IMPORT_PARTS_H

#include "adapt/import.h"
#include "base/arena.h"
#include "base/json_read.h"
#include "base/results.h"
#include "base/strbuf.h"

/* A place in the file being read, from 1; 0 unknown. */
struct import_place {
    uint32_t line, column;
};

struct import_metric {
    const char *name, *unit;
    enum better better;
};

/* Some metrics that several formats have. */
extern const struct import_metric import_time, import_cpu_time, import_ops;

/* A value on its way into the results. */
struct import_row {
    uint32_t subject, metric, invocation; /* which; metric is an index into
                                           * the case's */
    uint32_t at;                          /* its number: order is kept */
    bool summary;                         /* of import_add_summary() */
    double value;
};

/* One file being read.  The occasion's strings live in results->arena. */
struct import {
    const char *name; /* of the file, for errors; borrowed */
    const char *text; /* size bytes and a NUL; borrowed */
    size_t size;
    const struct json_value *root; /* of a format that is JSON, else NULL */
    const char *program;           /* that the user wants in ids, or NULL */
    struct arena arena;            /* dies with the reading */
    int64_t revision_time;   /* commit date, seconds since 1970; 0 unknown */
    struct results *results; /* with one occasion */
    struct import_row *row;
    size_t n_rows;
    uint32_t *slot; /* of each id by its hash: 1 + index of the case */
    size_t n_slots;
    struct error *err;
};

/* Begin and end.  A reader that was begun is ended on every path. */
int import_begin(struct import *im, const char *name, struct error *err);
void import_clear(struct import *im);
/* The end with what was read, for rc 0, or with the error.  Returns rc. */
int import_end(struct import *im, int rc, const struct import_format *format,
               struct imported *out, struct error *err);

/* Values become invocations: of a case and metric in the order of their
 * numbers, samples in the order they were handed over. */
int import_finish(struct import *im);

/* The occasion. */
struct occasion *import_occasion(const struct import *im);

/* The case with this id (copied), added when it is new. */
int import_case(struct import *im, const char *id, size_t *index, bool *is_new);

/* What belongs before the '/' of ids: what the user says, or else this. */
const char *import_program(const struct import *im, const char *otherwise);

/* Give a case another id (copied) and its program; of no use to import_case()
 * after that. */
int import_rename(struct import *im, size_t subject, const char *id,
                  const char *program);

/* A new case of a program: import_id(), import_case() and the program.  With
 * an id that is there: ERR_PARSE, two benchmarks cannot be told apart. */
int import_new(struct import *im, struct import_place at, const char *program,
               const char *name, const struct strbuf *params, size_t *index);

/* One sample.  Names are copied. */
int import_add(struct import *im, size_t subject,
               const struct import_metric *metric, size_t invocation,
               double value);

/* Facts of the occasion; nothing for an empty value.  Those about the machine
 * make its key, if "hostname" or "cpu" is among them: only what stays the same
 * from one day to the next. */
int import_machine(struct import *im, const char *name, const char *value);
int import_build(struct import *im, const char *name, const char *value);
int import_plan(struct import *im, const char *name, const char *value);

/* A text in the results' arena; NULL: no memory, with the error. */
const char *import_copy(struct import *im, const char *text);

int import_no_memory(const struct import *im);

/* "file:line:column: text", ERR_PARSE. */
int import_fail(const struct import *im, struct import_place at,
                const char *fmt, ...) PRINTF_LIKE(3, 4);

static inline struct import_place import_place_of(const struct json_value *v)
{
    return v ? (struct import_place){v->line, v->column}
             : (struct import_place){0};
}

/* FNV-1a (Fowler, Noll, Vo), 64 bits. */
uint64_t import_hash(const char *text);

/* --- numbers: exact decimal arithmetic on the digits of the file */

/* A unit as a format writes it: value * factor * 10^exponent is in ours. */
struct import_unit {
    const char *word;
    int exponent;
    double factor;
};

/* ns, us, µs, ms, s, m, h and what else of time formats write; NULL when it is
 * none.  From any of these to nanoseconds. */
const struct import_unit *import_time_unit(const char *word);

/* The number of n bytes of text, times 10^exponent: the double nearest to the
 * decimal number, as if the file had been written in our unit.  ERR_RANGE when
 * it is no finite decimal number; without an error's text. */
int import_decimal(const char *text, size_t n, int exponent, double *out);

/* Digits alone. */
bool import_is_count(const char *word);

/* A JSON number that is an amount, 0 or more, in our unit.  A missing one, one
 * that is no number, negative or too large is an error at its place (at
 * `owner` when it is missing); `what` names it. */
int import_amount(const struct import *im, const struct json_value *owner,
                  const char *key, const struct import_unit *unit, double *out);
int import_number(const struct import *im, const struct json_value *v,
                  const char *what, const struct import_unit *unit,
                  double *out);

/* Every number of a list as a sample: of one invocation (step 0), or each of one of
 * its own from this on (step 1).  What is no list, and an empty one, is an error
 * at its place. */
int import_add_list(struct import *im, size_t subject,
                    const struct import_metric *metric, size_t invocation,
                    size_t step, const struct json_value *list,
                    const char *what, const struct import_unit *unit);

extern const struct import_unit import_seconds, import_as_is;

/* The one value that stands for all samples of a process there were; `kind`
 * says which it is: "median", "mean", ...  Where others of the file have their
 * samples the fact becomes "median of some". */
int import_add_summary(struct import *im, size_t subject,
                       const struct import_metric *metric, size_t invocation,
                       double value, const char *kind);

/* A fact of the machine or the build from a member that is a text or a number;
 * nothing when it is not there. */
int import_machine_member(struct import *im, const char *name,
                          const struct json_value *owner, const char *key);
int import_build_member(struct import *im, const char *name,
                        const struct json_value *owner, const char *key);

/* "key=value" of every member that is a text, a number or a truth. */
void import_params(struct strbuf *params, const struct json_value *object);

/* "2019-11-29 21:26:59", "2015-08-15T00:01:46.250433+00:00" and the like as
 * the occasion's time in UTC; a time without a zone is taken for UTC.  What is
 * no time is left out. */
int import_created(struct import *im, const char *text);
int import_created_at(struct import *im, int64_t seconds);

/* The same in seconds since 1970, 0 for what is no time. */
int64_t import_seconds_of(const char *text);

/* The same of a word of a text, by hand. */
int import_word_amount(const struct import *im, struct import_place at,
                       const char *word, const struct import_unit *unit,
                       double *out);

/* --- lines */

/* The lines of im->text, one after the other; zeroed but for `next`. */
struct import_lines {
    const char *next;
    uint32_t number; /* of the line that was read last, from 1 */
};

/* The next line without its end, in the arena of the reading so that it may be
 * cut up; NULL behind the last.  Out of memory ends it as well, with *rc set. */
char *import_line(struct import *im, struct import_lines *lines, int *rc);

/* The next field of a line of comma-separated values (RFC 4180, but no field
 * holds a line end), unquoted in place; NULL behind the last. */
char *import_field(char **at);

/* The next word of a line, NUL-terminated in place; NULL when there is none.
 * column receives where it begins, in bytes from 1. */
char *import_word(char **at, const char *line, uint32_t *column);

/* --- ids */

/* Append a part of an id.  One rule for all formats: blanks at the ends are
 * dropped, others become one '_' each run; what an id gives a meaning to
 * ([ ] , = * ? \ and quotes), '%', control characters and bytes that are not
 * UTF-8 become %XX.  So two names that differ in more than blanks stay
 * different. */
void import_escape(struct strbuf *out, const char *text, size_t size);

/* One parameter more, "key=value". */
void import_param(struct strbuf *params, const char *key, size_t key_size,
                  const char *value, size_t size);

/* "program/name[params]" in the arena of the reading, NULL: no memory.  An
 * empty program is left out with its '/'. */
const char *import_id(struct import *im, const char *program, const char *name,
                      const struct strbuf *params);

#endif
