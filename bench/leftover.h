/* SPDX-License-Identifier: MIT */
/* Files that a test left in the worker's private folder, TARE_TMPDIR. */
#ifndef BENCH_LEFTOVER_H
#define BENCH_LEFTOVER_H

#include <stddef.h>
#include <time.h>

/* How the folder stood. */
struct tarei_folder {
    struct timespec changed; /* zero: there is none */
    long entries;
};

/* Cost: one stat(2), unless the folder changed since the last look. */
void tarei_folder_look(struct tarei_folder *out);

/* Append what is there now and was not, to a note.  A folder that is gone is
 * made again. */
void tarei_folder_compare(const struct tarei_folder *before, char *note,
                          size_t size);

#endif
