/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts about a machine, one reader each. */
#include <config.h>

#include "runner/machine/facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/strbuf.h"
#include "runner/machine/cpulist.h"
#include "runner/machine/sysfile.h"

struct reader {
    const struct topology *topology;
    const char *sysroot;
    struct arena *arena;
    char *cpuinfo; /* NULL when unreadable */
};

static const char *line(struct reader *in, const char *path)
{
    char *text = sysfile_line(in->arena, in->sysroot, "%s", path);

    return text && *text ? text : NULL;
}

/* Arm gives numbers where others give names; a machine of two kinds has two
 * parts (Linux, Documentation/arch/arm64/cpu-feature-registers.rst). */
static const char *arm_cpu(struct reader *in)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    const char *maker =
        sysfile_field(in->arena, in->cpuinfo, "CPU implementer");
    const char *at = in->cpuinfo;

    if (!maker)
        return NULL;
    strbuf_printf(&out, "implementer %s", maker);
    while (at && (at = strstr(at, "CPU part"))) {
        char *part = sysfile_field(in->arena, at, "CPU part");

        if (part && *part && !strstr(strbuf_text(&out), part))
            strbuf_printf(&out, " part %s", part);
        at = strchr(at, '\n');
    }
    return out.failed ? NULL : arena_strdup(in->arena, strbuf_text(&out));
}

static const char *cpu(struct reader *in)
{
    static const char *const names[] = {"model name", "cpu model", "cpu",
                                        "uarch", "Processor"};

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const char *text = sysfile_field(in->arena, in->cpuinfo, names[i]);

        if (text && *text)
            return text;
    }
    return arm_cpu(in);
}

static const char *cpu_id(struct reader *in)
{
    const char *family = sysfile_field(in->arena, in->cpuinfo, "cpu family");
    const char *model = sysfile_field(in->arena, in->cpuinfo, "model");
    const char *step = sysfile_field(in->arena, in->cpuinfo, "stepping");

    if (family && model && step)
        return arena_printf(in->arena, "%s/%s/%s", family, model, step);
    family = sysfile_field(in->arena, in->cpuinfo, "CPU variant");
    step = sysfile_field(in->arena, in->cpuinfo, "CPU revision");
    return family && step ? arena_printf(in->arena, "%s/%s", family, step)
                          : NULL;
}

static const char *microcode(struct reader *in)
{
    const char *text = sysfile_field(in->arena, in->cpuinfo, "microcode");

    if (text && *text)
        return text;
    return line(in, "/sys/devices/system/cpu/cpu0/microcode/version");
}

static const char *shape(struct reader *in)
{
    return in->topology->shape;
}

/* What is left to the system changes by some megabytes with the kernel and
 * the boot, by a few per cent at most: rounding up to the next quarter of a
 * power of two gives the size that was built in. */
static const char *memory(struct reader *in)
{
    char *text = sysfile_text(in->arena, in->sysroot, "/proc/meminfo");
    char *total = sysfile_field(in->arena, text, "MemTotal");
    double kib, step;

    if (!total)
        return NULL;
    total[strcspn(total, " ")] = '\0';
    kib = sysfile_to_number(total);
    if (!(kib >= 1))
        return NULL;
    step = exp2(floor(log2(kib)) - 2);
    kib = ceil(kib / step) * step;
    return kib >= 1 << 20
               ? arena_printf(in->arena, "up to %g GiB", kib / (1 << 20))
               : arena_printf(in->arena, "up to %g MiB", kib / 1024);
}

static const char *kernel_release(struct reader *in)
{
    return line(in, "/proc/sys/kernel/osrelease");
}

static const char *kernel(struct reader *in)
{
    const char *text = kernel_release(in);
    size_t length;

    if (!text)
        return NULL;
    length = strcspn(text, ".");
    if (text[length] == '.')
        length += 1 + strspn(text + length + 1, "0123456789");
    return arena_memdup(in->arena, text, length);
}

static const char *arch(struct reader *in)
{
    const char *text = line(in, "/proc/sys/kernel/arch"); /* since Linux 6.1 */

    if (text)
        return text;
#if defined(__x86_64__)
    return "x86_64";
#elif defined(__aarch64__)
    return "aarch64";
#else
    return NULL;
#endif
}

