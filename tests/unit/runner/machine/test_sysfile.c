/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small files of the kernel, and the control groups read through them. */
#include <config.h>

#include "bench/tare.h"

#include <math.h>
#include <string.h>

#include "runner/machine/cgroup.h"
#include "runner/machine/sysfile.h"
#include "tests/unit/runner/machine/tree.h"

TARE_TEST(numbers_are_whole_or_unknown)
{
    TARE_CHECK_REL(sysfile_to_number("42"), 42, 0);
    TARE_CHECK_REL(sysfile_to_number(" -1.5e3 \n"), -1500, 0);
    TARE_CHECK(isnan(sysfile_to_number("")));
    TARE_CHECK(isnan(sysfile_to_number("12 34")));
    TARE_CHECK(isnan(sysfile_to_number("12kB")));
    TARE_CHECK(isnan(sysfile_to_number("0x10")));
    TARE_CHECK(isnan(sysfile_to_number("nan")));
    TARE_CHECK(isnan(sysfile_to_number("inf")));
    TARE_CHECK(isnan(sysfile_to_number("1e999")));
    TARE_CHECK(isnan(sysfile_to_number("--")));
}

TARE_TEST(fields_are_found_at_the_beginning_of_a_line)
{
    struct arena arena = {0};
    static const char text[] = "cpu10 9\ncpu1 5 6  \nmodel name\t: X  Y \n"
                               "model\t: 7\nempty:\nlast: z";

    TARE_CHECK_STR(sysfile_field(&arena, text, "cpu1"), "5 6");
    TARE_CHECK_STR(sysfile_field(&arena, text, "model"), "7");
    TARE_CHECK_STR(sysfile_field(&arena, text, "model name"), "X  Y");
    TARE_CHECK_STR(sysfile_field(&arena, text, "empty"), "");
    TARE_CHECK_STR(sysfile_field(&arena, text, "last"), "z");
    TARE_CHECK(sysfile_field(&arena, text, "name") == NULL);
    TARE_CHECK(sysfile_field(&arena, NULL, "x") == NULL);
    arena_clear(&arena);
}

TARE_TEST(absent_and_strange_files_are_unknown)
{
    struct arena arena = {0};

    tree_put(t, "sys", "/a", "  17\nmore\n");
    tree_put(t, "sys", "/folder/b", "");
    tree_put(t, "sys", "/bytes", "a\x01\xff\xc3\xa9\n");
    TARE_CHECK_REL(sysfile_number(&arena, "sys", "/%c", 'a'), 17, 0);
    TARE_CHECK_STR(sysfile_line(&arena, "sys", "/a"), "17");
    TARE_CHECK(isnan(sysfile_number(&arena, "sys", "/none")));
    TARE_CHECK(isnan(sysfile_number(&arena, "sys", "/folder/b")));
    TARE_CHECK(sysfile_text(&arena, "sys", "/folder") == NULL);
    TARE_CHECK_STR(sysfile_line(&arena, "sys", "/bytes"), "a??\xc3\xa9");
    arena_clear(&arena);
}

static const char v2_mounts[] =
    "23 28 0:21 / /proc rw shared:12 - proc proc rw\n"
    "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n";

static double quota_of(struct tare *t, const char *root, const char **from)
{
    static char text[256];
    struct arena arena = {0};
    struct cgroup_quota quota;

    TARE_REQUIRE_INT(cgroup_quota(root, &arena, &quota, NULL), 0);
    strncpy(text, quota.from, sizeof text - 1);
    *from = text;
    arena_clear(&arena);
    return quota.cpus;
}

TARE_TEST(the_tightest_quota_from_the_group_to_the_top_counts)
{
    const char *from;

    tree_remove("v2");
    tree_put(t, "v2", "/proc/self/mountinfo", v2_mounts);
    tree_put(t, "v2", "/proc/self/cgroup", "0::/ci.slice/job 7.scope\n");
    TARE_CHECK(isnan(quota_of(t, "v2", &from)));
    TARE_CHECK_STR(from, "");
    tree_put(t, "v2", "/sys/fs/cgroup/ci.slice/job 7.scope/cpu.max",
             "max 100000\n");
    TARE_CHECK(isnan(quota_of(t, "v2", &from)));
    tree_put(t, "v2", "/sys/fs/cgroup/ci.slice/job 7.scope/cpu.max",
             "250000 100000\n");
    TARE_CHECK_REL(quota_of(t, "v2", &from), 2.5, 0);
    tree_put(t, "v2", "/sys/fs/cgroup/ci.slice/cpu.max", "75000 50000\n");
    TARE_CHECK_REL(quota_of(t, "v2", &from), 1.5, 0);
    TARE_CHECK_STR(from, "/sys/fs/cgroup/ci.slice/cpu.max");
}

/* Without a namespace of its own a container sees the group's name from the
 * top of the host, but mounts only its own part. */
TARE_TEST(a_container_that_mounts_its_own_part_only)
{
    const char *from;

    tree_remove("v1");
    tree_put(t, "v1", "/proc/self/cgroup",
             "5:cpuset:/docker/abc\n4:cpu,cpuacct:/docker/abc\n0::/\n");
    tree_put(t, "v1", "/proc/self/mountinfo",
             "40 31 0:29 /docker/abc /sys/fs/cgroup/cpu\\040acct ro - cgroup "
             "cgroup rw,cpu,cpuacct\n"
             "41 31 0:30 /docker/abc /sys/fs/cgroup/cpuset ro - cgroup cgroup "
             "rw,cpuset\n");
    tree_put(t, "v1", "/sys/fs/cgroup/cpu acct/cpu.cfs_quota_us", "-1\n");
    tree_put(t, "v1", "/sys/fs/cgroup/cpu acct/cpu.cfs_period_us", "100000\n");
    TARE_CHECK(isnan(quota_of(t, "v1", &from)));
    tree_put(t, "v1", "/sys/fs/cgroup/cpu acct/cpu.cfs_quota_us", "150000\n");
    TARE_CHECK_REL(quota_of(t, "v1", &from), 1.5, 0);
    TARE_CHECK_STR(from, "/sys/fs/cgroup/cpu acct/cpu.cfs_quota_us");
}

TARE_TEST(a_group_outside_of_the_mount_is_the_mount)
{
    const char *from;

    tree_remove("out");
    tree_put(t, "out", "/proc/self/cgroup", "0::/../../elsewhere\n");
    tree_put(t, "out", "/proc/self/mountinfo", v2_mounts);
    tree_put(t, "out", "/sys/fs/cgroup/cpu.max", "100000 100000\n");
    TARE_CHECK_REL(quota_of(t, "out", &from), 1, 0);
}

TARE_TEST(garbage_sets_no_quota)
{
    static const char *const garbage[] = {
        "",           "\n",          "max",       "1 2 3\n",  "x y\n",
        "100000 0\n", "-1 100000\n", "1e400 1\n", "nan nan\n"};
    const char *from;

    tree_remove("bad");
    tree_put(t, "bad", "/proc/self/cgroup", "0::/\n::\n:\n\n4:cpu\n");
    tree_put(t, "bad", "/proc/self/mountinfo",
             "- - -\n\n1 2 3\n30 23 0:26 / /sys/fs/cgroup rw - cgroup2\n");
    TARE_CHECK(isnan(quota_of(t, "bad", &from)));
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++)
        TARE_CHECK(isnan(cgroup_parse_cpu_max(garbage[i], strlen(garbage[i]))));
}
