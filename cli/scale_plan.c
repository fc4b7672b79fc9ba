/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which numbers of workers, and what is scaled. */
#include <config.h>

#include "cli/scale.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/strbuf.h"
#include "cli/command_cases.h"
#include "cli/counting.h"

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a plan");
}

/* ---- counts */

/* -n has numbers. */
static bool are_named(const struct scaling *scaling)
{
    const struct options *o = &scaling->session->cli->options;

    return o->counts.n > 0 || o->workers > 0;
}

static size_t given_counts(const struct options *o, struct scale_count *out)
{
    if (o->counts.n == 0 && o->workers > 0) {
        out[0].n = (int)o->workers;
        return 1;
    }
    for (size_t i = 0; i < o->counts.n; i++)
        out[i].n = o->counts.item[i];
    return o->counts.n;
}

static int check_wish(const struct scaling *scaling, struct error *err)
{
    const struct options *o = &scaling->session->cli->options;

    if (o->workers < 0) {
        ERROR(err, ERR_USAGE, "-n logical is one number of workers");
        return error_help(err, "-n auto takes the machine's break points, the "
                               "logical processors among them");
    }
    if (o->workers > 0 && !scaling->old) {
        ERROR(err, ERR_USAGE, "%lld is nothing to compare with",
              (long long)o->workers);
        return error_help(err, "give several: -n 1,%lld",
                          (long long)(o->workers > 1 ? o->workers : 2));
    }
    return 0;
}

static int only_one(const struct scaling *scaling, struct error *err)
{
    if (scaling->settings.n_counts > 1 || scaling->old)
        return 0;
    ERROR(err, ERR_RANGE,
          "this machine lets one worker run: there is nothing "
          "to compare");
    error_help(err, "-n 1,2 --oversubscribe compares all the same, and marks "
                    "every figure");
    return ERR_USAGE;
}

/* The threads that benchmarks declare are counts too where none were named, as
 * far as there is a core for each. */
static size_t add_threads(struct scaling *scaling, size_t n, int most)
{
    const struct session *session = scaling->session;

    if (most > (int)session->topology->n_units)
        most = (int)session->topology->n_units;

    for (size_t i = 0; i < session->catalog.n; i++) {
        int threads = (int)session->catalog.item[i].said.threads;
        size_t at = 0;

        while (at < n && scaling->count[at].n < threads)
            at++;
        if (threads < 1 || threads > most || n == SCALE_COUNTS_MAX ||
            (at < n && scaling->count[at].n == threads))
            continue;
        memmove(&scaling->count[at + 1], &scaling->count[at],
                (n - at) * sizeof *scaling->count);
        scaling->count[at] = (struct scale_count){.n = threads};
        n++;
    }
    return n;
}

static void set_counts(struct scaling *scaling, size_t n)
{
    scaling->settings.n_counts = n;
    for (size_t i = 0; i < n; i++)
        scaling->n[i] = scaling->count[i].n;
}

static int decide(struct scaling *scaling, struct error *err)
{
    struct session *session = scaling->session;
    const struct options *o = &session->cli->options;
    size_t n = given_counts(o, scaling->count);

    if (n == 0)
        n = scale_counts_auto(session->topology, scaling->count);
    set_counts(scaling, n);
    scaling->n_base = n;
    return only_one(scaling, err);
}

/* What the record and the fixtures are told: where the largest count runs. */
static int list_cpus(struct scaling *scaling, struct error *err)
{
    struct session *session = scaling->session;
    const struct scale_count *largest =
        &scaling->count[scaling->settings.n_counts - 1];

    session->placement = largest->placement;
    session->cpu = scale_cpus(largest, &session->arena, &session->n_cpus);
    return session->cpu ? 0 : no_memory(err);
}

