/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and writing lists of processing units. */
#include <config.h>

#include "runner/machine/cpulist.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

struct reader {
    const char *name;
    const char *text;
    size_t size;
    size_t at;
    struct error *err;
};

static int bad(struct reader *in, enum error_code code, const char *what)
{
    int rc =
        ERROR_AT(in->err, code, in->name, 1, (uint32_t)in->at + 1, "%s", what);

    error_help(in->err, "write it like 0,2,4-6");
    return rc;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void skip_blanks(struct reader *in)
{
    while (in->at < in->size && strchr(" \t\n", in->text[in->at]) &&
           in->text[in->at])
        in->at++;
}

static bool accept(struct reader *in, char c)
{
    if (in->at == in->size || in->text[in->at] != c)
        return false;
    in->at++;
    return true;
}

static int read_index(struct reader *in, int *out)
{
    int value = 0;

    if (in->at == in->size || !is_digit(in->text[in->at]))
        return bad(in, ERR_PARSE, "expected the number of a CPU");
    for (; in->at < in->size && is_digit(in->text[in->at]); in->at++) {
        value = value * 10 + (in->text[in->at] - '0');
        if (value > CPULIST_MAX)
            return bad(in, ERR_RANGE, "the number of a CPU is too large");
    }
    *out = value;
    return 0;
}

static int push(struct reader *in, struct arena *arena, struct cpulist *list,
                int cpu)
{
    /* Repeats make an endless list possible in a short text. */
    if (list->n > CPULIST_MAX)
        return bad(in, ERR_RANGE, "the list of CPUs is too long");
    list->cpu = arena_grow(arena, list->cpu, list->n, sizeof *list->cpu);
    if (!list->cpu)
        return ERROR(in->err, ERR_NOMEM, "no memory for a list of CPUs");
    list->cpu[list->n++] = cpu;
    return 0;
}

static int read_item(struct reader *in, struct arena *arena,
                     struct cpulist *list)
{
    int first, last, step = 1, rc;

    rc = read_index(in, &first);
    last = first;
    if (rc == 0 && accept(in, '-')) {
        rc = read_index(in, &last);
        if (rc == 0 && accept(in, ':'))
            rc = read_index(in, &step);
    }
    if (rc < 0)
        return rc;
    if (last < first)
        return bad(in, ERR_RANGE, "the range of CPUs runs backwards");
    if (step < 1)
        return bad(in, ERR_RANGE, "the step of a range must be 1 or more");
    for (int cpu = first; rc == 0 && cpu <= last; cpu += step)
        rc = push(in, arena, list, cpu);
    return rc;
}

int cpulist_parse(const char *name, const char *text, size_t size,
                  struct arena *arena, struct cpulist *out, struct error *err)
{
    struct reader in = {.name = name, .text = text, .size = size, .err = err};
    struct cpulist list = {0};
    int rc;

    skip_blanks(&in);
    if (in.at == in.size) {
        *out = list;
        return 0;
    }
    do {
        skip_blanks(&in);
        rc = read_item(&in, arena, &list);
        if (rc < 0)
            return rc;
        skip_blanks(&in);
    } while (accept(&in, ','));
    if (in.at != in.size)
        return bad(&in, ERR_PARSE, "expected a comma or the end of the list");
    *out = list;
    return 0;
}

static int compare(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;

    return (x > y) - (x < y);
}

static void print_run(struct strbuf *out, int first, int last)
{
    if (out->size)
        strbuf_putc(out, ',');
    if (first == last)
        strbuf_printf(out, "%d", first);
    else
        strbuf_printf(out, last - first > 1 ? "%d-%d" : "%d,%d", first, last);
}

void cpulist_print(struct strbuf *out, const int *cpu, size_t n)
{
    SCOPED(free_scoped) int *sorted = malloc((n + 1) * sizeof *sorted);
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    if (!sorted) {
        out->failed = true;
        return;
    }
    if (n)
        memcpy(sorted, cpu, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare);
    for (size_t i = 0, end; i < n; i = end) {
        end = i + 1;
        while (end < n && sorted[end] - sorted[end - 1] <= 1)
            end++;
        print_run(&text, sorted[i], sorted[end - 1]);
    }
    if (text.failed)
        out->failed = true;
    strbuf_puts(out, strbuf_text(&text));
}

bool cpulist_has(const struct cpulist *list, int cpu)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->cpu[i] == cpu)
            return true;
    return false;
}
