/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files read whole and written whole or not at all. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Read a regular file of at most max bytes.
 *
 * text  receives the bytes with a NUL behind them; the caller frees it
 * size  receives the number of bytes, without the NUL
 *
 * Returns 0, ERR_SYS (cannot open or read), ERR_RANGE (over max; found out
 * before anything is read) or ERR_NOMEM; the error names the path. */
int file_read(const char *path, size_t max, char **text, size_t *size,
              struct error *err);

/* Replace path by these bytes: temporary file beside it, fsync, rename, fsync
 * of the folder.  A reader sees the old file or the new one.  Follows a
 * symbolic link.  Missing folders are made.  A device, a pipe or a socket is
 * written to as it stands.  Returns 0 or ERR_SYS. */
int file_write_atomic(const char *path, const char *text, size_t size,
                      struct error *err);

/* Whether file_write_atomic() may write there, asked before the work that is to
 * be written.  Nothing is made.  0 or ERR_SYS, as that would return. */
int file_may_write(const char *path, struct error *err);

/* Make a folder and its parents (mode 0777 less umask).  One called ".tare",
 * which holds what Tare made and nobody shall commit, is given a .gitignore.
 * 0 or ERR_SYS. */
int file_make_folders(const char *path, struct error *err);

/* Remove a folder and all in it, not following symbolic links.  A path that
 * is not there is no error.  0 or ERR_SYS. */
int file_remove_tree(const char *path, struct error *err);

bool file_exists(const char *path);
bool file_is_executable(const char *path); /* a regular file, mode x */

#endif
