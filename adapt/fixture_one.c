/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The phases of one fixture. */
#include <config.h>

#include "adapt/fixture_one.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "adapt/commands.h"
#include "base/scope.h"
#include "base/units.h"
#include "runner/process/watch.h"

enum { MESSAGE_LINES = 4, MESSAGE_BYTES = 300 };

static const int64_t ask_again_ns = 50000000;
static const int64_t stop_ns = 2000000000; /* from SIGTERM to SIGKILL */

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a fixture");
}

/* ---- environment */

static const char *variable(char *const *env, const char *name, size_t size)
{
    for (; env && *env; env++)
        if (strncmp(*env, name, size) == 0 && (*env)[size] == '=')
            return *env + size + 1;
    return "";
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_char(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           is_digit(c);
}

/* "$((NAME + N))" at the text, for further ports.  Returns what is behind it;
 * NULL when there is something else. */
static const char *add_number(const struct one *one, const char *text,
                              struct strbuf *out)
{
    const char *name = text + 3 + strspn(text + 3, " "), *at;
    size_t size = 0;
    int64_t base, more;
    char *end;

    while (is_name_char(name[size]))
        size++;
    at = name + size + strspn(name + size, " ");
    if (size == 0 || *at++ != '+')
        return NULL;
    at += strspn(at, " ");
    if (!is_digit(*at))
        return NULL;
    more = strtoll(at, &end, 10);
    end += strspn(end, " ");
    if (strncmp(end, "))", 2) != 0 || more > 1000000 ||
        parse_int(variable(one->env, name, size), 0, 1000000, &base, NULL) < 0)
        return NULL;
    strbuf_printf(out, "%" PRId64, base + more);
    return end + 2;
}

/* $NAME, ${NAME} and $((NAME + N)) replaced; a $ before anything else stays. */
static const char *expand(const struct one *one, struct arena *arena,
                          const char *text)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    while (*text) {
        size_t n = strcspn(text, "$"), size = 0;
        bool braced;
        const char *name;

        strbuf_add(&out, text, n);
        text += n;
        if (!*text)
            break;
        name =
            strncmp(text, "$((", 3) == 0 ? add_number(one, text, &out) : NULL;
        if (name) {
            text = name;
            continue;
        }
        braced = text[1] == '{';
        name = text + 1 + braced;
        while (is_name_char(name[size]) && !is_digit(*name))
            size++;
        if (size == 0 || (braced && name[size] != '}')) {
            strbuf_putc(&out, *text++);
            continue;
        }
        strbuf_puts(&out, variable(one->env, name, size));
        text = name + size + braced;
    }
    return out.failed ? NULL : arena_strdup(arena, strbuf_text(&out));
}

/* The variables of the worker and of the fixtures it needs; its own, which may
 * mention those, come last and win. */
static int make_env(struct fixtures *fixtures, struct one *one,
                    struct error *err)
{
    const struct fixtures_options *o = fixtures_settings(fixtures);
    const struct settings *own = &one->fixture->env;
    struct recipe_words extra = {.n = 0};

    for (size_t i = 0; i < one->n_needs; i++)
        for (size_t k = 0; k < one->needs[i]->exports.n; k++)
            if (!recipe_words_add(&one->arena, &extra,
                                  one->needs[i]->exports.word[k]))
                return no_memory(err);
    one->env = slot_environment(one->slot, o->env, (char *const *)extra.word,
                                o->seed, &one->arena);
    for (size_t i = 0; one->env && i < own->n; i++) {
        const char *value = expand(one, &one->arena, own->setting[i].value);
        const char *entry = value ? arena_printf(&one->arena, "%s=%s",
                                                 own->setting[i].name, value)
                                  : NULL;

        if (!entry || !recipe_words_add(&one->arena, &one->exports, entry) ||
            !recipe_words_add(&one->arena, &extra, entry))
            return no_memory(err);
    }
    if (own->n && one->env)
        one->env = slot_environment(
            one->slot, o->env, (char *const *)extra.word, o->seed, &one->arena);
    return one->env ? 0 : no_memory(err);
}

/* ---- processes */

static const char *folder_of(const struct one *one, const struct suite *suite,
                             struct arena *arena)
{
    const char *cwd = one->fixture->cwd;
    const char *folder = suite->folder;

    if (*cwd == '/')
        return cwd;
    if (*cwd == '\0')
        return folder;
    return arena_printf(arena, "%s/%s", folder, cwd);
}

