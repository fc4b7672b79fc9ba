/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From tare.yaml's commands to recipes. */
#include <config.h>

#include "adapt/commands.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

/* What of a parameter's values is in force. */
struct binding {
    const struct params *params;
    const size_t *choice; /* of each parameter */
};

struct expansion {
    const struct commands_plan *plan;
    const struct command *commands;
    size_t n_commands;
    struct arena *arena;
    struct command_case *item;
    size_t n;
};

/* ---- replacing */

static const char *value_of(const struct binding *b, const char *name, size_t n)
{
    for (size_t i = 0; i < b->params->n; i++)
        if (strlen(b->params->param[i].name) == n &&
            memcmp(b->params->param[i].name, name, n) == 0)
            return b->params->param[i].values.word[b->choice[i]];
    return NULL;
}

/* The text with every {NAME} of a parameter replaced; other braces stay. */
static const char *replace(const struct binding *b, struct arena *arena,
                           const char *text)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    if (!strchr(text, '{'))
        return text;
    while (*text) {
        size_t n = strcspn(text, "{"), name;
        const char *value;

        strbuf_add(&out, text, n);
        text += n;
        if (!*text)
            break;
        name = strcspn(text + 1, "{}");
        value = text[1 + name] == '}' ? value_of(b, text + 1, name) : NULL;
        if (value) {
            strbuf_puts(&out, value);
            text += name + 2;
        } else {
            strbuf_putc(&out, *text++);
        }
    }
    return out.failed ? NULL : arena_strdup(arena, strbuf_text(&out));
}

static bool replace_words(const struct binding *b, struct arena *arena,
                          struct recipe_words *words)
{
    struct recipe_words out = {0};

    for (size_t i = 0; i < words->n; i++)
        if (!recipe_words_add(arena, &out, replace(b, arena, words->word[i])))
            return false;
    *words = out;
    return true;
}

bool command_words(const struct command_line *line, struct arena *arena,
                   struct recipe_words *out)
{
    struct recipe_words words = {0};
    bool good = true;

    if (line->shell)
        good = recipe_words_add(arena, &words, "/bin/sh") &&
               recipe_words_add(arena, &words, "-c") &&
               recipe_words_add(arena, &words, line->shell);
    for (size_t i = 0; i < line->argv.n && good; i++)
        good = recipe_words_add(arena, &words, line->argv.word[i]);
    *out = words;
    return good;
}

static bool words_of(const struct binding *b, struct arena *arena,
                     const struct command_line *line, struct recipe_words *out)
{
    return command_words(line, arena, out) && replace_words(b, arena, out);
}

/* A path of the suite, meant from its folder. */
static const char *path_of(const struct expansion *x, const struct binding *b,
                           const char *path)
{
    const char *folder = x->plan->folder;

    path = replace(b, x->arena, path);
    if (!path || path[0] == '/' || *folder == '\0' || strcmp(folder, ".") == 0)
        return path;
    return *path ? arena_printf(x->arena, "%s/%s", folder, path) : folder;
}

static bool stream_of(const struct expansion *x, const struct binding *b,
                      const struct stream *from, struct stream *to)
{
    *to = *from;
    if (from->kind == STREAM_FILE)
        to->text = path_of(x, b, from->text);
    else if (from->kind == STREAM_TEXT)
        to->text = replace(b, x->arena, from->text);
    return to->text || from->kind == STREAM_DEFAULT ||
           from->kind == STREAM_DISCARD;
}

static bool env_of(const struct expansion *x, const struct binding *b,
                   const struct settings *env, struct recipe_words *out)
{
    for (size_t i = 0; i < env->n; i++) {
        const char *value = replace(b, x->arena, env->setting[i].value);

        if (!value ||
            !recipe_words_add(
                x->arena, out,
                arena_printf(x->arena, "%s=%s", env->setting[i].name, value)))
            return false;
    }
    return true;
}

/* ---- names */

static bool is_safe(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || strchr("_-./:=,+@%^", c);
}

static void put_word(struct strbuf *out, const char *word)
{
    bool safe = *word != '\0';

    for (const char *c = word; *c; c++)
        safe = safe && is_safe(*c);
    if (safe) {
        strbuf_puts(out, word);
        return;
    }
    strbuf_putc(out, '\'');
    for (; *word; word++) {
        if (*word == '\'')
            strbuf_puts(out, "'\\''");
        else
            strbuf_putc(out, *word);
    }
    strbuf_putc(out, '\'');
}

const char *command_label(const struct recipe_words *words, bool shell,
                          struct arena *arena)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    if (shell)
        return words->word[words->n - 1];
    for (size_t i = 0; i < words->n; i++) {
        if (i)
            strbuf_putc(&out, ' ');
        put_word(&out, words->word[i]);
    }
    return out.failed ? NULL : arena_strdup(arena, strbuf_text(&out));
}

/* "name[a=1,b=2]"; only the parameters of `like`, with the values of `b`. */
static const char *id_of(const struct expansion *x, const struct binding *b,
                         const char *name, const struct params *like)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    strbuf_puts(&out, name);
    for (size_t i = 0; i < like->n; i++) {
        const char *param = like->param[i].name;
        const char *value = value_of(b, param, strlen(param));

        if (!value)
            return "";
        strbuf_printf(&out, "%c%s=%s", i ? ',' : '[', param, value);
    }
    if (like->n)
        strbuf_putc(&out, ']');
    return out.failed ? NULL : arena_strdup(x->arena, strbuf_text(&out));
}

static const char *baseline_of(const struct expansion *x,
                               const struct binding *b, const struct command *c)
{
    for (size_t i = 0; *c->baseline && i < x->n_commands; i++)
        if (strcmp(x->commands[i].name, c->baseline) == 0)
            return id_of(x, b, c->baseline, &x->commands[i].params);
    return "";
}

