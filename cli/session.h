/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every measuring command stands on: the suite, the machine, the
 * placement, the executor, the programs with their cases, and which of them
 * are selected. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <sched.h>

#include "adapt/commands.h"
#include "base/results.h"
#include "cli/cmd.h"
#include "config/suite.h"
#include "runner/machine/placement.h"
#include "runner/machine/topology.h"
#include "runner/measure/catalog.h"
#include "runner/measure/lanes.h"
#include "runner/measure/live.h"
#include "runner/measure/metrics.h"
#include "store/programs.h"

/* What runs commands that have the same fixtures. */
struct command_host {
    const char *fixtures; /* comma-separated */
};

struct fixtures;
struct session_foreign;
struct fixture_executor;
struct fixture_time;
struct revision;

struct session {
    struct cli *cli; /* borrowed */
    struct arena arena;
    struct suite *suite; /* never NULL; defaults where there is no file */
    char *suite_file;    /* NULL without one */
    const char *state;   /* folder of Tare's own files, ".tare" */
    uint64_t seed;
    int64_t began_ns; /* on the executor's clock: --max-time counts from here */
    int stop_fd;      /* readable once the user interrupted */
    struct topology *topology;
    struct placement placement; /* a worker for each thread of the case that
                                 * has most */
    size_t workers;     /* that measure side by side: 1, more with `run -n` */
    struct lanes lanes; /* of those; none of one */
    int *cpu;           /* of all its workers, those of the first one first */
    size_t n_cpus;
    cpu_set_t everywhere; /* where this process was before it left the core */
    bool left;            /* it did */
    struct live *live;
    struct executor executor;
    struct metrics *metrics; /* NULL when none were asked for */
    struct counting counting;
    struct programs *kept;
    struct revision *revision; /* what git is asked, or NULL; revision.h */

    struct catalog_program *program; /* those asked for */
    const struct program **config;   /* of each in tare.yaml, or NULL */
    size_t n_programs;
    struct session_foreign *foreign; /* those of other harnesses */
    size_t n_foreign;
    bool programs_named;          /* on the command line */
    struct catalog catalog;       /* after session_list() */
    struct command_case *command; /* catalog.item from first_command on */
    size_t n_commands, first_command;
    struct command_host *command_host;
    size_t n_command_hosts;
    const char *command_folder; /* of what command workers read, or NULL */
    size_t n_command_files;
    struct fixtures *fixtures;       /* between begin and end; else NULL */
    struct fixture_executor *staged; /* `executor` then; `bare` is beneath */
    struct executor bare;
    struct fixture_executor **lane_staged; /* of each lane, or NULL */
    struct executor *lane_bare;
    struct counting bare_counting;
    struct fixture_time *fixture_time; /* what set-ups and tear-downs took */
    size_t n_fixture_times;
    const struct tag_expr *tag_expr; /* of -m, NULL for any */
    size_t *selected;                /* indexes into catalog.item */
    size_t n_selected;
};

/* Read the suite (--file, or tare.yaml searched upward; none is no error) and
 * watch for interrupts.  session_close() on every path. */
int session_open(struct session *session, struct cli *cli, struct error *err);
void session_close(struct session *session);

/* What --bind and tare.yaml say about where benchmarks run. */
int session_policy(struct session *session, struct placement_policy *policy,
                   struct error *err);

/* Load the machine, refuse one that is not as required, plan a worker for each
 * thread of the selected case that has most (or for as many as there are
 * cores), bind the coordinator away from it and make the executor. */
int session_place(struct session *session, struct error *err);

/* The same for as many workers as -n and tare.yaml ask for, with a lane each
 * where that is more than one. */
int session_place_workers(struct session *session, struct error *err);

/* Go back to all CPUs, for a build between measurements, and leave again.
 * Nothing where session_place() left none. */
void session_spread(struct session *session);
void session_gather(struct session *session);

/* Which programs: those named (n paths), else those of the suite; none where
 * commands are named.  ERR_EMPTY when there is nothing at all, ERR_PEER when a
 * program is missing. */
int session_programs(struct session *session, const char *const *path, size_t n,
                     struct error *err);

/* Ask the programs for their cases, add the commands, and select those of one
 * kind by the -k, -m and id options.  ERR_EMPTY when nothing is left. */
int session_list(struct session *session, enum case_kind kind,
                 struct error *err);

/* The subject of a catalog entry, in the session's arena.  NULL: no memory. */
struct subject *session_subject(struct session *session,
                                const struct catalog_case *c);

/* Fingerprint of what a case executes: its program or its command. */
int session_fingerprint(struct session *session, const struct catalog_case *c,
                        char hash[HASH_HEX], struct error *err);

/* Programs that workers run: n_programs, and behind them what runs commands. */
size_t session_n_hosts(const struct session *session);

/* How a case shares the machine as a test, by tare.yaml; NULL when that says
 * nothing of it. */
const struct sharing *session_sharing(const struct session *session,
                                      const struct catalog_case *c);

/* What is executed, as a person would name it. */
const char *session_label(const struct session *session,
                          const struct catalog_case *c);

/* Look at this machine, once: session->topology. */
int session_topology(struct session *session, struct error *err);

/* What the command line says, else tare.yaml: the margin of the gate and its
 * alpha, the time for a case, the time for all (0: no limit). */
double session_margin(const struct session *session);
double session_alpha(const struct session *session);
int64_t session_budget_ns(const struct session *session);
int64_t session_max_time_ns(const struct session *session);

/* Deadline of the whole run on the executor's clock by --max-time and
 * tare.yaml, 0 for none. */
int64_t session_deadline(const struct session *session);

/* A path of tare.yaml, meant from its folder.  In the arena. */
const char *session_path(struct session *session, const char *path);

#endif
