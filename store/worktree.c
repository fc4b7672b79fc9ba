/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Building another revision: ROOT/COMMIT/ holds the worktree (tree), the output
 * of its build (log) and, once that succeeded, what was built (built). */
#include <config.h>

#include "store/worktree.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "base/file.h"
#include "base/scope.h"
#include "store/command.h"

static const int64_t git_limit_ns = INT64_C(300) * 1000000000;

enum { GIT_ARGS = 12, TAIL_BYTES = 260, MARK = 1 << 16 };

struct building {
    const struct worktree_plan *plan;
    struct arena *arena;
    const char **env;
    const char *top;    /* of the user's working tree */
    const char *prefix; /* of plan->source below it, "" or with a slash */
    bool is_shallow;
    char commit[65];
    const char *home; /* ROOT/COMMIT, absolute */
    const char *tree, *log, *built;
    int64_t build_ns;
};

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a worktree");
}

/* --- git */

/* Variables by which a hook of git points its children to a repository. */
static const char *const git_places[] = {
    "GIT_DIR=",       "GIT_WORK_TREE=",        "GIT_INDEX_FILE=",
    "GIT_PREFIX=",    "GIT_OBJECT_DIRECTORY=", "GIT_COMMON_DIR=",
    "GIT_NAMESPACE=",
};

static bool points_git(const char *variable)
{
    for (size_t i = 0; i < ARRAY_LEN(git_places); i++)
        if (strncmp(variable, git_places[i], strlen(git_places[i])) == 0)
            return true;
    return false;
}

static int make_environment(struct building *b, struct error *err)
{
    size_t n = 0, kept = 0;

    while (b->plan->env[n])
        n++;
    b->env = arena_alloc(b->arena, n + 2, sizeof *b->env);
    if (!b->env)
        return no_memory(err);
    for (size_t i = 0; i < n; i++)
        if (!points_git(b->plan->env[i]))
            b->env[kept++] = b->plan->env[i];
    b->env[kept] = "GIT_TERMINAL_PROMPT=0";
    return 0;
}

/* Run git in a folder; args ends with NULL.  0 when it ran, whatever it said:
 * its status is in the result. */
static int git(struct building *b, const char *folder, const char *const *args,
               struct command_result *result, struct error *err)
{
    /* a hook of the user's repository is not meant for our worktree */
    const char *argv[GIT_ARGS + 4] = {"git", "-c", "core.hooksPath=/dev/null"};
    const struct command command = {
        .argv = argv,
        .env = b->env,
        .folder = folder,
        .timeout_ns = git_limit_ns,
        .lifeline = true,
        .stop = b->plan->stop,
    };
    int rc;

    for (size_t i = 0; args[i] && i < GIT_ARGS; i++)
        argv[3 + i] = args[i];
    rc = command_run(&command, result, err);
    if (rc == ERR_PEER)
        error_help(err, "install git, or use --against PROGRAM");
    return rc;
}

/* The next line of the text, in the arena; *text goes on behind it. */
static const char *take_line(struct building *b, const char **text)
{
    size_t n = strcspn(*text, "\n");
    const char *line = arena_memdup(b->arena, *text, n);

    *text += n + ((*text)[n] == '\n');
    return line;
}

static int git_failed(const char *doing, const struct command_result *r,
                      struct error *err)
{
    const char *text = strbuf_text(&r->err);

    if (strncmp(text, "fatal: ", 7) == 0)
        text += 7;
    return ERROR(err, ERR_PEER, "git cannot %s: %.*s", doing,
                 (int)strcspn(text, "\n"), text);
}

static int find_repository(struct building *b, struct error *err)
{
    static const char *const args[] = {"rev-parse", "--show-toplevel",
                                       "--is-shallow-repository",
                                       "--show-prefix", NULL};
    SCOPED(command_result_clear) struct command_result r = {0};
    const char *text, *shallow;
    int rc = git(b, b->plan->source, args, &r, err);

    if (rc < 0)
        return rc;
    if (r.exit_status != 0 && strstr(strbuf_text(&r.err), "not a git rep")) {
        ERROR(err, ERR_EMPTY, "the folder '%s' is not in a git repository",
              b->plan->source);
        return error_help(err, "name the old program with --against"),
               (int)ERR_EMPTY;
    }
    if (r.exit_status != 0)
        return git_failed("look at the repository", &r, err);
    text = strbuf_text(&r.out);
    b->top = take_line(b, &text);
    shallow = take_line(b, &text);
    b->prefix = take_line(b, &text);
    if (!b->top || !shallow || !b->prefix)
        return no_memory(err);
    b->is_shallow = strcmp(shallow, "true") == 0;
    return 0;
}

