/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/relink.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "adapt/commands.h"
#include "base/file.h"
#include "base/scope.h"
#include "runner/measure/script.h"
#include "runner/process/capture.h"
#include "runner/process/watch.h"

enum { LAST_LINES = 8 };

/* The link command: --relink, else build.relink of tare.yaml.  Points into
 * either; no words when there is none. */
static struct command_line relink_command(const struct session *session)
{
    const char *given = session->cli->options.relink;

    return given ? (struct command_line){.shell = given}
                 : session->suite->build.relink;
}

/* `text` with every `from` replaced. */
static const char *replaced(struct arena *arena, const char *text,
                            const char *from, const char *to)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    const char *at;

    for (; (at = strstr(text, from)); text = at + strlen(from)) {
        strbuf_add(&out, text, (size_t)(at - text));
        strbuf_puts(&out, to);
    }
    strbuf_puts(&out, text);
    return out.failed ? NULL : arena_strdup(arena, strbuf_text(&out));
}

static int check_holders(const struct recipe_words *words, struct error *err)
{
    static const char *const needed[] = {"{seed}", "{out}"};

    for (size_t k = 0; k < ARRAY_LEN(needed); k++) {
        bool found = false;

        for (size_t i = 0; i < words->n; i++)
            found |= strstr(words->word[i], needed[k]) != NULL;
        if (found)
            continue;
        ERROR(err, ERR_USAGE, "the link command does not hold %s", needed[k]);
        return error_help(err, "{seed} says which layout, {out} where the "
                               "program goes: './relink.sh {seed} {out}'");
    }
    return 0;
}

/* The words with this build's seed and path. */
static int make_words(struct session *session, const struct relinked *build,
                      struct recipe_words *words, struct error *err)
{
    struct command_line line = relink_command(session);
    struct arena *arena = &session->arena;
    char seed[24];
    int rc;

    if (!command_words(&line, arena, words))
        return ERROR(err, ERR_NOMEM, "no memory for a command");
    rc = check_holders(words, err);
    if (rc < 0)
        return rc;
    snprintf(seed, sizeof seed, "%" PRIu64, build->seed);
    for (size_t i = 0; i < words->n; i++) {
        const char *word = replaced(arena, words->word[i], "{seed}", seed);

        words->word[i] =
            word ? replaced(arena, word, "{out}", build->path) : NULL;
        if (!words->word[i])
            return ERROR(err, ERR_NOMEM, "no memory for a command");
    }
    return 0;
}

/* What this process has, and build.env. */
static char **make_environment(const struct session *session,
                               struct arena *arena)
{
    const struct settings *add = &session->suite->build.env;
    size_t n = 0;
    char **env;

    while (environ[n])
        n++;
    env = arena_alloc(arena, n + add->n + 1, sizeof *env);
    if (!env)
        return NULL;
    /* The first of two with one name is what getenv() finds. */
    for (size_t i = 0; i < add->n; i++)
        if (!(env[i] = arena_printf(arena, "%s=%s", add->setting[i].name,
                                    add->setting[i].value)))
            return NULL;
    memcpy(env + add->n, environ, n * sizeof *env);
    return env;
}

static int complain(const struct child *child, const struct capture *output,
                    const struct relinked *build, struct error *err)
{
    char how[CHILD_END_TEXT], lines[1000];

    if (child->end.status != 0) {
        capture_last_lines(output, LAST_LINES, lines, sizeof lines);
        return ERROR(err, ERR_PEER,
                     "the link command of seed %" PRIu64 ": %s%s%s",
                     build->seed, child_end_text(how, &child->end),
                     *lines ? ": " : "", lines);
    }
    if (file_is_executable(build->path))
        return 0;
    ERROR(err, ERR_PEER, "the link command wrote no executable file '%s'",
          build->path);
    return error_help(err, "it is where {out} stands that the program goes");
}

