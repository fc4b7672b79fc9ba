/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read about programs: the list of a dynamic linker, the manifest of a
 * kept program, the mappings of a process, the first line of a script and the
 * wrappers of libtool. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "store/kept.h"
#include "store/libraries.h"
#include "tests/fuzz/target.h"

static void check_list(const char *text, size_t size)
{
    struct arena arena = {0};
    struct libraries libraries = {0};
    struct error err = {0};
    int rc = libraries_parse("fuzz", text, size, &arena, &libraries, &err);

    MUST((rc == 0) == (err.code == ERR_OK));
    MUST(rc == 0 || (libraries.n == 0 && err.line > 0));
    for (size_t i = 0; i < libraries.n; i++)
        MUST(libraries.library[i].name && libraries.library[i].path);
    arena_clear(&arena);
}

/* Where a manifest says that files lie, they lie below its folder. */
static void check_paths(const struct kept_program *kept)
{
    MUST(strncmp(kept->exec, "/k/bin/", 7) == 0);
    MUST(!strchr(kept->exec + 7, '/'));
    for (size_t i = 0; i < kept->n_libraries; i++) {
        MUST(strncmp(kept->library[i].path, "/k/lib/", 7) == 0);
        MUST(!strchr(kept->library[i].path + 7, '/'));
    }
}

static void check_manifest(const char *text, size_t size)
{
    struct arena arena = {0};
    struct manifest manifest, again;
    struct strbuf first = {0}, second = {0};
    struct error err = {0};
    int rc = manifest_read("fuzz", text, size, "/k", &arena, &manifest, &err);

    MUST((rc == 0) == (err.code == ERR_OK));
    if (rc == 0) {
        check_paths(&manifest.kept);
        manifest_write(&first, &manifest);
        MUST(manifest_read("again", first.text, first.size, "/k", &arena,
                           &again, NULL) == 0);
        manifest_write(&second, &again);
        MUST(strcmp(first.text, second.text) == 0);
    }
    strbuf_clear(&first);
    strbuf_clear(&second);
    arena_clear(&arena);
}

static void check_maps(const char *text, size_t size)
{
    struct kept_file library = {.name = "l", .path = "/k/lib/l"};
    const struct kept_program kept = {
        .exec = "/k/bin/p", .library = &library, .n_libraries = 1};
    struct error err = {0};
    int rc = programs_check_mapped("fuzz", text, size, &kept, NULL, 0, &err);

    MUST((rc == 0) == (err.code == ERR_OK));
}

static void check_script(const char *text, size_t size)
{
    struct arena arena = {0};
    struct error err = {0};
    const char *path = NULL, *library_path = NULL;
    int rc =
        script_interpreter("fuzz", text, size, "/bin", &arena, &path, &err);

    MUST((rc == 0) == (err.code == ERR_OK));
    MUST(path && (path[0] == '\0' || rc == 0));
    if (script_is_libtool("/nowhere/prog", text, size, &arena, &path,
                          &library_path))
        MUST(path && library_path);
    arena_clear(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size ? size : 1);

    MUST(text);
    if (size)
        memcpy(text, data, size);
    check_list(text, size);
    check_manifest(text, size);
    check_maps(text, size);
    check_script(text, size);
    free(text);
    return 0;
}
