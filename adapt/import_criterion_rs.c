/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Criterion.rs: what it keeps under target/criterion (a benchmark a file), and
 * what it prints.  One process measured all of it: sample.json and raw.csv have
 * the samples; estimates.json has their median alone, the printed text an
 * estimate.
 *
 * sample.json and estimates.json do not name the benchmark: the folders do,
 * target/criterion/GROUP/FUNCTION/VALUE/new/sample.json. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "adapt/import_formats.h"
#include "base/scope.h"

static const struct import_unit ns = {"ns", 0, 1};

/* --- ids: "GROUP/FUNCTION/VALUE", of which the first part is the program */

static int find_case(struct import *im, const char *path, size_t *subject,
                     bool *is_new)
{
    const char *slash = strchr(path, '/');
    const char *program =
        slash ? arena_memdup(&im->arena, path, (size_t)(slash - path))
              : "criterion";
    const char *id;
    int rc;

    if (!program)
        return import_no_memory(im);
    program = import_program(im, program);
    id = import_id(im, program, slash ? slash + 1 : path, NULL);
    rc = id ? import_case(im, id, subject, is_new) : im->err->code;
    return rc == 0 && *is_new ? import_rename(im, *subject, id, program) : rc;
}

/* The benchmark's part of the path: behind "criterion/", without the file and
 * the folder of the baseline ("new").  NULL when nothing is left, or when it is
 * anywhere in the file system. */
static const char *path_of(struct import *im)
{
    char *path = arena_strdup(&im->arena, im->name);
    const char *from = path, *last;
    char *slash;

    if (!path)
        return NULL;
    for (int i = 0; i < 2; i++) {
        slash = strrchr(path, '/');
        if (!slash)
            return NULL;
        *slash = '\0';
    }
    while ((last = strstr(from, "criterion/")))
        from = last + strlen("criterion/");
    while (strncmp(from, "./", 2) == 0 || strncmp(from, "../", 3) == 0)
        from += strcspn(from, "/") + 1;
    return *from && *from != '/' ? from : NULL;
}

static int case_of_path(struct import *im, size_t *subject)
{
    const char *path = path_of(im);
    bool is_new;

    if (path)
        return find_case(im, path, subject, &is_new);
    import_fail(im, (struct import_place){0},
                "no folder says which benchmark this is");
    return error_help(im->err, "say target/criterion/GROUP/NAME/new/"
                               "sample.json, from where that is a path");
}

/* --- sample.json */

static const struct json_value *member(const struct json_value *root,
                                       const char *key, size_t index)
{
    const struct json_value *v = root->first;

    if (root->type == JSON_IS_OBJECT)
        return json_get(root, key);
    while (v && index--)
        v = v->next;
    return v;
}

/* {"iters": [...], "times": [...]}, before 0.4 [[iters...], [times...]]. */
static int read_sample(struct import *im)
{
    const struct json_value *iters = member(im->root, "iters", 0);
    const struct json_value *times = member(im->root, "times", 1);
    const struct json_value *t = times ? times->first : NULL;
    size_t subject;
    int rc = case_of_path(im, &subject);

    if (rc == 0 && (!iters || !times || iters->n != times->n))
        rc = import_fail(im, import_place_of(im->root),
                         "not as many times as numbers of iterations");
    for (const struct json_value *i = rc == 0 ? iters->first : NULL;
         i && t && rc == 0; i = i->next, t = t->next) {
        double n, time;

        rc = import_number(im, i, "iters", &import_as_is, &n);
        if (rc == 0)
            rc = import_number(im, t, "times", &ns, &time);
        if (rc == 0 && !(n > 0))
            rc = import_fail(im, import_place_of(i), "no iterations");
        if (rc == 0)
            rc = import_add(im, subject, &import_time, 0, time / n);
    }
    return rc;
}

/* --- estimates.json */

static const struct json_value *median_of(const struct json_value *root)
{
    const struct json_value *median = json_get(root, "median");

    return median ? median : json_get(root, "Median");
}

static bool is_change(const struct json_value *root)
{
    return !json_get(root, "std_dev") && !json_get(root, "StdDev");
}

static int read_estimates(struct import *im)
{
    size_t subject;
    double median;
    int rc;

    if (is_change(im->root)) {
        import_fail(im, import_place_of(im->root),
                    "relative changes, not times");
        return error_help(im->err, "import the files of the folder 'new'");
    }
    rc = case_of_path(im, &subject);
    if (rc == 0)
        rc = import_amount(im, median_of(im->root), "point_estimate", &ns,
                           &median);
    return rc < 0 ? rc
                  : import_add_summary(im, subject, &import_time, 0, median,
                                       "median");
}

static bool is_sample(const struct json_value *root)
{
    const struct json_value *first = root->first;

    return json_get(root, "iters") ||
           (root->type == JSON_IS_ARRAY && root->n == 2 &&
            first->type == JSON_IS_ARRAY && first->next->type == JSON_IS_ARRAY);
}

static int read_json(struct import *im)
{
    return is_sample(im->root) ? read_sample(im) : read_estimates(im);
}

/* --- raw.csv */

enum { RAW_COLUMNS = 8 };

static const char *const raw_old =
    "group,function,value,sample_time_nanos,iteration_count";
static const char *const raw_new =
    "group,function,value,throughput_num,throughput_type,"
    "sample_measured_value,unit,iteration_count";

/* The line without its end. */
static bool begins_with_line(const char *text, const char *line)
{
    size_t n = strlen(line);

    return strncmp(text, line, n) == 0 && (text[n] == '\n' || text[n] == '\r');
}

