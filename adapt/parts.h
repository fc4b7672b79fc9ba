/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What fingerprint.c and keep.c share.  Internal to this folder. */
#ifndef ADAPT_PARTS_H
#define ADAPT_PARTS_H

#include <stdbool.h>

#include "store/programs.h"

/* Hash of a file's content; of a program's with the libraries it loads; of a
 * file over 64 MiB its size and time of change. */
int command_content(struct programs *programs, const char *path,
                    bool is_executable, char hex[HASH_HEX], struct error *err);

#endif