static int unknown_revision(struct building *b, struct error *err)
{
    if (b->is_shallow) {
        ERROR(err, ERR_EMPTY, "revision '%s' is not in this shallow clone",
              b->plan->revision);
        error_help(err, "git fetch --unshallow (in CI, clone with the whole "
                        "history: fetch-depth 0)");
    } else {
        ERROR(err, ERR_EMPTY, "there is no revision '%s'", b->plan->revision);
        error_help(err, "git fetch it, or correct its name");
    }
    return ERR_EMPTY;
}

static int find_commit(struct building *b, struct error *err)
{
    const char *name = arena_printf(b->arena, "%s^{commit}", b->plan->revision);
    const char *const args[] = {"rev-parse", "--verify", "--quiet", name, NULL};
    SCOPED(command_result_clear) struct command_result r = {0};
    size_t n;
    int rc;

    if (!name)
        return no_memory(err);
    rc = git(b, b->top, args, &r, err);
    if (rc < 0)
        return rc;
    n = strcspn(strbuf_text(&r.out), "\n");
    if (r.exit_status != 0 || n >= sizeof b->commit || n < 40 ||
        strspn(r.out.text, "0123456789abcdef") != n)
        return unknown_revision(b, err);
    memcpy(b->commit, r.out.text, n);
    b->commit[n] = '\0';
    return 0;
}

static int check_name(const char *name, struct error *err)
{
    static const char dirty[] = "-dirty";
    size_t n = strlen(name);

    if (n > sizeof dirty - 1 &&
        strcmp(name + n - (sizeof dirty - 1), dirty) == 0) {
        ERROR(err, ERR_USAGE,
              "'%s' names changed sources, which no commit holds", name);
        return error_help(err, "name a commit, or the old program with "
                               "--against"),
               (int)ERR_USAGE;
    }
    for (size_t i = 0; i < n; i++)
        if (iscntrl((unsigned char)name[i]))
            n = 0;
    if (n > 0 && name[0] != '-')
        return 0;
    ERROR(err, ERR_USAGE, "'%s' is not the name of a revision", name);
    return error_help(err, "name a commit, a tag or a branch"), (int)ERR_USAGE;
}

/* --- the folder of a commit */

static int make_paths(struct building *b, struct error *err)
{
    SCOPED(free_scoped) char *root = NULL;
    int rc = file_make_folders(b->plan->root, err);

    if (rc < 0)
        return rc;
    root = realpath(b->plan->root, NULL);
    if (!root)
        return ERROR_AT(err, ERR_SYS, b->plan->root, 0, 0, "cannot open");
    b->home = arena_printf(b->arena, "%s/%s", root, b->commit);
    b->tree = arena_printf(b->arena, "%s/%s/tree", root, b->commit);
    b->log = arena_printf(b->arena, "%s/%s/log", root, b->commit);
    b->built = arena_printf(b->arena, "%s/%s/built", root, b->commit);
    if (!b->home || !b->tree || !b->log || !b->built)
        return no_memory(err);
    return file_make_folders(b->home, err);
}