static const char *tags_of(const struct expansion *x, const struct words *tags)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    for (size_t i = 0; i < tags->n; i++)
        strbuf_printf(&out, "%s%s", i ? "," : "", tags->word[i]);
    return out.failed ? NULL : arena_strdup(x->arena, strbuf_text(&out));
}

/* ---- one case */

static int64_t timeout_of(const struct expansion *x, const struct command *c)
{
    if (x->plan->override_ns > 0)
        return x->plan->override_ns;
    if (c->timeout > 0)
        return c->timeout;
    return c->kind == COMMAND_TEST ? x->plan->test_timeout_ns
                                   : x->plan->benchmark_timeout_ns;
}

static bool fill_recipe(const struct expansion *x, const struct binding *b,
                        const struct command *c, struct recipe *r)
{
    *r = (struct recipe){
        .name = arena_printf(x->arena, "%s%zu", x->plan->prefix, x->n),
        .is_test = c->kind == COMMAND_TEST,
        .xfail = c->xfail,
        .shell = c->run.shell != NULL,
        .cwd = path_of(x, b, c->cwd),
        .expect = c->expect,
        .cold_cache = c->cold_cache,
        .timeout_ns = timeout_of(x, c),
        .foreign = {RECIPE_NOT_FOREIGN},
    };
    if (r->cwd && strcmp(r->cwd, ".") == 0)
        r->cwd = "";
    return r->name && r->cwd && words_of(b, x->arena, &c->run, &r->run) &&
           words_of(b, x->arena, &c->prepare, &r->before) &&
           words_of(b, x->arena, &c->cleanup, &r->after) &&
           env_of(x, b, &c->env, &r->env) && stream_of(x, b, &c->in, &r->in) &&
           stream_of(x, b, &c->out, &r->out) &&
           stream_of(x, b, &c->err, &r->err);
}

static int add_case(struct expansion *x, const struct binding *b,
                    const struct command *c, struct error *err)
{
    struct command_case *all = arena_grow(x->arena, x->item, x->n, sizeof *all);
    struct command_case one = {.command = c};

    if (!all || !fill_recipe(x, b, c, &one.recipe))
        return ERROR(err, ERR_NOMEM, "no memory for commands");
    one.label = command_label(&one.recipe.run, one.recipe.shell, x->arena);
    one.id = x->plan->by_text ? one.label : id_of(x, b, c->name, &c->params);
    one.baseline_id = baseline_of(x, b, c);
    one.tags = tags_of(x, &c->tags);
    if (!one.label || !one.id || !one.baseline_id || !one.tags)
        return ERROR(err, ERR_NOMEM, "no memory for commands");
    one.recipe.id = one.id;
    x->item = all;
    all[x->n++] = one;
    return 0;
}

/* The next combination, the last parameter varying fastest; false after the
 * last. */
static bool next_choice(const struct params *params, size_t *choice)
{
    for (size_t i = params->n; i-- > 0;) {
        if (++choice[i] < params->param[i].values.n)
            return true;
        choice[i] = 0;
    }
    return false;
}

static int expand_one(struct expansion *x, const struct command *c,
                      struct error *err)
{
    size_t *choice = arena_alloc(x->arena, c->params.n, sizeof *choice);
    struct binding b = {.params = &c->params, .choice = choice};
    int rc;

    if (!choice)
        return ERROR(err, ERR_NOMEM, "no memory for commands");
    do
        rc = add_case(x, &b, c, err);
    while (rc == 0 && next_choice(&c->params, choice));
    return rc;
}

/* ---- all */

static int by_id(const void *a, const void *b)
{
    const struct command_case *const *x = a, *const *y = b;

    return strcmp((*x)->id, (*y)->id);
}

/* The same command line twice is measured twice: how much two figures of the
 * same thing differ is what people want to see then. */
static int number_texts(struct expansion *x, struct error *err)
{
    for (size_t i = 1; i < x->n; i++) {
        size_t same = 1;

        for (size_t k = 0; k < i; k++)
            same += strcmp(x->item[k].label, x->item[i].label) == 0;
        if (same == 1)
            continue;
        x->item[i].id =
            arena_printf(x->arena, "%s (%zu)", x->item[i].label, same);
        if (!x->item[i].id)
            return ERROR(err, ERR_NOMEM, "no memory for commands");
        x->item[i].recipe.id = x->item[i].id;
    }
    return 0;
}

int commands_unique(const struct command_case *item, size_t n,
                    struct error *err)
{
    SCOPED(free_scoped)
    const struct command_case **sorted = calloc(n + 1, sizeof *sorted);

    if (!sorted)
        return ERROR(err, ERR_NOMEM, "no memory for commands");
    for (size_t i = 0; i < n; i++)
        sorted[i] = &item[i];
    qsort(sorted, n, sizeof *sorted, by_id);
    for (size_t i = 1; i < n; i++)
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0)
            return ERROR(err, ERR_PARSE, "two cases have the id '%s'",
                         sorted[i]->id);
    return 0;
}

int commands_expand(const struct command *command, size_t n,
                    const struct commands_plan *plan, struct arena *arena,
                    struct command_case **out, size_t *n_out, struct error *err)
{
    struct expansion x = {
        .plan = plan, .commands = command, .n_commands = n, .arena = arena};
    int rc = 0;

    for (size_t i = 0; i < n && rc == 0; i++)
        rc = expand_one(&x, &command[i], err);
    if (rc == 0 && plan->by_text)
        rc = number_texts(&x, err);
    if (rc == 0)
        rc = commands_unique(x.item, x.n, err);
    if (rc < 0)
        return rc;
    *out = x.item;
    *n_out = x.n;
    return 0;
}
