/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The description of a process to start, to bytes and back. */
#include <config.h>

#include "runner/process/spawn.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FD_NUMBER_MAX = 1023, STRINGS_MAX = 1 << 16 };

static const uint32_t no_string = UINT32_MAX;

/* --- writing */

static void put_u32(struct strbuf *out, uint32_t value)
{
    strbuf_add(out, (const char *)&value, sizeof value);
}

static void put_u64(struct strbuf *out, uint64_t value)
{
    strbuf_add(out, (const char *)&value, sizeof value);
}

/* With its NUL, so that the reader can point into the bytes. */
static void put_string(struct strbuf *out, const char *text)
{
    size_t size = text ? strlen(text) : 0;

    if (!text || size >= SPAWN_BYTES_MAX) {
        put_u32(out, no_string);
        return;
    }
    put_u32(out, (uint32_t)size);
    strbuf_add(out, text, size + 1);
}

static void put_strings(struct strbuf *out, char *const *strings)
{
    size_t n = 0;

    while (strings[n])
        n++;
    put_u32(out, (uint32_t)n);
    for (size_t i = 0; i < n; i++)
        put_string(out, strings[i]);
}

static void put_ints(struct strbuf *out, const int *values, size_t n)
{
    put_u32(out, (uint32_t)n);
    for (size_t i = 0; i < n; i++)
        put_u32(out, (uint32_t)values[i]);
}

static bool in_range(const int *values, size_t n, int max)
{
    for (size_t i = 0; i < n; i++)
        if (values[i] < 0 || values[i] >= max)
            return false;
    return n <= (size_t)max;
}

static int check_limits(const struct spawn *spawn, struct error *err)
{
    if (spawn->n_fds > SPAWN_FDS_MAX)
        return ERROR(err, ERR_RANGE, "more than %d descriptors to hand over",
                     SPAWN_FDS_MAX);
    for (size_t i = 0; i < spawn->n_fds; i++)
        if (spawn->fds[i].number < 0 || spawn->fds[i].number > FD_NUMBER_MAX)
            return ERROR(err, ERR_RANGE, "descriptor number %d is not 0 to %d",
                         spawn->fds[i].number, FD_NUMBER_MAX);
    if (!in_range(spawn->cpus, spawn->n_cpus, SPAWN_CPUS_MAX))
        return ERROR(err, ERR_RANGE, "a CPU is not 0 to %d",
                     SPAWN_CPUS_MAX - 1);
    if (!in_range(spawn->nodes, spawn->n_nodes, SPAWN_NODES_MAX))
        return ERROR(err, ERR_RANGE, "a NUMA node is not 0 to %d",
                     SPAWN_NODES_MAX - 1);
    if (spawn->n_limits > SPAWN_LIMITS_MAX)
        return ERROR(err, ERR_RANGE, "more than %d resource limits",
                     SPAWN_LIMITS_MAX);
    return 0;
}

int spawn_pack(const struct spawn *spawn, struct strbuf *out, struct error *err)
{
    int rc = check_limits(spawn, err);

    if (rc < 0)
        return rc;
    put_string(out, spawn->path);
    put_strings(out, spawn->argv);
    put_strings(out, spawn->env);
    put_string(out, spawn->cwd);
    put_u32(out, (uint32_t)spawn->n_fds);
    for (size_t i = 0; i < spawn->n_fds; i++)
        put_u32(out, (uint32_t)spawn->fds[i].number);
    put_ints(out, spawn->cpus, spawn->n_cpus);
    put_ints(out, spawn->nodes, spawn->n_nodes);
    put_u32(out, (uint32_t)spawn->n_limits);
    for (size_t i = 0; i < spawn->n_limits; i++) {
        put_u32(out, (uint32_t)spawn->limits[i].resource);
        put_u64(out, spawn->limits[i].value);
    }
    put_u32(out, (uint32_t)spawn->nice);
    put_u32(out, spawn->flags);
    if (out->failed)
        return ERROR(err, ERR_NOMEM, "no memory to start '%s'", spawn->path);
    if (out->size > SPAWN_BYTES_MAX)
        return ERROR(err, ERR_RANGE,
                     "arguments and environment of '%s' take more than %d MiB",
                     spawn->path, SPAWN_BYTES_MAX >> 20);
    return 0;
}

/* --- reading: a cursor that, once it ran out, only yields zeros */

struct cursor {
    const char *at;
    size_t left;
    bool bad;
    bool no_memory;
    struct arena *arena;
};

static void get_bytes(struct cursor *c, void *out, size_t size)
{
    memset(out, 0, size);
    if (c->bad || c->left < size) {
        c->bad = true;
        return;
    }
    memcpy(out, c->at, size);
    c->at += size;
    c->left -= size;
}

static uint32_t get_u32(struct cursor *c)
{
    uint32_t value;

    get_bytes(c, &value, sizeof value);
    return value;
}

static uint64_t get_u64(struct cursor *c)
{
    uint64_t value;

    get_bytes(c, &value, sizeof value);
    return value;
}

/* A number of things that take at least `each` bytes in what is left. */
static size_t get_count(struct cursor *c, size_t max, size_t each)
{
    uint32_t n = get_u32(c);

    if (n > max || n > c->left / each)
        c->bad = true;
    return c->bad ? 0 : n;
}

static void *get_room(struct cursor *c, size_t n, size_t size)
{
    void *room = arena_alloc(c->arena, n, size);

    if (!room)
        c->bad = c->no_memory = true;
    return room;
}

