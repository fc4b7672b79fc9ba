/* SPDX-License-Identifier: MIT */
/* Counting wrappers around the allocating functions of libc. */
#include <config.h>

#include "alloc/alloc.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "alloc/shared.h"

#define EXPORT __attribute__((visibility("default")))

/* dlsym() may itself allocate before the real functions are known: glibc's
 * asks calloc() for some hundred bytes.  These are never given back. */
enum { EARLY_BYTES = 16384 };
static alignas(max_align_t) char early[EARLY_BYTES];
static size_t early_used;

static uint64_t calls, bytes;
static struct alloc_shared *shared; /* NULL: nobody else counts with us */

static struct {
    void *(*malloc)(size_t);
    void *(*calloc)(size_t, size_t);
    void *(*realloc)(void *, size_t);
    void (*free)(void *);
    void *(*memalign)(size_t, size_t);
    void *(*aligned_alloc)(size_t, size_t);
    int (*posix_memalign)(void **, size_t, size_t);
} real;

static int finding;

static void find(void *to, const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);

    /* ISO C has no conversion from an object to a function pointer. */
    memcpy(to, &found, sizeof found);
}

static int ready(void)
{
    if (real.free)
        return 1;
    if (__atomic_exchange_n(&finding, 1, __ATOMIC_ACQ_REL))
        return 0;
    find(&real.malloc, "malloc");
    find(&real.calloc, "calloc");
    find(&real.realloc, "realloc");
    find(&real.memalign, "memalign");
    find(&real.aligned_alloc, "aligned_alloc");
    find(&real.posix_memalign, "posix_memalign");
    find(&real.free, "free");
    return 1;
}

/* What was allocated so far goes along.  A process that cannot get at the file
 * is not counted in it, which its reader can tell. */
static void share(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC);
    void *map;

    if (fd < 0)
        return;
    map = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (map == MAP_FAILED)
        return;
    shared = map;
    __atomic_fetch_add(&shared->processes, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&shared->calls, calls, __ATOMIC_RELAXED);
    __atomic_fetch_add(&shared->bytes, bytes, __ATOMIC_RELAXED);
}

/* Before main() there are no other threads yet. */
__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv(ALLOC_FILE_VARIABLE);

    ready();
    if (path)
        share(path);
}

static int is_early(const void *p)
{
    uintptr_t at = (uintptr_t)p, first = (uintptr_t)early;

    return at >= first && at < first + EARLY_BYTES;
}

/* Zeroed, as all of it is static and never used twice. */
static void *take_early(size_t size)
{
    size_t room =
        (size + alignof(max_align_t) - 1) & ~(size_t)(alignof(max_align_t) - 1);
    void *p = early + early_used;

    if (room < size || room > EARLY_BYTES - early_used) {
        errno = ENOMEM;
        return NULL;
    }
    early_used += room;
    return p;
}

static void count(size_t size)
{
    __atomic_fetch_add(&calls, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&bytes, size, __ATOMIC_RELAXED);
    if (shared) {
        __atomic_fetch_add(&shared->calls, 1, __ATOMIC_RELAXED);
        __atomic_fetch_add(&shared->bytes, size, __ATOMIC_RELAXED);
    }
}

EXPORT void tare_alloc_read(uint64_t out[2])
{
    out[0] = __atomic_load_n(&calls, __ATOMIC_RELAXED);
    out[1] = __atomic_load_n(&bytes, __ATOMIC_RELAXED);
}

EXPORT void *malloc(size_t size)
{
    if (!ready())
        return take_early(size);
    count(size);
    return real.malloc(size);
}

EXPORT void *calloc(size_t n, size_t size)
{
    size_t all;

    if (__builtin_mul_overflow(n, size, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    if (!ready())
        return take_early(all);
    count(all);
    return real.calloc(n, size);
}

/* How long an early block was is not known, and what lies behind it is ours to
 * read up to the end of the room. */
static void *move_early(void *old, size_t size)
{
    size_t most = (size_t)(early + EARLY_BYTES - (char *)old);
    void *p = malloc(size);

    if (p)
        memcpy(p, old, size < most ? size : most);
    return p;
}

EXPORT void *realloc(void *old, size_t size)
{
    if (is_early(old))
        return move_early(old, size);
    if (!ready())
        return take_early(size);
    count(size);
    return real.realloc(old, size);
}

EXPORT void *reallocarray(void *old, size_t n, size_t size)
{
    size_t all;

    if (__builtin_mul_overflow(n, size, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(old, all);
}

EXPORT void free(void *p)
{
    if (!is_early(p) && ready())
        real.free(p);
}

EXPORT void *memalign(size_t alignment, size_t size)
{
    if (!ready())
        return NULL;
    count(size);
    return real.memalign(alignment, size);
}

EXPORT void *aligned_alloc(size_t alignment, size_t size)
{
    if (!ready())
        return NULL;
    count(size);
    return real.aligned_alloc(alignment, size);
}

EXPORT int posix_memalign(void **out, size_t alignment, size_t size)
{
    if (!ready())
        return ENOMEM;
    count(size);
    return real.posix_memalign(out, alignment, size);
}
