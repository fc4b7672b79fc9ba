/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "config/suite.h"

static struct suite *parse(const char *text, struct error *err)
{
    struct suite *s = NULL;

    suite_parse("dir/tare.yaml", text, strlen(text), &s, err);
    return s;
}

TARE_TEST(a_suite_of_defaults)
{
    struct suite *s = suite_new();

    TARE_REQUIRE(s);
    TARE_CHECK_STR(s->file, "");
    TARE_CHECK_STR(s->folder, ".");
    TARE_CHECK_STR(s->name, "");
    TARE_CHECK_INT(s->test.placement.workers, WORKERS_AUTO);
    TARE_CHECK_INT(s->test.dist, DIST_LPT);
    TARE_CHECK_INT(s->test.timeout, 60000000000);
    TARE_CHECK_INT(s->test.cpu_timeout, -1);
    TARE_CHECK_INT(s->test.grace, 2000000000);
    TARE_CHECK_INT(s->measure.placement.workers, 1);
    TARE_CHECK_INT(s->measure.placement.bind, BIND_CORE);
    TARE_CHECK_STR(s->measure.placement.cpus, "");
    TARE_CHECK_INT(s->measure.budget, 10000000000);
    TARE_CHECK_INT(s->measure.sample_time, PLAN_AUTO);
    TARE_CHECK_REL(s->measure.precision, 0.01, 1e-15);
    TARE_CHECK_INT(s->build.timeout, 1800000000000);
    TARE_CHECK_STR(s->gate.baseline, "main");
    TARE_CHECK_REL(s->gate.margin, 0.02, 1e-15);
    TARE_CHECK_REL(s->gate.alpha, 0.01, 1e-15);
    TARE_CHECK_INT(s->gate.on_inconclusive, POLICY_PASS);
    TARE_CHECK_INT(s->gate.on_missing, POLICY_FAIL);
    TARE_CHECK(s->gate.occasion_noise < 0 && s->gate.suite_margin < 0);
    TARE_REQUIRE_INT(s->gate.metrics.n, 1);
    TARE_CHECK_STR(s->gate.metrics.word[0], "time");
    TARE_CHECK(!s->gate.metrics.word[1]);
    TARE_CHECK_STR(s->history.store, ".tare/tare.db");
    TARE_CHECK(!s->build.command.shell && s->build.command.argv.n == 0);
    suite_free(s);
}

/* The example of the format, word for word as it is documented. */
static const char shop[] =
    "tare: 1\n"
    "suite: shop\n"
    "tags: {unit: in memory, integration: needs the database, slow: over a "
    "second}\n"
    "programs:\n"
    "  - {path: build/sort_bench, tags: [unit]}\n"
    "  - {path: build/parser_gbench, kind: google-benchmark}\n"
    "  - {path: tests, kind: pytest}\n"
    "commands:\n"
    "  - name: gzip-10M\n"
    "    kind: benchmark            # or test\n"
    "    run: [gzip, -kc, data/10M.bin]\n"
    "    stdout: discard\n"
    "    fixtures: [dataset]\n"
    "    timeout: 30s\n"
    "fixtures:\n"
    "  dataset:  {scope: session, setup: ./make-data.sh}\n"
    "  database: {scope: worker, setup: 'createdb t_$TARE_WORKER', teardown: "
    "'dropdb t_$TARE_WORKER',\n"
    "             env: {DATABASE_URL: 'postgresql:///t_$TARE_WORKER'}}\n"
    "test:     {workers: auto, dist: lpt, timeout: 60s}   # every core\n"
    "measure:  {workers: 1, bind: core, budget: 10s}     # alone\n"
    "build:    {command: make -j2}\n"
    "gate:\n"
    "  baseline: main\n"
    "  margin: 2%\n"
    "  alpha: 1%                            # over the whole suite\n"
    "  mode: auto\n"
    "  on_inconclusive: pass                # or fail\n"
    "  on_missing: fail\n"
    "  rules:\n"
    "    - {match: 'parser/*', margin: 5%}\n"
    "    - {match: '*', metric: max_rss, margin: 10%}\n"
    "  waivers:\n"
    "    - {match: sort/merge, up_to: 6%, until: 2027-01-31, reason: 'safer "
    "comparison'}\n"
    "history:  {store: .tare/tare.db}\n";