static char *get_string(struct cursor *c)
{
    uint32_t size = get_u32(c);
    char *copy;

    if (c->bad || size == no_string)
        return NULL;
    if (size >= c->left || c->at[size] != '\0' || memchr(c->at, '\0', size)) {
        c->bad = true;
        return NULL;
    }
    copy = arena_memdup(c->arena, c->at, size);
    if (!copy)
        c->bad = c->no_memory = true;
    c->at += size + 1;
    c->left -= size + 1;
    return copy;
}

static char **get_strings(struct cursor *c)
{
    size_t n = get_count(c, STRINGS_MAX, sizeof(uint32_t));
    char **strings = get_room(c, n + 1, sizeof *strings);

    for (size_t i = 0; i < n && !c->bad; i++) {
        strings[i] = get_string(c);
        if (!strings[i])
            c->bad = true;
    }
    return strings;
}

static int *get_ints(struct cursor *c, size_t max, size_t *n)
{
    int *values;

    *n = get_count(c, max, sizeof(uint32_t));
    values = get_room(c, *n, sizeof *values);
    for (size_t i = 0; i < *n && !c->bad; i++) {
        uint32_t value = get_u32(c);

        if (value >= max)
            c->bad = true;
        else
            values[i] = (int)value;
    }
    return values;
}

static struct spawn_fd *get_fds(struct cursor *c, size_t *n)
{
    struct spawn_fd *fds;

    *n = get_count(c, SPAWN_FDS_MAX, sizeof(uint32_t));
    fds = get_room(c, *n, sizeof *fds);
    for (size_t i = 0; i < *n && !c->bad; i++) {
        uint32_t number = get_u32(c);

        if (number > FD_NUMBER_MAX)
            c->bad = true;
        else
            fds[i] = (struct spawn_fd){.fd = (int)i, .number = (int)number};
    }
    return fds;
}

static struct spawn_limit *get_limits(struct cursor *c, size_t *n)
{
    struct spawn_limit *limits;

    *n = get_count(c, SPAWN_LIMITS_MAX, sizeof(uint32_t) + sizeof(uint64_t));
    limits = get_room(c, *n, sizeof *limits);
    for (size_t i = 0; i < *n && !c->bad; i++) {
        limits[i].resource = (int)get_u32(c);
        limits[i].value = get_u64(c);
    }
    return limits;
}

int spawn_unpack(const char *name, const char *bytes, size_t size,
                 struct arena *arena, struct spawn *out, struct error *err)
{
    struct cursor c = {.at = bytes, .left = size, .arena = arena};
    struct spawn spawn = {0};

    spawn.path = get_string(&c);
    spawn.argv = get_strings(&c);
    spawn.env = get_strings(&c);
    spawn.cwd = get_string(&c);
    spawn.fds = get_fds(&c, &spawn.n_fds);
    spawn.cpus = get_ints(&c, SPAWN_CPUS_MAX, &spawn.n_cpus);
    spawn.nodes = get_ints(&c, SPAWN_NODES_MAX, &spawn.n_nodes);
    spawn.limits = get_limits(&c, &spawn.n_limits);
    spawn.nice = (int)get_u32(&c);
    spawn.flags = get_u32(&c);
    if (c.no_memory)
        return ERROR(err, ERR_NOMEM, "no memory for a description");
    if (c.bad || c.left || !spawn.path || !spawn.argv[0])
        return ERROR_AT(err, ERR_PARSE, name, 0, 0,
                        "is no description of a process");
    *out = spawn;
    return 0;
}

/* --- searching */

static int check_executable(const char *path, struct error *err)
{
    struct stat st;

    if (stat(path, &st) < 0)
        return ERROR(err, ERR_PEER, "cannot run '%s': %s", path,
                     strerror(errno));
    if (S_ISDIR(st.st_mode))
        return ERROR(err, ERR_PEER, "cannot run '%s': it is a folder", path);
    if (access(path, X_OK) < 0) {
        ERROR(err, ERR_PEER, "cannot run '%s': it is not executable", path);
        error_help(err, "chmod +x '%s'", path);
        return ERR_PEER;
    }
    return 0;
}

/* A candidate in one folder of the list; an empty folder name means ".". */
static char *candidate(struct arena *arena, const char *folder, size_t size,
                       const char *program)
{
    char dir[PATH_MAX];

    if (size >= sizeof dir)
        return NULL;
    memcpy(dir, folder, size);
    dir[size] = '\0';
    return arena_printf(arena, "%s/%s", size ? dir : ".", program);
}

int spawn_search(const char *program, const char *path_list,
                 struct arena *arena, const char **out, struct error *err)
{
    const char *at = path_list;

    if (strchr(program, '/')) {
        int rc = check_executable(program, err);

        if (rc == 0 && !(*out = arena_strdup(arena, program)))
            return ERROR(err, ERR_NOMEM, "no memory for a file name");
        return rc;
    }
    while (at && program[0]) {
        size_t size = strcspn(at, ":");
        char *path = candidate(arena, at, size, program);

        if (path && check_executable(path, NULL) == 0) {
            *out = path;
            return 0;
        }
        at = at[size] ? at + size + 1 : NULL;
    }
    ERROR(err, ERR_PEER, "cannot run '%s': no such program in PATH", program);
    error_help(err, "give its path, such as ./%s", program);
    return ERR_PEER;
}
