/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading command lines, with commands of the test's own. */
#include <config.h>

#include "bench/tare.h"

#include <string.h>

#include "base/scope.h"
#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "tests/unit/nomem.h"

static int nothing(struct cli *cli, struct error *err)
{
    (void)cli;
    (void)err;
    return CLI_OK;
}

static const enum opt_id gate_options[] = {
    OPT_ID,      OPT_MARGIN,  OPT_BUDGET,  OPT_SEED,   OPT_WORKERS,  OPT_SHARD,
    OPT_COMMAND, OPT_REQUIRE, OPT_FORMAT,  OPT_OUTPUT, OPT_PROGRESS, OPT_QUIET,
    OPT_VERBOSE, OPT_TAGS,    OPT_AGAINST, OPT_END};
static const enum opt_id save_options[] = {OPT_APPEND, OPT_END};

static const struct cli_cmd gate = {
    .name = "gate",
    .args = "[PROGRAM...]",
    .max_args = -1,
    .options = gate_options,
    .formats = FORMAT_BIT(FORMAT_TEXT) | FORMAT_BIT(FORMAT_JSON),
    .run = nothing,
};
static const struct cli_cmd save = {
    .name = "save",
    .parent = "baseline",
    .args = "NAME",
    .min_args = 1,
    .max_args = 1,
    .options = save_options,
    .run = nothing,
};
static const struct cli_cmd internal = {
    .name = "gats", .args = "", .hidden = true, .run = nothing};
static const struct cli_cmd *const subs[] = {&save, NULL};
static const struct cli_cmd baseline = {
    .name = "baseline", .args = "COMMAND", .subs = subs};
static const struct cli_cmd *const commands[] = {&gate, &internal, &baseline,
                                                 NULL};

enum { WORDS_MAX = 16 };

/* Split at blanks; '_' stands for a blank inside a word. */
static int split(char *line, char *words[WORDS_MAX])
{
    char *rest = line;
    int n = 0;

    for (char *w; (w = strtok_r(rest, " ", &rest)) && n < WORDS_MAX;) {
        for (char *p = w; *p; p++)
            if (*p == '_')
                *p = ' ';
        words[n++] = w;
    }
    return n;
}

static char line_copy[400];

static int parse(struct options *o, const struct cli_cmd *cmd, const char *line,
                 struct error *err)
{
    char *words[WORDS_MAX];

    *o = (struct options){0};
    *err = (struct error){0};
    snprintf(line_copy, sizeof line_copy, "%s", line);
    return options_parse(o, cmd, commands, split(line_copy, words), words, err);
}

TARE_TEST(every_form_of_a_value)
{
    static const char *const forms[] = {
        "--tags=unit_and_x", "--tags unit_and_x", "-munit_and_x",
        "-m unit_and_x",     "-qm unit_and_x",    "-qvmunit_and_x"};

    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        struct options o;
        struct error err;

        TARE_REQUIRE_INT(parse(&o, &gate, forms[i], &err), 0);
        TARE_CHECK_STR(o.tags, "unit and x");
        TARE_CHECK(o.given[OPT_TAGS]);
        TARE_CHECK(!o.given[OPT_MARGIN]);
        TARE_CHECK_INT(o.n_operands, 0);
        options_clear(&o);
    }
}

TARE_TEST(every_kind_reaches_its_field)
{
    struct options o;
    struct error err;

    TARE_REQUIRE_INT(parse(&o, &gate,
                           "--margin 2% --budget=1.5s --seed 7 --format json "
                           "--progress=plain -n 4 --shard 2/5 -q",
                           &err),
                     0);
    TARE_CHECK_REL(o.margin, 0.02, 1e-15);
    TARE_CHECK_INT(o.budget_ns, 1500000000);
    TARE_CHECK_INT(o.seed, 7);
    TARE_CHECK_INT(o.format, FORMAT_JSON);
    TARE_CHECK_INT(o.progress, PROGRESS_PLAIN);
    TARE_CHECK_INT(o.workers, 4);
    TARE_CHECK_INT(o.shard.index, 2);
    TARE_CHECK_INT(o.shard.count, 5);
    TARE_CHECK(o.quiet);
    TARE_CHECK(!o.verbose);
    options_clear(&o);
    TARE_REQUIRE_INT(parse(&o, &gate, "-nlogical", &err), 0);
    TARE_CHECK_INT(o.workers, -1);
    options_clear(&o);
}

TARE_TEST(numbers_of_workers_are_sorted)
{
    struct cli_cmd scale = gate;
    struct options o;
    struct error err;

    scale.compares_counts = true;
    TARE_REQUIRE_INT(parse(&o, &scale, "-n 4,1,16,2", &err), 0);
    TARE_CHECK_INT(o.workers, 0);
    TARE_REQUIRE_INT((int)o.counts.n, 4);
    TARE_CHECK_INT(o.counts.item[0], 1);
    TARE_CHECK_INT(o.counts.item[1], 2);
    TARE_CHECK_INT(o.counts.item[2], 4);
    TARE_CHECK_INT(o.counts.item[3], 16);
    options_clear(&o);
    /* The last one counts, as with every option. */
    TARE_REQUIRE_INT(parse(&o, &scale, "-n 1,2 -n 8", &err), 0);
    TARE_CHECK_INT(o.workers, 8);
    TARE_CHECK_INT((int)o.counts.n, 0);
    options_clear(&o);
}

