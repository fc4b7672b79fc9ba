/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees from events. */
#include <config.h>

#include "config/tree.h"

#include "base/scope.h"
#include "config/events.h"
#include "config/names.h"

DEFINE_SCOPED(struct events *, events_close)

struct builder {
    const char *file;
    struct events *events;
    struct arena *arena;
    struct error *err;
};

static int read_node(struct builder *b, const struct event *e,
                     struct node *out);

static int no_memory(const struct builder *b)
{
    return ERROR(b->err, ERR_NOMEM, "no memory to read '%s'", b->file);
}

static int read_list(struct builder *b, struct node *out)
{
    struct event e;
    int rc;

    while ((rc = events_next(b->events, &e, b->err)) == 0 &&
           e.kind != EVENT_LIST_END) {
        struct node item, *all;

        rc = read_node(b, &e, &item);
        if (rc < 0)
            return rc;
        all = arena_grow(b->arena, out->item, out->n, sizeof *all);
        if (!all)
            return no_memory(b);
        all[out->n++] = item;
        out->item = all;
    }
    return rc;
}

static int read_entry(struct builder *b, const struct event *key,
                      struct entry *out)
{
    struct event e;
    int rc;

    if (key->kind != EVENT_TEXT)
        return ERROR_AT(b->err, ERR_PARSE, b->file, key->at.line,
                        key->at.column, "a key must be text, not %s",
                        event_kind_name(key->kind));
    out->at = key->at;
    out->key = arena_memdup(b->arena, key->text, key->size);
    if (!out->key)
        return no_memory(b);
    rc = events_next(b->events, &e, b->err);
    return rc < 0 ? rc : read_node(b, &e, &out->value);
}

static int check_keys(struct builder *b, const struct node *map)
{
    const struct named *again;
    struct names names;

    if (map->n < 2)
        return 0;
    if (!names_init(&names, b->arena, map->n))
        return no_memory(b);
    for (size_t i = 0; i < map->n; i++)
        names_add(&names, map->entry[i].key, map->entry[i].at);
    names_sort(&names);
    again = names_duplicate(&names);
    if (!again)
        return 0;
    ERROR_AT(b->err, ERR_PARSE, b->file, again->at.line, again->at.column,
             "the key '%.100s' stands here twice", again->name);
    return error_help(b->err, "it stands at %u:%u already", again[-1].at.line,
                      again[-1].at.column);
}

static int read_map(struct builder *b, struct node *out)
{
    struct event e;
    int rc;

    while ((rc = events_next(b->events, &e, b->err)) == 0 &&
           e.kind != EVENT_MAP_END) {
        struct entry entry, *all;

        rc = read_entry(b, &e, &entry);
        if (rc < 0)
            return rc;
        all = arena_grow(b->arena, out->entry, out->n, sizeof *all);
        if (!all)
            return no_memory(b);
        all[out->n++] = entry;
        out->entry = all;
    }
    return rc < 0 ? rc : check_keys(b, out);
}

/* Recursion is bounded: events end at max_depth. */
static int read_node(struct builder *b, const struct event *e, struct node *out)
{
    *out = (struct node){.at = e->at, .quoted = e->quoted};
    if (e->kind == EVENT_LIST) {
        out->kind = NODE_LIST;
        return read_list(b, out);
    }
    if (e->kind == EVENT_MAP) {
        out->kind = NODE_MAP;
        return read_map(b, out);
    }
    out->text = arena_memdup(b->arena, e->text, e->size);
    return out->text ? 0 : no_memory(b);
}

int tree_parse(const char *file, const char *text, size_t size,
               size_t max_bytes, int max_depth, struct arena *arena,
               struct node *out, struct error *err)
{
    SCOPED(events_close_scoped) struct events *events = NULL;
    struct builder b = {.file = file, .arena = arena, .err = err};
    struct node root;
    struct event e;
    int rc = events_open(file, text, size, max_bytes, max_depth, &events, err);

    if (rc < 0)
        return rc;
    b.events = events;
    rc = events_next(events, &e, err);
    if (rc == 0)
        rc = read_node(&b, &e, &root);
    if (rc == 0)
        rc = events_next(events, &e, err); /* nothing but the end may follow */
    if (rc == 0)
        *out = root;
    return rc;
}

const char *node_kind_name(const struct node *node)
{
    if (node->kind == NODE_LIST)
        return event_kind_name(EVENT_LIST);
    if (node->kind == NODE_MAP)
        return event_kind_name(EVENT_MAP);
    return event_kind_name(node_is_empty(node) ? EVENT_END : EVENT_TEXT);
}

bool node_is_empty(const struct node *node)
{
    return node->kind == NODE_TEXT && !node->quoted && node->text[0] == '\0';
}
