/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recording, decorating and printing errors. */
#include <config.h>

#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

int error_set(struct error *err, enum error_code code, const char *src_file,
              int src_line, const char *file, uint32_t line, uint32_t column,
              const char *fmt, ...)
{
    int sys = code == ERR_SYS ? errno : 0;
    size_t used;
    va_list ap;

    if (!err)
        return code;
    *err = (struct error){.code = code,
                          .sys = sys,
                          .line = line,
                          .column = column,
                          .src_file = src_file,
                          .src_line = src_line};
    if (file)
        snprintf(err->file, sizeof err->file, "%s", file);
    va_start(ap, fmt);
    vsnprintf(err->text, sizeof err->text, fmt, ap);
    va_end(ap);
    used = strlen(err->text);
    if (sys)
        snprintf(err->text + used, sizeof err->text - used, ": %s",
                 strerror(sys));
    return code;
}

int error_wrap(struct error *err, const char *fmt, ...)
{
    char text[2 * sizeof err->text + 2];
    size_t used;
    va_list ap;

    if (!err)
        return ERR_INVAL;
    va_start(ap, fmt);
    vsnprintf(text, sizeof err->text, fmt, ap);
    va_end(ap);
    used = strlen(text);
    snprintf(text + used, sizeof text - used, ": %s", err->text);
    text[sizeof err->text - 1] = '\0';
    memcpy(err->text, text, sizeof err->text);
    return err->code;
}

int error_help(struct error *err, const char *fmt, ...)
{
    va_list ap;

    if (!err)
        return ERR_INVAL;
    if (err->help[0] == '\0') {
        va_start(ap, fmt);
        vsnprintf(err->help, sizeof err->help, fmt, ap);
        va_end(ap);
    }
    return err->code;
}

/* Names and values come from the user's files: nothing in them may move the
 * cursor of a terminal. */
static void print_plain(const char *text, FILE *out)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        putc(*p < 0x20 || *p == 0x7f ? '?' : *p, out);
}

static void print_place(const struct error *err, FILE *out)
{
    if (err->file[0] == '\0') {
        fputs("tare", out);
        return;
    }
    print_plain(err->file, out);
    if (err->line)
        fprintf(out, ":%u", err->line);
    if (err->line && err->column)
        fprintf(out, ":%u", err->column);
}

void error_print(const struct error *err, FILE *out)
{
    print_place(err, out);
    fputs(": error: ", out);
    print_plain(err->text, out);
    putc('\n', out);
    if (err->help[0]) {
        fputs("help: ", out);
        print_plain(err->help, out);
        putc('\n', out);
    }
}