int scale_plan_counts(struct scaling *scaling, struct error *err)
{
    struct session *session = scaling->session;
    int rc = check_wish(scaling, err);

    scaling->count =
        arena_alloc(&session->arena, SCALE_COUNTS_MAX, sizeof *scaling->count);
    scaling->n =
        arena_alloc(&session->arena, SCALE_COUNTS_MAX, sizeof *scaling->n);
    if (!scaling->count || !scaling->n)
        return no_memory(err);
    scaling->settings.count = scaling->n;
    if (rc == 0)
        rc = session_topology(session, err);
    if (rc == 0)
        rc = session_require(session, err);
    return rc < 0 ? rc : decide(scaling, err);
}

static int place_counts(struct scaling *scaling, struct error *err)
{
    struct session *session = scaling->session;
    size_t n = scaling->settings.n_counts;
    struct placement_policy policy;
    int rc = session_policy(session, &policy, err);

    if (!are_named(scaling))
        set_counts(scaling, add_threads(scaling, n, scaling->n[n - 1]));
    if (rc == 0)
        rc = scale_counts_place(session->topology, &policy, scaling->count,
                                scaling->settings.n_counts, &session->arena,
                                err);
    return rc < 0 ? rc : list_cpus(scaling, err);
}

/* ---- series */

static struct scaled *add_series(struct scaling *scaling, enum scale_kind kind,
                                 const char *id)
{
    struct arena *arena = &scaling->session->arena;
    size_t n = scaling->settings.n_counts;
    struct scaled *all =
        arena_grow(arena, scaling->scaled, scaling->n_scaled, sizeof *all);
    struct scaled one = {
        .kind = kind,
        .id = id,
        .has = arena_alloc(arena, n, sizeof *one.has),
        .c = arena_alloc(arena, n, sizeof *one.c),
        .piece = "",
    };

    for (int side = 0; side < SCALE_SIDES; side++)
        one.subject[side] = arena_alloc(arena, n, sizeof **one.subject);
    if (!all || !one.has || !one.c || !one.subject[0] || !one.subject[1])
        return NULL;
    scaling->scaled = all;
    all[scaling->n_scaled] = one;
    return &all[scaling->n_scaled++];
}

/* Counts that `auto` took for the threads of a benchmark are that one's. */
static bool is_everyones(const struct scaling *scaling, size_t c)
{
    return scaling->count[c].breaks || are_named(scaling);
}

static bool has_old(const struct scaling *scaling, const struct catalog_case *c)
{
    return !scaling->old || opponents_find(&scaling->opponents, c) != NULL;
}

static int set_case(struct scaling *scaling, struct scaled *s, size_t count,
                    const struct catalog_case *c, struct error *err)
{
    struct session *session = scaling->session;
    const struct subject *mine = session_subject(session, c);

    if (!mine)
        return no_memory(err);
    s->has[count] = true;
    s->c[count] = c;
    s->subject[SCALE_NEW][count] = mine;
    if (!scaling->old)
        return 0;
    s->subject[SCALE_OLD][count] =
        opponents_subject(session, &scaling->opponents,
                          opponents_find(&scaling->opponents, c), mine);
    return s->subject[SCALE_OLD][count] ? 0 : no_memory(err);
}

/* "push[n=5,threads=2]" without its number of threads; NULL when it declares
 * none. */
static const char *without_threads(struct arena *arena, const char *id)
{
    static const char key[] = "threads=";
    const char *open = strchr(id, '['), *at = open ? strstr(open, key) : NULL;
    const char *rest;

    while (at && at[-1] != '[' && at[-1] != ',')
        at = strstr(at + 1, key);
    if (!at)
        return NULL;
    rest = at + strcspn(at, ",]");
    if (at[-1] == '[' && *rest == ']')
        return arena_printf(arena, "%.*s%s", (int)(open - id), id, rest + 1);
    if (*rest == ',')
        return arena_printf(arena, "%.*s%s", (int)(at - id), id, rest + 1);
    return arena_printf(arena, "%.*s%s", (int)(at - 1 - id), id, rest);
}

