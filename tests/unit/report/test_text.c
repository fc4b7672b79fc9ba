/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "report/text.h"

#include <math.h>

#include "base/scope.h"
#include "base/utf8.h"
#include "report/table.h"
#include "tests/unit/report/golden.h"

static const char *escaped(const char *text)
{
    static char out[400];
    struct strbuf buf = {0};

    text_escape(&buf, text, 0);
    snprintf(out, sizeof out, "%s", strbuf_text(&buf));
    strbuf_clear(&buf);
    return out;
}

TARE_TEST(escape_makes_the_unseen_visible)
{
    TARE_CHECK_STR(escaped("plain [n=1000]"), "plain [n=1000]");
    TARE_CHECK_STR(escaped("a\x1b[2Jb"), "a\\x1b[2Jb");
    TARE_CHECK_STR(escaped("a\nb\tc\r"), "a\\nb\\tc\\x0d");
    TARE_CHECK_STR(escaped("\xc2\x9b"
                           "31m"),
                   "\\x9b31m"); /* C1 CSI */
    TARE_CHECK_STR(escaped("\xe2\x80\xae"
                           "cba"),
                   "\\u202ecba");
    TARE_CHECK_STR(escaped("\xff"
                           "a\xc3"),
                   "\\xffa\\xc3");
    TARE_CHECK_STR(escaped("gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
    TARE_CHECK_STR(escaped("\xf3\xa0\x81\x81"), "\\ue0041"); /* tag letter */
}

TARE_TEST(escape_can_be_limited)
{
    SCOPED(strbuf_scoped) struct strbuf buf = {0};

    text_escape(&buf, "abcdef", 4);
    TARE_CHECK_STR(strbuf_text(&buf), "abcd...");
    strbuf_clear(&buf);
    text_escape(&buf, "abcd", 4);
    TARE_CHECK_STR(strbuf_text(&buf), "abcd");
}

TARE_TEST(blocks_keep_lines_and_say_what_is_left_out)
{
    SCOPED(strbuf_scoped) struct strbuf buf = {0};

    text_block(&buf, "one\ntwo\x1b\nthree\nfour\n", 2, 2);
    TARE_CHECK_STR(strbuf_text(&buf), "  one\n  two\\x1b\n  (2 more lines)\n");
    strbuf_clear(&buf);
    text_block(&buf, "one\n\ntwo", 1, 9);
    TARE_CHECK_STR(strbuf_text(&buf), " one\n \n two\n");
    strbuf_clear(&buf);
    text_block(&buf, "", 1, 9);
    TARE_CHECK_STR(strbuf_text(&buf), "");
}

TARE_TEST(the_end_of_a_block_can_be_what_is_kept)
{
    SCOPED(strbuf_scoped) struct strbuf buf = {0};

    text_block_end(&buf, "one\ntwo\nthree\nfour\n", 2, 2);
    TARE_CHECK_STR(strbuf_text(&buf), "  (2 lines before)\n  three\n  four\n");
    strbuf_clear(&buf);
    text_block_end(&buf, "one\ntwo", 1, 2);
    TARE_CHECK_STR(strbuf_text(&buf), " one\n two\n");
    strbuf_clear(&buf);
    text_block_end(&buf, "", 1, 1);
    TARE_CHECK_STR(strbuf_text(&buf), "");
}

TARE_TEST(shorten_leaves_out_the_middle)
{
    SCOPED(strbuf_scoped) struct strbuf buf = {0};

    text_shorten(&buf, "examples/zlib[n=10]", 9);
    TARE_CHECK_STR(strbuf_text(&buf), "exam\xe2\x80\xa6=10]");
    TARE_CHECK_INT(utf8_columns(strbuf_text(&buf)), 9);
    strbuf_clear(&buf);
    text_shorten(&buf,
                 "gr\xc3\xbc\xc3\x9f"
                 "e",
                 6);
    TARE_CHECK_STR(strbuf_text(&buf), "gr\xc3\xbc\xc3\x9f"
                                      "e");
    strbuf_clear(&buf);
    text_shorten(&buf,
                 "gr\xc3\xbc\xc3\x9f"
                 "e",
                 4);
    TARE_CHECK_STR(strbuf_text(&buf), "g\xe2\x80\xa6\xc3\x9f"
                                      "e");
}

TARE_TEST(wrap_keeps_the_width)
{
    const struct text_style style = {.columns = 40};
    SCOPED(strbuf_scoped) struct strbuf buf = {0};

    text_wrap(&buf, &style, PAINT_NONE, 0, 2,
              "the quick brown fox jumps over the lazy dog and sleeps");
    TARE_CHECK_STR(strbuf_text(&buf),
                   "the quick brown fox jumps over the lazy\n"
                   "  dog and sleeps\n");
}

TARE_TEST(shares)
{
    char out[SHARE_TEXT];

    TARE_CHECK_STR(text_share(out, 0.0123), "1.23 %");
    TARE_CHECK_STR(text_share(out, 0.123), "12.3 %");
    TARE_CHECK_STR(text_share(out, 1.23), "123 %");
    TARE_CHECK_STR(text_share(out, NAN), "unknown");
    TARE_CHECK_STR(text_share(out, INFINITY), "open");
}

static void fill(struct table *table)
{
    table_column(table, "case", COLUMN_NAME);
    table_column(table, "time", COLUMN_NUMBER);
    table_column(table, "verdict", COLUMN_TEXT);
    table_row(table);
    table_cell(table, PAINT_NONE, "sort/qsort[n=1000]");
    table_cell(table, PAINT_NONE, "12.34 us");
    table_cell(table, PAINT_GOOD, "improved");
    table_row(table);
    table_cell(table, PAINT_NONE, "a_program_with_a_long_name/and_a_case[k=v]");
    table_cellf(table, PAINT_NONE, "%d ns", 7);
    table_cell(table, PAINT_BAD, "regressed\x1b[31m");
    table_note(table, PAINT_DIM,
               "a note that goes on for %d words and more "
               "than fit a line of forty columns",
               19);
    table_row(table);
    table_cell(table, PAINT_NONE,
               "gr\xc3\xbc\xc3\x9f"
               "e");
}

TARE_TEST(a_column_of_nothing_is_left_out)
{
    const struct text_style style = {.columns = 0};
    SCOPED(strbuf_scoped) struct strbuf buf = {0};
    struct table table = {0};

    table_column(&table, "revision", COLUMN_TEXT);
    table_column(&table, "case", COLUMN_NAME);
    table_column(&table, "pairs", COLUMN_NUMBER);
    table_column(&table, "change", COLUMN_NUMBER);
    table_column(&table, "time", COLUMN_NUMBER);
    for (int i = 0; i < 2; i++) {
        table_row(&table);
        table_cell(&table, PAINT_NONE, "");
        table_cell(&table, PAINT_NONE, i ? "a/b" : "a/long");
        table_cell(&table, PAINT_NONE, "");
        table_cell(&table, PAINT_NONE, "+1 %");
    }
    table_print(&table, &style, &buf);
    TARE_CHECK_STR(strbuf_text(&buf), "case    change\n"
                                      "a/long    +1 %\n"
                                      "a/b       +1 %\n");
    table_clear(&table);
}

TARE_TEST(table_of_any_width)
{
    const struct text_style style = {.columns = 0};
    SCOPED(strbuf_scoped) struct strbuf buf = {0};
    struct table table = {0};

    fill(&table);
    table_print(&table, &style, &buf);
    CHECK_GOLDEN("table-wide.txt", &buf);
    table_clear(&table);
}

TARE_TEST(table_on_a_narrow_terminal_in_colour)
{
    const struct text_style style = {.columns = 50, .color = true};
    SCOPED(strbuf_scoped) struct strbuf buf = {0};
    struct table table = {0};

    fill(&table);
    table_print(&table, &style, &buf);
    CHECK_GOLDEN("table-narrow.txt", &buf);
    table_clear(&table);
}

TARE_TEST(table_of_nothing_is_its_headings)
{
    const struct text_style style = {.columns = 0};
    SCOPED(strbuf_scoped) struct strbuf buf = {0};
    struct table table = {0};

    table_print(&table, &style, &buf);
    TARE_CHECK_STR(strbuf_text(&buf), "");
    table_column(&table, "a", COLUMN_TEXT);
    table_print(&table, &style, &buf);
    TARE_CHECK_STR(strbuf_text(&buf), "a\n");
    table_clear(&table);
}
