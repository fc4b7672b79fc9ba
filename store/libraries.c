/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking the dynamic linker, and reading its answer. */
#include <config.h>

#include "store/libraries.h"

#include <string.h>

#include "base/file.h"
#include "base/scope.h"
#include "store/command.h"

static const int64_t list_limit_ns = 20000000000;

/* The last place where needle begins within the line, NULL when nowhere: a
 * path may hold anything, what is printed behind it may not. */
static const char *find_last(const char *line, size_t size, const char *needle)
{
    size_t n = strlen(needle);

    for (size_t i = size; i-- > 0;)
        if (size - i >= n && memcmp(line + i, needle, n) == 0)
            return line + i;
    return NULL;
}

static const char *find_first(const char *line, size_t size, const char *needle)
{
    return memmem(line, size, needle, strlen(needle));
}

static int add(struct arena *arena, struct libraries *to, const char *name,
               size_t name_size, const char *path, size_t path_size,
               struct error *err)
{
    struct library *all =
        arena_grow(arena, to->library, to->n, sizeof *to->library);
    struct library one = {arena_memdup(arena, name, name_size),
                          arena_memdup(arena, path, path_size)};

    if (!all || !one.name || !one.path)
        return ERROR(err, ERR_NOMEM, "no memory for libraries");
    to->library = all;
    all[to->n++] = one;
    return 0;
}

/* One line without its leading tab:
 *     NAME => PATH (0xADDRESS)
 *     NAME => not found
 *     PATH (0xADDRESS)            the interpreter, or asked for by its path
 *     linux-vdso.so.1 (0xADDRESS)
 *     statically linked */
static int parse_line(const char *name, unsigned number, const char *line,
                      size_t size, struct arena *arena, struct libraries *out,
                      struct error *err)
{
    static const char missing[] = " => not found";
    const char *arrow = find_first(line, size, " => ");
    const char *address = find_last(line, size, " (0x");
    const char *path = arrow ? arrow + 4 : line;

    if (size == 17 && memcmp(line, "statically linked", 17) == 0)
        return 0;
    if (size > sizeof missing - 1 && memcmp(line + size - (sizeof missing - 1),
                                            missing, sizeof missing - 1) == 0)
        return add(arena, out, line, size - (sizeof missing - 1), "", 0, err);
    if (!address || address <= path)
        return ERROR_AT(err, ERR_PARSE, name, number, 0,
                        "expected 'NAME => PATH (0xADDRESS)'");
    if (!arrow && !memchr(line, '/', (size_t)(address - line)))
        return 0;
    return add(arena, out, line, (size_t)((arrow ? arrow : address) - line),
               path, (size_t)(address - path), err);
}

int libraries_parse(const char *name, const char *text, size_t size,
                    struct arena *arena, struct libraries *out,
                    struct error *err)
{
    struct libraries found = {0};
    const char *end = text + size;

    for (unsigned number = 1; text < end; number++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        const char *next = stop ? stop + 1 : end;
        int rc = 0;

        if (!stop)
            stop = end;
        while (text < stop && (*text == '\t' || *text == ' '))
            text++;
        if (text < stop)
            rc = parse_line(name, number, text, (size_t)(stop - text), arena,
                            &found, err);
        if (rc < 0)
            return rc;
        text = next;
    }
    *out = found;
    return 0;
}

/* The last line of what the linker said on its standard error. */
static int failed(const struct libraries_ask *ask, struct command_result *r,
                  struct error *err)
{
    const char *text = strbuf_text(&r->err);
    size_t size = strcspn(text, "\n");

    if (r->signal)
        return ERROR_AT(err, ERR_PEER, ask->program, 0, 0,
                        "its dynamic linker '%s' was ended by signal %d",
                        ask->interpreter, r->signal);
    ERROR_AT(err, ERR_PEER, ask->program, 0, 0, "cannot be loaded: %.*s",
             (int)(size < 300 ? size : 300), text);
    error_help(err, "build or install what is missing, or set "
                    "LD_LIBRARY_PATH to its folder");
    return ERR_PEER;
}

static int check_found(const struct libraries_ask *ask,
                       const struct libraries *libraries, struct error *err)
{
    for (size_t i = 0; i < libraries->n; i++) {
        if (libraries->library[i].path[0])
            continue;
        ERROR_AT(err, ERR_PEER, ask->program, 0, 0,
                 "its library '%s' is not found", libraries->library[i].name);
        error_help(err, "build or install it, or set LD_LIBRARY_PATH to its "
                        "folder");
        return ERR_PEER;
    }
    return 0;
}

static int list(const struct libraries_ask *ask, const char *const *env,
                struct arena *arena, struct libraries *out, struct error *err)
{
    const char *const argv[] = {ask->interpreter, "--list", ask->program, NULL};
    const struct command command = {
        .argv = argv, .env = env, .timeout_ns = list_limit_ns};
    SCOPED(command_result_clear) struct command_result result = {0};
    struct libraries found = {0};
    int rc = command_run(&command, &result, err);

    if (rc < 0)
        return rc;
    rc = libraries_parse(ask->interpreter, strbuf_text(&result.out),
                         result.out.size, arena, &found, err);
    if (rc == 0)
        rc = check_found(ask, &found, err);
    if (rc == 0 && result.exit_status != 0)
        rc = failed(ask, &result, err);
    if (rc == 0)
        *out = found;
    return rc;
}

int libraries_list(const struct libraries_ask *ask, struct arena *arena,
                   struct libraries *out, struct error *err)
{
    const char *const env[] = {
        arena_printf(arena, "LD_LIBRARY_PATH=%s", ask->library_path),
        arena_printf(arena, "LD_PRELOAD=%s", ask->preload),
        "LC_ALL=C",
        NULL,
    };

    if (!file_is_executable(ask->interpreter)) {
        ERROR_AT(err, ERR_PEER, ask->program, 0, 0,
                 "its interpreter '%s' is missing", ask->interpreter);
        error_help(err, "install the C library it was built for");
        return ERR_PEER;
    }
    if (!env[0] || !env[1])
        return ERROR(err, ERR_NOMEM, "no memory for libraries");
    return list(ask, env, arena, out, err);
}