/* One builder at a time; the lock ends with its process. */
static int lock(struct building *b, int *fd, struct error *err)
{
    const char *path = arena_printf(b->arena, "%s/lock", b->home);
    const struct timespec pause = {.tv_nsec = 100000000};
    int64_t waited = 0;

    if (!path)
        return no_memory(err);
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (*fd < 0)
        return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot open");
    while (flock(*fd, LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return ERROR_AT(err, ERR_SYS, path, 0, 0, "cannot lock");
        if (b->plan->stop && *b->plan->stop)
            return ERROR(err, ERR_STOPPED, "the build was stopped");
        if (waited >= b->plan->timeout_ns + git_limit_ns)
            return ERROR_AT(err, ERR_TIMEOUT, path, 0, 0,
                            "another process does not end building this "
                            "revision");
        nanosleep(&pause, NULL);
        waited += pause.tv_nsec;
    }
    return 0;
}

/* The mark of a finished build: what was built and how. */
static const char *mark_of(struct building *b)
{
    return arena_printf(b->arena, "%s\n%s\n%s\n", b->commit, b->prefix,
                        b->plan->command);
}

static bool is_built(struct building *b)
{
    SCOPED(free_scoped) char *text = NULL;
    const char *mark = mark_of(b);
    size_t size;

    return mark && file_read(b->built, MARK, &text, &size, NULL) == 0 &&
           strcmp(text, mark) == 0 && file_exists(b->tree);
}

static int check_out(struct building *b, struct error *err)
{
    static const char *const prune[] = {"worktree", "prune", NULL};
    const char *const add[] = {"worktree", "add",   "--detach", "--force",
                               "--quiet",  b->tree, b->commit,  NULL};
    SCOPED(command_result_clear) struct command_result pruned = {0};
    SCOPED(command_result_clear) struct command_result r = {0};
    int rc = file_remove_tree(b->tree, err);

    if (rc == 0)
        rc = git(b, b->top, prune, &pruned, err);
    if (rc == 0)
        rc = git(b, b->top, add, &r, err);
    if (rc == 0 && r.exit_status != 0)
        rc = git_failed("check the revision out", &r, err);
    return rc;
}

static int fetch_submodules(struct building *b, struct error *err)
{
    static const char *const update[] = {"submodule",   "update",  "--init",
                                         "--recursive", "--quiet", NULL};
    SCOPED(command_result_clear) struct command_result r = {0};
    const char *list = arena_printf(b->arena, "%s/.gitmodules", b->tree);
    int rc;

    if (!list)
        return no_memory(err);
    if (!file_exists(list))
        return 0;
    rc = git(b, b->tree, update, &r, err);
    if (rc == 0 && r.exit_status != 0)
        rc = git_failed("fetch the submodules of the revision", &r, err);
    return rc;
}

/* --- the build */

/* The last lines of the log in one line. */
static void read_tail(const char *path, char out[TAIL_BYTES])
{
    SCOPED(fclose_scoped) FILE *in = fopen(path, "re");
    size_t n = 0, from = 0;

    out[0] = '\0';
    if (!in)
        return;
    if (fseek(in, -(TAIL_BYTES - 1), SEEK_END) == 0)
        from = 1; /* begins within a line */
    n = fread(out, 1, TAIL_BYTES - 1, in);
    while (n && isspace((unsigned char)out[n - 1]))
        n--;
    out[n] = '\0';
    if (from && strchr(out, '\n'))
        memmove(out, strchr(out, '\n') + 1, strlen(strchr(out, '\n') + 1) + 1);
    for (char *p = out; (p = strchr(p, '\n'));)
        *p = '|';
}

static int build_failed(struct building *b, const struct command_result *r,
                        struct error *err)
{
    char tail[TAIL_BYTES];

    read_tail(b->log, tail);
    if (r->signal)
        ERROR(err, ERR_PEER, "building '%s' (%.12s) was ended by signal %d: %s",
              b->plan->revision, b->commit, r->signal, tail);
    else
        ERROR(err, ERR_PEER, "building '%s' (%.12s) failed with status %d: %s",
              b->plan->revision, b->commit, r->exit_status, tail);
    return error_help(err, "its whole output is in %s", b->log), (int)ERR_PEER;
}

static int run_command(struct building *b, struct error *err)
{
    const char *folder = arena_printf(b->arena, "%s/%s", b->tree, b->prefix);
    const char *const argv[] = {"/bin/sh", "-c", b->plan->command, NULL};
    const struct command command = {
        .argv = argv,
        .env = b->env,
        .folder = folder,
        .log = b->log,
        .timeout_ns = b->plan->timeout_ns,
        .lifeline = true,
        .stop = b->plan->stop,
    };
    SCOPED(command_result_clear) struct command_result r = {0};
    int rc;

    if (!folder)
        return no_memory(err);
    if (!file_exists(folder))
        return ERROR(err, ERR_EMPTY,
                     "revision '%s' does not have the folder '%s'",
                     b->plan->revision, b->prefix);
    rc = command_run(&command, &r, err);
    if (rc < 0) {
        error_wrap(err, "building '%s' (%.12s)", b->plan->revision, b->commit);
        return error_help(err, "its output so far is in %s", b->log), rc;
    }
    b->build_ns = r.spent_ns;
    return r.exit_status == 0 ? 0 : build_failed(b, &r, err);
}

static int build(struct building *b, struct error *err)
{
    const char *mark = mark_of(b);
    int rc;

    if (!mark)
        return no_memory(err);
    unlink(b->built);
    unlink(b->log);
    rc = check_out(b, err);
    if (rc == 0)
        rc = fetch_submodules(b, err);
    if (rc == 0)
        rc = run_command(b, err);
    if (rc == 0)
        rc = file_write_atomic(b->built, mark, strlen(mark), err);
    return rc;
}

static int provide(struct building *b, struct worktree *out, struct error *err)
{
    SCOPED(fd_scoped) int fd = -1;
    bool cached = false;
    int rc = make_environment(b, err);

    if (rc == 0)
        rc = find_repository(b, err);
    if (rc == 0)
        rc = find_commit(b, err);
    if (rc == 0)
        rc = make_paths(b, err);
    if (rc == 0)
        rc = lock(b, &fd, err);
    if (rc == 0)
        cached = is_built(b);
    if (rc == 0 && !cached)
        rc = build(b, err);
    if (rc < 0)
        return rc;
    utimensat(AT_FDCWD, b->home, NULL, 0); /* asked for now */
    *out = (struct worktree){
        .folder = arena_printf(b->arena, "%s/%s", b->tree, b->prefix),
        .log = b->log,
        .cached = cached,
        .build_ns = b->build_ns,
    };
    memcpy(out->commit, b->commit, sizeof out->commit);
    return out->folder ? 0 : no_memory(err);
}

int worktree_build(const struct worktree_plan *plan, struct arena *arena,
                   struct worktree *out, struct error *err)
{
    struct building b = {.plan = plan, .arena = arena};
    struct worktree made = {0};
    int rc = check_name(plan->revision, err);

    if (rc == 0)
        rc = provide(&b, &made, err);
    if (rc == 0)
        *out = made;
    return rc;
}

/* --- pruning */

static bool is_commit(const char *name)
{
    size_t n = strlen(name);

    return (n == 40 || n == 64) && strspn(name, "0123456789abcdef") == n;
}

static bool is_listed(const char *name, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, list[i]) == 0)
            return true;
    return false;
}

