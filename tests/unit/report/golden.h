/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparison of a text with a file of tests/golden; UPDATE_GOLDEN=1 rewrites
 * the file instead. */
#ifndef TESTS_UNIT_REPORT_GOLDEN_H
#define TESTS_UNIT_REPORT_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "bench/tare.h"

/* Shows where a text leaves its golden form. */
static inline void golden_explain(const char *name, const char *got,
                                  const char *want)
{
    int line = 1;

    while (*got && strcspn(got, "\n") == strcspn(want, "\n") &&
           strncmp(got, want, strcspn(got, "\n")) == 0) {
        got += strcspn(got, "\n") + 1;
        want += strcspn(want, "\n") + 1;
        line++;
    }
    printf("# %s:%d: got  '%.*s'\n", name, line, (int)strcspn(got, "\n"), got);
    printf("# %s:%d: want '%.*s'\n", name, line, (int)strcspn(want, "\n"),
           want);
}

/* Whether text equals tests/golden/NAME. */
static inline int golden_same(const char *name, const struct strbuf *text)
{
    const char *srcdir = getenv("srcdir"), *update = getenv("UPDATE_GOLDEN");
    char path[512], *want = NULL;
    struct error err = {0};
    size_t size;
    int same;

    snprintf(path, sizeof path, "%s/tests/golden/%s", srcdir ? srcdir : ".",
             name);
    if (update && *update)
        return file_write_atomic(path, strbuf_text(text), text->size, &err) ==
               0;
    if (file_read(path, 1 << 24, &want, &size, &err) < 0) {
        printf("# %s: %s\n", path, err.text);
        return 0;
    }
    same = size == text->size && memcmp(want, strbuf_text(text), size) == 0;
    if (!same)
        golden_explain(name, strbuf_text(text), want);
    free(want);
    return same;
}

#define CHECK_GOLDEN(name, text)             \
    do {                                     \
        TARE_CHECK(!(text)->failed);         \
        TARE_CHECK(golden_same(name, text)); \
    } while (0)

#endif
