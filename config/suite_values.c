/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values that only a suite has: command lines, streams, expectations. */
#include <config.h>

#include <ctype.h>
#include <regex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/strbuf.h"
#include "base/units.h"
#include "config/numbers.h"
#include "config/suite_schema.h"

/* ---- names */

bool is_filled(const char *text)
{
    return text[strspn(text, " \t\r\n")] != '\0';
}

bool is_case_name(const char *text)
{
    size_t n = strlen(text);

    if (n == 0 || n > 200)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f ||
            strchr("[]", text[i]))
            return false;
    return true;
}

static bool is_name_of(const char *text, const char *also)
{
    if (!isalpha((unsigned char)text[0]) && text[0] != '_')
        return false;
    for (size_t i = 1; text[i]; i++)
        if (!isalnum((unsigned char)text[i]) && text[i] != '_' &&
            !strchr(also, text[i]))
            return false;
    return strlen(text) <= 200;
}

bool is_identifier(const char *text)
{
    return is_name_of(text, "");
}

bool is_plain_name(const char *text)
{
    return is_name_of(text, "-");
}

/* ---- plan */

int read_version(const struct reader *r, const struct node *node,
                 const struct key *key, void *to)
{
    int64_t version;

    (void)to;
    if (node->kind != NODE_TEXT ||
        parse_int(node->text, 1, 1000000, &version, NULL) < 0) {
        schema_expected(r, node, key, "the version of the format, 1");
        if (node->kind == NODE_TEXT && strncmp(node->text, "baseline/", 9) == 0)
            error_help(r->err, "this looks like a baseline, not like a suite");
        return ERR_PARSE;
    }
    if (version == SUITE_VERSION)
        return 0;
    ERROR_AT(r->err, ERR_PARSE, r->file, node->at.line, node->at.column,
             "this suite has version %s; this tare reads version %d",
             node->text, SUITE_VERSION);
    return error_help(r->err, "use a newer tare");
}

int read_workers(const struct reader *r, const struct node *node,
                 const struct key *key, void *to)
{
    if (node->kind != NODE_TEXT || workers_parse(node->text, to, NULL) < 0)
        return schema_expected(r, node, key,
                               "auto, logical or a number from 1 to 4096");
    return 0;
}

/* A list of CPUs is a list, or a text "0,2,4-7". */
static int join_cpus(const struct reader *r, const struct node *node,
                     const char **out)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    for (size_t i = 0; i < node->n; i++)
        if (node->item[i].kind == NODE_TEXT)
            strbuf_printf(&text, "%s%s", i ? "," : "", node->item[i].text);
    *out = arena_strdup(r->arena, strbuf_text(&text));
    return *out && !text.failed ? 0 : schema_no_memory(r);
}

int read_bind(const struct reader *r, const struct node *node,
              const struct key *key, void *to)
{
    struct worker_plan *plan = to;
    const char *cpus = node->text;
    int rc = 0;

    if (node->kind == NODE_LIST)
        rc = join_cpus(r, node, &cpus);
    else if (node->kind == NODE_MAP || !isdigit((unsigned char)node->text[0])) {
        plan->cpus = "";
        return read_choice(r, node, key, &plan->bind);
    }
    if (rc < 0)
        return rc;
    if (!is_cpu_list(cpus))
        return schema_expected(r, node, key, "CPU numbers such as 0,2,4-7");
    cpus = arena_strdup(r->arena, cpus);
    if (!cpus)
        return schema_no_memory(r);
    plan->cpus = cpus;
    plan->bind = BIND_LIST;
    return 0;
}

/* ---- command lines and streams */

int read_command(const struct reader *r, const struct node *node,
                 const struct key *key, void *to)
{
    static const char expected[] = "a list of words or a shell command";
    struct command_line *run = to;
    struct command_line value = {.at = node->at};
    int rc;

    if (node->kind == NODE_MAP || (node->kind == NODE_LIST && node->n == 0))
        return schema_expected(r, node, key, expected);
    if (node->kind == NODE_LIST) {
        rc = read_words(r, node, key, &value.argv);
        if (rc == 0 && value.argv.word[0][0] == '\0')
            rc = schema_expected(r, &node->item[0], key, "a program first");
    } else {
        if (!is_filled(node->text))
            return schema_expected(r, node, key, expected);
        value.shell = arena_strdup(r->arena, node->text);
        rc = value.shell ? 0 : schema_no_memory(r);
    }
    if (rc == 0)
        *run = value;
    return rc;
}

