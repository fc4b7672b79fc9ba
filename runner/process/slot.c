/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Slots: folder, ports, environment. */
#include <config.h>

#include "runner/process/slot.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/scope.h"
#include "base/strbuf.h"

enum { VARIABLES_MAX = 10 }; /* that a slot adds, and the padding */

/* No core files: a crash is reported, and a dump takes seconds. */
static const struct spawn_limit limits[] = {
    {.resource = RLIMIT_CORE, .value = 0},
};

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a slot");
}

static int *copy_ints(struct arena *arena, const int *values, size_t n)
{
    int *copy = arena_alloc(arena, n, sizeof *copy);

    if (copy && n)
        memcpy(copy, values, n * sizeof *copy);
    return copy;
}

static int copy_options(struct slot *slot, const struct slot_options *options,
                        struct error *err)
{
    struct slot_options *copy = &slot->options;
    const char *tmpdir = options->tmpdir;

    *copy = *options;
    copy->worker = arena_strdup(&slot->arena, options->worker);
    copy->cpus = copy_ints(&slot->arena, options->cpus, options->n_cpus);
    copy->nodes = copy_ints(&slot->arena, options->nodes, options->n_nodes);
    copy->tmpdir =
        arena_strdup(&slot->arena, tmpdir && tmpdir[0] ? tmpdir : "/tmp");
    if (!copy->worker || !copy->cpus || !copy->nodes || !copy->tmpdir)
        return no_memory(err);
    return 0;
}

static int make_mark(struct slot *slot, struct error *err)
{
    uint64_t bits;

    if (getrandom(&bits, sizeof bits, 0) != sizeof bits)
        return ERROR(err, ERR_SYS, "cannot draw a mark for a slot");
    snprintf(slot->mark, sizeof slot->mark, "%016" PRIx64, bits);
    return 0;
}

static int make_folder(struct slot *slot, struct error *err)
{
    SCOPED(free_scoped) char *root = realpath(slot->options.tmpdir, NULL);
    char path[PATH_MAX];
    const char *pattern;
    int rc;

    if (!root) {
        ERROR_AT(err, ERR_SYS, slot->options.tmpdir, 0, 0,
                 "cannot use as the folder for temporary files");
        error_help(err, "set TMPDIR to a folder that exists");
        return ERR_SYS;
    }
    pattern =
        arena_printf(&slot->arena, "%s/tare-%s%c-XXXXXX", root,
                     slot->options.worker, slot->options.side ? 'b' : 'a');
    if (!pattern)
        return no_memory(err);
    rc = guardian_make_folder(slot->guardian, pattern, path, err);
    if (rc < 0)
        return rc;
    slot->folder = arena_strdup(&slot->arena, path);
    return slot->folder ? 0 : no_memory(err);
}

static int set_up(struct slot *slot, const struct slot_options *options,
                  struct error *err)
{
    int rc = copy_options(slot, options, err);

    if (rc == 0)
        rc = make_mark(slot, err);
    if (rc == 0)
        rc = make_folder(slot, err);
    return rc;
}

int slot_open(struct guardian *guardian, const struct slot_options *options,
              struct slot **out, struct error *err)
{
    struct slot *slot = calloc(1, sizeof *slot);
    int rc;

    if (!slot)
        return no_memory(err);
    slot->guardian = guardian;
    rc = set_up(slot, options, err);
    if (rc < 0) {
        slot_close(slot);
        return rc;
    }
    *out = slot;
    return 0;
}

void slot_close(struct slot *slot)
{
    if (!slot)
        return;
    /* What cannot be removed now the guardian tries again at the end. */
    if (slot->folder)
        guardian_remove_folder(slot->guardian, slot->folder, NULL);
    arena_clear(&slot->arena);
    free(slot);
}

int slot_clean(struct slot *slot, struct error *err)
{
    int rc = file_remove_tree(slot->folder, err);

    if (rc < 0)
        return rc;
    if (mkdir(slot->folder, 0700) < 0)
        return ERROR_AT(err, ERR_SYS, slot->folder, 0, 0, "cannot make folder");
    return 0;
}

/* --- environment */

