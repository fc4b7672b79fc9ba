/* SPDX-License-Identifier: MIT */
/* Definitions as constructors handed them in, and a walk over their cases. */
#include <config.h>

#include "bench/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Constructors run before main(), one after the other, so this needs no lock;
 * it is the program's, not the library's, state. */
static struct tare_case *first, **last = &first;
static size_t count;

void tare_register_case_(struct tare_case *def)
{
    def->next_ = NULL;
    *last = def;
    last = &def->next_;
    count++;
}

/* A definition made by an older header is shorter: what it lacks is zero. */
static void copy_def(struct tare_case *to, const struct tare_case *from,
                     size_t size)
{
    memset(to, 0, sizeof *to);
    memcpy(to, from, size < sizeof *to ? size : sizeof *to);
    to->size = sizeof *to;
}

void tare_register_copy_(const struct tare_case *def, size_t size)
{
    struct tare_case *copy = calloc(1, sizeof *copy);

    if (!copy) {
        fputs("tare: no memory to register a benchmark\n", stderr);
        exit(2);
    }
    copy_def(copy, def, size);
    copy->kind = TARE_KIND_BENCH;
    tare_register_case_(copy);
}

size_t tarei_registry_count(void)
{
    return count;
}

/* ---- checking one definition */

static int wrong(const struct tare_case *def, char problem[REGISTRY_TEXT],
                 const char *what, const char *detail)
{
    snprintf(problem, REGISTRY_TEXT, "%s:%d: error: %s '%.100s' %s%.200s",
             def->file ? def->file : "(unknown file)", def->line,
             def->kind == TARE_KIND_TEST ? "test" : "benchmark",
             def->name ? def->name : "", what, detail);
    return -1;
}

static int is_name(const char *name)
{
    if (!name || !*name || strlen(name) >= CASE_ID_MAX)
        return 0;
    for (; *name; name++)
        if ((unsigned char)*name <= ' ' || *name == 0x7f ||
            strchr("[],=\"'\\*?", *name))
            return 0;
    return 1;
}

static int is_tag(const char *tag, size_t length)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

    return strspn(tag, letters) >= length;
}

/* Options that mean nothing for the kind are a misunderstanding. */
static const char *misplaced(const struct tare_case *def)
{
    const struct {
        int kind, given;
        const char *name;
    } option[] = {
        {TARE_KIND_BENCH, def->version != 0, "version"},
        {TARE_KIND_BENCH, def->baseline != NULL, "baseline"},
        {TARE_KIND_BENCH, def->threads != NULL, "threads"},
        {TARE_KIND_BENCH, def->batch != 0, "batch"},
        {TARE_KIND_BENCH, def->manual != 0, "manual"},
        {TARE_KIND_TEST, def->timeout_ms != 0, "timeout_ms"},
        {TARE_KIND_TEST, def->xfail != NULL, "xfail"},
        {TARE_KIND_TEST, def->signal != 0, "signal"},
        {TARE_KIND_TEST, def->exit_status != 0, "exit_status"},
        {TARE_KIND_TEST, def->exclusive != 0, "exclusive"},
        {TARE_KIND_TEST, def->slots != 0, "slots"},
        {TARE_KIND_TEST, def->uses != NULL, "uses"},
        {TARE_KIND_TEST, def->group != NULL, "group"},
    };

    for (size_t i = 0; i < sizeof option / sizeof option[0]; i++)
        if (option[i].given && option[i].kind != def->kind)
            return option[i].name;
    return NULL;
}

static int check_def(const struct tare_case *def, char problem[REGISTRY_TEXT])
{
    const char *list = def->tags, *tag, *option = misplaced(def);
    size_t length;

    if (!is_name(def->name))
        return wrong(def, problem, "needs a name of at most 500 bytes without ",
                     "spaces, quotes and any of [ ] , = \\ * ?");
    if (!def->run)
        return wrong(def, problem, "has no body: set .run", "");
    if (option)
        return wrong(def, problem,
                     "has an option that its kind does not know: .", option);
    if (def->version < 0)
        return wrong(def, problem, "has a negative .version", "");
    if (def->timeout_ms < 0)
        return wrong(def, problem, "has a negative .timeout_ms", "");
    if (def->slots < 0 || def->signal < 0 || def->exit_status < 0)
        return wrong(def, problem,
                     "has a negative number in .slots, .signal or ",
                     ".exit_status");
    if (def->signal && def->exit_status)
        return wrong(def, problem, "has .signal and .exit_status: it cannot ",
                     "end in both ways");
    while ((tag = tarei_list_next(&list, &length)) != NULL)
        if (!is_tag(tag, length))
            return wrong(
                def, problem,
                "has a tag with other than letters, digits, _ - .: ", tag);
    return 0;
}

