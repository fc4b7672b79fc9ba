/* SPDX-License-Identifier: MIT */
/* Orders and answers.  One order is read at a time: at the top level, or, while
 * a benchmark is open, from inside its loop. */
#include <config.h>

#include "bench/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/cases.h"
#include "bench/fixture.h"
#include "bench/latency.h"
#include "bench/loop.h"
#include "bench/manner.h"
#include "bench/message.h"
#include "bench/session.h"
#include "bench/stage.h"
#include "bench/team.h"

enum { PATIENCE_NS = 1000000000 };

struct worker {
    const struct tarei_worker_config *config;
    int leaving; /* bye, abort, or the coordinator is gone */

    uint32_t side; /* of the open benchmark */
    int opened;    /* `opened` was said */
    int running;   /* a script is being performed */
    int closing;   /* the loop ended because of `close` */
    uint32_t slice, n_slices;

    struct tarei_case item;
    struct tarei_bench bench;
    struct tare context;
    struct tarei_message order;
    struct tarei_out out;
    char in[WIRE_MESSAGE_MAX + 1];
};

/* Large, and there is one of it: not on the stack, whose depth is random. */
static struct worker the_worker;

/* ---- the channel */

static void post(struct worker *w)
{
    tarei_send(w->config->control, w->out.bytes, w->out.size);
}

static void post_failed(struct worker *w, const char *message)
{
    tarei_out_begin(&w->out, "failed");
    tarei_out_text(&w->out, "message", message);
    post(w);
}

/* The next order; what cannot be read is answered and passed over.  Returns 1,
 * or 0 when the channel has ended. */
static int read_order(struct worker *w)
{
    for (;;) {
        struct iovec iov = {w->in, WIRE_MESSAGE_MAX};
        struct msghdr header = {.msg_iov = &iov, .msg_iovlen = 1};
        ssize_t n = recvmsg(w->config->control, &header, MSG_CMSG_CLOEXEC);
        const char *problem;
        char text[200];

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            w->leaving = 1;
            return 0;
        }
        problem = header.msg_flags & MSG_TRUNC
                      ? "it is too long"
                      : tarei_message_parse(w->in, (size_t)n, &w->order);
        if (!problem)
            return 1;
        snprintf(text, sizeof text, "an order cannot be read: %s", problem);
        post_failed(w, text);
    }
}

static int channel_ended(const struct worker *w)
{
    struct pollfd p = {.fd = w->config->control, .events = POLLRDHUP};

    return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLRDHUP | POLLERR));
}

/* ---- performing a script */

static int fail(struct worker *w, struct tare *b, const char *message)
{
    w->running = 0;
    tarei_context_fail(b, "%s", message);
    return 0;
}

static void start_script(struct worker *w, struct tare *b)
{
    struct wire_stage *stage = w->config->stage;
    const char *problem = tarei_stage_check(stage);

    if (problem) {
        fail(w, b, problem);
        return;
    }
    w->n_slices = stage->n_slices;
    w->slice = tarei_stage_next(stage, 0, w->n_slices, w->side);
    w->running = 1;
}

/* The next slice of the script: 1 to run it, 0 when there is none. */
static int take_turn(struct worker *w, struct tare *b, struct tarei_order *out)
{
    struct wire_stage *stage = w->config->stage;

    for (;;) {
        switch (tarei_stage_wait(stage, w->slice, w->config->patience_ns)) {
        case TURN_MINE:
            *out = tarei_stage_order(stage, w->slice);
            return out->iterations > 0 ||
                   fail(w, b, "the script changed while it was performed");
        case TURN_WRONG:
            return fail(w, b, "the turn went past a slice that was not run");
        case TURN_ABORTED:
            w->leaving = 1;
            w->running = 0;
            return 0;
        case TURN_WAITED:
            if (!channel_ended(w))
                break;
            w->leaving = 1;
            w->running = 0;
            return 0;
        }
    }
}

