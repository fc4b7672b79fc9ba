/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that share a baton and a guardian. */
#include <config.h>

#include "runner/process/baton.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench/tare.h"
#include "runner/process/guardian.h"
#include "tests/unit/runner/process_support.h"

struct shared {
    struct baton *baton;
    struct guardian *guardian;
    struct child *child;
    int ends[2]; /* of a pipe */
    bool went;
};

static struct watch watch_with(const struct shared *s)
{
    struct watch watch = patient();

    watch.baton = s->baton;
    return watch;
}

static void *write_in_turn(void *arg)
{
    struct shared *s = arg;

    baton_take(s->baton);
    s->went = write(s->ends[1], "x", 1) == 1;
    baton_pass(s->baton);
    return NULL;
}

TARE_TEST(who_waits_passes_the_baton_on)
{
    struct shared s = {.went = false};
    struct pollfd fd = {.events = POLLIN};
    struct watch watch;
    pthread_t other;

    TARE_REQUIRE_INT(baton_open(&s.baton, NULL), 0);
    TARE_REQUIRE_INT(pipe(s.ends), 0);
    watch = watch_with(&s);
    fd.fd = s.ends[0];
    baton_take(s.baton);
    TARE_REQUIRE_INT(pthread_create(&other, NULL, write_in_turn, &s), 0);
    TARE_CHECK(!s.went);
    TARE_CHECK_INT(watch_poll(&watch, &fd, 1, NULL), 1);
    TARE_CHECK(s.went);
    baton_pass(s.baton);
    pthread_join(other, NULL);
    baton_close(s.baton);
}

/* Takes all that the guardian tells, whomever it concerns. */
static void *take_the_news(void *arg)
{
    struct shared *s = arg;
    const struct watch watch = patient();

    baton_take(s->baton);
    guardian_signal(s->guardian, s->child, SIGKILL, NULL);
    while (!s->child->ended) {
        struct pollfd fd = {.fd = guardian_fd(s->guardian), .events = POLLIN};

        if (watch_poll(&watch, &fd, 1, NULL) < 0 ||
            guardian_pump(s->guardian, NULL) < 0)
            break;
    }
    baton_pass(s->baton);
    return NULL;
}

TARE_TEST(news_that_another_thread_took_is_not_missed)
{
    struct shared s = {.guardian = need_guardian()};
    struct watch watch;
    pthread_t other;

    TARE_REQUIRE_INT(baton_open(&s.baton, NULL), 0);
    s.child = start_actor(s.guardian, NULL, 0, NULL, "hang", NULL);
    watch = watch_with(&s);
    baton_take(s.baton);
    TARE_REQUIRE_INT(pthread_create(&other, NULL, take_the_news, &s), 0);
    TARE_CHECK_INT(guardian_wait(s.guardian, s.child, &watch, NULL), 0);
    TARE_CHECK_INT(s.child->end.signal, SIGKILL);
    baton_pass(s.baton);
    pthread_join(other, NULL);
    guardian_stop(s.guardian);
    baton_close(s.baton);
}
