/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A baseline: output exactly on success, error exactly on failure; what was
 * read can be written, and reads back as what writes the same text. */
#include <config.h>

#include <string.h>

#include "config/baseline.h"
#include "tests/fuzz/target.h"

static void check_order(const struct results *r)
{
    for (size_t i = 1; i < r->n_cases; i++)
        MUST(strcmp(r->cases[i - 1].id, r->cases[i].id) < 0);
}

static void check_stable(const struct results *first)
{
    struct strbuf text = {0}, again = {0};
    struct results *second = NULL;
    struct error err = {0};

    MUST(baseline_print(first, &text, &err) == 0);
    MUST(baseline_parse("again", strbuf_text(&text), text.size, &second,
                        &err) == 0);
    MUST(baseline_print(second, &again, &err) == 0);
    MUST(strcmp(strbuf_text(&text), strbuf_text(&again)) == 0);
    MUST(second->n_occasions == first->n_occasions);
    MUST(second->n_cases <= first->n_cases);
    results_free(second);
    strbuf_clear(&text);
    strbuf_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct results *r = NULL;
    struct error err = {0};
    int rc = baseline_parse("fuzz", (const char *)data, size, &r, &err);

    MUST((rc == 0) == (r != NULL));
    MUST(rc == (int)err.code);
    if (r) {
        check_order(r);
        check_stable(r);
    } else {
        MUST(*err.text && err.line > 0 && err.column > 0);
    }
    results_free(r);
    return 0;
}
