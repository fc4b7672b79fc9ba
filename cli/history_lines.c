/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/history_lines.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "config/select.h"
#include "stats/signed_rank.h"
#include "store/runs.h"

static const double confidence = 0.95;
static const char everything[] = "all";

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a history");
}

/* --- places: a machine with a branch */

struct places {
    struct history_other *place; /* newest first */
    size_t n;
    bool *chosen;
};

static int add_run(struct places *places, const struct run_info *run,
                   struct arena *arena, struct error *err)
{
    for (size_t i = 0; i < places->n; i++) {
        struct history_other *p = &places->place[i];

        if (strcmp(p->machine_key, run->machine_key) == 0 &&
            strcmp(p->branch, run->branch) == 0) {
            p->runs++;
            return 0;
        }
    }
    places->place =
        arena_grow(arena, places->place, places->n, sizeof *places->place);
    if (!places->place)
        return no_memory(err);
    places->place[places->n++] =
        (struct history_other){run->machine_key, run->branch, 1};
    return 0;
}

/* Wherever finished runs of the suite were. */
static int find_places(struct store *store, const char *suite,
                       struct arena *arena, struct places *out,
                       struct error *err)
{
    const struct run_filter filter = {.suite = suite};
    struct run_info *run;
    size_t n;
    int rc = runs_list(store, &filter, arena, &run, &n, err);

    for (size_t i = 0; i < n && rc == 0; i++)
        if (run[i].status != RUN_UNFINISHED && !run[i].no_history)
            rc = add_run(out, &run[i], arena, err);
    if (rc == 0 && out->n == 0) {
        ERROR_AT(err, ERR_EMPTY, store_path(store), 0, 0,
                 "there is no finished run%s%s%s here", *suite ? " of '" : "",
                 suite, *suite ? "'" : "");
        error_help(err, "'tare run' and 'tare test' store runs");
        return ERR_EMPTY;
    }
    return rc;
}

static bool fits(const char *wanted, const char *there, bool beginning)
{
    if (!wanted || strcmp(wanted, everything) == 0)
        return true;
    return beginning ? strncmp(wanted, there, strlen(wanted)) == 0
                     : strcmp(wanted, there) == 0;
}

static int nowhere(const struct history_wish *wish, const struct places *places,
                   struct error *err)
{
    const char *word = wish->branch ? wish->branch : wish->machine;
    struct nearest nearest = {.word = word};

    for (size_t i = 0; i < places->n; i++)
        nearest_try(&nearest, wish->branch ? places->place[i].branch
                                           : places->place[i].machine_key);
    if (wish->branch && wish->machine)
        ERROR(err, ERR_USAGE, "no run is of machine '%s' and branch '%s'",
              wish->machine, wish->branch);
    else
        ERROR(err, ERR_USAGE, "no run is of %s '%s'",
              wish->branch ? "branch" : "machine", word);
    if (nearest_found(&nearest))
        return error_help(err, "did you mean '%s'? 'all' takes every one",
                          nearest_found(&nearest));
    return error_help(err,
                      "the newest is of machine %.12s, branch '%s'; 'all' "
                      "takes every one",
                      places->place[0].machine_key, places->place[0].branch);
}

/* What is not said is as in the newest run that fits what is said. */
static int choose_places(const struct history_wish *wish, struct places *places,
                         struct arena *arena, struct error *err)
{
    const struct history_other *newest = NULL;

    places->chosen = arena_alloc(arena, places->n, sizeof *places->chosen);
    if (!places->chosen)
        return no_memory(err);
    for (size_t i = 0; i < places->n; i++) {
        const struct history_other *p = &places->place[i];

        if (!fits(wish->machine, p->machine_key, true) ||
            !fits(wish->branch, p->branch, false))
            continue;
        newest = newest ? newest : p;
        places->chosen[i] =
            (wish->machine ||
             strcmp(p->machine_key, newest->machine_key) == 0) &&
            (wish->branch || strcmp(p->branch, newest->branch) == 0);
    }
    return newest ? 0 : nowhere(wish, places, err);
}

static int keep_others(const struct places *places, struct arena *arena,
                       struct history_lines *out, struct error *err)
{
    out->other = arena_alloc(arena, places->n, sizeof *out->other);
    if (!out->other)
        return no_memory(err);
    for (size_t i = 0; i < places->n; i++)
        if (!places->chosen[i])
            out->other[out->n_others++] = places->place[i];
    return 0;
}

/* --- names: a case with a metric */

static bool same_case(const struct history_name *a,
                      const struct history_name *b)
{
    return strcmp(a->id, b->id) == 0;
}

