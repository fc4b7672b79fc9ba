/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptions of processes, as the guardian reads them. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "runner/process/spawn.h"
#include "tests/fuzz/target.h"

/* What was read can be written, and is then the same bytes: there is one form
 * of every description. */
static void check_round_trip(const struct spawn *spawn, const uint8_t *data,
                             size_t size)
{
    struct strbuf bytes = {0};
    int rc = spawn_pack(spawn, &bytes, NULL);

    MUST(rc == 0 && bytes.size == size);
    MUST(memcmp(bytes.text, data, size) == 0);
    strbuf_clear(&bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *bytes = target_copy(data, size);
    struct arena arena = {0};
    struct spawn spawn = {0};
    struct error err = {0};
    int rc;

    rc = spawn_unpack("fuzz", bytes, size, &arena, &spawn, &err);
    MUST((rc == 0) == (spawn.path != NULL));
    MUST((rc == 0) == (err.code == ERR_OK));
    if (rc == 0)
        check_round_trip(&spawn, data, size);
    arena_clear(&arena);
    free(bytes);
    return 0;
}
