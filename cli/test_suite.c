/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planning tests. */
#include <config.h>

#include "cli/test_suite.h"

#include "cli/command_cases.h"

#include <string.h>

#include "base/names.h"
#include "base/scope.h"

enum { AHEAD = 4 };

static const int64_t shortest_ns = 1000000;
static const int64_t patience_ns = 300000000;

static int no_memory(struct error *err)
{
    return ERROR(err, ERR_NOMEM, "no memory for a plan of tests");
}

/* ---- limits */

/* Its worker keeps the limit of each of its steps, and first. */
static int64_t command_limit(const struct recipe *recipe)
{
    int steps = 1 + (recipe->before.n > 0) + (recipe->after.n > 0);

    return steps * recipe->timeout_ns + patience_ns;
}

static int64_t timeout_of(const struct session *session,
                          const struct catalog_case *c)
{
    const struct options *options = &session->cli->options;
    const struct program *config = session->config[c->program];
    const struct command_case *command = command_case_of(session, c);
    int64_t limit = session->suite->test.timeout;
    int64_t declared = c->said.timeout_ms * 1000000;

    if (command)
        return command_limit(&command->recipe);
    if (config && config->timeout > 0)
        limit = config->timeout;
    if (options->given[OPT_TIMEOUT])
        limit = options->timeout_ns;
    if (declared > 0 && declared < limit)
        limit = declared;
    return limit < shortest_ns ? shortest_ns : limit;
}

/* ---- groups and resources */

/* Index of a word, which is added when it is new; SCHEDULE_NONE: no memory.
 * The newest are looked at first: neighbours are alike. */
static size_t intern(struct arena *arena, const char ***word, size_t *n,
                     const char *text)
{
    const char **all;

    for (size_t i = *n; i-- > 0;)
        if (strcmp((*word)[i], text) == 0)
            return i;
    all = arena_grow(arena, *word, *n, sizeof *all);
    if (!all)
        return SCHEDULE_NONE;
    *word = all;
    all[*n] = text;
    return (*n)++;
}

/* What keeps a test together with others, "" for nothing. */
static const char *group_of(struct session *session, enum dist dist,
                            const struct catalog_case *c)
{
    const struct sharing *sharing = session_sharing(session, c);
    const struct command_case *command = command_case_of(session, c);

    /* A command has no file and no scope with others, unless it is a case of
     * another harness's program. */
    if (dist != DIST_LOADGROUP && command && !command->program)
        return "";
    if (dist == DIST_LOADSCOPE && command)
        return command->program->name;
    switch (dist) {
    case DIST_LOADFILE:
        return arena_printf(&session->arena, "%zu %s", c->program,
                            c->said.file);
    case DIST_LOADSCOPE:
        return arena_printf(&session->arena, "%zu", c->program);
    case DIST_LOADGROUP:
        return c->said.group[0] || !sharing ? c->said.group : sharing->group;
    default:
        return "";
    }
}

static int plan_groups(struct test_suite *tests, struct error *err)
{
    struct session *session = tests->session;
    const char **word = NULL;
    size_t n = 0;

    for (size_t i = 0; i < tests->n; i++) {
        const char *group =
            group_of(session, tests->schedule.dist, tests->c[i]);

        if (!group)
            return no_memory(err);
        if (!group[0])
            continue;
        tests->item[i].group = intern(&session->arena, &word, &n, group);
        if (tests->item[i].group == SCHEDULE_NONE)
            return no_memory(err);
    }
    return 0;
}

static int64_t count_of(const struct suite *suite, const char *resource)
{
    for (size_t i = 0; i < suite->test.resources.n; i++)
        if (strcmp(suite->test.resources.resource[i].name, resource) == 0)
            return suite->test.resources.resource[i].n;
    return 1;
}

/* Add one, once.  False: no memory. */
static bool add_use(struct arena *arena, const char ***word, size_t *n,
                    const char *name, size_t *uses, size_t *n_uses)
{
    size_t resource = intern(arena, word, n, name);

    for (size_t k = 0; k < *n_uses; k++)
        if (uses[k] == resource)
            return true;
    if (resource != SCHEDULE_NONE)
        uses[(*n_uses)++] = resource;
    return resource != SCHEDULE_NONE;
}

