/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and atomically writing whole files. */
#include <config.h>

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scope.h"

/* Read to the end, which comes within `max` bytes, in pieces: files of /proc
 * say that they are empty, and some refuse a large read. */
static int read_all(FILE *in, const char *path, size_t max, char **text,
                    size_t *size, struct error *err)
{
    SCOPED(free_scoped) char *buf = NULL;
    enum { PIECE = 64 << 10 };
    size_t n = 0, got, room = 0;

    do {
        if (room - n < PIECE) {
            char *more = realloc(buf, room * 2 + PIECE + 1);

            if (!more)
                return ERROR(err, ERR_NOMEM, "no memory for %zu bytes", room);
            buf = more;
            room = room * 2 + PIECE;
        }
        got = fread(buf + n, 1, PIECE, in);
        n += got;
    } while (got == PIECE && n <= max);
    if (ferror(in))
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot read");
    if (n > max)
        return ERROR_AT(err, ERR_RANGE, path, 0, 0,
                        "is larger than the limit of %zu bytes", max);
    buf[n] = '\0';
    *text = TAKE(buf);
    *size = n;
    return 0;
}

int file_read(const char *path, size_t max, char **text, size_t *size,
              struct error *err)
{
    SCOPED(fclose_scoped) FILE *in = fopen(path, "re");
    struct stat st;

    if (!in)
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot open");
    if (fstat(fileno(in), &st) < 0)
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot read");
    if (S_ISDIR(st.st_mode))
        return ERROR_AT(err, ERR_RANGE, path, 0, 0, "is a folder");
    if (S_ISREG(st.st_mode) && (size_t)st.st_size > max)
        return ERROR_AT(err, ERR_RANGE, path, 0, 0,
                        "is larger than the limit of %zu bytes", max);
    return read_all(in, path, max, text, size, err);
}

static int write_all(int fd, const char *text, size_t size)
{
    while (size) {
        ssize_t n = write(fd, text, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        text += n;
        size -= (size_t)n;
    }
    return 0;
}

/* The folder a file is in; the caller frees it. */
static char *folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return strdup(".");
    return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

static void sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

/* The mode of the file that is replaced, else what open() would give. */
static mode_t mode_for(const char *path)
{
    struct stat st;
    mode_t mask = umask(0);

    umask(mask);
    if (stat(path, &st) == 0)
        return st.st_mode & 0777;
    return 0666 & ~mask;
}

static int write_and_rename(int fd, const char *temp, const char *path,
                            const char *text, size_t size, struct error *err)
{
    if (write_all(fd, text, size) < 0 || fchmod(fd, mode_for(path)) < 0 ||
        fsync(fd) < 0)
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot write");
    if (rename(temp, path) < 0)
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot replace");
    return 0;
}

/* A terminal, /dev/null, a pipe: it is there to be written to, not replaced. */
static bool is_special(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static int write_special(const char *path, const char *text, size_t size,
                         struct error *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    int rc = fd < 0 ? -1 : write_all(fd, text, size);

    if (rc < 0)
        rc = ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot write");
    if (fd >= 0)
        close(fd);
    return rc;
}

int file_write_atomic(const char *path, const char *text, size_t size,
                      struct error *err)
{
    SCOPED(free_scoped) char *real = realpath(path, NULL);
    SCOPED(free_scoped) char *folder = NULL;
    SCOPED(free_scoped) char *temp = NULL;
    int fd, rc;

    if (real)
        path = real;
    if (is_special(path))
        return write_special(path, text, size, err);
    folder = folder_of(path);
    if (!folder)
        return ERROR(err, ERR_NOMEM, "no memory for a file name");
    rc = file_make_folders(folder, err);
    if (rc < 0)
        return rc;
    if (asprintf(&temp, "%s.XXXXXX", path) < 0) {
        temp = NULL;
        return ERROR(err, ERR_NOMEM, "no memory for a file name");
    }
    fd = mkostemp(temp, O_CLOEXEC);
    if (fd < 0)
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot write");
    rc = write_and_rename(fd, temp, path, text, size, err);
    close(fd);
    if (rc < 0)
        unlink(temp);
    else
        sync_folder(folder);
    return rc;
}

static int cannot_write(const char *path, int why, struct error *err)
{
    errno = why;
    return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot write");
}

/* Missing folders would be made, so the nearest that is there decides. */
int file_may_write(const char *path, struct error *err)
{
    SCOPED(free_scoped) char *folder = NULL;
    struct stat st;

    if (stat(path, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            return cannot_write(path, EISDIR, err);
        if (is_special(path))
            return access(path, W_OK) == 0 ? 0 : cannot_write(path, errno, err);
    }
    folder = folder_of(path);
    while (folder && !file_exists(folder) && errno == ENOENT) {
        char *above = folder_of(folder);

        free(folder);
        folder = above;
    }
    if (!folder)
        return ERROR(err, ERR_NOMEM, "no memory for a file name");
    if (stat(folder, &st) < 0)
        return cannot_write(path, errno, err);
    if (!S_ISDIR(st.st_mode))
        return cannot_write(path, ENOTDIR, err);
    return access(folder, W_OK | X_OK) == 0 ? 0
                                            : cannot_write(path, errno, err);
}

/* What cannot be written is not worth an error: the folder serves without. */
static void keep_from_git(const char *folder)
{
    const char *name = strrchr(folder, '/');
    SCOPED(free_scoped) char *path = NULL;
    int fd;

    if (strcmp(name ? name + 1 : folder, ".tare") != 0)
        return;
    if (asprintf(&path, "%s/.gitignore", folder) < 0) {
        path = NULL;
        return;
    }
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return;
    write_all(fd, "*\n", 2);
    close(fd);
}

int file_make_folders(const char *path, struct error *err)
{
    SCOPED(free_scoped) char *part = strdup(path);

    if (!part)
        return ERROR(err, ERR_NOMEM, "no memory for a file name");
    for (char *p = part + 1; part[0]; p++) {
        bool end = *p == '\0';

        if (!end && *p != '/')
            continue;
        *p = '\0';
        if (mkdir(part, 0777) == 0)
            keep_from_git(part);
        else if (errno != EEXIST)
            return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot make folder");
        if (end)
            break;
        *p = '/';
    }
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path) < 0 && errno != ENOENT ? -1 : 0;
}

static int unlock_one(const char *path, const struct stat *st, int type,
                      struct FTW *ftw)
{
    (void)st;
    (void)ftw;
    if (type == FTW_D || type == FTW_DNR)
        chmod(path, 0700);
    return 0;
}

/* Some programs leave folders that nobody may read or change (module caches
 * do).  A walk unlocks those it can see, so one more level each time. */
enum { UNLOCK_LEVELS = 16 };

int file_remove_tree(const char *path, struct error *err)
{
    int rc = nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);

    for (int i = 0; i < UNLOCK_LEVELS && rc < 0 && errno != ENOENT; i++) {
        nftw(path, unlock_one, 16, FTW_PHYS);
        rc = nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
    if (rc < 0 && errno != ENOENT)
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot remove");
    return 0;
}

bool file_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

bool file_is_executable(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           access(path, X_OK) == 0;
}