/* An order while a benchmark is open: 1 to go on, 0 to end the loop. */
static int obey_open(struct worker *w, struct tare *b)
{
    const char *verb = w->order.verb;

    if (strcmp(verb, "run") == 0) {
        start_script(w, b);
        return b->outcome == OUTCOME_PASSED;
    }
    if (strcmp(verb, "close") == 0) {
        w->closing = 1;
        return 0;
    }
    if (strcmp(verb, "bye") == 0) {
        w->leaving = 1;
        return 0;
    }
    tarei_context_fail(b, "the order '%.40s' came while '%s' was open", verb,
                       tare_id(b));
    return 0;
}

static void say_opened(struct worker *w, struct tare *b)
{
    tarei_out_begin(&w->out, "opened");
    tarei_out_text(&w->out, "form", tarei_form_name(b));
    tarei_out_int(&w->out, "threads", tare_threads(b));
    post(w);
    w->opened = 1;
}

static int next_slice(void *ctx, struct tare *b, struct tarei_order *out)
{
    struct worker *w = ctx;

    if (!w->opened)
        say_opened(w, b);
    for (;;) {
        if (w->running && w->slice < w->n_slices)
            return take_turn(w, b, out);
        if (w->running) {
            w->running = 0;
            tarei_out_begin(&w->out, "ran");
            post(w);
        }
        if (!read_order(w) || !obey_open(w, b))
            return 0;
    }
}

static void slice_done(void *ctx, struct tare *b,
                       const struct tarei_sample *sample)
{
    struct worker *w = ctx;

    (void)b;
    tarei_stage_done(w->config->stage, w->slice, w->n_slices, sample);
    w->slice =
        tarei_stage_next(w->config->stage, w->slice + 1, w->n_slices, w->side);
}

/* ---- what `close` is answered with */

static void say_figure(struct worker *w, const char *name, double value,
                       const char *unit, const char *better)
{
    tarei_out_begin(&w->out, "counter");
    tarei_out_text(&w->out, "name", name);
    tarei_out_double(&w->out, "value", value);
    tarei_out_text(&w->out, "unit", unit);
    tarei_out_text(&w->out, "better", better);
    post(w);
}

static void say_counters(struct worker *w)
{
    static const char *const better[] = {
        [TARE_NO_DIRECTION] = "none",
        [TARE_LOWER_IS_BETTER] = "lower",
        [TARE_HIGHER_IS_BETTER] = "higher",
    };

    for (size_t i = 0; i < w->bench.n_counters; i++) {
        const struct tarei_counter *c = &w->bench.counter[i];

        say_figure(w, c->name, c->value, c->unit, better[c->better]);
    }
}

static void say_counts(struct worker *w)
{
    const struct tarei_bench *bench = &w->bench;

    for (int i = 0; i < COUNTS && bench->counted; i++)
        if (isfinite(bench->count[i]))
            say_figure(w, tarei_count_name[i],
                       bench->count[i] / (double)bench->counted,
                       tarei_count_unit((enum tarei_count)i), "lower");
}

/* Fairness is Jain's index: 1 when all threads are equally fast, 1/n when one
 * has everything (Jain, Chiu & Hawe, DEC-TR-301, 1984). */
static void say_pace(struct worker *w)
{
    const struct tarei_pace *pace = &w->bench.pace;

    if (pace->threads < 2 || !(pace->sum_of_squares > 0))
        return;
    say_figure(w, "total_rate", pace->sum, "1/s", "higher");
    say_figure(w, "thread_rate", pace->sum / pace->threads, "1/s", "higher");
    say_figure(w, "slowest_thread_rate", pace->slowest, "1/s", "higher");
    say_figure(w, "fastest_thread_rate", pace->fastest, "1/s", "none");
    say_figure(w, "fairness",
               pace->sum * pace->sum / (pace->threads * pace->sum_of_squares),
               "1", "higher");
}

