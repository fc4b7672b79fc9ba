/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guardian's side: one loop over the coordinator's channel, the ends of
 * children, and the coordinator's life.  Single-threaded; nothing here blocks
 * for long, because all others wait meanwhile. */
#include <config.h>

#include "runner/process/guardian_wire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "runner/process/sweep.h"

struct folder {
    char *path;
    struct folder *next;
};

struct guard {
    int sock;
    int signals;     /* signalfd */
    int coordinator; /* pidfd of who forked us, -1 where there is none */
    int usual_nice;  /* before it was raised: for what asks for none */
    bool over;       /* the coordinator is gone, or we were told to end */
    struct ward *wards;
    struct folder *folders;
    struct cgroups groups;
};

/* Ended by one of these, the guardian still sweeps. */
static const int watched_signals[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP,
                                      SIGQUIT};

/* Everybody waits for it, and it works for microseconds at a time. */
static const int own_nice = -20;

static const int64_t sweep_ns = 2000000000;
static const int64_t last_sweep_ns = 10000000000;

/* --- set-up */

static bool is_kept(int fd, int sock)
{
    return fd <= 2 || fd == sock;
}

/* The coordinator may have been started with descriptors of others (a make
 * job server, a lock): they are none of what is started here. */
static void close_inherited(int sock)
{
    DIR *dir = opendir("/proc/self/fd");
    struct dirent *entry;

    if (!dir)
        return;
    while ((entry = readdir(dir))) {
        int fd = (int)strtol(entry->d_name, NULL, 10);

        if (!is_kept(fd, sock) && fd != dirfd(dir))
            close(fd);
    }
    closedir(dir);
}

/* Standard streams become /dev/null: holding the coordinator's would keep a
 * pipe open behind it. */
static void leave_streams(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    for (int fd = 0; fd <= 2 && null >= 0; fd++)
        dup2(null, fd);
    if (null > 2)
        close(null);
}

static int watch_signals(void)
{
    const struct sigaction standard = {.sa_handler = SIG_DFL};
    sigset_t all, watched;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int sig = 1; sig < NSIG; sig++)
        sigaction(sig, &standard, NULL);
    sigemptyset(&watched);
    for (size_t i = 0; i < ARRAY_LEN(watched_signals); i++)
        sigaddset(&watched, watched_signals[i]);
    return signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void set_up(struct guard *g, pid_t coordinator)
{
    setsid();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    prctl(PR_SET_NAME, "tare-guardian");
    close_inherited(g->sock);
    leave_streams();
    g->usual_nice = getpriority(PRIO_PROCESS, 0);
    launch_ask_for_nice(own_nice);
    g->signals = watch_signals();
    g->coordinator = (int)syscall(SYS_pidfd_open, coordinator, 0);
    /* It may have died before there was anything to watch. */
    g->over = getppid() != coordinator;
}

/* --- telling */

static void answer(struct guard *g, const struct guardian_packet *packet,
                   int fd)
{
    guardian_send(g->sock, packet, &fd, fd >= 0, MSG_DONTWAIT);
}

static void answer_failed(struct guard *g, uint64_t id, int step, int error)
{
    const struct guardian_packet packet = {
        .verb = GUARDIAN_FAILED, .id = id, .step = step, .number = error};

    answer(g, &packet, -1);
}

static void answer_done(struct guard *g, uint64_t id)
{
    const struct guardian_packet packet = {.verb = GUARDIAN_DONE, .id = id};

    answer(g, &packet, -1);
}

/* Tell of every end not told of yet; what does not fit into the channel waits
 * for the next time.  Returns whether something waits. */
static bool report_ends(struct guard *g)
{
    for (struct ward *w = g->wards; w; w = w->next) {
        struct guardian_packet packet = {
            .verb = GUARDIAN_EXITED, .id = w->id, .pid = w->pid, .end = w->end};

        if (!w->ended || w->reported)
            continue;
        if (guardian_send(g->sock, &packet, NULL, 0, MSG_DONTWAIT) < 0)
            return true;
        w->reported = true;
    }
    return false;
}

/* --- children */

static struct ward *find_id(struct guard *g, uint64_t id)
{
    struct ward *w = g->wards;

    while (w && w->id != id)
        w = w->next;
    return w;
}

static struct ward *find_live(struct guard *g, pid_t pid)
{
    struct ward *w = g->wards;

    while (w && (w->pid != pid || w->ended))
        w = w->next;
    return w;
}

static void drop_ward(struct guard *g, struct ward *ward)
{
    struct ward **at = &g->wards;

    while (*at != ward)
        at = &(*at)->next;
    *at = ward->next;
    cgroup_remove(&g->groups, &ward->group);
    free(ward->mark);
    free(ward);
}

/* End what a ward left behind; returns how many processes.  Those of its control
 * group are the guardian's children, or descend from them: they are reaped. */
