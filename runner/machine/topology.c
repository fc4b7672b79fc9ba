/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading a machine: this one, an XML file or a synthetic description. */
#include <config.h>

#include "runner/machine/topology.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "runner/machine/cgroup.h"
#include "runner/machine/sysfile.h"
#include "runner/machine/topology_build.h"

/* The format that every hwloc 2.x reads (hwloc's own documentation, "Upgrading
 * to the hwloc 2.0 API"). */
enum { XML_FORMAT = 2, XML_MAX = 64 << 20 };

/* A time limit for reading a file, many times what the largest needs. */
enum { REHEARSAL_S = 20 };

/* Linux supports no more (NR_CPUS of MAXSMP), and a description is short to
 * write and long to build. */
enum { SYNTHETIC_MAX = 8192 };

static void bitmap_scoped(hwloc_bitmap_t *set)
{
    hwloc_bitmap_free(*set);
}

/* The text at a word that begins the root element, or NULL. */
static const char *find_root(const char *text, const char *end)
{
    static const char tag[] = "<topology";

    for (; text + sizeof tag <= end; text++)
        if (memcmp(text, tag, sizeof tag - 1) == 0 &&
            strchr(" \t\r\n>", text[sizeof tag - 1]))
            return text;
    return NULL;
}

static uint32_t line_of(const char *text, const char *at)
{
    uint32_t line = 1;

    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

static int not_xml(const char *name, struct error *err)
{
    ERROR_AT(err, ERR_PARSE, name, 1, 1, "is not an hwloc topology in XML");
    error_help(err, "write one with: lstopo file.xml");
    return ERR_PARSE;
}

/* A format that the library does not know is loaded as an empty machine and
 * without a word, so it has to be found out before. */
static int check_format(const char *name, const char *text, size_t size,
                        struct error *err)
{
    static const char attribute[] = "version=\"";
    const char *root = find_root(text, text + size), *end, *at;
    long major;

    if (!root)
        return not_xml(name, err);
    end = memchr(root, '>', (size_t)(text + size - root));
    at = strstr(root, attribute);
    if (!end || !at || at > end)
        return 0; /* format 1 has no version and is read too */
    major = strtol(at + sizeof attribute - 1, NULL, 10);
    if (major <= XML_FORMAT)
        return 0;
    ERROR_AT(err, ERR_PARSE, name, line_of(text, root), 1,
             "the topology is in XML format %ld, which hwloc " HWLOC_VERSION
             " does not read",
             major);
    error_help(err, "write it in format 2 with: lstopo "
                    "--export-xml-flags v2 file.xml");
    return ERR_PARSE;
}

static int not_synthetic(const char *text, struct error *err)
{
    ERROR(err, ERR_PARSE,
          "'%s' is neither a file nor a synthetic description of a machine",
          text);
    error_help(err, "describe one like 'pack:2 l3:1 core:4 pu:2'");
    return ERR_PARSE;
}

/* Multiply the counts behind the colons; the parts in parentheses are sizes
 * and other attributes. */
static int check_synthetic(const char *text, struct error *err)
{
    unsigned long product = 1;
    int depth = 0;

    for (const char *at = text; *at; at++) {
        char *end;
        unsigned long count;

        depth += *at == '(';
        depth -= *at == ')';
        if (*at != ':' || depth > 0)
            continue;
        count = strtoul(at + 1, &end, 10);
        if (end == at + 1 || at[1] == '-' || count == 0)
            return not_synthetic(text, err);
        if (count > SYNTHETIC_MAX || (product *= count) > SYNTHETIC_MAX)
            return ERROR(err, ERR_RANGE,
                         "the description has more than %d processing units",
                         SYNTHETIC_MAX);
    }
    return strchr(text, ':') ? 0 : not_synthetic(text, err);
}

/* Forbidden parts stay, so that the shape of the machine does not depend on
 * what a control group permits.  hwloc says EINVAL for everything it does not
 * like. */
static int load_native(hwloc_topology_t native, const char *name,
                       struct error *err)
{
    if (hwloc_topology_set_flags(native,
                                 HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) < 0 ||
        hwloc_topology_load(native) < 0)
        return ERROR_AT(err, ERR_PARSE, name, 0, 0,
                        "the topology cannot be loaded (%s)", strerror(errno));
    return 0;
}

/* The PUs that may be used, into `set`. */
static int find_allowed(hwloc_topology_t native, bool this_machine,
                        const struct topology_source *source,
                        hwloc_bitmap_t set)
{
    SCOPED(bitmap_scoped) hwloc_bitmap_t cut = hwloc_bitmap_alloc();

    if (!cut)
        return -1;
    hwloc_bitmap_and(set, hwloc_topology_get_topology_cpuset(native),
                     hwloc_topology_get_allowed_cpuset(native));
    if (source->only) {
        for (size_t i = 0; i < source->n_only; i++)
            hwloc_bitmap_set(cut, (unsigned)source->only[i]);
        return hwloc_bitmap_and(set, set, cut);
    }
    if (this_machine &&
        hwloc_get_cpubind(native, cut, HWLOC_CPUBIND_THREAD) == 0)
        return hwloc_bitmap_and(set, set, cut);
    return 0;
}

static int fill(struct topology *topology, const char *name,
                const struct topology_source *source, struct error *err)
{
    SCOPED(bitmap_scoped) hwloc_bitmap_t allowed = hwloc_bitmap_alloc();
    int rc;

    if (!allowed || find_allowed(topology->native, topology->this_machine,
                                 source, allowed) < 0)
        return ERROR(err, ERR_NOMEM, "no memory for a topology");
    if (hwloc_bitmap_iszero(allowed)) {
        ERROR_AT(err, ERR_EMPTY, name, 0, 0,
                 "no processing unit of the machine may be used");
        error_help(err, "check the affinity mask and the control "
                        "group's cpuset, or the file");
        return ERR_EMPTY;
    }
    rc = topology_build(topology, topology->native, allowed, err);
    if (rc == 0 && topology->n_units == 0)
        return ERROR_AT(err, ERR_PARSE, name, 0, 0,
                        "the machine has no processing unit in its tree");
    return rc < 0 ? rc
                  : topology_build_classes(topology, topology->native, err);
}

static int read_quota(struct topology *topology, const char *sysroot,
                      struct error *err)
{
    struct cgroup_quota quota;
    int rc = cgroup_quota(sysroot, &topology->arena, &quota, err);

    if (rc == 0) {
        topology->quota = quota.cpus;
        topology->quota_from = quota.from;
    }
    return rc;
}

/* In some virtual machines the nodes report a part of the memory only; a size
 * that cannot be right is unknown. */
static void check_memory(struct topology *topology, const char *sysroot)
{
    char *text = sysfile_text(&topology->arena, sysroot, "/proc/meminfo");
    char *total = sysfile_field(&topology->arena, text, "MemTotal");
    double bytes = 0;

    if (!total)
        return;
    total[strcspn(total, " ")] = '\0';
    for (size_t i = 0; i < topology->n_nodes; i++)
        bytes += (double)topology->node[i].bytes;
    for (size_t i = 0; i < topology->n_nodes; i++)
        if (bytes < 0.9 * 1024 * sysfile_to_number(total))
            topology->node[i].bytes = 0;
}

DEFINE_SCOPED(struct topology *, topology_free)

static struct topology *topology_new(const char *source)
{
    struct topology *topology = calloc(1, sizeof *topology);

    if (!topology)
        return NULL;
    topology->quota = NAN;
    topology->quota_from = "";
    topology->source = arena_strdup(&topology->arena, source);
    if (topology->source && hwloc_topology_init(&topology->native) == 0)
        return topology;
    arena_clear(&topology->arena);
    free(topology);
    return NULL;
}

/* A description has a quota only below a root that was given for it. */
static int read_given_quota(struct topology *topology,
                            const struct topology_source *source,
                            struct error *err)
{
    if (!source->sysroot || !*source->sysroot)
        return 0;
    return read_quota(topology, source->sysroot, err);
}

/* Plug-ins add devices, which nobody asks for here, and opening them (X11,
 * OpenCL) takes longer than all the rest. */
static struct topology *topology_of_this(bool plugins)
{
    bool is_ours = !plugins && setenv(TOPOLOGY_PLUGINS, "/dev/null", 1) == 0;
    struct topology *topology = topology_new("this machine");

    if (is_ours)
        unsetenv(TOPOLOGY_PLUGINS);
    return topology;
}

static int load_this(const struct topology_source *source,
                     struct topology **out, struct error *err)
{
    SCOPED(topology_free_scoped)
    struct topology *topology = topology_of_this(source->plugins);
    int rc;

    if (!topology)
        return ERROR(err, ERR_NOMEM, "no memory for a topology");
    rc = load_native(topology->native, NULL, err);
    if (rc == 0) {
        /* False where the environment made hwloc load something else. */
        topology->this_machine = hwloc_topology_is_thissystem(topology->native);
        rc = fill(topology, NULL, source, err);
    }
    if (rc == 0) {
        check_memory(topology, "");
        rc = read_quota(topology, source->sysroot ? source->sysroot : "", err);
    }
    if (rc == 0)
        *out = TAKE(topology);
    return rc;
}

/* `text` holds size bytes and a NUL behind them. */
static int load_xml(const char *name, const char *text, size_t size,
                    const struct topology_source *source, struct topology **out,
                    struct error *err)
{
    SCOPED(topology_free_scoped)
    struct topology *topology = topology_new(name);
    int rc;

    if (!topology)
        return ERROR(err, ERR_NOMEM, "no memory for a topology");
    if (hwloc_topology_set_xmlbuffer(topology->native, text, (int)size + 1) < 0)
        return not_xml(name, err);
    rc = load_native(topology->native, name, err);
    if (rc == 0)
        rc = fill(topology, name, source, err);
    if (rc == 0)
        rc = read_given_quota(topology, source, err);
    if (rc == 0)
        *out = TAKE(topology);
    return rc;
}

/* With a time limit, and nothing of what hwloc, a failed assertion or a
 * sanitizer prints reaches the user. */
static void rehearse_in_child(const char *name, const char *text, size_t size,
                              const struct topology_source *source, int out)
{
    struct topology *topology = NULL;
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    struct error err = {0};

    alarm(REHEARSAL_S);
    if (nowhere >= 0)
        dup2(nowhere, STDERR_FILENO);
    load_xml(name, text, size, source, &topology, &err);
    _exit(write(out, &err, sizeof err) == sizeof err ? 0 : 1);
}

/* What the child found; false when it did not live to tell. */
static bool hear(int in, pid_t pid, struct error *found)
{
    size_t size = 0;
    ssize_t n = 1;
    int status;

    while (n > 0 && size < sizeof *found) {
        n = read(in, (char *)found + size, sizeof *found - size);
        if (n < 0 && errno == EINTR)
            n = 1;
        else if (n > 0)
            size += (size_t)n;
    }
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return size == sizeof *found && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

/* hwloc trusts the files it reads: objects without the sets they must have
 * make it crash.  So a file is read by a child first. */
static int rehearse(const char *name, const char *text, size_t size,
                    const struct topology_source *source, struct error *err)
{
    struct error found = {0};
    int ends[2];
    pid_t pid;
    bool told;

    if (pipe2(ends, O_CLOEXEC) < 0)
        return ERROR(err, ERR_SYS, "cannot make a pipe");
    pid = fork();
    if (pid == 0)
        rehearse_in_child(name, text, size, source, ends[1]);
    close(ends[1]);
    told = pid > 0 && hear(ends[0], pid, &found);
    close(ends[0]);
    if (pid < 0)
        return ERROR(err, ERR_SYS, "cannot start a process");
    if (told) {
        if (found.code != ERR_OK && err)
            *err = found;
        return (int)found.code;
    }
    ERROR_AT(err, ERR_PARSE, name, 0, 0,
             "is a broken topology: hwloc does not survive reading it");
    error_help(err, "write it again with: lstopo file.xml");
    return ERR_PARSE;
}

int topology_parse_xml(const char *name, const char *text, size_t size,
                       const struct topology_source *source,
                       struct topology **out, struct error *err)
{
    SCOPED(free_scoped) char *copy = NULL;
    int rc;

    if (size > XML_MAX)
        return ERROR_AT(err, ERR_RANGE, name, 0, 0,
                        "is larger than the limit of %d bytes", XML_MAX);
    copy = malloc(size + 1);
    if (!copy)
        return ERROR(err, ERR_NOMEM, "no memory for a topology");
    memcpy(copy, text, size);
    copy[size] = '\0';
    rc = check_format(name, copy, strlen(copy), err);
    if (rc == 0)
        rc = rehearse(name, copy, size, source, err);
    return rc < 0 ? rc : load_xml(name, copy, size, source, out, err);
}

static int load_synthetic(const struct topology_source *source,
                          struct topology **out, struct error *err)
{
    SCOPED(topology_free_scoped) struct topology *topology = NULL;
    int rc = check_synthetic(source->from, err);

    if (rc < 0)
        return rc;
    topology = topology_new(source->from);
    if (!topology)
        return ERROR(err, ERR_NOMEM, "no memory for a topology");
    if (hwloc_topology_set_synthetic(topology->native, source->from) < 0)
        return not_synthetic(source->from, err);
    rc = load_native(topology->native, NULL, err);
    if (rc == 0)
        rc = fill(topology, NULL, source, err);
    if (rc == 0)
        rc = read_given_quota(topology, source, err);
    if (rc == 0)
        *out = TAKE(topology);
    return rc;
}

int topology_load(const struct topology_source *source, struct topology **out,
                  struct error *err)
{
    SCOPED(free_scoped) char *text = NULL;
    size_t size = 0;
    int rc;

    if (!source->from)
        return load_this(source, out, err);
    if (!file_exists(source->from) && strchr(source->from, ':'))
        return load_synthetic(source, out, err);
    if (file_exists(source->from))
        rc = file_read(source->from, XML_MAX, &text, &size, err);
    else
        rc = ERROR_AT(err, ERR_USAGE, source->from, 0, 0, "is not there");
    if (rc < 0) {
        error_help(err, "name an hwloc XML file, or describe a machine like "
                        "'pack:2 l3:1 core:4 pu:2'");
        return rc;
    }
    return topology_parse_xml(source->from, text, size, source, out, err);
}

void topology_free(struct topology *topology)
{
    if (!topology)
        return;
    hwloc_topology_destroy(topology->native);
    arena_clear(&topology->arena);
    free(topology);
}

int topology_unit_of(const struct topology *topology, int pu)
{
    for (size_t u = 0; u < topology->n_units; u++)
        for (size_t i = 0; i < topology->unit[u].n_pus; i++)
            if (topology->unit[u].pu[i] == pu)
                return (int)u;
    return -1;
}

const char *topo_tier_name(enum topo_tier tier)
{
    static const char *const names[] = {"dram", "hbm", "other"};

    return names[tier];
}
