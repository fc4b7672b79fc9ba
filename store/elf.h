/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an ELF file says about how it is loaded (System V ABI, chapters 4 and
 * 5; the tags are those of <elf.h>); private to store/. */
#ifndef STORE_ELF_H
#define STORE_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct elf_file {
    uint16_t type;    /* ET_EXEC, ET_DYN, ... */
    uint16_t machine; /* EM_X86_64, ... */
    bool is_64;
    const char *interpreter; /* PT_INTERP, "" when there is none */
    const char *soname;      /* "" when there is none */
    const char *rpath;       /* DT_RPATH: beats LD_LIBRARY_PATH */
    const char *runpath;     /* DT_RUNPATH: LD_LIBRARY_PATH beats it */
    const char **needed;     /* DT_NEEDED, in their order */
    size_t n_needed;
};

/* Whether the bytes begin like an ELF file. */
bool elf_is(const char *bytes, size_t size);

/* Read headers and the dynamic section.
 *
 * name  of the file in errors
 * out   strings are copied into the arena
 *
 * Returns 0; ERR_PARSE (not ELF, the other byte order, cut off, or a table or
 * string beyond the end); ERR_NOMEM.  Reads only within the bytes. */
int elf_parse(const char *name, const char *bytes, size_t size,
              struct arena *arena, struct elf_file *out, struct error *err);

/* Whether this machine runs programs for that one (EM_386 on x86-64, ...). */
bool elf_runs_here(uint16_t machine);

#endif
