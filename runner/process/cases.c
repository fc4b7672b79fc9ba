/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turning `case` messages into a list that can be trusted. */
#include <config.h>

#include "runner/process/cases.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

enum { TEXT_MAX = 4096, HOUR_MS = 3600 * 1000, THREADS_MAX = 4096 };

static bool is_plain(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if (*p < 0x20 || *p == 0x7f)
            return false;
    return true;
}

/* The text of a key, copied; every text must be printable. */
static int read_text(struct peer_cases *cases, const struct message *message,
                     const char *key, const char **out, struct error *err)
{
    const char *value = message_text(message, key);

    if (strlen(value) > TEXT_MAX)
        return ERROR(err, ERR_PARSE, "'%s' of a case is longer than %d bytes",
                     key, TEXT_MAX);
    if (!is_plain(value))
        return ERROR(err, ERR_PARSE, "'%s' of a case holds a control character",
                     key);
    *out = arena_strdup(&cases->arena, value);
    return *out ? 0 : ERROR(err, ERR_NOMEM, "no memory for a case");
}

static int read_texts(struct peer_cases *cases, const struct message *message,
                      struct peer_case *out, struct error *err)
{
    const struct {
        const char *key;
        const char **to;
    } texts[] = {
        {"name", &out->name},         {"tags", &out->tags},
        {"fixtures", &out->fixtures}, {"baseline", &out->baseline},
        {"file", &out->file},         {"uses", &out->uses},
        {"group", &out->group},       {"session", &out->session},
    };

    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        int rc = read_text(cases, message, texts[i].key, texts[i].to, err);

        if (rc < 0)
            return rc;
    }
    if (!out->name[0])
        return ERROR(err, ERR_PARSE, "a case without a name");
    if (strlen(out->name) > CASE_NAME_MAX)
        return ERROR(err, ERR_PARSE, "the name of a case is longer than %d",
                     CASE_NAME_MAX);
    return 0;
}

static int read_numbers(const struct message *message, struct peer_case *out,
                        struct error *err)
{
    int64_t line, exclusive;
    int rc;

    rc = message_int(message, "version", 0, INT64_MAX, 0, &out->version, err);
    if (rc == 0)
        rc = message_int(message, "line", 0, INT32_MAX, 0, &line, err);
    if (rc == 0)
        rc = message_int(message, "timeout_ms", 0, 1000 * (int64_t)HOUR_MS, 0,
                         &out->timeout_ms, err);
    if (rc == 0)
        rc = message_int(message, "threads", 1, THREADS_MAX, 1, &out->threads,
                         err);
    if (rc == 0)
        rc = message_int(message, "slots", 0, CASE_SLOTS_MAX, 0, &out->slots,
                         err);
    if (rc == 0)
        rc = message_int(message, "exclusive", 0, 1, 0, &exclusive, err);
    if (rc < 0)
        return rc;
    out->line = (uint32_t)line;
    out->exclusive = exclusive == 1;
    return 0;
}

static int read_kind(const struct message *message, enum case_kind *out,
                     struct error *err)
{
    const char *kind = message_text(message, "kind");

    if (strcmp(kind, "bench") == 0)
        *out = CASE_BENCH;
    else if (strcmp(kind, "test") == 0)
        *out = CASE_TEST;
    else
        return ERROR(err, ERR_PARSE,
                     "a case is of kind '%.40s', not 'bench' or 'test'", kind);
    return 0;
}

int peer_cases_add(struct peer_cases *cases, const struct message *message,
                   struct error *err)
{
    struct peer_case found = {0};
    struct peer_case *grown;
    int rc = read_texts(cases, message, &found, err);

    if (rc == 0)
        rc = read_kind(message, &found.kind, err);
    if (rc == 0)
        rc = read_numbers(message, &found, err);
    if (rc < 0)
        return rc;
    if (cases->n >= CASES_MAX)
        return ERROR(err, ERR_PARSE, "more than %d cases", CASES_MAX);
    grown = arena_grow(&cases->arena, cases->item, cases->n, sizeof *grown);
    if (!grown)
        return ERROR(err, ERR_NOMEM, "no memory for a case");
    cases->item = grown;
    cases->item[cases->n++] = found;
    return 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int peer_cases_finish(struct peer_cases *cases, const struct message *message,
                      struct error *err)
{
    SCOPED(free_scoped) const char **names = NULL;
    int64_t told;
    int rc = message_int(message, "cases", 0, CASES_MAX, -1, &told, err);

    if (rc < 0)
        return rc;
    if (told != (int64_t)cases->n)
        return ERROR(err, ERR_PARSE, "listed %zu cases but tells of %lld",
                     cases->n, (long long)told);
    names = calloc(cases->n + 1, sizeof *names);
    if (!names)
        return ERROR(err, ERR_NOMEM, "no memory for the names of cases");
    for (size_t i = 0; i < cases->n; i++)
        names[i] = cases->item[i].name;
    qsort(names, cases->n, sizeof *names, compare_names);
    for (size_t i = 1; i < cases->n; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            return ERROR(err, ERR_PARSE, "two cases are called '%.200s'",
                         names[i]);
    return 0;
}

void peer_cases_clear(struct peer_cases *cases)
{
    arena_clear(&cases->arena);
    *cases = (struct peer_cases){0};
}