static int raw_case(struct import *im, struct import_place at, char *const *f,
                    size_t *subject)
{
    SCOPED(strbuf_scoped) struct strbuf path = {0};
    bool is_new;

    for (int i = 0; i < 3; i++)
        if (*f[i])
            strbuf_printf(&path, "%s%s", path.size ? "/" : "", f[i]);
    if (path.failed)
        return import_no_memory(im);
    if (path.size == 0)
        return import_fail(im, at, "a line without a name");
    return find_case(im, strbuf_text(&path), subject, &is_new);
}

static int raw_row(struct import *im, char *line, struct import_place at,
                   bool is_new_form)
{
    char *f[RAW_COLUMNS] = {NULL};
    size_t n = 0, want = is_new_form ? 8 : 5, subject;
    double time, iterations;
    int rc;

    for (char *field; n < want && (field = import_field(&line));)
        f[n++] = field;
    if (n < want)
        return import_fail(im, at, "a line of %zu columns, not %zu", n, want);
    if (is_new_form && strcmp(f[6], "ns") != 0)
        return import_fail(im, at, "a measure that is no time: '%.40s'", f[6]);
    rc = raw_case(im, at, f, &subject);
    if (rc == 0)
        rc = import_word_amount(im, at, f[is_new_form ? 5 : 3], &ns, &time);
    if (rc == 0)
        rc =
            import_word_amount(im, at, f[want - 1], &import_as_is, &iterations);
    if (rc == 0 && !(iterations > 0))
        rc = import_fail(im, at, "no iterations");
    return rc < 0 ? rc
                  : import_add(im, subject, &import_time, 0, time / iterations);
}

static int read_raw(struct import *im)
{
    struct import_lines lines = {.next = im->text};
    bool is_new_form = begins_with_line(im->text, raw_new);
    int rc = 0;
    char *line = import_line(im, &lines, &rc);

    while (rc == 0 && line && (line = import_line(im, &lines, &rc)))
        if (*line)
            rc = raw_row(im, line, (struct import_place){lines.number, 1},
                         is_new_form);
    return rc;
}

/* --- what it prints: "NAME   time:   [LOW UNIT ESTIMATE UNIT HIGH UNIT]" */

/* Where the figures begin; NULL in other lines.  `name` is what is before. */
static char *cut_estimate(char *line, char **name)
{
    char *at = strstr(line, "time:");
    char *bracket = at ? at + 5 + strspn(at + 5, " ") : NULL;

    if (!at || *bracket != '[' || !strchr(bracket, ']'))
        return NULL;
    *at = '\0';
    *name = line;
    *strchr(bracket, ']') = '\0';
    return bracket + 1;
}

/* A name that is too long stands on the line before. */
static const char *printed_name(const char *name, const char *before)
{
    return name[strspn(name, " ")] ? name : before;
}

static int add_estimate(struct import *im, const char *name, char *figures,
                        struct import_place at, uint32_t **runs)
{
    const char *low, *low_unit, *word, *unit_word, *path = name, *id;
    const struct import_unit *unit;
    uint32_t column, *all;
    double value;
    size_t subject;
    bool is_new;
    int rc;

    low = import_word(&figures, figures, &column);
    low_unit = import_word(&figures, figures, &column);
    word = import_word(&figures, figures, &column);
    unit_word = import_word(&figures, figures, &column);
    unit = unit_word ? import_time_unit(unit_word) : NULL;
    if (!low || !low_unit || !unit)
        return import_fail(im, at, "expected times such as [1 ns 2 ns 3 ns]");
    rc = import_word_amount(im, at, word, unit, &value);
    id = import_id(im, import_program(im, "criterion"), path, NULL);
    if (rc == 0)
        rc = id ? import_case(im, id, &subject, &is_new) : im->err->code;
    if (rc == 0 && is_new) {
        all = arena_grow(&im->arena, *runs, subject, sizeof *all);
        if (!all)
            return import_no_memory(im);
        all[subject] = 0;
        *runs = all;
        rc = import_rename(im, subject, id, import_program(im, "criterion"));
    }
    return rc < 0 ? rc
                  : import_add_summary(im, subject, &import_time,
                                       (*runs)[subject]++, value, "estimate");
}

/* Criterion refuses two benchmarks of one name, so one that is printed again
 * was measured by another process. */
static int read_printed(struct import *im)
{
    struct import_lines lines = {.next = im->text};
    const char *before = "";
    uint32_t *runs = NULL;
    char *line, *name, *figures;
    int rc = 0;

    while (rc == 0 && (line = import_line(im, &lines, &rc))) {
        figures = cut_estimate(line, &name);
        if (figures)
            rc = add_estimate(im, printed_name(name, before), figures,
                              (struct import_place){lines.number, 1}, &runs);
        if (*line)
            before = line;
    }
    return rc;
}

/* --- the format */

static bool is_raw(const char *text)
{
    return begins_with_line(text, raw_old) || begins_with_line(text, raw_new);
}

static bool is_printed(const char *text)
{
    for (const char *p = text; (p = strstr(p, "time:")); p += 5)
        if (p[5 + strspn(p + 5, " ")] == '[')
            return true;
    return false;
}

static bool recognise(const struct import *im)
{
    if (!im->root)
        return is_raw(im->text) || is_printed(im->text);
    return is_sample(im->root) ||
           json_get(median_of(im->root), "point_estimate");
}

static int read_text(struct import *im)
{
    return is_raw(im->text) ? read_raw(im) : read_printed(im);
}

const struct import_format import_criterion_rs = {
    .name = "criterion-rs",
    .reads = "sample.json, raw.csv, estimates.json, output",
    .is_part = true,
    .recognise = recognise,
    .read_json = read_json,
    .read_text = read_text,
};
