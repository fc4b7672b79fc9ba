/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/progress.h"

#include <stdio.h>

#include "base/scope.h"
#include "runner/process/watch.h"

static int64_t now(void *ctx)
{
    (void)ctx;
    return watch_now_ns();
}

static enum progress_show wish(const struct cli *cli)
{
    if (cli->options.quiet)
        return PROGRESS_SILENT;
    switch ((enum progress_mode)cli->options.progress) {
    case PROGRESS_BAR:
        return PROGRESS_LINE;
    case PROGRESS_PLAIN:
        return PROGRESS_LINES;
    case PROGRESS_NONE:
        return PROGRESS_SILENT;
    default:
        return cli->err.is_tty ? PROGRESS_LINE : PROGRESS_LINES;
    }
}

static void write_out(struct strbuf *text)
{
    fwrite(strbuf_text(text), 1, text->size, stderr);
    fflush(stderr);
}

void cli_progress_start(const struct cli *cli, struct progress *progress)
{
    struct text_style style = {.color = cli->err.color,
                               .columns = cli->err.columns};

    progress_start(progress, wish(cli), &style, now, NULL);
}

void cli_progress_step(struct progress *progress, double share,
                       const char *what)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    progress_step(progress, share, what, &text);
    if (text.size)
        write_out(&text);
}

void cli_progress_hide(struct progress *progress)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    progress_hide(progress, &text);
    if (text.size)
        write_out(&text);
}
