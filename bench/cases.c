/* SPDX-License-Identifier: MIT */
/* The answer to `list`. */
#include <config.h>

#include "bench/cases.h"

#include <string.h>

#include "bench/fixture.h"

/* A packet is sent when it holds so many bytes: the coordinator reads it while
 * the next is made. */
enum { PACKET_MAX = 16 * 1024 };

struct telling {
    int control;
    struct tarei_out *out;
    struct tarei_case *item;
    size_t size; /* of the packet */
    char packet[WIRE_MESSAGE_MAX];
};

static void send_packet(struct telling *to)
{
    if (to->size)
        tarei_send(to->control, to->packet, to->size);
    to->size = 0;
}

/* Into the packet, behind an empty line. */
static void add_message(struct telling *to)
{
    if (to->size + 1 + to->out->size > sizeof to->packet)
        send_packet(to);
    if (to->size)
        to->packet[to->size++] = '\n';
    memcpy(to->packet + to->size, to->out->bytes, to->out->size);
    to->size += to->out->size;
    if (to->size >= PACKET_MAX)
        send_packet(to);
}

/* However the option was written, its names travel with commas alone. */
static void add_list(struct telling *to, const char *key, const char *list)
{
    static char text[4096];
    const char *name;
    size_t length, used = 0;

    while ((name = tarei_list_next(&list, &length)) != NULL &&
           used + length + 2 < sizeof text) {
        if (used)
            text[used++] = ',';
        memcpy(text + used, name, length);
        used += length;
    }
    text[used] = '\0';
    if (used)
        tarei_out_text(to->out, key, text);
}

/* Of tests: how they share the machine. */
static void add_sharing(struct telling *to, const struct tare_case *def)
{
    static char session[4096];

    if (def->timeout_ms)
        tarei_out_int(to->out, "timeout_ms", def->timeout_ms);
    if (def->exclusive)
        tarei_out_int(to->out, "exclusive", 1);
    if (def->slots)
        tarei_out_int(to->out, "slots", def->slots);
    add_list(to, "uses", def->uses);
    tarei_out_text(to->out, "group", def->group);
    if (def->fixtures) {
        tarei_fixture_session(to->item, session, sizeof session);
        add_list(to, "session", session);
    }
}

static void add_case(struct telling *to)
{
    static const char *const kind[] = {
        [TARE_KIND_BENCH] = "bench", [TARE_KIND_TEST] = "test"};
    const struct tare_case *def = &to->item->def;

    tarei_out_begin(to->out, "case");
    tarei_out_text(to->out, "name", to->item->id);
    tarei_out_text(to->out, "kind", kind[def->kind]);
    add_list(to, "tags", def->tags);
    add_list(to, "fixtures", def->fixtures);
    tarei_out_int(to->out, "version", def->version);
    tarei_out_text(to->out, "baseline", def->baseline);
    tarei_out_text(to->out, "file", def->file);
    tarei_out_int(to->out, "line", def->line);
    if (to->item->threads > 1)
        tarei_out_int(to->out, "threads", to->item->threads);
    add_sharing(to, def);
    add_message(to);
}

int tarei_tell_cases(int control, struct tarei_out *out,
                     struct tarei_case *item, char problem[REGISTRY_TEXT])
{
    static struct telling to; /* large */
    struct tarei_cursor cursor;
    int64_t n = 0;
    int rc = tarei_registry_check(problem);

    to.control = control;
    to.out = out;
    to.item = item;
    if (rc == 0)
        tarei_cursor_init(&cursor);
    while (rc == 0 && (rc = tarei_cursor_next(&cursor, item, problem)) > 0) {
        rc = tarei_fixture_check_case(item, problem);
        if (rc < 0)
            break;
        add_case(&to);
        n++;
    }
    if (rc == 0) {
        tarei_out_begin(out, "listed");
        tarei_out_int(out, "cases", n);
        add_message(&to);
    }
    send_packet(&to);
    return rc;
}
