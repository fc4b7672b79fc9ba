/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Optimal string alignment distance by rows (Damerau 1964, Wagner and
 * Fischer 1974). */
#include <config.h>

#include "base/nearest.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { WORD_MAX = 63, PREFIX_MIN = 3 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t cut_length(const char *word)
{
    return strnlen(word, WORD_MAX);
}

static int same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

size_t edit_distance(const char *a, const char *b)
{
    size_t n = cut_length(a), m = cut_length(b);
    size_t row[3][WORD_MAX + 1]; /* i - 2, i - 1, i; i counts modulo 3 */

    for (size_t j = 0; j <= m; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3], *last = row[(i + 2) % 3];
        const size_t *before = row[(i + 1) % 3];

        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t change = same_letter(a[i - 1], b[j - 1]) ? 0 : 1;

            now[j] =
                least(least(last[j] + 1, now[j - 1] + 1), last[j - 1] + change);
            if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) &&
                same_letter(a[i - 2], b[j - 1]))
                now[j] = least(now[j], before[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

static int is_prefix(const char *word, const char *name)
{
    size_t n = least(cut_length(word), cut_length(name));

    return n >= PREFIX_MIN && strncasecmp(word, name, n) == 0;
}

void nearest_try(struct nearest *nearest, const char *name)
{
    size_t n = cut_length(nearest->word), m = cut_length(name);
    size_t edits = edit_distance(nearest->word, name), distance = edits;

    if (is_prefix(nearest->word, name))
        distance = least(distance, 1);
    if (distance > ((n > m ? n : m) + 2) / 3)
        return;
    distance = distance * (WORD_MAX + 1) + edits;
    if (!nearest->best || distance < nearest->distance) {
        nearest->best = name;
        nearest->distance = distance;
    }
}

const char *nearest_found(const struct nearest *nearest)
{
    return nearest->best;
}