static bool is_main(const char *metric)
{
    return strcmp(metric, "time") == 0 || strcmp(metric, "duration") == 0;
}

static bool id_wanted(const struct history_wish *wish, const char *id)
{
    for (size_t i = 0; i < wish->n_globs; i++)
        if (id_matches(wish->glob[i], id))
            return true;
    return wish->n_globs == 0 && (id[0] != '@' || strcmp(id, "@suite") == 0 ||
                                  strncmp(id, "@suite[", 7) == 0);
}

/* Keep of name[0..n-1], all of one case, what is wanted; returns how many. */
static size_t choose_metrics(const struct history_wish *wish,
                             struct history_name *name, size_t n)
{
    bool has_main = false;
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        has_main |= is_main(name[i].metric);
    for (size_t i = 0; i < n; i++) {
        const char *metric = name[i].metric;
        bool again = kept && strcmp(name[kept - 1].metric, metric) == 0;
        bool wanted = wish->metric ? fnmatch(wish->metric, metric, 0) == 0
                      : name[i].id[0] == '@' ? true
                      : has_main             ? is_main(metric)
                                             : i == 0;

        if (wanted && !again) /* a unit that changed is one name */
            name[kept++] = name[i];
    }
    return kept;
}

static int nothing_fits(const struct history_wish *wish,
                        const struct history_name *name, size_t n,
                        struct error *err)
{
    struct nearest nearest = {.word = wish->n_globs ? wish->glob[0] : ""};

    for (size_t i = 0; i < n; i++)
        nearest_try(&nearest, name[i].id);
    if (wish->n_globs && wish->metric)
        ERROR(err, ERR_EMPTY, "no case '%s' has a history of '%s'",
              wish->glob[0], wish->metric);
    else if (wish->n_globs)
        ERROR(err, ERR_EMPTY, "no case '%s' has a history", wish->glob[0]);
    else if (wish->metric)
        ERROR(err, ERR_EMPTY, "no case has a history of '%s'", wish->metric);
    else
        ERROR(err, ERR_EMPTY, "no case has a history");
    if (wish->n_globs && nearest_found(&nearest))
        return error_help(err, "did you mean '%s'?", nearest_found(&nearest));
    return error_help(err, "'tare history' alone lists the cases; --metric '*' "
                           "shows every metric");
}

static int find_names(struct store *store, const struct history_wish *wish,
                      struct arena *arena, struct history_name **out, size_t *n,
                      struct error *err)
{
    struct history_name *name;
    size_t all, kept = 0;
    int rc = history_names(store, wish->suite, arena, &name, &all, err);

    if (rc < 0)
        return rc;
    for (size_t from = 0, to; from < all; from = to) {
        size_t chosen;

        for (to = from + 1; to < all && same_case(&name[from], &name[to]);)
            to++;
        chosen = id_wanted(wish, name[from].id)
                     ? choose_metrics(wish, name + from, to - from)
                     : 0;
        if (chosen == 0)
            continue;
        memmove(name + kept, name + from, chosen * sizeof *name);
        kept += chosen;
    }
    *out = name;
    *n = kept;
    return kept ? 0 : nothing_fits(wish, name, all, err);
}

/* --- points */

/* The interval of one occasion about its median; false when open. */
static bool occasion_interval(const struct series_occasion *o,
                              struct arena *arena, struct rank_interval *out)
{
    double *x = arena_alloc(arena, o->n, sizeof *x);
    bool logs = true;

    if (!x || o->n == 0)
        return false;
    for (size_t i = 0; i < o->n; i++)
        logs &= o->median[i] > 0;
    for (size_t i = 0; i < o->n; i++)
        x[i] = logs ? log(o->median[i]) : o->median[i];
    if (stats_centre(x, o->n, confidence, out, NULL) < 0 || out->open)
        return false;
    if (logs) {
        out->low = exp(out->low);
        out->high = exp(out->high);
    }
    return true;
}

/* Of several occasions the interval spans theirs. */
static void point_interval(const struct series_point *from, struct arena *arena,
                           struct history_point *to)
{
    struct rank_interval in;
    double low = to->value, high = to->value, worst = 1;

    for (size_t i = 0; i < from->n_occasions; i++) {
        if (!occasion_interval(&from->occasion[i], arena, &in))
            return;
        low = fmin(low, in.low);
        high = fmax(high, in.high);
        worst = fmin(worst, in.confidence);
    }
    to->low = low;
    to->high = high;
    to->confidence = worst;
}

