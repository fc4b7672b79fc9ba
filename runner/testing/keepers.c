/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One process a program that keeps what all its workers share. */
#include <config.h>

#include "runner/testing/keepers.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "runner/process/slot.h"

enum kept_state { KEPT_PENDING = 0, KEPT_ENDED };

/* One fixture. */
struct kept {
    enum kept_state state;
    enum test_outcome outcome; /* passed, failed or skipped */
    const char *name;
    const char *value; /* NULL where there is none */
    const char *message;
    bool lost; /* it stood in a process that is gone: nobody tears it down */
};

/* The fixtures of a program, in the order they were asked for: set-ups are
 * answered in that order. */
struct keeper {
    struct peer *peer; /* NULL before, and after it was lost */
    struct kept *kept;
    size_t n, n_ended;
    size_t given; /* the first ones: they stood before this peer did */
    int64_t limit_ns, deadline_ns; /* of the set-up that runs */
};

struct keepers {
    struct keepers_options options;
    struct slot *slot; /* NULL before there is a keeper */
    struct keeper *keeper;
    struct arena arena;
};

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a fixture");
}

/* ---- begin and end */

int keepers_open(const struct keepers_options *options, struct keepers **out,
                 struct error *err)
{
    struct keepers *k = calloc(1, sizeof *k);

    if (!k)
        return no_memory(err);
    k->options = *options;
    k->keeper = calloc(options->n_programs + 1, sizeof *k->keeper);
    if (!k->keeper) {
        keepers_close(k);
        return no_memory(err);
    }
    *out = k;
    return 0;
}

void keepers_close(struct keepers *k)
{
    if (!k)
        return;
    for (size_t p = 0; k->keeper && p < k->options.n_programs; p++)
        peer_free(k->keeper[p].peer);
    slot_close(k->slot);
    free(k->keeper);
    arena_clear(&k->arena);
    free(k);
}

static int open_slot(struct keepers *k, struct error *err)
{
    struct slot_options slot = {
        .worker = "session",
        .workers = k->options.n_workers,
        .port_base = k->options.port_base,
        .tmpdir = k->options.tmpdir,
    };

    return k->slot ? 0 : slot_open(k->options.guardian, &slot, &k->slot, err);
}

static int start(struct keepers *k, size_t program, struct error *err)
{
    const struct keepers_options *o = &k->options;
    const struct catalog_program *p = &o->program[program];
    struct watch watch = {.stop_fd = o->stop_fd};
    struct peer_options options = {
        .name = p->label,
        .argv = p->argv,
        .env = o->env,
        .extra = p->env,
        .cwd = p->cwd,
        .seed = o->seed,
        .own_cgroup = true,
        .stream = o->stream,
    };
    int rc = open_slot(k, err);

    return rc < 0 ? rc
                  : peer_start(o->guardian, k->slot, o->stage, &options, &watch,
                               &k->keeper[program].peer, err);
}

/* ---- set-up */

/* The next word of "a,b"; *list moves behind it. */
static size_t next_name(const char **list, const char **name)
{
    size_t size;

    *list += strspn(*list, ",");
    *name = *list;
    size = strcspn(*list, ",");
    *list += size;
    return size;
}

static struct kept *find(const struct keeper *keeper, const char *name,
                         size_t size)
{
    for (size_t i = 0; i < keeper->n; i++)
        if (strlen(keeper->kept[i].name) == size &&
            memcmp(keeper->kept[i].name, name, size) == 0)
            return &keeper->kept[i];
    return NULL;
}

static struct kept *add(struct keepers *k, struct keeper *keeper,
                        const char *name, size_t size)
{
    struct kept *all =
        arena_grow(&k->arena, keeper->kept, keeper->n, sizeof *all);
    const char *copy = arena_memdup(&k->arena, name, size);

    if (!all || !copy)
        return NULL;
    keeper->kept = all;
    all[keeper->n] = (struct kept){.name = copy, .message = ""};
    return &all[keeper->n++];
}

static void start_clock(struct keeper *keeper)
{
    keeper->deadline_ns = watch_now_ns() + keeper->limit_ns;
}

static int send_keep(struct keeper *keeper, const char *name, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf order = {0};

    peer_begin(keeper->peer, "setting it up", NULL);
    message_begin(&order, "keep");
    message_add(&order, "fixture", name);
    return peer_send(keeper->peer, &order, err);
}

/* What is wrong with the keeper is the outcome of its fixtures; what is wrong
 * with the coordinator ends the run. */
static int settle(struct keepers *k, size_t program, int rc,
                  const struct error *why, struct error *err)
{
    if (rc == ERR_PEER || rc == ERR_TIMEOUT)
        return keepers_lose(k, program, why->text, err);
    if (rc < 0 && rc != ERR_STOPPED && err)
        *err = *why;
    return rc == ERR_STOPPED ? 0 : rc; /* the next wait says so */
}

