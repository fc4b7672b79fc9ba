/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program's side of the protocol when the other side goes wrong. */
#include <config.h>

#include "tests/unit/bench/peer.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/worker.h"
#include "tests/unit/bench/scripted.h"

static struct stage_file stage;
static struct peer a;

static void start(struct tare *t)
{
    stage_file_open(t, &stage);
    peer_start_subject(t, &a, &stage);
}

static void expect_failed(struct tare *t, const char *message)
{
    peer_expect(t, &a, "failed");
    TARE_CHECK_STR(peer_value(&a, "message"), message);
}

TARE_TEST(messages_that_cannot_be_read)
{
    static char large[WIRE_MESSAGE_MAX + 100];

    start(t);
    peer_send_bytes(t, &a, "\0\0\0", 3);
    expect_failed(t, "an order cannot be read: a NUL byte");
    peer_send(t, &a, "list");
    expect_failed(t, "an order cannot be read: a line without an end");
    peer_send(t, &a, "LIST\n");
    expect_failed(t, "an order cannot be read: a verb that is no word");
    memset(large, 'x', sizeof large);
    peer_send_bytes(t, &a, large, sizeof large);
    expect_failed(t, "an order cannot be read: it is too long");
    peer_send(t, &a, "open\ncase=counts[n=1]\n");
    peer_expect(t, &a, "opened");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(orders_out_of_place)
{
    start(t);
    peer_send(t, &a, "dance\n");
    expect_failed(t, "the order 'dance' is unknown");
    peer_send(t, &a, "run\n");
    expect_failed(t, "the order 'run' came with no case open");
    peer_send(t, &a, "close\n");
    expect_failed(t, "the order 'close' came with no case open");
    peer_send(t, &a, "open\n");
    expect_failed(t, "the order names no case");
    peer_send(t, &a, "open\ncase=counts[n=1]\nside=2\n");
    expect_failed(t, "the order names a side that there is not");
    peer_send(t, &a, "test\ncase=counts[n=1]\n");
    expect_failed(t, "'counts[n=1]' is a benchmark");
    peer_send(t, &a, "test\ncase=passes\ntimeout_ms=soon\n");
    expect_failed(t, "the order's timeout_ms is no number");
    peer_send(t, &a, "test\ncase=passes\ncpu_ms=-1\n");
    expect_failed(t, "the order's cpu_ms is no number");
    peer_send(t, &a, "test\ncase=passes\ngrace_ms=99999999999\n");
    expect_failed(t, "the order's grace_ms is no number");
    peer_send(t, &a, "test\ncase=passes\nstream=2\n");
    expect_failed(t, "the order's stream is neither 0 nor 1");
    peer_send(t, &a, "test\ncase=passes\nisolation=glass\n");
    expect_failed(t,
                  "the order's isolation is no word that this libtare knows");
    peer_send(t, &a, "open\ncase=counts[n=1]\n");
    peer_expect(t, &a, "opened");
    peer_send(t, &a, "list\n");
    expect_failed(t, "the order 'list' came while 'counts[n=1]' was open");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

/* Keys that are not known are how the protocol grows. */
TARE_TEST(unknown_keys_are_ignored)
{
    start(t);
    peer_send(t, &a, "open\nfuture=1\ncase=counts[n=1]\nmore=x\n");
    peer_expect(t, &a, "opened");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(scripts_that_make_no_sense)
{
    static const struct {
        struct script_slice slice;
        const char *message;
    } scripts[] = {
        {{0, 0, 0, 0}, "the script has a slice without iterations"},
        {{1, 0, 2, 0}, "the script names a side that there is not"},
    };

    start(t);
    for (size_t i = 0; i < 2; i++) {
        peer_send(t, &a, "open\ncase=counts[n=1]\n");
        peer_expect(t, &a, "opened");
        stage_file_script(&stage, &scripts[i].slice, 1);
        peer_send(t, &a, "run\n");
        expect_failed(t, scripts[i].message);
    }
    peer_send(t, &a, "open\ncase=counts[n=1]\n");
    peer_expect(t, &a, "opened");
    stage.stage->n_slices = WIRE_SLICES_MAX + 1;
    peer_send(t, &a, "run\n");
    expect_failed(t, "the script has too many slices");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

TARE_TEST(a_turn_that_went_past)
{
    const struct script_slice script[] = {{1, 0, 0, 0}};

    start(t);
    peer_send(t, &a, "open\ncase=counts[n=1]\n");
    peer_expect(t, &a, "opened");
    stage_file_script(&stage, script, 1);
    stage.stage->turn = 5;
    peer_send(t, &a, "run\n");
    expect_failed(t, "the turn went past a slice that was not run");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

/* ---- in this process, so that the waits can be short */

static int patient(int control, struct stage_file *file)
{
    static struct scripted machine;
    const struct tarei_worker_config config = {.control = control,
                                               .stage = file->stage,
                                               .clock = &scripted_clock,
                                               .patience_ns = 1000000};

    scripted = &machine;
    return tarei_worker_serve(&config);
}

/* The other side's turn never ends. */
static void wait_forever(struct tare *t)
{
    static const struct script_slice script[] = {{1, 0, 1, 0}, {1, 0, 0, 0}};

    stage_file_open(t, &stage);
    peer_start(t, &a, &stage, patient);
    peer_expect(t, &a, "hello");
    peer_send(t, &a, "open\ncase=waits\n");
    peer_expect(t, &a, "opened");
    stage_file_script(&stage, script, 2);
    peer_send(t, &a, "run\n");
}

static char marker[4096];

/* Says on disk that it was torn down. */
static void waits(struct tare *b)
{
    TARE_LOOP(b) {
    }
    unlink(marker);
}

/* Registered before the fork of the peer. */
static void prepare(struct tare *t)
{
    static const struct tare_case def = {.name = "waits", .run = waits};
    FILE *file;

    tare_register_bench(&def);
    snprintf(marker, sizeof marker, "%s/marker", tare_tmpdir(t));
    file = fopen(marker, "w");
    TARE_REQUIRE(file != NULL);
    fclose(file);
}

TARE_TEST(abort_ends_a_wait_without_a_word)
{
    prepare(t);
    wait_forever(t);
    stage.stage->abort = 1;
    TARE_CHECK_INT(peer_wait(t, &a), 0);
    TARE_CHECK(access(marker, F_OK) != 0);
    TARE_CHECK_INT(recv(a.control, a.message, 1, MSG_DONTWAIT), 0);
}

TARE_TEST(the_end_of_the_channel_ends_a_wait)
{
    prepare(t);
    wait_forever(t);
    TARE_CHECK_INT(peer_end(t, &a), 0);
    TARE_CHECK(access(marker, F_OK) != 0);
}

TARE_TEST(the_end_of_the_channel_means_bye)
{
    prepare(t);
    stage_file_open(t, &stage);
    peer_start(t, &a, &stage, patient);
    peer_expect(t, &a, "hello");
    peer_send(t, &a, "open\ncase=waits\n");
    peer_expect(t, &a, "opened");
    TARE_CHECK_INT(peer_end(t, &a), 0);
    TARE_CHECK(access(marker, F_OK) != 0);
}

/* A stop and a continue, as a debugger or a terminal sends, is no error. */
TARE_TEST(signals_do_not_confuse)
{
    const struct script_slice script[] = {{1, 0, 0, 0}};

    start(t);
    peer_send(t, &a, "open\ncase=counts[n=1]\n");
    peer_expect(t, &a, "opened");
    kill(a.pid, SIGSTOP);
    stage_file_script(&stage, script, 1);
    peer_send(t, &a, "run\n");
    kill(a.pid, SIGCONT);
    peer_expect(t, &a, "ran");
    TARE_CHECK_INT(peer_end(t, &a), 0);
}

/* ---- TARE_WIRE */

static const char *wire_text;

static int serve_wire(int control, struct stage_file *file)
{
    char path[4096];
    const char *folder = getenv("builddir");

    (void)control;
    (void)file;
    if (wire_text)
        setenv(WIRE_ENVIRONMENT, wire_text, 1);
    else
        unsetenv(WIRE_ENVIRONMENT);
    snprintf(path, sizeof path, "%s/tests/unit/bench/subject",
             folder ? folder : ".");
    execl(path, path, WIRE_ARGUMENT, (char *)NULL);
    return 127;
}

static int with_wire(struct tare *t, const char *wire)
{
    wire_text = wire;
    peer_start(t, &a, &stage, serve_wire);
    return peer_end(t, &a);
}

TARE_TEST(without_a_wire_there_is_a_clear_message)
{
    TARE_CHECK_INT(with_wire(t, NULL), 2);
    TARE_CHECK_INT(with_wire(t, ""), 2);
    TARE_CHECK_INT(with_wire(t, "3"), 2);
    TARE_CHECK_INT(with_wire(t, "3,x"), 2);
    TARE_CHECK_INT(with_wire(t, "0,0"), 2);
    TARE_CHECK_INT(with_wire(t, "900,901"), 2);
}

TARE_TEST(a_stage_that_is_none)
{
    stage_file_open(t, &stage);
    stage.stage->magic = 1;
    TARE_REQUIRE_INT(peer_exec_status(t, &stage), 2);
    stage.stage->magic = WIRE_MAGIC;
    TARE_REQUIRE(ftruncate(stage.fd, 100) == 0);
    TARE_REQUIRE_INT(peer_exec_status(t, &stage), 2);
}
