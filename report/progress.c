/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing progress. */
#include <config.h>

#include "report/progress.h"

#include "base/scope.h"
#include "base/units.h"

enum { BAR_COLUMNS = 20, WHAT_COLUMNS_MIN = 8 };

static const int64_t redraw_ns = 100000000; /* ten times a second */
static const int64_t new_line_ns = 5000000000;

/* An estimate of the rest is a guess before that. */
static const double share_for_eta = 0.02;
static const int64_t elapsed_for_eta_ns = 1000000000;

void progress_start(struct progress *progress, enum progress_show show,
                    const struct text_style *style, int64_t (*now)(void *ctx),
                    void *ctx)
{
    *progress = (struct progress){
        .show = show, .style = *style, .now = now, .ctx = ctx};
    progress->started_ns = now(ctx);
}

static bool is_share(double share)
{
    return share >= 0 && share <= 1;
}

/* At even speed the rest takes what was needed so far, in proportion. */
static void put_eta(struct strbuf *out, double share, int64_t elapsed_ns)
{
    char text[QUANTITY_TEXT];

    if (!is_share(share) || share < share_for_eta ||
        elapsed_ns < elapsed_for_eta_ns) {
        strbuf_printf(out, "%s so far", format_duration(text, elapsed_ns));
        return;
    }
    strbuf_printf(out, "%s left",
                  format_duration(text, (int64_t)((double)elapsed_ns *
                                                  (1 - share) / share)));
}

static void put_percent(struct strbuf *out, double share)
{
    if (is_share(share))
        strbuf_printf(out, "%3d %%", (int)(share * 100));
    else
        strbuf_puts(out, "  ? %");
}

static void put_bar(struct strbuf *out, double share)
{
    int done = is_share(share) ? (int)(share * BAR_COLUMNS) : 0;

    strbuf_puts(out, " [");
    for (int i = 0; i < BAR_COLUMNS; i++)
        strbuf_putc(out, i < done ? '#' : '-');
    strbuf_puts(out, "] ");
}

/* One column is left free: a terminal may wrap when the last is written. */
static void draw(struct progress *progress, double share, const char *what,
                 int64_t elapsed_ns, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0}, name = {0};
    int room;

    put_percent(&line, share);
    put_bar(&line, share);
    put_eta(&line, share, elapsed_ns);
    text_escape(&name, what, 0);
    room = progress->style.columns - 1 - 2 - (int)line.size;
    strbuf_puts(out, "\r");
    strbuf_puts(out, strbuf_text(&line));
    if (room >= WHAT_COLUMNS_MIN && name.size) {
        strbuf_puts(out, "  ");
        text_shorten(out, strbuf_text(&name), (size_t)room);
    }
    strbuf_puts(out, "\x1b[K");
    out->failed |= line.failed || name.failed;
    progress->is_drawn = true;
}

static void add_line(double share, const char *what, int64_t elapsed_ns,
                     struct strbuf *out)
{
    put_percent(out, share);
    strbuf_puts(out, ", ");
    put_eta(out, share, elapsed_ns);
    strbuf_puts(out, ": ");
    text_escape(out, what, 0);
    strbuf_putc(out, '\n');
}

void progress_step(struct progress *progress, double share, const char *what,
                   struct strbuf *out)
{
    int64_t now = progress->now(progress->ctx);
    bool is_line = progress->show == PROGRESS_LINE;
    int64_t since = progress->any ? progress->written_ns : progress->started_ns;

    if (progress->show == PROGRESS_SILENT ||
        now - since < (is_line ? redraw_ns : new_line_ns))
        return;
    if (is_line)
        draw(progress, share, what, now - progress->started_ns, out);
    else
        add_line(share, what, now - progress->started_ns, out);
    progress->written_ns = now;
    progress->any = true;
}

void progress_hide(struct progress *progress, struct strbuf *out)
{
    if (progress->is_drawn)
        strbuf_puts(out, "\r\x1b[K");
    progress->is_drawn = false;
}
