/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading by tables: single values and lists of words. */
#include <config.h>

#include <string.h>

#include "base/nearest.h"
#include "base/strbuf.h"
#include "base/units.h"
#include "config/schema.h"
#include "config/suite.h"

/* An error of base/units.h, which has no place, as one of the file's. */
static int at_place(const struct reader *r, const struct node *node,
                    const struct key *key, const struct error *found)
{
    ERROR_AT(r->err, found->code, r->file, node->at.line, node->at.column,
             "%s: %s", key->name, found->text);
    if (found->help[0])
        error_help(r->err, "%s", found->help);
    return found->code;
}

static bool is_word(const struct node *node, const char *word)
{
    return word && strcmp(node->text, word) == 0;
}

static int copy(const struct reader *r, const char *text, const char **out)
{
    const char *made = arena_strdup(r->arena, text);

    if (!made)
        return schema_no_memory(r);
    *out = made;
    return 0;
}

int read_string(const struct reader *r, const struct node *node,
                const struct key *key, void *to)
{
    const struct text_rule *rule = key->rule;

    if (node->kind != NODE_TEXT)
        return schema_expected(r, node, key, rule ? rule->what : "text");
    if (rule && !rule->is_valid(node->text))
        return schema_expected(r, node, key, rule->what);
    return copy(r, node->text, to);
}

int read_truth(const struct reader *r, const struct node *node,
               const struct key *key, void *to)
{
    bool value;

    if (node->kind != NODE_TEXT)
        return schema_expected(r, node, key, "true or false");
    value = is_word(node, "true");
    if (!value && !is_word(node, "false"))
        return schema_expected(r, node, key, "true or false");
    *(bool *)to = value;
    return 0;
}

int read_integer(const struct reader *r, const struct node *node,
                 const struct key *key, void *to)
{
    const struct int_rule *rule = key->rule;
    struct error found = {0};
    int rc;

    if (node->kind != NODE_TEXT)
        return schema_expected(r, node, key, "a whole number");
    if (is_word(node, rule->word)) {
        *(int64_t *)to = rule->word_value;
        return 0;
    }
    rc = parse_int(node->text, rule->low, rule->high, to, &found);
    if (rc == 0)
        return 0;
    at_place(r, node, key, &found);
    if (rule->word)
        error_help(r->err, "or '%s'", rule->word);
    return rc;
}

static int period_range(const struct reader *r, const struct node *node,
                        const struct key *key)
{
    const struct int_rule *rule = key->rule;
    char low[QUANTITY_TEXT], high[QUANTITY_TEXT];

    return ERROR_AT(r->err, ERR_RANGE, r->file, node->at.line, node->at.column,
                    "%s: expected %s to %s, not '%.80s'", key->name,
                    format_duration(low, rule->low),
                    format_duration(high, rule->high), node->text);
}

/* What a parser said, and the word that stands for a value. */
static int unreadable(const struct reader *r, const struct node *node,
                      const struct key *key, const char *word,
                      const struct error *found)
{
    at_place(r, node, key, found);
    if (word)
        error_help(r->err, "or '%s'", word);
    return found->code;
}

int read_period(const struct reader *r, const struct node *node,
                const struct key *key, void *to)
{
    const struct int_rule *rule = key->rule;
    struct error found = {0};
    int64_t value;
    int rc;

    if (node->kind != NODE_TEXT)
        return schema_expected(r, node, key, "a duration");
    if (is_word(node, rule->word)) {
        *(int64_t *)to = rule->word_value;
        return 0;
    }
    rc = parse_duration(node->text, &value, &found);
    if (rc < 0)
        return unreadable(r, node, key, rule->word, &found);
    if (value < rule->low || value > rule->high)
        return period_range(r, node, key);
    *(int64_t *)to = value;
    return 0;
}

int read_ratio(const struct reader *r, const struct node *node,
               const struct key *key, void *to)
{
    const struct ratio_rule *rule = key->rule;
    struct error found = {0};
    double value;
    int rc;

    if (node->kind != NODE_TEXT)
        return schema_expected(r, node, key, "a share such as 2%");
    if (is_word(node, rule->word)) {
        *(double *)to = -1;
        return 0;
    }
    rc = parse_ratio(node->text, &value, &found);
    if (rc < 0)
        return unreadable(r, node, key, rule->word, &found);
    if (value < rule->low || value > rule->high)
        return ERROR_AT(r->err, ERR_RANGE, r->file, node->at.line,
                        node->at.column,
                        "%s: expected %g%% to %g%%, not '%.80s'", key->name,
                        rule->low * 100, rule->high * 100, node->text);
    *(double *)to = value;
    return 0;
}

static int no_choice(const struct reader *r, const struct node *node,
                     const struct key *key)
{
    const struct choice *choice = key->rule;
    struct strbuf words = {0};
    struct nearest nearest = {.word =
                                  node->kind == NODE_TEXT ? node->text : ""};

    for (size_t i = 0; i < choice->n; i++) {
        strbuf_printf(&words, "%s%s",
                      i == 0               ? ""
                      : i + 1 == choice->n ? " or "
                                           : ", ",
                      choice->word[i]);
        nearest_try(&nearest, choice->word[i]);
    }
    schema_expected(r, node, key, strbuf_text(&words));
    strbuf_clear(&words);
    if (nearest_found(&nearest))
        error_help(r->err, "did you mean '%s'?", nearest_found(&nearest));
    return ERR_PARSE;
}

int read_choice(const struct reader *r, const struct node *node,
                const struct key *key, void *to)
{
    const struct choice *choice = key->rule;

    for (unsigned i = 0; i < choice->n && node->kind == NODE_TEXT; i++) {
        if (is_word(node, choice->word[i])) {
            memcpy(to, &i, sizeof i); /* any enum of these is an unsigned */
            return 0;
        }
    }
    return no_choice(r, node, key);
}

static int read_word(const struct reader *r, const struct node *node,
                     const struct key *key, struct words *words)
{
    const struct text_rule *rule = key->rule;

    if (node->kind != NODE_TEXT || (rule && !rule->is_valid(node->text)))
        return schema_expected(r, node, key, rule ? rule->what : "texts");
    words->at[words->n] = node->at;
    return copy(r, node->text, &words->word[words->n++]);
}

int read_words(const struct reader *r, const struct node *node,
               const struct key *key, void *to)
{
    bool is_list = node->kind == NODE_LIST;
    const struct node *item = is_list ? node->item : node;
    size_t n = is_list ? node->n : node_is_empty(node) ? 0 : 1;
    struct words words = {0};
    int rc = 0;

    if (n) {
        words.word = arena_alloc(r->arena, n + 1, sizeof *words.word);
        words.at = arena_alloc(r->arena, n, sizeof *words.at);
        if (!words.word || !words.at)
            return schema_no_memory(r);
    }
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = read_word(r, &item[i], key, &words);
    if (rc == 0)
        *(struct words *)to = words;
    return rc;
}
