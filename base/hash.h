/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 (FIPS 180-4), for naming content: programs, machines, plans. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { HASH_HEX = 65 }; /* 64 digits and a NUL */

struct hash {
    uint32_t state[8];
    uint64_t bytes;
    uint8_t block[64];
};

void hash_init(struct hash *hash);
void hash_add(struct hash *hash, const void *data, size_t size);
void hash_end(struct hash *hash, char hex[HASH_HEX]);

/* Of a file's content.  0 or ERR_SYS. */
int hash_file(const char *path, char hex[HASH_HEX], struct error *err);

#endif
