/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checks behind doctor.h.  Private to doctor*.c. */
#ifndef RUNNER_MACHINE_DOCTOR_CHECKS_H
#define RUNNER_MACHINE_DOCTOR_CHECKS_H

#include "base/results.h"
#include "runner/machine/cpulist.h"
#include "runner/machine/doctor.h"

/* What a check can look at. */
struct look {
    const struct topology *topology;
    const char *sysroot;
    const struct doctor_measured *measured; /* NULL when not measured */
    struct facts facts;                     /* of this machine */
    struct cpulist allowed;                 /* PUs */
    struct cpulist workers; /* PUs that -n auto would measure on */
    struct disturbance_snapshot since_boot; /* of the allowed PUs */
    struct arena *arena;
    struct doctor_finding *out; /* name and effect are set */
};

struct doctor_check {
    const char *name;
    const char *effect;
    void (*look)(struct look *in);
};

extern const struct doctor_check doctor_cpu_checks[];
extern const size_t doctor_n_cpu_checks;
extern const struct doctor_check doctor_kernel_checks[];
extern const size_t doctor_n_kernel_checks;
extern const struct doctor_check doctor_load_checks[];
extern const size_t doctor_n_load_checks;

/* What the finding is.  Text is formatted into the arena. */
void look_say(struct look *in, enum doctor_level level, const char *value,
              const char *fmt, ...) PRINTF_LIKE(4, 5);
void look_measured(struct look *in, const char *fmt, ...) PRINTF_LIKE(2, 3);
void look_remedy(struct look *in, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The value is a quantity: sets number, and value to its text. */
void look_number(struct look *in, enum doctor_level level, double number,
                 const char *unit, const char *fmt, ...) PRINTF_LIKE(5, 6);

/* Nothing is known; why. */
void look_unknown(struct look *in, const char *why);

/* A word as the kernel's settings are: letters, digits, '-' and '_'.  NULL is
 * none. */
bool look_is_word(const char *text);

/* "0-3,8" in the arena. */
const char *look_list(struct look *in, const int *cpu, size_t n);

#endif
