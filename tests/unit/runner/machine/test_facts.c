/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "runner/machine/facts.h"
#include "tests/unit/runner/machine/rules.h"
#include "tests/unit/runner/machine/tree.h"

static const char shape[] = "pack:1 l3:1 core:2 pu:2";

/* Facts of a root; the arena and the topology outlive them. */
struct machine {
    struct topology *topology;
    struct arena arena;
    struct facts facts;
    char key[HASH_HEX];
};

static void look(struct tare *t, const char *root, struct machine *m)
{
    *m = (struct machine){.topology = rules_synthetic(t, shape, NULL, 0)};
    TARE_REQUIRE_INT(
        machine_facts(m->topology, root, &m->arena, &m->facts, NULL), 0);
    machine_key(&m->facts, m->key);
}

static void done(struct machine *m)
{
    arena_clear(&m->arena);
    topology_free(m->topology);
}

static const char *fact(const struct machine *m, const char *name)
{
    return facts_get(&m->facts, name);
}

/* A root of our own to change things in: the few files that facts come from. */
static void copy_server(struct tare *t, const char *to)
{
    static const char *const files[] = {
        "/proc/cpuinfo",
        "/proc/meminfo",
        "/proc/cmdline",
        "/proc/sys/kernel/osrelease",
        "/proc/sys/kernel/arch",
        "/sys/class/dmi/id/sys_vendor",
        "/sys/class/dmi/id/product_name",
        "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"};
    char path[4352], *text;
    size_t size;

    tree_remove(to);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s%s", tree_data("server"), files[i]);
        TARE_REQUIRE_INT(file_read(path, 1 << 20, &text, &size, NULL), 0);
        tree_put(t, to, files[i], text);
        free(text);
    }
}

TARE_TEST(facts_of_a_server)
{
    static const char *const want[][2] = {
        {"allowed_cpus", "0-3"},
        {"arch", "x86_64"},
        {"clocksource", "tsc"},
        {"cpu", "Intel(R) Xeon(R) Gold 6342 CPU @ 2.80GHz"},
        {"cpu_id", "6/106/6"},
        {"driver", "intel_pstate"},
        {"governor", "powersave"},
        {"hypervisor", "none"},
        {"kernel", "6.1"},
        {"kernel_release", "6.1.0-18-amd64"},
        {"memory", "up to 32 GiB"},
        {"microcode", "0xd0003a5"},
        {"mitigations", "on"},
        {"os", "Debian GNU/Linux 12 (bookworm)"},
        {"quota", "none"},
        {"smt", "on"},
        {"system", "Supermicro SYS-620P"},
        {"thp", "always"},
        {"turbo", "on"},
    };
    struct machine m;

    look(t, tree_data("server"), &m);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        TARE_CHECK_STR(fact(&m, want[i][0]), want[i][1]);
    TARE_CHECK_INT((int)m.facts.n, (int)(sizeof want / sizeof *want) + 1);
    TARE_CHECK_INT((int)strlen(m.key), 64);
    done(&m);
}

TARE_TEST(the_key_does_not_move_with_load_clock_or_settings)
{
    struct machine before, after;

    copy_server(t, "a");
    look(t, "a", &before);
    tree_put(t, "a", "/proc/loadavg", "99.0 99.0 99.0 1/2 3\n");
    tree_put(t, "a", "/proc/cpuinfo",
             "model name : Intel(R) Xeon(R) Gold 6342 CPU @ 2.80GHz\n"
             "cpu family : 6\nmodel : 106\nstepping : 6\n"
             "microcode : 0xd0003a5\ncpu MHz : 800.000\nbogomips : 1\n"
             "flags : fpu tsc\n");
    tree_put(t, "a", "/proc/meminfo", "MemTotal: 32500000 kB\nMemFree: 1 kB\n");
    tree_put(t, "a", "/proc/sys/kernel/osrelease", "6.1.0-21-amd64\n");
    tree_put(t, "a", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
             "performance\n");
    look(t, "a", &after);
    TARE_CHECK_STR(after.key, before.key);
    TARE_CHECK_STR(fact(&after, "governor"), "performance");
    done(&before);
    done(&after);
}

TARE_TEST(the_key_moves_with_every_hard_fact_and_with_no_other)
{
    static const struct {
        const char *path, *content, *name;
        bool hard;
    } changes[] = {
        {"/proc/cpuinfo",
         "model name : Intel(R) Xeon(R) Gold 6342 CPU @ 2.80GHz\n"
         "cpu family : 6\nmodel : 106\nstepping : 6\nmicrocode : 0xd0003a6\n"
         "flags : fpu\n",
         "microcode", true},
        {"/proc/cpuinfo",
         "model name : Intel(R) Xeon(R) Gold 6342 CPU @ 2.80GHz\n"
         "cpu family : 6\nmodel : 106\nstepping : 6\nmicrocode : 0xd0003a5\n"
         "flags : fpu hypervisor\n",
         "hypervisor", true},
        {"/proc/meminfo", "MemTotal: 65517092 kB\n", "memory", true},
        {"/proc/sys/kernel/osrelease", "6.6.1\n", "kernel", true},
        {"/proc/sys/kernel/arch", "aarch64\n", "arch", true},
        {"/sys/class/dmi/id/product_name", "other\n", "system", false},
        {"/proc/cmdline", "ro mitigations=off\n", "mitigations", false},
        {"/sys/devices/system/cpu/smt/control", "off\n", "smt", false},
    };

    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct fact_differences list;
        struct machine before, after;
        bool found = false;

        copy_server(t, "b");
        look(t, "b", &before);
        tree_put(t, "b", changes[i].path, changes[i].content);
        look(t, "b", &after);
        TARE_REQUIRE_INT(facts_compare(&before.facts, &after.facts,
                                       &after.arena, &list, NULL),
                         0);
        for (size_t k = 0; k < list.n; k++)
            found |= strcmp(list.difference[k].name, changes[i].name) == 0;
        TARE_CHECK(found);
        TARE_CHECK_INT(list.n_hard > 0, changes[i].hard);
        TARE_CHECK_INT(strcmp(before.key, after.key) != 0, changes[i].hard);
        TARE_CHECK_INT(fact_is_hard(changes[i].name), changes[i].hard);
        done(&before);
        done(&after);
    }
}

