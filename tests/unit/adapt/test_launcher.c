/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real commands: how they end, what they leave, what they read and print. */
#include <config.h>

#include "adapt/launcher.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "adapt/judge.h"
#include "base/scope.h"
#include "base/strbuf.h"
#include "bench/tare.h"

DEFINE_SCOPED(struct launcher *, launcher_close)

/* A command line for a shell. */
struct shell {
    const char *word[4];
    struct recipe recipe;
};

static struct recipe *shell(struct shell *s, const char *text)
{
    *s = (struct shell){.word = {"/bin/sh", "-c", text, NULL}};
    s->recipe = (struct recipe){.name = "c1",
                                .id = "x",
                                .xfail = "",
                                .cwd = "",
                                .run = {.word = s->word, .n = 3},
                                .timeout_ns = INT64_C(20000000000)};
    return &s->recipe;
}

static struct execution execute(struct tare *t, const struct recipe *recipe,
                                struct strbuf *printed)
{
    SCOPED(launcher_close_scoped) struct launcher *l = NULL;
    struct execution e = {.failed = ""};

    TARE_REQUIRE_INT(launcher_open(recipe, &l, NULL), 0);
    launcher_execute(l, LAUNCHER_RUN, &e);
    if (printed)
        capture_read(launcher_output(l), 1000, printed);
    return e;
}

TARE_TEST(status_and_signal)
{
    struct shell s;
    struct execution e = execute(t, shell(&s, "exit 7"), NULL);

    TARE_CHECK_STR(e.failed, "");
    TARE_CHECK_INT(e.status, 7);
    TARE_CHECK_INT(e.signal, 0);
    TARE_CHECK(e.wall_ns > 0 && e.usage.ru_maxrss > 0);
    e = execute(t, shell(&s, "kill -TERM $$"), NULL);
    TARE_CHECK_INT(e.signal, SIGTERM);
    TARE_CHECK_INT(e.status, -1);
}

TARE_TEST(what_cannot_be_run)
{
    struct shell s;
    struct recipe *r = shell(&s, "");
    struct execution e;

    s.word[0] = "no-such-program";
    e = execute(t, r, NULL);
    TARE_CHECK_STR(e.failed, "cannot run");
    TARE_CHECK_STR(e.what, "no-such-program");
    TARE_CHECK_INT(e.error, ENOENT);
    r = shell(&s, "true");
    r->cwd = "/no/such/folder";
    e = execute(t, r, NULL);
    TARE_CHECK_STR(e.failed, "cannot enter");
    TARE_CHECK_STR(e.what, "/no/such/folder");
    r = shell(&s, "true");
    r->in = (struct stream){.kind = STREAM_FILE, .text = "/no/such/file"};
    e = execute(t, r, NULL);
    TARE_CHECK_STR(e.failed, "cannot open");
}

TARE_TEST(it_reads_prints_and_sees_its_variables)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    const char *env[] = {"COLOUR=red", NULL};
    struct shell s;
    struct recipe *r = shell(&s, "cat; echo $COLOUR; echo no >&2");

    r->in = (struct stream){.kind = STREAM_TEXT, .text = "fed\n"};
    r->env = (struct recipe_words){.word = env, .n = 1};
    execute(t, r, &out);
    TARE_CHECK_STR(strbuf_text(&out), "fed\nred\n");
}

/* It is fed anew each time, and only the last output is there. */
TARE_TEST(again_is_the_same)
{
    SCOPED(launcher_close_scoped) struct launcher *l = NULL;
    struct shell s;
    struct recipe *r = shell(&s, "cat");

    r->in = (struct stream){.kind = STREAM_TEXT, .text = "fed"};
    TARE_REQUIRE_INT(launcher_open(r, &l, NULL), 0);
    for (int i = 0; i < 3; i++) {
        SCOPED(strbuf_scoped) struct strbuf out = {0};
        struct execution e;

        launcher_execute(l, LAUNCHER_RUN, &e);
        capture_read(launcher_output(l), 1000, &out);
        TARE_CHECK_STR(strbuf_text(&out), "fed");
    }
}

/* With all it started: a pipe that one of them holds would stay open. */
TARE_TEST(a_limit_ends_it_with_its_children)
{
    int ends[2];
    char text[100], byte;
    struct shell s;
    struct recipe *r;
    struct execution e;

    TARE_REQUIRE_INT(pipe(ends), 0);
    snprintf(text, sizeof text, "sleep 1000 & echo >&%d; sleep 1000", ends[1]);
    r = shell(&s, text);
    r->timeout_ns = 300000000;
    e = execute(t, r, NULL);
    TARE_CHECK(e.overdue);
    TARE_CHECK_INT(e.signal, SIGKILL);
    close(ends[1]);
    TARE_CHECK_INT(read(ends[0], &byte, 1), 1);
    TARE_CHECK_INT(read(ends[0], &byte, 1), 0);
    close(ends[0]);
}

TARE_TEST(ends_are_judged)
{
    struct shell s;
    struct recipe *r = shell(&s, "echo last words; exit 3");
    SCOPED(launcher_close_scoped) struct launcher *l = NULL;
    struct execution e;
    char why[JUDGE_TEXT];

    TARE_REQUIRE_INT(launcher_open(r, &l, NULL), 0);
    launcher_execute(l, LAUNCHER_RUN, &e);
    TARE_CHECK(!judge_run(r, &e, launcher_output(l), launcher_errors(l), why));
    TARE_CHECK_STR(why, "exit status 3, expected 0: last words");
    r->expect.exit = 3;
    TARE_CHECK(judge_run(r, &e, launcher_output(l), launcher_errors(l), why));
    r->expect.signal = SIGABRT;
    TARE_CHECK(!judge_run(r, &e, launcher_output(l), launcher_errors(l), why));
}
