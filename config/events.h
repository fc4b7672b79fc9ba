/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one door to libyaml: a YAML document as a flat series of events, every
 * value as text.
 *
 * Beyond YAML's own rules these are refused, with their place: more than one
 * document, anchors, aliases and tags (no value may be longer than it is
 * written), a NUL in a text, and what exceeds the limits.  Only UTF-8 is read.
 */
#ifndef CONFIG_EVENTS_H
#define CONFIG_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/place.h"

enum event_kind {
    EVENT_END = 0, /* of the document; nothing follows */
    EVENT_TEXT,
    EVENT_LIST,
    EVENT_LIST_END,
    EVENT_MAP, /* then key, value, key, value, ... */
    EVENT_MAP_END,
};

struct event {
    enum event_kind kind;
    const char *text; /* of EVENT_TEXT, NUL behind it; lives until the next
                       * call; NULL for the others */
    size_t size;
    bool quoted; /* written with quotes or as a block */
    struct place at;
};

struct events; /* opaque */

/* Begin to read.
 *
 * file, text  borrowed; must outlive the events
 * max_bytes   largest document
 * max_depth   deepest nesting of lists and maps
 *
 * Returns 0, ERR_RANGE (size), ERR_PARSE (an empty document included) or
 * ERR_NOMEM. */
int events_open(const char *file, const char *text, size_t size,
                size_t max_bytes, int max_depth, struct events **out,
                struct error *err);

/* The next event; EVENT_END any number of times at the end.
 * Returns 0, ERR_PARSE, ERR_RANGE or ERR_NOMEM.  Cost: that of libyaml. */
int events_next(struct events *events, struct event *out, struct error *err);

void events_close(struct events *events);

/* "a list", "a map", "text", for messages. */
const char *event_kind_name(enum event_kind kind);

#endif
