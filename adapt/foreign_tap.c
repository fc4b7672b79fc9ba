/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs that print TAP (versions 12 to 14, https://testanything.org): each is
 * one case, whose message names the test points that failed. */
#include <config.h>

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "adapt/foreign_kinds.h"
#include "base/file.h"
#include "base/scope.h"

enum {
    NAMED_MAX = 5, /* failed points in a message */
    SAID_MAX = 120 /* bytes of each */
};

/* ---- which programs */

int tap_ask(const struct foreign_program *program, struct arena *arena,
            struct foreign_question *out, struct error *err)
{
    (void)program, (void)arena, (void)out, (void)err;
    return 0;
}

static int add_program(const struct foreign_program *program,
                       struct arena *arena, const char *name, const char *path,
                       struct foreign_list *out, struct error *err)
{
    struct foreign_program here = *program;
    struct foreign_case one;

    here.path = path;
    if (!path || !foreign_case_new(&here, arena, name, &one))
        return foreign_no_memory(err);
    one.file = path;
    one.recipe.foreign.judge = RECIPE_TAP;
    return foreign_list_add(out, arena, &one, err);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The executable files of a folder, by name. */
static int add_folder(const struct foreign_program *program, const char *folder,
                      struct arena *arena, struct foreign_list *out,
                      struct error *err)
{
    struct dirent **entry;
    int n = scandir(folder, &entry, is_visible, by_name), rc = 0;

    if (n < 0)
        return ERROR(err, ERR_SYS, "cannot read '%s'", folder);
    for (int i = 0; i < n; i++) {
        const char *name = arena_strdup(arena, entry[i]->d_name);
        const char *here = arena_printf(arena, "%s/%s", folder, name);

        free(entry[i]);
        if (rc == 0 && (!name || !here))
            rc = foreign_no_memory(err);
        if (rc == 0 && file_is_executable(here))
            rc = add_program(program, arena, name,
                             arena_printf(arena, "%s/%s", program->path, name),
                             out, err);
    }
    free(entry);
    if (rc == 0 && out->n == 0)
        return ERROR(err, ERR_PEER, "'%s' holds no executable file",
                     program->label);
    return rc;
}

int tap_read(const struct foreign_program *program,
             const struct foreign_answer *answer, struct arena *arena,
             struct foreign_list *out, struct error *err)
{
    const char *here = foreign_from_here(program, arena, program->path);
    struct stat st;

    (void)answer;
    if (!here)
        return foreign_no_memory(err);
    if (stat(here, &st) == 0 && S_ISDIR(st.st_mode))
        return add_folder(program, here, arena, out, err);
    return add_program(program, arena, "", program->path, out, err);
}

/* ---- what one printed */

struct points {
    long planned; /* -1 while there is no plan */
    size_t n, failed, skipped;
    const char *skip_all; /* reason, its end is the line's; NULL: none */
    const char *bail;
    struct strbuf named;
};

/* "SKIP" or "todo" behind the first '#' that no backslash precedes. */
static const char *directive(const char *line, size_t size, const char *word)
{
    for (size_t i = 0; i < size; i++) {
        const char *at = line + i + 1;

        if (line[i] != '#' || (i && line[i - 1] == '\\'))
            continue;
        while (at < line + size && *at == ' ')
            at++;
        if ((size_t)(line + size - at) >= 4 && strncasecmp(at, word, 4) == 0)
            return at + 4;
    }
    return NULL;
}

static void name_failed(struct points *p, const char *line, size_t size)
{
    if (p->failed > NAMED_MAX)
        return;
    if (p->failed == NAMED_MAX) {
        strbuf_puts(&p->named, "; ...");
        return;
    }
    while (size && isspace((unsigned char)*line))
        line++, size--;
    strbuf_printf(&p->named, "%s%.*s", p->failed ? "; " : "",
                  (int)(size < SAID_MAX ? size : SAID_MAX), line);
}

static void take_point(struct points *p, const char *line, size_t size,
                       bool good)
{
    p->n++;
    if (directive(line, size, "SKIP"))
        p->skipped++;
    else if (!good && !directive(line, size, "todo")) {
        name_failed(p, line, size);
        p->failed++;
    }
}

static bool begins(const char *line, size_t size, const char *with)
{
    size_t n = strlen(with);

    return size >= n && memcmp(line, with, n) == 0;
}

/* "ok" and "okay" are not the same. */
static bool is_point(const char *line, size_t size, const char *head)
{
    size_t n = strlen(head);

    return begins(line, size, head) && (size == n || line[n] == ' ');
}

static void take_line(struct points *p, const char *line, size_t size)
{
    if (size && line[size - 1] == '\r')
        size--;
    if (is_point(line, size, "ok")) {
        take_point(p, line + 2, size - 2, true);
    } else if (is_point(line, size, "not ok")) {
        take_point(p, line + 6, size - 6, false);
    } else if (begins(line, size, "Bail out!")) {
        p->bail = p->bail ? p->bail : line + 9;
    } else if (begins(line, size, "1..") && size > 3 &&
               isdigit((unsigned char)line[3]) && p->planned < 0) {
        p->planned = strtol(line + 3, NULL, 10);
        if (p->planned == 0)
            p->skip_all = directive(line, size, "SKIP");
    }
}

static void say_lines(struct foreign_verdict *out, enum foreign_end end,
                      const char *what, const char *line)
{
    size_t n = strcspn(line, "\r\n");

    while (n && isspace((unsigned char)*line))
        line++, n--;
    foreign_say(out, end, "%s%s%.*s", what, n ? ": " : "", (int)n, line);
}

static void settle(const struct points *p, int status,
                   struct foreign_verdict *out)
{
    if (p->bail)
        say_lines(out, FOREIGN_FAILED, "bailed out", p->bail);
    else if (p->failed)
        foreign_say(out, FOREIGN_FAILED, "%zu of %zu failed: %s", p->failed,
                    p->n, strbuf_text(&p->named));
    else if (p->planned < 0)
        foreign_say(out, FOREIGN_FAILED,
                    p->n ? "printed no plan (1..N) after %zu test points, exit "
                           "status %d"
                         : "printed no TAP (%zu test points), exit status %d",
                    p->n, status);
    else if ((size_t)p->planned != p->n)
        foreign_say(out, FOREIGN_FAILED,
                    "planned %ld test points and ran %zu, exit status %d",
                    p->planned, p->n, status);
    else if (status != 0)
        foreign_say(out, FOREIGN_FAILED,
                    "all %zu test points passed, but exit status %d", p->n,
                    status);
    else if (p->planned == 0)
        say_lines(out, FOREIGN_SKIPPED, "skipped",
                  p->skip_all ? p->skip_all : "");
    else if (p->skipped == p->n)
        foreign_say(out, FOREIGN_SKIPPED, "all %zu test points skipped", p->n);
}

int tap_judge(const struct recipe *recipe,
              const struct foreign_evidence *evidence, struct arena *arena,
              struct foreign_verdict *out, struct error *err)
{
    struct points points = {.planned = -1};
    bool failed;

    (void)recipe, (void)arena;
    for (const char *line = evidence->output; *line;) {
        size_t n = strcspn(line, "\n");

        take_line(&points, line, n);
        line += n + (line[n] == '\n');
    }
    settle(&points, evidence->execution->status, out);
    failed = points.named.failed;
    strbuf_clear(&points.named);
    return failed ? foreign_no_memory(err) : 0;
}
