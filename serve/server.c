/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server on libmicrohttpd, driven from outside so that one loop waits for
 * requests and for the user's Ctrl-C. */
#include <config.h>

#include "serve/server.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/hash.h"
#include "base/scope.h"
#include "base/utf8.h"
#include "serve/http.h"

enum {
    TICK_MS = 500,    /* how often slow connections are looked for */
    SPARE_FILES = 64, /* descriptors that are not connections */
    ETAG_BYTES = 20,  /* two quotes, 16 digits */
};

/* A connection and the request it is at. */
struct client {
    struct client *next, *before;
    int fd;
    int64_t began_ms; /* of the request, or of waiting for one */
};

struct server {
    struct MHD_Daemon *daemon;
    struct serve_settings settings;
    uint16_t port;
    struct client *clients;
};

struct serve_request {
    struct MHD_Connection *connection;
};

bool serve_is_built(void)
{
    return true;
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- connections, each with a limit in time */

static int socket_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        http.get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    return info ? info->connect_fd : -1;
}

static void add_client(struct server *server, struct MHD_Connection *connection,
                       void **context)
{
    struct client *client = calloc(1, sizeof *client);

    *context = client;
    if (!client)
        return;
    client->fd = socket_of(connection);
    client->began_ms = now_ms();
    client->next = server->clients;
    if (client->next)
        client->next->before = client;
    server->clients = client;
}

static void remove_client(struct server *server, struct client *client)
{
    if (!client)
        return;
    if (client->next)
        client->next->before = client->before;
    if (client->before)
        client->before->next = client->next;
    else
        server->clients = client->next;
    free(client);
}

static void on_connection(void *ctx, struct MHD_Connection *connection,
                          void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        add_client(ctx, connection, context);
    else
        remove_client(ctx, *context);
}

/* The next request of the same connection has its own time. */
static void on_completed(void *ctx, struct MHD_Connection *connection,
                         void **context, enum MHD_RequestTerminationCode why)
{
    const union MHD_ConnectionInfo *info =
        http.get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct client *client = info ? info->socket_context : NULL;

    (void)ctx;
    (void)why;
    *context = NULL;
    if (client)
        client->began_ms = now_ms();
}

/* The library's own limit begins anew with every byte, so that one byte now and
 * then would hold a connection for ever. */
static void end_slow(struct server *server)
{
    int64_t limit = now_ms() - SERVE_REQUEST_S * 1000;

    for (struct client *c = server->clients; c; c = c->next)
        if (c->began_ms < limit && c->fd >= 0)
            shutdown(c->fd, SHUT_RDWR);
}

/* --- who may ask */

/* "127.0.0.1:8273" or "localhost:8273". */
static bool is_here(const struct server *server, const char *host)
{
    static const char *const name[] = {"127.0.0.1", "localhost"};

    for (size_t i = 0; i < ARRAY_LEN(name); i++) {
        char here[32];

        snprintf(here, sizeof here, "%s:%u", name[i], server->port);
        if (strcasecmp(host, here) == 0)
            return true;
    }
    return false;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return http.lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static bool may_ask(const struct server *server,
                    struct MHD_Connection *connection)
{
    static const char scheme[] = "http://";
    const char *host = header(connection, MHD_HTTP_HEADER_HOST);
    const char *origin = header(connection, MHD_HTTP_HEADER_ORIGIN);

    if (!host || !is_here(server, host))
        return false;
    return !origin || (strncmp(origin, scheme, sizeof scheme - 1) == 0 &&
                       is_here(server, origin + sizeof scheme - 1));
}

/* --- answers */

static void text_answer(struct serve_answer *out, unsigned status,
                        const char *text)
{
    strbuf_clear(&out->body);
    out->status = status;
    out->type = "text/plain; charset=utf-8";
    strbuf_printf(&out->body, "%s\n", text);
}

static void make_etag(const struct strbuf *body, char out[ETAG_BYTES])
{
    struct hash hash;
    char hex[HASH_HEX];

    hash_init(&hash);
    hash_add(&hash, strbuf_text(body), body->size);
    hash_end(&hash, hex);
    snprintf(out, ETAG_BYTES, "\"%.16s\"", hex);
}

/* Does the asker have this already?  A list may hold several. */
static bool has_already(struct MHD_Connection *connection, const char *etag)
{
    const char *known = header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH);

    return known && strstr(known, etag) != NULL;
}

