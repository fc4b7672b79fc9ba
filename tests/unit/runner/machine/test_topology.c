/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "tests/unit/runner/machine/rules.h"
#include "tests/unit/runner/machine/tree.h"

static int load(const char *from, struct error *err)
{
    struct topology *topology = NULL;
    int rc =
        topology_load(&(struct topology_source){.from = from}, &topology, err);

    topology_free(topology);
    return rc;
}

TARE_TEST(a_format_that_would_load_as_nothing_is_an_error_with_a_remedy)
{
    struct error err = {0};

    tree_put(t, ".", "/v3.xml",
             "<?xml version=\"1.0\"?>\n"
             "<!DOCTYPE topology SYSTEM \"hwloc3.dtd\">\n"
             "<topology version=\"3.0\">\n"
             "  <object type=\"Machine\" cpuset=\"0x3\"/>\n</topology>\n");
    TARE_CHECK_INT(load("v3.xml", &err), ERR_PARSE);
    TARE_CHECK_STR(err.file, "v3.xml");
    TARE_CHECK_INT(err.line, 3);
    TARE_CHECK(strstr(err.text, "XML format 3") != NULL);
    TARE_CHECK(strstr(err.help, "--export-xml-flags v2") != NULL);
}

TARE_TEST(what_is_no_machine_is_refused)
{
    static const struct {
        const char *content;
        int code;
    } bad[] = {
        {"", ERR_PARSE},
        {"\n", ERR_PARSE},
        {"hello", ERR_PARSE},
        {"<topology", ERR_PARSE},
        {"<topologyx version=\"2.0\">", ERR_PARSE},
        {"<topology version=\"2.0\"></topology>", ERR_PARSE},
        {"<topology version=\"2.0\"><object type=\"Machine\"", ERR_PARSE},
        /* This one makes hwloc 2.9 crash. */
        {"<topology version=\"2.0\"><object type=\"Machine\" os_index=\"0\" "
         "cpuset=\"0x1\" complete_cpuset=\"0x1\" allowed_cpuset=\"0x1\" "
         "nodeset=\"0x1\" complete_nodeset=\"0x1\" allowed_nodeset=\"0x1\" "
         "gp_index=\"1\"><object type=\"NUMANode\" os_index=\"0\" "
         "gp_index=\"2\"/><object type=\"PU\" os_index=\"0\" "
         "gp_index=\"3\"/></object></topology>",
         ERR_PARSE},
        {"<topology version=\"99999999999999999999.0\">", ERR_PARSE},
    };
    struct error err;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err = (struct error){0};
        tree_put(t, ".", "/bad.xml", bad[i].content);
        TARE_CHECK_INT(load("bad.xml", &err), bad[i].code);
        TARE_CHECK_STR(err.file, "bad.xml");
        TARE_CHECK_INT(load("bad.xml", NULL), bad[i].code);
    }
}

TARE_TEST(every_cut_of_a_file_loads_or_says_why)
{
    const char *srcdir = getenv("srcdir");
    char path[4096], *text;
    size_t size;

    snprintf(path, sizeof path,
             "%s/tests/data/topologies/single-core-ps3-2t.xml",
             srcdir ? srcdir : ".");
    TARE_REQUIRE_INT(file_read(path, 1 << 20, &text, &size, NULL), 0);
    for (size_t cut = 0; cut <= size; cut += cut < size - 30 ? 13 : 1) {
        const struct topology_source source = {0};
        struct topology *topology = NULL;
        struct error err = {0};
        int rc =
            topology_parse_xml("cut.xml", text, cut, &source, &topology, &err);

        TARE_CHECK((rc == 0) == (topology != NULL));
        TARE_CHECK(rc == 0 || err.text[0]);
        TARE_CHECK(rc < 0 || topology->n_pus == 2);
        topology_free(topology);
    }
    free(text);
}

TARE_TEST(descriptions_are_checked_before_they_are_built)
{
    static const struct {
        const char *text;
        int code;
    } bad[] = {
        {"nofile", ERR_USAGE},
        {"pack:2 core:x", ERR_PARSE},
        {"foo:2", ERR_PARSE},
        {"core:0", ERR_PARSE},
        {"core:-3", ERR_PARSE},
        {"pack:9999 core:9999 pu:9999", ERR_RANGE},
        {"pu:99999999999999999999", ERR_RANGE},
        {"pack:2 numa:1 core:", ERR_PARSE},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct error err = {0};

        TARE_CHECK_INT(load(bad[i].text, &err), bad[i].code);
        TARE_CHECK(err.help[0] || err.code == ERR_RANGE);
    }
    TARE_CHECK_INT(load("pack:1 l3:1(size=33554432) core:2 pu:2", NULL), 0);
}

