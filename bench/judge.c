/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "bench/judge.h"

#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static const char *const where[PARTS] = {
    [PART_SETUP] = ", in its set-up",
    [PART_CALL] = "",
    [PART_TEARDOWN] = ", in its tear-down",
};

void tarei_judge_note(struct tarei_tested *out, enum tarei_outcome outcome,
                      const char *fmt, ...)
{
    va_list ap;

    out->outcome = outcome;
    va_start(ap, fmt);
    vsnprintf(out->message, sizeof out->message, fmt, ap);
    va_end(ap);
}

/* The page is shared with a process that may have written anything there. */
static const char *place(const struct tarei_report *report)
{
    return (unsigned)report->part < PARTS ? where[report->part] : "";
}

static void judge_timeout(const struct tarei_report *report, int64_t limit_ms,
                          const char *of, struct tarei_tested *out)
{
    tarei_judge_note(out, OUTCOME_TIMEOUT, "ended after %lld.%03d s%s%s",
                     (long long)(limit_ms / 1000), (int)(limit_ms % 1000), of,
                     place(report));
}

static void judge_signal(const struct tarei_report *report,
                         const struct tarei_ended *ended,
                         struct tarei_tested *out)
{
    char address[48] = "";

    if (out->signal == SIGXCPU && ended->cpu_ms > 0) {
        judge_timeout(report, ended->cpu_ms, " of CPU time", out);
        return;
    }
    if (report->crash.signal == out->signal && report->crash.has_address)
        snprintf(address, sizeof address, " at address 0x%" PRIx64,
                 report->crash.address);
    tarei_judge_note(out, OUTCOME_CRASHED, "ended by signal %d (%s)%s%s",
                     out->signal, strsignal(out->signal), address,
                     place(report));
}

static void judge_report(const struct tarei_report *report,
                         struct tarei_tested *out)
{
    out->outcome = report->outcome;
    out->cpu = report->cpu;
    memcpy(out->message, report->message, sizeof out->message);
    memcpy(out->note, report->note, sizeof out->note);
    out->message[sizeof out->message - 1] = '\0';
    out->note[sizeof out->note - 1] = '\0';
}

/* Some are right only when they end so. */
static void judge_expected(const struct tare_case *def,
                           const struct tarei_report *report,
                           const struct tarei_ended *ended,
                           struct tarei_tested *out)
{
    int exited =
        !ended->timed_out && !report->finished && WIFEXITED(ended->status);
    size_t used = strlen(out->message), room = sizeof out->message - used;
    char *end = out->message + used; /* of what was said already */

    if (def->signal) {
        if (out->outcome == OUTCOME_CRASHED && out->signal == def->signal)
            tarei_judge_note(out, OUTCOME_PASSED, "%s", "");
        else if (out->outcome == OUTCOME_PASSED)
            tarei_judge_note(out, OUTCOME_FAILED,
                             "was to be ended by signal %d (%s), but ended by "
                             "itself",
                             def->signal, strsignal(def->signal));
        else if (out->outcome == OUTCOME_CRASHED)
            snprintf(end, room, ", but was to be by signal %d (%s)",
                     def->signal, strsignal(def->signal));
    } else if (def->exit_status) {
        if (exited && WEXITSTATUS(ended->status) == def->exit_status)
            tarei_judge_note(out, OUTCOME_PASSED, "%s", "");
        else if (out->outcome == OUTCOME_PASSED)
            tarei_judge_note(out, OUTCOME_FAILED,
                             "was to end its process with exit status %d, but "
                             "returned",
                             def->exit_status);
        else if (out->outcome == OUTCOME_CRASHED)
            snprintf(end, room, ", but was to end with exit status %d",
                     def->exit_status);
    }
}

void tarei_judge(const struct tarei_case *item,
                 const struct tarei_report *report,
                 const struct tarei_ended *ended, struct tarei_tested *out)
{
    out->shared = report->shared;
    memcpy(out->part_ns, report->elapsed_ns, sizeof out->part_ns);
    if (WIFSIGNALED(ended->status))
        out->signal = WTERMSIG(ended->status);
    if (ended->timed_out)
        judge_timeout(report, ended->timeout_ms, "", out);
    else if (out->signal)
        judge_signal(report, ended, out);
    else if (!report->finished)
        tarei_judge_note(out, OUTCOME_CRASHED,
                         "ended its process in the middle, with exit status "
                         "%d%s",
                         WEXITSTATUS(ended->status), place(report));
    else
        judge_report(report, out);
    judge_expected(&item->def, report, ended, out);
}

static void judge_xfail(const char *reason, struct tarei_tested *out)
{
    char said[CONTEXT_MESSAGE];

    memcpy(said, out->message, sizeof said);
    switch (out->outcome) {
    case OUTCOME_FAILED:
    case OUTCOME_CRASHED:
    case OUTCOME_TIMEOUT:
        tarei_judge_note(out, OUTCOME_XFAILED, "%.200s: %.700s", reason, said);
        break;
    case OUTCOME_PASSED:
        tarei_judge_note(out, OUTCOME_FAILED,
                         "passed, but is declared to fail: %.200s", reason);
        break;
    default:
        break;
    }
}

void tarei_judge_left(const struct tarei_case *item, struct tarei_tested *out)
{
    if (item->def.xfail)
        judge_xfail(item->def.xfail, out);
    if (out->left && out->outcome == OUTCOME_PASSED)
        tarei_judge_note(out, OUTCOME_LEAKED,
                         "left %d process%s behind, killed now", out->left,
                         out->left == 1 ? "" : "es");
}
