/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Untrusted text into each format: nothing in it reaches the format itself.
 * A terminal gets no control character and valid UTF-8, a line stays a line, a
 * Markdown span ends where it should, a CSV field is one field. */
#include <config.h>

#include <string.h>

#include "base/utf8.h"
#include "report/parts.h"
#include "report/table.h"
#include "report/tests.h"
#include "tests/fuzz/target.h"

static void check_line(const char *text, const char *also_allowed)
{
    while (*text) {
        size_t n = utf8_length(text);
        unsigned char c = (unsigned char)*text;

        MUST(n > 0);
        MUST((c >= 0x20 && c != 0x7f) || strchr(also_allowed, c));
        MUST(!(c == 0xc2 && (unsigned char)text[1] < 0xa0)); /* C1 */
        text += n;
    }
}

static void check_terminal(const char *input)
{
    struct text_style style = {.columns = 40};
    struct strbuf out = {0};
    struct table table = {0};

    text_escape(&out, input, 0);
    check_line(strbuf_text(&out), "");
    strbuf_clear(&out);
    text_block(&out, input, 2, 5);
    check_line(strbuf_text(&out), "\n\t");
    strbuf_clear(&out);
    table_column(&table, "name", COLUMN_NAME);
    table_column(&table, "text", COLUMN_TEXT);
    table_row(&table);
    table_cell(&table, PAINT_NONE, input);
    table_cell(&table, PAINT_NONE, "x");
    table_note(&table, PAINT_NONE, "%s", input);
    table_print(&table, &style, &out);
    check_line(strbuf_text(&out), "\n");
    table_clear(&table);
    strbuf_clear(&out);
}

/* As many backticks as opened the span must not stand together inside. */
static void check_markdown(const char *input)
{
    struct strbuf out = {0};
    const char *text;
    size_t fence, size;

    markdown_code(&out, input, 0);
    text = strbuf_text(&out);
    check_line(text, "");
    fence = strspn(text, "`");
    size = out.size;
    MUST((size == 0) == (*input == '\0'));
    for (const char *p = text + fence; size && p < text + size - fence;) {
        size_t run = strspn(p, "`");

        MUST(run != fence);
        MUST(*p != '|' || p[-1] == '\\');
        p += run ? run : 1;
    }
    strbuf_clear(&out);
}

/* Read back as RFC 4180 says. */
static void check_csv(const char *input)
{
    struct strbuf out = {0};
    const char *p;

    csv_text(&out, input);
    p = strbuf_text(&out);
    if (*p != '"') {
        MUST(strcmp(p, input) == 0);
        MUST(!strpbrk(p, ",\"\r\n"));
    } else {
        for (p++; *p != '"' || p[1] == '"'; p++) {
            MUST(*p);
            p += *p == '"';
        }
        MUST(p[1] == '\0');
    }
    strbuf_clear(&out);
}

/* Of all our elements: what is untrusted adds none and ends none. */
static void check_xml(const char *input)
{
    const struct test_result test = {.id = input,
                                     .tags = input,
                                     .file = input,
                                     .outcome = TEST_FAILED,
                                     .message = input,
                                     .note = "",
                                     .output = input};
    const struct test_report report = {
        .suite = input, .test = &test, .n = 1, .workers = 1};
    struct strbuf out = {0};
    int opened = 0, quotes = 0;

    tests_junit(&report, &out);
    check_line(strbuf_text(&out), "\n\t");
    for (const char *p = strbuf_text(&out); *p; p++) {
        opened += (*p == '<') - (*p == '>');
        quotes += *p == '"';
        MUST(opened == 0 || opened == 1);
        MUST(*p != '&' || memchr(p, ';', 7));
    }
    MUST(opened == 0 && quotes % 2 == 0);
    strbuf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *input = target_text(data, size);

    check_terminal(input);
    check_markdown(input);
    check_csv(input);
    check_xml(input);
    free(input);
    return 0;
}
