/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program prints, kept in a memory file: nothing has to be read while
 * it is measured, and it can never block or fail on a full pipe.
 *
 * The file is opened for appending, which keeps standard output and error in
 * order.  A program that opens /dev/stderr anew writes over what is there, or
 * cuts it (a shell's `> /dev/stderr`).  capture_trim() keeps the file below its
 * cap by dropping the oldest part; whoever waits for the program calls it now
 * and then. */
#ifndef RUNNER_PROCESS_CAPTURE_H
#define RUNNER_PROCESS_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"

/* A zeroed struct is closed. */
struct capture {
    int fd;            /* give it to the child as 1 and 2; owned.  0: closed */
    size_t cap;        /* bytes kept, about */
    struct strbuf old; /* the end of what was dropped from the file */
    uint64_t dropped;  /* bytes nobody can read any more */
};

enum { CAPTURE_CAP = 1 << 20 };

/* cap 0 means CAPTURE_CAP.  Returns 0 or ERR_SYS. */
int capture_open(struct capture *capture, size_t cap, struct error *err);
void capture_close(struct capture *capture);

/* Drop the oldest output when the file outgrew its cap. */
void capture_trim(struct capture *capture);

/* Forget what was printed so far. */
void capture_reset(struct capture *capture);

/* Append all that is kept, at most the last max bytes of it (0: all), to out,
 * as it was printed. */
void capture_read(const struct capture *capture, size_t max,
                  struct strbuf *out);

/* The last lines, at most n, for one line of an error message: joined by
 * " | ", control characters and bytes that are not UTF-8 replaced.  Writes at
 * most size bytes with the NUL; "" when nothing was printed. */
void capture_last_lines(const struct capture *capture, size_t n, char *out,
                        size_t size);

#endif
