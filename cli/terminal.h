/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a stream can show. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>

#include "cli/options.h"

struct terminal {
    bool is_tty;
    bool color;
    int columns; /* 0 when it is no terminal: lines may have any length */
};

/* What the stream behind a descriptor can show.
 *
 * color  what --color said.  "auto" colours on a terminal, unless NO_COLOR is
 *        set and not empty (no-color.org) or TERM is "dumb"
 * env    looks up an environment variable: getenv, or a test's own */
struct terminal terminal_look(int fd, enum when color,
                              char *(*env)(const char *name));

#endif