/* A process for those from n_ended on; it is given what stands already, which
 * they may need, so that nothing is set up twice. */
static int start_for_rest(struct keepers *k, size_t program, struct error *why)
{
    struct keeper *keeper = &k->keeper[program];
    int rc = start(k, program, why);

    keeper->given = 0;
    if (rc == 0)
        rc = keepers_give(k, program, keeper->peer, &keeper->given, why);
    for (size_t i = keeper->n_ended; i < keeper->n && rc == 0; i++)
        rc = send_keep(keeper, keeper->kept[i].name, why);
    start_clock(keeper);
    return rc;
}

static int want_one(struct keepers *k, size_t program, const char *name,
                    size_t size, struct error *err)
{
    struct keeper *keeper = &k->keeper[program];
    struct error why = {0};
    struct kept *kept;
    int rc = 0;

    if (find(keeper, name, size))
        return 0;
    kept = add(k, keeper, name, size);
    if (!kept)
        return no_memory(err);
    if (!keeper->peer) {
        rc = start_for_rest(k, program, &why);
        return settle(k, program, rc, &why, err);
    }
    if (keeper->n_ended == keeper->n - 1)
        start_clock(keeper);
    rc = send_keep(keeper, kept->name, &why);
    return settle(k, program, rc, &why, err);
}

int keepers_want(struct keepers *k, size_t program, const char *session,
                 int64_t limit_ns, struct error *err)
{
    const char *name;
    size_t size;
    int rc = 0;

    if (limit_ns > k->keeper[program].limit_ns)
        k->keeper[program].limit_ns = limit_ns;
    while (rc == 0 && (size = next_name(&session, &name)) > 0)
        rc = want_one(k, program, name, size, err);
    return rc;
}

bool keepers_ready(const struct keepers *k, size_t program, const char *session)
{
    const char *name;
    size_t size;

    while ((size = next_name(&session, &name)) > 0) {
        const struct kept *kept = find(&k->keeper[program], name, size);

        if (!kept || kept->state == KEPT_PENDING)
            return false;
    }
    return true;
}

static int give_one(const struct keepers *k, const struct kept *kept,
                    struct peer *peer, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf order = {0};

    message_begin(&order, "give");
    message_add(&order, "fixture", kept->name);
    message_add(&order, "outcome", test_outcome_name(kept->outcome));
    if (kept->value)
        message_add(&order, "value", kept->value);
    if (kept->message[0])
        message_add(&order, "message", kept->message);
    if (k->slot)
        message_add(&order, "folder", k->slot->folder);
    return peer_send(peer, &order, err);
}

int keepers_give(struct keepers *k, size_t program, struct peer *peer,
                 size_t *given, struct error *err)
{
    const struct keeper *keeper = &k->keeper[program];
    int rc = 0;

    while (*given < keeper->n_ended && rc == 0)
        rc = give_one(k, &keeper->kept[(*given)++], peer, err);
    return rc;
}

/* ---- answers */

size_t keepers_collect(struct keepers *k, struct peer **peer, size_t *owner,
                       size_t n, size_t first, int64_t *deadline_ns)
{
    for (size_t p = 0; p < k->options.n_programs; p++) {
        struct keeper *keeper = &k->keeper[p];

        if (!keeper->peer || keeper->n_ended == keeper->n)
            continue;
        peer[n] = keeper->peer;
        owner[n++] = first + p;
        if (keeper->deadline_ns < *deadline_ns)
            *deadline_ns = keeper->deadline_ns;
    }
    return n;
}

static void tell_time(struct keepers *k, size_t program, const char *fixture,
                      bool setup, const struct message *message)
{
    double seconds;

    if (k->options.timed &&
        message_double(message, "seconds", -1, &seconds, NULL) == 0 &&
        seconds >= 0)
        k->options.timed(k->options.ctx, k->options.program[program].name,
                         fixture, setup, (int64_t)(seconds * 1e9));
}

int keepers_take(struct keepers *k, size_t program,
                 const struct message *message, struct error *err)
{
    struct keeper *keeper = &k->keeper[program];
    struct kept *kept = &keeper->kept[keeper->n_ended];
    const char *value = message_get(message, "value");

    if (strcmp(message->verb, "kept") != 0 ||
        strcmp(message_text(message, "fixture"), kept->name) != 0 ||
        !test_outcome_parse(message_text(message, "outcome"), &kept->outcome))
        return keepers_lose(k, program, "its keeper answered nonsense", err);
    kept->message = arena_strdup(&k->arena, message_text(message, "message"));
    kept->value = value ? arena_strdup(&k->arena, value) : NULL;
    if (!kept->message || (value && !kept->value))
        return no_memory(err);
    kept->state = KEPT_ENDED;
    keeper->n_ended++;
    start_clock(keeper);
    if (kept->outcome == TEST_PASSED)
        tell_time(k, program, kept->name, true, message);
    return 0;
}

