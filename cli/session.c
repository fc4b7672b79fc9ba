/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gathering the suite, the machine and the executor. */
#include <config.h>

#include "cli/session.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/file.h"
#include "base/scope.h"
#include "cli/counting.h"
#include "cli/fixtures.h"
#include "cli/interrupt.h"
#include "cli/occasion.h"
#include "cli/quiet.h"
#include "cli/revision.h"
#include "cli/side_by_side.h"
#include "runner/machine/binding.h"
#include "runner/process/watch.h"

static int read_suite(struct session *session, struct error *err)
{
    const char *named = session->cli->options.file;
    struct error none = {0};
    int rc;

    /* Here it is named as a user would; only one found above by its path. */
    if (!named && file_exists("tare.yaml"))
        named = "tare.yaml";
    if (named) {
        session->suite_file = strdup(named);
        rc = session->suite_file ? 0 : ERROR(err, ERR_NOMEM, "no memory");
    } else {
        rc = suite_find_upward(".", "tare.yaml", &session->suite_file, &none);
        if (rc < 0 && rc != ERR_EMPTY && err)
            *err = none;
    }
    if (rc < 0 && rc != ERR_EMPTY)
        return rc;
    if (named && !file_exists(named)) {
        ERROR_AT(err, ERR_USAGE, named, 0, 0, "is not there");
        return error_help(err, "without -f tare.yaml is looked for, here and "
                               "upward");
    }
    if (session->suite_file)
        return suite_read(session->suite_file, &session->suite, err);
    session->suite = suite_new();
    return session->suite ? 0 : ERROR(err, ERR_NOMEM, "no memory for a suite");
}

/* A seed nobody chose is printed, so that the plan can be had again; 32 bits
 * are enough and short enough to type. */
static uint64_t choose_seed(const struct options *options)
{
    uint32_t seed = 1;

    if (options->given[OPT_SEED])
        return (uint64_t)options->seed;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        return 1;
    return seed;
}

const char *session_path(struct session *session, const char *path)
{
    const char *folder = session->suite->folder;

    if (path[0] == '/' || strcmp(folder, ".") == 0)
        return arena_strdup(&session->arena, path);
    return arena_printf(&session->arena, "%s/%s", folder, path);
}

int session_open(struct session *session, struct cli *cli, struct error *err)
{
    struct programs_env env = {.library_path = getenv("LD_LIBRARY_PATH"),
                               .search_path = getenv("PATH")};
    const char *root;
    int rc;

    *session =
        (struct session){.cli = cli, .stop_fd = -1, .began_ns = watch_now_ns()};
    session->seed = choose_seed(&cli->options);
    rc = read_suite(session, err);
    if (rc == 0)
        rc = interrupt_watch(&session->stop_fd, err);
    if (rc < 0)
        return rc;
    session->state = session_path(session, ".tare");
    root = arena_printf(&session->arena, "%s/programs", session->state);
    session->kept = root ? programs_new(root, &env) : NULL;
    return session->kept ? 0 : ERROR(err, ERR_NOMEM, "no memory for a session");
}

void session_close(struct session *session)
{
    revision_forget(session);
    session_fixtures_end(session, NULL);
    session_count_notes(session);
    metrics_close(session->metrics);
    side_by_side_close(session);
    live_close(session->live);
    catalog_clear(&session->catalog);
    programs_free(session->kept);
    topology_free(session->topology);
    suite_free(session->suite);
    free(session->suite_file);
    arena_clear(&session->arena);
}

/* What --bind and tare.yaml say; the command line wins. */
int session_policy(struct session *session, struct placement_policy *policy,
                   struct error *err)
{
    const struct options *options = &session->cli->options;
    const struct worker_plan *plan = &session->suite->measure.placement;
    const char *word = options->bind             ? options->bind
                       : plan->bind == BIND_LIST ? plan->cpus
                                                 : bind_words[plan->bind];

    *policy =
        (struct placement_policy){.oversubscribe = options->oversubscribe};
    return placement_parse_bind("--bind", word, strlen(word), &session->arena,
                                policy, err);
}

/* The coordinator draws and computes elsewhere than where is measured. */
void session_gather(struct session *session)
{
    const struct placement *plan = &session->placement;
    struct placement_worker self = {.node = -1, .klass = -1};
    struct error ignored = {0};

    if (!session->topology || session->placement.n_workers == 0 ||
        plan->reserved < 0)
        return;
    session->left = sched_getaffinity(0, sizeof session->everywhere,
                                      &session->everywhere) == 0;
    self.unit = plan->reserved;
    self.pu = session->topology->unit[plan->reserved].pu;
    self.n_pus = session->topology->unit[plan->reserved].n_pus;
    binding_apply(session->topology, &self, &ignored);
}