static struct history_point make_point(const struct series_point *from,
                                       bool interval)
{
    struct history_point p = {.revision = from->revision,
                              .created = from->created,
                              .dirty = from->dirty,
                              .value = from->value,
                              .low = NAN,
                              .high = NAN,
                              .confidence = NAN,
                              .occasions = from->n_occasions};
    struct arena scratch = {0};

    for (size_t i = 0; i < from->n_occasions; i++) {
        p.invocations += from->occasion[i].n;
        p.run = from->occasion[i].run; /* the newest is the last */
    }
    if (interval)
        point_interval(from, &scratch, &p);
    arena_clear(&scratch);
    return p;
}

/* Where a line begins. */
static size_t first_point(const struct series *series,
                          const struct history_wish *wish)
{
    size_t i = 0;

    if (!wish->from)
        return 0;
    for (i = 0; i < series->n; i++)
        if (strncmp(series->point[i].revision, wish->from,
                    strlen(wish->from)) == 0)
            return i;
    for (i = 0; i < series->n && wish->since; i++)
        if (strcmp(series->point[i].created, wish->since) >= 0)
            break;
    return i;
}

static int fill_line(const struct series *series, size_t from,
                     const struct history_other *place, bool intervals,
                     struct arena *arena, struct history_line *line,
                     struct error *err)
{
    size_t n = series->n - from;

    *line = (struct history_line){
        .id = series->id,
        .metric = series->metric,
        .unit = series->unit,
        .better = series->better,
        .machine_key = place->machine_key,
        .branch = place->branch,
        .point = arena_alloc(arena, n, sizeof *line->point),
        .n = n,
        .drift = NAN,
        .drift_p = NAN,
        .baseline = NAN,
        .why_none = "",
    };
    if (!line->point)
        return no_memory(err);
    for (size_t i = 0; i < n; i++)
        line->point[i] =
            make_point(&series->point[from + i], intervals || i + 1 == n);
    return 0;
}

static int add_line(struct store *store, const struct history_wish *wish,
                    const struct history_other *place,
                    const struct history_name *name, struct arena *arena,
                    struct history_lines *out, struct error *err)
{
    const struct series_filter filter = {.suite = name->suite,
                                         .id = name->id,
                                         .metric = name->metric,
                                         .branch = place->branch,
                                         .machine_key = place->machine_key,
                                         .since =
                                             wish->from ? NULL : wish->since,
                                         .clean = wish->clean};
    struct series series;
    size_t from;
    int rc = history_series(store, &filter, arena, &series, err);

    if (rc < 0 || series.n == 0)
        return rc;
    from = first_point(&series, wish);
    if (from == series.n)
        return 0;
    rc = fill_line(&series, from, place, wish->intervals, arena,
                   &out->line[out->n], err);
    if (rc == 0)
        out->source[out->n++] = (struct history_source){
            place->machine_key, place->branch, series.point + from};
    return rc;
}

static int add_lines(struct store *store, const struct history_wish *wish,
                     const struct places *places,
                     const struct history_name *name, size_t n,
                     struct arena *arena, struct history_lines *out,
                     struct error *err)
{
    size_t chosen = 0;

    for (size_t i = 0; i < places->n; i++)
        chosen += places->chosen[i];
    out->line = arena_alloc(arena, chosen * n, sizeof *out->line);
    out->source = arena_alloc(arena, chosen * n, sizeof *out->source);
    if (!out->line || !out->source)
        return no_memory(err);
    for (size_t i = 0; i < places->n; i++)
        for (size_t k = 0; k < n && places->chosen[i]; k++) {
            size_t at = out->all++;
            int rc = 0;

            if (at >= wish->first &&
                (!wish->most || at - wish->first < wish->most))
                rc = add_line(store, wish, &places->place[i], &name[k], arena,
                              out, err);
            if (rc < 0)
                return rc;
        }
    return 0;
}

int history_lines_load(struct store *store, const struct history_wish *wish,
                       struct arena *arena, struct history_lines *out,
                       struct error *err)
{
    struct history_lines lines = {.n = 0};
    struct places places = {.n = 0};
    struct history_name *name;
    size_t n;
    int rc = find_places(store, wish->suite, arena, &places, err);

    if (rc == 0)
        rc = choose_places(wish, &places, arena, err);
    if (rc == 0)
        rc = find_names(store, wish, arena, &name, &n, err);
    if (rc == 0)
        rc = keep_others(&places, arena, &lines, err);
    if (rc == 0)
        rc = add_lines(store, wish, &places, name, n, arena, &lines, err);
    if (rc < 0)
        return rc;
    if (lines.n == 0 && !wish->most) {
        ERROR(err, ERR_EMPTY,
              "no point of the selected cases is on this "
              "machine and branch%s",
              wish->since ? " since then" : "");
        return error_help(err, "--machine all and --branch all look "
                               "everywhere");
    }
    *out = lines;
    return 0;
}
