/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminals: width and colour. */
#include <config.h>

#include "cli/terminal.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_COLUMNS = 80, FEWEST_COLUMNS = 40 };

static int columns_of(int fd)
{
    struct winsize size = {0};

    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return USUAL_COLUMNS;
    return size.ws_col < FEWEST_COLUMNS ? FEWEST_COLUMNS : size.ws_col;
}

static bool wants_color(char *(*env)(const char *name))
{
    const char *no_color = env("NO_COLOR"), *term = env("TERM");

    if (no_color && *no_color)
        return false;
    return !term || strcmp(term, "dumb") != 0;
}

struct terminal terminal_look(int fd, enum when color,
                              char *(*env)(const char *name))
{
    struct terminal terminal = {.is_tty = isatty(fd)};

    if (terminal.is_tty)
        terminal.columns = columns_of(fd);
    if (color == WHEN_AUTO)
        terminal.color = terminal.is_tty && wants_color(env);
    else
        terminal.color = color == WHEN_ALWAYS;
    return terminal;
}
