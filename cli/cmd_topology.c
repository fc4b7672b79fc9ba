/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare topology: the machine, and where N workers would run on it. */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/scope.h"
#include "cli/commands.h"
#include "config/suite.h"
#include "runner/machine/placement.h"
#include "runner/machine/show.h"
#include "runner/machine/topology.h"

DEFINE_SCOPED(struct topology *, topology_free)

/* What -n says: a number, or what fits. */
static int count_workers(const struct options *options,
                         const struct topology *topology,
                         const struct placement_policy *policy)
{
    if (options->workers > 0)
        return (int)options->workers;
    if (policy->bind == PLACE_LIST)
        return (int)policy->n_list;
    return options->workers == WORKERS_LOGICAL
               ? placement_most(topology, policy)
               : placement_auto(topology, policy);
}

static int make_policy(const struct options *options, struct arena *arena,
                       struct placement_policy *policy, struct error *err)
{
    *policy =
        (struct placement_policy){.oversubscribe = options->oversubscribe};
    if (options->workers == WORKERS_LOGICAL)
        policy->bind = PLACE_PU;
    if (!options->bind)
        return 0;
    return placement_parse_bind("--bind", options->bind, strlen(options->bind),
                                arena, policy, err);
}

static int show(struct cli *cli, const struct topology *topology,
                struct arena *arena, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct json json = {.out = &out};
    struct placement_policy policy;
    struct placement plan;
    int rc = make_policy(&cli->options, arena, &policy, err);

    if (rc == 0)
        rc = placement_plan(topology, &policy,
                            count_workers(&cli->options, topology, &policy),
                            arena, &plan, err);
    if (rc < 0)
        return rc;
    if (cli->options.format == FORMAT_JSON)
        topology_json(topology, &policy, &plan, &json);
    else
        topology_draw(topology, &plan, &out);
    return cli_write(cli, &out, err);
}

static int run(struct cli *cli, struct error *err)
{
    const struct topology_source source = {
        .from = cli->options.topology,
        .sysroot = cli->options.sysroot,
        .plugins = getenv(TOPOLOGY_PLUGINS) != NULL,
    };
    SCOPED(topology_free_scoped) struct topology *topology = NULL;
    struct arena arena = {0};
    int rc = topology_load(&source, &topology, err);

    if (rc == 0)
        rc = show(cli, topology, &arena, err);
    arena_clear(&arena);
    return rc;
}

static const enum opt_id options[] = {
    OPT_WORKERS, OPT_BIND,   OPT_OVERSUBSCRIBE, OPT_TOPOLOGY,
    OPT_SYSROOT, OPT_FORMAT, OPT_OUTPUT,        OPT_END,
};

static const char *const examples[] = {
    "tare topology -n 4",
    "tare topology --topology 'pack:2 core:8 pu:2' --bind llc",
    NULL,
};

const struct cli_cmd cli_cmd_topology = {
    .name = "topology",
    .args = "",
    .summary = "Show the machine and where workers would run",
    .group = CLI_MACHINE,
    .options = options,
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON),
    .examples = examples,
    .run = run,
};
