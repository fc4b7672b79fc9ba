/* SPDX-License-Identifier: MIT */
/* How a case ends, and what it can ask about itself. */
#include <config.h>

#include "bench/context.h"

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

unsigned tare_version(void)
{
    return TARE_VERSION;
}

void tarei_context_begin(struct tare *b, const struct tarei_case *item)
{
    b->item = item;
    b->fixture = NULL;
    b->bench = NULL;
    b->outcome = OUTCOME_PASSED;
    b->failures = 0;
    b->message[0] = '\0';
    b->tmpdir[0] = '\0';
}

int tarei_context_call(struct tare *b, void (*body)(struct tare *b, void *arg),
                       void *arg)
{
    if (setjmp(b->end) != 0)
        return 1;
    body(b, arg);
    return 0;
}

void tarei_context_end(struct tare *b, enum tarei_outcome outcome,
                       const char *fmt, va_list ap)
{
    if (b->outcome == OUTCOME_PASSED) {
        b->outcome = outcome;
        vsnprintf(b->message, sizeof b->message, fmt, ap);
    }
    if (outcome == OUTCOME_FAILED)
        b->failures++;
}

void tarei_context_fail(struct tare *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    tarei_context_end(b, OUTCOME_FAILED, fmt, ap);
    va_end(ap);
}

void tare_fail(struct tare *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    tarei_context_end(b, OUTCOME_FAILED, fmt, ap);
    va_end(ap);
    longjmp(b->end, 1);
}

void tare_skip(struct tare *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    tarei_context_end(b, OUTCOME_SKIPPED, fmt, ap);
    va_end(ap);
    longjmp(b->end, 1);
}

void tare_xfail_(struct tare *t, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    tarei_context_end(t, OUTCOME_XFAILED, fmt, ap);
    va_end(ap);
    longjmp(t->end, 1);
}

const char *tarei_context_place(const struct tare *b)
{
    static __thread char place[256];
    const char *file = b->fixture ? b->fixture->file
                       : b->item  ? b->item->def.file
                                  : NULL;
    int line = b->fixture ? b->fixture->line : b->item ? b->item->def.line : 0;

    snprintf(place, sizeof place, "%.200s:%d", file ? file : "(unknown file)",
             line);
    return place;
}

/* ---- parameters */

/* Ends the case with the names there are. */
static void no_parameter(struct tare *b, const char *name)
{
    char names[200] = "", known[PARAMS_MAX][40];
    const char *list[PARAMS_MAX] = {NULL};
    const char *near;
    size_t n = b->item ? b->item->n_params : 0, used = 0;

    for (size_t i = 0; i < n; i++) {
        const struct tarei_param *p = &b->item->param[i];

        snprintf(known[i], sizeof known[i], "%.*s", (int)p->name_length,
                 p->name);
        list[i] = known[i];
        if (used < sizeof names)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s",
                                     i ? ", " : "", known[i]);
    }
    near = tarei_nearest(name, list, n);
    if (n == 0)
        tare_fail(b, "%s: no parameter '%s': '%s' has none, see .args",
                  tarei_context_place(b), name, tare_id(b));
    if (near)
        tare_fail(b, "%s: no parameter '%s'; did you mean '%s'?",
                  tarei_context_place(b), name, near);
    tare_fail(b, "%s: no parameter '%s'; there are: %s", tarei_context_place(b),
              name, names);
}

const char *tare_str(struct tare *b, const char *name)
{
    for (size_t i = 0; b->item && i < b->item->n_params; i++) {
        const struct tarei_param *p = &b->item->param[i];

        if (strlen(name) == p->name_length &&
            memcmp(p->name, name, p->name_length) == 0)
            return p->value;
    }
    no_parameter(b, name);
    return NULL;
}

int64_t tare_int(struct tare *b, const char *name)
{
    const char *text = tare_str(b, name);
    int64_t value = 0;

    if (tarei_params_int(text, strlen(text), &value) < 0)
        tare_fail(b, "%s: parameter %s=%s is no integer",
                  tarei_context_place(b), name, text);
    return value;
}

/* strtod() as in the C locale, whatever the program's is. */
static double to_double(const char *text, char **end)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = c ? uselocale(c) : (locale_t)0;
    double value = strtod(text, end);

    if (c) {
        uselocale(before);
        freelocale(c);
    }
    return value;
}

