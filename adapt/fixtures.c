/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who wants which fixtures, and the loop that makes them. */
#include <config.h>

#include "adapt/fixtures.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "adapt/fixture_one.h"
#include "base/scope.h"

enum { WAIT_MS = 20 }; /* between looks at limits, while none ends */

struct fixture_set {
    struct fixtures *fixtures;
    size_t place;
    struct one **one; /* what is needed stands before who needs it */
    size_t n;
    struct arena arena;
};

struct fixtures {
    struct fixtures_options options;
    struct slot **slot; /* of each place, then of the session; NULL: not yet */
    struct one *first;  /* the newest first */
};

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for fixtures");
}

const struct fixtures_options *fixtures_settings(const struct fixtures *f)
{
    return &f->options;
}

int fixtures_open(const struct fixtures_options *options, struct fixtures **out,
                  struct error *err)
{
    struct fixtures *f = calloc(1, sizeof *f);

    if (f)
        f->slot = calloc(options->n_places + 1, sizeof *f->slot);
    if (!f || !f->slot) {
        free(f);
        return no_memory(err);
    }
    f->options = *options;
    *out = f;
    return 0;
}

/* ---- places */

static int slot_of(struct fixtures *f, size_t place, struct slot **out,
                   struct error *err)
{
    const struct fixtures_options *o = &f->options;
    bool session = place == o->n_places;
    const struct fixture_place *p = &o->place[session ? 0 : place];
    struct slot_options options = {
        .worker = session ? "session" : p->worker,
        .workers = o->n_places,
        .cpus = p->cpus,
        .n_cpus = p->n_cpus,
        .port_base =
            session ? guardian_ports(o->guardian, PORTS_SESSION) : p->port_base,
        .tmpdir = o->tmpdir,
    };
    int rc = 0;

    if (!f->slot[place])
        rc = slot_open(o->guardian, &options, &f->slot[place], err);
    *out = f->slot[place];
    return rc;
}

/* ---- instances */

static bool is_shared(enum fixture_scope scope)
{
    return scope != FIXTURE_CASE && scope != FIXTURE_BATCH;
}

static bool is_over(const struct one *one)
{
    return one->phase == ONE_DOWN || one->leaving;
}

/* The one that serves this place and program already. */
static struct one *find_shared(const struct fixtures *f,
                               const struct fixture *fixture, size_t place,
                               long program)
{
    for (struct one *one = f->first; one; one = one->next)
        if (one->fixture == fixture && !is_over(one) && one->place == place &&
            one->program == program)
            return one;
    return NULL;
}

/* The newest of this fixture there, which has to be over before the next. */
static struct one *find_before(const struct fixtures *f,
                               const struct fixture *fixture, size_t place)
{
    for (struct one *one = f->first; one; one = one->next)
        if (one->fixture == fixture && one->place == place)
            return one;
    return NULL;
}

static struct one *in_set(const struct fixture_set *set,
                          const struct fixture *fixture)
{
    for (size_t i = 0; i < set->n; i++)
        if (set->one[i]->fixture == fixture)
            return set->one[i];
    return NULL;
}

static int new_one(struct fixtures *f, const struct fixture *fixture,
                   size_t place, long program, struct one **out,
                   struct error *err)
{
    struct one *one = calloc(1, sizeof *one);
    int rc;

    if (!one)
        return no_memory(err);
    rc = slot_of(f, place, &one->slot, err);
    if (rc < 0) {
        free(one);
        return rc;
    }
    one->fixture = fixture;
    one->place = place;
    one->program = program;
    one->before = find_before(f, fixture, place);
    one->next = f->first;
    f->first = one;
    *out = one;
    return 0;
}

static int want_one(struct fixture_set *set, const struct fixture *fixture,
                    long program, struct error *err);

/* What it needs is wanted by the set too, and so stands before it. */
static int link_needs(struct fixture_set *set, struct one *one, long program,
                      struct error *err)
{
    const struct words *needs = &one->fixture->needs;

