/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "report/dashboard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "report/columns.h"
#include "report/dashboard_parts.h"
#include "report/page.h"
#include "report/parts.h"

/* A document that is JSON already, as a value under a key; null for NULL. */
static void dashboard_embed(struct json *json, const char *key,
                            const char *text)
{
    json_key(json, key);
    json_raw(json, text && *text ? text : "null");
}

static void put_anchors(struct json *json, const struct dashboard *d)
{
    json_key(json, "anchors");
    json_list(json);
    for (size_t i = 0; i < d->n_anchors; i++) {
        const struct run_anchors *a = &d->anchors[i];

        json_object(json);
        json_set_int(json, "run", a->run);
        json_set_string(json, "created", a->created);
        json_set_string(json, "revision", *a->revision ? a->revision : NULL);
        json_set_string(json, "machine", a->machine_key);
        json_key(json, "ns");
        json_object(json);
        for (size_t k = 0; k < a->n; k++)
            json_set_double(json, a->anchor[k].name, a->anchor[k].value);
        json_object_end(json);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_machine(struct json *json, const struct dashboard *d)
{
    json_key(json, "machine");
    json_object(json);
    json_set_string(json, "key",
                    d->machine_key && *d->machine_key ? d->machine_key : NULL);
    if (d->facts)
        json_facts(json, "facts", d->facts);
    dashboard_embed(json, "topology", d->topology);
    put_anchors(json, d);
    json_object_end(json);
}

static void put_gate(struct json *json, const struct gate_report *gate)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    if (gate)
        gate_json(gate, &text);
    dashboard_embed(json, "gate", strbuf_text(&text));
    json->out->failed |= text.failed;
}

static void put_tests(struct json *json, const struct test_report *tests)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    if (tests)
        tests_json(tests, &text);
    dashboard_embed(json, "tests", strbuf_text(&text));
    json->out->failed |= text.failed;
}

/* With or without the lines of the history. */
static void put_document(const struct dashboard *d, const char *history,
                         struct strbuf *out)
{
    struct json json = {.out = out};

    json_object(&json);
    json_set_string(&json, "schema", "tare/dashboard/1");
    json_set_string(&json, "suite", d->suite && *d->suite ? d->suite : NULL);
    json_set_string(&json, "program", d->program);
    json_set_string(&json, "created", d->created);
    dashboard_embed(&json, "history", history);
    put_gate(&json, d->gate);
    dashboard_distributions(&json, d);
    put_tests(&json, d->tests);
    dashboard_embed(&json, "scale", d->scale);
    put_machine(&json, d);
    json_object_end(&json);
}

void dashboard_json(const struct dashboard *d, struct strbuf *out)
{
    put_document(d, NULL, out);
}

/* --- the points of a history and its tables */

struct encoded {
    struct moments moments;
    struct efforts efforts;
    struct strbuf *points; /* base64 of each line */
    size_t n;
};

static void encoded_clear(struct encoded *e)
{
    for (size_t i = 0; e->points && i < e->n; i++)
        strbuf_clear(&e->points[i]);
    free(e->points);
    moments_clear(&e->moments);
    efforts_clear(&e->efforts);
}

/* Returns false when out of memory. */
static bool encode(const struct history_report *history, struct encoded *out)
{
    SCOPED(strbuf_scoped) struct strbuf bytes = {0};

    *out = (struct encoded){
        .n = history->n, .points = calloc(history->n + 1, sizeof *out->points)};
    for (size_t i = 0; out->points && i < out->n; i++) {
        bytes.size = 0;
        dashboard_points(&history->line[i], &out->moments, &out->efforts,
                         &bytes);
        base64_add(&out->points[i], strbuf_text(&bytes), bytes.size);
        bytes.failed |= out->points[i].failed;
    }
    return out->points && !bytes.failed;
}

void dashboard_history_json(const struct history_report *history,
                            const char *const *tags, size_t first, size_t all,
                            bool points, struct strbuf *out)
{
    struct json json = {.out = out};
    struct encoded e = {.n = 0};

    if (points && !encode(history, &e))
        out->failed = true;
    dashboard_history(&json, history, tags, first, all, e.points, &e.moments,
                      &e.efforts);
    encoded_clear(&e);
}

/* --- the page */

static const char data_place[] = "<!--tare:data-->";
static const char points_place[] = "<!--tare:points-->";

/* JSON as the content of a <script>: nothing in it ends the element or begins
 * a comment (HTML, section 4.12.1.3), since "<" is only in texts. */
static void add_script(struct strbuf *out, const char *json)
{
    const char *from = json;

    for (const char *p = json; *p; p++) {
        if (*p != '<')
            continue;
        strbuf_add(out, from, (size_t)(p - from));
        strbuf_puts(out, "\\u003c");
        from = p + 1;
    }
    strbuf_puts(out, from);
}

static void add_data(const struct dashboard *d, const struct encoded *e,
                     struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf history = {0}, text = {0};
    struct json json = {.out = &history};

    if (d->history)
        dashboard_history(&json, d->history, d->tags, 0, d->history->n, NULL,
                          &e->moments, &e->efforts);
    put_document(d, strbuf_text(&history), &text);
    strbuf_puts(out, "<script type=\"application/json\" id=\"data\">");
    add_script(out, strbuf_text(&text));
    strbuf_puts(out, "</script>\n");
    out->failed |= history.failed || text.failed;
}

/* Behind the program of the page, so that it paints before they are read. */
static void add_points(const struct encoded *e, struct strbuf *out)
{
    for (size_t i = 0; i < e->n; i++) {
        strbuf_printf(
            out, "<script type=\"application/json\" id=\"points-%zu\">\"", i);
        strbuf_add(out, strbuf_text(&e->points[i]), e->points[i].size);
        strbuf_puts(out, "\"</script>\n");
    }
}

static const char *find_place(const char *page, const char *place)
{
    const char *at = strstr(page, place);

    return at && !strstr(at + 1, place) ? at : NULL;
}

static void fill(const struct dashboard *d, const struct encoded *e,
                 const char *page, const char *data, const char *points,
                 struct strbuf *out)
{
    strbuf_add(out, page, (size_t)(data - page));
    add_data(d, e, out);
    data += sizeof data_place - 1;
    strbuf_add(out, data, (size_t)(points - data));
    add_points(e, out);
    strbuf_puts(out, points + sizeof points_place - 1);
}

int dashboard_html(const struct dashboard *d, const char *page, size_t size,
                   struct strbuf *out, struct error *err)
{
    const char *data = size ? find_place(page, data_place) : NULL;
    const char *points = size ? find_place(page, points_place) : NULL;
    struct encoded e = {.n = 0};

    if (!data || !points || points < data)
        return ERROR(err, ERR_RANGE, "the page has no place for data");
    if (d->history && !encode(d->history, &e))
        out->failed = true;
    fill(d, &e, page, data, points, out);
    encoded_clear(&e);
    return out->failed ? ERROR(err, ERR_NOMEM, "no memory for a page") : 0;
}
