/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "adapt/import.h"

#include <string.h>

#include "adapt/import_formats.h"
#include "base/scope.h"

static const struct import_format *const formats[] = {
    &import_google_benchmark,
    &import_hyperfine,
    &import_pytest_benchmark,
    &import_pyperf,
    &import_go_bench,
    &import_criterion_rs,
    &import_jmh,
    &import_catch2,
    &import_nanobench,
    &import_rust_libtest,
    &import_benchmarkdotnet,
    &import_asv,
    &import_csv,
};

const struct import_format *import_format_at(size_t index)
{
    return index < ARRAY_LEN(formats) ? formats[index] : NULL;
}

const struct import_format *import_format_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(formats); i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}

const char *import_format_name(const struct import_format *format)
{
    return format->name;
}

bool import_format_is_part(const struct import_format *format)
{
    return format->is_part;
}

/* --- which format */

/* The byte that the document begins with, behind blanks and a mark. */
static char first_byte(const struct import *im)
{
    const char *p = im->text;

    if (strncmp(p, "\xef\xbb\xbf", 3) == 0)
        p += 3;
    return p[strspn(p, " \t\r\n")];
}

static bool may_be_json(const struct import *im)
{
    return first_byte(im) == '{' || first_byte(im) == '[';
}

/* Python and others write NaN and Infinity, which are no JSON: an empty text
 * of the same width stands for them, so that what reads the value decides, and
 * says where it is. */
static void blank_non_numbers(char *text)
{
    static const char *const words[] = {"-Infinity", "Infinity", "NaN"};
    bool quoted = false;

    for (char *p = text; *p; p++) {
        if (quoted && *p == '\\' && p[1])
            p++;
        else if (*p == '"')
            quoted = !quoted;
        for (size_t i = 0; !quoted && i < ARRAY_LEN(words); i++) {
            size_t n = strlen(words[i]);

            if (strncmp(p, words[i], n) != 0)
                continue;
            memset(p, ' ', n);
            p[0] = p[1] = '"';
            p += n - 1;
        }
    }
}

static int parse_json(struct import *im)
{
    char *copy = im->root ? NULL : arena_memdup(&im->arena, im->text, im->size);
    int rc = 0;

    if (im->root)
        return 0;
    if (!copy)
        return import_no_memory(im);
    blank_non_numbers(copy);
    rc = json_read(im->name, copy, im->size, &im->arena, &im->root, im->err);
    return rc < 0 ? error_help(im->err, "a file that was cut short or written "
                                        "to twice cannot be imported; export "
                                        "it again")
                  : 0;
}

/* The first format that the content looks like, or NULL. */
static const struct import_format *guess(const struct import *im)
{
    for (size_t i = 0; i < ARRAY_LEN(formats); i++)
        if (formats[i]->recognise(im))
            return formats[i];
    return NULL;
}

static int recognise(struct import *im, const struct import_format **out)
{
    bool json = may_be_json(im);
    int rc = json ? parse_json(im) : 0;

    /* "[" may begin a line of text as well. */
    if (rc < 0 && first_byte(im) == '{')
        return rc;
    *out = guess(im);
    if (*out)
        *im->err = (struct error){0};
    if (*out || rc < 0)
        return *out ? 0 : rc;
    import_fail(im, (struct import_place){1, 1},
                "not a result file of any harness that is known");
    return error_help(im->err, "name the format, which says more of what is "
                               "wrong; tare import --help lists them");
}

static int check_format(struct import *im, const struct import_format *format)
{
    const struct import_format *other;
    int rc = format->read_json && may_be_json(im) ? parse_json(im) : 0;

    if (rc < 0 || format->recognise(im))
        return rc;
    other = guess(im);
    import_fail(im, (struct import_place){1, 1}, "not a file of %s",
                format->name);
    return other ? error_help(im->err, "it looks like %s", other->name)
                 : error_help(im->err, "%s reads: %s", format->name,
                              format->reads);
}

/* --- reading */

static int check_bytes(const struct import *im)
{
    if (strncmp(im->text, "\x1f\x8b", 2) == 0) {
        import_fail(im, (struct import_place){0}, "compressed with gzip");
        return error_help(im->err, "gunzip it first");
    }
    if (strlen(im->text) == im->size)
        return 0;
    import_fail(im, (struct import_place){0}, "not a text: it holds NULs");
    return error_help(im->err, "results are imported from text files");
}

static int check_empty(const struct import *im)
{
    if (im->results->n_cases)
        return 0;
    ERROR_AT(im->err, ERR_EMPTY, im->name, 0, 0,
             "no benchmark with a figure is in this file");
    return error_help(im->err, "export the measured times, not only what is "
                               "derived from them");
}

static int read_with(struct import *im, const struct import_format *format)
{
    int rc = check_format(im, format);

    if (rc == 0)
        rc = im->root ? format->read_json(im) : format->read_text(im);
    if (rc == 0)
        rc = check_empty(im);
    if (rc == 0)
        rc = import_plan(im, "harness", format->name);
    return rc < 0 ? rc : import_finish(im);
}

int import_read(const struct import_format *format, const char *program,
                const char *name, const char *text, size_t size,
                struct imported *out, struct error *err)
{
    struct error why = {0};
    struct import im;
    int rc = import_begin(&im, name, &why);

    im.program = program;
    im.size = size;
    im.text = arena_memdup(&im.arena, text, size);
    if (rc == 0 && !im.text)
        rc = import_no_memory(&im);
    if (rc == 0)
        rc = check_bytes(&im);
    if (rc == 0 && !format)
        rc = recognise(&im, &format);
    if (rc == 0)
        rc = read_with(&im, format);
    return import_end(&im, rc, format, out, err);
}