TARE_TEST(the_documented_suite)
{
    struct error err = {0};
    struct suite *s = parse(shop, &err);

    TARE_CHECK_STR(err.text, "");
    TARE_REQUIRE(s);
    TARE_CHECK_STR(s->name, "shop");
    TARE_CHECK_STR(s->folder, "dir");
    TARE_CHECK_INT(s->tags.n, 3);
    TARE_CHECK_STR(suite_tag(s, "slow")->text, "over a second");
    TARE_REQUIRE_INT(s->n_programs, 3);
    TARE_CHECK_STR(s->program[0].name, "sort_bench");
    TARE_CHECK_STR(s->program[0].tags.word[0], "unit");
    TARE_CHECK_INT(s->program[0].at.line, 5);
    TARE_CHECK_INT(s->program[0].timeout, -1);
    TARE_CHECK_INT(s->program[1].kind, PROGRAM_GOOGLE_BENCHMARK);
    TARE_REQUIRE_INT(s->n_commands, 1);
    TARE_CHECK_INT(s->command[0].run.argv.n, 3);
    TARE_CHECK_STR(s->command[0].run.argv.word[1], "-kc");
    TARE_CHECK(!s->command[0].run.argv.word[3] && !s->command[0].run.shell);
    TARE_CHECK_INT(s->command[0].out.kind, STREAM_DISCARD);
    TARE_CHECK_INT(s->command[0].timeout, 30000000000);
    TARE_CHECK_INT(s->command[0].at.line, 9);
    TARE_CHECK_INT(s->command[0].at.column, 5);
    TARE_REQUIRE_INT(s->n_fixtures, 2);
    TARE_CHECK_INT(suite_fixture(s, "dataset")->scope, FIXTURE_SESSION);
    TARE_CHECK_STR(s->fixture[1].setup.shell, "createdb t_$TARE_WORKER");
    TARE_CHECK_STR(s->fixture[1].env.setting[0].name, "DATABASE_URL");
    TARE_CHECK_STR(s->build.command.shell, "make -j2");
    TARE_REQUIRE_INT(s->gate.n_rules, 2);
    TARE_CHECK_REL(s->gate.rule[0].margin, 0.05, 1e-15);
    TARE_CHECK_STR(s->gate.rule[0].metric, "time");
    TARE_CHECK_STR(s->gate.rule[1].metric, "max_rss");
    TARE_REQUIRE_INT(s->gate.n_waivers, 1);
    TARE_CHECK_STR(s->gate.waiver[0].until, "2027-01-31");
    TARE_CHECK_REL(s->gate.waiver[0].up_to, 0.06, 1e-15);
    suite_free(s);
}

TARE_TEST(a_command_with_everything)
{
    struct error err = {0};
    struct suite *s = parse(
        "tare: 1\n"
        "tags: {slow: }\n"
        "fixtures: {db: {run: [server, --port, '$TARE_PORT_BASE'],\n"
        "  until: pg_isready, needs: disk, timeout: 5s},\n"
        "  disk: {scope: session}}\n"
        "commands:\n"
        "- name: a\n"
        "  run: sort -n | head\n"
        "- name: b\n"
        "  kind: test\n"
        "  run: [tool, --n, '{n}', '']\n"
        "  stdin: {text: 'no'}\n"
        "  stderr: {file: b.err}\n"
        "  cwd: sub\n"
        "  env: {A: 0123, B: ''}\n"
        "  expect: {exit: 3, stdout: 'yes', stderr: {matches: '^a.*b$'}}\n"
        "  timeout: 1.5s\n"
        "  prepare: [rm, -f, x]\n"
        "  cleanup: rm -f x\n"
        "  cold_cache: true\n"
        "  params: {n: [1, 2, 1:30], mode: fast}\n"
        "  fixtures: db\n"
        "  tags: [slow]\n"
        "  version: 2\n"
        "  baseline: a\n"
        "  xfail: known\n"
        "  slots: 2\n"
        "  exclusive: true\n"
        "  uses: [gpu]\n"
        "- {name: c, run: crash, expect: {signal: SIGSEGV}, stdin: in.txt}\n"
        "test: {bind: '0,2-3', resources: {gpu: 2}, order: random}\n"
        "measure: {bind: [1, 4], metrics: [instructions], samples: 30}\n"
        "expect: {ratio: [a, b], between: [0.4, 0.6]}\n"
        "alerts: [{match: 'a*', direction: both, run: notify}]\n"
        "require: {governor: performance, turbo: off}\n",
        &err);
    const struct command *b;

    TARE_CHECK_STR(err.text, "");
    TARE_REQUIRE(s && s->n_commands == 3);
    b = &s->command[1];
    TARE_CHECK_STR(s->command[0].run.shell, "sort -n | head");
    TARE_CHECK_INT(s->command[0].in.kind, STREAM_DEFAULT);
    TARE_CHECK_INT(b->kind, COMMAND_TEST);
    TARE_CHECK_INT(b->run.argv.n, 4);
    TARE_CHECK_INT(b->in.kind, STREAM_TEXT);
    TARE_CHECK_STR(b->in.text, "no"); /* a text, not a truth value */
    TARE_CHECK_INT(b->err.kind, STREAM_FILE);
    TARE_CHECK_STR(b->env.setting[0].value, "0123"); /* not octal */
    TARE_CHECK_INT(b->expect.exit, 3);
    TARE_CHECK_INT(b->expect.out.kind, EXPECT_EQUALS);
    TARE_CHECK_STR(b->expect.out.text, "yes");
    TARE_CHECK_INT(b->expect.err.kind, EXPECT_MATCHES);
    TARE_CHECK_INT(b->timeout, 1500000000);
    TARE_CHECK_STR(b->prepare.argv.word[0], "rm");
    TARE_CHECK_STR(b->cleanup.shell, "rm -f x");
    TARE_CHECK(b->cold_cache && b->sharing.exclusive);
    TARE_REQUIRE_INT(b->params.n, 2);
    TARE_CHECK_STR(b->params.param[0].values.word[2], "1:30");
    TARE_CHECK_INT(b->params.param[1].values.n, 1);
    TARE_CHECK_STR(b->fixtures.word[0], "db");
    TARE_CHECK_INT(b->sharing.slots, 2);
    TARE_CHECK_INT(s->command[2].expect.signal, 11);
    TARE_CHECK_STR(s->command[2].in.text, "in.txt");
    TARE_CHECK_STR(s->fixture[0].needs.word[0], "disk");
    TARE_CHECK_STR(s->fixture[0].run.argv.word[2], "$TARE_PORT_BASE");
    TARE_CHECK_INT(s->test.placement.bind, BIND_LIST);
    TARE_CHECK_STR(s->test.placement.cpus, "0,2-3");
    TARE_CHECK_STR(s->measure.placement.cpus, "1,4");
    TARE_CHECK_INT(s->test.resources.resource[0].n, 2);
    TARE_CHECK_INT(s->measure.samples, 30);
    TARE_CHECK_STR(s->expect[0].id[1], "b");
    TARE_CHECK_REL(s->expect[0].high, 0.6, 0);
    TARE_CHECK_REL(s->alert[0].margin, 0.02, 1e-15); /* of the gate */
    TARE_CHECK_STR(s->require.setting[1].value, "off");
    suite_free(s);
}

