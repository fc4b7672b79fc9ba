/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A client that does not behave.  Usage: hostile PORT WHAT, where WHAT is
 *     get PATH HEADER...   a request with these headers as they are; prints the
 *                          status
 *     raw TEXT             these bytes (C escapes as printf(1) makes them); then
 *                          waits; prints the first line of the answer, or "closed"
 *     loris SECONDS        a byte of a header each 200 ms, until it is thrown
 *                          out; prints after how many seconds
 *     crowd N              N connections that say nothing, then one that asks;
 *                          prints how many were open, and its status
 *     large BYTES          a header of so many bytes; prints the status, or
 *                          "closed" */
#include <config.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>

enum { WAIT_MS = 20000, CROWD_MOST = 4096 };

static int port;

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int dial(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) < 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* The first line of what comes, "closed" when nothing does. */
static void print_answer(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    char text[512];
    ssize_t n = -1;

    if (poll(&wait, 1, WAIT_MS) > 0)
        n = recv(fd, text, sizeof text - 1, 0);
    if (n <= 0) {
        puts(n == 0 || errno == ECONNRESET ? "closed" : "silence");
        return;
    }
    text[n] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    puts(text);
}

static void say(int fd, const char *text, size_t size)
{
    for (size_t sent = 0; sent < size;) {
        ssize_t n = send(fd, text + sent, size - sent, MSG_NOSIGNAL);

        if (n <= 0)
            return;
        sent += (size_t)n;
    }
}

static void get(char **word, int n)
{
    char text[4096];
    int size = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\n", word[0]);
    int fd = dial();

    for (int i = 1; i < n; i++)
        size += snprintf(text + size, sizeof text - (size_t)size, "%s\r\n",
                         word[i]);
    size += snprintf(text + size, sizeof text - (size_t)size, "\r\n");
    say(fd, text, (size_t)size);
    print_answer(fd);
    close(fd);
}

static void loris(int64_t most_s)
{
    static const char head[] = "GET / HTTP/1.1\r\nX: ";
    int64_t began = now_ms();
    int fd = dial();

    say(fd, head, sizeof head - 1);
    while (now_ms() - began < most_s * 1000) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};

        if (poll(&wait, 1, 200) > 0)
            break;
        say(fd, "x", 1);
    }
    printf("%lld\n", (long long)(now_ms() - began) / 1000);
    close(fd);
}

/* How many of them are open still. */
static int count_open(const int *fd, int n)
{
    int open = 0;

    for (int i = 0; i < n; i++) {
        char byte;

        open += fd[i] >= 0 && recv(fd[i], &byte, 1, MSG_DONTWAIT) < 0 &&
                errno == EAGAIN;
    }
    return open;
}

static void crowd(int n, char **word, int n_words)
{
    static int fd[CROWD_MOST];
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    n = n > CROWD_MOST ? CROWD_MOST : n;
    for (int i = 0; i < n; i++)
        fd[i] = dial();
    usleep(500000);
    printf("%d open\n", count_open(fd, n));
    for (int i = 0; i < n; i++)
        if (fd[i] >= 0)
            close(fd[i]);
    usleep(500000);
    get(word, n_words);
}

static void large(size_t bytes)
{
    static const char head[] = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ";
    char *text = malloc(bytes + sizeof head + 4);
    int fd = dial();

    if (!text)
        exit(2);
    memcpy(text, head, sizeof head - 1);
    memset(text + sizeof head - 1, 'a', bytes);
    memcpy(text + sizeof head - 1 + bytes, "\r\n\r\n", 4);
    say(fd, text, sizeof head - 1 + bytes + 4);
    print_answer(fd);
    free(text);
    close(fd);
}

int main(int argc, char **argv)
{
    const char *what = argc > 3 ? argv[2] : "";

    signal(SIGPIPE, SIG_IGN);
    port = argc > 1 ? atoi(argv[1]) : 0;
    if (strcmp(what, "get") == 0) {
        get(argv + 3, argc - 3);
    } else if (strcmp(what, "raw") == 0) {
        int fd = dial();

        say(fd, argv[3], strlen(argv[3]));
        print_answer(fd);
        close(fd);
    } else if (strcmp(what, "loris") == 0) {
        loris(atoi(argv[3]));
    } else if (strcmp(what, "crowd") == 0 && argc > 4) {
        crowd(atoi(argv[3]), argv + 4, argc - 4);
    } else if (strcmp(what, "large") == 0) {
        large((size_t)atoi(argv[3]));
    } else {
        fputs("usage: hostile PORT WHAT...\n", stderr);
        return 2;
    }
    return 0;
}