/* ---- the walk */

static int wrong_option(const struct tare_case *def, const char *option,
                        const char *text, const struct tarei_problem *at,
                        char problem[REGISTRY_TEXT])
{
    snprintf(problem, REGISTRY_TEXT,
             "%s:%d: error: .%s of '%.100s', character %zu: %s: \"%.200s\"",
             def->file ? def->file : "(unknown file)", def->line, option,
             def->name, at->at + 1, at->text, text);
    return -1;
}

/* Threads are numbers; they are checked here so that a mistake is found when
 * cases are listed. */
static int check_threads(const struct tare_case *def,
                         const struct tarei_axis *axis,
                         char problem[REGISTRY_TEXT])
{
    for (size_t i = 0; i < axis->count; i++) {
        char text[32];
        int64_t value;
        int length = tarei_params_value(axis, i, text, sizeof text);

        if (length < 0 || tarei_params_int(text, (size_t)length, &value) < 0 ||
            value < 1 || value > 4096)
            return wrong(def, problem,
                         "has .threads that are not 1 to 4096: ", def->threads);
    }
    return 0;
}

static int parse_def(struct tarei_cursor *c, char problem[REGISTRY_TEXT])
{
    struct tarei_problem at;
    const struct tare_case *def = &c->def;

    c->axes = (struct tarei_axes){.combinations = 1};
    c->combination = 0;
    if (check_def(def, problem) < 0)
        return -1;
    if (def->args &&
        tarei_params_parse(def->args, strlen(def->args), &c->axes, &at) < 0)
        return wrong_option(def, "args", def->args, &at, problem);
    if (!def->threads)
        return 0;
    if (tarei_params_values("threads", def->threads, strlen(def->threads),
                            &c->axes, &at) < 0)
        return wrong_option(def, "threads", def->threads, &at, problem);
    return check_threads(def, &c->axes.axis[c->axes.n - 1], problem);
}

/* Values of one combination; the last parameter varies fastest. */
static int fill_params(const struct tarei_cursor *c, struct tarei_case *out)
{
    size_t rest = c->combination;
    char *text = out->text;

    out->n_params = c->axes.n;
    for (size_t i = c->axes.n; i-- > 0;) {
        const struct tarei_axis *axis = &c->axes.axis[i];
        size_t room = sizeof out->text - (size_t)(text - out->text);
        int length = tarei_params_value(axis, rest % axis->count, text, room);

        if (length < 0)
            return -1;
        out->param[i] =
            (struct tarei_param){axis->name, axis->name_length, text};
        text += length + 1;
        rest /= axis->count;
    }
    return 0;
}

static int fill_id(struct tarei_case *out)
{
    size_t size =
        (size_t)snprintf(out->id, sizeof out->id, "%s", out->def.name);

    for (size_t i = 0; i < out->n_params && size < sizeof out->id; i++)
        size +=
            (size_t)snprintf(out->id + size, sizeof out->id - size, "%c%.*s=%s",
                             i == 0 ? '[' : ',', (int)out->param[i].name_length,
                             out->param[i].name, out->param[i].value);
    if (size + 2 > sizeof out->id)
        return -1;
    if (out->n_params > 0)
        memcpy(out->id + size, "]", 2);
    return 0;
}

static int fill_case(const struct tarei_cursor *c, struct tarei_case *out,
                     char problem[REGISTRY_TEXT])
{
    out->def = c->def;
    out->threads = 0;
    if (fill_params(c, out) < 0 || fill_id(out) < 0)
        return wrong(&c->def, problem,
                     "has parameters that make an id too long: ", c->def.args);
    if (c->def.threads) {
        const char *text = out->param[out->n_params - 1].value;
        int64_t threads = 1;

        tarei_params_int(text, strlen(text), &threads);
        out->threads = (int)threads;
    }
    return 0;
}

void tarei_cursor_init(struct tarei_cursor *cursor)
{
    memset(cursor, 0, sizeof *cursor);
    cursor->next = first;
}

/* Begin with the next definition. */
static int enter(struct tarei_cursor *cursor, char problem[REGISTRY_TEXT])
{
    struct tare_case *def = cursor->next;

    cursor->walked = NULL;
    copy_def(&cursor->def, def, def->size);
    cursor->next = def->next_;
    if (parse_def(cursor, problem) < 0)
        return -1;
    cursor->walked = def;
    return 0;
}

int tarei_cursor_next(struct tarei_cursor *cursor, struct tarei_case *out,
                      char problem[REGISTRY_TEXT])
{
    if (cursor->combination == cursor->axes.combinations) {
        if (!cursor->next)
            return 0;
        if (enter(cursor, problem) < 0)
            return -1;
    }
    if (fill_case(cursor, out, problem) < 0)
        return -1;
    cursor->combination++;
    return 1;
}

