/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "bench/session.h"

#include <stdio.h>
#include <string.h>

#include "bench/clock.h"
#include "bench/fixture.h"
#include "bench/tested.h"

/* Large: not on the stack. */
static struct tare context;

static int64_t now_ns(void)
{
    return tarei_system_clock.monotonic_ns(NULL);
}

static void refuse(struct tarei_out *answer, const char *message)
{
    tarei_out_begin(answer, "failed");
    tarei_out_text(answer, "message", message);
}

static void answer_outcome(struct tarei_out *answer, const char *name)
{
    tarei_out_text(answer, "fixture", name);
    tarei_out_text(answer, "outcome",
                   context.outcome == OUTCOME_PASSED    ? "passed"
                   : context.outcome == OUTCOME_SKIPPED ? "skipped"
                                                        : "failed");
    if (context.outcome != OUTCOME_PASSED)
        tarei_out_text(answer, "message", context.message);
}

static void keep(const char *name, struct tarei_out *answer)
{
    int64_t begin_ns = now_ns(), end_ns;
    const char *value;

    tarei_context_begin(&context, NULL);
    value = tarei_fixture_keep(&context, name);
    end_ns = now_ns();
    if (value && strnlen(value, SESSION_VALUE_MAX) == SESSION_VALUE_MAX)
        tarei_context_fail(&context,
                           "fixture '%s' of the session returned no text, or "
                           "one over %d bytes",
                           name, SESSION_VALUE_MAX - 1);
    fflush(NULL);
    tarei_out_begin(answer, "kept");
    answer_outcome(answer, name);
    if (context.outcome == OUTCOME_PASSED)
        tarei_out_text(answer, "value", value);
    tarei_out_seconds(answer, "seconds", end_ns - begin_ns);
}

static void give(const struct tarei_message *order, const char *name,
                 struct tarei_out *answer)
{
    const char *outcome = tarei_message_get(order, "outcome");
    const char *message = tarei_message_get(order, "message");
    const struct tarei_gift gift = {
        .outcome = !outcome || strcmp(outcome, "passed") == 0 ? OUTCOME_PASSED
                   : strcmp(outcome, "skipped") == 0          ? OUTCOME_SKIPPED
                                                              : OUTCOME_FAILED,
        .value = tarei_message_get(order, "value"),
        .message = message ? message : "",
    };
    const char *folder = tarei_message_get(order, "folder");
    char problem[REGISTRY_TEXT];

    if (folder)
        tarei_tested_show_folder(folder);
    if (tarei_fixture_give(name, &gift, problem) < 0)
        refuse(answer, problem);
}

static void drop(const char *name, struct tarei_out *answer)
{
    int64_t begin_ns = now_ns();

    tarei_context_begin(&context, NULL);
    tarei_fixture_drop(&context, name);
    fflush(NULL);
    tarei_out_begin(answer, "dropped");
    answer_outcome(answer, name);
    tarei_out_seconds(answer, "seconds", now_ns() - begin_ns);
}

int tarei_session_obey(const struct tarei_message *order,
                       struct tarei_out *answer)
{
    const char *name = tarei_message_get(order, "fixture");
    int keeps = strcmp(order->verb, "keep") == 0;
    int gives = strcmp(order->verb, "give") == 0;

    answer->size = 0;
    if (!keeps && !gives && strcmp(order->verb, "drop") != 0)
        return 0;
    if (!name)
        refuse(answer, "the order names no fixture");
    else if (keeps)
        keep(name, answer);
    else if (gives)
        give(order, name, answer);
    else
        drop(name, answer);
    return 1;
}
