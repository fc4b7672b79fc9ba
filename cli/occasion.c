/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/occasion.h"

#include <stdlib.h>
#include <time.h>

#include "base/hash.h"
#include "base/scope.h"
#include "cli/revision.h"
#include "runner/machine/cpulist.h"
#include "runner/machine/facts.h"

const char *occasion_now(struct arena *arena)
{
    time_t now = time(NULL);
    struct tm utc;
    char text[32];

    gmtime_r(&now, &utc);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return arena_strdup(arena, text);
}

bool occasion_machine(struct session *session, struct arena *arena,
                      struct facts *out)
{
    struct error ignored = {0};

    return session_topology(session, &ignored) == 0 &&
           machine_facts(session->topology, "", arena, out, &ignored) == 0;
}

const char *occasion_machine_key(struct session *session)
{
    struct facts facts = {0};
    char key[HASH_HEX];

    if (!occasion_machine(session, &session->arena, &facts))
        return "";
    machine_key(&facts, key);
    return arena_strdup(&session->arena, key);
}

static int fill_workers(const struct session *session, struct arena *arena,
                        struct occasion *out, struct error *err)
{
    char text[24];

    /* A single case has nothing to run beside. */
    if (session->lanes.n == 0 || session->n_selected < 2)
        return 0;
    snprintf(text, sizeof text, "%zu", session->lanes.n);
    return facts_set(arena, &out->plan, "workers", text, err);
}

static int fill_plan(struct session *session, struct arena *arena,
                     struct occasion *out, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf cpus = {0};
    const struct placement *plan = &session->placement;
    int rc;

    cpulist_print(&cpus, session->cpu, session->n_cpus);
    rc = facts_set(arena, &out->plan, "cpus", strbuf_text(&cpus), err);
    if (rc == 0)
        rc = facts_set(arena, &out->plan, "bind",
                       placement_bind_name(plan->bind), err);
    if (rc == 0)
        rc = facts_set(arena, &out->plan, "placement",
                       placement_state_name(plan->state), err);
    if (rc == 0)
        rc = fill_workers(session, arena, out, err);
    if (rc == 0)
        rc = facts_set(arena, &out->build, "tare", PACKAGE_VERSION, err);
    return rc;
}

int occasion_fill(struct session *session, struct arena *arena,
                  struct occasion *out, int64_t *revision_time,
                  struct error *err)
{
    char key[HASH_HEX];
    int rc = machine_facts(session->topology, "", arena, &out->machine, err);

    if (rc < 0)
        return rc;
    machine_key(&out->machine, key);
    out->machine_key = arena_strdup(arena, key);
    out->created = occasion_now(arena);
    out->seed = session->seed;
    rc = revision_fill(session, arena, out, revision_time, err);
    if (rc == 0 && (!out->machine_key || !out->created))
        return ERROR(err, ERR_NOMEM, "no memory for an occasion");
    return rc < 0 ? rc : fill_plan(session, arena, out, err);
}
