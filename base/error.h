/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors that say what went wrong and where.
 *
 * Every function that can fail returns 0 or a negative `enum error_code` and
 * takes a `struct error *err` as its last parameter.  `err` may be NULL.  It is
 * left alone on success and filled once on failure, by the function that found
 * the problem; callers may add context with error_wrap() but never re-word.
 * A zeroed struct is valid.  Nothing allocates, so errors work out of memory. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdint.h>
#include <stdio.h>

enum error_code {
    ERR_OK = 0,
    ERR_INVAL = -1,    /* the caller broke the contract of the function */
    ERR_NOMEM = -2,    /* allocation failed */
    ERR_SYS = -3,      /* a system call failed; see `sys` */
    ERR_PARSE = -4,    /* input is malformed; see `file`, `line`, `column` */
    ERR_RANGE = -5,    /* a value is outside its documented range */
    ERR_TIMEOUT = -6,  /* a deadline passed */
    ERR_PEER = -7,     /* a program broke the protocol, crashed or is missing */
    ERR_USAGE = -8,    /* the command line is wrong */
    ERR_EMPTY = -9,    /* nothing was selected, or nothing is there */
    ERR_STOPPED = -10, /* the user interrupted */
};

struct error {
    enum error_code code; /* ERR_OK while unset */
    int sys;              /* errno at the time, 0 when no system call failed */
    uint32_t line;        /* 1-based position in `file`, 0 when unknown */
    uint32_t column;      /* 1-based, in characters, 0 when unknown */
    const char *src_file; /* where it was raised; static storage */
    int src_line;
    char file[256]; /* the input as the user named it, "" when none */
    char text[512]; /* one clause, lower case, no newline */
    char help[320]; /* what to do about it, "" when none */
};

#if defined(__GNUC__)
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define PRINTF_LIKE(fmt, args)
#endif

/* Record a failure and yield its code, so that a function can end with
 *     return ERROR(err, ERR_RANGE, "repetitions must be 2 or more");
 * ERR_SYS appends the text of errno. */
#define ERROR(err, code, ...) \
    error_set((err), (code), __FILE__, __LINE__, NULL, 0, 0, __VA_ARGS__)

/* The same for a problem in the user's input. */
#define ERROR_AT(err, code, file, line, column, ...)                       \
    error_set((err), (code), __FILE__, __LINE__, (file), (line), (column), \
              __VA_ARGS__)

int error_set(struct error *err, enum error_code code, const char *src_file,
              int src_line, const char *file, uint32_t line, uint32_t column,
              const char *fmt, ...) PRINTF_LIKE(8, 9);

/* Put what the caller was doing in front: "comparing 'sort': <text>".
 * Returns the code already recorded (ERR_INVAL where `err` is NULL). */
int error_wrap(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Say what the user can do about it; the first remedy given stays.  Returns
 * the code already recorded (ERR_INVAL where `err` is NULL). */
int error_help(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Print "file:line:column: error: text", the form editors can jump to, or
 * "tare: error: text" where there is no file; a remedy follows on a line of
 * its own as "help: ...".  Control characters are replaced. */
void error_print(const struct error *err, FILE *out);

#endif