double tare_double(struct tare *b, const char *name)
{
    const char *text = tare_str(b, name);
    char *end;
    double value = to_double(text, &end);
    int64_t whole;

    if (*end == '\0' && end != text)
        return value;
    if (tarei_params_int(text, strlen(text), &whole) < 0)
        tare_fail(b, "%s: parameter %s=%s is no number", tarei_context_place(b),
                  name, text);
    return (double)whole;
}

const char *tare_id(const struct tare *b)
{
    if (b->fixture)
        return b->fixture->name;
    return b->item ? b->item->id : "";
}

void *tare_data(const struct tare *b)
{
    return b->item && !b->fixture ? b->item->def.data : NULL;
}

/* ---- surroundings */

/* A number of the environment, or `otherwise` when there is none. */
static uint64_t from_environment(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    char *end;
    uint64_t value;

    if (!text || *text < '0' || *text > '9')
        return otherwise;
    errno = 0;
    value = strtoull(text, &end, 10);
    return *end == '\0' && errno == 0 ? value : otherwise;
}

/* FNV-1a over the id, then the finaliser of splitmix64 (Steele, Lea & Flood,
 * OOPSLA 2014), so that near seeds and near ids give unrelated results. */
uint64_t tare_seed(const struct tare *b)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (const char *id = tare_id(b); *id; id++)
        hash = (hash ^ (unsigned char)*id) * UINT64_C(0x100000001b3);
    hash ^= from_environment("TARE_SEED", 1) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
    return hash ^ (hash >> 31);
}

/* Ports of one block (TARE_PORT_BASE is the runner's); below 32768, where
 * Linux begins to hand out its own. */
enum { PORTS = 100, PORT_FIRST = 20000, PORT_BLOCKS = 120 };

int tare_port(struct tare *b, int i)
{
    uint64_t base = from_environment(
        "TARE_PORT_BASE",
        PORT_FIRST + PORTS * ((uint64_t)getpid() % PORT_BLOCKS));

    if (i < 0 || i >= PORTS)
        tare_fail(b, "%s: port %d is outside of the block of %d",
                  tarei_context_place(b), i, PORTS);
    if (base < 1 || base > 65535 - PORTS)
        tare_fail(b, "TARE_PORT_BASE is %" PRIu64 ", no port", base);
    return (int)base + i;
}

static struct tarei_tmpdirs *tmpdirs;

void tarei_context_log_tmpdirs(struct tarei_tmpdirs *log)
{
    tmpdirs = log;
}

static const char *tmpdir_root(void)
{
    const char *root = getenv("TARE_TMPDIR");

    if (!root || !*root)
        root = getenv("TMPDIR");
    return root && *root ? root : "/tmp";
}

const char *tare_tmpdir(struct tare *b)
{
    char path[PATH_MAX];

    if (b->tmpdir[0])
        return b->tmpdir;
    if ((size_t)snprintf(path, sizeof path, "%s/tare-XXXXXX", tmpdir_root()) >=
        sizeof path)
        tare_fail(b, "the name of the temporary folder is too long");
    if (!mkdtemp(path))
        tare_fail(b, "cannot make a temporary folder in '%s': %s",
                  tmpdir_root(), strerror(errno));
    memcpy(b->tmpdir, path, strlen(path) + 1);
    if (tmpdirs && tmpdirs->n < TMPDIRS_LOGGED)
        memcpy(tmpdirs->path[tmpdirs->n++], path, strlen(path) + 1);
    return b->tmpdir;
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *at)
{
    (void)st;
    (void)at;
    if (type == FTW_DP || type == FTW_D)
        rmdir(path);
    else
        unlink(path);
    return 0;
}

static void remove_tree(const char *path)
{
    nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

void tarei_context_remove_tmpdir(struct tare *b)
{
    if (b->tmpdir[0])
        remove_tree(b->tmpdir);
    b->tmpdir[0] = '\0';
}

void tarei_context_remove_logged(struct tarei_tmpdirs *log)
{
    unsigned n = log->n < TMPDIRS_LOGGED ? log->n : TMPDIRS_LOGGED;

    for (unsigned i = 0; i < n; i++) {
        log->path[i][PATH_MAX - 1] = '\0';
        if (strstr(log->path[i], "/tare-"))
            remove_tree(log->path[i]);
    }
    log->n = 0;
}