static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = text; at && (at = strstr(at, word)); at += length)
        if ((at == text || at[-1] == ' ') && strchr(" \t\n", at[length]))
            return true;
    return false;
}

static const char *dmi(struct reader *in)
{
    const char *maker = line(in, "/sys/class/dmi/id/sys_vendor");
    const char *product = line(in, "/sys/class/dmi/id/product_name");

    if (maker && product)
        return arena_printf(in->arena, "%s %s", maker, product);
    return product ? product : maker;
}

/* What the maker field of the firmware tables says in each. */
static const char *hypervisor_name(const char *system)
{
    static const struct {
        const char *in_system, *name;
    } names[] = {
        {"QEMU", "KVM"},           {"KVM", "KVM"},
        {"Amazon EC2", "KVM"},     {"Google", "KVM"},
        {"VMware", "VMware"},      {"Microsoft", "Hyper-V"},
        {"innotek", "VirtualBox"}, {"Xen", "Xen"},
        {"Bochs", "Bochs"},        {"Parallels", "Parallels"},
    };

    for (size_t i = 0; system && i < ARRAY_LEN(names); i++)
        if (strstr(system, names[i].in_system))
            return names[i].name;
    return "present";
}

/* The CPU flag is there under every hypervisor on x86; elsewhere the device
 * tree or the firmware has to tell. */
static const char *hypervisor(struct reader *in)
{
    const char *type = line(in, "/sys/hypervisor/type");
    const char *flags = sysfile_field(in->arena, in->cpuinfo, "flags");

    if (type)
        return type;
    type = line(in, "/proc/device-tree/hypervisor/compatible");
    if (type)
        return type;
    if (!flags)
        return NULL;
    return has_word(flags, "hypervisor") ? hypervisor_name(dmi(in)) : "none";
}

static const char *os(struct reader *in)
{
    char *text = sysfile_text(in->arena, in->sysroot, "/etc/os-release");

    for (; text; text = strchr(text, '\n')) {
        text += *text == '\n';
        if (strncmp(text, "PRETTY_NAME=\"", 13) == 0)
            return arena_memdup(in->arena, text + 13,
                                strcspn(text + 13, "\"\n"));
    }
    return NULL;
}

/* The one in brackets: "always [madvise] never". */
static const char *chosen(struct reader *in, const char *path)
{
    const char *text = line(in, path);
    const char *start = text ? strchr(text, '[') : NULL;

    if (!start)
        return text;
    return arena_memdup(in->arena, start + 1, strcspn(start + 1, "]"));
}

static const char *governor(struct reader *in)
{
    return line(in, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
}

static const char *driver(struct reader *in)
{
    return line(in, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_driver");
}

static const char *turbo(struct reader *in)
{
    double off = sysfile_number(in->arena, in->sysroot,
                                "/sys/devices/system/cpu/intel_pstate/"
                                "no_turbo");
    double on = sysfile_number(in->arena, in->sysroot,
                               "/sys/devices/system/cpu/cpufreq/boost");

    if (!isnan(off))
        return off > 0 ? "off" : "on";
    return isnan(on) ? NULL : on > 0 ? "on" : "off";
}

static const char *smt(struct reader *in)
{
    return line(in, "/sys/devices/system/cpu/smt/control");
}

static const char *clocksource(struct reader *in)
{
    return line(in, "/sys/devices/system/clocksource/clocksource0/"
                    "current_clocksource");
}

static const char *thp(struct reader *in)
{
    return chosen(in, "/sys/kernel/mm/transparent_hugepage/enabled");
}

static const char *mitigations(struct reader *in)
{
    const char *text = line(in, "/proc/cmdline");

    if (!text)
        return NULL;
    return has_word(text, "mitigations=off") ? "off" : "on";
}

static const char *allowed_cpus(struct reader *in)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};
    SCOPED(free_scoped) int *pu = malloc(in->topology->n_pus * sizeof *pu);
    size_t n = 0;

    for (size_t u = 0; pu && u < in->topology->n_units; u++)
        for (size_t i = 0; i < in->topology->unit[u].n_pus; i++)
            pu[n++] = in->topology->unit[u].pu[i];
    cpulist_print(&out, pu, n);
    return out.failed ? NULL : arena_strdup(in->arena, strbuf_text(&out));
}

