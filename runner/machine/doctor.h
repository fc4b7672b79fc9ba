/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What on this machine disturbs measurements: settings that are looked up,
 * figures that are measured, and the remedy of each.
 *
 * Findings are data; doctor_draw() and doctor_json() show them. */
#ifndef RUNNER_MACHINE_DOCTOR_H
#define RUNNER_MACHINE_DOCTOR_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"
#include "base/strbuf.h"
#include "runner/machine/disturbance.h"
#include "runner/machine/noise.h"
#include "runner/machine/topology.h"

/* Time as the doctor needs it; tests pass a made-up one. */
struct doctor_clock {
    struct noise_clock wall;
    void (*sleep)(void *ctx, int64_t ns);
    int64_t (*own_cpu_ns)(void *ctx); /* CPU time of this process */
    void *ctx;                        /* of the last two */
};

/* What ten seconds tell. */
struct doctor_measured {
    double seconds;            /* spent */
    double clock_ns;           /* what reading the clock costs */
    double clock_step_ns;      /* smallest difference it shows */
    double late_ns;            /* how late a sleep of 1 ms ends, median of 15 */
    struct noise *core;        /* [topology.n_units] */
    struct disturbance during; /* on all allowed CPUs; foreign is without this
                                * process */
};

/* Probe each core in turn, each for an equal part of the time but 20 ms at
 * least; bound to it where the topology is this machine's, and bound to all
 * allowed CPUs again afterwards.
 *
 * arena  owns out->core
 *
 * Returns 0, ERR_SYS, ERR_RANGE (the system moved the probe elsewhere) or
 * ERR_NOMEM. */
int doctor_measure(const struct topology *topology,
                   const struct doctor_clock *clock, int64_t duration_ns,
                   const char *sysroot, struct arena *arena,
                   struct doctor_measured *out, struct error *err);

enum doctor_level {
    DOCTOR_GOOD = 0,
    DOCTOR_NOTE,    /* worth knowing; Tare works around it or it is small */
    DOCTOR_BAD,     /* disturbs measurements */
    DOCTOR_UNKNOWN, /* this system does not tell */
};

/* Strings are never NULL. */
struct doctor_finding {
    const char *name;  /* "governor": the key of --require */
    const char *value; /* "powersave", "1.70", "unknown" */
    double number;     /* the value where it is a quantity, NaN otherwise;
                        * shares in per cent */
    enum doctor_level level;
    const char *finding;  /* one sentence without a full stop */
    const char *effect;   /* what it does to measurements */
    const char *measured; /* how much that is here, "" when not measured */
    const char *remedy;   /* a command, or what to do; "" when good */
};

struct doctor_report {
    struct doctor_finding *finding; /* in the order of the checks */
    size_t n;
    size_t n_bad;
    const struct doctor_measured *measured; /* NULL when only looked at */
    int *pu; /* [n_quiet] the lowest PU of each core, in the topology's order */
    int *quiet;     /* [n_quiet] the same, quietest first; cores that are
                     * equally quiet stay in the topology's order */
    size_t n_quiet; /* number of cores, 0 when not measured */
    double *noise;  /* [topology.n_units] for the placement's policy, NULL when
                     * not measured */
};

/* Look at a machine.
 *
 * sysroot   "" for the real /proc and /sys, else a folder that stands for /
 * measured  borrowed; NULL to look only
 * arena     owns everything in *out
 *
 * Returns 0 or ERR_NOMEM. */
int doctor_look(const struct topology *topology, const char *sysroot,
                const struct doctor_measured *measured, struct arena *arena,
                struct doctor_report *out, struct error *err);

/* Check "governor=performance,turbo=off,load=0.5": each key is a check, each
 * value what its finding must say; for a quantity the value is the most that
 * is allowed ("steal=1%"); "ok" asks for a good finding whatever it says.
 *
 * name   of the text, for errors
 *
 * Returns 0; ERR_PARSE (not of this form, or no such check, with the nearest
 * name); ERR_RANGE when the machine does not comply, all that is wrong in the
 * text and the first remedy as help. */
int doctor_require(const struct doctor_report *report, const char *name,
                   const char *text, size_t size, struct error *err);

/* Check the form and the keys only, as for tare.yaml. */
int doctor_check_require(const char *name, const char *text, size_t size,
                         struct error *err);

/* What is bad and worth knowing in full, the rest a line each. */
void doctor_draw(const struct doctor_report *report, struct strbuf *out);

/* One object, "schema": "tare/doctor/1". */
void doctor_json(const struct doctor_report *report, struct json *json);

/* "good", "note", "bad", "unknown". */
const char *doctor_level_name(enum doctor_level level);

#endif
