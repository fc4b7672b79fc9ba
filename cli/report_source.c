/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/report_source.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/scope.h"
#include "cli/record.h"
#include "report/gate_stored.h"
#include "report/scale.h"
#include "report/tests_stored.h"

/* --- a stored run */

static bool read_time(const char *text, time_t *out)
{
    struct tm utc = {0};
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc);

    *out = end && !*end ? timegm(&utc) : 0;
    return end && !*end;
}

/* To the second, which is what the store has. */
static double wall_of(const struct run_info *info)
{
    time_t from, to;

    if (!read_time(info->created, &from) || !read_time(info->finished, &to) ||
        to < from)
        return NAN;
    return difftime(to, from);
}

/* "CPU 1", as the run itself said it. */
static const char *place_of(const struct occasion *occasion,
                            struct arena *arena)
{
    const char *cpus = facts_get(&occasion->plan, "cpus");
    bool many = cpus && strpbrk(cpus, ",-");

    return cpus ? arena_printf(arena, "CPU%s %s", many ? "s" : "", cpus) : NULL;
}

/* The rows live as long as the session, and so longer than the document. */
static int load_gate(struct session *session, struct store *store,
                     const struct run_info *info, struct document *out,
                     struct error *err)
{
    struct stored_verdict *row;
    size_t n;
    int rc = verdicts_load(store, info->run, &session->arena, &row, &n, err);

    if (rc == 0)
        rc = gate_from_stored(info->uuid, row, n, out, err);
    if (rc == 0)
        rc = runs_load(store, info->run, SIDE_NEW, &out->results, err);
    if (rc < 0)
        return rc;
    out->gate.suite = out->results->name;
    out->gate.now = &out->results->occasion[0];
    out->gate.run = info->run;
    out->gate.interrupted |= info->status == RUN_INTERRUPTED;
    if (!out->gate.place)
        out->gate.place = place_of(out->gate.now, &out->arena);
    return 0;
}

/* "2/5" of the plan, as the run noted it. */
static int load_shard(struct store *store, const struct run_info *info,
                      struct document *out, struct error *err)
{
    struct test_shard *shard = &out->tests.shard;
    const char *text, *plan;
    int rc = runs_load(store, info->run, SIDE_NEW, &out->results, err);

    if (rc < 0)
        return rc;
    text = facts_get(&out->results->occasion[0].plan, "shard");
    plan = facts_get(&out->results->occasion[0].plan, "shard_plan");
    if (text && plan && strchr(text, '/'))
        *shard = (struct test_shard){
            .index = strtoll(text, NULL, 10),
            .count = strtoll(strchr(text, '/') + 1, NULL, 10),
            .plan = plan};
    return 0;
}

static int load_tests(struct store *store, const struct run_info *info,
                      struct document *out, struct error *err)
{
    struct stored_outcome *row;
    struct stored_crew crew;
    size_t n;
    int rc = outcomes_load(store, info->run, &out->arena, &row, &n, err);

    if (rc == 0)
        rc = crew_load(store, info->run, &out->arena, &crew, err);

    out->kind = DOCUMENT_TESTS;
    out->tests = (struct test_report){
        .suite = arena_strdup(&out->arena, info->suite),
        .seed = info->seed,
        .run = info->run,
        .interrupted = info->status == RUN_INTERRUPTED,
    };
    if (rc == 0 && !out->tests.suite)
        rc = ERROR(err, ERR_NOMEM, "no memory for a report");
    if (rc == 0)
        rc = load_shard(store, info, out, err);
    return rc < 0 ? rc
                  : tests_from_stored(row, n, &crew, &out->arena, &out->tests,
                                      err);
}

static int load_results(struct store *store, const struct run_info *info,
                        struct document *out, struct error *err)
{
    int rc = runs_load(store, info->run, SIDE_NEW, &out->results, err);

    out->kind = DOCUMENT_RUN;
    out->run = info->run;
    out->wall_s = wall_of(info);
    out->interrupted = info->status == RUN_INTERRUPTED;
    out->resumes = info->kind == RUN_KIND_RUN;
    return rc;
}

static int load_run(struct session *session, struct store *store,
                    const struct run_info *info, struct document *out,
                    struct error *err)
{
    switch (info->kind) {
    case RUN_KIND_GATE:
    case RUN_KIND_COMPARE:
        return load_gate(session, store, info, out, err);
    case RUN_KIND_TEST:
        return load_tests(store, info, out, err);
    default:
        return load_results(store, info, out, err);
    }
}

static int read_run(struct session *session, const char *word,
                    struct document *out, struct error *err)
{
    struct store *store = NULL;
    struct run_info info;
    int64_t run;
    int rc = store_open(record_store_path(session), STORE_READ, &store, err);

    if (rc == 0)
        rc = runs_find(store, word, &run, err);
    if (rc == 0)
        rc = runs_get(store, run, &session->arena, &info, err);
    if (rc == 0)
        rc = load_run(session, store, &info, out, err);
    store_close(store);
    return rc;
}

int report_source_scale(struct session *session, struct store *store,
                        const char *word, const char **json, struct error *err)
{
    struct stored_verdict *row = NULL;
    struct run_info info;
    int64_t run;
    size_t n = 0;
    int rc = runs_find(store, word, &run, err);

    *json = NULL;
    if (rc == 0)
        rc = runs_get(store, run, &session->arena, &info, err);
    if (rc == 0 && info.kind == RUN_KIND_SCALE)
        rc = verdicts_load(store, run, &session->arena, &row, &n, err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        if (strcmp(row[i].id, SCALE_DOCUMENT) == 0)
            *json = row[i].detail;
    return rc;
}

/* --- a document */

static int read_file(const char *path, struct document *out, struct error *err)
{
    SCOPED(free_scoped) char *text = NULL;
    size_t size;
    int rc = file_read(path, DOCUMENT_MAX_BYTES, &text, &size, err);

    if (rc == 0)
        rc = document_read(path, text, size, out, err);
    if (rc == ERR_PARSE)
        error_help(err, "name a file written with --format json");
    return rc;
}

/* "12", "last", "last~1": what the store would take for a run. */
static bool looks_like_run(const char *word)
{
    return strspn(word, "0123456789") == strlen(word) ||
           strcmp(word, "last") == 0 || strncmp(word, "last~", 5) == 0;
}

int report_source_read(struct session *session, const char *word,
                       struct document *out, struct error *err)
{
    bool named = strncmp(word, "run:", 4) == 0;
    bool file = !named && file_exists(word);

    *out = (struct document){.wall_s = NAN};
    if (file && looks_like_run(word)) {
        ERROR(err, ERR_USAGE, "'%s' is a run and a file", word);
        return error_help(err, "write run:%s for the run or ./%s for the file",
                          word, word);
    }
    if (!file && (strchr(word, '/') || strchr(word, '.'))) {
        ERROR_AT(err, ERR_EMPTY, word, 0, 0, "is not there");
        return error_help(err, "name a stored run (run:12, last) or a file "
                               "written with --format json");
    }
    return file ? read_file(word, out, err) : read_run(session, word, out, err);
}