TARE_TEST(lists_grow_and_split)
{
    struct options o;
    struct error err;

    TARE_REQUIRE_INT(parse(&o, &gate,
                           "-k a -kb --id=c,d -c x_y --require smt=off,,gov=p "
                           "--require=aslr=on",
                           &err),
                     0);
    TARE_REQUIRE_INT(o.ids.n, 3);
    TARE_CHECK_STR(o.ids.item[0], "a");
    TARE_CHECK_STR(o.ids.item[1], "b");
    TARE_CHECK_STR(o.ids.item[2], "c,d");
    TARE_REQUIRE_INT(o.commands.n, 1);
    TARE_CHECK_STR(o.commands.item[0], "x y");
    TARE_REQUIRE_INT(o.require.n, 3);
    TARE_CHECK_STR(o.require.item[0], "smt=off");
    TARE_CHECK_STR(o.require.item[1], "gov=p");
    TARE_CHECK_STR(o.require.item[2], "aslr=on");
    options_clear(&o);
}

TARE_TEST(operands_stand_anywhere)
{
    struct options o;
    struct error err;

    TARE_REQUIRE_INT(parse(&o, &gate, "one -q - two --margin 1% three", &err),
                     0);
    TARE_REQUIRE_INT(o.n_operands, 4);
    TARE_CHECK_STR(o.operand[0], "one");
    TARE_CHECK_STR(o.operand[1], "-");
    TARE_CHECK_STR(o.operand[3], "three");
    TARE_CHECK(o.operand[4] == NULL);
    TARE_CHECK(!o.dashes);
    TARE_CHECK_INT(o.n_before, 4);
    options_clear(&o);
}

TARE_TEST(two_dashes_end_the_options)
{
    struct options o;
    struct error err;

    TARE_REQUIRE_INT(parse(&o, &gate, "-q p -- gzip -kc -- --wrong", &err), 0);
    TARE_CHECK(o.dashes);
    TARE_CHECK_INT(o.n_before, 1);
    TARE_REQUIRE_INT(o.n_operands, 5);
    TARE_CHECK_STR(o.operand[1], "gzip");
    TARE_CHECK_STR(o.operand[3], "--");
    TARE_CHECK_STR(o.operand[4], "--wrong");
    options_clear(&o);
}

TARE_TEST(no_words_give_no_operands)
{
    struct options o;
    struct error err;

    TARE_REQUIRE_INT(parse(&o, &gate, "", &err), 0);
    TARE_CHECK_INT(o.n_operands, 0);
    TARE_REQUIRE(o.operand != NULL);
    TARE_CHECK(o.operand[0] == NULL);
    options_clear(&o);
}

static const struct {
    const char *line, *text, *help;
} wrong[] = {
    {"--marign 2%", "unknown option '--marign'",
     "did you mean '--margin'? 'tare help gate' lists the options"},
    {"--zzz=4", "unknown option '--zzz'", "'tare help gate' lists the options"},
    {"-Q", "unknown option '-Q'", "'tare help gate' lists the options"},
    {"-qvZ", "unknown option '-Z'", "'tare help gate' lists the options"},
    {"--append", "'tare gate' does not take --append",
     "--append belongs to: baseline save"},
    {"--quiet=1", "--quiet takes no value", ""},
    {"--margin", "--margin needs a value",
     "--margin RATIO: the smallest change that matters"},
    {"--margin --quiet", "--margin needs a value",
     "--margin RATIO: the smallest change that matters"},
    {"-n", "--workers needs a value",
     "--workers N: workers: a number, auto or logical"},
    {"--margin fast",
     "--margin: expected a share such as 2% or 0.02, not 'fast'", ""},
    {"--budget 10",
     "--budget: expected a duration such as 10s, 1.5ms or 2m, "
     "not '10'",
     ""},
    {"--seed -1",
     "--seed: expected a whole number from 0 to "
     "9223372036854775807, not '-1'",
     ""},
    {"--format jsn", "--format: expected text, json, not 'jsn'",
     "did you mean 'json'?"},
    {"--format tap", "'tare gate' does not write tap", "it writes: text, json"},
    {"-n 0",
     "--workers: expected auto, logical or a number from 1 to 4096, "
     "not '0'",
     ""},
    {"-n 1,0",
     "--workers: expected numbers from 1 to 4096 such as 1,2,4, not '0' in "
     "'1,0'",
     ""},
    {"-n 2,1,2", "--workers: 2 is there twice", ""},
    {"-n 1,2", "'tare gate' runs with one number of workers",
     "'tare scale' compares several"},
    {"--shard 3/2", "--shard: expected part I of N such as 2/5, not '3/2'", ""},
    {"--shard 12345678901234567/3",
     "--shard: expected part I of N such as "
     "2/5, not '12345678901234567/3'",
     ""},
};