/* Resources of a test: its own, and those that tare.yaml says. */
static int plan_uses(struct test_suite *tests, size_t i, const char ***word,
                     size_t *n, struct error *err)
{
    struct arena *arena = &tests->session->arena;
    const struct sharing *sharing =
        session_sharing(tests->session, tests->c[i]);
    const char *own = tests->c[i]->said.uses, *use;
    struct schedule_item *item = &tests->item[i];
    size_t most = sharing ? sharing->uses.n : 0, *uses, size;

    for (const char *p = own; *p; p++)
        most += *p == ',';
    uses = arena_alloc(arena, most + 1, sizeof *uses);
    if (!uses)
        return no_memory(err);
    item->uses = uses;
    while ((use = names_next(&own, &size))) {
        const char *name = arena_memdup(arena, use, size);

        if (!name || !add_use(arena, word, n, name, uses, &item->n_uses))
            return no_memory(err);
    }
    for (size_t k = 0; sharing && k < sharing->uses.n; k++)
        if (!add_use(arena, word, n, sharing->uses.word[k], uses,
                     &item->n_uses))
            return no_memory(err);
    return 0;
}

/* What a test says about itself goes before what tare.yaml says about all of
 * its program. */
static int plan_sharing(struct test_suite *tests, struct error *err)
{
    struct session *session = tests->session;
    const char **word = NULL;
    int64_t *count;
    size_t n = 0;

    for (size_t i = 0; i < tests->n; i++) {
        const struct sharing *sharing = session_sharing(session, tests->c[i]);
        const struct peer_case *said = &tests->c[i]->said;
        struct schedule_item *item = &tests->item[i];
        int rc = plan_uses(tests, i, &word, &n, err);

        if (rc < 0)
            return rc;
        if (said->slots)
            item->slots = (size_t)said->slots;
        else if (sharing)
            item->slots = (size_t)sharing->slots;
        item->exclusive = said->exclusive || (sharing && sharing->exclusive);
    }
    count = arena_alloc(&session->arena, n, sizeof *count);
    if (!count)
        return no_memory(err);
    for (size_t r = 0; r < n; r++)
        count[r] = count_of(session->suite, word[r]);
    tests->schedule.resource = count;
    tests->schedule.n_resources = n;
    return 0;
}

/* ---- the tests */

static int allocate(struct test_suite *tests, size_t n, struct error *err)
{
    struct arena *arena = &tests->session->arena;

    tests->n = n;
    tests->c = arena_alloc(arena, n, sizeof *tests->c);
    tests->test = arena_alloc(arena, n, sizeof *tests->test);
    tests->item = arena_alloc(arena, n, sizeof *tests->item);
    tests->program = arena_alloc(arena, n, sizeof *tests->program);
    tests->result = arena_alloc(arena, n, sizeof *tests->result);
    if (!tests->c || !tests->test || !tests->item || !tests->program ||
        !tests->result)
        return no_memory(err);
    return 0;
}

static void plan_test(struct test_suite *tests, size_t i,
                      const struct catalog_case *c)
{
    tests->c[i] = c;
    tests->program[i] = c->program;
    tests->test[i] = (struct live_test){
        .name = c->said.name,
        .program = c->program,
        .timeout_ns = timeout_of(tests->session, c),
        .session = c->said.session,
    };
    tests->item[i] = (struct schedule_item){
        .program = c->program,
        .group = SCHEDULE_NONE,
        .expected_ns = -1,
        .slots = 1,
    };
    tests->result[i] = (struct test_result){
        .id = c->id,
        .tags = c->tags,
        .file = c->said.file,
        .line = c->said.line,
        .worker = -1,
        .cpu = -1,
        .message = "",
        .note = "",
        .output = "",
        .started_ns = -1,
        .setup_ns = -1,
        .call_ns = -1,
        .teardown_ns = -1,
        .usage = {-1, -1, -1, -1, -1, -1, -1},
    };
}

/* What the history knows: the longest are started first, what failed the last
 * time even before. */
static void recall(struct test_suite *tests)
{
    const struct options *options = &tests->session->cli->options;
    bool failed_first =
        tests->schedule.dist == DIST_LPT || options->failed_first;

    for (size_t i = 0; i < tests->n && !tests->choice.worker; i++) {
        const struct last_outcome *last =
            test_last(&tests->choice, tests->c[i]->id);

        if (!last)
            continue;
        tests->item[i].expected_ns = last->duration_ns;
        tests->item[i].urgent = failed_first && test_failed_last(last);
    }
}