static uint32_t end_leftovers(struct guard *g, struct ward *ward)
{
    uint32_t enclosed = cgroup_kill(&ward->group, sweep_ns);
    uint32_t found = sweep(g->wards, ward, sweep_ns);

    return enclosed > found ? enclosed : found;
}

/* The ward is a zombie: its number is still its own, so its process group can be
 * named without danger. */
static void end_ward(struct guard *g, struct ward *ward)
{
    uint32_t leaked = 0;
    int status = 0;

    if (!ward->keep) {
        leaked = end_leftovers(g, ward);
        kill(-ward->pid, SIGKILL);
    }
    wait4(ward->pid, &status, 0, &ward->end.usage);
    ward->end.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ward->end.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    ward->end.core_dumped = WIFSIGNALED(status) && WCOREDUMP(status);
    ward->end.leaked = leaked;
    ward->ended = true;
    if (ward->abandoned)
        drop_ward(g, ward);
}

/* Take every end there is: of wards, and of what wards left behind. */
static void reap(struct guard *g)
{
    for (;;) {
        siginfo_t info = {0};
        struct ward *ward;

        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 ||
            info.si_pid == 0)
            return;
        ward = find_live(g, info.si_pid);
        if (ward)
            end_ward(g, ward);
        else
            waitpid(info.si_pid, NULL, 0);
    }
}

/* --- orders */

struct order {
    const struct guardian_packet *packet;
    const int *fds;
    size_t n_fds;
};

/* The bytes of a spawn, from the file that came along. */
static char *read_description(int fd, size_t *size)
{
    SCOPED(free_scoped) char *bytes = NULL;
    struct stat st;
    size_t used = 0;
    ssize_t n = 1;

    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0 ||
        st.st_size > SPAWN_BYTES_MAX)
        return NULL;
    bytes = malloc((size_t)st.st_size);
    while (bytes && used < (size_t)st.st_size && n > 0) {
        n = pread(fd, bytes + used, (size_t)st.st_size - used, (off_t)used);
        if (n > 0)
            used += (size_t)n;
    }
    *size = used;
    return TAKE(bytes);
}

static char *find_mark(char *const *env)
{
    const size_t prefix = sizeof SLOT_MARK "=" - 1;

    for (; *env; env++)
        if (strncmp(*env, SLOT_MARK "=", prefix) == 0)
            return strdup(*env + prefix);
    return NULL;
}

/* Lift the received descriptors above every number they get in the child. */
static bool lift_fds(const struct spawn *spawn, const int *fds,
                     struct spawn_fd *lifted)
{
    int floor = launch_floor(spawn);
    bool ok = true;

    for (size_t i = 0; i < spawn->n_fds; i++) {
        lifted[i].number = spawn->fds[i].number;
        lifted[i].fd = fcntl(fds[i], F_DUPFD_CLOEXEC, floor);
        ok = ok && lifted[i].fd >= 0;
    }
    return ok;
}

static struct ward *add_ward(struct guard *g, uint64_t id,
                             const struct spawn *spawn)
{
    struct ward *ward = calloc(1, sizeof *ward);

    if (!ward)
        return NULL;
    ward->id = id;
    ward->keep = spawn->flags & SPAWN_KEEP_LEFTOVERS;
    ward->mark = find_mark(spawn->env);
    ward->next = g->wards;
    g->wards = ward;
    return ward;
}

static void start_ward(struct guard *g, uint64_t id, const struct spawn *spawn)
{
    struct guardian_packet started = {.verb = GUARDIAN_STARTED, .id = id};
    struct ward *ward = add_ward(g, id, spawn);
    const struct cgroup *group = NULL;
    struct launched launched;

    if (!ward) {
        answer_failed(g, id, LAUNCH_FORK, ENOMEM);
        return;
    }
    if (spawn->flags & SPAWN_OWN_CGROUP)
        group =
            cgroups_make(&g->groups, NULL, &ward->group) ? &ward->group : NULL;
    if (!launch(spawn, g->usual_nice, group, &launched)) {
        drop_ward(g, ward);
        answer_failed(g, id, (int)launched.step, launched.error);
        return;
    }
    ward->pid = started.pid = launched.pid;
    answer(g, &started, launched.pidfd);
    if (launched.pidfd >= 0)
        close(launched.pidfd);
}

static void order_spawn(struct guard *g, const struct order *order)
{
    SCOPED(free_scoped) char *bytes = NULL;
    struct spawn_fd lifted[SPAWN_FDS_MAX];
    struct arena arena = {0};
    struct spawn spawn;
    uint64_t id = order->packet->id;
    size_t size = 0;

    if (order->n_fds >= 1)
        bytes = read_description(order->fds[0], &size);
    if (!bytes || find_id(g, id) ||
        spawn_unpack("guardian", bytes, size, &arena, &spawn, NULL) < 0 ||
        spawn.n_fds != order->n_fds - 1) {
        answer_failed(g, id, LAUNCH_NONE, EINVAL);
        arena_clear(&arena);
        return;
    }
    if (lift_fds(&spawn, order->fds + 1, lifted)) {
        spawn.fds = lifted;
        start_ward(g, id, &spawn);
    } else {
        answer_failed(g, id, LAUNCH_FD, EMFILE);
    }
    for (size_t i = 0; i < spawn.n_fds; i++)
        if (lifted[i].fd >= 0)
            close(lifted[i].fd);
    arena_clear(&arena);
}

