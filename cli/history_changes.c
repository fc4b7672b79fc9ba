/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/history_changes.h"

#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "stats/mann_whitney.h"
#include "stats/trend.h"

static const double confidence = 0.95;
enum { DRIFT_LEAST = 8 }; /* points that can carry a trend */

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for changes");
}

/* --- names */

int change_key_of(const char *suite, const struct history_line *line, size_t at,
                  struct arena *arena, struct change_key *out,
                  struct error *err)
{
    const struct history_point *p = &line->point[at];

    *out = (struct change_key){
        .suite = suite,
        .id = line->id,
        .metric = line->metric,
        .machine_key = line->machine_key,
        .branch = line->branch,
        .revision =
            *p->revision ? p->revision : arena_printf(arena, "@%s", p->created),
    };
    return out->revision ? 0 : no_memory(err);
}

void change_name(const struct change_key *key, char out[CHANGE_NAME])
{
    const char *const part[] = {key->suite,       key->id,     key->metric,
                                key->machine_key, key->branch, key->revision};
    struct hash hash;
    char hex[HASH_HEX];

    hash_init(&hash);
    for (size_t i = 0; i < sizeof part / sizeof *part; i++)
        hash_add(&hash, part[i], strlen(part[i]) + 1);
    hash_end(&hash, hex);
    memcpy(out, hex, CHANGE_NAME - 1);
    out[CHANGE_NAME - 1] = '\0';
}

/* --- finding */

/* The points that can be looked at. */
struct series_view {
    double *x;
    size_t *index; /* into the line */
    size_t n;
    size_t *cut; /* where a new version begins */
    size_t n_cuts;
    bool logs;
};

static int64_t version_of(const struct series_point *p)
{
    return p->occasion[p->n_occasions - 1].version;
}

static int gather(const struct history_line *line,
                  const struct history_source *source, struct arena *arena,
                  struct series_view *out, struct error *err)
{
    out->x = arena_alloc(arena, line->n, sizeof *out->x);
    out->index = arena_alloc(arena, line->n, sizeof *out->index);
    out->cut = arena_alloc(arena, line->n, sizeof *out->cut);
    if (!out->x || !out->index || !out->cut)
        return no_memory(err);
    out->logs = true;
    for (size_t i = 0; i < line->n; i++) {
        size_t last = out->n ? out->index[out->n - 1] : i;

        if (!isfinite(line->point[i].value))
            continue;
        if (version_of(&source->point[i]) != version_of(&source->point[last]))
            out->cut[out->n_cuts++] = out->n;
        out->logs &= line->point[i].value > 0;
        out->index[out->n] = i;
        out->x[out->n++] = line->point[i].value;
    }
    return 0;
}

/* The ends of the level that point `at` belongs to. */
static void level_of(const struct series_view *view,
                     const struct change *change, size_t n_changes, size_t at,
                     size_t *from, size_t *to)
{
    *from = 0;
    *to = view->n;
    for (size_t i = 0; i < n_changes; i++) {
        if (change[i].at <= at && change[i].at > *from)
            *from = change[i].at;
        if (change[i].at > at && change[i].at < *to)
            *to = change[i].at;
    }
    for (size_t i = 0; i < view->n_cuts; i++) {
        if (view->cut[i] <= at && view->cut[i] > *from)
            *from = view->cut[i];
        if (view->cut[i] > at && view->cut[i] < *to)
            *to = view->cut[i];
    }
}

static int logs_of(const struct series_view *view, size_t from, size_t to,
                   struct arena *arena, double **out, struct error *err)
{
    *out = arena_alloc(arena, to - from, sizeof **out);
    if (!*out)
        return no_memory(err);
    for (size_t i = from; i < to; i++)
        (*out)[i - from] = log(view->x[i]);
    return 0;
}

/* The interval of the ratio: Hodges-Lehmann between the two levels. */
static int fill_interval(const struct series_view *view,
                         const struct change *all, size_t n, size_t i,
                         struct arena *arena, struct history_change *out,
                         struct error *err)
{
    size_t from, at = all[i].at, to, end;
    struct rank_interval shift;
    double *before, *after;
    int rc;

    if (!view->logs)
        return 0;
    level_of(view, all, n, at - 1, &from, &end);
    level_of(view, all, n, at, &end, &to);
    rc = logs_of(view, from, at, arena, &before, err);
    if (rc == 0)
        rc = logs_of(view, at, to, arena, &after, err);
    if (rc == 0)
        rc = stats_shift(before, at - from, after, to - at, confidence, &shift,
                         err);
    if (rc < 0 || shift.open)
        return rc;
    out->low = fmin(exp(shift.low), out->ratio);
    out->high = fmax(exp(shift.high), out->ratio);
    out->confidence = shift.confidence;
    return 0;
}

static int keep_change(const char *suite, struct history_line *line, size_t at,
                       const struct change *from, struct arena *arena,
                       struct history_change *out, struct error *err)
{
    char *name = arena_alloc(arena, CHANGE_NAME, 1);
    struct change_key key;
    int rc = change_key_of(suite, line, at, arena, &key, err);