static int add_threaded(struct scaling *scaling, const struct catalog_case *c,
                        const char *base, struct error *err)
{
    struct scaled *s = NULL;

    for (size_t i = 0; i < scaling->n_scaled && !s; i++)
        if (scaling->scaled[i].base &&
            strcmp(scaling->scaled[i].base, base) == 0)
            s = &scaling->scaled[i];
    if (!s)
        s = add_series(scaling, SCALE_THREADS, base);
    if (!s)
        return no_memory(err);
    s->base = base;
    for (size_t k = 0; k < scaling->settings.n_counts; k++)
        if (scaling->n[k] == c->said.threads)
            return set_case(scaling, s, k, c, err);
    return 0;
}

static int add_copies(struct scaling *scaling, const struct catalog_case *c,
                      struct error *err)
{
    struct scaled *s = add_series(scaling, SCALE_COPIES, c->id);
    int rc = s ? 0 : no_memory(err);

    for (size_t k = 0; k < scaling->settings.n_counts && rc == 0; k++)
        if (is_everyones(scaling, k))
            rc = set_case(scaling, s, k, c, err);
    return rc;
}

/* The cases of a series stand together; the first that is selected brings all.
 */
static int add_command(struct scaling *scaling,
                       const struct command_case *command, struct error *err)
{
    struct session *session = scaling->session;
    size_t i = (size_t)(command - session->command), first = i;
    const char *id;
    struct scaled *s;
    int rc;

    while (first > 0 && session->command[first - 1].command == command->command)
        first--;
    first += (i - first) / scaling->n_base * scaling->n_base;
    rc = scale_command_id(scaling, &session->command[first], &id, err);
    if (rc < 0)
        return rc;
    for (size_t k = 0; k < scaling->n_scaled; k++)
        if (scaling->scaled[k].kind == SCALE_COMMAND &&
            strcmp(scaling->scaled[k].id, id) == 0)
            return 0;
    s = add_series(scaling, SCALE_COMMAND, id);
    rc = s ? 0 : no_memory(err);
    first += session->first_command;
    for (size_t k = 0; k < scaling->settings.n_counts && rc == 0; k++)
        if (is_everyones(scaling, k))
            rc = set_case(scaling, s, k, &session->catalog.item[first++], err);
    return rc;
}

static int add_benchmark(struct scaling *scaling, const struct catalog_case *c,
                         struct error *err)
{
    struct session *session = scaling->session;
    const struct command_case *command = command_case_of(session, c);
    const char *base;

    if (!has_old(scaling, c))
        return 0;
    if (command && scale_takes_count(command))
        return add_command(scaling, command, err);
    base = command ? NULL : without_threads(&session->arena, c->id);
    return base ? add_threaded(scaling, c, base, err)
                : add_copies(scaling, c, err);
}

/* ---- tests */

static int plan_old_tests(struct scaling *scaling, struct error *err)
{
    struct arena *arena = &scaling->session->arena;
    struct test_suite *old = &scaling->tests[SCALE_OLD];
    const struct opponents *opponents = &scaling->opponents;
    size_t n = scaling->tests[SCALE_NEW].n;
    const struct catalog_case **c = arena_alloc(arena, n, sizeof *c);
    struct live_test *test = arena_alloc(arena, n, sizeof *test);
    struct schedule_item *item = arena_alloc(arena, n, sizeof *item);
    size_t *program = arena_alloc(arena, n, sizeof *program);

    *old = scaling->tests[SCALE_NEW];
    if (!c || !test || !item || !program)
        return no_memory(err);
    for (size_t i = 0; i < n; i++) {
        const struct catalog_case *theirs =
            opponents_find(opponents, old->c[i]);

        c[i] = old->c[i]; /* ids, and what tare.yaml says */
        test[i] = old->test[i];
        item[i] = old->item[i];
        test[i].name = theirs->said.name;
        test[i].program = item[i].program = program[i] = theirs->program;
    }
    old->c = c;
    old->test = test;
    old->item = item;
    old->program = program;
    old->host = opponents->program;
    old->n_hosts = opponents->n;
    return 0;
}