static int plan_tests(struct test_suite *tests, struct error *err)
{
    const struct test_choice *choice = &tests->choice;
    int rc = allocate(tests, choice->n, err);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < tests->n; i++)
        plan_test(tests, i, choice->c[i]);
    recall(tests);
    rc = choice->worker ? 0 : plan_groups(tests, err);
    for (size_t i = 0; choice->worker && i < tests->n; i++)
        tests->item[i].group = choice->worker[i];
    if (rc == 0)
        rc = plan_sharing(tests, err);
    if (rc == 0 && tests->session->cli->options.shard.index)
        rc = test_suite_shard(tests, err);
    return rc;
}

/* ---- the workers */

static int read_bind(struct session *session, struct placement_policy *policy,
                     int64_t workers, struct error *err)
{
    const struct options *options = &session->cli->options;
    const struct worker_plan *plan = &session->suite->test.placement;
    const char *word = options->bind                ? options->bind
                       : workers == WORKERS_LOGICAL ? "pu"
                       : plan->bind == BIND_LIST    ? plan->cpus
                                                    : bind_words[plan->bind];

    *policy = (struct placement_policy){.oversubscribe = options->oversubscribe,
                                        .mix_classes = true};
    return placement_parse_bind("--bind", word, strlen(word), &session->arena,
                                policy, err);
}

/* More than there is to do would only start processes. */
static size_t most_needed(const struct test_suite *tests, size_t workers)
{
    size_t sum = 0;

    for (size_t i = 0; i < tests->n && sum < workers; i++)
        sum += tests->item[i].exclusive || tests->item[i].slots > workers
                   ? workers
                   : tests->item[i].slots;
    return sum < workers ? sum : workers;
}

static int plan_workers(struct test_suite *tests, struct error *err)
{
    struct session *session = tests->session;
    const struct options *options = &session->cli->options;
    struct placement_policy policy;
    int64_t wanted = options->given[OPT_WORKERS]
                         ? options->workers
                         : session->suite->test.placement.workers;
    int rc = session_topology(session, err);

    if (rc == 0)
        rc = read_bind(session, &policy, wanted, err);
    if (rc < 0)
        return rc;
    if (tests->choice.worker)
        wanted = (int64_t)tests->choice.n_workers;
    if (wanted <= 0)
        wanted = placement_most(session->topology, &policy);
    tests->workers = tests->schedule.dist == DIST_NO
                         ? 1
                         : most_needed(tests, (size_t)wanted);
    tests->schedule.workers = tests->workers;
    return placement_plan(session->topology, &policy, (int)tests->workers,
                          &session->arena, &session->placement, err);
}

static void plan_policy(struct test_suite *tests)
{
    const struct session *session = tests->session;
    const struct options *options = &session->cli->options;
    const struct test_plan *plan = &session->suite->test;
    enum order order =
        options->given[OPT_ORDER] ? (enum order)options->order : plan->order;

    tests->schedule.dist =
        options->given[OPT_DIST] ? (enum dist)options->dist : plan->dist;
    if (tests->choice.worker)
        tests->schedule.dist = DIST_LOADGROUP;
    tests->schedule.random = order == ORDER_RANDOM && !tests->choice.worker;
    tests->schedule.seed = session->seed;
    tests->retries =
        options->given[OPT_RETRIES] ? options->retries : plan->retries;
    tests->maxfail =
        options->given[OPT_MAXFAIL] ? options->maxfail : plan->maxfail;
    tests->isolation = options->given[OPT_ISOLATION]
                           ? (enum isolation)options->isolation
                           : plan->isolation;
    if (options->exit_first)
        tests->maxfail = 1;
    /* What was sent ahead cannot be had back. */
    tests->schedule.ahead = tests->maxfail ? 0 : AHEAD;
}

int test_suite_prepare(struct test_suite *tests, struct session *session,
                       struct error *err)
{
    int rc;

    *tests = (struct test_suite){
        .session = session,
        .host = session->program,
        .n_hosts = session_n_hosts(session),
    };
    rc = test_choose(session, &tests->choice, err);
    if (rc < 0)
        return rc;
    plan_policy(tests);
    return plan_tests(tests, err);
}

int test_suite_plan(struct test_suite *tests, struct session *session,
                    struct error *err)
{
    int rc = test_suite_prepare(tests, session, err);

    return rc < 0 ? rc : plan_workers(tests, err);
}

void test_suite_clear(struct test_suite *tests)
{
    arena_clear(&tests->batch);
    strbuf_clear(&tests->complaints);
}

enum cli_exit test_suite_status(const struct test_suite *tests)
{
    if (tests->sum.interrupted)
        return CLI_INTERRUPTED;
    return tests->sum.failed || tests->complaints.size ? CLI_REGRESSED : CLI_OK;
}