/* ---- looking for one */

static int not_found(const char *id, size_t length, char problem[REGISTRY_TEXT])
{
    const char **names = calloc(count + 1, sizeof *names);
    const char *near = NULL;
    char name[CASE_ID_MAX];
    size_t n = 0;

    snprintf(name, sizeof name, "%.*s", (int)length, id);
    for (const struct tare_case *def = first; names && def; def = def->next_)
        names[n++] = def->name;
    if (names)
        near = tarei_nearest(name, names, n);
    if (near && strcmp(near, name) == 0)
        snprintf(problem, REGISTRY_TEXT,
                 "'%s' has no case with these parameters: %.200s", near, id);
    else if (near)
        snprintf(problem, REGISTRY_TEXT,
                 "no case is called '%.200s'; the nearest is '%.200s'", id,
                 near);
    else
        snprintf(problem, REGISTRY_TEXT, "no case is called '%.200s'", id);
    free(names);
    return -1;
}

/* Many cases of one definition are asked for, one after the other: its
 * parameters are read once. */
static struct tarei_cursor last_found;

static int walk_over(struct tare_case *def, char problem[REGISTRY_TEXT])
{
    struct tarei_cursor *c = &last_found;

    if (c->walked == def)
        return 0;
    *c = (struct tarei_cursor){.next = def};
    return enter(c, problem);
}

/* The number of the combination that an id's "[key=value,...]" tells; -1 when
 * there is none. */
static int find_combination(const struct tarei_axes *axes, const char *params,
                            size_t *combination)
{
    *combination = 0;
    for (size_t i = 0; i < axes->n; i++) {
        const struct tarei_axis *axis = &axes->axis[i];
        size_t length, k;

        if (*params++ != (i == 0 ? '[' : ',') ||
            strncmp(params, axis->name, axis->name_length) != 0 ||
            params[axis->name_length] != '=')
            return -1;
        params += axis->name_length + 1;
        length = strcspn(params, ",]");
        if (tarei_params_find(axis, params, length, &k) < 0)
            return -1;
        *combination = *combination * axis->count + k;
        params += length;
    }
    return 0;
}

/* Among the cases of one definition: 1, 0 when it is none of them, or -1. */
static int find_in(struct tare_case *def, const char *id,
                   struct tarei_case *out, char problem[REGISTRY_TEXT])
{
    if (walk_over(def, problem) < 0)
        return -1;
    if (find_combination(&last_found.axes, id + strcspn(id, "["),
                         &last_found.combination) < 0)
        return 0;
    if (tarei_cursor_next(&last_found, out, problem) < 0)
        return -1;
    return strcmp(out->id, id) == 0;
}

int tarei_find_case(const char *id, struct tarei_case *out,
                    char problem[REGISTRY_TEXT])
{
    size_t length = strcspn(id, "[");

    for (struct tare_case *def = first; def; def = def->next_) {
        int rc;

        if (!def->name || strlen(def->name) != length ||
            memcmp(def->name, id, length) != 0)
            continue;
        rc = find_in(def, id, out, problem);
        if (rc != 0)
            return rc < 0 ? -1 : 0;
    }
    return not_found(id, length, problem);
}

static int by_name(const void *a, const void *b)
{
    const struct tare_case *one = *(struct tare_case *const *)a;
    const struct tare_case *two = *(struct tare_case *const *)b;
    int order = strcmp(one->name ? one->name : "", two->name ? two->name : "");

    return order ? order : one->line - two->line;
}

int tarei_registry_check(char problem[REGISTRY_TEXT])
{
    struct tare_case **all = calloc(count + 1, sizeof(struct tare_case *));
    size_t n = 0;
    int rc = 0;

    if (!all) {
        snprintf(problem, REGISTRY_TEXT, "no memory for %zu cases", count);
        return -1;
    }
    for (struct tare_case *def = first; def; def = def->next_)
        all[n++] = def;
    qsort(all, n, sizeof *all, by_name);
    for (size_t i = 1; rc == 0 && i < n; i++) {
        if (!all[i]->name || strcmp(all[i - 1]->name, all[i]->name) != 0)
            continue;
        snprintf(problem, REGISTRY_TEXT,
                 "%s:%d: error: two cases are called '%.100s', the other at "
                 "%s:%d",
                 all[i]->file ? all[i]->file : "(unknown file)", all[i]->line,
                 all[i]->name,
                 all[i - 1]->file ? all[i - 1]->file : "(unknown file)",
                 all[i - 1]->line);
        rc = -1;
    }
    free(all);
    return rc;
}
