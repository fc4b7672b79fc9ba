/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A query by primary key in PostgreSQL, over its protocol
 * (https://www.postgresql.org/docs/current/protocol.html): messages of a type,
 * a length in four bytes, and that much. */
#include "load.h"

#include <arpa/inet.h>
#include <string.h>

#include <tare.h>

static uint32_t number_at(const char *at)
{
    uint32_t n;

    memcpy(&n, at, sizeof n);
    return ntohl(n);
}

/* Messages up to ReadyForQuery. */
static size_t is_ready(struct load *load)
{
    size_t at = 0;

    while (load->size >= at + 5) {
        char type = load->answer[at];
        size_t next = at + 1 + number_at(load->answer + at + 1);

        if (load->size < next)
            return 0;
        if (type == 'E')
            tare_fail(load->b, "PostgreSQL refused the request");
        if (type == 'Z')
            return next;
        at = next;
    }
    return 0;
}

/* type 0: the first message, which has none. */
static size_t message(char *out, char type, const char *text, size_t size)
{
    uint32_t length = htonl((uint32_t)size + 4);
    char *at = out;

    if (type)
        *at++ = type;
    memcpy(at, &length, sizeof length);
    memcpy(at + sizeof length, text, size);
    return (size_t)(at - out) + sizeof length + size;
}

static void log_in(struct load *load)
{
    static const char text[] = "\0\3\0\0user\0postgres\0database\0postgres\0";
    char out[100];
    size_t size = message(out, 0, text, sizeof text);

    load_send(load, out, size);
    load_receive(load, is_ready);
}

static void ask(struct load *load, const char *query)
{
    char out[400];
    size_t size = message(out, 'Q', query, strlen(query) + 1);

    load_send(load, out, size);
    load_receive(load, is_ready);
}

/* A thousand rows of this connection's own. */
TARE_BENCH(select, .args = "rate=0,2000", .tags = "latency", .manual = 1)
{
    static struct load load;
    static const char query[] = "select name from item where id = 500";
    char out[100];
    size_t size = message(out, 'Q', query, sizeof query);

    load_open(&load, b, "POSTGRES_PORT");
    log_in(&load);
    ask(&load, "create temporary table item (id int primary key, name text)");
    ask(&load, "insert into item select i, 'name ' || i from "
               "generate_series(1, 1000) as i");
    ask(&load, "analyze item");
    TARE_LATENCY(b) {
        load_request(&load, out, size, is_ready);
    }
    load_close(&load);
}
