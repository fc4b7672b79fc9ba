/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the end of a test's process means. */
#include <config.h>

#include "bench/judge.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

/* How wait(2) tells of an exit, and of a signal (wait4(2), Linux). */
#define EXITED(status)   ((status) << 8)
#define SIGNALED(signal) (signal)

static struct tarei_case item;
static struct tarei_report report;
static struct tarei_tested result;

static void make(void)
{
    memset(&item, 0, sizeof item);
    memset(&result, 0, sizeof result);
    tarei_report_clear(&report);
}

static void judge(struct tarei_ended ended)
{
    tarei_judge(&item, &report, &ended, &result);
    tarei_judge_left(&item, &result);
}

TARE_TEST(a_report_that_is_finished_counts)
{
    make();
    report.finished = 1;
    report.cpu = 3;
    report.outcome = OUTCOME_SKIPPED;
    snprintf(report.message, sizeof report.message, "no moon");
    snprintf(report.note, sizeof report.note, "a note");
    judge((struct tarei_ended){0});
    TARE_CHECK_INT(result.outcome, OUTCOME_SKIPPED);
    TARE_CHECK_STR(result.message, "no moon");
    TARE_CHECK_STR(result.note, "a note");
    TARE_CHECK_INT(result.cpu, 3);
}

TARE_TEST(one_that_is_not_is_a_crash)
{
    make();
    report.part = PART_TEARDOWN;
    judge((struct tarei_ended){.status = EXITED(0)});
    TARE_CHECK_INT(result.outcome, OUTCOME_CRASHED);
    TARE_CHECK_STR(result.message, "ended its process in the middle, with exit "
                                   "status 0, in its tear-down");
    make();
    report.part = PART_CALL;
    report.crash = (struct tarei_crash){
        .signal = SIGBUS, .has_address = 1, .address = 0x1000};
    judge((struct tarei_ended){.status = SIGNALED(SIGBUS)});
    TARE_CHECK_INT(result.signal, SIGBUS);
    TARE_CHECK_STR(result.message,
                   "ended by signal 7 (Bus error) at address 0x1000");
    /* An address of another signal says nothing about this one. */
    judge((struct tarei_ended){.status = SIGNALED(SIGKILL)});
    TARE_CHECK_STR(result.message, "ended by signal 9 (Killed)");
}

/* A page that was written over is no reason to fall over it. */
TARE_TEST(garbage_in_the_report)
{
    make();
    memset(&report, 0x7f, sizeof report);
    report.finished = 0;
    judge((struct tarei_ended){.status = EXITED(1)});
    TARE_CHECK_INT(result.outcome, OUTCOME_CRASHED);
    memset(&report, 0x7f, sizeof report);
    report.outcome = OUTCOME_FAILED;
    judge((struct tarei_ended){0});
    TARE_CHECK_INT(strlen(result.message), CONTEXT_MESSAGE - 1);
}

TARE_TEST(limits)
{
    make();
    report.part = PART_CALL;
    judge((struct tarei_ended){
        .status = SIGNALED(SIGTERM), .timed_out = 1, .timeout_ms = 1500});
    TARE_CHECK_INT(result.outcome, OUTCOME_TIMEOUT);
    TARE_CHECK_STR(result.message, "ended after 1.500 s");
    judge((struct tarei_ended){.status = SIGNALED(SIGXCPU), .cpu_ms = 2000});
    TARE_CHECK_INT(result.outcome, OUTCOME_TIMEOUT);
    TARE_CHECK_STR(result.message, "ended after 2.000 s of CPU time");
    judge((struct tarei_ended){.status = SIGNALED(SIGXCPU)});
    TARE_CHECK_INT(result.outcome, OUTCOME_CRASHED);
}

TARE_TEST(what_was_expected, .args = "status=0,3,4; signal=0,6; xfail=0,1")
{
    int status = (int)tare_int(t, "status"), sig = (int)tare_int(t, "signal");
    int as_declared;

    make();
    report.part = PART_CALL;
    report.finished = status == 0 && sig == 0;
    item.def.exit_status = 3;
    item.def.xfail = tare_int(t, "xfail") ? "later" : NULL;
    judge((struct tarei_ended){.status = sig ? SIGNALED(sig) : EXITED(status)});
    as_declared = sig == 0 && status == 3;
    if (!item.def.xfail)
        TARE_CHECK((result.outcome == OUTCOME_PASSED) == as_declared);
    else
        TARE_CHECK_INT(result.outcome,
                       as_declared ? OUTCOME_FAILED : OUTCOME_XFAILED);
}

TARE_TEST(another_end_than_was_expected)
{
    make();
    report.part = PART_CALL;
    item.def.exit_status = 3;
    judge((struct tarei_ended){.status = EXITED(4)});
    TARE_CHECK_STR(result.message,
                   "ended its process in the middle, with exit status 4, but "
                   "was to end with exit status 3");
    make();
    report.part = PART_CALL;
    item.def.exit_status = 0;
    item.def.signal = SIGABRT;
    judge((struct tarei_ended){.status = SIGNALED(SIGKILL)});
    TARE_CHECK_STR(result.message, "ended by signal 9 (Killed), but was to be "
                                   "by signal 6 (Aborted)");
    item.def.signal = 0;
}

TARE_TEST(what_was_left)
{
    make();
    report.finished = 1;
    result.left = 2;
    judge((struct tarei_ended){0});
    TARE_CHECK_INT(result.outcome, OUTCOME_LEAKED);
    TARE_CHECK_STR(result.message, "left 2 processes behind, killed now");
    make();
    report.finished = 1;
    report.outcome = OUTCOME_FAILED;
    result.left = 1;
    judge((struct tarei_ended){0});
    TARE_CHECK_INT(result.outcome, OUTCOME_FAILED);
}
