/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages in both directions. */
#include <config.h>

#include "bench/message.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/tare.h"

static struct tarei_out out;
static struct tarei_message message;
static char bytes[WIRE_MESSAGE_MAX + 1];

/* What is wrong with a message of this text, "" when nothing is. */
static const char *parse(const char *text, size_t size)
{
    const char *problem;

    memcpy(bytes, text, size);
    problem = tarei_message_parse(bytes, size, &message);
    return problem ? problem : "";
}

static const char *parse_text(const char *text)
{
    return parse(text, strlen(text));
}

static const char *written(void)
{
    out.bytes[out.size] = '\0';
    return out.bytes;
}

TARE_TEST(reads_verb_and_fields)
{
    TARE_CHECK_STR(parse_text("open\ncase=sort[n=1]\nside=1\n"), "");
    TARE_CHECK_STR(message.verb, "open");
    TARE_CHECK_STR(tarei_message_get(&message, "case"), "sort[n=1]");
    TARE_CHECK_STR(tarei_message_get(&message, "side"), "1");
    TARE_CHECK_STR(tarei_message_get(&message, "none"), NULL);
    TARE_CHECK_STR(parse_text("bye\n"), "");
    TARE_CHECK_INT(message.n, 0);
    TARE_CHECK_STR(parse_text("a\nb=\\\\n\\n\\\\\n"), "");
    TARE_CHECK_STR(tarei_message_get(&message, "b"), "\\n\n\\");
    TARE_CHECK_STR(parse_text("a\nb=\n"), "");
    TARE_CHECK_STR(tarei_message_get(&message, "b"), "");
}

TARE_TEST(refuses_garbage)
{
    message.verb = "untouched";
    TARE_CHECK_STR(parse_text(""), "no verb");
    TARE_CHECK_STR(parse("a\0\n", 3), "a NUL byte");
    TARE_CHECK_STR(parse_text("verb"), "a line without an end");
    TARE_CHECK_STR(parse_text("Verb\n"), "a verb that is no word");
    TARE_CHECK_STR(parse_text("\n"), "a verb that is no word");
    TARE_CHECK_STR(parse_text("a\nb\n"), "a line without '='");
    TARE_CHECK_STR(parse_text("a\n=b\n"), "a key that is no word");
    TARE_CHECK_STR(parse_text("a\nb=\\x\n"),
                   "a '\\' before something else than '\\' and 'n'");
    TARE_CHECK_STR(parse_text("a\nb=\\\n"),
                   "a '\\' before something else than '\\' and 'n'");
    TARE_CHECK_STR(message.verb, "untouched");
}

TARE_TEST(refuses_too_many_fields)
{
    char text[4 * (MESSAGE_FIELDS + 1) + 3] = "v\n";
    size_t size = 2;

    for (int i = 0; i < MESSAGE_FIELDS; i++, size += 4)
        memcpy(text + size, "k=v\n", 4);
    TARE_CHECK_STR(parse(text, size), "");
    memcpy(text + size, "k=v\n", 4);
    TARE_CHECK_STR(parse(text, size + 4), "too many fields");
}

TARE_TEST(reads_numbers)
{
    int64_t value = 7;

    parse_text("v\na=12\nb=9223372036854775807\nc=9223372036854775808\n"
               "d=-1\ne=1x\nf=\n");
    TARE_CHECK_INT(tarei_message_int(&message, "a", 0, 12, &value), 0);
    TARE_CHECK_INT(value, 12);
    TARE_CHECK_INT(tarei_message_int(&message, "a", 0, 11, &value), -1);
    TARE_CHECK_INT(tarei_message_int(&message, "a", 13, 20, &value), -1);
    TARE_CHECK_INT(tarei_message_int(&message, "b", 0, INT64_MAX, &value), 0);
    TARE_CHECK_INT(value, INT64_MAX);
    for (const char *key = "cdefg"; *key; key++) {
        char one[2] = {*key, '\0'};

        TARE_CHECK_INT(tarei_message_int(&message, one, 0, INT64_MAX, &value),
                       -1);
    }
    TARE_CHECK_INT(value, INT64_MAX);
}