/* What the keeper set up stands without anybody to tear it down. */
static void bury(struct keeper *keeper)
{
    for (size_t i = keeper->given; i < keeper->n_ended; i++)
        keeper->kept[i].lost = keeper->kept[i].outcome == TEST_PASSED;
    peer_free(keeper->peer);
    keeper->peer = NULL;
}

int keepers_lose(struct keepers *k, size_t program, const char *why,
                 struct error *err)
{
    struct keeper *keeper = &k->keeper[program];
    struct error again = {0};
    struct kept *kept;
    int rc;

    bury(keeper);
    if (keeper->n_ended == keeper->n)
        return 0;
    kept = &keeper->kept[keeper->n_ended++];
    kept->state = KEPT_ENDED;
    kept->outcome = TEST_FAILED;
    kept->message = arena_strdup(&k->arena, why);
    if (!kept->message)
        return no_memory(err);
    if (keeper->n_ended == keeper->n)
        return 0;
    rc = start_for_rest(k, program, &again);
    return settle(k, program, rc, &again, err);
}

int keepers_expire(struct keepers *k, int64_t now_ns, struct error *err)
{
    char why[96];

    for (size_t p = 0; p < k->options.n_programs; p++) {
        struct keeper *keeper = &k->keeper[p];
        int rc;

        if (!keeper->peer || keeper->n_ended == keeper->n ||
            keeper->deadline_ns > now_ns)
            continue;
        snprintf(why, sizeof why, "its set-up took longer than %.3g s",
                 (double)keeper->limit_ns / 1e9);
        rc = keepers_lose(k, p, why, err);
        return rc < 0 ? rc : 1;
    }
    return 0;
}

/* ---- tear-down */

/* The next answer of the keeper alone, about this fixture; 0, or -1 with its end
 * told. */
static int await(struct keepers *k, size_t program, const struct kept *kept,
                 int64_t limit_ns, struct message *message,
                 struct strbuf *complaints)
{
    struct watch outer = {.stop_fd = -1};
    struct watch watch = watch_within(&outer, limit_ns);
    struct keeper *keeper = &k->keeper[program];
    struct error why = {0};
    size_t which;

    if (peers_next(&keeper->peer, 1, &watch, &which, message, &why) == 0)
        return 0;
    strbuf_printf(complaints, "fixture '%s' of the session: %s\n", kept->name,
                  why.text);
    peer_free(keeper->peer);
    keeper->peer = NULL;
    return -1;
}

/* Interrupted set-ups are waited for: half of one cannot be torn down. */
static void finish_pending(struct keepers *k, size_t program, int64_t limit_ns,
                           struct strbuf *complaints)
{
    struct keeper *keeper = &k->keeper[program];
    struct message message;

    while (keeper->peer && keeper->n_ended < keeper->n)
        if (await(k, program, &keeper->kept[keeper->n_ended], limit_ns,
                  &message, complaints) < 0 ||
            keepers_take(k, program, &message, NULL) < 0)
            return;
}

static void drop(struct keepers *k, size_t program, const struct kept *kept,
                 int64_t limit_ns, struct strbuf *complaints)
{
    SCOPED(strbuf_scoped) struct strbuf order = {0};
    struct keeper *keeper = &k->keeper[program];
    struct message message;

    peer_begin(keeper->peer, "tearing it down", NULL);
    message_begin(&order, "drop");
    message_add(&order, "fixture", kept->name);
    peer_send(keeper->peer, &order, NULL);
    if (await(k, program, kept, limit_ns, &message, complaints) < 0)
        return;
    if (message_text(&message, "message")[0])
        strbuf_printf(complaints, "%s: %s\n", k->options.program[program].label,
                      message_text(&message, "message"));
    else
        tell_time(k, program, kept->name, false, &message);
}

static void end_one(struct keepers *k, size_t program, int64_t limit_ns,
                    struct strbuf *complaints)
{
    struct watch outer = {.stop_fd = -1};
    struct watch watch = watch_within(&outer, limit_ns);
    struct keeper *keeper = &k->keeper[program];
    struct error why = {0};

    finish_pending(k, program, limit_ns, complaints);
    for (size_t i = keeper->n; i-- > 0;) {
        const struct kept *kept = &keeper->kept[i];

        if (kept->lost)
            strbuf_printf(complaints,
                          "%s: fixture '%s' is not torn down: its process "
                          "ended before\n",
                          k->options.program[program].label, kept->name);
        else if (kept->outcome == TEST_PASSED && keeper->peer)
            drop(k, program, kept, limit_ns, complaints);
    }
    if (keeper->peer && peer_end(keeper->peer, &watch, NULL, &why) < 0)
        strbuf_printf(complaints, "%s\n", why.text);
    peer_free(keeper->peer);
    keeper->peer = NULL;
}

void keepers_end(struct keepers *k, int64_t limit_ns, struct strbuf *complaints)
{
    for (size_t p = k->options.n_programs; p-- > 0;)
        end_one(k, p, limit_ns, complaints);
}
