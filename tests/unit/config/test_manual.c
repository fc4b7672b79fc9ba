/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manual and the normative page against the tables that read the file, and
 * their examples against the readers. */
#include <config.h>

#include "bench/tare.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/scope.h"
#include "base/strbuf.h"
#include "config/baseline.h"
#include "config/suite_schema.h"

enum { MAX_PAGE = 1 << 20, PATH_ROOM = 256 };

#define ITEM "\n.It Cm "

struct visit {
    struct tare *t;
    const char *page; /* borrowed */
    size_t keys;
};

typedef void visitor(struct visit *v, const char *path, const struct key *key);

static char *load(const char *name)
{
    const char *srcdir = getenv("srcdir");
    char path[4096], *text = NULL;
    struct error err = {0};
    size_t size;

    snprintf(path, sizeof path, "%s/%s", srcdir ? srcdir : ".", name);
    if (file_read(path, MAX_PAGE, &text, &size, &err) < 0) {
        error_print(&err, stderr);
        abort();
    }
    return text;
}

/* What stands below a key, or NULL. */
static const struct schema *below(const struct key *key)
{
    const struct map_rule *rule = key->rule;

    if (key->schema)
        return key->schema;
    return key->read == read_struct_map ? rule->value->schema : NULL;
}

static void walk(struct visit *v, const struct schema *schema,
                 const char *prefix, visitor *visit)
{
    for (size_t i = 0; i < schema->n; i++) {
        const struct key *key = &schema->key[i];
        char path[PATH_ROOM];

        snprintf(path, sizeof path, "%s%s%s", prefix, *prefix ? "." : "",
                 key->name);
        visit(v, path, key);
        v->keys++;
        if (below(key))
            walk(v, below(key), path, visit);
    }
}

/* From a line that begins like this to one that ends it; owned, or NULL. */
static char *passage(const char *page, const char *from, const char *to)
{
    const char *start = strstr(page, from);
    const char *end;

    if (!start)
        return NULL;
    end = strstr(start + strlen(from), to);
    return strndup(start, end ? (size_t)(end - start) : strlen(start));
}

/* Its default, each of its words, and whether it must be there. */
static void check_facts(struct visit *v, const char *text, const char *path,
                        const struct key *key)
{
    struct tare *t = v->t;
    const struct choice *choice = key->rule;
    bool ok = !key->value || strstr(text, key->value);

    if (key->read == read_choice || key->read == read_bind)
        for (size_t i = 0; i < choice->n && ok; i++)
            ok = strstr(text, choice->word[i]) ||
                 strcmp(path, "measure.bind") == 0; /* "as for test.bind" */
    if (key->required)
        ok = ok && strstr(text, "equired");
    if (!ok)
        TARE_CHECK_STR(path, "completely described");
}

static void check_manual(struct visit *v, const char *path,
                         const struct key *key)
{
    struct tare *t = v->t;
    char item[PATH_ROOM + sizeof ITEM];
    SCOPED(free_scoped) char *text = NULL;

    snprintf(item, sizeof item, ITEM "%s\n", path);
    text = passage(v->page, item, ITEM);
    if (!text) {
        TARE_CHECK_STR(path, "in tare.yaml(5)");
        return;
    }
    check_facts(v, text, path, key);
}

static void check_page(struct visit *v, const char *path, const struct key *key)
{
    struct tare *t = v->t;
    char row[PATH_ROOM + 8];
    SCOPED(free_scoped) char *text = NULL;

    snprintf(row, sizeof row, "\n| `%s` |", path);
    text = passage(v->page, row, "\n");
    if (!text) {
        TARE_CHECK_STR(path, "in docs/formats.md");
        return;
    }
    check_facts(v, text, path, key);
}

static size_t count(const char *page, const char *what)
{
    size_t n = 0;

    for (const char *p = page; (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

TARE_TEST(the_manual_describes_every_key_and_no_other)
{
    SCOPED(free_scoped) char *page = load("man/tare.yaml.5");
    struct visit v = {.t = t, .page = page};

    walk(&v, &suite_schema, "", check_manual);
    TARE_CHECK(v.keys > 100);
    TARE_CHECK_INT(count(page, ITEM), v.keys);
}

TARE_TEST(the_normative_page_lists_every_key_and_no_other)
{
    SCOPED(free_scoped) char *page = load("docs/formats.md");
    SCOPED(free_scoped)
    char *suite = passage(page, "\n| key | type | default |", "\n\n");
    struct visit v = {.t = t, .page = suite};

    TARE_REQUIRE(suite);
    walk(&v, &suite_schema, "", check_page);
    TARE_CHECK_INT(count(suite, "\n| `"), v.keys);
}

TARE_TEST(the_examples_of_the_manual_are_suites)
{
    SCOPED(free_scoped) char *page = load("man/tare.yaml.5");
    const char *p = page;
    int n = 0;

    while ((p = strstr(p, ".Bd -literal")) && (p = strchr(p, '\n'))) {
        SCOPED(free_scoped) char *text = passage(p, "\n", "\n.Ed");
        struct suite *suite = NULL;
        struct error err = {0};

        TARE_CHECK_INT(suite_parse("example", text, strlen(text), &suite, &err),
                       0);
        TARE_CHECK_STR(err.text, "");
        suite_free(suite);
        n++;
    }
    TARE_CHECK_INT(n, 2);
}

TARE_TEST(the_example_baseline_is_one_as_tare_writes_it)
{
    SCOPED(free_scoped) char *page = load("docs/formats.md");
    SCOPED(free_scoped) char *text = passage(page, "```yaml\n", "```\n");
    const char *yaml = text ? text + strlen("```yaml\n") : "";
    SCOPED(strbuf_scoped) struct strbuf again = {0};
    struct results *r = NULL;
    struct error err = {0};

    TARE_CHECK_INT(baseline_parse("example", yaml, strlen(yaml), &r, &err), 0);
    TARE_CHECK_STR(err.text, "");
    TARE_REQUIRE(r);
    TARE_CHECK_INT(baseline_print(r, &again, NULL), 0);
    TARE_CHECK_STR(strbuf_text(&again), yaml);
    results_free(r);
}