TARE_TEST(writes_what_it_reads)
{
    tarei_out_begin(&out, "case");
    tarei_out_text(&out, "name", "a\\b\nc\td");
    tarei_out_text(&out, "none", NULL);
    tarei_out_int(&out, "n", INT64_MIN);
    tarei_out_seconds(&out, "s", 1000000001);
    tarei_out_seconds(&out, "unknown", -1);
    TARE_CHECK_STR(written(), "case\nname=a\\\\b\\nc\td\n"
                              "n=-9223372036854775808\ns=1.000000001\n");
    TARE_CHECK_STR(parse(out.bytes, out.size), "");
    TARE_CHECK_STR(tarei_message_get(&message, "name"), "a\\b\nc\td");
}

TARE_TEST(repairs_what_cannot_be_sent)
{
    tarei_out_begin(&out, "v");
    tarei_out_text(&out, "k",
                   "\x01\x7f ok \xc3\xa4 \xff \xc0\x80 \xed\xa0\x80 "
                   "\xf4\x90\x80\x80 \xf0\x9f\x92\xa9 \xe2\x82");
    TARE_CHECK_STR(written(), "v\nk=?? ok \xc3\xa4 ? ?? ??? ???? "
                              "\xf0\x9f\x92\xa9 ??\n");
}

TARE_TEST(doubles_are_exact_and_short)
{
    static const double values[] = {0,         0.1,    0.5,    1e300,
                                    -2.5e-300, 1 / 3., 5e-324, 1e15 + 0.5};

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const char *at;

        tarei_out_begin(&out, "v");
        tarei_out_double(&out, "x", values[i]);
        at = strstr(written(), "x=") + 2;
        TARE_CHECK(strtod(at, NULL) == values[i]);
    }
    tarei_out_begin(&out, "v");
    tarei_out_double(&out, "x", 0.1);
    TARE_CHECK_STR(written(), "v\nx=0.1\n");
}

/* The end of a long output is what says why it failed. */
TARE_TEST(tails_keep_the_end)
{
    static char text[2 * WIRE_MESSAGE_MAX];

    memset(text, '\n', sizeof text);
    memcpy(text + sizeof text - 4, "last", 4);
    tarei_out_begin(&out, "v");
    tarei_out_tail(&out, "k", text, sizeof text);
    TARE_CHECK(out.size <= WIRE_MESSAGE_MAX);
    TARE_CHECK(out.size >= WIRE_MESSAGE_MAX - 2);
    TARE_CHECK_MEM(out.bytes + out.size - 5, "last\n", 5);
    TARE_CHECK_STR(parse(out.bytes, out.size), "");
    tarei_out_begin(&out, "v");
    tarei_out_tail(&out, "k", "short", 5);
    TARE_CHECK_STR(written(), "v\nk=short\n");
}

/* A character at the cut is left out rather than halved. */
TARE_TEST(tails_do_not_halve_characters)
{
    static char text[2 * WIRE_MESSAGE_MAX];

    for (size_t i = 0; i < sizeof text; i += 2)
        memcpy(text + i, "\xc3\xa4", 2);
    for (size_t shift = 0; shift < 2; shift++) {
        tarei_out_begin(&out, shift ? "v" : "vv");
        tarei_out_tail(&out, "k", text, sizeof text);
        TARE_CHECK(memchr(out.bytes, '?', out.size) == NULL);
    }
}

TARE_TEST(a_full_message_takes_no_more)
{
    static char text[2 * WIRE_MESSAGE_MAX];
    size_t size;

    memset(text, 'x', sizeof text - 1);
    tarei_out_begin(&out, "v");
    tarei_out_text(&out, "k", text);
    size = out.size;
    TARE_CHECK_INT(size, WIRE_MESSAGE_MAX);
    tarei_out_int(&out, "n", 1);
    tarei_out_double(&out, "d", 1);
    tarei_out_text(&out, "t", "t");
    tarei_out_tail(&out, "t", "t", 1);
    TARE_CHECK_INT(out.size, size);
    TARE_CHECK_STR(parse(out.bytes, out.size), "");
}

/* Changed bytes of a good message are refused or read, never misread beyond
 * the message. */
TARE_TEST(no_bytes_are_a_surprise)
{
    static const char good[] = "open\ncase=sort[n=1]\nside=1\nx=\\\\a\\n\n";
    const size_t size = sizeof good - 1;

    for (size_t i = 0; i < size; i++)
        for (int c = 0; c < 256; c++) {
            char changed[sizeof good];

            memcpy(changed, good, size);
            changed[i] = (char)c;
            if (*parse(changed, size))
                continue;
            for (size_t k = 0; k < message.n; k++)
                TARE_REQUIRE(message.field[k].value >= bytes &&
                             message.field[k].value +
                                     strlen(message.field[k].value) <=
                                 bytes + size);
        }
}
