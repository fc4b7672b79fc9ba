/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kept programs from inside; private to store/. */
#ifndef STORE_KEPT_H
#define STORE_KEPT_H

#include "base/scope.h"
#include "base/strbuf.h"
#include "store/parts.h"

enum { MANIFEST_BYTES = 1 << 20 };

/* How the dynamic linker is brought to take the kept libraries. */
enum load_mode {
    LOAD_PLAIN = 0,    /* it has none */
    LOAD_LIBRARY_PATH, /* LD_LIBRARY_PATH: beats DT_RUNPATH, not DT_RPATH */
    LOAD_PRELOAD,      /* LD_PRELOAD besides: a library that is there already
                        * under its DT_SONAME is not searched for */
};

struct manifest {
    struct kept_program kept;
    enum load_mode load;
    char program_hash[HASH_HEX];
};

/* Text of at most MANIFEST_BYTES.  Paths of copies are put behind `folder`.
 * ERR_PARSE with name and line. */
int manifest_read(const char *name, const char *text, size_t size,
                  const char *folder, struct arena *arena, struct manifest *out,
                  struct error *err);
void manifest_write(struct strbuf *out, const struct manifest *manifest);

/* LD_LIBRARY_PATH and LD_PRELOAD that make a kept program in `folder` load its
 * kept libraries; "" where it takes none.  NULL in either: no memory.
 *
 * rest  what the caller's LD_LIBRARY_PATH says */
void kept_paths(const struct manifest *manifest, const char *folder,
                const char *rest, struct arena *arena,
                const char **library_path, const char **preload);

/* The root as an absolute path, made when `make` is set and it is missing. */
int kept_root(struct programs *programs, bool make, char **out,
              struct error *err);

#endif