/* splitmix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014): any seed gives a good first number. */
static uint64_t mix(uint64_t seed)
{
    uint64_t z = seed + 0x9e3779b97f4a7c15u;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static size_t count(char *const *list)
{
    size_t n = 0;

    while (list && list[n])
        n++;
    return n;
}

/* Does the list set the variable that `entry` sets? */
static bool sets_same(char *const *list, const char *entry)
{
    size_t name = strcspn(entry, "=");

    for (; list && *list; list++)
        if (strncmp(*list, entry, name) == 0 && (*list)[name] == '=')
            return true;
    return false;
}

/* An environment being built; `failed` once memory ran out. */
struct building {
    struct arena *arena;
    char *const *extra;
    char **entry;
    size_t n;
    bool failed;
};

static void add(struct building *b, char *entry)
{
    if (!entry)
        b->failed = true;
    else if (!sets_same(b->extra, entry))
        b->entry[b->n++] = entry;
}

static char *cpu_list(const struct slot *slot, struct arena *arena)
{
    SCOPED(strbuf_scoped) struct strbuf list = {0};

    for (size_t i = 0; i < slot->options.n_cpus; i++)
        strbuf_printf(&list, "%s%d", i ? "," : "", slot->options.cpus[i]);
    return list.failed
               ? NULL
               : arena_printf(arena, "TARE_CPUS=%s", strbuf_text(&list));
}

static void add_own(struct building *b, struct slot *slot, uint64_t seed)
{
    const struct slot_options *o = &slot->options;

    add(b, arena_printf(b->arena, "TARE_WORKER=%s", o->worker));
    add(b, arena_printf(b->arena, "TARE_WORKERS=%zu", o->workers));
    add(b, arena_printf(b->arena, "TARE_TMPDIR=%s", slot->folder));
    add(b, arena_printf(b->arena, "TARE_SEED=%" PRIu64, seed));
    add(b, arena_printf(b->arena, "TARE_SLOT=%s.%" PRIu64, slot->mark,
                        slot->started));
    if (o->n_cpus)
        add(b, cpu_list(slot, b->arena));
    if (o->port_base)
        add(b, arena_printf(b->arena, "TARE_PORT_BASE=%u", o->port_base));
}

static char *padding(uint64_t seed, struct arena *arena)
{
    static const char name[] = "TARE_PADDING=";
    size_t size = mix(seed) % (SLOT_PADDING_MAX + 1);
    char *text = arena_alloc(arena, sizeof name + size, 1);

    if (text) {
        memcpy(text, name, sizeof name);
        memset(text + sizeof name - 1, 'x', size);
    }
    return text;
}

char **slot_environment(struct slot *slot, char *const *base,
                        char *const *extra, uint64_t seed, struct arena *arena)
{
    struct building b = {.arena = arena, .extra = extra};
    size_t room = count(base) + count(extra) + VARIABLES_MAX + 1;

    b.entry = arena_alloc(arena, room, sizeof *b.entry);
    if (!b.entry)
        return NULL;
    for (; base && *base; base++)
        if (strncmp(*base, "TARE_", 5) != 0)
            add(&b, *base);
    slot->started++;
    add_own(&b, slot, seed);
    for (; extra && *extra; extra++)
        b.entry[b.n++] = *extra;
    add(&b, padding(seed, arena));
    return b.failed ? NULL : b.entry;
}

char **environment_join(char *const *first, char *const *more,
                        struct arena *arena)
{
    struct building b = {.arena = arena, .extra = first};

    b.entry =
        arena_alloc(arena, count(first) + count(more) + 1, sizeof *b.entry);
    if (!b.entry)
        return NULL;
    for (char *const *e = first; e && *e; e++)
        b.entry[b.n++] = *e;
    for (; more && *more; more++)
        add(&b, *more);
    return b.entry;
}

void slot_prepare(const struct slot *slot, char *const *env,
                  struct spawn *spawn)
{
    spawn->env = env;
    spawn->cpus = slot->options.cpus;
    spawn->n_cpus = slot->options.n_cpus;
    spawn->nodes = slot->options.nodes;
    spawn->n_nodes = slot->options.n_nodes;
    spawn->limits = limits;
    spawn->n_limits = ARRAY_LEN(limits);
    spawn->nice = slot->options.nice;
}
