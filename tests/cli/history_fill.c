/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fills a store with runs made up by a shell test:
 *     history_fill FILE SUITE <runs
 * with lines
 *     run CREATED REVISION BRANCH MACHINE      begins a run; "-" stands for ""
 *     gate, tests                              the same of another kind
 *     case ID METRIC UNIT BETTER VALUE...      a value for each invocation
 *     verdict ID METRIC VERDICT RATIO          of a gate
 *     test ID OUTCOME NANOSECONDS MESSAGE      of tests
 *     ends                                     prints how the runs ended, the
 *                                              newest first: NUMBER EXIT_STATUS
 */
#include <config.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/results.h"
#include "store/outcomes.h"
#include "store/runs.h"
#include "store/verdicts.h"

enum { WORDS_MAX = 64, VERDICTS_MAX = 16 };

struct filler {
    struct store *store;
    const char *suite;
    int64_t run; /* 0: none is open */
    char created[32];
    struct stored_verdict verdict[VERDICTS_MAX];
    size_t n_verdicts;
};

static void give_up(const char *what, const struct error *err)
{
    fprintf(stderr, "history_fill: %s: %s\n", what, err->text);
    exit(2);
}

static const char *text_of(const char *word)
{
    return strcmp(word, "-") == 0 ? "" : word;
}

static void end_run(struct filler *f)
{
    struct error err = {0};

    if (!f->run)
        return;
    if (f->n_verdicts &&
        verdicts_put(f->store, f->run, f->verdict, f->n_verdicts, &err) < 0)
        give_up("verdicts", &err);
    for (size_t i = 0; i < f->n_verdicts; i++)
        free((char *)f->verdict[i].id);
    f->n_verdicts = 0;
    if (runs_finish(f->store, f->run, RUN_COMPLETE, f->created, 0, &err) < 0)
        give_up("runs_finish", &err);
    f->run = 0;
}

static void begin_run(struct filler *f, enum run_kind kind, char **word)
{
    const struct occasion occasion = {.created = word[1],
                                      .revision = text_of(word[2]),
                                      .branch = text_of(word[3]),
                                      .machine_key = text_of(word[4])};
    const struct run_plan plan = {
        .kind = kind, .suite = f->suite, .occasion = &occasion};
    struct error err = {0};

    end_run(f);
    snprintf(f->created, sizeof f->created, "%s", word[1]);
    if (runs_begin(f->store, &plan, &f->run, &err) < 0)
        give_up("runs_begin", &err);
}

static void add_case(struct filler *f, char **word, int n)
{
    struct measured_metric metric = {.name = word[2], .unit = word[3], .n = 1};
    const struct measured m = {
        .id = word[1], .metric = &metric, .n_metrics = 1};
    struct error err = {0};

    if (better_parse(word[4], &metric.better) < 0)
        give_up(word[4], &err);
    for (int i = 5; i < n; i++) {
        double value = strtod(word[i], NULL);

        metric.sample = &value;
        if (runs_add(f->store, f->run, &m, &err) < 0)
            give_up("runs_add", &err);
    }
}

static void add_outcome(struct filler *f, char **word)
{
    const struct stored_outcome outcome = {
        .id = word[1],
        .outcome = word[2],
        .setup_ns = -1,
        .call_ns = strtoll(word[3], NULL, 10),
        .teardown_ns = -1,
        .worker = "w0",
        .cpu = 1,
        .tags = "unit",
        .message = text_of(word[4]),
        .output = "",
        .usage = {-1, -1, -1, -1, -1, -1, -1},
    };
    struct error err = {0};

    if (outcomes_add(f->store, f->run, &outcome, &err) < 0)
        give_up("outcomes_add", &err);
}

static void add_verdict(struct filler *f, char **word)
{
    f->verdict[f->n_verdicts++] = (struct stored_verdict){
        .id = strdup(word[1]),
        .metric = "time",
        .unit = "ns",
        .verdict =
            strcmp(word[3], "regressed") == 0 ? "regressed" : "unchanged",
        .reason = "",
        .mode = "interleaved",
        .ratio = strtod(word[4], NULL),
        .low = strtod(word[4], NULL) - 0.01,
        .high = strtod(word[4], NULL) + 0.01,
        .confidence = 0.95,
        .p = NAN,
        .p_adjusted = NAN,
        .mde = NAN,
        .margin = 0.02,
        .pairs = 10,
        .detail = ""};
}

static void print_ends(struct filler *f)
{
    const struct run_filter filter = {.suite = f->suite};
    struct arena arena = {0};
    struct run_info *info;
    struct error err = {0};
    size_t n;

    end_run(f);
    if (runs_list(f->store, &filter, &arena, &info, &n, &err) < 0)
        give_up("runs_list", &err);
    for (size_t i = 0; i < n; i++)
        printf("%lld %d\n", (long long)info[i].run, info[i].exit_status);
    arena_clear(&arena);
}

static int split(char *line, char **word)
{
    int n = 0;

    for (char *w; (w = strtok_r(line, " \n", &line)) && n < WORDS_MAX;)
        word[n++] = w;
    return n;
}

int main(int argc, char **argv)
{
    struct filler filler = {.suite = argc > 2 ? argv[2] : ""};
    struct error err = {0};
    char line[4096], *word[WORDS_MAX];

    if (argc < 2 || store_open(argv[1], STORE_WRITE, &filler.store, &err) < 0)
        give_up("store_open", &err);
    while (fgets(line, sizeof line, stdin)) {
        int n = split(line, word);

        if (n >= 5 && strcmp(word[0], "run") == 0)
            begin_run(&filler, RUN_KIND_RUN, word);
        else if (n >= 5 && strcmp(word[0], "gate") == 0)
            begin_run(&filler, RUN_KIND_GATE, word);
        else if (n >= 5 && strcmp(word[0], "tests") == 0)
            begin_run(&filler, RUN_KIND_TEST, word);
        else if (n >= 5 && strcmp(word[0], "test") == 0)
            add_outcome(&filler, word);
        else if (n >= 6 && strcmp(word[0], "case") == 0)
            add_case(&filler, word, n);
        else if (n >= 5 && strcmp(word[0], "verdict") == 0 &&
                 filler.n_verdicts < VERDICTS_MAX)
            add_verdict(&filler, word);
        else if (n == 1 && strcmp(word[0], "ends") == 0)
            print_ends(&filler);
        else
            give_up(line, &err);
    }
    end_run(&filler);
    store_close(filler.store);
    return 0;
}