TARE_TEST(a_description_gives_the_units_and_what_they_share)
{
    struct topology *topology = rules_synthetic(
        t, "pack:2 numa:1 l3:2(size=16777216) l2:2 core:1 pu:2", NULL, 0);
    const struct topo_unit *last;

    TARE_REQUIRE_INT((int)topology->n_units, 8);
    TARE_CHECK_INT((int)topology->n_pus, 16);
    TARE_CHECK_INT((int)topology->n_pus_there, 16);
    TARE_CHECK_INT((int)topology->n_nodes, 2);
    TARE_CHECK_INT((int)topology->n_classes, 1);
    TARE_CHECK(topology->ranked);
    TARE_CHECK(isnan(topology->quota));
    last = &topology->unit[7];
    TARE_CHECK_INT(last->core, 7);
    TARE_CHECK_INT(last->pu[0], 14);
    TARE_CHECK_INT(last->pu[1], 15);
    TARE_CHECK_INT(topology->domain[last->package].id, 1);
    TARE_CHECK_INT(topology->domain[last->l3].id, 3);
    TARE_CHECK_INT((int)(topology->domain[last->l3].bytes >> 20), 16);
    TARE_CHECK_INT(topology->domain[last->l2].id, 7);
    TARE_CHECK_INT(last->llc, last->l3);
    TARE_CHECK_INT(last->die, -1);
    TARE_CHECK_INT(topology->node[last->node[0]].os, 1);
    TARE_CHECK_INT(topology_unit_of(topology, 15), 7);
    TARE_CHECK_INT(topology_unit_of(topology, 16), -1);
    TARE_CHECK(strstr(topology->shape, "cores 8, PUs 16") != NULL);
    topology_free(topology);
}

TARE_TEST(the_allowed_set_cuts_cores_and_domains)
{
    static const int only[] = {1, 6, 7, 40};
    struct topology *topology =
        rules_synthetic(t, "pack:2 l3:1 core:2 pu:2", only, 4);

    TARE_REQUIRE_INT((int)topology->n_units, 2);
    TARE_CHECK_INT((int)topology->n_pus, 3);
    TARE_CHECK_INT((int)topology->n_pus_there, 8);
    TARE_CHECK_INT((int)topology->unit[0].n_pus, 1);
    TARE_CHECK_INT(topology->unit[0].pu[0], 1);
    TARE_CHECK_INT(topology->unit[1].core, 3);
    TARE_CHECK_INT((int)topology->unit[1].n_pus, 2);
    /* The shape is that of the whole machine. */
    TARE_CHECK(strstr(topology->shape, "PUs 8") != NULL);
    topology_free(topology);
}

TARE_TEST(a_description_has_a_quota_below_a_root_given_for_it)
{
    const struct topology_source source = {.from = "core:4 pu:1",
                                           .sysroot = tree_data("server")};
    struct topology *topology = NULL;

    TARE_REQUIRE_INT(topology_load(&source, &topology, NULL), 0);
    TARE_CHECK_REL(topology->quota, 1.5, 0);
    topology_free(topology);
}

TARE_TEST(nothing_allowed_is_an_error)
{
    static const int only[] = {100};
    const struct topology_source source = {
        .from = "core:2 pu:1", .only = only, .n_only = 1};
    struct topology *topology = NULL;
    struct error err = {0};

    TARE_CHECK_INT(topology_load(&source, &topology, &err), ERR_EMPTY);
    TARE_CHECK(topology == NULL);
    TARE_CHECK(err.help[0] != '\0');
}

