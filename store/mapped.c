/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a process really runs, from /proc/PID/maps (proc(5)). */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "store/kept.h"

/* One mapping of a file. */
struct mapping {
    const char *path; /* within the text */
    size_t size;
    bool is_code;
};

static bool skip_field(const char **at, const char *end)
{
    const char *from = *at;

    while (*at < end && **at != ' ')
        (*at)++;
    if (*at == from)
        return false;
    while (*at < end && **at == ' ')
        (*at)++;
    return true;
}

/* "ADDRESS PERMISSIONS OFFSET DEVICE INODE   PATH"; the path may be missing
 * and may hold anything but a line break. */
static bool read_mapping(const char *line, const char *end, struct mapping *out)
{
    const char *permissions;

    if (!skip_field(&line, end))
        return false;
    permissions = line;
    if (end - line < 4 || (line[2] != 'x' && line[2] != '-'))
        return false;
    for (int i = 0; i < 4; i++)
        if (!skip_field(&line, end))
            return false;
    *out = (struct mapping){line, (size_t)(end - line), permissions[2] == 'x'};
    return true;
}

static bool is_path(const struct mapping *m, const char *path)
{
    return strlen(path) == m->size && memcmp(path, m->path, m->size) == 0;
}

struct checking {
    const struct kept_program *kept;
    const char *const *allowed;
    size_t n_allowed;
    bool program_seen;
    bool *library_seen; /* one each */
};

/* Whether code from this file is expected; notes what was seen. */
static bool is_expected(struct checking *c, const struct mapping *m)
{
    const struct kept_program *k = c->kept;
    bool known = false;

    if (m->size == 0 || m->path[0] != '/') /* [vdso], [stack], made pages */
        return true;
    if (m->size > 7 && memcmp(m->path, "/memfd:", 7) == 0) /* made as well */
        return true;
    if (is_path(m, k->exec))
        known = c->program_seen = true;
    for (size_t i = 0; i < k->n_libraries && !known; i++)
        if (is_path(m, k->library[i].path))
            known = c->library_seen[i] = true;
    for (size_t i = 0; i < c->n_allowed && !known; i++)
        known = is_path(m, c->allowed[i]);
    return known;
}

static bool is_system(const struct mapping *m)
{
    char path[4096];

    if (m->size >= sizeof path)
        return false;
    memcpy(path, m->path, m->size);
    path[m->size] = '\0';
    return program_is_system_path(path) && !strstr(path, " (deleted)");
}

static int foreign(const char *name, const struct mapping *m, struct error *err)
{
    ERROR_AT(err, ERR_PEER, name, 0, 0,
             "the kept program runs code of '%.*s', which is not part of it",
             (int)(m->size < 300 ? m->size : 300), m->path);
    error_help(err, "a library that is loaded with dlopen() cannot be kept; "
                    "compare with --against or --against-rev");
    return ERR_PEER;
}

static int check_lines(const char *name, const char *text, size_t size,
                       struct checking *c, struct error *err)
{
    const char *end = text + size;

    for (unsigned number = 1; text < end; number++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        struct mapping m;

        if (!stop)
            stop = end;
        if (!read_mapping(text, stop, &m))
            return ERROR_AT(err, ERR_PARSE, name, number, 0,
                            "expected 'ADDRESS PERMISSIONS OFFSET DEVICE "
                            "INODE PATH'");
        if (m.is_code && !is_expected(c, &m) && !is_system(&m))
            return foreign(name, &m, err);
        text = stop < end ? stop + 1 : end;
    }
    return 0;
}

static int absent(const char *name, const char *path, struct error *err)
{
    ERROR_AT(err, ERR_PEER, name, 0, 0,
             "the kept program does not run the kept file '%s'", path);
    error_help(err, "compare with --against or --against-rev");
    return ERR_PEER;
}

int programs_check_mapped(const char *name, const char *maps, size_t size,
                          const struct kept_program *kept,
                          const char *const *allowed, size_t n_allowed,
                          struct error *err)
{
    SCOPED(free_scoped)
    bool *seen = calloc(kept->n_libraries + 1, sizeof *seen);
    struct checking c = {kept, allowed, n_allowed, false, seen};
    int rc;

    if (!seen)
        return ERROR(err, ERR_NOMEM, "no memory for mappings");
    if (kept->kind == PROGRAM_SCRIPT) /* its code is its interpreter's */
        return 0;
    rc = check_lines(name, maps, size, &c, err);
    if (rc < 0)
        return rc;
    if (!c.program_seen)
        return absent(name, kept->exec, err);
    for (size_t i = 0; i < kept->n_libraries; i++)
        if (!seen[i])
            return absent(name, kept->library[i].path, err);
    return 0;
}
