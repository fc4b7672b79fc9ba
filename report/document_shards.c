/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a suite that ran on several machines: do they fit together? */
#include <config.h>

#include <inttypes.h>
#include <string.h>

#include "base/scope.h"
#include "report/document.h"

enum { MISSING_SHOWN = 20 };

static const struct test_shard *shard_of(const struct document *part)
{
    return &part->tests.shard;
}

static int check_pair(const struct document *part, const char *const *name,
                      size_t a, size_t b, struct error *err)
{
    const struct test_shard *x = shard_of(&part[a]), *y = shard_of(&part[b]);

    if (!x->index || !y->index) {
        ERROR(err, ERR_USAGE, "'%s' is a part of a suite, '%s' is not",
              name[x->index ? a : b], name[x->index ? b : a]);
        return error_help(err, "join what --shard 1/N to --shard N/N wrote");
    }
    if (x->count != y->count || strcmp(x->plan, y->plan) != 0) {
        ERROR(err, ERR_USAGE,
              "'%s' and '%s' are parts of different plans (%.40s, %.40s): a "
              "test may be in both or in none",
              name[a], name[b], x->plan, y->plan);
        return error_help(err, "all parts need the same tests and the same "
                               "history: restore one store on all machines");
    }
    if (x->index == y->index)
        return ERROR(err, ERR_USAGE,
                     "'%s' and '%s' are both part %" PRId64 " of %" PRId64,
                     name[a], name[b], x->index, x->count);
    return 0;
}

static bool is_there(const struct document *part, size_t n, int64_t index)
{
    for (size_t i = 0; i < n; i++)
        if (shard_of(&part[i])->index == index)
            return true;
    return false;
}

/* "parts 2, 5 of 8 are missing"; "" when all are there. */
static void list_missing(const struct document *part, size_t n,
                         struct strbuf *out)
{
    int64_t count = shard_of(&part[0])->count;
    size_t missing = (size_t)count - n, shown = 0;

    if (missing == 0)
        return;
    strbuf_puts(out, missing == 1 ? "part" : "parts");
    for (int64_t i = 1; i <= count && shown < MISSING_SHOWN; i++)
        if (!is_there(part, n, i))
            strbuf_printf(out, "%s %" PRId64, shown++ ? "," : "", i);
    if (missing > shown)
        strbuf_puts(out, " and more");
    strbuf_printf(out, " of %" PRId64 " %s missing", count,
                  missing == 1 ? "is" : "are");
}

static int note_missing(struct document *part, size_t n, struct error *err)
{
    struct test_report *first = &part[0].tests;
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    const char **all;

    list_missing(part, n, &text);
    if (text.size == 0 && !text.failed)
        return 0;
    all = arena_alloc(&part[0].arena, first->n_problems + 1, sizeof(*all));
    if (all && first->n_problems)
        memcpy(all, first->problem, first->n_problems * sizeof(*all));
    if (all)
        all[first->n_problems] =
            arena_strdup(&part[0].arena, strbuf_text(&text));
    if (!all || !all[first->n_problems] || text.failed)
        return ERROR(err, ERR_NOMEM, "no memory for a report");
    first->problem = all;
    first->n_problems++;
    return 0;
}

int document_check_parts(struct document *part, const char *const *name,
                         size_t n, struct error *err)
{
    bool any = false;

    for (size_t i = 0; i < n; i++)
        any |= part[i].kind == DOCUMENT_TESTS && shard_of(&part[i])->index;
    for (size_t b = 1; b < n && any; b++)
        for (size_t a = 0; a < b; a++) {
            int rc = check_pair(part, name, a, b, err);

            if (rc < 0)
                return rc;
        }
    return any ? note_missing(part, n, err) : 0;
}
