/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions of libmicrohttpd, loaded when there is something to serve: with
 * the libraries behind it (TLS, which is not used here) it would be half of what
 * every command takes to start. */
#ifndef SERVE_HTTP_H
#define SERVE_HTTP_H

#include <microhttpd.h>

#include "base/error.h"

/* Each function that is used, without its MHD_. */
#define HTTP_FUNCTIONS(DO)          \
    DO(add_response_header)         \
    DO(create_response_from_buffer) \
    DO(destroy_response)            \
    DO(get_connection_info)         \
    DO(get_connection_values)       \
    DO(get_daemon_info)             \
    DO(get_timeout)                 \
    DO(lookup_connection_value)     \
    DO(queue_response)              \
    DO(run)                         \
    DO(start_daemon)                \
    DO(stop_daemon)

#define HTTP_DECLARE(name) __typeof__(MHD_##name) *name;
struct http {
    HTTP_FUNCTIONS(HTTP_DECLARE)
};
#undef HTTP_DECLARE

/* Valid after http_load(). */
extern struct http http;

/* Load the library, once.  Returns 0, or ERR_USAGE when it is not installed. */
int http_load(struct error *err);

#endif
