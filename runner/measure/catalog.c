/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking programs for their cases. */
#include <config.h>

#include "runner/measure/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "base/scope.h"
#include "base/strbuf.h"
#include "runner/process/peer.h"

extern char **environ;

/* "a,b" and "b,c" make "a,b,c"; NULL when out of memory. */
static const char *catalog_join_tags(struct arena *arena, const char *first,
                                     const char *second)
{
    SCOPED(strbuf_scoped) struct strbuf all = {0};
    const char *tag;
    size_t size;

    strbuf_puts(&all, first);
    while ((tag = names_next(&second, &size))) {
        if (names_has(strbuf_text(&all), tag, size))
            continue;
        if (all.size)
            strbuf_putc(&all, ',');
        strbuf_add(&all, tag, size);
    }
    return all.failed ? NULL : arena_strdup(arena, strbuf_text(&all));
}

static int add_case(struct catalog *catalog, const struct catalog_program *from,
                    size_t program, const struct peer_case *said,
                    struct error *err)
{
    struct arena *arena = &catalog->arena;
    struct catalog_case *all =
        arena_grow(arena, catalog->item, catalog->n, sizeof *all);
    struct catalog_case c = {
        .id = arena_printf(arena, "%s/%s", from->name, said->name),
        .tags = catalog_join_tags(arena, from->tags, said->tags),
        .baseline_id =
            said->baseline[0]
                ? arena_printf(arena, "%s/%s", from->name, said->baseline)
                : "",
        .program = program,
        .said = *said,
    };

    c.said.name = arena_strdup(arena, said->name);
    c.said.tags = arena_strdup(arena, said->tags);
    c.said.fixtures = arena_strdup(arena, said->fixtures);
    c.said.baseline = arena_strdup(arena, said->baseline);
    c.said.file = arena_strdup(arena, said->file);
    c.said.uses = arena_strdup(arena, said->uses);
    c.said.group = arena_strdup(arena, said->group);
    c.said.session = arena_strdup(arena, said->session);
    if (!all || !c.id || !c.tags || !c.baseline_id || !c.said.name ||
        !c.said.tags || !c.said.fixtures || !c.said.baseline || !c.said.file ||
        !c.said.uses || !c.said.group || !c.said.session)
        return ERROR(err, ERR_NOMEM, "no memory for a case");
    catalog->item = all;
    all[catalog->n++] = c;
    return 0;
}

/* Programs that start while others are asked. */
enum { AHEAD = 8 };

struct asked {
    struct peer *peer;
    struct error why; /* it could not be started */
};

static void start_one(struct guardian *guardian, struct slot *slot,
                      struct stage *stage,
                      const struct catalog_program *program, struct asked *out)
{
    struct peer_options options = {
        .name = program->label,
        .argv = program->argv,
        .env = environ,
        .extra = program->env,
        .cwd = program->cwd,
    };

    *out = (struct asked){0};
    peer_launch(guardian, slot, stage, &options, &out->peer, &out->why);
}

static int list_one(struct asked *asked, const struct watch *watch,
                    struct peer_cases *cases, struct error *err)
{
    struct watch limit = watch_within(watch, 60000000000);
    int rc = asked->why.code;

    if (rc < 0) {
        if (err)
            *err = asked->why;
        return rc;
    }
    rc = peer_greet(asked->peer, &limit, err);
    if (rc == 0)
        rc = peer_list(asked->peer, &limit, cases, err);
    if (rc == 0)
        rc = peer_end(asked->peer, &limit, NULL, err);
    return rc;
}

static int list_all(struct guardian *guardian, struct slot *slot,
                    struct stage *stage, const struct catalog_program *program,
                    size_t n, const struct watch *watch,
                    struct catalog *catalog, struct error *err)
{
    struct asked asked[AHEAD] = {0};
    size_t started = 0;
    int rc = 0;

    for (size_t p = 0; p < n && rc == 0; p++) {
        struct asked *now = &asked[p % AHEAD];
        struct peer_cases cases = {0};

        for (; started < n && started < p + AHEAD; started++)
            start_one(guardian, slot, stage, &program[started],
                      &asked[started % AHEAD]);
        rc = list_one(now, watch, &cases, err);
        for (size_t i = 0; i < cases.n && rc == 0; i++)
            rc = add_case(catalog, &program[p], p, &cases.item[i], err);
        peer_cases_clear(&cases);
        peer_free(now->peer);
        now->peer = NULL;
    }
    for (size_t i = 0; i < AHEAD; i++)
        peer_free(asked[i].peer);
    return rc;
}

static int by_id(const void *a, const void *b)
{
    const struct catalog_case *const *x = a, *const *y = b;

    return strcmp((*x)->id, (*y)->id);
}

/* Names are unique within a program; two programs of one name may collide. */
static int check_unique(const struct catalog *catalog,
                        const struct catalog_program *program,
                        struct error *err)
{
    SCOPED(free_scoped)
    const struct catalog_case **sorted = calloc(catalog->n + 1, sizeof *sorted);

    if (!sorted)
        return ERROR(err, ERR_NOMEM, "no memory for %zu cases", catalog->n);
    for (size_t i = 0; i < catalog->n; i++)
        sorted[i] = &catalog->item[i];
    qsort(sorted, catalog->n, sizeof *sorted, by_id);
    for (size_t i = 1; i < catalog->n; i++) {
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) != 0)
            continue;
        ERROR(err, ERR_PARSE, "two cases have the id '%s': in '%s' and in '%s'",
              sorted[i]->id, program[sorted[i - 1]->program].label,
              program[sorted[i]->program].label);
        return error_help(err, "give one of the programs another 'name:' in "
                               "tare.yaml");
    }
    return 0;
}

int catalog_list(struct guardian *guardian, const char *tmpdir,
                 const struct catalog_program *program, size_t n,
                 const struct watch *watch, struct catalog *out,
                 struct error *err)
{
    struct slot_options options = {
        .worker = "w0", .workers = 1, .tmpdir = tmpdir};
    struct catalog catalog = {0};
    struct slot *slot = NULL;
    struct stage *stage = NULL;
    int rc = slot_open(guardian, &options, &slot, err);

    if (rc == 0)
        rc = stage_open(&stage, err);
    if (rc == 0)
        rc = list_all(guardian, slot, stage, program, n, watch, &catalog, err);
    if (rc == 0)
        rc = check_unique(&catalog, program, err);
    stage_close(stage);
    slot_close(slot);
    if (rc == 0)
        *out = catalog;
    else
        arena_clear(&catalog.arena);
    return rc;
}

void catalog_clear(struct catalog *catalog)
{
    arena_clear(&catalog->arena);
    *catalog = (struct catalog){0};
}

const struct catalog_case *catalog_find(const struct catalog *catalog,
                                        const char *id)
{
    for (size_t i = 0; i < catalog->n; i++)
        if (strcmp(catalog->item[i].id, id) == 0)
            return &catalog->item[i];
    return NULL;
}