static void add_headers(struct MHD_Response *response, const char *type,
                        const char *etag)
{
    const char *const all[][2] = {
        {"Content-Type", type},
        {"Cache-Control", "no-cache"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"X-Frame-Options", "DENY"},
        {"Content-Security-Policy", "frame-ancestors 'none'"},
    };

    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        http.add_response_header(response, all[i][0], all[i][1]);
    if (*etag)
        http.add_response_header(response, "ETag", etag);
}

static enum MHD_Result respond(struct MHD_Connection *connection,
                               struct serve_answer *answer)
{
    char etag[ETAG_BYTES] = "";
    struct MHD_Response *response;
    enum MHD_Result rc;

    if (answer->status == MHD_HTTP_OK) {
        make_etag(&answer->body, etag);
        if (has_already(connection, etag)) {
            answer->status = MHD_HTTP_NOT_MODIFIED;
            strbuf_clear(&answer->body);
        }
    }
    response = http.create_response_from_buffer(
        answer->body.size, (void *)strbuf_text(&answer->body),
        MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    add_headers(response, answer->type, etag);
    if (answer->status == MHD_HTTP_METHOD_NOT_ALLOWED)
        http.add_response_header(response, "Allow", "GET, HEAD");
    rc = http.queue_response(connection, answer->status, response);
    http.destroy_response(response);
    return rc;
}

/* --- requests */

static enum MHD_Result check_utf8(void *ctx, enum MHD_ValueKind kind,
                                  const char *key, const char *value)
{
    bool *good = ctx;

    (void)kind;
    *good &= utf8_is_valid(key) && utf8_is_valid(value ? value : "");
    return *good ? MHD_YES : MHD_NO;
}

static bool is_text(struct MHD_Connection *connection, const char *path)
{
    bool good = utf8_is_valid(path);

    http.get_connection_values(connection, MHD_GET_ARGUMENT_KIND, check_utf8,
                              &good);
    return good;
}

const char *serve_parameter(const struct serve_request *request,
                            const char *name)
{
    return http.lookup_connection_value(request->connection,
                                       MHD_GET_ARGUMENT_KIND, name);
}

static void ask(struct server *server, struct MHD_Connection *connection,
                const char *path, struct serve_answer *out)
{
    const struct serve_request request = {connection};
    int64_t began_ms = now_ms();
    struct error err = {0};

    out->type = "application/json";
    if (server->settings.answer(server->settings.ctx, path, &request, out,
                                &err) < 0)
        text_answer(out, MHD_HTTP_INTERNAL_SERVER_ERROR, err.text);
    else if (out->body.failed)
        text_answer(out, MHD_HTTP_INTERNAL_SERVER_ERROR, "out of memory");
    /* What the answer took is nobody's slowness. */
    for (struct client *c = server->clients; c; c = c->next)
        c->began_ms += now_ms() - began_ms;
}

/* What the head of a request is refused for; 0 when it may go on. */
static unsigned refuse(const struct server *server,
                       struct MHD_Connection *connection, const char *method,
                       const char *path, const char **why)
{
    if (!may_ask(server, connection)) {
        *why = "this server answers its own page alone";
        return MHD_HTTP_FORBIDDEN;
    }
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        *why = "this server only shows";
        return MHD_HTTP_METHOD_NOT_ALLOWED;
    }
    if (!is_text(connection, path)) {
        *why = "that is not UTF-8";
        return MHD_HTTP_BAD_REQUEST;
    }
    return 0;
}

