/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small HTTP server for one person on this machine: it listens on 127.0.0.1,
 * answers GET and HEAD, and knows no files.
 *
 * What comes in is not trusted.  The Host of a request must be this server
 * under its loopback address or "localhost" (a page elsewhere cannot reach it by
 * a name of its own), and so must the Origin where there is one.  A request has
 * SERVE_REQUEST_S seconds in all, SERVE_HEADER_BYTES for its head and no body;
 * beyond SERVE_CONNECTIONS others wait until one has ended.
 *
 * One thread: requests are answered one after the other. */
#ifndef SERVE_SERVER_H
#define SERVE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/strbuf.h"

enum {
    SERVE_REQUEST_S = 10,
    SERVE_HEADER_BYTES = 16 << 10,
    SERVE_CONNECTIONS = 256,
};

struct server;
struct serve_request;

/* What is sent back. */
struct serve_answer {
    unsigned status;  /* of HTTP; 200 at first */
    const char *type; /* media type, static; JSON at first */
    struct strbuf body;
};

/* Answer a request.
 *
 * path  decoded, valid UTF-8, begins with '/'
 * out   zeroed but for status and type; the server ends its body
 *
 * A negative code becomes "500" with the text of the error; who asks for what
 * is not there sets the status 404 and returns 0. */
typedef int serve_fn(void *ctx, const char *path,
                     const struct serve_request *request,
                     struct serve_answer *out, struct error *err);

/* A parameter of the query, decoded, valid UTF-8; NULL when there is none.
 * Lives as long as the request. */
const char *serve_parameter(const struct serve_request *request,
                            const char *name);

struct serve_settings {
    uint16_t port; /* 0: any that is free */
    serve_fn *answer;
    void *ctx;
};

/* Whether this program was built with a server; serve_open() else says so. */
bool serve_is_built(void);

/* Listen.  Returns 0; ERR_SYS when the port is taken; ERR_USAGE in a program
 * without a server, or where its library is not installed; or ERR_NOMEM. */
int serve_open(const struct serve_settings *settings, struct server **out,
               struct error *err);

/* The port that it listens on. */
uint16_t serve_port(const struct server *server);

/* Answer requests until stop_fd is readable.  Returns 0 or ERR_SYS. */
int serve_run(struct server *server, int stop_fd, struct error *err);

/* NULL is allowed. */
void serve_close(struct server *server);

#endif