/* Start a command of the fixture; ERR_PEER when it cannot be run. */
static int start(struct fixtures *fixtures, struct one *one,
                 const struct command_line *line, struct capture *output,
                 struct child **out, struct error *err)
{
    const struct fixtures_options *o = fixtures_settings(fixtures);
    struct arena arena = {0};
    struct recipe_words words;
    struct spawn spawn = {.flags = SPAWN_KEEP_LEFTOVERS | SPAWN_OWN_CGROUP};
    const struct spawn_fd fds[] = {{.number = STDOUT_FILENO},
                                   {.number = STDERR_FILENO}};
    struct spawn_fd opened[ARRAY_LEN(fds)];
    int rc = 0;

    if (output->fd <= 0)
        rc = capture_open(output, 0, err);
    if (rc == 0 && !command_words(line, &arena, &words))
        rc = no_memory(err);
    if (rc == 0)
        rc = spawn_search(words.word[0], variable(one->env, "PATH", 4), &arena,
                          &spawn.path, err);
    if (rc == 0) {
        for (size_t i = 0; i < ARRAY_LEN(fds); i++)
            opened[i] =
                (struct spawn_fd){.fd = output->fd, .number = fds[i].number};
        spawn.argv = (char *const *)words.word;
        spawn.cwd = folder_of(one, o->suite, &arena);
        spawn.fds = opened;
        spawn.n_fds = ARRAY_LEN(fds);
        slot_prepare(one->slot, one->env, &spawn);
        rc = guardian_spawn(o->guardian, &spawn, out, err);
    }
    arena_clear(&arena);
    return rc;
}

/* What it left running goes with it. */
static void release(struct fixtures *fixtures, struct child **child)
{
    guardian_release(fixtures_settings(fixtures)->guardian, *child);
    *child = NULL;
}

static void release_all(struct fixtures *fixtures, struct one *one)
{
    release(fixtures, &one->until);
    release(fixtures, &one->step);
    release(fixtures, &one->server);
}

static bool ended_well(const struct child *child)
{
    return child->end.signal == 0 && child->end.status == 0;
}

/* ---- messages */

/* "fixture 'db': set-up: exit status 1: last lines". */
static const char *describe(struct one *one, const char *what,
                            const struct child *child,
                            const struct capture *output)
{
    char how[CHILD_END_TEXT] = "", lines[MESSAGE_BYTES] = "";

    if (child)
        child_end_text(how, &child->end);
    if (output->fd > 0)
        capture_last_lines(output, MESSAGE_LINES, lines, sizeof lines);
    return arena_printf(&one->arena, "fixture '%s': %s%s%s%s",
                        one->fixture->name, what, how, lines[0] ? ": " : "",
                        lines);
}

/* What asked and what was asked. */
static const char *describe_unready(struct one *one)
{
    char asked[MESSAGE_BYTES] = "", said[MESSAGE_BYTES] = "";

    if (one->asked.fd > 0)
        capture_last_lines(&one->asked, 1, asked, sizeof asked);
    if (one->log.fd > 0)
        capture_last_lines(&one->log, MESSAGE_LINES, said, sizeof said);
    return arena_printf(
        &one->arena, "fixture '%s': not ready after %g s%s%s%s%s",
        one->fixture->name, (double)one->fixture->timeout / 1e9,
        asked[0] ? "; until: " : "", asked, said[0] ? "; run: " : "", said);
}

/* It could not be set up.  What of it runs is ended, without a tear-down: there
 * is nothing that one could rely on. */
static int fail(struct fixtures *fixtures, struct one *one, const char *message,
                struct error *err)
{
    one->phase = ONE_BAD;
    one->message = message;
    release_all(fixtures, one);
    return message ? 0 : no_memory(err);
}

static int fail_start(struct fixtures *fixtures, struct one *one,
                      const char *what, int rc, const struct error *why,
                      struct error *err)
{
    if (rc == ERR_PEER)
        return fail(fixtures, one,
                    arena_printf(&one->arena, "fixture '%s': %s%s",
                                 one->fixture->name, what, why->text),
                    err);
    if (err)
        *err = *why;
    return rc;
}

static int skip(struct fixtures *fixtures, struct one *one, struct error *err)
{
    char line[MESSAGE_BYTES];

    capture_last_lines(&one->said, 1, line, sizeof line);
    one->skips = true;
    return fail(fixtures, one,
                arena_printf(&one->arena, "fixture '%s': %s",
                             one->fixture->name,
                             line[0] ? line : "set-up exited with 77"),
                err);
}

/* ---- up */

