/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of `go test -bench`, as golang.org/design/14313-benchmark-format
 * describes it and benchstat reads it: lines of results, "key: value" lines
 * that hold from there on, "Unit" lines, and anything else, which is skipped.
 *
 * A process of go test ends with PASS, FAIL or ok; what stands before is one
 * invocation, whatever -count was. */
#include <config.h>

#include <ctype.h>
#include <string.h>

#include "adapt/import_formats.h"
#include "base/scope.h"

static const char *const prefix = "Benchmark";

/* One configuration key of the file. */
struct key {
    const char *name, *value; /* as it stands now; "" when not */
    bool varies;              /* several values are in the file */
};

/* What a "Unit" line says. */
struct unit {
    const char *word;
    enum better better;
};

struct go {
    struct import *im;
    struct key *key;
    size_t n_keys;
    struct unit *unit;
    size_t n_units;
    size_t process; /* number of the one that is going on */
    bool used;      /* it has results */
};

static const struct {
    const char *word; /* behind the last '-' of a unit, or all of it */
    struct import_metric metric;
    struct import_unit unit;
} known_units[] = {
    {"ns/op", {"time", "ns", BETTER_LOWER}, {"", 0, 1}},
    {"sec/op", {"time", "ns", BETTER_LOWER}, {"", 9, 1}},
    {"MB/s", {"bytes_per_second", "B/s", BETTER_HIGHER}, {"", 6, 1}},
    {"B/s", {"bytes_per_second", "B/s", BETTER_HIGHER}, {"", 0, 1}},
    {"B/op", {"alloc_bytes", "B", BETTER_LOWER}, {"", 0, 1}},
    {"allocs/op", {"allocs", "1", BETTER_LOWER}, {"", 0, 1}},
};

/* --- what a line is */

/* "key: value": a key begins with a small letter and has no blank and no
 * capital.  Cuts the line in two. */
static bool cut_config(char *line, char **value)
{
    char *colon = strchr(line, ':');

    if (!islower((unsigned char)*line) || !colon)
        return false;
    for (char *p = line; p < colon; p++)
        if (isspace((unsigned char)*p) || isupper((unsigned char)*p))
            return false;
    if (colon[1] && !isspace((unsigned char)colon[1]))
        return false;
    *colon = '\0';
    *value = colon + 1 + strspn(colon + 1, " \t");
    return true;
}

/* A name, a number of iterations and something behind it. */
static bool is_result(const char *line)
{
    const char *p = line;
    size_t n;

    if (strncmp(p, prefix, strlen(prefix)) != 0)
        return false;
    p += strcspn(p, " \t\n");
    p += strspn(p, " \t");
    n = strspn(p, "0123456789");
    return n && (p[n] == ' ' || p[n] == '\t') &&
           p[n + strspn(p + n, " \t\r\n")];
}

static bool ends_process(const char *line)
{
    return strcmp(line, "PASS") == 0 || strcmp(line, "FAIL") == 0 ||
           strncmp(line, "ok  ", 4) == 0 || strncmp(line, "FAIL\t", 5) == 0;
}

/* --- configuration */

static struct key *need_key(struct go *go, const char *name)
{
    struct key *all;

    for (size_t i = 0; i < go->n_keys; i++)
        if (strcmp(go->key[i].name, name) == 0)
            return &go->key[i];
    all = arena_grow(&go->im->arena, go->key, go->n_keys, sizeof *all);
    if (!all)
        return NULL;
    go->key = all;
    all[go->n_keys] = (struct key){.name = name};
    return &all[go->n_keys++];
}

static int set_key(struct go *go, const char *name, const char *value)
{
    struct key *key = need_key(go, name);

    if (!key)
        return import_no_memory(go->im);
    key->varies = key->varies || (key->value && strcmp(key->value, value) != 0);
    key->value = value;
    return 0;
}

static const char *value_of(const struct go *go, const char *name)
{
    for (size_t i = 0; i < go->n_keys; i++)
        if (strcmp(go->key[i].name, name) == 0)
            return go->key[i].value ? go->key[i].value : "";
    return "";
}

/* Which keys there are and which of them vary: those tell apart results that
 * have one name. */
