/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests: one order, one answer. */
#include <config.h>

#include "runner/process/peer.h"

#include <signal.h>
#include <string.h>

#include "base/scope.h"
#include "runner/process/peer_state.h"

static int read_outcome(const struct message *message, enum test_outcome *out,
                        struct error *err)
{
    const char *name = message_text(message, "outcome");

    if (test_outcome_parse(name, out))
        return 0;
    return ERROR(err, ERR_PARSE, "a test's outcome is '%.40s'", name);
}

static int read_usage(const struct message *message, struct peer_tested *out,
                      struct error *err)
{
    const struct {
        const char *key;
        double *to;
    } times[] = {
        {"seconds", &out->seconds}, {"setup_s", &out->setup_s},
        {"call_s", &out->call_s},   {"teardown_s", &out->teardown_s},
        {"user_s", &out->user_s},   {"system_s", &out->system_s},
    };
    const struct {
        const char *key;
        int64_t *to;
    } counts[] = {
        {"max_rss", &out->max_rss},         {"switches", &out->switches},
        {"faults", &out->faults},           {"read_bytes", &out->read_bytes},
        {"write_bytes", &out->write_bytes},
    };
    int rc = 0;

    for (size_t i = 0; i < ARRAY_LEN(times) && rc == 0; i++)
        rc = message_double(message, times[i].key, -1, times[i].to, err);
    for (size_t i = 0; i < ARRAY_LEN(counts) && rc == 0; i++)
        rc = message_int(message, counts[i].key, -1, INT64_MAX, -1,
                         counts[i].to, err);
    return rc;
}

struct peer_tested peer_tested_unknown(enum test_outcome outcome,
                                       const char *message)
{
    return (struct peer_tested){
        .outcome = outcome,
        .message = message,
        .note = "",
        .output = "",
        .seconds = -1,
        .setup_s = -1,
        .call_s = -1,
        .teardown_s = -1,
        .cpu = -1,
        .user_s = -1,
        .system_s = -1,
        .max_rss = -1,
        .read_bytes = -1,
        .write_bytes = -1,
        .switches = -1,
        .faults = -1,
    };
}

int peer_read_tested(const struct message *message, struct peer_tested *out,
                     struct error *err)
{
    struct peer_tested tested = {.message = message_text(message, "message"),
                                 .note = message_text(message, "note"),
                                 .output = message_text(message, "output")};
    int64_t cpu, signal, shared;
    int rc;

    if (!peer_is(message, "tested"))
        return ERROR(err, ERR_PARSE, "'%.40s' is no answer to 'test'",
                     message->verb);
    rc = read_outcome(message, &tested.outcome, err);
    if (rc == 0)
        rc = read_usage(message, &tested, err);
    if (rc == 0)
        rc = message_int(message, "cpu", -1, INT16_MAX, -1, &cpu, err);
    if (rc == 0)
        rc = message_int(message, "signal", 0, NSIG, 0, &signal, err);
    if (rc == 0)
        rc = message_int(message, "left", 0, INT32_MAX, 0, &tested.left, err);
    if (rc == 0)
        rc = message_int(message, "shared", 0, 1, 0, &shared, err);
    if (rc < 0)
        return rc;
    tested.shared = shared == 1;
    tested.cpu = (int)cpu;
    tested.signal = (int)signal;
    *out = tested;
    return 0;
}

int peer_test(struct peer *peer, const char *name, int64_t timeout_ms,
              const struct watch *watch, struct peer_tested *out,
              struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf order = {0};
    struct error why = {0};
    struct message message;
    int rc;

    peer_begin(peer, "testing", name);
    message_begin(&order, "test");
    message_add(&order, "case", name);
    message_add_int(&order, "timeout_ms", timeout_ms);
    rc = peer_send(peer, &order, err);
    if (rc == 0)
        rc = peer_next(peer, watch, &message, err);
    if (rc < 0)
        return rc;
    if (peer_is(&message, "failed"))
        return peer_failed(peer, &message, err);
    if (!peer_is(&message, "tested"))
        return peer_unexpected(peer, &message, err);
    if (peer_read_tested(&message, out, &why) < 0)
        return peer_garbage(peer, &why, err);
    return 0;
}