struct stream_map {
    const char *file;
    const char *text;
};

static const struct text_rule a_path = {"a path", is_filled};

static const struct key input_keys[] = {
    {.name = "file",
     .read = read_string,
     .offset = offsetof(struct stream_map, file),
     .rule = &a_path},
    {.name = "text",
     .read = read_string,
     .offset = offsetof(struct stream_map, text)},
};

static const struct key output_keys[] = {
    {.name = "file",
     .read = read_string,
     .offset = offsetof(struct stream_map, file),
     .rule = &a_path,
     .required = true},
};

const struct schema input_schema = SCHEMA(input_keys);
const struct schema output_schema = SCHEMA(output_keys);

static int read_stream_map(const struct reader *r, const struct node *node,
                           const struct key *key, struct stream *to)
{
    struct stream_map map = {0};
    int rc = schema_read(r, node, key->schema, &map);

    if (rc < 0)
        return rc;
    if (!map.file == !map.text) /* both or none */
        return schema_expected(r, node, key, "either 'file' or 'text'");
    *to = (struct stream){
        .kind = map.file ? STREAM_FILE : STREAM_TEXT,
        .text = map.file ? map.file : map.text,
        .at = node->at,
    };
    return 0;
}

int read_input(const struct reader *r, const struct node *node,
               const struct key *key, void *to)
{
    struct stream stream = {.kind = STREAM_FILE, .at = node->at};

    if (node->kind == NODE_MAP)
        return read_stream_map(r, node, key, to);
    if (node->kind == NODE_LIST || !is_filled(node->text))
        return schema_expected(r, node, key, "a path or {text: ...}");
    stream.text = arena_strdup(r->arena, node->text);
    if (!stream.text)
        return schema_no_memory(r);
    *(struct stream *)to = stream;
    return 0;
}

int read_output(const struct reader *r, const struct node *node,
                const struct key *key, void *to)
{
    struct stream stream = {.at = node->at};

    if (node->kind == NODE_MAP)
        return read_stream_map(r, node, key, to);
    if (node->kind == NODE_LIST || (strcmp(node->text, "discard") != 0 &&
                                    strcmp(node->text, "capture") != 0))
        return schema_expected(r, node, key,
                               "capture, discard or {file: PATH}");
    stream.kind = node->text[0] == 'd' ? STREAM_DISCARD : STREAM_DEFAULT;
    *(struct stream *)to = stream;
    return 0;
}

/* ---- expectations */

struct expected_map {
    const char *equals;
    const char *contains;
    const char *matches;
};

#define EXPECTED(field)                                \
    {                                                  \
        .name = #field, .read = read_string,           \
        .offset = offsetof(struct expected_map, field) \
    }

static const struct key expected_keys[] = {
    EXPECTED(equals),
    EXPECTED(contains),
    EXPECTED(matches),
};

const struct schema expected_schema = SCHEMA(expected_keys);

enum { REGEX_MAX = 1000 }; /* bytes of a pattern, and states of its bounds */

static double largest_bound(const char *text)
{
    unsigned long low = 0, high = 0;
    char *end = (char *)text;

    if (isdigit((unsigned char)*text))
        low = strtoul(text, &end, 10);
    if (*end == ',' && isdigit((unsigned char)end[1]))
        high = strtoul(end + 1, NULL, 10);
    return (double)(low > high ? low : high) + 1;
}

/* A compiler of regular expressions unrolls "{n}", one inside the other: what
 * it has to unroll at most. */
static double unrolled(const char *pattern)
{
    double product = 1;

    for (const char *p = pattern; *p; p++) {
        if (*p == '\\' && p[1])
            p++;
        else if (*p == '{')
            product *= largest_bound(p + 1);
    }
    return product;
}

static int check_regex(const struct reader *r, const struct node *node,
                       const struct key *key, const char *pattern)
{
    char why[128];
    regex_t regex;
    int rc;

    if (strlen(pattern) > REGEX_MAX || unrolled(pattern) > REGEX_MAX)
        return ERROR_AT(r->err, ERR_RANGE, r->file, node->at.line,
                        node->at.column, "%s: too large a regular expression",
                        key->name);
    rc = regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB);
    if (rc == 0) {
        regfree(&regex);
        return 0;
    }
    regerror(rc, &regex, why, sizeof why);
    return ERROR_AT(r->err, ERR_PARSE, r->file, node->at.line, node->at.column,
                    "%s: '%.80s' is no regular expression: %s", key->name,
                    pattern, why);
}

