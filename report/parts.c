/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces that several reports share. */
#include <config.h>

#include "report/parts.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/names.h"
#include "base/scope.h"
#include "base/utf8.h"

/* A fact that says something; NULL when it does not. */
static const char *telling(const struct occasion *occasion, const char *name)
{
    const char *value = facts_get(&occasion->machine, name);

    if (!value || !*value || strcmp(value, "unknown") == 0 ||
        strcmp(value, "none") == 0)
        return NULL;
    return value;
}

/* "packages 1, cores 2, PUs 2" without the caches behind it. */
static void add_shape(struct strbuf *line, const char *shape)
{
    const char *caches = strstr(shape, ", L");
    SCOPED(strbuf_scoped) struct strbuf cut = {0};

    strbuf_add(&cut, shape, caches ? (size_t)(caches - shape) : strlen(shape));
    strbuf_puts(line, line->size ? ", " : "");
    line->failed |= cut.failed;
    text_escape(line, strbuf_text(&cut), 0);
}

static void add_hypervisor(struct strbuf *line, const char *hypervisor)
{
    strbuf_puts(line, line->size ? ", " : "");
    if (strcmp(hypervisor, "present") == 0) {
        strbuf_puts(line, "virtual");
        return;
    }
    strbuf_puts(line, "virtual (");
    text_escape(line, hypervisor, 0);
    strbuf_puts(line, ")");
}

/* What was planned, but for where: the place says that.  A placement that is
 * clean needs no word. */
static void add_plan(struct strbuf *line, const struct facts *plan)
{
    for (size_t i = 0; i < plan->n; i++) {
        const char *name = plan->fact[i].name, *value = plan->fact[i].value;
        bool state = strcmp(name, "placement") == 0;

        if (strcmp(name, "cpus") == 0 || strcmp(name, "bind") == 0 ||
            (state && strcmp(value, "clean") == 0))
            continue;
        strbuf_puts(line, "; ");
        if (!state) {
            text_escape(line, name, 0);
            strbuf_putc(line, ' ');
        }
        text_escape(line, value, 0);
    }
}

void put_machine_line(struct strbuf *out, const struct text_style *style,
                      const struct occasion *occasion, const char *place)
{
    const char *cpu = telling(occasion, "cpu");
    const char *shape = telling(occasion, "topology");
    const char *hypervisor = telling(occasion, "hypervisor");
    SCOPED(strbuf_scoped) struct strbuf line = {0};

    if (cpu)
        text_escape(&line, cpu, 0);
    if (shape)
        add_shape(&line, shape);
    if (hypervisor)
        add_hypervisor(&line, hypervisor);
    if (line.size == 0)
        strbuf_puts(&line, "machine unknown");
    if (place)
        strbuf_printf(&line, "; %s", place);
    add_plan(&line, &occasion->plan);
    strbuf_printf(&line, "; seed %" PRIu64, occasion->seed);
    text_wrap(out, style, PAINT_DIM, 0, 4, strbuf_text(&line));
    out->failed |= line.failed;
}

const char *stopped_by_words(enum stopped_by why)
{
    static const char *const words[] = {
        [STOPPED_UNSET] = "unknown",
        [STOPPED_PRECISE] = "precise enough",
        [STOPPED_NO_GAIN] = "more would not help",
        [STOPPED_BUDGET] = "its budget ended",
        [STOPPED_MAX_TIME] = "the run's time ended",
        [STOPPED_FIXED] = "as planned",
        [STOPPED_INTERRUPT] = "interrupted",
    };

    return words[why];
}

static void set_known(struct json *json, const char *key, const char *text)
{
    json_set_string(json, key, *text ? text : NULL);
}

void json_facts(struct json *json, const char *key, const struct facts *facts)
{
    json_key(json, key);
    json_object(json);
    for (size_t i = 0; i < facts->n; i++)
        json_set_string(json, facts->fact[i].name, facts->fact[i].value);
    json_object_end(json);
}

void json_machine(struct json *json, const struct occasion *occasion)
{
    json_key(json, "machine");
    json_object(json);
    set_known(json, "key", occasion->machine_key);
    json_facts(json, "facts", &occasion->machine);
    json_object_end(json);
}

