/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The processes of workers. */
#include <config.h>

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "bench/wire.h"
#include "runner/testing/live_state.h"

enum { KEPT_MAX = 8 }; /* idle processes a worker keeps */

/* ---- cores */

static void add_cpus(cpu_set_t *set, size_t size, const struct slot *slot)
{
    for (size_t i = 0; i < slot->options.n_cpus; i++)
        CPU_SET_S((size_t)slot->options.cpus[i], size, set);
}

/* A test of several slots gets the cores of the workers that wait for it: its
 * process inherits them from the worker's.  Nothing is lost where that fails,
 * but speed. */
void live_widen(struct live_crew *live, struct live_worker *w,
                const size_t *lent, size_t n)
{
    unsigned long bits[SPAWN_CPUS_MAX / (8 * sizeof(unsigned long))] = {0};
    struct peer *peer = w->peer[w->active];
    cpu_set_t *set = (cpu_set_t *)bits;

    if ((n == 0 && w->widened != peer) || w->slot->options.n_cpus == 0)
        return;
    add_cpus(set, sizeof bits, w->slot);
    for (size_t i = 0; i < n; i++)
        add_cpus(set, sizeof bits, live->worker[lent[i]].slot);
    sched_setaffinity(peer_pid(peer), sizeof bits, set);
    w->widened = n ? peer : NULL;
}

/* ---- processes */

/* Does the user say how programs are bound? */
static bool binds(char *const *env)
{
    for (; env && *env; env++)
        if (strncmp(*env, WIRE_BIND_NAME "=", sizeof WIRE_BIND_NAME) == 0)
            return true;
    return false;
}

int live_start(struct live_crew *live, struct live_worker *w, size_t program,
               struct error *err)
{
    const struct live_crew_options *o = &live->options;
    const struct catalog_program *p = &o->program[program];
    static char bind[] = WIRE_BIND_NAME "=" WIRE_BIND_VALUE;
    char *ours[3] = {NULL};
    size_t n = 0;
    char *const *extra =
        o->extra ? o->extra(o->ctx, (size_t)(w - live->worker), program) : NULL;
    SCOPED(arena_scoped) struct arena arena = {0};
    char **own = environment_join(p->env, extra, &arena);
    char **env;
    struct peer_options options = {
        .name = p->label,
        .argv = p->argv,
        .env = o->env,
        .cwd = p->cwd,
        .seed = o->seed,
        .own_cgroup = true,
        .stream = o->stream,
    };

    if (!binds(o->env))
        ours[n++] = bind;
    ours[n] = live->debugger;
    env = own ? environment_join(own, ours, &arena) : NULL;
    if (!env)
        return ERROR(err, ERR_NOMEM, "no memory for an environment");
    options.extra = env;
    w->given[program] = 0;
    return peer_launch(o->guardian, w->slot, live->stage, &options,
                       &w->peer[program], err);
}

/* Free those that have ended. */
static void reap(struct live_crew *live)
{
    size_t n = 0;

    for (size_t i = 0; i < live->n_leaving; i++) {
        const struct child_end *end = peer_ended(live->leaving[i]);

        if (end && end->status == 0)
            peer_free(live->leaving[i]);
        else
            live->leaving[n++] = live->leaving[i];
    }
    live->n_leaving = n;
}

int live_dismiss(struct live_crew *live, struct live_worker *w, size_t program,
                 struct error *err)
{
    struct peer *peer = w->peer[program];

    if (!peer)
        return 0;
    reap(live);
    if (live->n_leaving == live->leaving_room) {
        size_t room = live->leaving_room * 2 + 16;
        struct peer **more = realloc(live->leaving, room * sizeof(*more));

        if (!more)
            return ERROR(err, ERR_NOMEM, "no memory for a program");
        live->leaving = more;
        live->leaving_room = room;
    }
    live->leaving[live->n_leaving++] = peer;
    w->peer[program] = NULL;
    if (w->widened == peer)
        w->widened = NULL;
    peer_hang_up(peer);
    return 0;
}

/* A worker does not keep more processes than it may: the one that was idle for
 * the longest time goes. */
int live_make_room(struct live_crew *live, struct live_worker *w,
                   struct error *err)
{
    size_t oldest = SIZE_MAX, n = 0;

    for (size_t p = 0; p < live->options.n_programs; p++) {
        if (!w->peer[p])
            continue;
        n++;
        if (oldest == SIZE_MAX || w->used[p] < w->used[oldest])
            oldest = p;
    }
    return n < KEPT_MAX ? 0 : live_dismiss(live, w, oldest, err);
}

void live_forget(struct live_worker *w)
{
    if (w->widened == w->peer[w->active])
        w->widened = NULL;
    peer_free(w->peer[w->active]);
    w->peer[w->active] = NULL;
    w->n = w->posted = 0;
}
