/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Benchmarks: open, run scripts with one side or two, close. */
#include <config.h>

#include "runner/process/peer.h"

#include <stdio.h>
#include <string.h>

#include "base/scope.h"
#include "runner/process/peer_state.h"

enum { COUNTERS_MAX = 1024 };

/* --- opening */

static int read_form(struct peer *peer, const struct message *message,
                     enum peer_form *out, struct error *err)
{
    static const char *const forms[] = {
        [PEER_LOOP] = "loop",
        [PEER_BATCH] = "batch",
        [PEER_MANUAL] = "manual",
        [PEER_LATENCY] = "latency",
    };
    const char *form = message_text(message, "form");

    for (size_t i = 0; i < ARRAY_LEN(forms); i++)
        if (strcmp(form, forms[i]) == 0) {
            *out = (enum peer_form)i;
            return 0;
        }
    return peer_fault(peer, ERR_PEER, err,
                      "broke the protocol while %s: its form is '%.40s'",
                      peer->doing, form);
}

static int read_opened(struct peer *peer, const struct message *message,
                       int side, struct peer_opened *out, struct error *err)
{
    struct peer_opened opened = {.message =
                                     peer_keep(peer, message, "message")};
    int rc = 0;

    if (peer_is(message, "opened"))
        rc = read_form(peer, message, &opened.form, err);
    else if (peer_is(message, "failed"))
        opened.outcome = PEER_FAILED;
    else if (peer_is(message, "skipped"))
        opened.outcome = PEER_SKIPPED;
    else
        rc = peer_unexpected(peer, message, err);
    if (rc < 0)
        return rc;
    peer->side = opened.outcome == PEER_DONE ? side : -1;
    peer->manual = opened.form == PEER_MANUAL;
    *out = opened;
    return 0;
}

int peer_open(struct peer *peer, const char *name, int side,
              const struct watch *watch, struct peer_opened *out,
              struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf order = {0};
    struct message message;
    int rc;

    if (side < 0 || side >= WIRE_SIDES)
        return ERROR(err, ERR_INVAL, "there is no side %d", side);
    snprintf(peer->open_name, sizeof peer->open_name, "%s", name);
    peer_begin(peer, "opening", name);
    message_begin(&order, "open");
    message_add(&order, "case", name);
    message_add_int(&order, "side", side);
    rc = peer_send(peer, &order, err);
    if (rc == 0)
        rc = peer_next(peer, watch, &message, err);
    if (rc == 0)
        rc = read_opened(peer, &message, side, out, err);
    return rc;
}

/* --- scripts */

/* Are the peers open, as the sides that the script names? */
static int check_script(struct peer *const *peers, size_t n_peers,
                        const struct stage_order *order, size_t n,
                        struct error *err)
{
    if (n_peers < 1 || n_peers > WIRE_SIDES)
        return ERROR(err, ERR_INVAL, "a script has one side or two, not %zu",
                     n_peers);
    for (size_t i = 0; i < n_peers; i++)
        if (peers[i]->side < 0 || (n_peers == 2 && peers[i]->side != (int)i))
            return ERROR(err, ERR_INVAL, "'%s' is not open as side %zu",
                         peers[i]->name, i);
    for (size_t i = 0; i < n && n_peers == 1; i++)
        if ((int)order[i].side != peers[0]->side)
            return ERROR(err, ERR_INVAL, "slice %zu is of a side not there", i);
    return 0;
}

/* Who holds up the script: the side whose turn it is, if it has yet to
 * answer. */
static int find_overdue(struct peer *const *peers, size_t n_peers,
                        const struct stage *stage, const bool *ran)
{
    int side = stage_turn_side(stage);

    for (size_t i = 0; i < n_peers; i++)
        if (!ran[i] && peers[i]->side == side)
            return (int)i;
    return ran[0] ? (int)n_peers - 1 : 0;
}

/* Wait until all answered `ran`. */
static int await_ran(struct peer *const *peers, size_t n_peers,
                     const struct stage *stage, const struct watch *watch,
                     int *culprit, struct error *err)
{
    bool ran[WIRE_SIDES] = {false};

    for (size_t left = n_peers; left;) {
        struct message message;
        size_t which = 0;
        int rc = peers_next(peers, n_peers, watch, &which, &message, err);

        *culprit = (int)which;
        if (rc == ERR_TIMEOUT) {
            *culprit = find_overdue(peers, n_peers, stage, ran);
            return peer_overdue(peers[*culprit], err);
        }
        if (rc != 0 && rc != ERR_PEER)
            *culprit = -1;
        if (rc < 0)
            return rc;
        if (peer_is(&message, "failed"))
            return peer_failed(peers[which], &message, err);
        if (!peer_is(&message, "ran") || ran[which])
            return peer_unexpected(peers[which], &message, err);
        ran[which] = true;
        left--;
    }
    return 0;
}

static int collect(struct peer *const *peers, size_t n_peers,
                   const struct stage *stage, const int64_t span[2],
                   struct stage_slice *out, size_t n, int *culprit,
                   struct error *err)
{
    bool manual[WIRE_SIDES] = {false};
    struct error why = {0};
    int side = 0;
    int rc;

    for (size_t i = 0; i < n_peers; i++)
        manual[peers[i]->side] = peers[i]->manual;
    rc = stage_collect(stage, span[0], span[1], manual, out, n, &side, &why);
    if (rc == 0)
        return 0;
    *culprit = n_peers == 1 ? 0 : side;
    return peer_fault(peers[*culprit], ERR_PEER, err, "%s", why.text);
}