static int read_expected_map(const struct reader *r, const struct node *node,
                             const struct key *key, struct expect_output *to)
{
    struct expected_map map = {0};
    struct expect_output out = {.at = node->at};
    int rc = schema_read(r, node, key->schema, &map);

    if (rc < 0)
        return rc;
    if (node->n != 1)
        return schema_expected(r, node, key,
                               "one of 'equals', 'contains' and 'matches'");
    out.kind = map.equals     ? EXPECT_EQUALS
               : map.contains ? EXPECT_CONTAINS
                              : EXPECT_MATCHES;
    out.text = map.equals     ? map.equals
               : map.contains ? map.contains
                              : map.matches;
    if (map.matches)
        rc = check_regex(r, &node->entry[0].value, key, map.matches);
    if (rc == 0)
        *to = out;
    return rc;
}

int read_expected_output(const struct reader *r, const struct node *node,
                         const struct key *key, void *to)
{
    struct expect_output out = {.kind = EXPECT_EQUALS, .at = node->at};

    if (node->kind == NODE_MAP)
        return read_expected_map(r, node, key, to);
    if (node->kind == NODE_LIST)
        return schema_expected(r, node, key, "a text or {matches: ...}");
    out.text = arena_strdup(r->arena, node->text);
    if (!out.text)
        return schema_no_memory(r);
    *(struct expect_output *)to = out;
    return 0;
}

static const struct {
    const char *name;
    int number;
} signals[] = {
    {"none", 0},          {"SIGHUP", SIGHUP},   {"SIGINT", SIGINT},
    {"SIGQUIT", SIGQUIT}, {"SIGILL", SIGILL},   {"SIGTRAP", SIGTRAP},
    {"SIGABRT", SIGABRT}, {"SIGBUS", SIGBUS},   {"SIGFPE", SIGFPE},
    {"SIGKILL", SIGKILL}, {"SIGSEGV", SIGSEGV}, {"SIGPIPE", SIGPIPE},
    {"SIGALRM", SIGALRM}, {"SIGTERM", SIGTERM}, {"SIGSYS", SIGSYS},
};

int read_signal(const struct reader *r, const struct node *node,
                const struct key *key, void *to)
{
    if (node->kind != NODE_TEXT)
        return schema_expected(r, node, key, "a signal such as SIGSEGV");
    for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
        if (strcmp(signals[i].name, node->text) == 0) {
            *(int64_t *)to = signals[i].number;
            return 0;
        }
    }
    if (parse_int(node->text, 1, 64, to, NULL) < 0)
        return schema_expected(r, node, key,
                               "a signal such as SIGSEGV, or 1 to 64");
    return 0;
}

/* ---- lists of a fixed form */

int read_values(const struct reader *r, const struct node *node,
                const struct key *key, void *to)
{
    if (node->kind == NODE_MAP || (node->kind == NODE_LIST && node->n == 0) ||
        node_is_empty(node))
        return schema_expected(r, node, key, "one value or a list of them");
    return read_words(r, node, key, to);
}

int read_id_pair(const struct reader *r, const struct node *node,
                 const struct key *key, void *to)
{
    const char **id = to;
    struct words words = {0};
    int rc;

    if (node->kind != NODE_LIST || node->n != 2)
        return schema_expected(r, node, key, "two ids, [a, b]");
    rc = read_words(r, node, key, &words);
    if (rc < 0)
        return rc;
    id[0] = words.word[0];
    id[1] = words.word[1];
    return 0;
}

int read_bounds(const struct reader *r, const struct node *node,
                const struct key *key, void *to)
{
    static const char expected[] = "two numbers that rise, such as [0.4, 0.6]";
    struct expect_ratio *expect = to;
    double bound[2];

    if (node->kind != NODE_LIST || node->n != 2)
        return schema_expected(r, node, key, expected);
    for (size_t i = 0; i < 2; i++) {
        const struct node *item = &node->item[i];

        if (item->kind != NODE_TEXT ||
            !number_parse(item->text, strlen(item->text), &bound[i]) ||
            bound[i] <= 0 || bound[i] > 1e9)
            return schema_expected(r, item, key,
                                   "a number above 0 and up to 1e9");
    }
    if (bound[0] > bound[1])
        return schema_expected(r, node, key, expected);
    expect->low = bound[0];
    expect->high = bound[1];
    return 0;
}
