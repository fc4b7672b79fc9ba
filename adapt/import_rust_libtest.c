/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `cargo bench` prints with Rust's own harness, and with harnesses that
 * print the same:
 *     test NAME ... bench:       3,161 ns/iter (+/- 975)
 * One process; the median is all there is. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "adapt/import_formats.h"
#include "base/scope.h"

static const char *const result_mark = " ... bench:";
static const char *const failed_mark = " ... FAILED";

/* "     Running benches/a.rs (target/release/deps/a-0123abcd)" names what is
 * executed; the hash at its end changes with each build. */
static const char *program_of(struct import *im, const char *line)
{
    const char *running = strstr(line, "Running ");
    const char *open = strrchr(line, '('), *slash, *dash;

    if (!running || !open || strspn(line, " ") != (size_t)(running - line))
        return NULL;
    slash = strrchr(open, '/');
    slash = slash ? slash + 1 : open + 1;
    dash = strrchr(slash, '-');
    return arena_memdup(&im->arena, slash,
                        dash ? (size_t)(dash - slash) : strcspn(slash, ")"));
}

/* Thousands are set apart by commas. */
static void drop_commas(char *word)
{
    char *to = word;

    for (const char *p = word; *p; p++)
        if (*p != ',')
            *to++ = *p;
    *to = '\0';
}

static int read_figures(struct import *im, char *at, const char *line,
                        uint32_t number, double *out)
{
    struct import_place place = {number, 1};
    char *word = import_word(&at, line, &place.column);
    uint32_t ignored;
    char *per = import_word(&at, line, &ignored);
    const struct import_unit *unit = NULL;

    if (per && strlen(per) > 5 && strcmp(per + strlen(per) - 5, "/iter") == 0) {
        per[strlen(per) - 5] = '\0';
        unit = import_time_unit(per);
    }
    if (!word || !unit)
        return import_fail(im, place, "expected a time such as 3,161 ns/iter");
    drop_commas(word);
    return import_word_amount(im, place, word, unit, out);
}

static int add_result(struct import *im, const char *program, char *line,
                      uint32_t number)
{
    char *mark = strstr(line, result_mark);
    double value;
    size_t subject;
    int rc;

    *mark = '\0';
    rc = import_new(im, (struct import_place){number, 1},
                    import_program(im, program), line + strlen("test "), NULL,
                    &subject);
    if (rc == 0)
        rc = read_figures(im, mark + strlen(result_mark), line, number, &value);
    return rc < 0 ? rc
                  : import_add_summary(im, subject, &import_time, 0, value,
                                       "median");
}

static int add_failure(struct import *im, const char *program, char *line,
                       uint32_t number)
{
    size_t subject;
    int rc;

    *strstr(line, failed_mark) = '\0';
    rc = import_new(im, (struct import_place){number, 1},
                    import_program(im, program), line + strlen("test "), NULL,
                    &subject);
    if (rc < 0)
        return rc;
    im->results->cases[subject].status = CASE_FAILED;
    im->results->cases[subject].message = "it failed under cargo bench";
    return 0;
}

static int read_text(struct import *im)
{
    struct import_lines lines = {.next = im->text};
    const char *program = "rust", *said;
    char *line;
    int rc = 0;

    while (rc == 0 && (line = import_line(im, &lines, &rc))) {
        if (strncmp(line, "test ", 5) == 0 && strstr(line, result_mark))
            rc = add_result(im, program, line, lines.number);
        else if (strncmp(line, "test ", 5) == 0 && strstr(line, failed_mark))
            rc = add_failure(im, program, line, lines.number);
        else if ((said = program_of(im, line)))
            program = said;
    }
    return rc;
}

static bool recognise(const struct import *im)
{
    const char *mark = im->root ? NULL : strstr(im->text, result_mark);

    while (mark && mark > im->text && mark[-1] != '\n')
        mark--;
    return mark && strncmp(mark, "test ", 5) == 0;
}

const struct import_format import_rust_libtest = {
    .name = "rust-libtest",
    .reads = "output of cargo bench with libtest",
    .recognise = recognise,
    .read_text = read_text,
};
