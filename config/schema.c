/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading by tables: maps, and lists and maps of structs. */
#include <config.h>

#include "config/schema.h"

#include <string.h>

#include "base/nearest.h"

int schema_no_memory(const struct reader *r)
{
    return ERROR(r->err, ERR_NOMEM, "no memory to read '%s'", r->file);
}

int schema_expected(const struct reader *r, const struct node *node,
                    const struct key *key, const char *what)
{
    if (node->kind == NODE_TEXT && !node_is_empty(node))
        return ERROR_AT(r->err, ERR_PARSE, r->file, node->at.line,
                        node->at.column, "%s: expected %s, not '%.80s'",
                        key->name, what, node->text);
    return ERROR_AT(r->err, ERR_PARSE, r->file, node->at.line, node->at.column,
                    "%s: expected %s, found %s", key->name, what,
                    node_kind_name(node));
}

static void *field(void *to, size_t offset)
{
    return (char *)to + offset;
}

int schema_defaults(const struct reader *r, const struct schema *schema,
                    void *to)
{
    int rc = 0;

    for (size_t i = 0; i < schema->n && rc == 0; i++) {
        const struct key *key = &schema->key[i];
        struct node node = {.text = key->value};

        if (key->value)
            rc = key->read(r, &node, key, field(to, key->offset));
        else if (key->read == read_section)
            rc = schema_defaults(r, key->schema, field(to, key->offset));
    }
    return rc;
}

static int unknown_key(const struct reader *r, const struct entry *entry,
                       const struct schema *schema)
{
    struct nearest nearest = {.word = entry->key};

    ERROR_AT(r->err, ERR_PARSE, r->file, entry->at.line, entry->at.column,
             "unknown key '%.80s'", entry->key);
    for (size_t i = 0; i < schema->n; i++)
        nearest_try(&nearest, schema->key[i].name);
    if (nearest_found(&nearest))
        error_help(r->err, "did you mean '%s'?", nearest_found(&nearest));
    else
        error_help(r->err, "tare.yaml(5) lists the keys");
    return ERR_PARSE;
}

static int read_entry(const struct reader *r, const struct entry *entry,
                      const struct schema *schema, void *to)
{
    for (size_t i = 0; i < schema->n; i++) {
        const struct key *key = &schema->key[i];

        if (strcmp(key->name, entry->key) == 0)
            return key->read(r, &entry->value, key, field(to, key->offset));
    }
    return unknown_key(r, entry, schema);
}

static bool has_key(const struct node *map, const char *name)
{
    for (size_t i = 0; i < map->n; i++)
        if (strcmp(map->entry[i].key, name) == 0)
            return true;
    return false;
}

static int check_required(const struct reader *r, const struct node *map,
                          const struct schema *schema)
{
    for (size_t i = 0; i < schema->n; i++)
        if (schema->key[i].required && !has_key(map, schema->key[i].name))
            return ERROR_AT(r->err, ERR_PARSE, r->file, map->at.line,
                            map->at.column, "the key '%s' is missing",
                            schema->key[i].name);
    return 0;
}

int schema_read(const struct reader *r, const struct node *node,
                const struct schema *schema, void *to)
{
    int rc;

    if (node->kind != NODE_MAP && !node_is_empty(node))
        return ERROR_AT(r->err, ERR_PARSE, r->file, node->at.line,
                        node->at.column, "expected a map of keys, found %s",
                        node_kind_name(node));
    rc = schema_defaults(r, schema, to);
    for (size_t i = 0; i < node->n && rc == 0; i++)
        rc = read_entry(r, &node->entry[i], schema, to);
    return rc < 0 ? rc : check_required(r, node, schema);
}

int read_section(const struct reader *r, const struct node *node,
                 const struct key *key, void *to)
{
    return schema_read(r, node, key->schema, to);
}

/* ---- arrays of structs */

/* The array pointer of a field may have any pointed-to type: its bytes are
 * copied, which all object pointers of this platform share. */
