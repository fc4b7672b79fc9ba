/* SPDX-License-Identifier: MIT */
/* Fixtures: the definitions, the stack of what stands, and set-up on demand. */
#include <config.h>

#include "bench/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/crash.h"

enum fixture_stage {
    STAGE_IDLE = 0,
    STAGE_ENTERING,
    STAGE_READY,
    STAGE_FAILED
};

/* Of one fixture in this process.  Made at registration-time lookups in the
 * parent, so that forked tests need no memory of their own. */
struct state {
    enum fixture_stage stage;
    void *value;
    enum tarei_outcome outcome;     /* when it failed: failed or skipped */
    struct tare_fixture_def *below; /* the stack */
    char *given;                    /* copy of another process's value */
    struct tare context;
    struct tare_fixture_def def; /* a copy, later members are zero */
};

static struct tare_fixture_def *first, **last = &first;
static struct tare_fixture_def *top; /* of the stack */

void tare_register_fixture_(struct tare_fixture_def *def)
{
    def->next_ = NULL;
    *last = def;
    last = &def->next_;
}

/* NULL when there is no memory. */
static struct state *state_of(struct tare_fixture_def *def)
{
    struct state *state = def->state_;

    if (state)
        return state;
    state = calloc(1, sizeof *state);
    if (state)
        memcpy(&state->def, def,
               def->size < sizeof state->def ? def->size : sizeof state->def);
    def->state_ = state;
    return state;
}

static struct tare_fixture_def *find(const char *name, size_t length)
{
    for (struct tare_fixture_def *def = first; def; def = def->next_)
        if (strlen(def->name) == length && memcmp(def->name, name, length) == 0)
            return def;
    return NULL;
}

static const char *needs_of(struct tare_fixture_def *def)
{
    struct state *state = state_of(def);

    return state ? state->def.needs : NULL;
}

/* The library's process is all it sees of a worker. */
static int effective_scope(const struct tare_fixture_def *def)
{
    return def->scope == TARE_WORKER ? TARE_PROGRAM : def->scope;
}

/* ---- messages */

static int unknown(const char *place, const char *what, const char *name,
                   size_t length, char problem[REGISTRY_TEXT])
{
    const char *names[256], *near;
    char wanted[100];
    size_t n = 0;

    snprintf(wanted, sizeof wanted, "%.*s", (int)length, name);
    for (struct tare_fixture_def *def = first; def && n < 256; def = def->next_)
        names[n++] = def->name;
    near = n ? tarei_nearest(wanted, names, n) : NULL;
    snprintf(
        problem, REGISTRY_TEXT,
        "%s: error: '%.100s' needs fixture '%s', which is not defined%s%s%s",
        place, what, wanted, near ? "; the nearest is '" : "", near ? near : "",
        near ? "'" : "");
    return -1;
}

static int wrong(const struct tare_fixture_def *def, const char *what,
                 const char *detail, char problem[REGISTRY_TEXT])
{
    snprintf(problem, REGISTRY_TEXT, "%s:%d: error: fixture '%.100s' %s%.100s",
             def->file, def->line, def->name, what, detail);
    return -1;
}

/* ---- set-up */

static void call_setup(struct tare *f, void *arg)
{
    struct state *state = arg;

    state->value = state->def.setup(f);
}

static int enter_all(struct tare *b, const char *names, int scope);

/* The reason stays with the fixture: everyone who depends on it shows it. */
static int refuse(struct tare *b, const struct state *state)
{
    if (b->outcome == OUTCOME_PASSED) {
        b->outcome = state->outcome;
        b->failures += state->outcome == OUTCOME_FAILED;
        snprintf(b->message, sizeof b->message, "fixture '%s' %s: %.900s",
                 state->def.name,
                 state->outcome == OUTCOME_SKIPPED ? "skipped" : "failed",
                 state->context.message);
    }
    return -1;
}

static int set_up(struct tare *b, struct tare_fixture_def *def,
                  struct state *state)
{
    struct tare *f = &state->context;

    memcpy(&state->def, def,
           def->size < sizeof state->def ? def->size : sizeof state->def);
    /* Wide fixtures outlive the case, so they know nothing of it. */
    tarei_context_begin(f,
                        effective_scope(def) > TARE_PROGRAM ? b->item : NULL);
    f->fixture = def;
    state->stage = STAGE_ENTERING;
    tarei_crash_in("set-up", state->def.name);
    tarei_context_call(f, call_setup, state);
    tarei_crash_in(NULL, NULL);
    if (f->outcome != OUTCOME_PASSED) {
        state->stage = STAGE_FAILED;
        state->outcome = f->outcome;
        tarei_context_remove_tmpdir(f);
        return refuse(b, state);
    }
    state->stage = STAGE_READY;
    state->below = top;
    top = def;
    return 0;
}