TARE_TEST(differences_are_hard_first_and_name_both_sides)
{
    struct fact a[] = {{"cpu", "x"}, {"governor", "g"}, {"os", "o"}};
    struct fact b[] = {{"cpu", "y"}, {"os", "o"}, {"thp", "never"}};
    const struct facts old = {a, 3}, now = {b, 3}, none = {NULL, 0};
    struct fact_differences list;
    struct arena arena = {0};

    TARE_REQUIRE_INT(facts_compare(&old, &now, &arena, &list, NULL), 0);
    TARE_REQUIRE_INT((int)list.n, 3);
    TARE_CHECK_INT((int)list.n_hard, 1);
    TARE_CHECK_STR(list.difference[0].name, "cpu");
    TARE_CHECK_STR(list.difference[0].old, "x");
    TARE_CHECK_STR(list.difference[0].now, "y");
    TARE_CHECK_STR(list.difference[1].name, "governor");
    TARE_CHECK(list.difference[1].now == NULL);
    TARE_CHECK_STR(list.difference[2].name, "thp");
    TARE_CHECK(list.difference[2].old == NULL);
    TARE_REQUIRE_INT(facts_compare(&old, &old, &arena, &list, NULL), 0);
    TARE_CHECK_INT((int)list.n, 0);
    TARE_REQUIRE_INT(facts_compare(&none, &old, &arena, &list, NULL), 0);
    TARE_CHECK_INT((int)list.n, 3);
    arena_clear(&arena);
}

TARE_TEST(what_is_not_there_is_unknown)
{
    struct machine m;

    look(t, "nowhere", &m);
    for (size_t i = 0; i < m.facts.n; i++) {
        const char *name = m.facts.fact[i].name;

        if (strcmp(name, "topology") && strcmp(name, "allowed_cpus") &&
            strcmp(name, "quota") && strcmp(name, "arch"))
            TARE_CHECK_STR(m.facts.fact[i].value, "unknown");
    }
    done(&m);
}

TARE_TEST(garbage_becomes_facts_that_are_safe_to_print)
{
    struct machine m;

    look(t, tree_data("garbage"), &m);
    for (size_t i = 0; i < m.facts.n; i++) {
        const char *value = m.facts.fact[i].value;

        TARE_CHECK(value[0] != '\0');
        for (const unsigned char *p = (const unsigned char *)value; *p; p++)
            TARE_CHECK(*p == '\t' || (*p >= 0x20 && *p != 0x7f));
    }
    TARE_CHECK_STR(fact(&m, "memory"), "unknown");
    done(&m);
}

TARE_TEST(memory_is_what_was_built_in)
{
    static const struct {
        const char *kib, *want;
    } rows[] = {
        {"3884032 kB", "up to 4 GiB"},
        {"8010452 kB", "up to 8 GiB"},
        {"16218684 kB", "up to 16 GiB"},
        {"24684096 kB", "up to 24 GiB"},
        {"65656352 kB", "up to 64 GiB"},
        {"98671932 kB", "up to 96 GiB"},
        {"499712 kB", "up to 512 MiB"},
        {"527988628 kB", "up to 512 GiB"},
        {"0 kB", "unknown"},
        {"-5 kB", "unknown"},
        {"lots", "unknown"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        struct machine m;

        snprintf(text, sizeof text, "MemTotal: %s\n", rows[i].kib);
        tree_put(t, "mem", "/proc/meminfo", text);
        look(t, "mem", &m);
        TARE_CHECK_STR(fact(&m, "memory"), rows[i].want);
        done(&m);
    }
}

TARE_TEST(an_arm_machine_is_named_by_its_parts)
{
    struct machine m;

    tree_put(t, "arm", "/proc/cpuinfo",
             "processor : 0\nCPU implementer : 0x41\nCPU variant : 0x1\n"
             "CPU part : 0xd05\nCPU revision : 0\n\n"
             "processor : 1\nCPU implementer : 0x41\nCPU part : 0xd0a\n\n"
             "processor : 2\nCPU implementer : 0x41\nCPU part : 0xd05\n");
    look(t, "arm", &m);
    TARE_CHECK_STR(fact(&m, "cpu"), "implementer 0x41 part 0xd05 part 0xd0a");
    TARE_CHECK_STR(fact(&m, "cpu_id"), "0x1/0");
    done(&m);
}

TARE_TEST(this_machine_gives_the_same_key_twice)
{
    struct topology *topology = NULL;
    struct arena arena = {0};
    struct facts facts;
    char key[2][HASH_HEX];

    TARE_REQUIRE_INT(
        topology_load(&(struct topology_source){0}, &topology, NULL), 0);
    for (int i = 0; i < 2; i++) {
        TARE_REQUIRE_INT(machine_facts(topology, "", &arena, &facts, NULL), 0);
        machine_key(&facts, key[i]);
    }
    TARE_CHECK_STR(key[0], key[1]);
    TARE_CHECK(strcmp(facts_get(&facts, "kernel"), "unknown") != 0);
    arena_clear(&arena);
    topology_free(topology);
}
