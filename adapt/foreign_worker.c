/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "adapt/foreign_worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "adapt/foreign.h"
#include "base/file.h"
#include "base/scope.h"
#include "runner/process/capture.h"

/* Of the case that this process executes. */
static const char *the_report;

int foreign_worker_prepare(struct tare *t, struct recipe *recipe,
                           struct arena *arena, struct error *err)
{
    const struct recipe_foreign *f = &recipe->foreign;

    if (*f->skip)
        tare_skip(t, "%s", f->skip);
    if (*f->broken)
        tare_fail(t, "%s", f->broken);
    the_report = NULL;
    for (size_t i = 0; i < f->report.n; i++) {
        const char *word = f->report.word[i], *hole = strstr(word, "{}");

        if (hole && !the_report)
            the_report = arena_printf(arena, "%s/report", tare_tmpdir(t));
        if (hole && the_report)
            word = arena_printf(arena, "%.*s%s%s", (int)(hole - word), word,
                                the_report, hole + 2);
        if ((hole && !the_report) ||
            !recipe_words_add(arena, &recipe->run, word))
            return ERROR(err, ERR_NOMEM, "no memory for a command");
    }
    return 0;
}

bool foreign_has_ended(const struct execution *e)
{
    return !e->failed[0] && !e->overdue && e->signal == 0;
}

/* What it printed, with what would hide the rest replaced. */
static void read_output(const struct recipe *recipe,
                        const struct launcher *launcher, struct strbuf *out)
{
    capture_read(launcher_output(launcher), 0, out);
    if (recipe->foreign.judge != RECIPE_TAP)
        capture_read(launcher_errors(launcher), 0, out);
    for (size_t i = 0; i < out->size; i++)
        if (out->text[i] == '\0')
            out->text[i] = '?';
}

static bool no_verdict(const struct error *err, struct foreign_verdict *out,
                       char why[JUDGE_TEXT])
{
    *out = (struct foreign_verdict){.end = FOREIGN_FAILED};
    if (err->line)
        snprintf(out->text, sizeof out->text, "its report, line %u: %s",
                 err->line, err->text);
    else
        snprintf(out->text, sizeof out->text, "its report: %s", err->text);
    snprintf(why, JUDGE_TEXT, "%.500s", out->text);
    return false;
}

bool foreign_worker_judge(const struct recipe *recipe,
                          const struct execution *execution,
                          const struct launcher *launcher,
                          struct foreign_verdict *out, char why[JUDGE_TEXT])
{
    SCOPED(free_scoped) char *report = NULL;
    SCOPED(strbuf_scoped) struct strbuf output = {0};
    SCOPED(arena_scoped) struct arena arena = {0};
    struct foreign_evidence evidence = {.execution = execution,
                                        .name = "report"};
    struct error err = {0};
    int rc = 0;

    if (the_report && file_exists(the_report)) {
        rc =
            file_read(the_report, FOREIGN_BYTES, &report, &evidence.size, &err);
        evidence.report = report;
        unlink(the_report);
    }
    read_output(recipe, launcher, &output);
    evidence.output = strbuf_text(&output);
    if (rc == 0)
        rc = foreign_judge(recipe, &evidence, &arena, out, &err);
    if (rc < 0)
        return no_verdict(&err, out, why);
    snprintf(why, JUDGE_TEXT, "%.500s", out->text);
    return out->end == FOREIGN_PASSED;
}

void foreign_worker_end(struct tare *t, bool good,
                        const struct foreign_verdict *verdict, const char *why)
{
    switch (verdict->end) {
    case FOREIGN_PASSED:
        break;
    case FOREIGN_FAILED:
        tare_fail(t, "%s", verdict->text);
    case FOREIGN_SKIPPED:
        tare_skip(t, "%s", verdict->text);
    case FOREIGN_XFAILED:
        tare_xfail_(t, "%s", verdict->text);
    }
    if (!good)
        tare_fail(t, "%s", why);
}

/* Handlers of libtare would tell of our own address. */
void foreign_worker_crash(int signal_number)
{
    const struct rlimit none = {0, 0};

    setrlimit(RLIMIT_CORE, &none);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
    _exit(128 + signal_number);
}