static int enter_one(struct tare *b, struct tare_fixture_def *def, int scope)
{
    struct state *state = state_of(def);

    if (!state) {
        tarei_context_fail(b, "no memory for fixture '%s'", def->name);
        return -1;
    }
    if (state->stage == STAGE_READY)
        return 0;
    if (state->stage == STAGE_FAILED)
        return refuse(b, state);
    if (state->stage == STAGE_ENTERING) {
        tarei_context_fail(b, "fixture '%s' needs itself", def->name);
        return -1;
    }
    if (effective_scope(def) > scope)
        return enter_all(b, needs_of(def), scope);
    state->stage = STAGE_ENTERING;
    if (enter_all(b, needs_of(def), scope) < 0) {
        state->stage = STAGE_IDLE;
        return -1;
    }
    return set_up(b, def, state);
}

static int enter_all(struct tare *b, const char *names, int scope)
{
    const char *name;
    size_t length;

    while ((name = tarei_list_next(&names, &length)) != NULL) {
        struct tare_fixture_def *def = find(name, length);
        char problem[REGISTRY_TEXT];

        if (!def) {
            unknown(tarei_context_place(b), tare_id(b), name, length, problem);
            tarei_context_fail(b, "%s", problem);
            return -1;
        }
        if (enter_one(b, def, scope) < 0)
            return -1;
    }
    return 0;
}

int tarei_fixture_enter(struct tare *b, enum tare_scope scope)
{
    if (!b->item || !b->item->def.fixtures)
        return 0;
    return enter_all(b, b->item->def.fixtures, (int)scope);
}

/* ---- tear-down */

static void call_teardown(struct tare *f, void *arg)
{
    struct state *state = arg;

    if (state->def.teardown)
        state->def.teardown(f, state->value);
}

static void tear_down(struct tare *b, struct tare_fixture_def *def)
{
    struct state *state = def->state_;
    struct tare *f = &state->context;

    tarei_crash_in("tear-down", state->def.name);
    tarei_context_call(f, call_teardown, state);
    tarei_crash_in(NULL, NULL);
    tarei_context_remove_tmpdir(f);
    state->stage = STAGE_IDLE;
    if (b && f->outcome == OUTCOME_FAILED)
        tarei_context_fail(b, "tear-down of fixture '%s' failed: %.900s",
                           def->name, f->message);
}

/* A failure belongs to one life of the scope: the next case tries again. */
static void forget_failures(int scope)
{
    for (struct tare_fixture_def *def = first; def; def = def->next_) {
        struct state *state = def->state_;

        if (state && state->stage == STAGE_FAILED &&
            effective_scope(def) >= scope)
            state->stage = STAGE_IDLE;
    }
}

void tarei_fixture_leave(struct tare *b, enum tare_scope scope)
{
    while (top && effective_scope(top) >= (int)scope) {
        struct tare_fixture_def *def = top;

        top = ((struct state *)def->state_)->below;
        tear_down(b, def);
    }
    forget_failures((int)scope);
}

void tarei_fixture_end(char *problem, size_t size)
{
    struct tare *none = calloc(1, sizeof *none);
    size_t used = 0;

    problem[0] = '\0';
    while (top) {
        struct tare_fixture_def *def = top;

        top = ((struct state *)def->state_)->below;
        tear_down(none, def);
        if (none && none->message[0] && used < size) {
            used += (size_t)snprintf(problem + used, size - used, "%s%s",
                                     used ? "; " : "", none->message);
            memset(none, 0, sizeof *none);
        }
    }
    free(none);
    for (struct tare_fixture_def *def = first; def; def = def->next_) {
        struct state *state = def->state_;

        free(state ? state->given : NULL);
        free(state);
        def->state_ = NULL;
    }
}

/* ---- one for all processes */

const void *tarei_fixture_keep(struct tare *b, const char *name)
{
    const struct state *state;

    if (enter_all(b, name, TARE_PROGRAM) == 0)
        return ((struct state *)find(name, strlen(name))->state_)->value;
    /* Who is given it says whose words they are. */
    state = find(name, strlen(name)) ? find(name, strlen(name))->state_ : NULL;
    if (state && state->stage == STAGE_FAILED)
        memcpy(b->message, state->context.message, sizeof b->message);
    return NULL;
}

