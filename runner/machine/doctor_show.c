/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Findings for people and for programs. */
#include <config.h>

#include "runner/machine/doctor.h"

#include "runner/machine/cpulist.h"

/* What is bad, what is worth knowing, what is fine, what is unknown. */
static const enum doctor_level order[] = {DOCTOR_BAD, DOCTOR_NOTE, DOCTOR_GOOD,
                                          DOCTOR_UNKNOWN};

static void draw_part(const char *title, const char *text, struct strbuf *out)
{
    if (*text)
        strbuf_printf(out, "%9s%-9s%s\n", "", title, text);
}

static void draw_finding(const struct doctor_finding *f, struct strbuf *out)
{
    strbuf_printf(out, "%-8s %s: %s\n", doctor_level_name(f->level), f->name,
                  f->finding);
    if (f->level == DOCTOR_BAD || f->level == DOCTOR_NOTE)
        draw_part("effect", f->effect, out);
    draw_part("here", f->measured, out);
    draw_part("remedy", f->remedy, out);
}

static void draw_quiet(const struct doctor_report *report, struct strbuf *out)
{
    strbuf_puts(out, "quietest CPUs first: ");
    for (size_t i = 0; i < report->n_quiet; i++)
        strbuf_printf(out, "%s%d", i ? " " : "", report->quiet[i]);
    strbuf_putc(out, '\n');
}

void doctor_draw(const struct doctor_report *report, struct strbuf *out)
{
    for (size_t level = 0; level < sizeof order / sizeof *order; level++)
        for (size_t i = 0; i < report->n; i++)
            if (report->finding[i].level == order[level])
                draw_finding(&report->finding[i], out);
    strbuf_putc(out, '\n');
    if (report->n_quiet)
        draw_quiet(report, out);
    strbuf_printf(out, "%zu of %zu checks found what disturbs measurements\n",
                  report->n_bad, report->n);
}

static void write_finding(const struct doctor_finding *f, struct json *json)
{
    json_object(json);
    json_set_string(json, "name", f->name);
    json_set_string(json, "level", doctor_level_name(f->level));
    json_set_string(json, "value", f->value);
    json_set_double(json, "number", f->number);
    json_set_string(json, "finding", f->finding);
    json_set_string(json, "effect", f->effect);
    json_set_string(json, "measured", *f->measured ? f->measured : NULL);
    json_set_string(json, "remedy", *f->remedy ? f->remedy : NULL);
    json_object_end(json);
}

static void write_cores(const struct doctor_report *report, struct json *json)
{
    json_key(json, "cores");
    json_list(json);
    for (size_t u = 0; u < report->n_quiet; u++) {
        const struct noise *noise = &report->measured->core[u];

        json_object(json);
        json_set_int(json, "pu", report->pu[u]);
        json_set_double(json, "noise", noise->share);
        json_set_double(json, "gaps_per_s", noise->gaps_per_s);
        json_set_int(json, "longest_gap_ns", noise->longest_ns);
        json_object_end(json);
    }
    json_array_end(json);
}

static void write_measured(const struct doctor_report *report,
                           struct json *json)
{
    const struct doctor_measured *m = report->measured;

    json_key(json, "measured");
    if (!m) {
        json_null(json);
        return;
    }
    json_object(json);
    json_set_double(json, "seconds", m->seconds);
    json_set_double(json, "clock_ns", m->clock_ns);
    json_set_double(json, "clock_step_ns", m->clock_step_ns);
    json_set_double(json, "sleep_late_ns", m->late_ns);
    json_key(json, "during");
    disturbance_json(&m->during, json);
    json_key(json, "quietest");
    json_array(json);
    for (size_t i = 0; i < report->n_quiet; i++)
        json_int(json, report->quiet[i]);
    json_array_end(json);
    write_cores(report, json);
    json_object_end(json);
}

void doctor_json(const struct doctor_report *report, struct json *json)
{
    json_object(json);
    json_set_string(json, "schema", "tare/doctor/1");
    json_set_int(json, "bad", (int64_t)report->n_bad);
    json_key(json, "findings");
    json_list(json);
    for (size_t i = 0; i < report->n; i++)
        write_finding(&report->finding[i], json);
    json_array_end(json);
    write_measured(report, json);
    json_object_end(json);
}
