/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The recipes of docs/ci.md and examples/ci: the YAML parses and holds jobs, the
 * page is the files word for word, and tare takes every command line. */
#include <config.h>

#include "bench/tare.h"
#include "cli/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/file.h"
#include "base/scope.h"

enum { WORDS_MAX = 40, PATH_BYTES = 512 };

static const char *const pages[] = {"docs/ci.md", "docs/tutorial.md",
                                    "README.md", "examples/README.md"};
static const char *const scripts[] = {"examples/ci/ci.sh",
                                      "examples/ci/demo.sh"};
static const char *const recipes[] = {"examples/ci/github.yml",
                                      "examples/ci/github-baseline.yml",
                                      "examples/ci/gitlab.yml"};

static char *text_of(const char *name)
{
    const char *srcdir = getenv("srcdir");
    char path[PATH_BYTES], *text = NULL;
    size_t size;

    snprintf(path, sizeof path, "%s/%s", srcdir ? srcdir : ".", name);
    if (file_read(path, 1 << 20, &text, &size, NULL) < 0) {
        printf("# cannot read %s\n", path);
        exit(1);
    }
    return text;
}

/* --- a command line as a shell would cut it */

/* The next word at *p into out, quotes and backslashes removed; false at the
 * end of the command. */
static bool next_word(const char **p, char *out, size_t room)
{
    const char *s = *p;
    char quote = 0;
    size_t n = 0;

    while (*s == ' ' || (s[0] == '\\' && s[1] == '\n'))
        s += *s == ' ' ? 1 : 2;
    if (!*s || strchr("\n|&;<>)#`", *s))
        return false;
    for (; *s && (quote || !strchr(" \n|&;<>)`", *s)) && n + 1 < room; s++) {
        if (quote ? *s == quote : *s == '\'' || *s == '"')
            quote = quote ? 0 : *s;
        else
            out[n++] = *s;
    }
    out[n] = '\0';
    *p = s;
    return true;
}

/* Options in a variable are the script's; the value of a quoted one is a word
 * like any other. */
static bool is_variable(const char *p)
{
    while (*p == ' ')
        p++;
    return *p == '$';
}

static int check_command(const char *line)
{
    SCOPED(free_scoped) char *room = malloc(WORDS_MAX * 256);
    char *word[WORDS_MAX + 1] = {NULL};
    struct options options = {.dashes = false};
    struct error err = {0};
    const struct cli_cmd *cmd, *sub;
    int n = 0, first = 1, rc;

    for (const char *p = line; n < WORDS_MAX && room; n++) {
        bool variable = is_variable(p);

        word[n] = room + (size_t)n * 256;
        if (!next_word(&p, word[n], 256))
            break;
        n -= variable;
    }
    word[n] = NULL;
    if (n < 1)
        return -1;
    cmd = cli_find(cli_commands, word[0]);
    sub = cmd && n > 1 ? cli_find(cmd->subs, word[1]) : NULL;
    if (sub) {
        cmd = sub;
        first = 2;
    }
    if (!cmd) {
        printf("# there is no command '%s'\n", word[0]);
        return -1;
    }
    rc = options_parse(&options, cmd, cli_commands, n - first, word + first,
                       &err);
    if (rc < 0)
        printf("# tare %.*s\n#   %s\n", (int)strcspn(line, "\n"), line,
               err.text);
    options_clear(&options);
    return rc;
}

/* May a command begin here? */
static bool is_command_place(const char *text, const char *at)
{
    const char *p = at;

    while (p > text && p[-1] == ' ')
        p--;
    return p == text || strchr("\n;&|(", p[-1]) ||
           (p - text >= 2 && memcmp(p - 2, "- ", 2) == 0) ||
           (p - text >= 4 && memcmp(p - 4, "run:", 4) == 0);
}

/* How many commands there were; those that are refused count in *wrong. */
static size_t check_commands(const char *text, size_t *wrong)
{
    size_t n = 0;

    for (const char *p = text; (p = strstr(p, "tare ")); p += 5)
        if (is_command_place(text, p)) {
            n++;
            *wrong += check_command(p + 5) < 0;
        }
    return n;
}

static void check_file(struct tare *t, const char *name, size_t least)
{
    SCOPED(free_scoped) char *text = text_of(name);
    size_t wrong = 0, n = check_commands(text, &wrong);

    if (wrong)
        printf("# in %s\n", name);
    TARE_CHECK_INT(wrong, 0);
    TARE_CHECK(n >= least);
}

