/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <tare.h>

#include "words.h"

/* n bytes of words of one to eight letters, the same in every run. */
static char *make_text(size_t n)
{
    char *text = malloc(n);
    unsigned state = 1;

    if (!text)
        abort();
    for (size_t i = 0; i < n; i++) {
        state = state * 1103515245 + 12345;
        text[i] = state >> 29 ? (char)('a' + (state >> 20) % 4) : ' ';
    }
    return text;
}

TARE_BENCH(count, .args = "n=1000,100000", .tags = "text")
{
    size_t n = (size_t)tare_int(b, "n"), found = 0;
    char *text = make_text(n);

    TARE_LOOP(b) {
        found = count_words(text, n);
        TARE_USE(found);
    }
    tare_bytes(b, n);
    tare_result(b, found);
    free(text);
}

TARE_TEST(counts_each_word_once, .tags = "unit")
{
    const char *text = "to be or not to be";

    TARE_CHECK_INT(count_words(text, strlen(text)), 4);
    TARE_CHECK_INT(count_words("", 0), 0);
    TARE_CHECK_INT(count_words("   ", 3), 0);
}
