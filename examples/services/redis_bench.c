/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SET and GET of a value of 100 bytes in Redis, over its protocol
 * (https://redis.io/docs/latest/develop/reference/protocol-spec/). */
#include "load.h"

#include <stdlib.h>
#include <string.h>

#include <tare.h>

static const char set[] = "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$100\r\n"
                          "0123456789012345678901234567890123456789"
                          "0123456789012345678901234567890123456789"
                          "01234567890123456789\r\n";
static const char get[] = "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n";

/* "+OK" or "$100" and that many bytes. */
static size_t is_answered(struct load *load)
{
    const char *end = strstr(load->answer, "\r\n");
    size_t line = end ? (size_t)(end + 2 - load->answer) : 0;
    size_t all = line;

    if (line == 0)
        return 0;
    if (load->answer[0] == '$' && load->answer[1] != '-')
        all += strtoul(load->answer + 1, NULL, 10) + 2;
    else if (load->answer[0] != '+')
        tare_fail(load->b, "Redis says: %.*s", (int)line - 2, load->answer);
    return load->size >= all ? all : 0;
}

/* rate 0: the next request follows the answer; else so many a second. */
TARE_BENCH(set, .args = "rate=0,5000", .tags = "latency", .manual = 1)
{
    static struct load load;

    load_open(&load, b, "REDIS_PORT");
    TARE_LATENCY(b) {
        load_request(&load, set, sizeof set - 1, is_answered);
    }
    load_close(&load);
}

TARE_BENCH(get, .args = "rate=0,5000", .tags = "latency", .manual = 1)
{
    static struct load load;

    load_open(&load, b, "REDIS_PORT");
    load_send(&load, set, sizeof set - 1);
    load_receive(&load, is_answered);
    TARE_LATENCY(b) {
        load_request(&load, get, sizeof get - 1, is_answered);
    }
    load_close(&load);
}
