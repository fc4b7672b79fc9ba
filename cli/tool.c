/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/tool.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "runner/process/capture.h"
#include "runner/process/watch.h"

static const int64_t limit_ns = 10000000000;

static int run(struct guardian *guardian, const struct spawn *spawn,
               struct error *err)
{
    struct watch none = {.stop_fd = -1};
    struct watch watch = watch_within(&none, limit_ns);
    struct child *child = NULL;
    int rc = guardian_spawn(guardian, spawn, &child, err);

    if (rc == 0)
        rc = guardian_wait(guardian, child, &watch, err);
    if (rc == 0 && child->end.status != 0)
        rc = ERROR(err, ERR_PEER, "'%s' ended with status %d", spawn->argv[0],
                   child->end.status);
    guardian_release(guardian, child);
    return rc;
}

int tool_output(struct guardian *guardian, const char *folder,
                const char *const *argv, struct strbuf *out, struct error *err)
{
    struct arena arena = {0};
    struct capture capture = {0};
    struct spawn_fd fd = {.number = STDOUT_FILENO};
    struct spawn spawn = {.argv = (char *const *)argv,
                          .env = environ,
                          .cwd = folder,
                          .fds = &fd,
                          .n_fds = 1};
    int rc = spawn_search(argv[0], getenv("PATH"), &arena, &spawn.path, err);

    if (rc == 0)
        rc = capture_open(&capture, 0, err);
    if (rc == 0) {
        fd.fd = capture.fd;
        rc = run(guardian, &spawn, err);
    }
    if (rc == 0)
        capture_read(&capture, 0, out);
    while (out->size && out->text[out->size - 1] == '\n')
        out->text[--out->size] = '\0';
    capture_close(&capture);
    arena_clear(&arena);
    return rc;
}