static bool has(const struct command_line *line)
{
    return line->shell || line->argv.n;
}

static void become_up(struct fixtures *fixtures, struct one *one)
{
    const struct fixtures_options *o = fixtures_settings(fixtures);

    one->phase = ONE_UP;
    one->setup_ns = watch_now_ns() - one->began_ns;
    if (o->timed && (has(&one->fixture->setup) || has(&one->fixture->run) ||
                     has(&one->fixture->until)))
        o->timed(o->ctx, one->fixture, true, one->setup_ns);
}

/* The set-up is done: the server is next, and the question whether it is
 * ready. */
static int start_server(struct fixtures *fixtures, struct one *one,
                        struct error *err)
{
    struct error why = {0};
    int rc = 0;

    if (has(&one->fixture->run))
        rc = start(fixtures, one, &one->fixture->run, &one->log, &one->server,
                   &why);
    if (rc < 0)
        return fail_start(fixtures, one, "run: ", rc, &why, err);
    if (!has(&one->fixture->until)) {
        become_up(fixtures, one);
        return 0;
    }
    one->phase = ONE_BECOMING;
    one->next_ns = watch_now_ns();
    return 0;
}

static int begin(struct fixtures *fixtures, struct one *one, struct error *err)
{
    struct error why = {0};
    int rc = make_env(fixtures, one, err);

    if (rc < 0)
        return rc;
    one->began_ns = watch_now_ns();
    one->deadline_ns = one->began_ns + one->fixture->timeout;
    if (!has(&one->fixture->setup))
        return start_server(fixtures, one, err);
    rc = start(fixtures, one, &one->fixture->setup, &one->said, &one->step,
               &why);
    if (rc < 0)
        return fail_start(fixtures, one, "setup: ", rc, &why, err);
    one->phase = ONE_SETTING;
    return 0;
}

static int step_new(struct fixtures *fixtures, struct one *one, bool *moved,
                    struct error *err)
{
    if (one->before && one_is_busy(one->before))
        return 0;
    one->before = NULL;
    for (size_t i = 0; i < one->n_needs; i++) {
        const struct one *need = one->needs[i];

        if (need->phase == ONE_BAD) {
            *moved = true;
            one->skips = need->skips;
            return fail(fixtures, one, arena_strdup(&one->arena, need->message),
                        err);
        }
        if (need->phase != ONE_UP)
            return 0;
    }
    *moved = true;
    if (one->wanted == 0) { /* given up before its turn */
        one->phase = ONE_DOWN;
        return 0;
    }
    return begin(fixtures, one, err);
}

static int step_setting(struct fixtures *fixtures, struct one *one, bool *moved,
                        struct error *err)
{
    bool late = watch_now_ns() >= one->deadline_ns;

    if (!one->step->ended && !late)
        return 0;
    *moved = true;
    if (!one->step->ended)
        return fail(fixtures, one,
                    describe(one, "setup took too long and was ended", NULL,
                             &one->said),
                    err);
    if (one->step->end.status == FIXTURES_SKIP)
        return skip(fixtures, one, err);
    if (!ended_well(one->step))
        return fail(fixtures, one,
                    describe(one, "setup: ", one->step, &one->said), err);
    one->deadline_ns = watch_now_ns() + one->fixture->timeout;
    return start_server(fixtures, one, err);
}

static int ask(struct fixtures *fixtures, struct one *one, struct error *err)
{
    struct error why = {0};
    int rc;

    if (one->asked.fd > 0)
        capture_reset(&one->asked);
    rc = start(fixtures, one, &one->fixture->until, &one->asked, &one->until,
               &why);
    return rc < 0 ? fail_start(fixtures, one, "until: ", rc, &why, err) : 0;
}

static int step_becoming(struct fixtures *fixtures, struct one *one,
                         bool *moved, struct error *err)
{
    int64_t now = watch_now_ns();

    /* One that put itself into the background ends well. */
    if (one->server && one->server->ended && !ended_well(one->server)) {
        *moved = true;
        return fail(fixtures, one,
                    describe(one, "its server ended before it was ready: ",
                             one->server, &one->log),
                    err);
    }
    if (one->until && one->until->ended) {
        bool ready = ended_well(one->until);

        *moved = true;
        release(fixtures, &one->until);
        one->next_ns = now + ask_again_ns;
        if (ready) {
            become_up(fixtures, one);
            return 0;
        }
    }
    if (now >= one->deadline_ns) {
        *moved = true;
        return fail(fixtures, one, describe_unready(one), err);
    }
    return one->until || now < one->next_ns ? 0 : ask(fixtures, one, err);
}

