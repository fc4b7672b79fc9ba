/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What readers of text have in common. */
#include <config.h>

#include <string.h>

#include "adapt/import_parts.h"

char *import_line(struct import *im, struct import_lines *lines, int *rc)
{
    size_t size = strcspn(lines->next, "\n");
    char *line;

    if (!*lines->next)
        return NULL;
    line = arena_memdup(&im->arena, lines->next, size);
    if (!line) {
        *rc = import_no_memory(im);
        return NULL;
    }
    lines->next += size + (lines->next[size] == '\n');
    lines->number++;
    while (size && line[size - 1] == '\r')
        line[--size] = '\0';
    return line;
}

char *import_word(char **at, const char *line, uint32_t *column)
{
    char *word = *at + strspn(*at, " \t");
    size_t size = strcspn(word, " \t");

    if (!size)
        return NULL;
    *at = word + size;
    if (word[size]) {
        word[size] = '\0';
        ++*at;
    }
    *column = (uint32_t)(word - line) + 1;
    return word;
}

char *import_field(char **at)
{
    char *field = *at, *from = *at, *to;

    if (!field)
        return NULL;
    if (*from != '"') {
        *at = strchr(field, ',');
        if (*at)
            *(*at)++ = '\0';
        return field;
    }
    for (to = field, from++; *from && (*from != '"' || from[1] == '"'); from++)
        *to++ = *(from += *from == '"');
    *at = strchr(from, ',');
    if (*at)
        ++*at;
    *to = '\0';
    return field;
}

int import_word_amount(const struct import *im, struct import_place at,
                       const char *word, const struct import_unit *unit,
                       double *out)
{
    double value;

    if (import_decimal(word, strlen(word), unit->exponent, &value) < 0)
        return import_fail(im, at, "not a number: '%.40s'", word);
    if (value < 0)
        return import_fail(im, at, "a figure cannot be negative: %.40s", word);
    *out = value * unit->factor + 0.0;
    return 0;
}