static void order_signal(struct guard *g, const struct order *order)
{
    struct ward *ward = find_id(g, order->packet->id);

    if (ward && !ward->ended && order->packet->number > 0 &&
        order->packet->number < NSIG)
        kill(-ward->pid, order->packet->number);
}

static void order_release(struct guard *g, const struct order *order)
{
    struct ward *ward = find_id(g, order->packet->id);

    if (!ward) {
        answer_failed(g, order->packet->id, LAUNCH_NONE, ESRCH);
        return;
    }
    ward->keep = false;
    ward->abandoned = true;
    if (ward->ended) {
        end_leftovers(g, ward);
        drop_ward(g, ward);
    } else {
        kill(-ward->pid, SIGKILL);
        if (sweep_await(ward->pid, sweep_ns))
            end_ward(g, ward);
    }
    answer_done(g, order->packet->id);
}

static void order_folder(struct guard *g, const struct order *order)
{
    struct guardian_packet made = {.verb = GUARDIAN_DONE,
                                   .id = order->packet->id};
    struct folder *folder = calloc(1, sizeof *folder);

    memcpy(made.path, order->packet->path, sizeof made.path);
    /* As long as the name that mkdtemp() will make. */
    if (folder)
        folder->path = strdup(made.path);
    errno = folder && folder->path ? EINVAL : ENOMEM;
    if (errno == ENOMEM || made.path[0] != '/' || !mkdtemp(made.path)) {
        answer_failed(g, made.id, LAUNCH_NONE, errno);
        if (folder)
            free(folder->path);
        free(folder);
        return;
    }
    memcpy(folder->path, made.path, strlen(made.path) + 1);
    folder->next = g->folders;
    g->folders = folder;
    answer(g, &made, -1);
}

static void order_forget(struct guard *g, const struct order *order)
{
    for (struct folder **at = &g->folders; *at; at = &(*at)->next) {
        struct folder *folder = *at;

        if (strcmp(folder->path, order->packet->path) != 0)
            continue;
        *at = folder->next;
        free(folder->path);
        free(folder);
        return;
    }
}

static void (*const orders[])(struct guard *, const struct order *) = {
    [GUARDIAN_SPAWN] = order_spawn,     [GUARDIAN_SIGNAL] = order_signal,
    [GUARDIAN_RELEASE] = order_release, [GUARDIAN_FOLDER] = order_folder,
    [GUARDIAN_FORGET] = order_forget,
};

static void take_order(struct guard *g)
{
    struct guardian_packet packet = {0};
    int fds[GUARDIAN_FDS_MAX];
    struct order order = {.packet = &packet, .fds = fds};
    int rc =
        guardian_receive(g->sock, &packet, fds, &order.n_fds, MSG_DONTWAIT);

    if (rc == -EAGAIN)
        return;
    if (rc == -EBADMSG ||
        (rc > 0 && (packet.verb >= ARRAY_LEN(orders) || !orders[packet.verb])))
        answer_failed(g, packet.id, LAUNCH_NONE, EBADMSG);
    else if (rc > 0)
        orders[packet.verb](g, &order);
    else
        g->over = true;
    while (order.n_fds)
        close(fds[--order.n_fds]);
}

static void take_signals(struct guard *g)
{
    struct signalfd_siginfo info;

    while (read(g->signals, &info, sizeof info) == sizeof info)
        if (info.ssi_signo != SIGCHLD)
            g->over = true;
}

/* --- the end */

static void finish(struct guard *g)
{
    for (struct ward *w = g->wards; w; w = w->next) {
        if (!w->ended)
            kill(-w->pid, SIGKILL);
        cgroup_kill(&w->group, sweep_ns);
    }
    sweep_all(last_sweep_ns);
    cgroups_close(&g->groups);
    for (struct folder *f = g->folders; f; f = f->next)
        file_remove_tree(f->path, NULL);
}

void guardian_main(int sock, pid_t coordinator)
{
    struct guard g = {.sock = sock};

    set_up(&g, coordinator);
    while (!g.over) {
        struct pollfd fds[] = {
            {.fd = g.sock, .events = POLLIN},
            {.fd = g.signals, .events = POLLIN},
            {.fd = g.coordinator, .events = POLLIN},
        };

        reap(&g);
        if (report_ends(&g))
            fds[0].events |= POLLOUT;
        if (poll(fds, ARRAY_LEN(fds), -1) < 0 && errno != EINTR)
            break;
        if (fds[1].revents)
            take_signals(&g);
        if (fds[0].revents & ~POLLOUT)
            take_order(&g);
        if (fds[2].revents)
            g.over = true;
    }
    finish(&g);
    _exit(0);
}
