/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the small text files of /proc and /sys below a root of our choice.
 *
 * They may be absent, unreadable, empty or garbage on any machine: nothing
 * here is an error, an answer that cannot be had is NULL, NaN or false. */
#ifndef RUNNER_MACHINE_SYSFILE_H
#define RUNNER_MACHINE_SYSFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/* Larger files are taken for absent.  The largest of them (mountinfo,
 * interrupts of a big machine) stay well below. */
enum { SYSFILE_MAX = 8 << 20 };

/* The text of a file.
 *
 * sysroot   "" for the real one, else a folder that stands for it
 * fmt       path below it, "/proc/stat"
 *
 * Returns the text, NUL-terminated, control characters and what is not UTF-8
 * replaced by '?' (but tabs and newlines), in the arena; NULL when it cannot
 * be read or there is no memory. */
char *sysfile_text(struct arena *arena, const char *sysroot, const char *fmt,
                   ...) PRINTF_LIKE(3, 4);

/* Its first line, without blanks around it. */
char *sysfile_line(struct arena *arena, const char *sysroot, const char *fmt,
                   ...) PRINTF_LIKE(3, 4);

/* Its first line as a number; NaN when it is not one number and nothing
 * else. */
double sysfile_number(struct arena *arena, const char *sysroot, const char *fmt,
                      ...) PRINTF_LIKE(3, 4);

/* The value behind the name: "AMD EPYC" of "model name : AMD EPYC", "5 6" of
 * "cpu1 5 6".  The first line that has it counts; on a line with a colon the
 * name is all that stands before it.  Without blanks around it, in the arena;
 * NULL when there is none. */
char *sysfile_field(struct arena *arena, const char *text, const char *name);

/* The whole of a text as a number, blanks around it allowed; NaN otherwise. */
double sysfile_to_number(const char *text);

#endif
