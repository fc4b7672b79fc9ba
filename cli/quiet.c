/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/quiet.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/json_read.h"
#include "base/scope.h"

enum { BYTES_MAX = 1 << 20 };

static const char schema[] = "tare/noise/1";

static const char *path_in(const char *folder, struct arena *arena)
{
    return arena_printf(arena, "%s/noise.json", folder);
}

int quiet_keep(const char *folder, const char *key,
               const struct topology *topology,
               const struct doctor_report *report, struct arena *arena,
               const char **path, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};
    struct json json = {.out = &text};
    int rc = file_make_folders(folder, err);

    *path = path_in(folder, arena);
    if (rc < 0)
        return rc;
    json_object(&json);
    json_set_string(&json, "schema", schema);
    json_set_string(&json, "machine", key);
    json_key(&json, "cores");
    json_list(&json);
    for (size_t u = 0; u < topology->n_units; u++) {
        json_object(&json);
        json_set_int(&json, "pu", topology->unit[u].pu[0]);
        json_set_double(&json, "noise", report->noise[u]);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    if (!*path || text.failed)
        return ERROR(err, ERR_NOMEM, "no memory for %s", folder);
    return file_write_atomic(*path, strbuf_text(&text), text.size, err);
}

static bool read_core(const struct json_value *cores, int pu, double *out)
{
    const struct json_value *core = cores ? cores->first : NULL;

    for (; core; core = core->next) {
        double noise = json_get_number(core, "noise", NAN);

        if (json_get_number(core, "pu", -1) == pu && noise >= 0 && noise <= 1) {
            *out = noise;
            return true;
        }
    }
    return false;
}

const double *quiet_known(const char *folder, const char *key,
                          const struct topology *topology, struct arena *arena)
{
    SCOPED(free_scoped) char *text = NULL;
    const char *path = path_in(folder, arena);
    const struct json_value *root;
    double *noise;
    size_t size;

    if (!path || file_read(path, BYTES_MAX, &text, &size, NULL) < 0 ||
        json_read(path, text, size, arena, &root, NULL) < 0 ||
        strcmp(json_get_text(root, "schema", ""), schema) != 0 ||
        strcmp(json_get_text(root, "machine", ""), key) != 0)
        return NULL;
    noise = arena_alloc(arena, topology->n_units, sizeof *noise);
    for (size_t u = 0; noise && u < topology->n_units; u++)
        if (!read_core(json_get(root, "cores"), topology->unit[u].pu[0],
                       &noise[u]))
            return NULL;
    return noise;
}
