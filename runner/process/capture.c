/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Output in a memory file that is cut from the front. */
#include <config.h>

#include "runner/process/capture.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scope.h"
#include "base/utf8.h"

enum { OLD_BYTES = 16 * 1024 };

int capture_open(struct capture *capture, size_t cap, struct error *err)
{
    int fd = memfd_create("tare-output", MFD_CLOEXEC);

    /* The offset is shared by all that write; appending keeps it right even
     * after somebody reopened /dev/stderr or the file was cut. */
    if (fd < 0 || fcntl(fd, F_SETFL, O_APPEND) < 0) {
        ERROR(err, ERR_SYS, "cannot make a file for output");
        if (fd >= 0)
            close(fd);
        return ERR_SYS;
    }
    *capture = (struct capture){.fd = fd, .cap = cap ? cap : CAPTURE_CAP};
    return 0;
}

void capture_close(struct capture *capture)
{
    if (capture->fd > 0)
        close(capture->fd);
    strbuf_clear(&capture->old);
    *capture = (struct capture){0};
}

static size_t file_size(const struct capture *capture)
{
    struct stat st;

    if (capture->fd <= 0 || fstat(capture->fd, &st) < 0 || st.st_size < 0)
        return 0;
    return (size_t)st.st_size;
}

/* Append bytes [from, from + size) of the file, as far as they are there. */
static void read_part(const struct capture *capture, size_t from, size_t size,
                      struct strbuf *out)
{
    char part[4096];

    while (size) {
        size_t want = size < sizeof part ? size : sizeof part;
        ssize_t n = pread(capture->fd, part, want, (off_t)from);

        if (n <= 0)
            return;
        strbuf_add(out, part, (size_t)n);
        from += (size_t)n;
        size -= (size_t)n;
    }
}

void capture_trim(struct capture *capture)
{
    size_t size = file_size(capture);
    size_t keep = size < OLD_BYTES ? size : OLD_BYTES;

    if (size <= capture->cap)
        return;
    capture->dropped += capture->old.size + size - keep;
    strbuf_clear(&capture->old);
    read_part(capture, size - keep, keep, &capture->old);
    if (ftruncate(capture->fd, 0) < 0)
        capture->dropped -= keep; /* it is still in the file */
}

void capture_reset(struct capture *capture)
{
    strbuf_clear(&capture->old);
    capture->dropped = 0;
    if (capture->fd > 0 && ftruncate(capture->fd, 0) < 0)
        capture->dropped = 0;
}

void capture_read(const struct capture *capture, size_t max, struct strbuf *out)
{
    size_t size = file_size(capture);
    size_t old = capture->old.size;

    if (max == 0 || max > size + old)
        max = size + old;
    if (max > size)
        strbuf_add(out, capture->old.text + old - (max - size), max - size);
    max = max < size ? max : size;
    read_part(capture, size - max, max, out);
}

/* Where the last n lines begin, a line feed at the end not counted. */
static size_t last_lines(const char *text, size_t size, size_t n)
{
    while (size && (text[size - 1] == '\n' || text[size - 1] == '\r'))
        size--;
    while (size) {
        if (text[size - 1] == '\n' && --n == 0)
            return size;
        size--;
    }
    return 0;
}

/* One line of printable text; the front is cut when it is too long. */
static void flatten(const char *text, char *out, size_t room)
{
    size_t used = 0;

    while (*text && used + 4 < room) {
        size_t n = utf8_length(text);

        if (*text == '\n') {
            memcpy(out + used, " | ", 3);
            n = 1;
            used += 3;
        } else if (n == 0 || (unsigned char)*text < 0x20 || *text == 0x7f) {
            out[used++] = n ? ' ' : '?';
            n = 1;
        } else {
            memcpy(out + used, text, n);
            used += n;
        }
        text += n;
    }
    while (used && (out[used - 1] == ' ' || out[used - 1] == '|'))
        used--;
    out[used] = '\0';
}

void capture_last_lines(const struct capture *capture, size_t n, char *out,
                        size_t size)
{
    SCOPED(strbuf_scoped) struct strbuf all = {0};
    const char *text;
    size_t from;

    out[0] = '\0';
    capture_read(capture, 2 * size, &all);
    if (all.failed || all.size == 0)
        return;
    /* A NUL would hide what follows. */
    for (size_t i = 0; i < all.size; i++)
        if (all.text[i] == '\0')
            all.text[i] = '?';
    from = last_lines(all.text, all.size, n);
    text = all.text + from;
    if (all.size - from >= size)
        text = all.text + all.size - size + 1;
    flatten(text, out, size);
}
