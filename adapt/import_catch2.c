/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Catch2's console reporter prints of benchmarks: three lines each, of
 * which the second begins its figures with the mean.  One process, and the mean
 * is all there is. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "adapt/import_formats.h"
#include "base/scope.h"

enum state {
    OUTSIDE = 0,
    IN_TITLE,   /* between two rulers: test case and sections */
    IN_HEADING, /* "benchmark name  samples ..." */
    IN_ROWS,
};

/* A row: a name, which may go on in the lines below, and figures. */
struct row {
    struct strbuf name;
    uint32_t lines; /* seen so far */
    double mean;
    uint64_t iterations;
};

struct catch2 {
    struct import *im;
    enum state state;
    struct strbuf title; /* "Test case/Section" */
    const char *program;
    struct row row;
    uint32_t line; /* number of the one being read */
};

/* --- lines from the right: a name may look like anything */

enum { MAX_WORDS = 6 };

/* The last n words of a line, cut out; the line keeps what is before them.
 * False when there are fewer, with the line as it was. */
static bool cut_words(struct import *im, char *line, size_t n,
                      const char *words[MAX_WORDS])
{
    size_t size = strlen(line);

    while (n--) {
        size_t end;

        while (size && line[size - 1] == ' ')
            size--;
        end = size;
        while (size && line[size - 1] != ' ')
            size--;
        words[n] = arena_memdup(&im->arena, line + size, end - size);
        if (end == size || !words[n])
            return false;
    }
    while (size && line[size - 1] == ' ')
        size--;
    line[size] = '\0';
    return true;
}

static bool is_ruler(const char *line, char c)
{
    size_t n = 0;

    while (line[n] == c)
        n++;
    return n >= 40 && !line[n];
}

static bool is_blank(const char *line)
{
    return !line[strspn(line, " ")];
}

/* Three times, each with its unit. */
static bool cut_times(struct import *im, char *line, const char *words[])
{
    return cut_words(im, line, 6, words) && import_time_unit(words[1]) &&
           import_time_unit(words[3]) && import_time_unit(words[5]);
}

/* --- rows */

static void add_name(struct row *row, const char *more)
{
    more += strspn(more, " ");
    if (!*more)
        return;
    strbuf_puts(&row->name, row->name.size ? " " : "");
    strbuf_puts(&row->name, more);
}

static struct import_place place_of(const struct catch2 *c)
{
    return (struct import_place){c->line, 1};
}

static int end_row(struct catch2 *c)
{
    SCOPED(strbuf_scoped) struct strbuf path = {0};
    struct row *row = &c->row;
    size_t subject;
    int rc;

    strbuf_puts(&path, strbuf_text(&c->title));
    strbuf_puts(&path, path.size ? "/" : "");
    strbuf_puts(&path, strbuf_text(&row->name));
    if (path.failed || row->name.failed)
        return import_no_memory(c->im);
    rc = import_new(c->im, place_of(c), import_program(c->im, c->program),
                    strbuf_text(&path), NULL, &subject);
    if (rc == 0)
        rc = import_add_summary(c->im, subject, &import_time, 0, row->mean,
                                "mean");
    if (rc == 0)
        c->im->results->cases[subject].iterations = row->iterations;
    strbuf_clear(&row->name);
    row->lines = 0;
    return rc;
}

/* "NAME  samples  iterations  estimated UNIT"; anything else is what a test
 * said. */
static int begin_row(struct catch2 *c, char *line)
{
    const char *word[MAX_WORDS];

    if (!cut_words(c->im, line, 4, word) || !import_time_unit(word[3]) ||
        !import_is_count(word[0]) || !import_is_count(word[1]))
        return 0;
    c->row.iterations = strtoull(word[1], NULL, 10);
    c->row.lines = 1;
    add_name(&c->row, line);
    return 0;
}

static int continue_row(struct catch2 *c, char *line)
{
    const char *word[MAX_WORDS];
    int rc = 0;

    if (!cut_times(c->im, line, word)) {
        import_fail(c->im, place_of(c), "expected three times of '%.100s' here",
                    strbuf_text(&c->row.name));
        return error_help(c->im->err, "a file that was cut short cannot be "
                                      "imported; print it again");
    }
    if (c->row.lines == 1)
        rc = import_word_amount(c->im, place_of(c), word[0],
                                import_time_unit(word[1]), &c->row.mean);
    add_name(&c->row, line);
    c->row.lines++;
    return rc == 0 && c->row.lines == 3 ? end_row(c) : rc;
}

/* --- lines */

static const char *host_program(struct import *im, const char *line)
{
    const char *is = strstr(line, " is a Catch");

    return is && strstr(is, "host application")
               ? arena_memdup(&im->arena, line, (size_t)(is - line))
               : NULL;
}

static int read_ruler(struct catch2 *c)
{
    static const enum state next[] = {[OUTSIDE] = IN_TITLE,
                                      [IN_TITLE] = OUTSIDE,
                                      [IN_HEADING] = IN_ROWS,
                                      [IN_ROWS] = IN_TITLE};

    if (c->row.lines)
        return continue_row(c, (char[]){""});
    c->state = next[c->state];
    if (c->state == IN_TITLE)
        strbuf_clear(&c->title);
    return 0;
}

static int read_line(struct catch2 *c, char *line)
{
    const char *program = host_program(c->im, line);

    if (program)
        c->program = program;
    if (is_ruler(line, '-'))
        return read_ruler(c);
    if (strncmp(line, "benchmark name ", 15) == 0)
        c->state = IN_HEADING;
    if (is_ruler(line, '=') && !c->row.lines)
        c->state = OUTSIDE;
    if (c->state == IN_TITLE) {
        strbuf_puts(&c->title, c->title.size ? "/" : "");
        import_escape(&c->title, line, strlen(line));
    }
    if (c->state != IN_ROWS)
        return 0;
    if (c->row.lines)
        return continue_row(c, line);
    return is_blank(line) ? 0 : begin_row(c, line);
}

static int read_lines(struct catch2 *c)
{
    struct import_lines lines = {.next = c->im->text};
    char *line;
    int rc = 0;

    while (rc == 0 && (line = import_line(c->im, &lines, &rc))) {
        c->line = lines.number;
        rc = read_line(c, line);
    }
    return rc == 0 && c->row.lines ? continue_row(c, (char[]){""}) : rc;
}

static int read_text(struct import *im)
{
    struct catch2 c = {.im = im, .program = "catch2"};
    int rc = read_lines(&c);

    strbuf_clear(&c.title);
    strbuf_clear(&c.row.name);
    return rc;
}

static bool recognise(const struct import *im)
{
    const char *head = im->root ? NULL : strstr(im->text, "\nbenchmark name  ");

    return head && strstr(head, "low mean");
}

const struct import_format import_catch2 = {
    .name = "catch2",
    .reads = "what the console reporter prints",
    .recognise = recognise,
    .read_text = read_text,
};