TARE_TEST(names_come_from_paths)
{
    struct suite *s = parse("tare: 1\n"
                            "programs: [{path: a/b/c/}, {path: x, name: y}]\n",
                            NULL);

    TARE_REQUIRE(s);
    TARE_CHECK_STR(s->program[0].name, "c");
    TARE_CHECK_STR(s->program[1].name, "y");
    suite_free(s);
}

TARE_TEST(an_empty_section_is_a_section_of_defaults)
{
    struct suite *s = parse("tare: 1\ngate:\nprograms:\ntags:\n", NULL);

    TARE_REQUIRE(s);
    TARE_CHECK_REL(s->gate.margin, 0.02, 1e-15);
    TARE_CHECK_INT(s->n_programs, 0);
    suite_free(s);
}

TARE_TEST(a_suite_is_found_in_a_folder_above)
{
    SCOPED(free_scoped) char *path = NULL;
    struct error err = {0};
    char here[4096], want[5000];

    TARE_REQUIRE(getcwd(here, sizeof here));
    TARE_REQUIRE_INT(file_make_folders("a/b/c", NULL), 0);
    TARE_REQUIRE_INT(file_write_atomic("a/t.yaml", "x", 1, NULL), 0);
    TARE_REQUIRE_INT(suite_find_upward("a/b/c", "t.yaml", &path, &err), 0);
    snprintf(want, sizeof want, "%s/a/t.yaml", here);
    TARE_CHECK_STR(path, want);
    free(TAKE(path));
    TARE_CHECK_INT(suite_find_upward("a", "no such file", &path, &err),
                   ERR_EMPTY);
    TARE_CHECK_STR(err.text,
                   "there is no no such file here or in a folder above");
    TARE_CHECK(!path);
    TARE_CHECK_INT(suite_find_upward("missing", "t.yaml", &path, NULL),
                   ERR_SYS);
}

TARE_TEST(words_of_the_command_line)
{
    int64_t n = 7;

    TARE_CHECK_STR(bind_words[BIND_NONE], "none");
    TARE_CHECK(!bind_words[BIND_LIST]);
    TARE_CHECK_STR(dist_words[DIST_WORKSTEAL], "worksteal");
    TARE_CHECK(!dist_words[DIST_NO + 1]);
    TARE_CHECK_STR(isolation_words[ISOLATION_NS], "ns");
    TARE_CHECK(!isolation_words[ISOLATION_NS + 1]);
    TARE_CHECK_STR(order_words[ORDER_GIVEN], "given");
    TARE_CHECK(!order_words[ORDER_GIVEN + 1]);
    TARE_CHECK_INT(workers_parse("logical", &n, NULL), 0);
    TARE_CHECK_INT(n, WORKERS_LOGICAL);
    TARE_CHECK_INT(workers_parse("0", &n, NULL), ERR_RANGE);
    TARE_CHECK_INT(workers_parse("12", &n, NULL), 0);
    TARE_CHECK_INT(n, 12);
}

TARE_TEST(lists_of_cpus)
{
    TARE_CHECK(is_cpu_list("0") && is_cpu_list("0,2,4-7"));
    TARE_CHECK(!is_cpu_list("") && !is_cpu_list("1,") && !is_cpu_list("-1"));
    TARE_CHECK(!is_cpu_list("3-1") && !is_cpu_list("1 2"));
    TARE_CHECK(!is_cpu_list("99999999999999999999"));
}