int tarei_fixture_give(const char *name, const struct tarei_gift *gift,
                       char problem[REGISTRY_TEXT])
{
    struct tare_fixture_def *def = find(name, strlen(name));
    struct state *state;

    if (!def)
        return unknown("give", "the order", name, strlen(name), problem);
    state = state_of(def);
    if (!state || def->scope != TARE_SESSION || state->stage == STAGE_READY)
        return wrong(def, "cannot be given", "", problem);
    free(state->given);
    state->given = gift->value ? strdup(gift->value) : NULL;
    state->value = state->given;
    state->outcome = gift->outcome;
    state->stage = gift->outcome == OUTCOME_PASSED ? STAGE_READY : STAGE_FAILED;
    snprintf(state->context.message, sizeof state->context.message, "%s",
             gift->message);
    return 0;
}

void tarei_fixture_drop(struct tare *b, const char *name)
{
    struct tare_fixture_def *def = find(name, strlen(name));
    struct state *state = def ? def->state_ : NULL;

    while (state && state->stage == STAGE_READY && !state->given && top) {
        struct tare_fixture_def *above = top;

        top = ((struct state *)above->state_)->below;
        tear_down(b, above);
    }
}

static void list_session(const char *names, char *out, size_t size)
{
    const char *name;
    size_t length;

    while ((name = tarei_list_next(&names, &length)) != NULL) {
        struct tare_fixture_def *def = find(name, length);
        size_t used;

        if (!def)
            continue;
        list_session(needs_of(def), out, size);
        used = strlen(out);
        if (def->scope == TARE_SESSION && used + length + 2 < size &&
            !tarei_list_has(out, def->name))
            snprintf(out + used, size - used, "%s%.*s", used ? "," : "",
                     (int)length, name);
    }
}

void tarei_fixture_session(const struct tarei_case *item, char *out,
                           size_t size)
{
    out[0] = '\0';
    list_session(item->def.fixtures, out, size);
}

/* ---- use */

void *tare_fixture(struct tare *b, const char *name)
{
    struct tare_fixture_def *def = find(name, strlen(name));
    const char *list = b->item ? b->item->def.fixtures : NULL;
    struct state *state = def ? def->state_ : NULL;

    if (b->fixture)
        list = ((const struct state *)b->fixture->state_)->def.needs;
    if (!tarei_list_has(list, name))
        tare_fail(b,
                  "%s: '%s' uses fixture '%s' without saying so: add it to "
                  ".%s",
                  tarei_context_place(b), tare_id(b), name,
                  b->fixture ? "needs" : "fixtures");
    if (!state || state->stage != STAGE_READY)
        tare_fail(b, "%s: fixture '%s' is not set up here%s",
                  tarei_context_place(b), name,
                  def && def->scope == TARE_BATCH
                      ? ": its scope is TARE_BATCH, use it in the loop"
                      : "");
    return state->value;
}

/* ---- checking definitions */

/* Depth-first search; a fixture met while it is being looked at needs itself.
 */
static int check_needs(struct tare_fixture_def *def,
                       char problem[REGISTRY_TEXT])
{
    struct state *state = state_of(def);
    const char *list = needs_of(def), *name;
    size_t length;

    if (!state)
        return wrong(def, "has no memory", "", problem);
    if (state->stage == STAGE_ENTERING)
        return wrong(def, "needs itself", "", problem);
    if (state->stage == STAGE_READY)
        return 0;
    state->stage = STAGE_ENTERING;
    while ((name = tarei_list_next(&list, &length)) != NULL) {
        struct tare_fixture_def *other = find(name, length);
        char place[200];

        snprintf(place, sizeof place, "%.180s:%d", def->file, def->line);
        if (!other)
            return unknown(place, def->name, name, length, problem);
        if (effective_scope(other) > effective_scope(def))
            return wrong(def, "needs one that lives shorter: ", other->name,
                         problem);
        if (check_needs(other, problem) < 0)
            return -1;
    }
    state->stage = STAGE_IDLE;
    return 0;
}

int tarei_fixture_check(char problem[REGISTRY_TEXT])
{
    for (struct tare_fixture_def *def = first; def; def = def->next_) {
        if (def->scope < TARE_SESSION || def->scope > TARE_BATCH)
            return wrong(def, "has no scope such as TARE_CASE", "", problem);
        if (find(def->name, strlen(def->name)) != def)
            return wrong(def, "is defined twice", "", problem);
        if (check_needs(def, problem) < 0)
            return -1;
    }
    return 0;
}

int tarei_fixture_check_case(const struct tarei_case *item,
                             char problem[REGISTRY_TEXT])
{
    const char *list = item->def.fixtures, *name;
    size_t length;
    char place[256];

    snprintf(place, sizeof place, "%.200s:%d",
             item->def.file ? item->def.file : "(unknown file)",
             item->def.line);
    while ((name = tarei_list_next(&list, &length)) != NULL)
        if (!find(name, length))
            return unknown(place, item->def.name, name, length, problem);
    return 0;
}