TARE_TEST(every_command_line_is_taken)
{
    for (size_t i = 0; i < ARRAY_LEN(scripts); i++)
        check_file(t, scripts[i], i == 0 ? 9 : 0);
    for (size_t i = 0; i < ARRAY_LEN(recipes); i++)
        check_file(t, recipes[i], 0);
}

/* Lines that begin with it: pages speak of `tare gate` in prose as well. */
TARE_TEST(every_command_line_of_a_page_is_taken)
{
    for (size_t i = 0; i < ARRAY_LEN(pages); i++)
        check_file(t, pages[i], i == 0 ? 15 : 0);
}

TARE_TEST(a_command_line_can_be_refused)
{
    size_t wrong = 0;

    TARE_CHECK_INT(check_commands("tare gate --against-rev HEAD | cat\n"
                                  "test -d x || tare gate --agianst x\n"
                                  "see `tare gat`, bare tare words\n"
                                  "tare history merge 'a b' \\\n  --db x\n"
                                  "tare gate --seed ten\n",
                                  &wrong),
                   4);
    TARE_CHECK_INT(wrong, 2);
}

/* --- the recipes */

struct tally {
    size_t scalars, jobs; /* jobs: "run" and "script" with something in them */
};

static void count(yaml_document_t *doc, yaml_node_t *node, struct tally *tally)
{
    if (!node)
        return;
    if (node->type == YAML_SCALAR_NODE)
        tally->scalars++;
    if (node->type == YAML_SEQUENCE_NODE)
        for (yaml_node_item_t *i = node->data.sequence.items.start;
             i < node->data.sequence.items.top; i++)
            count(doc, yaml_document_get_node(doc, *i), tally);
    if (node->type != YAML_MAPPING_NODE)
        return;
    for (yaml_node_pair_t *p = node->data.mapping.pairs.start;
         p < node->data.mapping.pairs.top; p++) {
        const yaml_node_t *key = yaml_document_get_node(doc, p->key);
        const char *name = (const char *)key->data.scalar.value;

        tally->jobs += strcmp(name, "run") == 0 || strcmp(name, "script") == 0;
        count(doc, yaml_document_get_node(doc, p->value), tally);
    }
}

static bool parse(const char *name, const char *text, struct tally *tally)
{
    yaml_parser_t parser;
    yaml_document_t doc;
    bool good;

    *tally = (struct tally){0};
    if (!yaml_parser_initialize(&parser))
        return false;
    yaml_parser_set_input_string(&parser, (const unsigned char *)text,
                                 strlen(text));
    good = yaml_parser_load(&parser, &doc);
    if (good) {
        count(&doc, yaml_document_get_root_node(&doc), tally);
        yaml_document_delete(&doc);
    } else {
        printf("# %s:%zu: %s\n", name, parser.problem_mark.line + 1,
               parser.problem);
    }
    yaml_parser_delete(&parser);
    return good;
}

TARE_TEST(every_recipe_is_yaml_with_jobs)
{
    struct tally tally;

    for (size_t i = 0; i < ARRAY_LEN(recipes); i++) {
        SCOPED(free_scoped) char *text = text_of(recipes[i]);

        TARE_CHECK(parse(recipes[i], text, &tally));
        TARE_CHECK(tally.jobs >= 1);
        TARE_CHECK(tally.scalars >= 15);
        TARE_CHECK(strstr(text, "ci/ci.sh gate") != NULL);
        TARE_CHECK(strstr(text, "\t") == NULL);
    }
    TARE_CHECK(!parse("broken", "a: [b\nc: d", &tally));
}

/* --- the page */

TARE_TEST(the_page_holds_the_files_word_for_word)
{
    SCOPED(free_scoped) char *page = text_of("docs/ci.md");

    for (size_t i = 0; i < ARRAY_LEN(recipes) + 1; i++) {
        const char *name = i ? recipes[i - 1] : scripts[0];
        SCOPED(free_scoped) char *text = text_of(name);
        SCOPED(strbuf_scoped) struct strbuf block = {0};

        strbuf_printf(&block, "```%s\n%s```\n", i ? "yaml" : "sh", text);
        if (!strstr(page, strbuf_text(&block)))
            printf("# %s is not in docs/ci.md as it is\n", name);
        TARE_CHECK(strstr(page, strbuf_text(&block)) != NULL);
    }
}
