/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ELF files.  Input that begins with '#' is text: lines of bytes in hexadecimal
 * digits, '#' begins a comment; so a corpus can be read. */
#include <config.h>

#include <string.h>

#include "store/elf.h"
#include "tests/fuzz/hex.h"

static void check_file(const struct elf_file *elf)
{
    size_t total = 0;

    MUST(elf->interpreter && elf->soname && elf->rpath && elf->runpath);
    for (size_t i = 0; i < elf->n_needed; i++)
        total += strlen(elf->needed[i]);
    MUST(elf->n_needed <= 4096 && total < SIZE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    struct elf_file elf = {.interpreter = NULL};
    struct error err = {0};
    size_t n;
    uint8_t *bytes = hex_or_bytes(data, size, &n);
    int rc = elf_parse("fuzz", (const char *)bytes, n, &arena, &elf, &err);

    MUST((rc == 0) == (err.code == ERR_OK));
    MUST((rc == 0) == (elf.interpreter != NULL));
    if (rc == 0)
        check_file(&elf);
    free(bytes);
    arena_clear(&arena);
    return 0;
}
