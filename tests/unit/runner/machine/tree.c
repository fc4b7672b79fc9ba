/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "tests/unit/runner/machine/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

void tree_put_bytes(struct tare *t, const char *root, const char *path,
                    const void *bytes, size_t size, long offset)
{
    char full[512], folder[512];
    FILE *out;

    snprintf(full, sizeof full, "%s%s", root, path);
    snprintf(folder, sizeof folder, "%s", full);
    *strrchr(folder, '/') = '\0';
    TARE_REQUIRE_INT(file_make_folders(folder, NULL), 0);
    out = fopen(full, "w");
    TARE_REQUIRE(out != NULL);
    fseek(out, offset, SEEK_SET);
    fwrite(bytes, 1, size, out);
    TARE_REQUIRE_INT(fclose(out), 0);
}

void tree_put(struct tare *t, const char *root, const char *path,
              const char *content)
{
    char full[512];

    snprintf(full, sizeof full, "%s%s", root, path);
    if (content)
        tree_put_bytes(t, root, path, content, strlen(content), 0);
    else
        unlink(full);
}

void tree_remove(const char *root)
{
    file_remove_tree(root, NULL);
}

const char *tree_data(const char *name)
{
    static char path[4096];
    const char *srcdir = getenv("srcdir");

    snprintf(path, sizeof path, "%s/tests/data/sysroot/%s",
             srcdir ? srcdir : ".", name);
    return path;
}