    if (rc < 0 || !name)
        return rc < 0 ? rc : no_memory(err);
    change_name(&key, name);
    *out = (struct history_change){.name = name,
                                   .at = at,
                                   .ratio = from->ratio,
                                   .low = NAN,
                                   .high = NAN,
                                   .confidence = NAN,
                                   .p = from->p,
                                   .provisional = from->provisional,
                                   .ack = "",
                                   .ack_author = "",
                                   .ack_created = ""};
    return 0;
}

static int keep_changes(const char *suite, struct history_line *line,
                        const struct series_view *view,
                        const struct change *found, size_t n,
                        struct arena *arena, struct error *err)
{
    int rc = 0;

    line->change = arena_alloc(arena, n, sizeof *line->change);
    if (!line->change)
        return no_memory(err);
    for (size_t i = 0; i < n && rc == 0; i++) {
        struct history_change *to = &line->change[i];

        rc = keep_change(suite, line, view->index[found[i].at], &found[i],
                         arena, to, err);
        if (rc == 0)
            rc = fill_interval(view, found, n, i, arena, to, err);
        line->n_changes += rc == 0;
    }
    return rc;
}

/* Does the last level drift? */
static int fill_drift(struct history_line *line, const struct series_view *view,
                      const struct change *found, size_t n, struct arena *arena,
                      struct error *err)
{
    struct trend trend;
    size_t from, to;
    double *x;
    int rc;

    level_of(view, found, n, view->n - 1, &from, &to);
    if (!view->logs || to - from < DRIFT_LEAST)
        return 0;
    rc = logs_of(view, from, to, arena, &x, err);
    if (rc == 0)
        rc = stats_trend(NULL, x, to - from, confidence, &trend, err);
    if (rc == 0) {
        line->drift = exp(trend.slope);
        line->drift_p = trend.p_two;
    }
    return rc;
}

int history_changes_find(const char *suite, struct history_line *line,
                         const struct history_source *source,
                         const struct change_policy *policy,
                         struct arena *arena, struct error *err)
{
    struct series_view view = {.n = 0};
    struct change *found;
    size_t n = 0;
    int rc = gather(line, source, arena, &view, err);

    if (rc < 0 || view.n == 0)
        return rc;
    found = arena_alloc(arena, view.n, sizeof *found);
    if (!found)
        return no_memory(err);
    rc = change_find(view.x, view.n, view.cut, view.n_cuts, policy, found, &n,
                     err);
    if (rc == 0)
        rc = keep_changes(suite, line, &view, found, n, arena, err);
    if (rc == 0)
        rc = fill_drift(line, &view, found, n, arena, err);
    if (rc == 0 && n == 0 && view.n < 2 * policy->least)
        line->why_none =
            arena_printf(arena, "fewer than %zu points", 2 * policy->least);
    return rc < 0 || line->why_none ? rc : no_memory(err);
}

/* --- what was said */

static bool same_text(const char *key, const char *text)
{
    return *key == '\0' || strcmp(key, text) == 0;
}

/* Is a point near `at` the one the key names? */
static bool is_near(const struct history_line *line, size_t at,
                    const char *revision)
{
    size_t from = at > CHANGE_NEAR ? at - CHANGE_NEAR : 0;

    for (size_t i = from; i < line->n && i <= at + CHANGE_NEAR; i++) {
        const struct history_point *p = &line->point[i];

        if (*p->revision
                ? strcmp(p->revision, revision) == 0
                : revision[0] == '@' && strcmp(p->created, revision + 1) == 0)
            return true;
    }
    return false;
}

bool change_key_fits(const struct change_key *key, double key_ratio,
                     const struct history_line *line, size_t at, double ratio)
{
    return strcmp(key->id, line->id) == 0 &&
           strcmp(key->metric, line->metric) == 0 &&
           same_text(key->machine_key, line->machine_key) &&
           same_text(key->branch, line->branch) &&
           (isnan(key_ratio) || (key_ratio > 1) == (ratio > 1)) &&
           is_near(line, at, key->revision);
}

static void mark(struct history_line *line, const struct change_ack *ack)
{
    for (size_t i = 0; i < line->n_changes; i++) {
        struct history_change *c = &line->change[i];

        if (!change_key_fits(&ack->key, ack->ratio, line, c->at, c->ratio))
            continue;
        c->ack = ack->reason;
        c->ack_author = ack->author;
        c->ack_created = ack->created;
    }
}

int history_changes_acks(struct store *store, const char *suite,
                         struct history_lines *lines, struct arena *arena,
                         struct error *err)
{
    struct change_ack *ack;
    size_t n;
    int rc = history_acks(store, suite, arena, &ack, &n, err);

    for (size_t i = 0; i < n && rc == 0; i++)
        for (size_t k = 0; k < lines->n; k++)
            mark(&lines->line[k], &ack[i]);
    return rc;
}