static const char *quota(struct reader *in)
{
    if (isnan(in->topology->quota))
        return "none";
    return arena_printf(in->arena, "%g CPUs", in->topology->quota);
}

static const struct {
    const char *name;
    bool hard;
    const char *(*read)(struct reader *in); /* NULL when unknown */
} table[] = {
    {"allowed_cpus", false, allowed_cpus},
    {"arch", true, arch},
    {"clocksource", false, clocksource},
    {"cpu", true, cpu},
    {"cpu_id", true, cpu_id},
    {"driver", false, driver},
    {"governor", false, governor},
    {"hypervisor", true, hypervisor},
    {"kernel", true, kernel},
    {"kernel_release", false, kernel_release},
    {"memory", true, memory},
    {"microcode", true, microcode},
    {"mitigations", false, mitigations},
    {"os", false, os},
    {"quota", false, quota},
    {"smt", false, smt},
    {"system", false, dmi},
    {"thp", false, thp},
    {"topology", true, shape},
    {"turbo", false, turbo},
};

int machine_facts(const struct topology *topology, const char *sysroot,
                  struct arena *arena, struct facts *out, struct error *err)
{
    struct reader in = {
        .topology = topology, .sysroot = sysroot, .arena = arena};
    struct facts facts = {0};

    in.cpuinfo = sysfile_text(arena, sysroot, "/proc/cpuinfo");
    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        const char *value = table[i].read(&in);
        int rc = facts_set(arena, &facts, table[i].name,
                           value && *value ? value : "unknown", err);

        if (rc < 0)
            return rc;
    }
    *out = facts;
    return 0;
}

bool fact_is_hard(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(table); i++)
        if (strcmp(table[i].name, name) == 0)
            return table[i].hard;
    return false;
}

/* Name and value with their NULs, so that nothing can be moved from one to the
 * other. */
void machine_key(const struct facts *facts, char key[HASH_HEX])
{
    static const char version[] = "tare machine 1";
    struct hash hash;

    hash_init(&hash);
    hash_add(&hash, version, sizeof version);
    for (size_t i = 0; i < facts->n; i++) {
        const struct fact *fact = &facts->fact[i];

        if (!fact_is_hard(fact->name))
            continue;
        hash_add(&hash, fact->name, strlen(fact->name) + 1);
        hash_add(&hash, fact->value, strlen(fact->value) + 1);
    }
    hash_end(&hash, key);
}

static int add_difference(struct arena *arena, struct fact_differences *list,
                          const char *name, const char *old, const char *now,
                          struct error *err)
{
    list->difference =
        arena_grow(arena, list->difference, list->n, sizeof *list->difference);
    if (!list->difference)
        return ERROR(err, ERR_NOMEM, "no memory for differences of machines");
    list->difference[list->n++] = (struct fact_difference){
        .name = name, .old = old, .now = now, .hard = fact_is_hard(name)};
    return 0;
}

/* Both lists are sorted by name: one walk over the two, for one hardness. */
static int merge(const struct facts *old, const struct facts *now, bool hard,
                 struct arena *arena, struct fact_differences *list,
                 struct error *err)
{
    size_t i = 0, k = 0;
    int rc = 0;

    while (rc == 0 && (i < old->n || k < now->n)) {
        int order = i == old->n ? 1
                    : k == now->n
                        ? -1
                        : strcmp(old->fact[i].name, now->fact[k].name);
        const char *name = order <= 0 ? old->fact[i].name : now->fact[k].name;
        const char *was = order <= 0 ? old->fact[i++].value : NULL;
        const char *is = order >= 0 ? now->fact[k++].value : NULL;

        if (fact_is_hard(name) != hard || (was && is && strcmp(was, is) == 0))
            continue;
        rc = add_difference(arena, list, name, was, is, err);
    }
    return rc;
}

int facts_compare(const struct facts *old, const struct facts *now,
                  struct arena *arena, struct fact_differences *out,
                  struct error *err)
{
    struct fact_differences list = {0};
    int rc = merge(old, now, true, arena, &list, err);

    list.n_hard = list.n;
    if (rc == 0)
        rc = merge(old, now, false, arena, &list, err);
    if (rc == 0)
        *out = list;
    return rc;
}
