/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing how a command ended with what is expected of it. */
#include <config.h>

#include "adapt/judge.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "base/strbuf.h"

enum {
    SHOWN_LINES = 3, /* of what a failed command printed */
    SHOWN_BYTES = 60 /* of a text that differs */
};

static const char *signal_text(int signal)
{
    const char *name = strsignal(signal);

    return name ? name : "unknown";
}

/* Put the last lines of what was printed behind the clause. */
static void add_output(const struct capture *output,
                       const struct capture *errors, char text[JUDGE_TEXT])
{
    char lines[300];
    size_t used = strlen(text);

    capture_last_lines(errors, SHOWN_LINES, lines, sizeof lines);
    if (!lines[0])
        capture_last_lines(output, SHOWN_LINES, lines, sizeof lines);
    if (lines[0])
        snprintf(text + used, JUDGE_TEXT - used, ": %s", lines);
}

/* What kept it from ending by itself; false when nothing did. */
static bool not_ended(const struct execution *e, int64_t timeout_ns,
                      char text[JUDGE_TEXT])
{
    if (e->failed[0])
        snprintf(text, JUDGE_TEXT, "%s '%.200s': %s", e->failed, e->what,
                 strerror(e->error));
    else if (e->overdue)
        snprintf(text, JUDGE_TEXT, "took longer than %g s and was ended",
                 (double)timeout_ns / 1e9);
    else
        return false;
    return true;
}

static bool ended_well(const struct execution *e, int exit_status, int signal,
                       char text[JUDGE_TEXT])
{
    char got[100];

    if (signal ? e->signal == signal
               : e->signal == 0 && e->status == exit_status)
        return true;
    if (e->signal)
        snprintf(got, sizeof got, "signal %d (%s)", e->signal,
                 signal_text(e->signal));
    else
        snprintf(got, sizeof got, "exit status %d", e->status);
    if (signal)
        snprintf(text, JUDGE_TEXT, "%s, expected signal %d (%s)", got, signal,
                 signal_text(signal));
    else
        snprintf(text, JUDGE_TEXT, "%s, expected %s%d", got,
                 e->signal ? "exit status " : "", exit_status);
    return false;
}

/* ---- what it printed */

static size_t without_newlines(const char *text)
{
    size_t n = strlen(text);

    while (n && text[n - 1] == '\n')
        n--;
    return n;
}

/* The line a difference is in, of either text, as much as fits in a message. */
static void line_of(const char *text, size_t size, size_t at, char *out)
{
    size_t from = at, n;

    while (from > 0 && text[from - 1] != '\n')
        from--;
    n = strcspn(text + from, "\n");
    if (n > size - from)
        n = size - from;
    snprintf(out, SHOWN_BYTES, "%.*s", (int)n, text + from);
}

static bool is_equal(const char *want, const char *text, const char *what,
                     char why[JUDGE_TEXT])
{
    size_t n = without_newlines(want), m = without_newlines(text), at = 0;
    size_t line = 1;
    char got[SHOWN_BYTES], expected[SHOWN_BYTES];

    while (at < n && at < m && want[at] == text[at])
        line += want[at++] == '\n';
    if (at == n && at == m)
        return true;
    line_of(text, m, at, got);
    line_of(want, n, at, expected);
    snprintf(why, JUDGE_TEXT, "%s, line %zu, is '%s', expected '%s'", what,
             line, got, expected);
    return false;
}

static bool is_within(const char *want, const char *text, const char *what,
                      char why[JUDGE_TEXT])
{
    if (strstr(text, want))
        return true;
    snprintf(why, JUDGE_TEXT, "%s does not contain '%.*s'", what, SHOWN_BYTES,
             want);
    return false;
}

static bool is_match(const char *want, const char *text, const char *what,
                     char why[JUDGE_TEXT])
{
    regex_t regex;
    int rc = regcomp(&regex, want, REG_EXTENDED | REG_NOSUB | REG_NEWLINE);

    if (rc == 0) {
        rc = regexec(&regex, text, 0, NULL, 0);
        regfree(&regex);
    }
    if (rc == 0)
        return true;
    snprintf(why, JUDGE_TEXT, "%s does not match '%.*s'", what, SHOWN_BYTES,
             want);
    return false;
}

bool judge_text(const struct expect_output *expected, const char *text,
                const char *what, char why[JUDGE_TEXT])
{
    switch (expected->kind) {
    case EXPECT_EQUALS:
        return is_equal(expected->text, text, what, why);
    case EXPECT_CONTAINS:
        return is_within(expected->text, text, what, why);
    case EXPECT_MATCHES:
        return is_match(expected->text, text, what, why);
    case EXPECT_NOTHING:
        break;
    }
    return true;
}

static bool printed_well(const struct expect_output *expected,
                         const struct stream *stream,
                         const struct capture *capture, const char *what,
                         char text[JUDGE_TEXT])
{
    SCOPED(strbuf_scoped) struct strbuf all = {0};

    if (expected->kind == EXPECT_NOTHING)
        return true;
    if (stream->kind != STREAM_DEFAULT) {
        snprintf(text, JUDGE_TEXT,
                 "%s is to be checked and so cannot go elsewhere", what);
        return false;
    }
    capture_read(capture, 0, &all);
    if (all.failed || capture->dropped) {
        snprintf(text, JUDGE_TEXT, "%s is too long to be checked", what);
        return false;
    }
    /* A NUL would hide what follows. */
    for (size_t i = 0; i < all.size; i++)
        if (all.text[i] == '\0')
            all.text[i] = '?';
    return judge_text(expected, strbuf_text(&all), what, text);
}

bool judge_run(const struct recipe *recipe, const struct execution *execution,
               const struct capture *output, const struct capture *errors,
               char text[JUDGE_TEXT])
{
    const struct expect_end *want = &recipe->expect;

    if (not_ended(execution, recipe->timeout_ns, text) ||
        !ended_well(execution, (int)want->exit, (int)want->signal, text)) {
        add_output(output, errors, text);
        return false;
    }
    return printed_well(&want->out, &recipe->out, output, "standard output",
                        text) &&
           printed_well(&want->err, &recipe->err, errors, "standard error",
                        text);
}

bool judge_step(const char *what, const struct execution *execution,
                const struct capture *output, const struct capture *errors,
                char text[JUDGE_TEXT])
{
    char why[JUDGE_TEXT] = "took too long and was ended";

    if (!execution->failed[0] && !execution->overdue &&
        execution->signal == 0 && execution->status == 0)
        return true;
    if (!execution->overdue && !not_ended(execution, 0, why))
        ended_well(execution, 0, 0, why);
    add_output(output, errors, why);
    snprintf(text, JUDGE_TEXT, "%s: %.480s", what, why);
    return false;
}