static void say_closed(struct worker *w)
{
    const struct tarei_bench *bench = &w->bench;
    int64_t peak = tarei_peak_memory();
    char result[24];

    say_counters(w);
    say_counts(w);
    say_pace(w);
    tarei_out_begin(&w->out, "closed");
    if (bench->items)
        tarei_out_int(&w->out, "items", (int64_t)bench->items);
    if (bench->bytes)
        tarei_out_int(&w->out, "bytes", (int64_t)bench->bytes);
    if (bench->has_result) {
        snprintf(result, sizeof result, "%016" PRIx64, bench->result);
        tarei_out_text(&w->out, "result", result);
    }
    if (peak >= 0)
        tarei_out_int(&w->out, "max_rss", peak);
    if (bench->pauses) {
        tarei_out_double(&w->out, "pauses",
                         (double)bench->pauses / (double)bench->iterations);
        tarei_out_int(&w->out, "pause_ns", tarei_pause_cost_ns(bench->clock));
    }
    tarei_out_latency(&w->out, &w->bench);
    post(w);
}

/* ---- orders at the top level */

static void order_list(struct worker *w)
{
    char problem[REGISTRY_TEXT];

    if (tarei_tell_cases(w->config->control, &w->out, &w->item, problem) < 0)
        post_failed(w, problem);
}

/* The case an order names; 0, or -1 when that was answered. */
static int find_case(struct worker *w, int kind)
{
    const char *id = tarei_message_get(&w->order, "case");
    char problem[REGISTRY_TEXT];

    if (!id) {
        post_failed(w, "the order names no case");
        return -1;
    }
    if (tarei_find_case(id, &w->item, problem) < 0) {
        post_failed(w, problem);
        return -1;
    }
    if (w->item.def.kind != kind) {
        snprintf(problem, sizeof problem, "'%s' is a %s", w->item.id,
                 kind == TARE_KIND_TEST ? "benchmark" : "test");
        post_failed(w, problem);
        return -1;
    }
    return 0;
}

static void say_outcome(struct worker *w)
{
    if (w->leaving)
        return;
    tarei_out_begin(&w->out, w->context.outcome == OUTCOME_SKIPPED ? "skipped"
                                                                   : "failed");
    tarei_out_text(&w->out, "message", w->context.message);
    post(w);
}

static void measure(struct worker *w)
{
    const struct tarei_driver driver = {next_slice, slice_done, w};
    struct tare *b = &w->context;

    tarei_bench_begin(b, &w->bench, w->config->clock, &driver);
    if (tarei_fixture_enter(b, TARE_PROGRAM) == 0 &&
        tarei_fixture_enter(b, TARE_CASE) == 0)
        tarei_team_run(b);
    tarei_fixture_leave(b, TARE_CASE);
    tarei_context_remove_tmpdir(b);
}

static void order_open(struct worker *w)
{
    int64_t side = 0;

    if (find_case(w, TARE_KIND_BENCH) < 0)
        return;
    if (tarei_message_get(&w->order, "side") &&
        tarei_message_int(&w->order, "side", 0, WIRE_SIDES - 1, &side) < 0) {
        post_failed(w, "the order names a side that there is not");
        return;
    }
    w->side = (uint32_t)side;
    w->opened = w->running = w->closing = 0;
    tarei_context_begin(&w->context, &w->item);
    measure(w);
    fflush(NULL);
    if (w->context.outcome != OUTCOME_PASSED)
        say_outcome(w);
    else if (w->closing)
        say_closed(w);
    tarei_bench_end(&w->bench);
}

static void order_test(struct worker *w)
{
    struct tarei_manner manner;
    struct tarei_tested result;
    const char *problem;

    /* What was sent ahead is not begun once nobody waits for it. */
    if (channel_ended(w)) {
        w->leaving = 1;
        return;
    }
    if (find_case(w, TARE_KIND_TEST) < 0)
        return;
    problem = tarei_manner_read(&w->order, &manner);
    if (problem) {
        post_failed(w, problem);
        return;
    }
    manner.channel = w->config->control;
    tarei_isolate_test(&w->context, &w->item, &manner, &result);
    tarei_tested_write(&w->out, &result);
    post(w);
}

static void order_bye(struct worker *w)
{
    w->leaving = 1;
}

