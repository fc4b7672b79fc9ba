/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What runner/machine reads: the first line of an input names the parser. */
#include <config.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/strbuf.h"
#include "runner/machine/cgroup.h"
#include "runner/machine/cpulist.h"
#include "runner/machine/doctor.h"
#include "runner/machine/placement.h"
#include "runner/machine/sysfile.h"
#include "tests/fuzz/target.h"

/* A refusal has a text, a place inside the input and a remedy. */
static void check_error(int rc, const struct error *err, size_t size)
{
    MUST(rc == 0 || rc == ERR_PARSE || rc == ERR_RANGE);
    MUST((rc == 0) == (err->code == ERR_OK));
    MUST(rc == 0 || (err->text[0] && err->help[0]));
    MUST(err->column <= size + 1);
}

/* What is printed reads back as the same set. */
static void fuzz_cpulist(const char *text, size_t size)
{
    struct cpulist list = {0}, again = {0};
    struct strbuf out = {0};
    struct arena arena = {0};
    struct error err = {0};
    int rc = cpulist_parse("fuzz", text, size, &arena, &list, &err);

    check_error(rc, &err, size);
    if (rc == 0 && list.n < 1000) {
        cpulist_print(&out, list.cpu, list.n);
        MUST(cpulist_parse("again", strbuf_text(&out), out.size, &arena, &again,
                           NULL) == 0);
        for (size_t i = 0; i < list.n; i++)
            MUST(cpulist_has(&again, list.cpu[i]));
        for (size_t i = 0; i < again.n; i++)
            MUST(cpulist_has(&list, again.cpu[i]));
    }
    strbuf_clear(&out);
    arena_clear(&arena);
}

static void fuzz_bind(const char *text, size_t size)
{
    struct placement_policy policy = {0};
    struct arena arena = {0};
    struct error err = {0};
    int rc = placement_parse_bind("fuzz", text, size, &arena, &policy, &err);

    check_error(rc, &err, size);
    MUST(rc < 0 || (policy.n_list > 0) == (policy.bind == PLACE_LIST));
    arena_clear(&arena);
}

static void fuzz_require(const char *text, size_t size)
{
    struct error err = {0};

    check_error(doctor_check_require("fuzz", text, size, &err), &err, size);
}

static void fuzz_cpu_max(const char *text, size_t size)
{
    double cpus = cgroup_parse_cpu_max(text, size);

    MUST(isnan(cpus) || cpus >= 0);
}

/* A field is a line's end at most, and a number is finite. */
static void fuzz_field(const char *text, size_t size)
{
    struct arena arena = {0};
    char *copy = arena_memdup(&arena, text, size);
    char *value = copy ? sysfile_field(&arena, copy, "cpu0") : NULL;

    MUST(!value || (strlen(value) <= size && !strchr(value, '\n')));
    MUST(!value || !isinf(sysfile_to_number(value)));
    arena_clear(&arena);
}

static void fuzz_xml(const char *text, size_t size)
{
    const struct topology_source source = {0};
    struct topology *topology = NULL;
    struct error err = {0};
    int rc = topology_parse_xml("fuzz", text, size, &source, &topology, &err);

    MUST((rc == 0) == (topology != NULL));
    MUST(rc == 0 || err.text[0]);
    MUST(rc < 0 || (topology->n_units > 0 && topology->n_classes > 0));
    topology_free(topology);
}

static const struct {
    const char *name;
    void (*run)(const char *text, size_t size);
} parsers[] = {
    {"cpulist\n", fuzz_cpulist}, {"bind\n", fuzz_bind},
    {"require\n", fuzz_require}, {"cpu.max\n", fuzz_cpu_max},
    {"field\n", fuzz_field},     {"xml\n", fuzz_xml},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < sizeof parsers / sizeof *parsers; i++) {
        size_t length = strlen(parsers[i].name);

        if (size >= length && memcmp(data, parsers[i].name, length) == 0)
            parsers[i].run((const char *)data + length, size - length);
    }
    return 0;
}