/* "anchors": {name: ns}. */
static void json_anchors(struct json *json, const struct occasion *occasion)
{
    json_key(json, "anchors");
    json_object(json);
    for (size_t i = 0; i < occasion->n_anchors; i++)
        json_set_double(json, occasion->anchor[i].name,
                        occasion->anchor[i].value);
    json_object_end(json);
}

void json_seed(struct json *json, uint64_t seed)
{
    char text[24];

    json_key(json, "seed");
    if (seed <= (uint64_t)1 << 53) {
        json_int(json, (int64_t)seed);
        return;
    }
    snprintf(text, sizeof text, "%" PRIu64, seed);
    json_string(json, text);
}

void json_occasion(struct json *json, const struct occasion *occasion)
{
    set_known(json, "created", occasion->created);
    set_known(json, "revision", occasion->revision);
    json_set_bool(json, "dirty", occasion->dirty);
    set_known(json, "branch", occasion->branch);
    json_seed(json, occasion->seed);
    json_machine(json, occasion);
    json_facts(json, "build", &occasion->build);
    json_facts(json, "plan", &occasion->plan);
    json_anchors(json, occasion);
}

void json_texts(struct json *json, const char *key, const char *const *text,
                size_t n)
{
    json_key(json, key);
    json_array(json);
    for (size_t i = 0; i < n; i++)
        json_string(json, text[i]);
    json_array_end(json);
}

void json_words(struct json *json, const char *key, const char *words)
{
    const char *name;
    size_t size;

    json_key(json, key);
    json_array(json);
    while ((name = names_next(&words, &size))) {
        struct strbuf word = {0};

        strbuf_add(&word, name, size);
        json_string(json, strbuf_text(&word));
        json->out->failed |= word.failed;
        strbuf_clear(&word);
    }
    json_array_end(json);
}

static size_t longest_backticks(const char *text)
{
    size_t longest = 0;

    while (*text) {
        size_t run = strspn(text, "`");

        longest = run > longest ? run : longest;
        text += run ? run : 1;
    }
    return longest;
}

static void put_fence(struct strbuf *out, size_t size)
{
    while (size--)
        strbuf_putc(out, '`');
}

/* A span is closed by as many backticks as opened it (CommonMark 0.31, section
 * 6.1); a table takes "\\|" for "|" even there (GFM 0.29, section 4.10). */
void markdown_code(struct strbuf *out, const char *untrusted, size_t max)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    size_t fence;
    const char *pad;

    text_escape(&line, untrusted, max);
    out->failed |= line.failed;
    if (line.size == 0)
        return;
    fence = longest_backticks(strbuf_text(&line)) + 1;
    pad = fence > 1 ? " " : "";
    put_fence(out, fence);
    strbuf_puts(out, pad);
    for (const char *p = strbuf_text(&line); *p; p++)
        strbuf_printf(out, "%s%c", *p == '|' ? "\\" : "", *p);
    strbuf_puts(out, pad);
    put_fence(out, fence);
}

void csv_text(struct strbuf *out, const char *untrusted)
{
    bool formula = *untrusted && strchr("=+-@\t\r", *untrusted);

    if (!formula && !strpbrk(untrusted, ",\"\r\n")) {
        strbuf_puts(out, untrusted);
        return;
    }
    strbuf_puts(out, formula ? "\"'" : "\"");
    for (; *untrusted; untrusted++) {
        if (*untrusted == '"')
            strbuf_putc(out, '"');
        strbuf_putc(out, *untrusted);
    }
    strbuf_putc(out, '"');
}

void csv_double(struct strbuf *out, double value)
{
    if (isfinite(value))
        strbuf_double(out, value);
}

void xml_text(struct strbuf *out, const char *untrusted, const char *newline)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    text_escape_lines(&text, untrusted);
    for (const char *p = strbuf_text(&text); *p; p++) {
        if (*p == '<')
            strbuf_puts(out, "&lt;");
        else if (*p == '>')
            strbuf_puts(out, "&gt;");
        else if (*p == '&')
            strbuf_puts(out, "&amp;");
        else if (*p == '"')
            strbuf_puts(out, "&quot;");
        else if (*p == '\n')
            strbuf_puts(out, newline);
        else
            strbuf_putc(out, *p);
    }
    out->failed |= text.failed;
}

void xml_attribute(struct strbuf *out, const char *name, const char *untrusted)
{
    strbuf_printf(out, " %s=\"", name);
    xml_text(out, untrusted, "&#10;");
    strbuf_putc(out, '"');
}
