/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Google Benchmark's JSON with ids of ours. */
#include <config.h>

#include <string.h>

#include "adapt/gbench_parts.h"
#include "adapt/import_formats.h"

static bool recognise(const struct import *im)
{
    return gbench_is_document(im->root);
}

/* The executable's name as tare.yaml would call it. */
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static int read_document(struct import *im)
{
    int rc = gbench_fill(im);
    const char *program = im->results->name;

    program = import_program(im, *program ? last_part(program) : "gbench");
    for (size_t i = 0; i < im->results->n_cases && rc == 0; i++) {
        struct case_results *c = &im->results->cases[i];
        const char *id = import_id(im, program, c->id, NULL);

        rc = id ? import_rename(im, i, id, program) : im->err->code;
    }
    return rc;
}

const struct import_format import_google_benchmark = {
    .name = "google-benchmark",
    .reads = "JSON of --benchmark_out",
    .recognise = recognise,
    .read_json = read_document,
};
