/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "runner/process/ports.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/scope.h"

size_t ports_of_worker(size_t worker, int side)
{
    return PORTS_WORKERS + 2 * worker + (size_t)side;
}

unsigned ports_end(const char *range)
{
    const unsigned least = PORTS_FIRST + (PORTS_END - PORTS_FIRST) / 4;
    unsigned long first = range ? strtoul(range, NULL, 10) : 0;

    return first >= least && first < PORTS_END ? (unsigned)first : PORTS_END;
}

static unsigned end_here(void)
{
    SCOPED(fd_scoped)
    int fd =
        open("/proc/sys/net/ipv4/ip_local_port_range", O_RDONLY | O_CLOEXEC);
    char text[64];
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

    if (n < 0)
        return ports_end(NULL);
    text[n] = '\0';
    return ports_end(text);
}

/* Whether the block is ours now; *fd holds it, unless claims are not to be had
 * here. */
static bool claim(const char *pool, unsigned base, int *fd)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    /* The name begins with a NUL: it is in no file system. */
    int n = snprintf(name.sun_path + 1, sizeof name.sun_path - 1, "%s-%u",
                     pool ? pool : "tare-ports", base);
    socklen_t size =
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
    bool taken;

    *fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (*fd < 0 || bind(*fd, (struct sockaddr *)&name, size) == 0)
        return true;
    taken = errno == EADDRINUSE;
    close(*fd);
    *fd = -1;
    return !taken;
}

static bool make_room(struct ports *ports, size_t owner)
{
    struct ports_claim *more;

    if (owner < ports->n)
        return true;
    more = reallocarray(ports->claim, owner + 1, sizeof *more);
    if (!more)
        return false;
    for (size_t i = ports->n; i <= owner; i++)
        more[i] = (struct ports_claim){.fd = -1};
    ports->claim = more;
    ports->n = owner + 1;
    return true;
}

unsigned ports_base(struct ports *ports, size_t owner)
{
    struct ports_claim *c;

    if (!make_room(ports, owner))
        return 0;
    if (!ports->next) {
        ports->next = PORTS_FIRST;
        ports->end = end_here();
    }
    c = &ports->claim[owner];
    while (!c->base && ports->next + PORTS_BLOCK <= ports->end) {
        if (claim(ports->name, ports->next, &c->fd))
            c->base = ports->next;
        ports->next += PORTS_BLOCK;
    }
    return c->base;
}

void ports_clear(struct ports *ports)
{
    for (size_t i = 0; i < ports->n; i++)
        if (ports->claim[i].fd >= 0)
            close(ports->claim[i].fd);
    free(ports->claim);
    *ports = (struct ports){.name = ports->name};
}
