/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/record.h"

#include <math.h>

#include "cli/history_alerts.h"
#include "cli/occasion.h"
#include "report/gate_stored.h"

const char *record_store_path(struct session *session)
{
    const struct options *options = &session->cli->options;

    return options->db ? options->db
                       : session_path(session, session->suite->history.store);
}

/* A full disk or a read-only folder must not cost the measurement. */
static void give_up_store(struct record *record, struct error *why)
{
    fprintf(stderr, "warning: this run is not stored: %s%s%s\n", why->file,
            *why->file ? ": " : "", why->text);
    store_close(record->store);
    record->store = NULL;
}

int record_begin(struct record *record, struct session *session,
                 enum run_kind kind, const struct occasion *occasion,
                 int64_t revision_time, struct error *err)
{
    const char *path = record_store_path(session);
    const struct options *options = &session->cli->options;
    struct run_plan plan = {
        .kind = kind,
        .suite = session->suite->name,
        .occasion = occasion,
        .revision_time = revision_time,
        .argv = options->operand,
        .argc = options->n_operands,
        .no_history = kind == RUN_KIND_COMPARE, /* of any two things */
    };
    struct error why = {0};

    *record = (struct record){.session = session};
    if (!path)
        return ERROR(err, ERR_NOMEM, "no memory for a path");
    if (store_open(path, STORE_WRITE, &record->store, &why) < 0 ||
        runs_begin(record->store, &plan, &record->run, &why) < 0)
        give_up_store(record, &why);
    return 0;
}

static int reopen(struct record *record, struct session *session,
                  struct results **results, struct error *err)
{
    struct run_info info;
    int rc = runs_find(record->store, "last", &record->run, err);

    if (rc == 0)
        rc = runs_get(record->store, record->run, &session->arena, &info, err);
    if (rc < 0)
        return rc;
    if (info.kind != RUN_KIND_RUN ||
        (info.status != RUN_UNFINISHED && info.status != RUN_INTERRUPTED)) {
        ERROR(err, ERR_EMPTY, "the newest run (run:%lld) is complete",
              (long long)record->run);
        return error_help(err, "there is nothing to resume; run without "
                               "--resume");
    }
    rc = runs_load(record->store, record->run, SIDE_NEW, results, err);
    return rc < 0 ? rc : runs_reopen(record->store, record->run, err);
}

int record_resume(struct record *record, struct session *session,
                  struct results **results, struct error *err)
{
    const char *path = record_store_path(session);
    int rc;

    *record = (struct record){.session = session};
    if (!path)
        return ERROR(err, ERR_NOMEM, "no memory for a path");
    rc = store_open(path, STORE_WRITE, &record->store, err);
    return rc < 0 ? rc : reopen(record, session, results, err);
}

enum { METRICS_MAX = 256 };

int record_invocation_of(struct record *record, enum run_side side,
                         const struct results *results, size_t i, size_t k,
                         struct error *err)
{
    const struct case_results *c = &results->cases[i];
    struct measured_metric metric[METRICS_MAX];
    struct measured m = {.id = c->id,
                         .side = side,
                         .iterations = c->iterations,
                         .metric = metric};
    struct error why = {0};

    (void)err;
    if (!record->store)
        return 0;
    for (size_t j = 0; j < c->n_metrics && m.n_metrics < METRICS_MAX; j++) {
        const struct invocations *in =
            &c->metric[j].occasion[results->n_occasions - 1];

        if (k < in->n)
            metric[m.n_metrics++] = (struct measured_metric){
                .name = c->metric[j].name,
                .unit = c->metric[j].unit,
                .better = c->metric[j].better,
                .sample = in->invocation[k].sample,
                .n = in->invocation[k].n,
            };
    }
    if (runs_add(record->store, record->run, &m, &why) < 0)
        give_up_store(record, &why);
    return 0;
}

int record_case(struct record *record, enum run_side side,
                const struct results *results, size_t i, struct error *err)
{
    struct error why = {0};

    (void)err;
    if (record->store && runs_set_case(record->store, record->run, side,
                                       &results->cases[i], &why) < 0)
        give_up_store(record, &why);
    return 0;
}

void record_figure(struct record *record, const char *id, const char *metric,
                   const char *unit, enum better better, double value)
{
    struct error why = {0};

    if (record->store && isfinite(value) &&
        runs_add_figure(record->store, record->run, id, metric, unit, better,
                        value, &why) < 0)
        give_up_store(record, &why);
}

void record_document(struct record *record, const char *id, const char *json)
{
    const struct stored_verdict row = document_row(id, json);
    struct error why = {0};

    if (record->store &&
        verdicts_put(record->store, record->run, &row, 1, &why) < 0)
        give_up_store(record, &why);
}

/* A rule that cannot be looked at must not cost the run, but is said. */
static size_t raise_alerts(const struct record *record)
{
    struct error why = {0};
    size_t failing = 0;

    if (history_alerts_raise(record->session, record->store, record->run,
                             &failing, &why) < 0)
        fprintf(stderr, "warning: alerts were not looked at: %s\n", why.text);
    return failing;
}

static enum run_status how_ended(enum cli_exit status)
{
    return status == CLI_INTERRUPTED  ? RUN_INTERRUPTED
           : status == CLI_UNMEASURED ? RUN_FAILED
                                      : RUN_COMPLETE;
}

static void finish(struct record *record, const char *now, enum cli_exit status)
{
    struct error why = {0};

    if (runs_finish(record->store, record->run, how_ended(status), now,
                    (int)status, &why) < 0)
        give_up_store(record, &why);
}

/* Only a finished run is part of the history that alerts look at, so it is
 * finished again where they make its status worse. */
static enum cli_exit end_with_alerts(struct record *record, const char *now,
                                     enum cli_exit status)
{
    enum cli_exit worse = status;
    size_t failing;

    finish(record, now, status);
    failing = record->store ? raise_alerts(record) : 0;
    if (failing) {
        worse = cli_worst(status, CLI_REGRESSED);
        fprintf(stderr,
                "error: %zu change%s in the history fail%s this run\n"
                "help: see 'tare history'; 'tare history ack' accepts\n",
                failing, failing == 1 ? "" : "s", failing == 1 ? "s" : "");
    }
    if (worse != status)
        finish(record, now, worse);
    return worse;
}

int record_end(struct record *record, enum cli_exit *status, struct error *err)
{
    struct arena arena = {0};
    const char *now = occasion_now(&arena);
    int rc = now ? 0 : ERROR(err, ERR_NOMEM, "no memory for a date");

    if (rc == 0 && record->store)
        *status = end_with_alerts(record, now, *status);
    store_close(record->store);
    record->store = NULL;
    arena_clear(&arena);
    return rc;
}