TARE_TEST(this_machine_has_a_unit_and_a_quota_below_the_root_given)
{
    struct topology *topology = NULL;

    tree_put(t, "q", "/proc/self/cgroup", "0::/\n");
    tree_put(t, "q", "/proc/self/mountinfo",
             "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    tree_put(t, "q", "/sys/fs/cgroup/cpu.max", "50000 100000\n");
    TARE_REQUIRE_INT(topology_load(&(struct topology_source){.sysroot = "q"},
                                   &topology, NULL),
                     0);
    TARE_CHECK(topology->n_units >= 1);
    TARE_CHECK_REL(topology->quota, 0.5, 0);
    TARE_CHECK_STR(topology->quota_from, "/sys/fs/cgroup/cpu.max");
    topology_free(topology);
}

/* Four cores in two kinds, told apart by the attributes given. */
static struct topology *two_kinds(struct tare *t, const char *a, const char *b)
{
    static const char core[] =
        "<object type=\"Core\" os_index=\"%d\" cpuset=\"0x%x\" "
        "complete_cpuset=\"0x%x\" nodeset=\"0x1\" complete_nodeset=\"0x1\" "
        "gp_index=\"%d\"><object type=\"PU\" os_index=\"%d\" cpuset=\"0x%x\" "
        "complete_cpuset=\"0x%x\" nodeset=\"0x1\" complete_nodeset=\"0x1\" "
        "gp_index=\"%d\"/></object>\n";
    struct topology *topology = NULL;
    struct strbuf xml = {0};
    struct error err = {0};
    const struct topology_source source = {0};

    strbuf_puts(&xml,
                "<topology version=\"2.0\"><object type=\"Machine\" "
                "os_index=\"0\" cpuset=\"0xf\" complete_cpuset=\"0xf\" "
                "allowed_cpuset=\"0xf\" nodeset=\"0x1\" "
                "complete_nodeset=\"0x1\" allowed_nodeset=\"0x1\" "
                "gp_index=\"1\">\n<object type=\"NUMANode\" os_index=\"0\" "
                "cpuset=\"0xf\" complete_cpuset=\"0xf\" nodeset=\"0x1\" "
                "complete_nodeset=\"0x1\" gp_index=\"2\"/>\n");
    for (int i = 0; i < 4; i++)
        strbuf_printf(&xml, core, i, 1 << i, 1 << i, 10 + i, i, 1 << i, 1 << i,
                      20 + i);
    strbuf_printf(&xml,
                  "</object>\n<cpukind cpuset=\"0x3\">%s</cpukind>\n"
                  "<cpukind cpuset=\"0xc\">%s</cpukind>\n</topology>\n",
                  a, b);
    topology_parse_xml("kinds.xml", strbuf_text(&xml), xml.size, &source,
                       &topology, &err);
    strbuf_clear(&xml);
    TARE_REQUIRE_STR(err.text, "");
    return topology;
}

#define INFO(name, value) "<info name=\"" name "\" value=\"" value "\"/>"

TARE_TEST(kinds_that_are_the_same_thing_share_a_class)
{
    static const struct {
        const char *a, *b;
        int classes;
    } pairs[] = {
        {INFO("CoreType", "IntelCore") INFO("FrequencyMaxMHz", "5000"),
         INFO("CoreType", "IntelCore") INFO("FrequencyMaxMHz", "5400"), 1},
        {INFO("CoreType", "IntelCore"), INFO("CoreType", "IntelAtom"), 2},
        /* The type decides whatever the rest says. */
        {INFO("CoreType", "A") INFO("FrequencyBaseMHz", "1000"),
         INFO("CoreType", "B") INFO("FrequencyBaseMHz", "1000"), 2},
        {INFO("CPUPart", "0xd0c") INFO("LinuxCapacity", "500"),
         INFO("CPUPart", "0xd0c") INFO("LinuxCapacity", "1024"), 1},
        {INFO("LinuxCapacity", "1024"), INFO("LinuxCapacity", "980"), 1},
        {INFO("LinuxCapacity", "1024"), INFO("LinuxCapacity", "960"), 2},
        {INFO("FrequencyBaseMHz", "2000"), INFO("FrequencyBaseMHz", "1920"), 1},
        {INFO("FrequencyBaseMHz", "2000"), INFO("FrequencyBaseMHz", "1400"), 2},
        {INFO("LinuxCapacity", "1024") INFO("FrequencyBaseMHz", "2000"),
         INFO("LinuxCapacity", "1024") INFO("FrequencyBaseMHz", "1000"), 2},
        /* Turbo limits of favoured cores, and of a big and a small one. */
        {INFO("FrequencyMaxMHz", "4000"), INFO("FrequencyMaxMHz", "3700"), 1},
        {INFO("FrequencyMaxMHz", "5100"), INFO("FrequencyMaxMHz", "3300"), 2},
        /* Nothing in common that could be compared. */
        {INFO("LinuxCapacity", "1024"), INFO("FrequencyBaseMHz", "2000"), 2},
        {INFO("LinuxCapacity", "lots"), INFO("LinuxCapacity", "more"), 2},
    };

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct topology *topology = two_kinds(t, pairs[i].a, pairs[i].b);

        TARE_CHECK_INT((int)topology->n_kinds, 2);
        TARE_CHECK_INT((int)topology->n_classes, pairs[i].classes);
        topology_free(topology);
    }
}
