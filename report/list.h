/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases of a suite. */
#ifndef REPORT_LIST_H
#define REPORT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strbuf.h"
#include "report/text.h"

/* Text is untrusted, never NULL. */
struct list_case {
    const char *id;
    bool is_test;
    const char *program;  /* path as the suite names it, "" for a command */
    const char *tags;     /* comma-separated, "" */
    const char *fixtures; /* comma-separated, "" */
    const char *baseline; /* id of the case it is shown against, "" */
    int64_t version;      /* 0 when not declared */
    const char *file;     /* of its source, "" when unknown */
    uint32_t line;        /* 0 when unknown */
};

/* A table, then how many there are.  `quiet` writes the ids alone, one a
 * line, for other programs to read. */
void list_text(const struct list_case *list, size_t n,
               const struct text_style *style, struct strbuf *out);

/* "tare/list/1", docs/schema/list.json. */
void list_json(const char *suite, const struct list_case *list, size_t n,
               struct strbuf *out);

#endif