static int add_suite(struct scaling *scaling, struct error *err)
{
    struct session *session = scaling->session;
    struct test_suite *tests = &scaling->tests[SCALE_NEW];
    struct scaled *s;
    const char *name = session->suite->name;
    int rc = test_suite_prepare(tests, session, err);

    if (rc < 0)
        return rc;
    if (tests->schedule.dist == DIST_NO) {
        ERROR(err, ERR_USAGE, "with dist 'no' tests have one worker");
        return error_help(err, "say --dist lpt, or measure something else");
    }
    if (!*name)
        name = session->n_programs == 1 ? session->program[0].name : "tests";
    s = add_series(scaling, SCALE_TESTS, name);
    if (!s)
        return no_memory(err);
    s->pieces = (double)tests->n;
    s->piece = "tests";
    for (size_t k = 0; k < scaling->settings.n_counts; k++)
        s->has[k] = is_everyones(scaling, k);
    return scaling->old ? plan_old_tests(scaling, err) : 0;
}

/* ---- all */

/* Tests alone, as `tare test` would select them. */
static int split_selection(struct scaling *scaling, size_t **benchmarks,
                           size_t *n, struct error *err)
{
    struct session *session = scaling->session;
    size_t tests = 0;

    *n = 0;
    *benchmarks =
        arena_alloc(&session->arena, session->n_selected, sizeof **benchmarks);
    if (!*benchmarks)
        return no_memory(err);
    for (size_t i = 0; i < session->n_selected; i++) {
        const struct catalog_case *c =
            &session->catalog.item[session->selected[i]];

        if (c->said.kind != CASE_TEST)
            (*benchmarks)[(*n)++] = session->selected[i];
        else if (has_old(scaling, c))
            session->selected[tests++] = session->selected[i];
    }
    session->n_selected = tests;
    return 0;
}

static size_t counts_of(const struct scaling *scaling, const struct scaled *s)
{
    size_t n = 0;

    for (size_t c = 0; c < scaling->settings.n_counts; c++)
        n += s->has[c];
    return n;
}

/* Series with one count have nothing to say. */
static size_t drop_single(struct scaling *scaling)
{
    size_t kept = 0;

    for (size_t i = 0; i < scaling->n_scaled; i++) {
        struct scaled *s = &scaling->scaled[i];

        if (counts_of(scaling, s) >= (scaling->old ? 1 : 2))
            scaling->scaled[kept++] = *s;
        else
            fprintf(stderr,
                    "warning: %s is left out: of its numbers of threads -n "
                    "names %s\n",
                    s->id, counts_of(scaling, s) ? "one" : "none");
    }
    scaling->n_scaled = kept;
    return kept;
}

static int nothing(const struct scaling *scaling, struct error *err)
{
    if (scaling->old) {
        ERROR(err, ERR_EMPTY, "'%s' has none of the selected cases",
              scaling->session->cli->options.against);
        return error_help(err, "the old program must hold cases of the same "
                               "names");
    }
    ERROR(err, ERR_USAGE, "nothing has two of these numbers of threads");
    return error_help(err, "name numbers that its .threads declares");
}

static int fill_cases(struct scaling *scaling, struct error *err)
{
    struct arena *arena = &scaling->session->arena;
    size_t n = scaling->n_scaled;

    scaling->series = arena_alloc(arena, n, sizeof *scaling->series);
    scaling->cases = arena_alloc(arena, n, sizeof *scaling->cases);
    if (!scaling->series || !scaling->cases)
        return no_memory(err);
    for (size_t i = 0; i < n; i++)
        scaling->series[i] = (struct scale_series){
            .has = scaling->scaled[i].has, .old = scaling->old};
    return 0;
}

int scale_plan_series(struct scaling *scaling, struct error *err)
{
    struct session *session = scaling->session;
    size_t *benchmarks, n = 0;
    int rc = place_counts(scaling, err);

    if (rc == 0)
        rc = split_selection(scaling, &benchmarks, &n, err);

    if (rc == 0 && session->n_selected)
        rc = add_suite(scaling, err);
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = add_benchmark(scaling, &session->catalog.item[benchmarks[i]], err);
    if (rc < 0)
        return rc;
    return drop_single(scaling) ? fill_cases(scaling, err)
                                : nothing(scaling, err);
}
