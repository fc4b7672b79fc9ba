/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz target over files, with any compiler:
 *
 *     fuzz_TARGET FILE...
 *
 * Each file is tried as it is and in many mutilated forms (cut, with bytes
 * changed, with parts repeated), always the same ones.  The input being tried
 * is kept in ./crash, so that an abort leaves it behind. */
#include <config.h>

#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "tests/fuzz/target.h"

enum {
    MUTANTS = 60,            /* of each file */
    MAX_BYTES = 1024 * 1024, /* of a file */
};

/* Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators",
 * OOPSLA 2014. */
static uint64_t random_bits(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static size_t below(uint64_t *state, size_t n)
{
    return (size_t)(random_bits(state) % n);
}

static void keep(const char *data, size_t size)
{
    FILE *out = fopen("crash", "w");

    if (!out || fwrite(data, 1, size, out) != size || fclose(out) != 0) {
        perror("crash");
        exit(2);
    }
}

static void try(const char *data, size_t size)
{
    /* Exactly sized, so that a read behind the end is seen. */
    SCOPED(free_scoped) uint8_t *copy = malloc(size ? size : 1);

    if (!copy)
        exit(2);
    if (size)
        memcpy(copy, data, size);
    keep(data, size);
    LLVMFuzzerTestOneInput(copy, size);
}

/* Bytes that parsers treat specially, and some that no text has. */
static char nasty(uint64_t *state)
{
    static const char bytes[] = "\0\n\t \"'[]{}:,-?&*!|>#%@`\\~09.eE+\x7f\x80"
                                "\xc3\xff";

    return bytes[below(state, sizeof bytes - 1)];
}

static void change(char *data, size_t size, uint64_t *state)
{
    size_t n = 1 + below(state, 4);

    for (size_t i = 0; i < n; i++)
        data[below(state, size)] = nasty(state);
}

/* Move a part of the text over another. */
static void repeat(char *data, size_t size, uint64_t *state)
{
    size_t n = 1 + below(state, size / 2 + 1);

    memmove(data + below(state, size - n + 1),
            data + below(state, size - n + 1), n);
}

static void try_mutant(const char *data, size_t size, uint64_t *state)
{
    SCOPED(free_scoped) char *mutant = malloc(size);

    if (!mutant)
        exit(2);
    memcpy(mutant, data, size);
    switch (below(state, 4)) {
    case 0:
        size = below(state, size);
        break;
    case 1:
        repeat(mutant, size, state);
        break;
    default:
        change(mutant, size, state);
        break;
    }
    try(mutant, size);
}

static void replay(const char *path)
{
    SCOPED(free_scoped) char *data = NULL;
    struct error err = {0};
    uint64_t state = 1;
    size_t size;

    if (file_read(path, MAX_BYTES, &data, &size, &err) < 0) {
        error_print(&err, stderr);
        exit(2);
    }
    try(data, size);
    for (int i = 0; i < MUTANTS && size; i++)
        try_mutant(data, size, &state);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    unlink("crash");
    printf("%d files, %d inputs each\n", argc - 1, MUTANTS + 1);
    return 0;
}