static void obey(struct worker *w)
{
    static const struct {
        const char *verb;
        void (*obey)(struct worker *w);
    } orders[] = {
        {"list", order_list},
        {"open", order_open},
        {"test", order_test},
        {"bye", order_bye},
    };
    char text[160];

    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
        if (strcmp(w->order.verb, orders[i].verb) == 0) {
            orders[i].obey(w);
            return;
        }
    if (tarei_session_obey(&w->order, &w->out)) {
        if (w->out.size)
            post(w);
        return;
    }
    if (strcmp(w->order.verb, "run") == 0 ||
        strcmp(w->order.verb, "close") == 0)
        snprintf(text, sizeof text, "the order '%s' came with no case open",
                 w->order.verb);
    else
        snprintf(text, sizeof text, "the order '%.40s' is unknown",
                 w->order.verb);
    post_failed(w, text);
}

static void say_hello(struct worker *w)
{
    char version[32];

    snprintf(version, sizeof version, "%d.%d.%d", TARE_VERSION >> 16,
             (TARE_VERSION >> 8) & 0xff, TARE_VERSION & 0xff);
    tarei_out_begin(&w->out, "hello");
    tarei_out_int(&w->out, "protocol", WIRE_PROTOCOL);
    tarei_out_text(&w->out, "libtare", version);
    post(w);
}

int tarei_worker_serve(const struct tarei_worker_config *config)
{
    struct worker *w = &the_worker;
    char problem[REGISTRY_TEXT];

    w->config = config;
    w->leaving = 0;
    say_hello(w);
    /* Fixtures that go in a circle would never end: whatever is asked for is
     * answered with what is wrong. */
    if (tarei_fixture_check(problem) < 0) {
        while (read_order(w) && strcmp(w->order.verb, "bye") != 0)
            post_failed(w, problem);
        return 0;
    }
    while (!w->leaving && read_order(w))
        obey(w);
    tarei_fixture_end(problem, sizeof problem);
    if (problem[0])
        fprintf(stderr, "error: %s\n", problem);
    return problem[0] ? 1 : 0;
}

/* ---- start */

static int refuse(const char *program, const char *problem)
{
    fprintf(stderr,
            "%s: error: %s is for tare, which starts programs with it: %s\n"
            "help: run '%s --help', or 'tare run %s'\n",
            program, WIRE_ARGUMENT, problem, program, program);
    return 2;
}

static int parse_wire(const char *text, int *control, int *stage)
{
    int end = 0;

    return text && sscanf(text, "%d,%d%n", control, stage, &end) == 2 &&
           text[end] == '\0' && *control >= 0 && *stage >= 0;
}

/* What is only for this process must not reach those it starts. */
static void clean_environment(void)
{
    const char *bind = getenv(WIRE_BIND_NAME);

    unsetenv(WIRE_ENVIRONMENT);
    if (bind && strcmp(bind, WIRE_BIND_VALUE) == 0)
        unsetenv(WIRE_BIND_NAME);
}

int tarei_worker_main(const char *program)
{
    struct tarei_clock clock = tarei_system_clock;
    struct tarei_worker_config config = {.clock = &clock,
                                         .patience_ns = PATIENCE_NS};
    const char *problem;
    int stage, type = 0;
    socklen_t size = sizeof type;

    if (!parse_wire(getenv(WIRE_ENVIRONMENT), &config.control, &stage))
        return refuse(program, "the environment has no usable " WIRE_ENVIRONMENT
                               "=CONTROL,STAGE");
    if (getsockopt(config.control, SOL_SOCKET, SO_TYPE, &type, &size) != 0 ||
        type != SOCK_SEQPACKET)
        return refuse(program, "CONTROL is no sequenced packet socket");
    config.stage = tarei_stage_map(stage, &problem);
    if (!config.stage)
        return refuse(program, problem);
    clean_environment();
    fcntl(config.control, F_SETFD, FD_CLOEXEC);
    close(stage);
    clock.counts = tarei_counts_open(getenv(TARE_METRICS_ENVIRONMENT));
    return tarei_worker_serve(&config);
}
