/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare doctor: what on this machine disturbs measurements. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/scope.h"
#include "cli/commands.h"
#include "cli/quiet.h"
#include "config/suite.h"
#include "runner/machine/doctor.h"
#include "runner/machine/facts.h"

static const int64_t usual_ns = 10000000000;
static const char option_name[] = "--require";

DEFINE_SCOPED(struct topology *, topology_free)

static int64_t read_clock(clockid_t id)
{
    struct timespec ts;

    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static int64_t wall_ns(void *ctx)
{
    (void)ctx;
    return read_clock(CLOCK_MONOTONIC_RAW);
}

static int64_t own_cpu_ns(void *ctx)
{
    (void)ctx;
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

static void sleep_ns(void *ctx, int64_t ns)
{
    const struct timespec ts = {.tv_sec = ns / 1000000000,
                                .tv_nsec = ns % 1000000000};

    (void)ctx;
    nanosleep(&ts, NULL);
}

static const struct doctor_clock live_clock = {
    .wall = {.now_ns = wall_ns},
    .sleep = sleep_ns,
    .own_cpu_ns = own_cpu_ns,
};

static const char *sysroot_of(const struct options *options)
{
    return options->sysroot ? options->sysroot : "";
}

/* A machine that is looked at through --sysroot cannot be probed. */
static int64_t time_to_measure(const struct options *options)
{
    if (options->sysroot)
        return 0;
    return options->given[OPT_MAX_TIME] ? options->max_time_ns : usual_ns;
}

/* Every --require in one go, so that all that is wrong is told at once. */
static int check_required(const struct options *options,
                          const struct doctor_report *report, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf all = {0};

    for (size_t i = 0; i < options->require.n; i++)
        strbuf_printf(&all, "%s%s", i ? "," : "", options->require.item[i]);
    if (all.failed)
        return ERROR(err, ERR_NOMEM, "no memory for the requirements");
    if (all.size == 0)
        return 0;
    return doctor_require(report, option_name, strbuf_text(&all), all.size,
                          err);
}

static int check_form(const struct options *options, struct error *err)
{
    for (size_t i = 0; i < options->require.n; i++) {
        const char *item = options->require.item[i];
        int rc = doctor_check_require(option_name, item, strlen(item), err);

        if (rc < 0)
            return rc;
    }
    return 0;
}

static int show(const struct cli *cli, const struct doctor_report *report,
                struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    struct json json = {.out = &out};

    if (cli->options.format == FORMAT_JSON)
        doctor_json(report, &json);
    else
        doctor_draw(report, &out);
    return cli_write(cli, &out, err);
}

/* ".tare" beside tare.yaml, NULL without one or without memory. */
static const char *state_folder(struct arena *arena)
{
    SCOPED(free_scoped) char *suite = NULL;
    const char *slash;

    if (suite_find_upward(".", "tare.yaml", &suite, NULL) < 0)
        return NULL;
    slash = strrchr(suite, '/');
    return arena_printf(arena, "%.*s.tare",
                        slash ? (int)(slash + 1 - suite) : 0, suite);
}

/* Where there is no tare.yaml it is shown and forgotten; that it cannot be kept
 * is no failure of the examination. */
static int keep_quiet(const struct topology *topology,
                      const struct doctor_report *report, struct arena *arena,
                      struct error *err)
{
    const char *folder = state_folder(arena), *path;
    struct facts facts = {0};
    struct error why = {0};
    char key[HASH_HEX];
    int rc;

    if (!report->noise || !topology->this_machine || !folder)
        return 0;
    rc = machine_facts(topology, "", arena, &facts, err);
    if (rc < 0)
        return rc;
    machine_key(&facts, key);
    if (quiet_keep(folder, key, topology, report, arena, &path, &why) < 0)
        fprintf(stderr, "warning: which cores are quiet is not kept: %s\n",
                why.text);
    else
        fprintf(stderr, "note: kept in %s: runs prefer the quieter cores\n",
                path);
    return 0;
}

static int examine(const struct cli *cli, const struct topology *topology,
                   struct arena *arena, struct error *err)
{
    const struct options *options = &cli->options;
    struct doctor_measured measured;
    struct doctor_report report;
    int64_t time_ns = time_to_measure(options);
    int rc = 0;

    if (time_ns)
        rc = doctor_measure(topology, &live_clock, time_ns, sysroot_of(options),
                            arena, &measured, err);
    if (rc == 0)
        rc = doctor_look(topology, sysroot_of(options),
                         time_ns ? &measured : NULL, arena, &report, err);
    if (rc == 0)
        rc = show(cli, &report, err);
    if (rc == 0)
        rc = keep_quiet(topology, &report, arena, err);
    return rc < 0 ? rc : check_required(options, &report, err);
}

static int run(struct cli *cli, struct error *err)
{
    const struct topology_source source = {
        .from = cli->options.topology,
        .sysroot = cli->options.sysroot,
        .plugins = getenv(TOPOLOGY_PLUGINS) != NULL};
    SCOPED(topology_free_scoped) struct topology *topology = NULL;
    struct arena arena = {0};
    int rc = check_form(&cli->options, err);

    if (rc == 0)
        rc = topology_load(&source, &topology, err);
    if (rc == 0)
        rc = examine(cli, topology, &arena, err);
    arena_clear(&arena);
    return rc;
}

static const enum opt_id options[] = {
    OPT_REQUIRE, OPT_MAX_TIME, OPT_SYSROOT, OPT_TOPOLOGY,
    OPT_FORMAT,  OPT_OUTPUT,   OPT_END,
};

static const char *const examples[] = {
    "tare doctor",
    "tare doctor --max-time 0 --require governor=performance,turbo=off",
    NULL,
};

const struct cli_cmd cli_cmd_doctor = {
    .name = "doctor",
    .args = "",
    .summary = "Find what disturbs measurements on this machine",
    .group = CLI_MACHINE,
    .options = options,
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON),
    .examples = examples,
    .run = run,
};
