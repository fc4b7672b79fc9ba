/* SPDX-License-Identifier: MIT */
/* Where libtare-alloc.so counts besides: a file that several processes share,
 * named in the environment of the first. */
#ifndef ALLOC_SHARED_H
#define ALLOC_SHARED_H

#include <stdint.h>

#define ALLOC_FILE_VARIABLE "TARE_ALLOC_FILE"

struct alloc_shared {
    uint64_t processes; /* that were executed with the library */
    uint64_t calls, bytes;
};

#endif
