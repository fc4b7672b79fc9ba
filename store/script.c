/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs that are text: scripts, and the wrappers of libtool. */
#include <config.h>

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "store/parts.h"

/* The kernel reads no more of a first line (BINPRM_BUF_SIZE). */
enum { FIRST_LINE = 256 };

struct word {
    const char *text;
    size_t size;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next word between *at and end. */
static struct word next_word(const char **at, const char *end)
{
    struct word word;

    while (*at < end && is_blank(**at))
        (*at)++;
    word.text = *at;
    while (*at < end && !is_blank(**at))
        (*at)++;
    word.size = (size_t)(*at - word.text);
    return word;
}

/* What `env` runs: the first word that is neither an option nor a variable. */
static struct word after_env(const char **at, const char *end)
{
    struct word word = next_word(at, end);

    while (word.size &&
           (word.text[0] == '-' || memchr(word.text, '=', word.size)))
        word = next_word(at, end);
    return word;
}

/* The first executable of this name in a search path, NULL when none. */
static const char *look_up(const char *name, const char *search_path,
                           struct arena *arena)
{
    while (*search_path) {
        size_t n = strcspn(search_path, ":");
        const char *path =
            arena_printf(arena, "%.*s/%s", (int)n, search_path, name);

        if (n && path && file_is_executable(path))
            return path;
        search_path += n + (search_path[n] == ':');
    }
    return NULL;
}

static int missing(const char *script, const char *name, struct error *err)
{
    ERROR_AT(err, ERR_PEER, script, 1, 0, "its interpreter '%s' is missing",
             name);
    error_help(err, "install it, or correct the first line of the script");
    return ERR_PEER;
}

int script_interpreter(const char *name, const char *text, size_t size,
                       const char *search_path, struct arena *arena,
                       const char **path, struct error *err)
{
    const char *at = text + 2;
    const char *end;
    struct word word;
    const char *first, *found;

    *path = "";
    if (size < 2 || text[0] != '#' || text[1] != '!')
        return 0;
    if (size > FIRST_LINE)
        size = FIRST_LINE;
    end = memchr(text, '\n', size);
    if (!end)
        end = text + size;
    word = next_word(&at, end);
    found = first = arena_memdup(arena, word.text, word.size);
    if (first && strcmp(path_name(first), "env") == 0) {
        word = after_env(&at, end);
        first = arena_memdup(arena, word.text, word.size);
        found = first && strchr(first, '/') == NULL
                    ? look_up(first, search_path, arena)
                    : first;
    }
    if (!first)
        return ERROR(err, ERR_NOMEM, "no memory for a script");
    if (!found || !file_is_executable(found))
        return missing(name, first, err);
    *path = found;
    return 0;
}

/* What stands behind `key` on the first line that begins with it, blanks
 * aside. */
static struct word line_after(const char *text, size_t size, const char *key)
{
    const char *end = text + size;
    size_t n = strlen(key);

    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));

        if (!stop)
            stop = end;
        while (text < stop && is_blank(*text))
            text++;
        if ((size_t)(stop - text) >= n && memcmp(text, key, n) == 0)
            return (struct word){text + n, (size_t)(stop - text) - n};
        text = stop + (stop < end);
    }
    return (struct word){0};
}

/* The word without the quotes that a shell takes away. */
static char *unquote(struct word word, struct arena *arena)
{
    char *plain = arena_alloc(arena, word.size + 1, 1);
    size_t n = 0;

    for (size_t i = 0; plain && i < word.size; i++)
        if (word.text[i] != '\'' && word.text[i] != '"')
            plain[n++] = word.text[i];
    return plain;
}

/* The folders that a wrapper puts in front of LD_LIBRARY_PATH. */
static const char *wrapper_path(const char *text, size_t size,
                                struct arena *arena)
{
    static const char rest[] = "$LD_LIBRARY_PATH";
    struct word word = line_after(text, size, "LD_LIBRARY_PATH=\"");
    char *plain = unquote(word, arena);
    size_t n = plain ? strlen(plain) : 0;

    if (n < sizeof rest || strcmp(plain + n - (sizeof rest - 1), rest) != 0)
        return "";
    plain[n - sizeof rest] = '\0'; /* the colon before it too */
    return plain;
}

bool script_is_libtool(const char *path, const char *text, size_t size,
                       struct arena *arena, const char **program,
                       const char **library_path)
{
    size_t folder = (size_t)(path_name(path) - path);
    const char *name, *real;

    if (size < 2 || text[0] != '#' || text[1] != '!' ||
        !memmem(text, size, "# Generated by libtool", 22))
        return false;
    name = unquote(line_after(text, size, "program="), arena);
    if (!name || !*name || strchr(name, '/'))
        return false;
    real = arena_printf(arena, "%.*s.libs/%s", (int)folder, path, name);
    /* one that was never run is linked for its place after installation; the
     * library path makes it run from here */
    if (real && !file_exists(real) && strncmp(name, "lt-", 3) == 0)
        real = arena_printf(arena, "%.*s.libs/%s", (int)folder, path, name + 3);
    if (!real || !file_exists(real))
        return false;
    *program = real;
    *library_path = wrapper_path(text, size, arena);
    return true;
}