/* One that is being built is left alone. */
static int remove_built(const char *root, const char *commit, struct error *err)
{
    SCOPED(free_scoped) char *home = NULL;
    SCOPED(free_scoped) char *path = NULL;
    SCOPED(fd_scoped) int fd = -1;

    if (asprintf(&home, "%s/%s", root, commit) < 0) {
        home = NULL;
        return no_memory(err);
    }
    if (asprintf(&path, "%s/lock", home) < 0) {
        path = NULL;
        return no_memory(err);
    }
    fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0)
        return 0;
    return file_remove_tree(home, err);
}

static void closedir_scoped(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

/* A build and when it was asked for last. */
struct used_build {
    char commit[65];
    struct timespec used;
};

static int newest_first(const void *a, const void *b)
{
    const struct timespec *x = &((const struct used_build *)a)->used;
    const struct timespec *y = &((const struct used_build *)b)->used;

    if (x->tv_sec != y->tv_sec)
        return x->tv_sec > y->tv_sec ? -1 : 1;
    return (x->tv_nsec < y->tv_nsec) - (x->tv_nsec > y->tv_nsec);
}

/* All in a folder, the newest first. */
static size_t list_builds(DIR *dir, struct arena *arena,
                          struct used_build **out)
{
    struct used_build *all = NULL;
    struct dirent *entry;
    struct stat st;
    size_t n = 0;

    while ((entry = readdir(dir))) {
        if (!is_commit(entry->d_name) ||
            fstatat(dirfd(dir), entry->d_name, &st, 0) < 0)
            continue;
        all = arena_grow(arena, all, n, sizeof *all);
        if (!all)
            return 0;
        all[n].used = st.st_mtim;
        snprintf(all[n++].commit, sizeof all->commit, "%.64s", entry->d_name);
    }
    if (n)
        qsort(all, n, sizeof *all, newest_first);
    *out = all;
    return n;
}

int worktree_keep_newest(const char *source, const char *root,
                         const char *const *env, size_t most, struct error *err)
{
    SCOPED(closedir_scoped) DIR *dir = opendir(root);
    struct arena arena = {0};
    struct used_build *all = NULL;
    size_t n = dir ? list_builds(dir, &arena, &all) : 0;
    const char **keep = arena_alloc(&arena, most, sizeof *keep);
    int rc = keep ? 0 : no_memory(err);

    for (size_t i = 0; i < most && i < n && keep; i++)
        keep[i] = all[i].commit;
    if (rc == 0 && n > most)
        rc = worktree_prune(source, root, env, keep, most, err);
    arena_clear(&arena);
    return rc;
}

int worktree_prune(const char *source, const char *root, const char *const *env,
                   const char *const *keep, size_t n_keep, struct error *err)
{
    static const char *const args[] = {"worktree", "prune", NULL};
    const struct worktree_plan plan = {.source = source, .env = env};
    SCOPED(closedir_scoped) DIR *dir = opendir(root);
    SCOPED(command_result_clear) struct command_result r = {0};
    struct arena arena = {0};
    struct building b = {.plan = &plan, .arena = &arena};
    struct dirent *entry;
    int rc = 0;

    if (!dir)
        return errno == ENOENT
                   ? 0
                   : ERROR_AT(err, ERR_SYS, root, 0, 0, "cannot read");
    while (rc == 0 && (entry = readdir(dir)))
        if (is_commit(entry->d_name) && !is_listed(entry->d_name, keep, n_keep))
            rc = remove_built(root, entry->d_name, err);
    if (rc == 0)
        rc = make_environment(&b, err);
    if (rc == 0)
        rc = git(&b, source, args, &r, err);
    arena_clear(&arena);
    return rc;
}