/* Called with the head alone first, then with a body, then with all. */
static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection,
                                  const char *path, const char *method,
                                  const char *version, const char *body,
                                  size_t *body_size, void **context)
{
    struct server *server = ctx;
    struct serve_answer answer = {.status = MHD_HTTP_OK};
    const char *why = "";
    enum MHD_Result rc;
    bool head = *context == NULL;
    unsigned refused =
        head ? refuse(server, connection, method, path, &why) : 0;

    (void)version;
    (void)body;
    if (*body_size) /* nothing here takes one: the connection ends */
        return MHD_NO;
    *context = server;
    if (head && !refused)
        return MHD_YES;
    if (refused)
        text_answer(&answer, refused, why);
    else
        ask(server, connection, path, &answer);
    rc = respond(connection, &answer);
    strbuf_clear(&answer.body);
    return rc;
}

/* --- life */

/* So many as there are descriptors for. */
static unsigned connection_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 ||
        limit.rlim_cur >= SERVE_CONNECTIONS + SPARE_FILES)
        return SERVE_CONNECTIONS;
    return limit.rlim_cur > 2 * SPARE_FILES
               ? (unsigned)limit.rlim_cur - SPARE_FILES
               : SPARE_FILES;
}

/* What the library says of bad requests is nobody's business. */
static void be_quiet(void *ctx, const char *format, va_list words)
{
    (void)ctx;
    (void)format;
    (void)words;
}

static int start(struct server *server, struct error *err)
{
    struct sockaddr_in here = {.sin_family = AF_INET,
                               .sin_port = htons(server->settings.port),
                               .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const union MHD_DaemonInfo *info;

    errno = 0;
    server->daemon = http.start_daemon(
        MHD_USE_EPOLL | MHD_USE_ERROR_LOG, server->settings.port, NULL, NULL,
        on_request, server, MHD_OPTION_EXTERNAL_LOGGER, be_quiet, NULL,
        MHD_OPTION_SOCK_ADDR, &here, MHD_OPTION_CONNECTION_LIMIT,
        connection_limit(), MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)SERVE_REQUEST_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)SERVE_HEADER_BYTES, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
        server, MHD_OPTION_NOTIFY_COMPLETED, on_completed, server,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
    if (!server->daemon) {
        ERROR(err, ERR_SYS, "cannot listen on 127.0.0.1:%u: %s",
              server->settings.port, errno ? strerror(errno) : "it is taken");
        return error_help(err, "choose another one with --port; 0 takes any");
    }
    info = http.get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    server->port = info ? info->port : server->settings.port;
    return 0;
}

int serve_open(const struct serve_settings *settings, struct server **out,
               struct error *err)
{
    struct server *server = calloc(1, sizeof *server);
    int rc;

    if (!server)
        return ERROR(err, ERR_NOMEM, "no memory for a server");
    server->settings = *settings;
    rc = http_load(err);
    if (rc == 0)
        rc = start(server, err);
    if (rc < 0) {
        free(server);
        return rc;
    }
    *out = server;
    return 0;
}

uint16_t serve_port(const struct server *server)
{
    return server->port;
}

static int wait_ms(struct server *server)
{
    MHD_UNSIGNED_LONG_LONG ms;

    if (http.get_timeout(server->daemon, &ms) != MHD_YES || ms > TICK_MS)
        return TICK_MS;
    return (int)ms;
}

int serve_run(struct server *server, int stop_fd, struct error *err)
{
    const union MHD_DaemonInfo *info =
        http.get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd fds[] = {{.fd = info ? info->epoll_fd : -1, .events = POLLIN},
                           {.fd = stop_fd, .events = POLLIN}};

    for (;;) {
        int ready = poll(fds, ARRAY_LEN(fds), wait_ms(server));

        if (ready < 0 && errno != EINTR)
            return ERROR(err, ERR_SYS, "cannot wait for requests: %s",
                         strerror(errno));
        if (ready > 0 && fds[1].revents)
            return 0;
        http.run(server->daemon);
        end_slow(server);
    }
}

void serve_close(struct server *server)
{
    if (!server)
        return;
    http.stop_daemon(server->daemon);
    while (server->clients)
        remove_client(server, server->clients);
    free(server);
}