/* ---- down */

static int complain(struct one *one, const char *message, struct error *err)
{
    one->complained = true;
    one->message = message;
    return message ? 0 : no_memory(err);
}

static int stop_server(struct fixtures *fixtures, struct one *one,
                       struct error *err)
{
    int64_t now = watch_now_ns();

    one->phase = ONE_STOPPING;
    one->next_ns = now + stop_ns;
    if (!one->server || one->server->ended)
        return 0;
    return guardian_signal(fixtures_settings(fixtures)->guardian, one->server,
                           SIGTERM, err);
}

static int begin_teardown(struct fixtures *fixtures, struct one *one,
                          struct error *err)
{
    struct error why = {0};
    int rc = 0;

    one->began_ns = watch_now_ns();
    one->deadline_ns = one->began_ns + one->fixture->timeout;
    if (one->server && one->server->ended && !ended_well(one->server))
        rc = complain(one,
                      describe(one, "its server ended by itself: ", one->server,
                               &one->log),
                      err);
    if (rc < 0 || !has(&one->fixture->teardown))
        return rc < 0 ? rc : stop_server(fixtures, one, err);
    release(fixtures, &one->until);
    if (one->said.fd > 0)
        capture_reset(&one->said);
    /* What the set-up left running lives on until the tear-down is done. */
    one->until = TAKE(one->step);
    one->phase = ONE_TEARING;
    rc = start(fixtures, one, &one->fixture->teardown, &one->said, &one->step,
               &why);
    if (rc == ERR_PEER) {
        rc = complain(one,
                      arena_printf(&one->arena, "fixture '%s': teardown: %s",
                                   one->fixture->name, why.text),
                      err);
        return rc < 0 ? rc : stop_server(fixtures, one, err);
    }
    if (rc < 0 && err)
        *err = why;
    return rc;
}

static int step_up(struct fixtures *fixtures, struct one *one, bool *moved,
                   struct error *err)
{
    if (!one->leaving || one->wanted || fixtures_needed(fixtures, one))
        return 0;
    *moved = true;
    return begin_teardown(fixtures, one, err);
}

static int step_tearing(struct fixtures *fixtures, struct one *one, bool *moved,
                        struct error *err)
{
    bool late = watch_now_ns() >= one->deadline_ns;
    int rc = 0;

    if (!one->step->ended && !late)
        return 0;
    *moved = true;
    if (!one->step->ended)
        rc = complain(one,
                      describe(one, "teardown took too long and was ended",
                               NULL, &one->said),
                      err);
    else if (!ended_well(one->step))
        rc = complain(one, describe(one, "teardown: ", one->step, &one->said),
                      err);
    return rc < 0 ? rc : stop_server(fixtures, one, err);
}

static int step_stopping(struct fixtures *fixtures, struct one *one,
                         bool *moved)
{
    const struct fixtures_options *o = fixtures_settings(fixtures);
    int64_t now = watch_now_ns();

    if (one->server && !one->server->ended && now < one->next_ns)
        return 0;
    *moved = true;
    one->phase = ONE_DOWN;
    release_all(fixtures, one);
    if (o->timed && !one->complained)
        o->timed(o->ctx, one->fixture, false, now - one->began_ns);
    return 0;
}

int one_step(struct fixtures *fixtures, struct one *one, bool *moved,
             struct error *err)
{
    capture_trim(&one->log);
    switch (one->phase) {
    case ONE_NEW:
        return step_new(fixtures, one, moved, err);
    case ONE_SETTING:
        return step_setting(fixtures, one, moved, err);
    case ONE_BECOMING:
        return step_becoming(fixtures, one, moved, err);
    case ONE_UP:
        return step_up(fixtures, one, moved, err);
    case ONE_TEARING:
        return step_tearing(fixtures, one, moved, err);
    case ONE_STOPPING:
        return step_stopping(fixtures, one, moved);
    case ONE_DOWN:
    case ONE_BAD:
        break;
    }
    return 0;
}

bool one_is_busy(const struct one *one)
{
    return one->phase != ONE_DOWN && one->phase != ONE_BAD &&
           !(one->phase == ONE_UP && !one->leaving);
}

void one_free(struct fixtures *fixtures, struct one *one)
{
    release_all(fixtures, one);
    capture_close(&one->said);
    capture_close(&one->asked);
    capture_close(&one->log);
    arena_clear(&one->arena);
    free(one);
}
