/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a stream can show, with an environment of the test's own. */
#include <config.h>

#include "cli/terminal.h"

#include "bench/tare.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char *no_color, *term;

static char *made_up(const char *name)
{
    if (strcmp(name, "NO_COLOR") == 0)
        return (char *)no_color;
    return strcmp(name, "TERM") == 0 ? (char *)term : NULL;
}

static int open_terminal(unsigned short columns)
{
    const struct winsize size = {.ws_row = 24, .ws_col = columns};
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    int fd = -1;

    if (master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0)
        fd = open(ptsname(master), O_RDWR | O_NOCTTY);
    if (fd >= 0)
        ioctl(fd, TIOCSWINSZ, &size);
    return fd; /* the master stays open: it is the terminal */
}

TARE_TEST(a_file_has_neither_colour_nor_width)
{
    int fd = open("/dev/null", O_WRONLY);
    struct terminal at;

    no_color = NULL;
    term = "xterm";
    at = terminal_look(fd, WHEN_AUTO, made_up);
    TARE_CHECK(!at.is_tty && !at.color);
    TARE_CHECK_INT(at.columns, 0);
    at = terminal_look(fd, WHEN_ALWAYS, made_up);
    TARE_CHECK(at.color && !at.is_tty);
    close(fd);
}

TARE_TEST(a_terminal_has_both_unless_the_user_says_no)
{
    int fd = open_terminal(100);
    struct terminal at;

    if (fd < 0)
        TARE_SKIP("no pseudo-terminal");
    no_color = NULL;
    term = "xterm";
    at = terminal_look(fd, WHEN_AUTO, made_up);
    TARE_CHECK(at.is_tty && at.color);
    TARE_CHECK_INT(at.columns, 100);
    TARE_CHECK(!terminal_look(fd, WHEN_NEVER, made_up).color);
    no_color = "1";
    TARE_CHECK(!terminal_look(fd, WHEN_AUTO, made_up).color);
    TARE_CHECK(terminal_look(fd, WHEN_ALWAYS, made_up).color);
    no_color = ""; /* empty counts as not set (no-color.org) */
    TARE_CHECK(terminal_look(fd, WHEN_AUTO, made_up).color);
    term = "dumb";
    TARE_CHECK(!terminal_look(fd, WHEN_AUTO, made_up).color);
    close(fd);
}

TARE_TEST(a_width_that_cannot_be_used_is_replaced)
{
    int unknown = open_terminal(0), narrow = open_terminal(10);

    if (unknown < 0 || narrow < 0)
        TARE_SKIP("no pseudo-terminal");
    no_color = term = NULL;
    TARE_CHECK_INT(terminal_look(unknown, WHEN_AUTO, made_up).columns, 80);
    TARE_CHECK_INT(terminal_look(narrow, WHEN_AUTO, made_up).columns, 40);
    close(unknown);
    close(narrow);
}