static int perform(struct peer *const *peers, size_t n_peers,
                   struct stage *stage, const struct watch *watch,
                   struct stage_slice *out, size_t n, int *culprit,
                   struct error *err)
{
    int64_t span[2] = {watch_now_ns()};
    int rc;

    for (size_t i = 0; i < n_peers; i++) {
        peer_begin(peers[i], "running", peers[i]->open_name);
        rc = peer_order(peers[i], "run", err);
        *culprit = (int)i;
        if (rc < 0)
            return rc;
    }
    rc = await_ran(peers, n_peers, stage, watch, culprit, err);
    span[1] = watch_now_ns();
    if (rc == 0)
        rc = collect(peers, n_peers, stage, span, out, n, culprit, err);
    return rc;
}

int peer_run(struct peer *const *peers, size_t n_peers, struct stage *stage,
             const struct stage_order *order, size_t n,
             const struct watch *watch, struct stage_slice *out, int *culprit,
             struct error *err)
{
    int rc = check_script(peers, n_peers, order, n, err);

    *culprit = -1;
    if (rc == 0)
        rc = stage_script(stage, order, n, err);
    if (rc < 0)
        return rc;
    rc = perform(peers, n_peers, stage, watch, out, n, culprit, err);
    if (rc < 0)
        stage_abort(stage);
    else
        *culprit = -1;
    return rc;
}

/* --- closing */

static int read_counter(struct peer *peer, const struct message *message,
                        struct peer_closed *out, struct error *err)
{
    struct peer_counter *counter;

    if (out->n_counters == COUNTERS_MAX)
        return ERROR(err, ERR_PARSE, "more than %d counters", COUNTERS_MAX);
    counter = arena_grow(&peer->answer, out->counter, out->n_counters,
                         sizeof *counter);
    if (!counter)
        return ERROR(err, ERR_NOMEM, "no memory for a counter");
    out->counter = counter;
    counter += out->n_counters;
    counter->name = peer_keep(peer, message, "name");
    counter->unit = peer_keep(peer, message, "unit");
    counter->better = peer_keep(peer, message, "better");
    if (!counter->name[0] || !message_get(message, "value"))
        return ERROR(err, ERR_PARSE, "a counter without name or value");
    out->n_counters++;
    return message_double(message, "value", 0, &counter->value, err);
}

const double peer_quantile[PEER_QUANTILES] = {0.5, 0.9, 0.99, 0.999};

static int read_latency(const struct message *message, struct peer_latency *out,
                        struct error *err)
{
    static const char *const key[PEER_QUANTILES] = {"p50", "p90", "p99",
                                                    "p999"};
    int rc = message_int(message, "latency_count", 0, INT64_MAX, 0, &out->count,
                         err);

    for (int i = 0; i < PEER_QUANTILES && rc == 0 && out->count; i++) {
        rc = message_double(message, key[i], -1, &out->ns[i], err);
        if (rc == 0 && !(out->ns[i] >= 0))
            rc = ERROR(err, ERR_PARSE, "latencies without '%s'", key[i]);
    }
    return rc;
}

static bool is_digest(const char *text)
{
    return text[0] == '\0' ||
           (strlen(text) == 16 && strspn(text, "0123456789abcdef") == 16);
}

static int read_closed(struct peer *peer, const struct message *message,
                       struct peer_closed *out, struct error *err)
{
    int rc = message_double(message, "items", 0, &out->items, err);

    if (rc == 0)
        rc = message_double(message, "bytes", 0, &out->bytes, err);
    if (rc == 0)
        rc = message_int(message, "max_rss", 0, INT64_MAX, -1, &out->max_rss,
                         err);
    if (rc == 0)
        rc = read_latency(message, &out->latency, err);
    if (rc < 0)
        return rc;
    out->result = peer_keep(peer, message, "result");
    if (!is_digest(out->result))
        return ERROR(err, ERR_PARSE, "the result '%.40s' is not 16 digits",
                     out->result);
    if (out->items < 0 || out->bytes < 0)
        return ERROR(err, ERR_PARSE, "a negative throughput");
    return 0;
}

static int take_closed(struct peer *peer, const struct watch *watch,
                       struct peer_closed *out, struct error *err)
{
    for (;;) {
        struct message message;
        struct error why = {0};
        int rc = peer_next(peer, watch, &message, err);

        if (rc < 0)
            return rc;
        if (peer_is(&message, "failed")) {
            out->outcome = PEER_FAILED;
            out->message = peer_keep(peer, &message, "message");
            return 0;
        }
        if (peer_is(&message, "counter"))
            rc = read_counter(peer, &message, out, &why);
        else if (peer_is(&message, "closed"))
            rc = read_closed(peer, &message, out, &why);
        else
            return peer_unexpected(peer, &message, err);
        if (rc < 0)
            return peer_garbage(peer, &why, err);
        if (peer_is(&message, "closed"))
            return 0;
    }
}

int peer_close(struct peer *peer, const struct watch *watch,
               struct peer_closed *out, struct error *err)
{
    struct peer_closed closed = {.message = "", .result = "", .max_rss = -1};
    int rc;

    peer_begin(peer, "closing", peer->open_name);
    rc = peer_order(peer, "close", err);
    if (rc == 0)
        rc = take_closed(peer, watch, &closed, err);
    if (rc < 0)
        return rc;
    peer->side = -1;
    *out = closed;
    return 0;
}
