/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in for the server in a program that was built without. */
#include <config.h>

#include "serve/server.h"

bool serve_is_built(void)
{
    return false;
}

const char *serve_parameter(const struct serve_request *request,
                            const char *name)
{
    (void)request;
    (void)name;
    return NULL;
}

int serve_open(const struct serve_settings *settings, struct server **out,
               struct error *err)
{
    (void)settings;
    (void)out;
    ERROR(err, ERR_USAGE, "this tare was built without its server");
    return error_help(err, "configure it with libmicrohttpd installed; "
                           "'tare report --format html' writes the same page");
}

uint16_t serve_port(const struct server *server)
{
    (void)server;
    return 0;
}

int serve_run(struct server *server, int stop_fd, struct error *err)
{
    (void)server;
    (void)stop_fd;
    return ERROR(err, ERR_USAGE, "there is no server");
}

void serve_close(struct server *server)
{
    (void)server;
}
