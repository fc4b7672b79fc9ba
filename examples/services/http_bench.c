/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GET of a small page over a connection that is kept (RFC 9112). */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#include <tare.h>

static const char request[] = "GET /page.html HTTP/1.1\r\nHost: localhost\r\n"
                              "\r\n";

/* The head, and as many bytes as it promises. */
static size_t is_answered(struct load *load)
{
    const char *end = strstr(load->answer, "\r\n\r\n");
    const char *length = strstr(load->answer, "\r\nContent-Length: ");
    size_t all;

    if (!end)
        return 0;
    if (strncmp(load->answer, "HTTP/1.1 200 ", 13) != 0 || !length ||
        length > end)
        tare_fail(load->b, "the server says: %.40s", load->answer);
    all = (size_t)(end + 4 - load->answer) + strtoul(length + 18, NULL, 10);
    return load->size >= all ? all : 0;
}

TARE_BENCH(get, .args = "rate=0,5000", .tags = "latency", .manual = 1)
{
    static struct load load;

    load_open(&load, b, "HTTP_PORT");
    TARE_LATENCY(b) {
        load_request(&load, request, sizeof request - 1, is_answered);
    }
    load_close(&load);
}