static int find_keys(struct go *go)
{
    struct import_lines lines = {.next = go->im->text};
    char *line, *value;
    int rc = 0;

    while (rc == 0 && (line = import_line(go->im, &lines, &rc)))
        if (cut_config(line, &value))
            rc = set_key(go, line, value);
    for (size_t i = 0; i < go->n_keys; i++)
        go->key[i].value = go->key[i].varies ? NULL : go->key[i].value;
    return rc;
}

/* "Unit name key=value...": of interest is which way is better. */
static int read_unit(struct go *go, char *at, const char *line)
{
    struct unit unit = {.better = BETTER_NONE};
    struct unit *all;
    uint32_t column;
    char *word = import_word(&at, line, &column);

    unit.word = import_word(&at, line, &column);
    while (unit.word && (word = import_word(&at, line, &column))) {
        if (strcmp(word, "better=higher") == 0)
            unit.better = BETTER_HIGHER;
        if (strcmp(word, "better=lower") == 0)
            unit.better = BETTER_LOWER;
    }
    if (!unit.word)
        return 0;
    all = arena_grow(&go->im->arena, go->unit, go->n_units, sizeof *all);
    if (!all)
        return import_no_memory(go->im);
    go->unit = all;
    all[go->n_units++] = unit;
    return 0;
}

/* --- ids */

/* A part of a name that is "key=value" is a parameter. */
static const char *parameter_value(const char *part, size_t size)
{
    size_t n = 0;

    while (n < size && (isalnum((unsigned char)part[n]) || part[n] == '_' ||
                        part[n] == '-' || part[n] == '.'))
        n++;
    return n && n < size && part[n] == '=' ? part + n + 1 : NULL;
}

/* "-8" at the end of a name is GOMAXPROCS; its length, 0 without. */
static size_t processors_size(const char *name)
{
    const char *dash = strrchr(name, '-');

    return dash && dash > name && import_is_count(dash + 1) ? strlen(dash) : 0;
}

static void split_name(const char *name, size_t size, struct strbuf *plain,
                       struct strbuf *params)
{
    const char *end = name + size;

    for (const char *part = name; part <= end;) {
        const char *slash = memchr(part, '/', (size_t)(end - part));
        size_t n = (size_t)((slash ? slash : end) - part);
        const char *value = parameter_value(part, n);

        if (value) {
            import_param(params, part, (size_t)(value - part - 1), value,
                         (size_t)(part + n - value));
        } else {
            strbuf_puts(plain, plain->size ? "/" : "");
            strbuf_add(plain, part, n);
        }
        part += n + 1;
    }
}

static int find_case(struct go *go, const char *name, size_t *subject)
{
    SCOPED(strbuf_scoped) struct strbuf plain = {0};
    SCOPED(strbuf_scoped) struct strbuf params = {0};
    const char *package = value_of(go, "pkg");
    const char *program = import_program(go->im, *package ? package : "go");
    size_t tail = processors_size(name);
    const char *id;
    bool is_new;
    int rc;

    split_name(name, strlen(name) - tail, &plain, &params);
    if (tail)
        import_param(&params, "procs", 5, name + strlen(name) - tail + 1,
                     tail - 1);
    for (size_t i = 0; i < go->n_keys; i++) {
        const struct key *key = &go->key[i];

        if (key->varies && key->value && strcmp(key->name, "pkg") != 0)
            import_param(&params, key->name, strlen(key->name), key->value,
                         strlen(key->value));
    }
    if (plain.failed)
        return import_no_memory(go->im);
    id = import_id(go->im, program, plain.size ? strbuf_text(&plain) : "-",
                   &params);
    if (!id)
        return go->im->err->code;
    rc = import_case(go->im, id, subject, &is_new);
    return rc == 0 && is_new ? import_rename(go->im, *subject, id, program)
                             : rc;
}

/* --- values */

static enum better better_of(const struct go *go, const char *unit,
                             enum better otherwise)
{
    for (size_t i = go->n_units; i-- > 0;)
        if (strcmp(go->unit[i].word, unit) == 0)
            return go->unit[i].better ? go->unit[i].better : otherwise;
    return otherwise;
}

/* Units of other metrics: what ends in -ns/op is a time, in -bytes a size, both
 * named by what stands before. */
