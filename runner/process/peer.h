/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A live program that speaks the wire protocol, seen by the coordinator.
 *
 * A peer that dies, hangs, closes its channel, writes garbage or speaks
 * another version gives one clear error at once: ERR_PEER (ERR_TIMEOUT when a
 * deadline passed, ERR_STOPPED when the user interrupted), which names the
 * program, says what it did (exit status, signal) and ends with the last lines
 * it printed.  After an error the peer is of no further use: peer_free(). */
#ifndef RUNNER_PROCESS_PEER_H
#define RUNNER_PROCESS_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "runner/process/cases.h"
#include "runner/process/guardian.h"
#include "runner/process/message.h"
#include "runner/process/outcome.h"
#include "runner/process/slot.h"
#include "runner/process/stage.h"
#include "runner/process/watch.h"

struct peer;

enum { PEER_HELLO_SECONDS = 10 };

/* name      what to call the program in errors, as the user named it; NULL
 *           means argv[0].  Copied
 * path      the file to execute, NULL means argv[0] (spawn_search() finds one)
 * argv      NULL-terminated; WIRE_ARGUMENT is put behind
 * env       base of its environment (environ), see slot_environment()
 * extra     further variables, or NULL
 * cwd       NULL for the coordinator's
 * seed      of this process: TARE_SEED and the padding of its environment
 * hello_ns  how long it may take to say hello, 0 means PEER_HELLO_SECONDS
 * own_cgroup  SPAWN_OWN_CGROUP
 * stream    what it prints goes where the coordinator's output goes, and is not
 *           kept */
struct peer_options {
    const char *name;
    const char *path;
    char *const *argv;
    char *const *env;
    char *const *extra;
    const char *cwd;
    uint64_t seed;
    int64_t hello_ns;
    bool own_cgroup;
    bool stream;
};

/* Start a program in a slot and wait for its hello.  The caller owns *out.
 * guardian, slot and stage are borrowed and must outlive the peer.
 *
 * Returns 0, ERR_PEER (cannot be run, not a Tare program, another protocol),
 * ERR_TIMEOUT, ERR_STOPPED, ERR_SYS, ERR_NOMEM. */
int peer_start(struct guardian *guardian, struct slot *slot,
               struct stage *stage, const struct peer_options *options,
               const struct watch *watch, struct peer **out, struct error *err);

/* The two steps of that, for those who start several: orders may be sent before
 * the hello, which whoever waits for the answer takes first.  peer_greet() waits
 * for it, and for no longer than it may take. */
int peer_launch(struct guardian *guardian, struct slot *slot,
                struct stage *stage, const struct peer_options *options,
                struct peer **out, struct error *err);
int peer_greet(struct peer *peer, const struct watch *watch, struct error *err);
bool peer_has_greeted(const struct peer *peer);

/* Kill it if it lives, with all it started, and free it.  NULL is allowed. */
void peer_free(struct peer *peer);

const char *peer_name(const struct peer *peer);
const char *peer_library(const struct peer *peer); /* version of its libtare */
pid_t peer_pid(const struct peer *peer);

/* Read its binding back.  *as_asked: it may run on exactly the slot's CPUs (or
 * the slot has none).  Returns 0, or ERR_PEER when it is gone. */
int peer_binding(const struct peer *peer, bool *as_asked, struct error *err);

/* How it ended; NULL while nobody knows of its end. */
const struct child_end *peer_ended(const struct peer *peer);

/* What it printed so far, at most the last max bytes (0: all). */
void peer_output(struct peer *peer, size_t max, struct strbuf *out);

/* All its cases.  *out is filled on success; the caller clears it. */
int peer_list(struct peer *peer, const struct watch *watch,
              struct peer_cases *out, struct error *err);

enum peer_outcome {
    PEER_DONE = 0,
    PEER_FAILED,  /* the case said so; see message */
    PEER_SKIPPED, /* the case said so; see message */
};

enum peer_form {
    PEER_LOOP = 0,
    PEER_BATCH,   /* fresh input per iteration */
    PEER_MANUAL,  /* the body says its time */
    PEER_LATENCY, /* each iteration timed by itself */
};

/* Strings live in the peer until its next order. */
struct peer_opened {
    enum peer_outcome outcome;
    enum peer_form form;
    const char *message;
};

/* Open a benchmark as side 0 or 1 of the scripts to come. */
int peer_open(struct peer *peer, const char *name, int side,
              const struct watch *watch, struct peer_opened *out,
              struct error *err);