static void store_array(void *to, const struct list_rule *rule, void *item,
                        size_t n)
{
    memcpy(to, &item, sizeof item);
    memcpy(field(to, rule->count), &n, sizeof n);
}

static int check_count(const struct reader *r, const struct node *node,
                       const struct key *key, const struct list_rule *rule)
{
    if (node->n <= rule->max)
        return 0;
    return ERROR_AT(r->err, ERR_RANGE, r->file, node->at.line, node->at.column,
                    "%s: more than %zu of them", key->name, rule->max);
}

/* "programs: [a, b]": the words are most likely meant for the first key. */
static int no_map(const struct reader *r, const struct node *item,
                  const struct key *key)
{
    int rc = schema_expected(r, item, key, "maps of keys in the list");

    for (size_t i = 0; i < key->schema->n; i++)
        if (key->schema->key[i].required && item->kind == NODE_TEXT)
            return error_help(r->err, "write '- %s: %.80s'",
                              key->schema->key[i].name, item->text),
                   rc;
    return rc;
}

static int read_items(const struct reader *r, const struct node *item, size_t n,
                      const struct key *key, void *to)
{
    const struct list_rule *rule = key->rule;
    char *all = arena_alloc(r->arena, n, rule->item_size);
    int rc = 0;

    if (!all)
        return schema_no_memory(r);
    for (size_t i = 0; i < n && rc == 0; i++) {
        char *one = all + i * rule->item_size;

        if (item[i].kind != NODE_MAP)
            return no_map(r, &item[i], key);
        memcpy(one + rule->at, &item[i].at, sizeof item[i].at);
        rc = schema_read(r, &item[i], key->schema, one);
    }
    if (rc == 0)
        store_array(to, rule, all, n);
    return rc;
}

int read_structs(const struct reader *r, const struct node *node,
                 const struct key *key, void *to)
{
    const struct list_rule *rule = key->rule;
    int rc = check_count(r, node, key, rule);

    if (rc < 0)
        return rc;
    if (rule->one && node->kind == NODE_MAP)
        return read_items(r, node, 1, key, to);
    if (node->kind != NODE_LIST && !node_is_empty(node)) {
        int wrong = schema_expected(r, node, key, "a list");

        error_help(r->err, "begin each entry with '- '");
        return wrong;
    }
    return read_items(r, node->item, node->n, key, to);
}

static int read_struct(const struct reader *r, const struct entry *entry,
                       const struct map_rule *rule, char *one)
{
    struct key value = *rule->value;
    char *name;

    if (!rule->names.is_valid(entry->key))
        return ERROR_AT(r->err, ERR_PARSE, r->file, entry->at.line,
                        entry->at.column, "expected %s, not '%.80s'",
                        rule->names.what, entry->key);
    name = arena_strdup(r->arena, entry->key);
    if (!name)
        return schema_no_memory(r);
    memcpy(one + rule->name, &name, sizeof name);
    memcpy(one + rule->list.at, &entry->at, sizeof entry->at);
    value.name = name; /* messages speak of what the user named */
    return value.read(r, &entry->value, &value, one + value.offset);
}

int read_struct_map(const struct reader *r, const struct node *node,
                    const struct key *key, void *to)
{
    const struct map_rule *rule = key->rule;
    char *all;
    int rc = 0;

    if (node->kind != NODE_MAP && !node_is_empty(node)) {
        rc = schema_expected(r, node, key, "a map");
        error_help(r->err, "write 'NAME: VALUE' for each, without '- '");
        return rc;
    }
    rc = check_count(r, node, key, &rule->list);
    if (rc < 0)
        return rc;
    all = arena_alloc(r->arena, node->n, rule->list.item_size);
    if (!all)
        return schema_no_memory(r);
    for (size_t i = 0; i < node->n && rc == 0; i++)
        rc = read_struct(r, &node->entry[i], rule,
                         all + i * rule->list.item_size);
    if (rc == 0)
        store_array(to, &rule->list, all, node->n);
    return rc;
}
