/* SPDX-License-Identifier: MIT */
/* What libtare-alloc.so tells. */
#ifndef ALLOC_ALLOC_H
#define ALLOC_ALLOC_H

#include <stdint.h>

/* Totals of the process so far: calls that allocate (malloc, calloc, realloc,
 * reallocarray, memalign, aligned_alloc, posix_memalign), and the bytes they
 * asked for.  A realloc counts with its whole new size.  Any thread; 2 ns. */
void tare_alloc_read(uint64_t out[2]);

#endif
