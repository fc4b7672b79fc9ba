/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/tool.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "runner/process/watch.h"

static const int64_t limit_ns = 10000000000;

int tool_start(struct guardian *guardian, const char *folder,
               const char *const *argv, struct tool *out, struct error *err)
{
    struct arena arena = {0};
    struct tool tool = {.guardian = guardian,
                        .name = argv[0],
                        .deadline_ns = watch_now_ns() + limit_ns};
    struct spawn_fd fd = {.number = STDOUT_FILENO};
    struct spawn spawn = {.argv = (char *const *)argv,
                          .env = environ,
                          .cwd = folder,
                          .fds = &fd,
                          .n_fds = 1};
    int rc = spawn_search(argv[0], getenv("PATH"), &arena, &spawn.path, err);

    if (rc == 0)
        rc = capture_open(&tool.capture, 0, err);
    if (rc == 0) {
        fd.fd = tool.capture.fd;
        rc = guardian_spawn(guardian, &spawn, &tool.child, err);
    }
    if (rc < 0)
        capture_close(&tool.capture);
    else
        *out = tool;
    arena_clear(&arena);
    return rc;
}

bool tool_has_ended(struct tool *tool)
{
    struct error ignored = {0};

    return !tool->child || tool->child->ended ||
           guardian_pump(tool->guardian, &ignored) < 0 || tool->child->ended;
}

void tool_abandon(struct tool *tool)
{
    if (tool->child)
        guardian_release(tool->guardian, tool->child);
    capture_close(&tool->capture);
    *tool = (struct tool){0};
}

int tool_finish(struct tool *tool, struct strbuf *out, struct error *err)
{
    struct watch watch = {.stop_fd = -1, .deadline_ns = tool->deadline_ns};
    int rc;

    if (!tool->child)
        return ERROR(err, ERR_INVAL, "no helper was started");
    rc = guardian_wait(tool->guardian, tool->child, &watch, err);
    if (rc == 0 && tool->child->end.status != 0)
        rc = ERROR(err, ERR_PEER, "'%s' ended with status %d", tool->name,
                   tool->child->end.status);
    if (rc == 0) {
        capture_read(&tool->capture, 0, out);
        while (out->size && out->text[out->size - 1] == '\n')
            out->text[--out->size] = '\0';
    }
    tool_abandon(tool);
    return rc;
}

int tool_output(struct guardian *guardian, const char *folder,
                const char *const *argv, struct strbuf *out, struct error *err)
{
    struct tool tool = {0};
    int rc = tool_start(guardian, folder, argv, &tool, err);

    return rc < 0 ? rc : tool_finish(&tool, out, err);
}
