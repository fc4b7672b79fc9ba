/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other harnesses wrote, read back (tests/data/foreign). */
#ifndef TESTS_UNIT_ADAPT_FOREIGN_DATA_H
#define TESTS_UNIT_ADAPT_FOREIGN_DATA_H

#include <stdio.h>
#include <stdlib.h>

#include "adapt/foreign.h"
#include "adapt/foreign_judge.h"
#include "base/file.h"

/* A recorded file, in the arena. */
static inline const char *recorded(const char *name, struct arena *arena,
                                   size_t *size)
{
    const char *srcdir = getenv("srcdir");
    char path[1000];
    char *text;
    const char *copy;

    snprintf(path, sizeof path, "%s/tests/data/foreign/%s",
             srcdir ? srcdir : ".", name);
    if (file_read(path, FOREIGN_BYTES, &text, size, NULL) < 0) {
        fprintf(stderr, "no '%s'\n", path);
        abort();
    }
    copy = arena_memdup(arena, text, *size);
    free(text);
    return copy;
}

static inline struct foreign_program program_of(enum program_kind kind,
                                                const char *path)
{
    static char *none[] = {NULL};

    return (struct foreign_program){
        .kind = kind,
        .label = path,
        .path = path,
        .cwd = "",
        .timeout_ns = 1000,
        .folder = "/folder",
        .env = none,
        .search = "/bin",
    };
}

#endif
