/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What it takes to start a process, as data: the coordinator fills it in, it
 * travels to the guardian as bytes, and launch.h does it. */
#ifndef RUNNER_PROCESS_SPAWN_H
#define RUNNER_PROCESS_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/strbuf.h"

/* A descriptor and the number it gets in the child.  Borrowed. */
struct spawn_fd {
    int fd;
    int number;
};

/* One setrlimit(); hard limits are only ever lowered. */
struct spawn_limit {
    int resource; /* RLIMIT_CORE, ... */
    uint64_t value;
};

enum spawn_flags {
    /* What the process leaves running when it ends lives on until
     * guardian_release(): for a fixture that starts a server. */
    SPAWN_KEEP_LEFTOVERS = 1u << 0,
    /* In a control group of its own, where that can be had (cgroups.h): for
     * what runs other people's code and is started now and then. */
    SPAWN_OWN_CGROUP = 1u << 1,
};

enum {
    SPAWN_FDS_MAX = 32,
    SPAWN_CPUS_MAX = 4096,  /* OS index of a CPU is below this */
    SPAWN_NODES_MAX = 1024, /* OS index of a NUMA node is below this */
    SPAWN_LIMITS_MAX = 16,
    SPAWN_BYTES_MAX = 8 << 20, /* of all strings and lists together */
};

/* A zeroed struct with path, argv and env set is valid.  Everything borrowed.
 *
 * path   the file to execute, as it is; nothing is searched (spawn_search())
 * argv   NULL-terminated, argv[0] included
 * env    NULL-terminated, complete: nothing is inherited
 * cwd    NULL for the folder the coordinator was in at guardian_start()
 * fds    what is not listed among 0, 1 and 2 is /dev/null
 * cpus   OS indexes the process is bound to before it is executed; none: free
 * nodes  OS indexes of NUMA nodes its memory is bound to; none: default policy.
 *        A kernel or container that forbids it is obeyed without an error:
 *        memory then comes from the node of the CPU that first touches it
 * nice   0 leaves it as it was at guardian_start(); else setpriority(), where a
 *        negative one that is not permitted is no error
 *
 * The process has a session and group of its own, default signals, a parent
 * that takes it along (PR_SET_PDEATHSIG), and no other descriptor. */
struct spawn {
    const char *path;
    char *const *argv;
    char *const *env;
    const char *cwd;
    const struct spawn_fd *fds;
    size_t n_fds;
    const int *cpus;
    size_t n_cpus;
    const int *nodes;
    size_t n_nodes;
    const struct spawn_limit *limits;
    size_t n_limits;
    int nice;
    unsigned flags; /* enum spawn_flags */
};

/* Append the bytes of a spawn to out; descriptors go by number only.  Returns
 * 0, ERR_RANGE where a documented limit is passed, or ERR_NOMEM. */
int spawn_pack(const struct spawn *spawn, struct strbuf *out,
               struct error *err);

/* The reverse.  Strings and lists live in the arena; the fd of each descriptor
 * is its position in fds.  name is for errors.  Never trusts the bytes.
 * Returns 0, ERR_PARSE or ERR_NOMEM; out is untouched on failure. */
int spawn_unpack(const char *name, const char *bytes, size_t size,
                 struct arena *arena, struct spawn *out, struct error *err);

/* Find a program as a shell does: a name with a slash is itself, another is
 * looked for in the folders of `path_list` ("/usr/bin:/bin"; NULL: none).
 * Returns 0 with the path in the arena, ERR_PEER when there is no such
 * executable file (the message says why), or ERR_NOMEM. */
int spawn_search(const char *program, const char *path_list,
                 struct arena *arena, const char **out, struct error *err);

#endif
