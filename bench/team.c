/* SPDX-License-Identifier: MIT */
/* Benchmarks in several threads. */
#include <config.h>

#include "bench/team.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "bench/fixture.h"

enum { SPINS_BEFORE_YIELD = 2000, CPUS_MAX = 4096 };

/* One thread besides thread 0. */
struct member {
    pthread_t id;
    struct tarei_team *team;
    struct tare context;
    struct tarei_bench bench;
};

/* The first part belongs to the mutex, the second is touched while clocks run
 * and so is atomic. */
struct tarei_team {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int n;         /* threads, thread 0 included */
    int waiting;   /* members that wait for an order */
    int delivered; /* members that handed over their sample */
    int over;      /* no more orders */
    unsigned order_number;
    struct tarei_order order;
    struct tarei_sample *sample; /* one a thread */
    struct member *member;       /* n - 1 of them */
    const int *cpus;             /* one a thread, or NULL */

    uint32_t broken;  /* a thread left: nobody waits any more */
    uint32_t started; /* threads at the start, summed over the timed parts */
    uint32_t stopped; /* threads done, likewise */
};

/* ---- while clocks run */

static uint32_t load(const uint32_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

static void add_one(uint32_t *word)
{
    __atomic_fetch_add(word, 1, __ATOMIC_ACQ_REL);
}

void tarei_team_start(struct tarei_bench *bench)
{
    struct tarei_team *team = bench->team;
    uint32_t wanted;

    if (!team)
        return;
    wanted = (uint32_t)team->n * ++bench->part;
    add_one(&team->started);
    /* Threads that share a CPU would wait a whole time slice otherwise. */
    for (unsigned spins = 0;
         load(&team->started) < wanted && !load(&team->broken); spins++)
        if (spins % SPINS_BEFORE_YIELD == SPINS_BEFORE_YIELD - 1)
            sched_yield();
}

void tarei_team_stop(struct tarei_bench *bench)
{
    if (bench->team)
        add_one(&bench->team->stopped);
}

int tarei_team_all_stopped(const struct tarei_bench *bench)
{
    const struct tarei_team *team = bench->team;

    return !team || load(&team->broken) ||
           load(&team->stopped) >= (uint32_t)team->n * bench->part;
}

/* ---- between samples */

static void break_team(struct tarei_team *team)
{
    __atomic_store_n(&team->broken, 1, __ATOMIC_RELEASE);
    pthread_mutex_lock(&team->mutex);
    pthread_cond_broadcast(&team->changed);
    pthread_mutex_unlock(&team->mutex);
}

/* Wait until all members have done something that *count counts. */
static int wait_members(struct tarei_team *team, const int *count)
{
    pthread_mutex_lock(&team->mutex);
    while (*count < team->n - 1 && !load(&team->broken))
        pthread_cond_wait(&team->changed, &team->mutex);
    pthread_mutex_unlock(&team->mutex);
    return !load(&team->broken);
}

static void give_order(struct tarei_team *team, const struct tarei_order *order)
{
    pthread_mutex_lock(&team->mutex);
    team->order = *order;
    team->order_number++;
    team->waiting = 0;
    team->delivered = 0;
    __atomic_store_n(&team->started, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&team->stopped, 0, __ATOMIC_RELAXED);
    pthread_cond_broadcast(&team->changed);
    pthread_mutex_unlock(&team->mutex);
}

static int take_order(struct tarei_team *team, struct tarei_order *out)
{
    unsigned number;
    int over;

    pthread_mutex_lock(&team->mutex);
    number = team->order_number;
    team->waiting++;
    pthread_cond_broadcast(&team->changed);
    while (number == team->order_number && !team->over && !load(&team->broken))
        pthread_cond_wait(&team->changed, &team->mutex);
    over = team->over || load(&team->broken);
    *out = team->order;
    pthread_mutex_unlock(&team->mutex);
    return !over;
}

int tarei_team_next(struct tare *b, struct tarei_order *out)
{
    struct tarei_bench *bench = b->bench;
    struct tarei_team *team = bench->team;

    bench->part = 0;
    if (bench->thread > 0)
        return take_order(team, out);
    if (team && !wait_members(team, &team->waiting))
        return 0;
    if (!bench->driver.next(bench->driver.ctx, b, out) ||
        tarei_fixture_enter(b, TARE_BATCH) < 0)
        return 0;
    if (team)
        give_order(team, out);
    return 1;
}

/* Unknown in one thread is unknown. */
static int64_t sum(int64_t a, int64_t b)
{
    return a < 0 || b < 0 ? -1 : a + b;
}

static struct tarei_sample combine(const struct tarei_team *team)
{
    struct tarei_sample all = team->sample[0];

    for (int i = 1; i < team->n; i++) {
        const struct tarei_sample *one = &team->sample[i];

        /* A thread that moved speaks for all. */
        if (one->cpu_begin != one->cpu_end) {
            all.cpu_begin = one->cpu_begin;
            all.cpu_end = one->cpu_end;
        }
        if (one->begin_ns < all.begin_ns)
            all.begin_ns = one->begin_ns;
        all.elapsed_ns += one->elapsed_ns;
        all.cpu_ns = sum(all.cpu_ns, one->cpu_ns);
        all.switches += one->switches;
        all.minor_faults += one->minor_faults;
        all.major_faults += one->major_faults;
        if (one->run_delay_ns < 0 || all.run_delay_ns < 0)
            all.run_delay_ns = -1;
        else if (one->run_delay_ns > all.run_delay_ns)
            all.run_delay_ns = one->run_delay_ns;
    }
    all.elapsed_ns /= team->n;
    if (all.cpu_ns > 0)
        all.cpu_ns /= team->n;
    return all;
}

void tarei_team_deliver(struct tare *b, const struct tarei_sample *sample)
{
    struct tarei_bench *bench = b->bench;
    struct tarei_team *team = bench->team;
    struct tarei_sample all = *sample;

    if (team) {
        team->sample[bench->thread] = *sample;
        if (bench->thread > 0) {
            pthread_mutex_lock(&team->mutex);
            team->delivered++;
            pthread_cond_broadcast(&team->changed);
            pthread_mutex_unlock(&team->mutex);
            return;
        }
        if (!wait_members(team, &team->delivered))
            return;
        all = combine(team);
    }
    bench->driver.done(bench->driver.ctx, b, &all);
    tarei_fixture_leave(b, TARE_BATCH);
}

/* ---- from start to end */

size_t tarei_team_cpus(const char *text, int *out, size_t max)
{
    size_t n = 0;

    while (text && *text >= '0' && *text <= '9') {
        char *end;
        long first = strtol(text, &end, 10), last = first;

        if (*end == '-')
            last = strtol(end + 1, &end, 10);
        if (first > last || last >= CPUS_MAX)
            return 0;
        for (; first <= last; first++, n++)
            if (n < max)
                out[n] = (int)first;
        if (*end == '\0')
            return n;
        text = *end == ',' ? end + 1 : NULL;
    }
    return 0;
}

/* Failing to pin is no failure: the runner verifies where samples ran. */
static void pin(const struct tarei_team *team, int thread)
{
    cpu_set_t set;

    if (!team->cpus)
        return;
    CPU_ZERO(&set);
    CPU_SET(team->cpus[thread], &set);
    sched_setaffinity(0, sizeof set, &set);
}

static void *run_member(void *arg)
{
    struct member *m = arg;

    pin(m->team, m->bench.thread);
    tarei_bench_run(&m->context);
    if (m->context.outcome != OUTCOME_PASSED)
        break_team(m->team);
    tarei_clock_close();
    tarei_counts_close();
    return NULL;
}

static void begin_member(struct tare *b, struct tarei_team *team, int thread)
{
    struct member *m = &team->member[thread - 1];

    m->team = team;
    tarei_context_begin(&m->context, b->item);
    tarei_bench_begin(&m->context, &m->bench, b->bench->clock,
                      &b->bench->driver);
    m->bench.team = team;
    m->bench.thread = thread;
}

static void add_pace(struct tarei_pace *all, const struct tarei_pace *one)
{
    double rate;

    if (one->elapsed_ns <= 0)
        return;
    rate = (double)one->iterations * 1e9 / (double)one->elapsed_ns;
    all->sum += rate;
    all->sum_of_squares += rate * rate;
    if (all->threads == 0 || rate < all->slowest)
        all->slowest = rate;
    if (rate > all->fastest)
        all->fastest = rate;
    all->threads++;
}

/* What the other threads found out. */
static void merge(struct tare *b, const struct member *m)
{
    struct tarei_bench *bench = b->bench;

    if (m->context.outcome != OUTCOME_PASSED && b->outcome == OUTCOME_PASSED) {
        b->outcome = m->context.outcome;
        memcpy(b->message, m->context.message, sizeof b->message);
    }
    bench->items += m->bench.items;
    bench->bytes += m->bench.bytes;
    bench->pauses += m->bench.pauses;
    bench->iterations += m->bench.iterations;
    bench->counted += m->bench.counted;
    for (int i = COUNT_EVENTS; i < COUNTS; i++)
        bench->count[i] += m->bench.count[i];
    add_pace(&bench->pace, &m->bench.pace);
    if (m->bench.has_result)
        tare_result(b, m->bench.result);
    if (bench->histogram && m->bench.histogram)
        tarei_histogram_merge(bench->histogram, m->bench.histogram);
}

static void end_members(struct tare *b, struct tarei_team *team, int started)
{
    pthread_mutex_lock(&team->mutex);
    team->over = 1;
    pthread_cond_broadcast(&team->changed);
    pthread_mutex_unlock(&team->mutex);
    if (b->outcome != OUTCOME_PASSED)
        break_team(team);
    add_pace(&b->bench->pace, &b->bench->pace);
    for (int i = 0; i < started; i++) {
        pthread_join(team->member[i].id, NULL);
        merge(b, &team->member[i]);
        tarei_bench_end(&team->member[i].bench);
    }
}

static void run_team(struct tare *b, struct tarei_team *team)
{
    cpu_set_t before;
    int restore = sched_getaffinity(0, sizeof before, &before) == 0;
    int started = 0;

    b->bench->team = team;
    for (int i = 1; i < team->n; i++, started++) {
        begin_member(b, team, i);
        if (pthread_create(&team->member[i - 1].id, NULL, run_member,
                           &team->member[i - 1]) != 0) {
            tarei_context_fail(b, "cannot start %d threads", team->n);
            break_team(team);
            break;
        }
    }
    pin(team, 0);
    if (b->outcome == OUTCOME_PASSED)
        tarei_bench_run(b);
    end_members(b, team, started);
    if (restore)
        sched_setaffinity(0, sizeof before, &before);
    b->bench->team = NULL;
}

void tarei_team_run(struct tare *b)
{
    struct tarei_team team = {.n = b->item->threads};
    int *cpus;
    size_t n = (size_t)team.n;

    if (n <= 1) {
        tarei_bench_run(b);
        return;
    }
    cpus = calloc(n, sizeof *cpus);
    team.sample = calloc(n, sizeof *team.sample);
    team.member = calloc(n - 1, sizeof *team.member);
    if (cpus && tarei_team_cpus(getenv("TARE_CPUS"), cpus, n) >= n)
        team.cpus = cpus;
    pthread_mutex_init(&team.mutex, NULL);
    pthread_cond_init(&team.changed, NULL);
    if (cpus && team.sample && team.member)
        run_team(b, &team);
    else
        tarei_context_fail(b, "no memory for %zu threads", n);
    pthread_cond_destroy(&team.changed);
    pthread_mutex_destroy(&team.mutex);
    free(team.member);
    free(team.sample);
    free(cpus);
}
