/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The load client. */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <tare.h>

static int64_t load_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

void load_open(struct load *load, struct tare *b, const char *variable)
{
    const char *port = getenv(variable);
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;

    *load = (struct load){.b = b};
    if (!port)
        tare_skip(b, "no server: %s is not set; see README.md", variable);
    if (tare_int(b, "rate") > 0)
        load->period_ns = 1000000000 / tare_int(b, "rate");
    to.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    load->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (load->fd < 0 ||
        connect(load->fd, (struct sockaddr *)&to, sizeof to) < 0)
        tare_fail(b, "cannot connect to port %s: %s", port, strerror(errno));
    setsockopt(load->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void load_close(struct load *load)
{
    close(load->fd);
}

void load_send(struct load *load, const char *text, size_t size)
{
    while (size) {
        ssize_t n = send(load->fd, text, size, MSG_NOSIGNAL);

        if (n < 0 && errno != EINTR)
            tare_fail(load->b, "cannot send: %s", strerror(errno));
        text += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
}

void load_receive(struct load *load, load_answer *complete)
{
    size_t used;

    while ((used = complete(load)) == 0) {
        ssize_t n = recv(load->fd, load->answer + load->size,
                         LOAD_ANSWER - load->size, 0);

        if (n == 0 || load->size == LOAD_ANSWER)
            tare_fail(load->b, "the server ended the connection");
        if (n < 0 && errno != EINTR)
            tare_fail(load->b, "cannot receive: %s", strerror(errno));
        load->size += n > 0 ? (size_t)n : 0;
        load->answer[load->size] = '\0';
    }
    load->size -= used;
    memmove(load->answer, load->answer + used, load->size + 1);
}

/* When this request counts from.  Between two samples the schedule stands
 * still, as the loop does. */
static int64_t load_begin(struct load *load)
{
    int64_t now = load_now();

    if (load->period_ns == 0)
        return now;
    if (load->due_ns == 0 || load->sample != tare_samples(load->b))
        load->due_ns = now;
    else
        load->due_ns += load->period_ns;
    load->sample = tare_samples(load->b);
    while (load_now() < load->due_ns)
        continue; /* sleeping would add the time of waking up */
    return load->due_ns;
}

void load_request(struct load *load, const char *text, size_t size,
                  load_answer *complete)
{
    int64_t began = load_begin(load);

    load_send(load, text, size);
    load_receive(load, complete);
    tare_time_ns(load->b, load_now() - began);
}