static int run(struct session *session, struct spawn *spawn,
               const struct relinked *build, struct error *err)
{
    struct watch outer = {.stop_fd = session->stop_fd};
    struct watch watch = watch_within(&outer, session->suite->build.timeout);
    struct guardian *guardian = session->cli->guardian;
    struct capture output = {0};
    struct spawn_fd fds[2];
    struct child *child = NULL;
    int rc = capture_open(&output, 0, err);

    for (int i = 0; i < 2; i++)
        fds[i] = (struct spawn_fd){.fd = output.fd, .number = 1 + i};
    spawn->fds = fds;
    spawn->n_fds = ARRAY_LEN(fds);
    if (rc == 0)
        rc = guardian_spawn(guardian, spawn, &child, err);
    if (rc == 0)
        rc = guardian_wait(guardian, child, &watch, err);
    if (rc == 0)
        rc = complain(child, &output, build, err);
    guardian_release(guardian, child);
    capture_close(&output);
    return rc;
}

static int relink_one(struct session *session, const char *folder,
                      const char *program, size_t i, struct relinked *build,
                      struct error *err)
{
    const char *slash = strrchr(program, '/');
    struct spawn spawn = {.cwd = session->suite->folder};
    struct recipe_words words;
    const char *place = arena_printf(&session->arena, "%s/%zu", folder, i);
    int rc;

    build->path = arena_printf(&session->arena, "%s/%s", place ? place : "",
                               slash ? slash + 1 : program);
    if (!place || !build->path)
        return ERROR(err, ERR_NOMEM, "no memory for a path");
    if (mkdir(place, 0700) < 0)
        return ERROR(err, ERR_SYS, "cannot make '%s'", place);
    rc = make_words(session, build, &words, err);
    if (rc == 0)
        rc = spawn_search(words.word[0], getenv("PATH"), &session->arena,
                          &spawn.path, err);
    if (rc < 0)
        return rc;
    spawn.argv = (char *const *)words.word;
    spawn.env = make_environment(session, &session->arena);
    if (!spawn.env)
        return ERROR(err, ERR_NOMEM, "no memory for an environment");
    rc = run(session, &spawn, build, err);
    return rc < 0 ? rc
                  : programs_fingerprint(session->kept, build->path,
                                         build->hash, err);
}

static int make_folder(struct session *session, char *folder, struct error *err)
{
    const char *root = getenv("TMPDIR");
    const char *pattern = arena_printf(&session->arena, "%s/tare-layout-XXXXXX",
                                       root && root[0] == '/' ? root : "/tmp");

    if (!pattern)
        return ERROR(err, ERR_NOMEM, "no memory for a path");
    return guardian_make_folder(session->cli->guardian, pattern, folder, err);
}

static int check_different(const struct relinked *build, size_t n,
                           struct error *err)
{
    for (size_t i = 1; i < n; i++)
        if (strcmp(build[i].hash, build[0].hash) != 0)
            return 0;
    ERROR(err, ERR_USAGE, "all %zu builds are byte-identical", n);
    return error_help(err, "the link command must make another layout of "
                           "another {seed}: see examples/relink.sh");
}

int relink(struct session *session, const char *program, size_t n,
           struct relinked *out, struct error *err)
{
    struct command_line line = relink_command(session);
    uint64_t random = session->seed;
    char folder[PATH_MAX];
    int rc;

    if (!line.shell && line.argv.n == 0) {
        ERROR(err, ERR_USAGE, "there is no link command");
        return error_help(err, "give --relink './relink.sh {seed} {out}', or "
                               "build.relink in tare.yaml");
    }
    rc = make_folder(session, folder, err);
    for (size_t i = 0; i < n && rc == 0; i++) {
        out[i] = (struct relinked){.seed = random_next(&random) >> 32};
        rc = relink_one(session, folder, program, i, &out[i], err);
    }
    return rc < 0 ? rc : check_different(out, n, err);
}
