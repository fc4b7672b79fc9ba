/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/import_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/scope.h"
#include "cli/history_when.h"
#include "cli/occasion.h"
#include "runner/machine/facts.h"

enum { CREATED_TEXT = WHEN_TEXT + 12 };

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for an import");
}

/* --- what the file leaves open */

/* Only where the file knows no time is its own of interest. */
static int take_file_time(struct results *results, const char *path,
                          struct error *err)
{
    struct occasion *o = &results->occasion[0];
    char text[WHEN_TEXT];
    struct stat st;
    struct tm utc;

    if (stat(path, &st) != 0 || !gmtime_r(&st.st_mtime, &utc))
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot tell its time");
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    o->created = arena_strdup(&results->arena, text);
    if (!o->created)
        return no_memory(err);
    return facts_set(&results->arena, &o->plan, "created", "file time", err);
}

/* --time as a time of day, "" where it is not given. */
static int read_time(const struct session *session, char out[CREATED_TEXT],
                     struct error *err)
{
    const char *word = session->cli->options.time;
    char when[WHEN_TEXT];

    out[0] = '\0';
    if (!word)
        return 0;
    if (!history_when(word, time(NULL), when)) {
        ERROR(err, ERR_USAGE, "--time: '%s' is not a date", word);
        return error_help(err, "write 2026-11-22T10:00:00Z, 2026-11-22 or, "
                               "for so many days ago, 90d");
    }
    snprintf(out, CREATED_TEXT, "%s%s", when,
             strchr(when, 'T') ? "" : "T00:00:00Z");
    return 0;
}

static int take_time(struct session *session, struct results *results,
                     const char *path, struct error *err)
{
    struct occasion *o = &results->occasion[0];
    char created[CREATED_TEXT];
    int rc = read_time(session, created, err);

    if (rc < 0 || *o->created)
        return rc;
    if (!*created && strcmp(path, "-") != 0)
        return take_file_time(results, path, err);
    if (!*created)
        o->created = occasion_now(&results->arena);
    else
        o->created = arena_strdup(&results->arena, created);
    return o->created ? 0 : no_memory(err);
}

/* What the file says of a machine is too little to know it by. */
static int take_this_machine(struct session *session, struct results *results,
                             struct error *err)
{
    struct occasion *o = &results->occasion[0];
    struct facts facts = {0};
    char key[HASH_HEX];

    if (!occasion_machine(session, &results->arena, &facts))
        return ERROR(err, ERR_PEER, "--machine here: it cannot be known");
    machine_key(&facts, key);
    o->machine = facts;
    o->machine_key = arena_strdup(&results->arena, key);
    return o->machine_key ? 0 : no_memory(err);
}

/* A machine that is said is right: the file cannot know its key. */
static int take_machine(struct session *session, struct results *results,
                        struct error *err)
{
    const char *key = session->cli->options.machine;
    struct occasion *o = &results->occasion[0];

    if (!key)
        return 0;
    if (strcmp(key, "here") == 0)
        return take_this_machine(session, results, err);
    if (strcmp(key, "all") == 0 || !*key) {
        ERROR(err, ERR_USAGE, "--machine: results are of one machine");
        return error_help(err, "say here, or a key or name of your own");
    }
    o->machine_key = arena_strdup(&results->arena, key);
    return o->machine_key ? 0 : no_memory(err);
}

static int complete(struct session *session, struct imported *item,
                    const char *path, struct error *err)
{
    const char *revision = session->cli->options.revision;
    struct occasion *o = &item->results->occasion[0];
    int rc = take_time(session, item->results, path, err);

    if (rc == 0)
        rc = take_machine(session, item->results, err);
    if (rc == 0 && revision && !*o->revision) {
        o->revision = arena_strdup(&item->results->arena, revision);
        rc = o->revision ? 0 : no_memory(err);
    }
    item->results->name = session->suite->name;
    return rc;
}

/* --- reading */

/* What a program prints can be handed over as it prints it. */
static int read_input(char **text, size_t *size, struct error *err)
{
    struct strbuf all = {0};
    char part[65536];
    size_t n;

    while ((n = fread(part, 1, sizeof part, stdin)) &&
           all.size <= IMPORT_MAX_BYTES)
        strbuf_add(&all, part, n);
    if (ferror(stdin) || all.failed || all.size > IMPORT_MAX_BYTES) {
        strbuf_clear(&all);
        return ERROR(err, ERR_USAGE,
                     "standard input cannot be read, or is over %d bytes",
                     IMPORT_MAX_BYTES);
    }
    *text = all.text ? all.text : strdup("");
    *size = all.size;
    return *text ? 0 : no_memory(err);
}

static int read_one(struct session *session, const struct import_format *format,
                    const char *path, struct imported *out, struct error *err)
{
    SCOPED(free_scoped) char *text = NULL;
    size_t size;
    bool input = strcmp(path, "-") == 0;
    int rc = input ? read_input(&text, &size, err)
                   : file_read(path, IMPORT_MAX_BYTES, &text, &size, err);

    if (rc == ERR_SYS && err)
        rc = err->code = ERR_USAGE;
    if (rc == 0)
        rc = import_read(format, session->cli->options.program,
                         input ? "standard input" : path, text, size, out, err);
    return rc < 0 ? rc : complete(session, out, path, err);
}

static int join(struct session *session, struct import_list *list,
                struct error *err)
{
    struct imported all = {.results = NULL};
    int rc = import_join(list->item, list->n,
                         session->cli->options.one_occasion, &all, err);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < list->n; i++)
        results_free(list->item[i].results);
    all.results->name = session->suite->name;
    list->label[0] = arena_printf(&session->arena, "%zu files", list->n);
    list->item[0] = all;
    list->n = 1;
    return list->label[0] ? 0 : no_memory(err);
}

int import_files(struct session *session, const struct import_format *format,
                 const char *const *path, size_t n, struct import_list *out,
                 struct error *err)
{
    bool together = session->cli->options.one_occasion;
    int rc = 0;

    *out = (struct import_list){
        .item = arena_alloc(&session->arena, n, sizeof *out->item),
        .label = arena_alloc(&session->arena, n, sizeof *out->label)};
    if (!out->item || !out->label)
        return no_memory(err);
    for (size_t i = 0; i < n && rc == 0; i++) {
        struct imported item = {.results = NULL};

        rc = read_one(session, format, path[i], &item, err);
        if (!item.results)
            continue;
        out->item[out->n] = item;
        out->label[out->n++] = path[i];
        together = together || import_format_is_part(item.format);
    }
    return rc == 0 && together && n > 1 ? join(session, out, err) : rc;
}

void import_list_clear(struct import_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        results_free(list->item[i].results);
    list->n = 0;
}

/* --- Tare's own */

/* The first of these words that a file of ours has stands near its beginning.
 */
bool import_is_own(const char *path)
{
    SCOPED(fclose_scoped) FILE *in = fopen(path, "re");
    char head[512];
    size_t n = in ? fread(head, 1, sizeof head - 1, in) : 0;

    head[n] = '\0';
    return strcmp(head, "SQLite format 3") == 0 ||
           strstr(head, "\"schema\": \"tare/") ||
           strncmp(head, "tare: baseline/", 15) == 0 ||
           strstr(head, "\ntare: baseline/");
}