static int add_other(struct go *go, size_t subject, const char *unit,
                     const char *word, struct import_place at)
{
    static const struct {
        const char *tail, *unit;
        enum better better;
    } tails[] = {{"-ns/op", "ns", BETTER_LOWER}, {"-bytes", "B", BETTER_NONE}};
    SCOPED(strbuf_scoped) struct strbuf name = {0};
    struct import_metric metric = {.unit = "1"};
    size_t size = strlen(unit), cut = size;
    enum better known;
    double value;
    int rc = import_word_amount(go->im, at, word, &import_as_is, &value);

    for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
        size_t n = strlen(tails[i].tail);

        if (size <= n || strcmp(unit + size - n, tails[i].tail) != 0)
            continue;
        metric.unit = tails[i].unit;
        metric.better = tails[i].better;
        cut = size - n;
    }
    import_escape(&name, unit, cut);
    if (metric_known(strbuf_text(&name), &metric.name, &known))
        strbuf_puts(&name, "_counter");
    if (name.failed)
        return import_no_memory(go->im);
    metric.name = strbuf_text(&name);
    metric.better = better_of(go, unit, metric.better);
    return rc < 0 ? rc
                  : import_add(go->im, subject, &metric, go->process, value);
}

static int add_value(struct go *go, size_t subject, const char *word,
                     const char *unit, struct import_place at)
{
    double value;
    int rc;

    for (size_t i = 0; i < ARRAY_LEN(known_units); i++) {
        if (strcmp(unit, known_units[i].word) != 0)
            continue;
        rc = import_word_amount(go->im, at, word, &known_units[i].unit, &value);
        return rc < 0 ? rc
                      : import_add(go->im, subject, &known_units[i].metric,
                                   go->process, value);
    }
    return add_other(go, subject, unit, word, at);
}

static int add_result(struct go *go, char *line, uint32_t number)
{
    struct import_place at = {number, 1};
    char *rest = line, *word, *unit;
    size_t subject;
    int rc = find_case(
        go, import_word(&rest, line, &at.column) + strlen(prefix), &subject);

    import_word(&rest, line, &at.column); /* how often it ran */
    while (rc == 0 && (word = import_word(&rest, line, &at.column))) {
        uint32_t ignored;

        unit = import_word(&rest, line, &ignored);
        if (!unit) {
            import_fail(go->im, at, "a figure without its unit: '%.40s'", word);
            return error_help(go->im->err, "a file that was cut short cannot "
                                           "be imported; export it again");
        }
        rc = add_value(go, subject, word, unit, at);
    }
    go->used = true;
    return rc;
}

/* --- the file */

static void end_process(struct go *go)
{
    go->process += go->used;
    go->used = false;
}

static int read_line(struct go *go, char *line, uint32_t number)
{
    char *value;

    if (is_result(line))
        return add_result(go, line, number);
    if (strncmp(line, "Unit ", 5) == 0)
        return read_unit(go, line, line);
    if (ends_process(line))
        end_process(go);
    if (!cut_config(line, &value))
        return 0;
    if (strcmp(line, "goos") == 0)
        end_process(go);
    return set_key(go, line, value);
}

static int add_facts(struct go *go)
{
    struct import *im = go->im;
    struct occasion *o = import_occasion(im);
    int rc = import_machine(im, "cpu", value_of(go, "cpu"));

    if (rc == 0)
        rc = import_machine(im, "os", value_of(go, "goos"));
    if (rc == 0)
        rc = import_machine(im, "arch", value_of(go, "goarch"));
    if (rc == 0)
        rc = import_build(im, "go", value_of(go, "toolchain"));
    o->revision = import_copy(im, value_of(go, "commit"));
    o->branch = import_copy(im, value_of(go, "branch"));
    im->revision_time = import_seconds_of(value_of(go, "commit-time"));
    return o->revision && o->branch ? rc : im->err->code;
}

static int read_text(struct import *im)
{
    struct import_lines lines = {.next = im->text};
    struct go go = {.im = im};
    int rc = find_keys(&go);
    char *line;

    if (rc == 0)
        rc = add_facts(&go);
    while (rc == 0 && (line = import_line(im, &lines, &rc)))
        rc = read_line(&go, line, lines.number);
    return rc;
}

/* Any line that holds a result. */
static bool recognise(const struct import *im)
{
    for (const char *p = im->root ? NULL : im->text; p; p = strchr(p, '\n')) {
        p += *p == '\n';
        if (is_result(p))
            return true;
    }
    return false;
}

const struct import_format import_go_bench = {
    .name = "go-bench",
    .reads = "text of go test -bench",
    .recognise = recognise,
    .read_text = read_text,
};
