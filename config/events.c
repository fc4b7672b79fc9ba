/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libyaml's events, cut down to what a configuration needs.  Its 0-based marks
 * become 1-based places here and nowhere else. */
#include <config.h>

#include "config/events.h"

#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "base/scope.h"
#include "base/units.h"

struct events {
    yaml_parser_t parser;
    yaml_event_t event;
    bool held; /* event holds memory of libyaml */
    bool ended;
    const char *file;
    const char *text;
    size_t size;
    int depth;
    int max_depth;
};

DEFINE_SCOPED(struct events *, events_close)

static const char *const kind_words[] = {
    [EVENT_END] = "nothing",       [EVENT_TEXT] = "text",
    [EVENT_LIST] = "a list",       [EVENT_LIST_END] = "the end of a list",
    [EVENT_MAP] = "a map of keys", [EVENT_MAP_END] = "the end of a map",
};

static struct place place_of(yaml_mark_t mark)
{
    return (struct place){(uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

/* Errors in the byte stream itself carry an offset and no mark. */
static struct place place_of_offset(const struct events *events, size_t offset)
{
    struct place at = {1, 1};

    for (size_t i = 0; i < offset && i < events->size; i++) {
        if (events->text[i] == '\n') {
            at.line++;
            at.column = 1;
        } else if ((events->text[i] & 0xc0) != 0x80) {
            at.column++;
        }
    }
    return at;
}

/* Whether a tab stands at the place or in the indentation before it: the most
 * frequent reason for a line that is no YAML. */
static bool follows_tab(const struct events *events, struct place at)
{
    const char *p = events->text, *end = p + events->size;

    for (uint32_t line = 1; line < at.line && p; line++) {
        p = memchr(p, '\n', (size_t)(end - p));
        p = p ? p + 1 : NULL;
    }
    while (p && p < end && *p == ' ')
        p++;
    return p && p < end && *p == '\t';
}

static int syntax_error(const struct events *events, struct error *err)
{
    const yaml_parser_t *parser = &events->parser;
    struct place at = place_of(parser->problem_mark);
    struct place from = place_of(parser->context_mark);

    if (parser->context)
        ERROR_AT(err, ERR_PARSE, events->file, at.line, at.column,
                 "%s (%s, which begins at %u:%u)", parser->problem,
                 parser->context, from.line, from.column);
    else
        ERROR_AT(err, ERR_PARSE, events->file, at.line, at.column, "%s",
                 parser->problem);
    if (follows_tab(events, at))
        error_help(err, "indent with spaces; YAML does not take tabs there");
    else if (strncmp(parser->problem, "mapping values", 14) == 0)
        error_help(err, "see the indentation; a text that holds ': ' is "
                        "written between quotes");
    return ERR_PARSE;
}

static int parser_error(const struct events *events, struct error *err)
{
    const yaml_parser_t *parser = &events->parser;
    struct place at;

    if (parser->error == YAML_MEMORY_ERROR)
        return ERROR(err, ERR_NOMEM, "no memory to read '%s'", events->file);
    if (parser->error != YAML_READER_ERROR)
        return syntax_error(events, err);
    at = place_of_offset(events, parser->problem_offset);
    return ERROR_AT(err, ERR_PARSE, events->file, at.line, at.column, "%s",
                    parser->problem);
}

static void release(struct events *events)
{
    if (events->held)
        yaml_event_delete(&events->event);
    events->held = false;
}

static int next_raw(struct events *events, struct error *err)
{
    release(events);
    if (!yaml_parser_parse(&events->parser, &events->event))
        return parser_error(events, err);
    events->held = true;
    return 0;
}

static int refuse(const struct events *events, struct error *err,
                  const char *what)
{
    struct place at = place_of(events->event.start_mark);

    return ERROR_AT(err, ERR_PARSE, events->file, at.line, at.column, "%s",
                    what);
}

static int refuse_alias(const struct events *events, struct error *err)
{
    refuse(events, err, "anchors and aliases are not accepted");
    error_help(err, "write the value out in both places");
    return ERR_PARSE;
}

static int check_start(const struct events *events, const yaml_char_t *anchor,
                       const yaml_char_t *tag, struct error *err)
{
    if (anchor)
        return refuse_alias(events, err);
    if (tag)
        return refuse(events, err, "tags such as !!str are not accepted");
    return 0;
}

static int take_text(const struct events *events, struct event *out,
                     struct error *err)
{
    const yaml_event_t *e = &events->event;
    int rc =
        check_start(events, e->data.scalar.anchor, e->data.scalar.tag, err);

    if (rc < 0)
        return rc;
    out->kind = EVENT_TEXT;
    out->text = (const char *)e->data.scalar.value;
    out->size = e->data.scalar.length;
    out->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (out->quoted && memchr(out->text, '\0', out->size))
        return refuse(events, err, "a text may not hold a NUL character");
    return 0;
}

static int take_start(struct events *events, struct event *out,
                      struct error *err)
{
    const yaml_event_t *e = &events->event;
    bool is_list = e->type == YAML_SEQUENCE_START_EVENT;
    int rc = is_list ? check_start(events, e->data.sequence_start.anchor,
                                   e->data.sequence_start.tag, err)
                     : check_start(events, e->data.mapping_start.anchor,
                                   e->data.mapping_start.tag, err);

    if (rc < 0)
        return rc;
    if (++events->depth > events->max_depth)
        return ERROR_AT(err, ERR_RANGE, events->file, out->at.line,
                        out->at.column, "nested deeper than %d levels",
                        events->max_depth);
    out->kind = is_list ? EVENT_LIST : EVENT_MAP;
    return 0;
}

static int take_document_end(struct events *events, struct event *out,
                             struct error *err)
{
    int rc = next_raw(events, err);

    if (rc < 0)
        return rc;
    if (events->event.type != YAML_STREAM_END_EVENT)
        return refuse(events, err, "only one document is accepted");
    events->ended = true;
    out->kind = EVENT_END;
    return 0;
}

int events_next(struct events *events, struct event *out, struct error *err)
{
    struct event e = {0};
    int rc = events->ended ? 0 : next_raw(events, err);

    if (rc < 0)
        return rc;
    if (events->ended) {
        *out = e;
        return 0;
    }
    e.at = place_of(events->event.start_mark);
    switch (events->event.type) {
    case YAML_SCALAR_EVENT:
        rc = take_text(events, &e, err);
        break;
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        rc = take_start(events, &e, err);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        events->depth--;
        e.kind = events->event.type == YAML_SEQUENCE_END_EVENT ? EVENT_LIST_END
                                                               : EVENT_MAP_END;
        break;
    case YAML_DOCUMENT_END_EVENT:
        rc = take_document_end(events, &e, err);
        break;
    default: /* an alias: the grammar leaves nothing else here */
        rc = refuse_alias(events, err);
        break;
    }
    if (rc == 0)
        *out = e;
    return rc;
}

/* Over the stream's and the document's start. */
static int open_document(struct events *events, struct error *err)
{
    int rc = next_raw(events, err);

    if (rc == 0)
        rc = next_raw(events, err);
    if (rc < 0)
        return rc;
    if (events->event.type != YAML_DOCUMENT_START_EVENT) {
        ERROR_AT(err, ERR_PARSE, events->file, 1, 1,
                 "there is nothing in the file");
        return error_help(err, "a suite begins with 'tare: 1'");
    }
    return 0;
}

int events_open(const char *file, const char *text, size_t size,
                size_t max_bytes, int max_depth, struct events **out,
                struct error *err)
{
    SCOPED(events_close_scoped) struct events *events = NULL;
    char quantity[QUANTITY_TEXT];
    int rc;

    if (size > max_bytes)
        return ERROR_AT(err, ERR_RANGE, file, 0, 0, "is larger than %s",
                        format_quantity(quantity, (double)max_bytes, "B"));
    events = calloc(1, sizeof *events);
    if (!events)
        return ERROR(err, ERR_NOMEM, "no memory to read '%s'", file);
    if (!yaml_parser_initialize(&events->parser))
        return ERROR(err, ERR_NOMEM, "no memory to read '%s'", file);
    events->file = file;
    events->text = size ? text : "";
    events->size = size;
    events->max_depth = max_depth;
    yaml_parser_set_encoding(&events->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&events->parser,
                                 (const unsigned char *)events->text, size);
    rc = open_document(events, err);
    if (rc == 0)
        *out = TAKE(events);
    return rc;
}

void events_close(struct events *events)
{
    if (!events)
        return;
    release(events);
    yaml_parser_delete(&events->parser); /* also of one that failed to start */
    free(events);
}

const char *event_kind_name(enum event_kind kind)
{
    return kind_words[kind];
}
