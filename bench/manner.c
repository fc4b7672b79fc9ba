/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "bench/manner.h"

#include <string.h>

enum { WEEK_MS = 7 * 24 * 3600 * 1000 };

static const char *const isolation[] = {[ISOLATE_PROCESS] = "process",
                                        [ISOLATE_NONE] = "worker",
                                        [ISOLATE_NAMESPACES] = "ns"};
enum { ISOLATIONS = sizeof isolation / sizeof isolation[0] };

static const char *read_isolation(const char *said, enum tarei_isolation *out)
{
    for (int i = 0; i < ISOLATIONS; i++)
        if (strcmp(said, isolation[i]) == 0) {
            *out = (enum tarei_isolation)i;
            return NULL;
        }
    return "the order's isolation is no word that this libtare knows";
}

const char *tarei_manner_read(const struct tarei_message *order,
                              struct tarei_manner *out)
{
    const char *said = tarei_message_get(order, "isolation");
    struct tarei_manner manner = {0};
    int64_t stream = 0;
    const struct {
        const char *key;
        int64_t high;
        int64_t *to;
        const char *problem;
    } number[] = {
        {"timeout_ms", WEEK_MS, &manner.timeout_ms,
         "the order's timeout_ms is no number"},
        {"cpu_ms", WEEK_MS, &manner.cpu_ms, "the order's cpu_ms is no number"},
        {"grace_ms", WEEK_MS, &manner.grace_ms,
         "the order's grace_ms is no number"},
        {"stream", 1, &stream, "the order's stream is neither 0 nor 1"},
    };
    const char *problem = said ? read_isolation(said, &manner.isolation) : NULL;

    for (size_t i = 0; i < sizeof number / sizeof number[0] && !problem; i++)
        if (tarei_message_get(order, number[i].key) &&
            tarei_message_int(order, number[i].key, 0, number[i].high,
                              number[i].to) < 0)
            problem = number[i].problem;
    manner.stream = (int)stream;
    if (!problem)
        *out = manner;
    return problem;
}

static void add_parts(struct tarei_out *out, const struct tarei_tested *result)
{
    static const char *const key[PARTS] = {[PART_SETUP] = "setup_s",
                                           [PART_CALL] = "call_s",
                                           [PART_TEARDOWN] = "teardown_s"};

    for (int i = 0; i < PARTS; i++)
        if (result->part_ns[i] >= 0)
            tarei_out_seconds(out, key[i], result->part_ns[i]);
}

static void add_usage(struct tarei_out *out, const struct tarei_tested *result)
{
    tarei_out_seconds(out, "user_s", result->user_ns);
    tarei_out_seconds(out, "system_s", result->system_ns);
    if (result->max_rss >= 0)
        tarei_out_int(out, "max_rss", result->max_rss);
    tarei_out_int(out, "switches", result->switches);
    tarei_out_int(out, "faults", result->faults);
    tarei_out_int(out, "read_bytes", result->read_bytes);
    tarei_out_int(out, "write_bytes", result->write_bytes);
}

void tarei_tested_write(struct tarei_out *out,
                        const struct tarei_tested *result)
{
    static const char *const name[] = {
        [OUTCOME_PASSED] = "passed",   [OUTCOME_FAILED] = "failed",
        [OUTCOME_SKIPPED] = "skipped", [OUTCOME_CRASHED] = "crashed",
        [OUTCOME_TIMEOUT] = "timeout", [OUTCOME_LEAKED] = "leaked",
        [OUTCOME_XFAILED] = "xfailed",
    };

    tarei_out_begin(out, "tested");
    tarei_out_text(out, "outcome", name[result->outcome]);
    tarei_out_seconds(out, "seconds", result->elapsed_ns);
    add_parts(out, result);
    tarei_out_int(out, "cpu", result->cpu);
    if (result->signal)
        tarei_out_int(out, "signal", result->signal);
    add_usage(out, result);
    if (result->left)
        tarei_out_int(out, "left", result->left);
    if (result->shared)
        tarei_out_int(out, "shared", 1);
    if (result->message[0])
        tarei_out_text(out, "message", result->message);
    if (result->note[0])
        tarei_out_text(out, "note", result->note);
    if (result->output_size)
        tarei_out_tail(out, "output", result->output, result->output_size);
}