    one->needs = arena_alloc(&one->arena, needs->n, sizeof *one->needs);
    if (!one->needs)
        return no_memory(err);
    for (size_t i = 0; i < needs->n; i++) {
        const struct fixture *need =
            suite_fixture(set->fixtures->options.suite, needs->word[i]);
        int rc = want_one(set, need, program, err);

        if (rc < 0)
            return rc;
        one->needs[one->n_needs++] = in_set(set, need);
    }
    return 0;
}

static int add_to_set(struct fixture_set *set, struct one *one,
                      struct error *err)
{
    struct one **all = arena_grow(&set->arena, set->one, set->n, sizeof *all);

    if (!all)
        return no_memory(err);
    set->one = all;
    all[set->n++] = one;
    one->wanted++;
    return 0;
}

/* Depth-first over what it needs; the suite has checked that there is no
 * cycle. */
static int want_one(struct fixture_set *set, const struct fixture *fixture,
                    long program, struct error *err)
{
    struct fixtures *f = set->fixtures;
    bool session = fixture->scope == FIXTURE_SESSION;
    size_t place = session ? f->options.n_places : set->place;
    long owner =
        fixture->scope == FIXTURE_PROGRAM ? program : FIXTURES_ANY_PROGRAM;
    struct one *one;
    int rc;

    if (in_set(set, fixture))
        return 0;
    one = is_shared(fixture->scope) ? find_shared(f, fixture, place, owner)
                                    : NULL;
    if (!one) {
        rc = new_one(f, fixture, place, owner, &one, err);
        if (rc == 0)
            rc = link_needs(set, one, program, err);
        return rc < 0 ? rc : add_to_set(set, one, err);
    }
    for (size_t i = 0; i < fixture->needs.n; i++) {
        rc = want_one(set,
                      suite_fixture(f->options.suite, fixture->needs.word[i]),
                      program, err);
        if (rc < 0)
            return rc;
    }
    return add_to_set(set, one, err);
}

int fixtures_want(struct fixtures *fixtures, size_t place, long program,
                  const char *const *name, size_t n, struct fixture_set **out,
                  struct error *err)
{
    struct fixture_set *set = calloc(1, sizeof *set);
    int rc = 0;

    if (!set)
        return no_memory(err);
    set->fixtures = fixtures;
    set->place = place;
    for (size_t i = 0; i < n && rc == 0; i++)
        rc = want_one(set, suite_fixture(fixtures->options.suite, name[i]),
                      program, err);
    if (rc < 0) {
        fixture_set_leave(set);
        return rc;
    }
    *out = set;
    return 0;
}

void fixture_set_leave(struct fixture_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->n; i++) {
        struct one *one = set->one[i];

        one->wanted--;
        one->leaving = one->leaving || !is_shared(one->fixture->scope);
    }
    arena_clear(&set->arena);
    free(set);
}

/* ---- what a set says */

enum fixture_state fixture_set_state(const struct fixture_set *set)
{
    enum fixture_state state = FIXTURE_READY;

    for (size_t i = 0; i < set->n; i++) {
        const struct one *one = set->one[i];

        if (one->phase == ONE_BAD)
            return one->skips ? FIXTURE_SKIPS : FIXTURE_FAILED;
        if (one->phase != ONE_UP)
            state = FIXTURE_PENDING;
    }
    return state;
}

const char *fixture_set_message(const struct fixture_set *set)
{
    for (size_t i = 0; i < set->n; i++)
        if (set->one[i]->phase == ONE_BAD)
            return set->one[i]->message;
    return "";
}

char *const *fixture_set_env(struct fixture_set *set)
{
    const struct fixtures_options *o = &set->fixtures->options;
    struct recipe_words env = {.n = 0};
    bool good = recipe_words_add(&set->arena, &env,
                                 arena_printf(&set->arena, "TARE_PORT_BASE=%u",
                                              o->place[set->place].port_base));

    for (size_t i = 0; i < set->n; i++)
        for (size_t k = 0; k < set->one[i]->exports.n && good; k++)
            good = recipe_words_add(&set->arena, &env,
                                    set->one[i]->exports.word[k]);
    return good ? (char *const *)env.word : NULL;
}

void fixture_set_logs(const struct fixture_set *set, size_t lines,
                      struct strbuf *out)
{
    char text[400];