/* Perform a script with one open peer, or two that take turns (peers[i] was
 * opened as side i; with one, every slice is of the side it was opened as).
 *
 * order, n  the script, 1 to WIRE_SLICES_MAX slices
 * out       n checked slices
 *
 * On failure the stage's abort flag is set, so that the other side leaves;
 * *culprit is the index of the peer at fault, -1 for none (stopped).  A body
 * that says `failed` gives ERR_PEER, and peer_said() its own words. */
int peer_run(struct peer *const *peers, size_t n_peers, struct stage *stage,
             const struct stage_order *order, size_t n,
             const struct watch *watch, struct stage_slice *out, int *culprit,
             struct error *err);

/* Forget the last answer and say what comes now ("opening"), with the case's
 * name where there is one. */
void peer_begin(struct peer *peer, const char *doing, const char *name);

/* What the case itself said when it failed; NULL when it said nothing (it
 * crashed, hung, broke the protocol) or nothing failed. */
const char *peer_said(const struct peer *peer);

struct peer_counter {
    const char *name;
    double value;
    const char *unit;
    const char *better; /* "lower", "higher", "none" */
};

/* Quantiles of an iteration's time, in ns, over all that count. */
enum { PEER_QUANTILES = 4 };
extern const double peer_quantile[PEER_QUANTILES]; /* 0.5, 0.9, 0.99, 0.999 */

struct peer_latency {
    int64_t count; /* iterations; 0: the benchmark has no latencies */
    double ns[PEER_QUANTILES];
};

/* Strings and the list live in the peer until its next order. */
struct peer_closed {
    enum peer_outcome outcome; /* PEER_DONE or PEER_FAILED */
    const char *message;
    double items;       /* per iteration, 0 when not declared */
    double bytes;       /* per iteration, 0 when not declared */
    const char *result; /* 16 hexadecimal digits, "" when not declared */
    int64_t max_rss;    /* bytes, -1 unknown */
    struct peer_latency latency;
    struct peer_counter *counter;
    size_t n_counters;
};

/* End the open benchmark and take what it declared. */
int peer_close(struct peer *peer, const struct watch *watch,
               struct peer_closed *out, struct error *err);

/* Strings live in the peer until its next order. */
struct peer_tested {
    enum test_outcome outcome;
    const char *message;
    const char *note;   /* what it left lying about, "" */
    const char *output; /* the end of what it printed */
    int signal;         /* that ended it, 0 for none */
    int64_t left;       /* processes it left behind */
    bool shared;        /* namespaces were asked for and are not allowed */
    /* -1 is unknown */
    double seconds; /* wall time */
    double setup_s, call_s, teardown_s;
    int cpu; /* OS index */
    double user_s, system_s;
    int64_t max_rss;                 /* bytes */
    int64_t read_bytes, write_bytes; /* from and to storage */
    int64_t switches, faults;
};

/* A result of which nothing is known but what ended it.  Borrowed. */
struct peer_tested peer_tested_unknown(enum test_outcome outcome,
                                       const char *message);

/* Run one test.  timeout_ms is the library's to keep; the watch should allow
 * more. */
int peer_test(struct peer *peer, const char *name, int64_t timeout_ms,
              const struct watch *watch, struct peer_tested *out,
              struct error *err);

/* Hang up: a test that runs is ended, what was sent ahead is not begun, what
 * was set up is torn down.  peer_end() then waits for it. */
void peer_hang_up(struct peer *peer);

/* Say bye and wait for the end.  Returns 0 when it exited with 0; else
 * ERR_PEER, ERR_TIMEOUT or ERR_STOPPED.  end may be NULL; it is filled in
 * whenever the peer ended.  The peer is still to be freed. */
int peer_end(struct peer *peer, const struct watch *watch,
             struct child_end *end, struct error *err);

/* For those who keep many peers busy at a time (one order each).  Send an
 * order made with message_begin(); then wait for the next message of any.
 *
 * *which is the peer that spoke, or the one at fault when ERR_PEER is
 * returned.  The message lives until that peer is used again. */
int peer_send(struct peer *peer, const struct strbuf *order, struct error *err);
int peers_next(struct peer *const *peers, size_t n, const struct watch *watch,
               size_t *which, struct message *message, struct error *err);

/* Read the answer to `test` (verb `tested`). */
int peer_read_tested(const struct message *message, struct peer_tested *out,
                     struct error *err);

#endif
