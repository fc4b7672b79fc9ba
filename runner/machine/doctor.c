/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running the checks, and holding a machine to what is required. */
#include <config.h>

#include "runner/machine/doctor.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/scope.h"
#include "runner/machine/doctor_checks.h"
#include "runner/machine/facts.h"
#include "runner/machine/placement.h"
#include "runner/machine/sysfile.h"

/* "" when there is no memory: a finding's text is never NULL. */
static const char *format(struct look *in, const char *fmt, va_list ap)
    PRINTF_LIKE(2, 0);

static const char *format(struct look *in, const char *fmt, va_list ap)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    const char *text;

    strbuf_vprintf(&out, fmt, ap);
    text = arena_strdup(in->arena, strbuf_text(&out));
    return text ? text : "";
}

void look_say(struct look *in, enum doctor_level level, const char *value,
              const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    in->out->finding = format(in, fmt, ap);
    va_end(ap);
    in->out->level = level;
    in->out->value = value;
}

void look_number(struct look *in, enum doctor_level level, double number,
                 const char *unit, const char *fmt, ...)
{
    char *value =
        isnan(number) ? NULL : arena_printf(in->arena, "%.4g%s", number, unit);
    va_list ap;

    va_start(ap, fmt);
    in->out->finding = format(in, fmt, ap);
    va_end(ap);
    in->out->level = level;
    in->out->number = number;
    in->out->value = value ? value : "unknown";
}

void look_measured(struct look *in, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    in->out->measured = format(in, fmt, ap);
    va_end(ap);
}

void look_remedy(struct look *in, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    in->out->remedy = format(in, fmt, ap);
    va_end(ap);
}

void look_unknown(struct look *in, const char *why)
{
    look_say(in, DOCTOR_UNKNOWN, "unknown", "%s", why);
}

bool look_is_word(const char *text)
{
    return text && *text &&
           text[strspn(text, "abcdefghijklmnopqrstuvwxyz"
                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] == '\0';
}

const char *look_list(struct look *in, const int *cpu, size_t n)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    const char *text;

    cpulist_print(&out, cpu, n);
    text = arena_strdup(in->arena, strbuf_text(&out));
    return text ? text : "";
}

/* The check at a position over all tables; NULL behind the last. */
static const struct doctor_check *check_at(size_t i)
{
    if (i < doctor_n_cpu_checks)
        return &doctor_cpu_checks[i];
    i -= doctor_n_cpu_checks;
    if (i < doctor_n_kernel_checks)
        return &doctor_kernel_checks[i];
    i -= doctor_n_kernel_checks;
    return i < doctor_n_load_checks ? &doctor_load_checks[i] : NULL;
}

static size_t count_checks(void)
{
    return doctor_n_cpu_checks + doctor_n_kernel_checks + doctor_n_load_checks;
}

static int list_allowed(struct look *in, struct error *err)
{
    const struct topology *topology = in->topology;
    struct cpulist *list = &in->allowed;

    list->cpu = arena_alloc(in->arena, topology->n_pus, sizeof *list->cpu);
    if (!list->cpu)
        return ERROR(err, ERR_NOMEM, "no memory for the findings");
    for (size_t u = 0; u < topology->n_units; u++)
        for (size_t i = 0; i < topology->unit[u].n_pus; i++)
            list->cpu[list->n++] = topology->unit[u].pu[i];
    return 0;
}

static int list_workers(struct look *in, struct error *err)
{
    const struct placement_policy policy = {0};
    struct cpulist *list = &in->workers;
    struct placement plan;
    int n = placement_auto(in->topology, &policy);
    int rc = placement_plan(in->topology, &policy, n, in->arena, &plan, err);

    if (rc < 0)
        return rc;
    list->cpu = arena_alloc(in->arena, plan.n_workers, sizeof *list->cpu);
    if (!list->cpu)
        return ERROR(err, ERR_NOMEM, "no memory for the findings");
    for (size_t i = 0; i < plan.n_workers; i++)
        list->cpu[list->n++] = plan.worker[i].pu[0];
    return 0;
}

static int prepare(struct look *in, struct error *err)
{
    int rc =
        machine_facts(in->topology, in->sysroot, in->arena, &in->facts, err);

    if (rc == 0)
        rc = list_allowed(in, err);
    if (rc == 0)
        rc = list_workers(in, err);
    if (rc == 0)
        in->since_boot =
            disturbance_read(in->sysroot, in->allowed.cpu, in->allowed.n, 0);
    return rc;
}

/* Cores by class of noise, so that chance does not order equal ones. */
static int list_quiet(struct look *in, struct doctor_report *report)
{
    const struct topology *topology = in->topology;

    report->quiet =
        arena_alloc(in->arena, topology->n_units, sizeof *report->quiet);
    report->noise =
        arena_alloc(in->arena, topology->n_units, sizeof *report->noise);
    report->pu = arena_alloc(in->arena, topology->n_units, sizeof *report->pu);
    if (!report->quiet || !report->noise || !report->pu)
        return -1;
    for (size_t u = 0; u < topology->n_units; u++) {
        report->pu[u] = topology->unit[u].pu[0];
        report->noise[u] = in->measured->core[u].share;
    }
    for (int level = 0; report->n_quiet < topology->n_units; level++)
        for (size_t u = 0; u < topology->n_units; u++)
            if (noise_class(report->noise[u]) == level)
                report->quiet[report->n_quiet++] = report->pu[u];
    return 0;
}

int doctor_look(const struct topology *topology, const char *sysroot,
                const struct doctor_measured *measured, struct arena *arena,
                struct doctor_report *out, struct error *err)
{
    struct doctor_report report = {.n = count_checks(), .measured = measured};
    struct look in = {.topology = topology,
                      .sysroot = sysroot,
                      .measured = measured,
                      .arena = arena};
    int rc = prepare(&in, err);