    for (size_t i = 0; i < set->n; i++) {
        const struct one *one = set->one[i];

        if (one->log.fd <= 0)
            continue;
        capture_last_lines(&one->log, lines, text, sizeof text);
        if (text[0])
            strbuf_printf(out, "; fixture '%s' said: %s", one->fixture->name,
                          text);
    }
}

/* ---- going on */

bool fixtures_needed(const struct fixtures *fixtures, const struct one *one)
{
    for (const struct one *o = fixtures->first; o; o = o->next) {
        if (o->phase == ONE_DOWN || o->phase == ONE_BAD)
            continue;
        for (size_t i = 0; i < o->n_needs; i++)
            if (o->needs[i] == one)
                return true;
    }
    return false;
}

static bool is_mentioned(const struct fixtures *f, const struct one *one)
{
    for (const struct one *o = f->first; o; o = o->next) {
        if (o->before == one)
            return true;
        for (size_t i = 0; i < o->n_needs; i++)
            if (o->needs[i] == one)
                return true;
    }
    return false;
}

/* Those that are down and that nobody looks at any more. */
static void forget(struct fixtures *f)
{
    struct one **at = &f->first;

    while (*at) {
        struct one *one = *at;
        bool over =
            one->phase == ONE_DOWN || (one->phase == ONE_BAD && one->leaving);

        if (over && one->wanted == 0 && !one->complained &&
            !is_mentioned(f, one)) {
            *at = one->next;
            one_free(f, one);
        } else {
            at = &one->next;
        }
    }
}

int fixtures_step(struct fixtures *fixtures, struct error *err)
{
    int rc = guardian_pump(fixtures->options.guardian, err);
    bool moved = true;

    while (moved && rc == 0) {
        moved = false;
        for (struct one *one = fixtures->first; one && rc == 0; one = one->next)
            rc = one_step(fixtures, one, &moved, err);
    }
    if (rc == 0)
        forget(fixtures);
    return rc;
}

bool fixtures_idle(const struct fixtures *fixtures)
{
    for (const struct one *one = fixtures->first; one; one = one->next)
        if (one_is_busy(one))
            return false;
    return true;
}

int fixtures_doze(struct fixtures *fixtures, int stop_fd, struct error *err)
{
    struct watch watch = {.stop_fd = stop_fd};
    struct pollfd p = {.fd = guardian_fd(fixtures->options.guardian),
                       .events = POLLIN};
    struct error late = {0};
    int rc;

    watch = watch_within(&watch, (int64_t)WAIT_MS * 1000000);
    rc = watch_poll(&watch, &p, 1, &late);
    if (rc > 0 || rc == ERR_TIMEOUT)
        return 0;
    if (err)
        *err = late;
    return rc;
}

int fixtures_wait(struct fixtures *fixtures, const struct fixture_set *set,
                  int stop_fd, struct error *err)
{
    int rc = fixtures_step(fixtures, err);

    while (rc == 0 && fixture_set_state(set) == FIXTURE_PENDING) {
        rc = fixtures_doze(fixtures, stop_fd, err);
        if (rc == 0)
            rc = fixtures_step(fixtures, err);
    }
    return rc;
}

int fixtures_settle(struct fixtures *fixtures, struct error *err)
{
    int rc = fixtures_step(fixtures, err);

    while (rc == 0 && !fixtures_idle(fixtures)) {
        rc = fixtures_doze(fixtures, -1, err);
        if (rc == 0)
            rc = fixtures_step(fixtures, err);
    }
    return rc;
}

void fixtures_close(struct fixtures *fixtures, struct strbuf *complaints)
{
    struct error ignored = {0};

    if (!fixtures)
        return;
    for (struct one *one = fixtures->first; one; one = one->next)
        one->leaving = true;
    fixtures_settle(fixtures, &ignored);
    while (fixtures->first) {
        struct one *one = fixtures->first;

        if (one->complained && complaints)
            strbuf_printf(complaints, "%s\n", one->message);
        fixtures->first = one->next;
        one_free(fixtures, one);
    }
    for (size_t i = 0; i <= fixtures->options.n_places; i++)
        slot_close(fixtures->slot[i]);
    free(fixtures->slot);
    free(fixtures);
}
