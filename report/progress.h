/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line that says how far a run has come and how long it will take.
 *
 * Like everything here it prints nothing: what it appends is to be written to
 * standard error at once.  Its clock is an argument. */
#ifndef REPORT_PROGRESS_H
#define REPORT_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "report/text.h"

enum progress_show {
    PROGRESS_SILENT = 0, /* nothing */
    PROGRESS_LINE,       /* one line, drawn over at most ten times a second */
    PROGRESS_LINES,      /* a line at most every five seconds, for logs */
};

struct progress {
    enum progress_show show;
    struct text_style style;
    int64_t (*now)(void *ctx); /* nanoseconds, never going back */
    void *ctx;                 /* borrowed */
    int64_t started_ns, written_ns;
    bool is_drawn; /* a line stands on the terminal */
    bool any;      /* something was written already */
};

/* Begin at 0.  style: colour and columns of standard error. */
void progress_start(struct progress *progress, enum progress_show show,
                    const struct text_style *style, int64_t (*now)(void *ctx),
                    void *ctx);

/* Where it stands.
 *
 * share  of the work that is done, 0 to 1; anything else is "unknown"
 * what   is being measured, untrusted
 *
 * Appends nothing when it is too early to draw again. */
void progress_step(struct progress *progress, double share, const char *what,
                   struct strbuf *out);

/* Take the line away, before something else is written and at the end.  The
 * next step draws it again. */
void progress_hide(struct progress *progress, struct strbuf *out);

#endif