    if (rc < 0)
        return rc;
    report.finding = arena_alloc(arena, report.n, sizeof *report.finding);
    if (!report.finding || (measured && list_quiet(&in, &report) < 0))
        return ERROR(err, ERR_NOMEM, "no memory for the findings");
    for (size_t i = 0; i < report.n; i++) {
        const struct doctor_check *check = check_at(i);

        in.out = &report.finding[i];
        *in.out = (struct doctor_finding){.name = check->name,
                                          .effect = check->effect,
                                          .number = NAN,
                                          .measured = "",
                                          .remedy = ""};
        check->look(&in);
        report.n_bad += in.out->level == DOCTOR_BAD;
    }
    *out = report;
    return 0;
}

/* A requirement: key and value with their place in the text. */
struct wanted {
    char key[32];
    char value[64];
    size_t column; /* of the key, from 1 */
};

struct reader {
    const char *name;
    const char *text;
    size_t size;
    size_t at;
    struct error *err;
};

static int bad_form(struct reader *in)
{
    ERROR_AT(in->err, ERR_PARSE, in->name, 1, (uint32_t)in->at + 1,
             "expected CHECK=VALUE");
    error_help(in->err, "write it like governor=performance,steal=1%%; tare "
                        "doctor shows the checks and their values");
    return ERR_PARSE;
}

static int unknown_check(struct reader *in, const struct wanted *want)
{
    struct nearest nearest = {.word = want->key};

    for (size_t i = 0; check_at(i); i++)
        nearest_try(&nearest, check_at(i)->name);
    ERROR_AT(in->err, ERR_PARSE, in->name, 1, (uint32_t)want->column,
             "there is no check '%s'", want->key);
    if (nearest_found(&nearest))
        error_help(in->err, "did you mean '%s'?", nearest_found(&nearest));
    else
        error_help(in->err, "tare doctor shows the checks");
    return ERR_PARSE;
}

/* Copy up to one of the stop characters; false when nothing is there, it does
 * not fit, or is not text. */
static bool take(struct reader *in, const char *stop, char *out, size_t room)
{
    size_t n = 0;

    while (in->at < in->size && in->text[in->at] &&
           !strchr(stop, in->text[in->at])) {
        if ((unsigned char)in->text[in->at] <= ' ' || n + 1 == room)
            return false;
        out[n++] = in->text[in->at++];
    }
    out[n] = '\0';
    return n > 0;
}

/* The next requirement.  Returns 1, 0 at the end, or an error. */
static int next_wanted(struct reader *in, struct wanted *out)
{
    if (in->at == in->size)
        return 0;
    if (in->at && in->text[in->at++] != ',')
        return bad_form(in);
    out->column = in->at + 1;
    if (!take(in, "=,", out->key, sizeof out->key) || in->at == in->size ||
        in->text[in->at] != '=')
        return bad_form(in);
    in->at++;
    if (!take(in, ",", out->value, sizeof out->value))
        return bad_form(in);
    for (size_t i = 0; check_at(i); i++)
        if (strcmp(check_at(i)->name, out->key) == 0)
            return 1;
    return unknown_check(in, out);
}

static const struct doctor_finding *find(const struct doctor_report *report,
                                         const char *name)
{
    for (size_t i = 0; i < report->n; i++)
        if (strcmp(report->finding[i].name, name) == 0)
            return &report->finding[i];
    return NULL;
}

/* "1%" and "1" are both one per cent where the quantity is a share. */
static bool complies(const struct doctor_finding *finding, const char *value)
{
    char number[64];
    size_t length = strlen(value);

    if (strcmp(value, "ok") == 0)
        return finding->level == DOCTOR_GOOD;
    if (isnan(finding->number))
        return strcmp(value, finding->value) == 0;
    snprintf(number, sizeof number, "%s", value);
    if (length && number[length - 1] == '%')
        number[length - 1] = '\0';
    return finding->number <= sysfile_to_number(number);
}

static int refuse(struct reader *in, const struct strbuf *wrong,
                  const char *remedy)
{
    ERROR(in->err, ERR_RANGE, "the machine is not as required: %s",
          strbuf_text(wrong));
    if (remedy)
        error_help(in->err, "%s", remedy);
    return ERR_RANGE;
}

int doctor_require(const struct doctor_report *report, const char *name,
                   const char *text, size_t size, struct error *err)
{
    struct reader in = {.name = name, .text = text, .size = size, .err = err};
    SCOPED(strbuf_scoped) struct strbuf wrong = {0};
    const char *remedy = NULL;
    struct wanted want;
    int rc = doctor_check_require(name, text, size, err);

    while (rc == 0 && (rc = next_wanted(&in, &want)) > 0) {
        const struct doctor_finding *finding = find(report, want.key);

        rc = 0;
        if (!finding || complies(finding, want.value))
            continue;
        strbuf_printf(&wrong, "%s%s is %s, not %s", wrong.size ? "; " : "",
                      want.key, finding->value, want.value);
        if (!remedy && *finding->remedy)
            remedy = finding->remedy;
    }
    if (rc == 0 && wrong.size)
        return refuse(&in, &wrong, remedy);
    return rc;
}

int doctor_check_require(const char *name, const char *text, size_t size,
                         struct error *err)
{
    struct reader in = {.name = name, .text = text, .size = size, .err = err};
    struct wanted want;
    int rc;

    if (size == 0)
        return bad_form(&in);
    do
        rc = next_wanted(&in, &want);
    while (rc > 0);
    return rc;
}

const char *doctor_level_name(enum doctor_level level)
{
    static const char *const names[] = {"good", "note", "bad", "unknown"};

    return names[level];
}