void session_spread(struct session *session)
{
    if (session->left)
        sched_setaffinity(0, sizeof session->everywhere, &session->everywhere);
    session->left = false;
}

static int most_threads(const struct session *session)
{
    int64_t most = 1;

    for (size_t i = 0; i < session->n_selected; i++) {
        int64_t threads =
            session->catalog.item[session->selected[i]].said.threads;

        most = threads > most ? threads : most;
    }
    return (int)most;
}

/* Cases with more threads than there are cores are skipped, so the rest need a
 * place. */
static int plan_threads(struct session *session,
                        struct placement_policy *policy, struct error *err)
{
    int n = most_threads(session),
        most = placement_most(session->topology, policy);

    if (n > most && !policy->oversubscribe)
        n = most > 1 ? most : 1;
    if (session->workers > (size_t)n)
        n = (int)session->workers;
    policy->largest = n;
    return placement_plan(session->topology, policy, n, &session->arena,
                          &session->placement, err);
}

/* Workers that are not bound all have the same CPUs. */
static int list_cpus(struct session *session, struct live_options *live,
                     struct error *err)
{
    const struct placement *plan = &session->placement;
    size_t workers = plan->bind == PLACE_NONE ? 1 : plan->n_workers;
    size_t each = plan->worker[0].n_pus;

    session->cpu =
        arena_alloc(&session->arena, workers * each, sizeof *session->cpu);
    if (!session->cpu)
        return ERROR(err, ERR_NOMEM, "no memory for a placement");
    /* Domains of different sizes: what is beyond the first's is left alone. */
    for (size_t i = 0; i < workers; i++)
        for (size_t k = 0; k < each && k < plan->worker[i].n_pus; k++)
            session->cpu[session->n_cpus++] = plan->worker[i].pu[k];
    live->cpus = session->cpu;
    live->n_cpus = session->n_cpus;
    live->each = plan->bind == PLACE_NONE ? 0 : each;
    return 0;
}

int session_topology(struct session *session, struct error *err)
{
    const struct topology_source here = {
        .sysroot = "", .plugins = getenv(TOPOLOGY_PLUGINS) != NULL};

    return session->topology ? 0
                             : topology_load(&here, &session->topology, err);
}

static int place(struct session *session, bool parallel, struct error *err)
{
    struct placement_policy policy;
    const struct placement_worker *w;
    struct live_options live = {.guardian = session->cli->guardian,
                                .stop_fd = session->stop_fd,
                                .seed = session->seed,
                                .tmpdir = getenv("TMPDIR")};
    int rc = session_topology(session, err);

    if (rc == 0)
        rc = session_require(session, err);
    if (rc == 0)
        rc = session_policy(session, &policy, err);
    if (rc == 0)
        policy.noise =
            quiet_known(session->state, occasion_machine_key(session),
                        session->topology, &session->arena);
    session->workers = 1;
    if (rc == 0 && parallel)
        rc = side_by_side_workers(session, &policy, &session->workers, err);
    if (rc == 0)
        rc = plan_threads(session, &policy, err);
    if (rc == 0)
        rc = list_cpus(session, &live, err);
    if (rc < 0)
        return rc;
    session_gather(session);
    w = &session->placement.worker[0];
    if (w->node >= 0) {
        live.nodes = &w->node;
        live.n_nodes = 1;
    }
    rc = live_open(&live, &session->live, &session->executor, err);
    if (rc == 0)
        rc = side_by_side_open(session, err);
    return rc < 0 ? rc : session_count(session, err);
}

int session_place(struct session *session, struct error *err)
{
    return place(session, false, err);
}

int session_place_workers(struct session *session, struct error *err)
{
    return place(session, true, err);
}

double session_margin(const struct session *session)
{
    const struct options *options = &session->cli->options;

    return options->given[OPT_MARGIN] ? options->margin
                                      : session->suite->gate.margin;
}

double session_alpha(const struct session *session)
{
    const struct options *options = &session->cli->options;

    return options->given[OPT_ALPHA] ? options->alpha
                                     : session->suite->gate.alpha;
}

int64_t session_budget_ns(const struct session *session)
{
    const struct options *options = &session->cli->options;

    return options->given[OPT_BUDGET] ? options->budget_ns
                                      : session->suite->measure.budget;
}

int64_t session_max_time_ns(const struct session *session)
{
    const struct options *options = &session->cli->options;

    return options->given[OPT_MAX_TIME] ? options->max_time_ns
                                        : session->suite->measure.max_time;
}

int64_t session_deadline(const struct session *session)
{
    int64_t limit = session_max_time_ns(session);

    return limit > 0 ? session->began_ns + limit : 0;
}
