/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "report/beside.h"

#include <math.h>

#include "report/text.h"

static const struct beside_case *case_of(const struct beside *beside, size_t i)
{
    return beside && i < beside->n ? &beside->case_[i] : NULL;
}

static void put_figures(struct strbuf *out, const struct interference_case *c)
{
    char share[SHARE_TEXT];

    if (c->processes == 0)
        strbuf_puts(out, "no process of it fitted into its budget");
    else if (c->low <= 0 || isinf(c->high))
        strbuf_printf(out, "%.3fx the time alone after %zu process%s", c->ratio,
                      c->processes, c->processes == 1 ? "" : "es");
    else
        strbuf_printf(out, "%.3fx the time alone, %.3f to %.3f at %s", c->ratio,
                      c->low, c->high, text_share(share, c->confidence));
}

void beside_note(struct table *table, const struct beside *beside, size_t i)
{
    const struct beside_case *c = case_of(beside, i);
    struct strbuf figures = {0};

    if (!c || c->how == BESIDE_ALONE || c->how == BESIDE_OTHERS)
        return;
    if (c->how == BESIDE_THREADS) {
        table_note(table, PAINT_NONE, "ran alone: it needs several cores");
        return;
    }
    put_figures(&figures, &c->seen);
    table->failed |= figures.failed;
    table_note(table, PAINT_WARN, "ran alone: %s beside neighbours (%s)",
               c->seen.state == INTERFERENCE_FOUND
                   ? "its time changes"
                   : "not shown to keep its time",
               strbuf_text(&figures));
    strbuf_clear(&figures);
}

struct counts {
    size_t checked, alone;
};

static struct counts count(const struct beside *beside)
{
    struct counts n = {0};

    for (size_t i = 0; i < beside->n; i++) {
        n.checked += beside->case_[i].seen.state != INTERFERENCE_UNCHECKED;
        n.alone += beside->case_[i].how != BESIDE_OTHERS;
    }
    return n;
}

void beside_summary(const struct beside *beside, struct strbuf *out)
{
    char share[SHARE_TEXT];
    struct counts n;

    if (!beside)
        return;
    n = count(beside);
    strbuf_printf(out, "%zu workers side by side; ", beside->workers);
    if (beside->trusted)
        strbuf_puts(out, "interference not checked (--trust-parallel)");
    else
        strbuf_printf(out, "%zu of %zu checked for interference beyond %s",
                      n.checked, beside->n, text_share(share, beside->margin));
    strbuf_printf(out, ", %zu ran alone\n", n.alone);
}

void beside_json(const struct beside *beside, struct json *json)
{
    struct counts n;

    json_key(json, "side_by_side");
    if (!beside) {
        json_null(json);
        return;
    }
    n = count(beside);
    json_object(json);
    json_set_int(json, "workers", (int64_t)beside->workers);
    json_set_bool(json, "trusted", beside->trusted);
    json_set_double(json, "margin", beside->margin);
    json_set_int(json, "checked", (int64_t)n.checked);
    json_set_int(json, "alone", (int64_t)n.alone);
    json_object_end(json);
}

static const char *how_name(enum beside_how how)
{
    static const char *const names[] = {
        [BESIDE_ALONE] = "alone",
        [BESIDE_OTHERS] = "others",
        [BESIDE_INTERFERENCE] = "alone",
        [BESIDE_THREADS] = "alone",
    };

    return names[how];
}

void beside_case_json(const struct beside *beside, size_t i, struct json *json)
{
    const struct beside_case *c = case_of(beside, i);

    json_set_string(json, "beside", how_name(c ? c->how : BESIDE_ALONE));
    json_key(json, "interference");
    if (!c || c->seen.state == INTERFERENCE_UNCHECKED) {
        json_null(json);
        return;
    }
    json_object(json);
    json_set_string(json, "state", interference_name(c->seen.state));
    json_set_double(json, "ratio", c->seen.ratio);
    json_set_double(json, "low", c->seen.low > 0 ? c->seen.low : NAN);
    json_set_double(json, "high", c->seen.high);
    json_set_double(json, "confidence",
                    c->seen.processes ? c->seen.confidence : NAN);
    json_set_int(json, "processes", (int64_t)c->seen.processes);
    json_object_end(json);
}