TARE_TEST(errors_name_the_word_and_the_remedy)
{
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        struct options o;
        struct error err;

        TARE_CHECK_INT(parse(&o, &gate, wrong[i].line, &err), ERR_USAGE);
        TARE_CHECK_STR(err.text, wrong[i].text);
        TARE_CHECK_STR(err.help, wrong[i].help);
        options_clear(&o);
    }
}

TARE_TEST(the_number_of_operands_is_checked)
{
    struct options o;
    struct error err;

    TARE_CHECK_INT(parse(&o, &save, "", &err), ERR_USAGE);
    TARE_CHECK_STR(err.text, "'tare baseline save' needs NAME");
    TARE_CHECK_STR(err.help, "usage: tare baseline save [OPTION...] NAME");
    options_clear(&o);
    TARE_CHECK_INT(parse(&o, &save, "a b", &err), ERR_USAGE);
    TARE_CHECK_STR(err.text, "'tare baseline save' has no use for 'b'");
    options_clear(&o);
    TARE_CHECK_INT(parse(&o, &save, "--help", &err), 0);
    TARE_CHECK(o.help);
    options_clear(&o);
}

TARE_TEST(errors_may_be_ignored)
{
    char *words[] = {(char *)"--marign"};
    struct options o = {0};

    TARE_CHECK_INT(options_parse(&o, &gate, commands, 1, words, NULL),
                   ERR_USAGE);
    options_clear(&o);
}

TARE_TEST(the_table_is_sound)
{
    bool letters[128] = {false};

    for (int i = OPT_END + 1; i < OPT_COUNT; i++) {
        const struct opt *opt = option((enum opt_id)i);

        TARE_REQUIRE(opt->name != NULL);
        TARE_CHECK(opt->kind != KIND_NONE);
        TARE_CHECK((opt->kind == KIND_FLAG) == (opt->arg == NULL));
        TARE_CHECK((opt->kind == KIND_PARSED) == (opt->parse != NULL));
        TARE_CHECK(opt->kind != KIND_CHOICE || opt->words != NULL);
        TARE_CHECK(opt->kind != KIND_INT || opt->low < opt->high);
        TARE_CHECK(strlen(opt->help) <= 50);
        TARE_CHECK(!letters[(int)opt->letter] || !opt->letter);
        letters[(int)opt->letter] = true;
        for (int j = OPT_END + 1; j < i; j++)
            TARE_CHECK(strcmp(option((enum opt_id)j)->name, opt->name) != 0);
    }
}

static const struct cli_cmd *resolve(const char *line, int *rc,
                                     struct error *err)
{
    const struct cli_cmd *cmd = NULL;
    char *words[WORDS_MAX];
    int n;

    *err = (struct error){0};
    snprintf(line_copy, sizeof line_copy, "%s", line);
    n = split(line_copy, words);
    *rc =
        cli_resolve(commands, (const char *const *)words, (size_t)n, &cmd, err);
    return cmd;
}

TARE_TEST(commands_are_found_by_one_word_or_two)
{
    struct error err;
    int rc;

    TARE_CHECK(resolve("gate save", &rc, &err) == &gate);
    TARE_CHECK_INT(rc, 1);
    TARE_CHECK(resolve("baseline save x", &rc, &err) == &save);
    TARE_CHECK_INT(rc, 2);
    TARE_CHECK(resolve("baseline --help", &rc, &err) == &baseline);
    TARE_CHECK_INT(rc, 1);
    TARE_CHECK(resolve("gats", &rc, &err) == &internal);
}

TARE_TEST(an_unknown_command_names_the_nearest)
{
    struct error err;
    int rc;

    TARE_CHECK(resolve("gaet", &rc, &err) == NULL);
    TARE_CHECK_INT(rc, ERR_USAGE);
    TARE_CHECK_STR(err.text, "unknown command 'gaet'");
    TARE_CHECK_STR(err.help,
                   "did you mean 'tare gate'? 'tare help' lists the commands");
    resolve("baseline svae", &rc, &err);
    TARE_CHECK_STR(err.text, "unknown command 'baseline svae'");
    TARE_CHECK_STR(err.help, "did you mean 'tare baseline save'? 'tare help "
                             "baseline' lists the commands");
    resolve("qqqq", &rc, &err);
    TARE_CHECK_STR(err.help, "'tare help' lists the commands");
}

/* --- memory: linked with --wrap, the nth allocation fails --- */

TARE_TEST(every_failed_allocation_is_told)
{
    int failed = 0;

    for (int nth = 1; nth < 1000; nth++) {
        struct options o;
        struct error err;
        bool reached;
        int rc;

        fail_at = nth;
        rc = parse(&o, &gate, "-k a -k b -k c --require x=1,y=2 p q", &err);
        reached = fail_at <= 0;
        fail_at = 0;
        TARE_CHECK_INT(rc, reached ? ERR_NOMEM : 0);
        TARE_CHECK_INT(err.code, rc);
        options_clear(&o);
        failed += rc < 0;
        if (!reached)
            break;
    }
    TARE_CHECK(failed >= 1);
}
