/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kinds of foreign programs share. */
#include <config.h>

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "adapt/foreign_kinds.h"
#include "base/scope.h"

int foreign_no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for the cases of a program");
}

/* ---- words */

bool foreign_add_words(struct arena *arena, struct recipe_words *words, ...)
{
    const char *word;
    bool good = true;
    va_list ap;

    va_start(ap, words);
    while (good && (word = va_arg(ap, const char *)))
        good = recipe_words_add(arena, words, word);
    va_end(ap);
    return good;
}

bool foreign_join_words(struct arena *arena, struct recipe_words *words,
                        const struct recipe_words *more)
{
    for (size_t i = 0; i < more->n; i++)
        if (!recipe_words_add(arena, words, more->word[i]))
            return false;
    return true;
}

const char *foreign_executable(struct arena *arena, const char *path)
{
    return strchr(path, '/') ? path : arena_printf(arena, "./%s", path);
}

static const char *variable_in(char *const *env, const char *name)
{
    size_t n = strlen(name);

    for (; env && *env; env++)
        if (strncmp(*env, name, n) == 0 && (*env)[n] == '=')
            return *env + n + 1;
    return NULL;
}

const char *foreign_variable(const struct foreign_program *program,
                             const char *name)
{
    const char *own = variable_in((char *const *)program->own.word, name);
    const char *value = own ? own : variable_in(program->env, name);

    return value ? value : "";
}

const char *foreign_from_here(const struct foreign_program *program,
                              struct arena *arena, const char *path)
{
    if (path[0] == '/' || !*program->cwd)
        return path;
    return arena_printf(arena, "%s/%s", program->cwd, path);
}

const char *foreign_last_line(struct arena *arena, const char *output)
{
    size_t end = strlen(output), start;
    const char *line;

    while (end && isspace((unsigned char)output[end - 1]))
        end--;
    for (start = end; start && output[start - 1] != '\n';)
        start--;
    if (start == end)
        return "";
    line = arena_printf(arena, ": %.*s", (int)(end - start), output + start);
    return line ? line : "";
}

/* ---- cases */

bool foreign_case_new(const struct foreign_program *program,
                      struct arena *arena, const char *name,
                      struct foreign_case *out)
{
    const char *path = foreign_executable(arena, program->path);

    *out = (struct foreign_case){
        .name = name,
        .file = "",
        .tags = "",
        .uses = "",
        .slots = 1,
        .recipe = {.id = "",
                   .xfail = "",
                   .cwd = program->cwd,
                   .is_test = foreign_is_test(program->kind),
                   .timeout_ns = program->timeout_ns,
                   .foreign = {RECIPE_NOT_FOREIGN}},
    };
    return name && path && recipe_words_add(arena, &out->recipe.run, path) &&
           foreign_join_words(arena, &out->recipe.run, &program->args) &&
           foreign_join_words(arena, &out->recipe.env, &program->own);
}

int foreign_list_add(struct foreign_list *list, struct arena *arena,
                     const struct foreign_case *one, struct error *err)
{
    struct foreign_case *all =
        arena_grow(arena, list->item, list->n, sizeof *all);

    if (!all)
        return foreign_no_memory(err);
    if (list->n == FOREIGN_CASES_MAX)
        return ERROR(err, ERR_RANGE, "a program with more than %d cases",
                     FOREIGN_CASES_MAX);
    if (strlen(one->name) > FOREIGN_NAME_MAX)
        return ERROR(err, ERR_RANGE, "a case whose name has over %d bytes: %s",
                     FOREIGN_NAME_MAX, one->name);
    list->item = all;
    all[list->n++] = *one;
    return 0;
}

/* ---- JSON */

const struct json_value *foreign_elements(const struct json_value *object,
                                          const char *key)
{
    const struct json_value *array = json_get(object, key);

    return array && array->type == JSON_IS_ARRAY ? array->first : NULL;
}

uint32_t foreign_line(const struct json_value *object)
{
    double line = json_get_number(object, "line", 0);

    return line >= 1 && line <= 1e9 ? (uint32_t)line : 0;
}

/* ---- tags */

static bool is_in_tag(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.' ||
           c == ':';
}

static bool is_listed(const char *tags, const char *tag)
{
    size_t size = strlen(tag);

    for (const char *at = tags; *at;) {
        size_t n = strcspn(at, ",");

        if (n == size && memcmp(at, tag, n) == 0)
            return true;
        at += n + (at[n] == ',');
    }
    return false;
}

const char *foreign_add_tag(struct arena *arena, const char *tags,
                            const char *label)
{
    char *tag;

    while (*label && !isalpha((unsigned char)*label) && *label != '_')
        label++;
    tag = arena_strdup(arena, label);
    if (!tag)
        return NULL;
    for (char *c = tag; *c; c++)
        if (!is_in_tag(*c))
            *c = '-';
    if (!*tag || is_listed(tags, tag))
        return tags;
    return *tags ? arena_printf(arena, "%s,%s", tags, tag) : tag;
}

/* ---- errors and verdicts */

int foreign_is_no(const struct foreign_program *program, const char *how,
                  const struct foreign_answer *answer, struct error *err)
{
    const char *kind = program_kind_words[program->kind];

    ERROR(err, ERR_PEER, "'%s' does not answer as a program of kind %s: %s%s%s",
          program->label, kind, how, *answer->status ? "; " : "",
          answer->status);
    return error_help(
        err,
        "is 'kind: %s' right? Without it a program links libtare; "
        "other programs run under 'commands:'",
        kind);
}

void foreign_say(struct foreign_verdict *out, enum foreign_end end,
                 const char *fmt, ...)
{
    SCOPED(strbuf_scoped) struct strbuf all = {0};
    bool cut = false;
    size_t n = 0;
    va_list ap;

    va_start(ap, fmt);
    strbuf_vprintf(&all, fmt, ap);
    va_end(ap);
    out->end = end;
    for (const char *c = strbuf_text(&all); *c && n + 4 < FOREIGN_TEXT; c++) {
        if (*c == '\n' || (cut && *c == ' ')) {
            cut = n > 0;
            continue;
        }
        if (cut) {
            memcpy(out->text + n, " | ", 3);
            n += 3;
            cut = false;
        }
        if (n + 4 < FOREIGN_TEXT)
            out->text[n++] = (unsigned char)*c < ' ' ? ' ' : *c;
    }
    out->text[n] = '\0';
}
