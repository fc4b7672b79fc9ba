/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Output in a memory file that is cut from the front. */
#include <config.h>

#include "runner/process/capture.h"

#include <fcntl.h>
#include <stdio.h>
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

/* Where the last n lines begin in a text that ends without a line feed. */
static size_t last_lines(const char *text, size_t size, size_t n)
{
    while (size) {
        if (text[size - 1] == '\n' && --n == 0)
            return size;
        size--;
    }
    return 0;
}

/* One line of printable text. */
static void flatten(const char *text, struct strbuf *out)
{
    while (*text) {
        size_t n = utf8_length(text);

        if (*text == '\n')
            strbuf_puts(out, " | ");
        else if (n == 0)
            strbuf_putc(out, '?');
        else if ((unsigned char)*text < 0x20 || *text == 0x7f)
            strbuf_putc(out, ' ');
        else
            strbuf_add(out, text, n);
        text += n ? n : 1;
    }
}

/* Copy the end of a text, as much as fits, from the start of a character. */
static void copy_end(const char *text, size_t size, char *out, size_t room)
{
    const char *from = size < room ? text : text + size - room + 1;

    while (((unsigned char)*from & 0xc0) == 0x80)
        from++;
    snprintf(out, room, "%s", from);
}

void capture_last_lines(const struct capture *capture, size_t n, char *out,
                        size_t size)
{
    SCOPED(strbuf_scoped) struct strbuf all = {0};
    SCOPED(strbuf_scoped) struct strbuf flat = {0};
    size_t end;

    out[0] = '\0';
    capture_read(capture, 2 * size, &all);
    end = all.failed ? 0 : all.size;
    while (end && (all.text[end - 1] == '\n' || all.text[end - 1] == '\r'))
        end--;
    if (end == 0)
        return;
    all.text[end] = '\0';
    /* A NUL would hide what follows. */
    for (size_t i = 0; i < end; i++)
        if (all.text[i] == '\0')
            all.text[i] = '?';
    flatten(all.text + last_lines(all.text, end, n), &flat);
    if (!flat.failed)
        copy_end(strbuf_text(&flat), flat.size, out, size);
}
