/* SPDX-License-Identifier: MIT */
/* A program run by itself. */
#include <config.h>

#include "bench/direct.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/fixture.h"
#include "bench/isolate.h"
#include "bench/quick.h"

enum { TIMEOUT_MS = 60000, OUTPUT_SHOWN = 4096 };

/* ---- options */

static int set_help(struct tarei_direct *d, const char *value)
{
    (void)value;
    return d->help = 1;
}

static int set_list(struct tarei_direct *d, const char *value)
{
    (void)value;
    return d->list = 1;
}

static int set_no_fork(struct tarei_direct *d, const char *value)
{
    (void)value;
    return d->no_fork = 1;
}

static int set_run(struct tarei_direct *d, const char *value)
{
    if (d->n_globs == DIRECT_GLOBS)
        return 0;
    d->glob[d->n_globs++] = value;
    return 1;
}

static int set_timeout(struct tarei_direct *d, const char *value)
{
    int64_t seconds;

    if (tarei_params_int(value, strlen(value), &seconds) < 0 || seconds < 0 ||
        seconds > 1000000)
        return 0;
    d->timeout_ms = seconds * 1000;
    return 1;
}

static int set_seconds(struct tarei_direct *d, const char *value)
{
    int64_t seconds;

    (void)d;
    if (tarei_params_int(value, strlen(value), &seconds) < 0 || seconds < 1 ||
        seconds > 1000000)
        return 0;
    tarei_quick_set_sample(seconds * 1000000000 / QUICK_SAMPLES);
    return 1;
}

static int set_seed(struct tarei_direct *d, const char *value)
{
    (void)d;
    if (!*value || value[strspn(value, "0123456789")] || strlen(value) > 19)
        return 0;
    return setenv("TARE_SEED", value, 1) == 0;
}

static const struct option {
    const char *name;
    const char *value; /* NULL: takes none */
    const char *help;
    int (*set)(struct tarei_direct *d, const char *value); /* 0: refused */
} options[] = {
    {"--list", NULL, "show the cases and where they are defined", set_list},
    {"--run", "GLOB",
     "only cases whose id or name matches; may be repeated,\n"
     "                     * and ? stand for any text and any letter",
     set_run},
    {"--timeout", "SECONDS", "end a test after this long (60; 0: never)",
     set_timeout},
    {"--seconds", "N", "measure a benchmark for about this long, to profile it",
     set_seconds},
    {"--seed", "N", "what tare_seed() depends on (1)", set_seed},
    {"--no-fork", NULL, "run in this process, for debuggers; a crash ends it",
     set_no_fork},
    {"--help", NULL, "show this", set_help},
};

/* TAP's directive for tests that are known to fail (TAP 14, "Directives"). */
static const char expected_failure[] = "TO"
                                       "DO";

enum { OPTIONS = sizeof options / sizeof options[0] };

/* Does the argument begin with the option's name?  Sets *value to what stands
 * behind '=', NULL when there is none. */
static int is_option(const struct option *o, const char *arg,
                     const char **value)
{
    size_t length = strlen(o->name);

    if (strncmp(arg, o->name, length) != 0)
        return 0;
    *value = arg[length] == '=' ? arg + length + 1 : NULL;
    return arg[length] == '\0' || arg[length] == '=';
}

static int unknown_option(const char *arg, char problem[REGISTRY_TEXT])
{
    const char *names[OPTIONS], *near;

    for (size_t i = 0; i < OPTIONS; i++)
        names[i] = options[i].name;
    near = tarei_nearest(arg, names, OPTIONS);
    if (near)
        snprintf(problem, REGISTRY_TEXT,
                 "unknown option '%.100s'; the nearest is '%s'", arg, near);
    else
        snprintf(problem, REGISTRY_TEXT, "unknown option '%.100s'", arg);
    return -1;
}

/* One option at argv[*i]; moves *i to its last argument. */
static int parse_one(int argc, char **argv, int *i, struct tarei_direct *d,
                     char problem[REGISTRY_TEXT])
{
    const struct option *o = options;
    const char *value = NULL;

    while (o < options + OPTIONS && !is_option(o, argv[*i], &value))
        o++;
    if (o == options + OPTIONS)
        return unknown_option(argv[*i], problem);
    if (!o->value && value) {
        snprintf(problem, REGISTRY_TEXT, "option '%s' takes no value", o->name);
        return -1;
    }
    if (o->value && !value && *i + 1 < argc)
        value = argv[++*i];
    if (o->value && !value) {
        snprintf(problem, REGISTRY_TEXT, "option '%s' needs a value: %s",
                 o->name, o->value);
        return -1;
    }
    if (!o->set(d, value)) {
        snprintf(problem, REGISTRY_TEXT, "option '%s' cannot take '%.100s'",
                 o->name, value);
        return -1;
    }
    return 0;
}

int tarei_direct_parse(int argc, char **argv, struct tarei_direct *out,
                       char problem[REGISTRY_TEXT])
{
    *out = (struct tarei_direct){.program = argc > 0 ? argv[0] : "program",
                                 .timeout_ms = TIMEOUT_MS};
    for (int i = 1; i < argc; i++)
        if (parse_one(argc, argv, &i, out, problem) < 0)
            return -1;
    return 0;
}

static void print_help(const struct tarei_direct *d)
{
    printf("Usage: %s [OPTION]...\n"
           "Runs the tests of this program and measures its benchmarks "
           "quickly.\n\n",
           d->program);
    for (size_t i = 0; i < OPTIONS; i++) {
        char left[40];

        snprintf(left, sizeof left, "%s%s%s", options[i].name,
                 options[i].value ? " " : "",
                 options[i].value ? options[i].value : "");
        printf("  %-19s%s\n", left, options[i].help);
    }
    printf("\nExit status: 0 done, 1 a test failed, 2 a mistake in options or "
           "definitions,\n3 a benchmark could not be measured, 5 nothing was "
           "selected.\n\n"
           "'tare run %s' measures properly, in fresh pinned processes;\n"
           "'tare test %s' runs the tests in parallel.\n",
           d->program, d->program);
}

/* ---- selection */

/* Backtracking only to the last '*' is enough: an earlier one can always be
 * given fewer bytes. */
int tarei_glob(const char *glob, const char *text)
{
    const char *star = NULL, *retry = NULL;

    while (*text) {
        if (*glob == '*') {
            star = ++glob;
            retry = text;
        } else if (*glob == '?' || *glob == *text) {
            glob++;
            text++;
        } else if (star) {
            glob = star;
            text = ++retry;
        } else {
            return 0;
        }
    }
    while (*glob == '*')
        glob++;
    return *glob == '\0';
}

int tarei_direct_selects(const struct tarei_direct *d,
                         const struct tarei_case *item)
{
    for (size_t i = 0; i < d->n_globs; i++)
        if (tarei_glob(d->glob[i], item->id) ||
            tarei_glob(d->glob[i], item->def.name))
            return 1;
    return d->n_globs == 0;
}

/* What is selected. */
struct selection {
    int tests, benches;
    int id_width; /* of the longest benchmark */
};

/* Walks over everything once, so that a mistake in any definition is found
 * before the first case runs. */
static int count_selected(const struct tarei_direct *d, struct tarei_case *item,
                          struct selection *out, char problem[REGISTRY_TEXT])
{
    struct tarei_cursor cursor;
    int rc;

    *out = (struct selection){0};
    if (tarei_registry_check(problem) < 0 || tarei_fixture_check(problem) < 0)
        return -1;
    tarei_cursor_init(&cursor);
    while ((rc = tarei_cursor_next(&cursor, item, problem)) > 0) {
        if (tarei_fixture_check_case(item, problem) < 0)
            return -1;
        if (!tarei_direct_selects(d, item))
            continue;
        if (item->def.kind == TARE_KIND_TEST) {
            out->tests++;
            continue;
        }
        out->benches++;
        if ((int)strlen(item->id) > out->id_width)
            out->id_width = (int)strlen(item->id);
    }
    return rc;
}

/* The next selected case of a kind; 0 behind the last. */
static int next_selected(const struct tarei_direct *d,
                         struct tarei_cursor *cursor, int kind,
                         struct tarei_case *item)
{
    char problem[REGISTRY_TEXT];

    while (tarei_cursor_next(cursor, item, problem) > 0)
        if ((!kind || item->def.kind == kind) && tarei_direct_selects(d, item))
            return 1;
    return 0;
}

static void print_list(const struct tarei_direct *d, struct tarei_case *item)
{
    struct tarei_cursor cursor;

    tarei_cursor_init(&cursor);
    while (next_selected(d, &cursor, 0, item)) {
        const struct tare_case *def = &item->def;

        printf("%-5s %s", def->kind == TARE_KIND_TEST ? "test" : "bench",
               item->id);
        if (def->tags)
            printf("  tags: %s", def->tags);
        if (def->fixtures)
            printf("  fixtures: %s", def->fixtures);
        printf("  %s:%d\n", def->file ? def->file : "(unknown file)",
               def->line);
    }
}

/* ---- tests as TAP */

/* Each line of the output becomes a comment; checks have written theirs as
 * comments already, and the one that is the message is not shown twice. */
static void print_output(const struct tarei_tested *result)
{
    const char *at = result->output, *end = at + result->output_size;

    if (result->output_size > OUTPUT_SHOWN) {
        at = memchr(end - OUTPUT_SHOWN, '\n', OUTPUT_SHOWN);
        at = at ? at + 1 : end - OUTPUT_SHOWN;
        puts("# (the end of the output)");
    }
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        int length = (int)((stop ? stop : end) - at);
        int comment = length >= 2 && at[0] == '#' && at[1] == ' ';

        if (!(comment && (size_t)length == strlen(result->message) + 2 &&
              memcmp(at + 2, result->message, (size_t)length - 2) == 0))
            printf("%s%.*s\n", comment ? "" : "# ", length, at);
        at += length + 1;
    }
}

static void print_comment(const char *text)
{
    fputs("# ", stdout);
    for (; *text; text++) {
        putchar(*text);
        if (*text == '\n')
            fputs("# ", stdout);
    }
    putchar('\n');
}

static void print_directive(const char *word, const char *text)
{
    printf(" # %s ", word);
    for (; *text; text++)
        putchar(*text == '\n' ? ' ' : *text);
}

static int print_tested(int number, const struct tarei_case *item,
                        const struct tarei_tested *result)
{
    int ok =
        result->outcome == OUTCOME_PASSED || result->outcome == OUTCOME_SKIPPED;
    int failed = !ok && result->outcome != OUTCOME_XFAILED;

    printf("%sok %d - %s", ok ? "" : "not ", number, item->id);
    if (result->outcome == OUTCOME_SKIPPED)
        print_directive("SKIP", result->message);
    if (result->outcome == OUTCOME_XFAILED)
        print_directive(expected_failure, result->message);
    putchar('\n');
    if (failed) {
        print_comment(result->message);
        print_output(result);
    }
    fflush(stdout);
    return failed;
}

static int run_tests(const struct tarei_direct *d, int planned,
                     struct tarei_case *item)
{
    const struct tarei_manner manner = {.timeout_ms = d->timeout_ms};
    static struct tare context;
    static struct tarei_tested result;
    struct tarei_cursor cursor;
    int number = 0, failed = 0;

    printf("1..%d\n", planned);
    tarei_cursor_init(&cursor);
    while (next_selected(d, &cursor, TARE_KIND_TEST, item)) {
        if (d->no_fork)
            tarei_run_test(&context, item, &result);
        else
            tarei_isolate_test(&context, item, &manner, &result);
        failed += print_tested(++number, item, &result);
    }
    return failed;
}

/* ---- benchmarks */

static int run_benches(const struct tarei_direct *d, const struct selection *s,
                       struct tarei_case *item)
{
    const char *prefix = s->tests ? "# " : ""; /* TAP stays TAP */
    struct tarei_cursor cursor;
    int unmeasured = 0;

    tarei_quick_header(prefix, s->id_width);
    tarei_cursor_init(&cursor);
    while (next_selected(d, &cursor, TARE_KIND_BENCH, item))
        unmeasured += tarei_quick_row(prefix, s->id_width, item, d->no_fork);
    printf("%snote: quick figures of one process each; 'tare run %s' measures "
           "properly\n",
           prefix, d->program);
    return unmeasured;
}

/* ---- all of it */

/* Tests are groups of their own, which a terminal's Ctrl-C does not reach. */
static void on_signal(int number)
{
    tarei_isolate_kill();
    signal(number, SIG_DFL);
    raise(number);
}

static int run_all(const struct tarei_direct *d, const struct selection *s,
                   struct tarei_case *item)
{
    char problem[1024] = "";
    int failed = 0, unmeasured = 0;

    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    signal(SIGHUP, on_signal);
    if (s->tests)
        failed = run_tests(d, s->tests, item);
    if (s->benches)
        unmeasured = run_benches(d, s, item);
    tarei_fixture_end(problem, sizeof problem);
    if (problem[0]) {
        fprintf(stderr, "%s: error: %s\n", d->program, problem);
        failed++;
    }
    if (failed)
        return EXIT_FAILED;
    return unmeasured ? EXIT_UNMEASURED : EXIT_DONE;
}

int tarei_direct_main(int argc, char **argv)
{
    static struct tarei_case item;
    struct tarei_direct d;
    struct selection selected;
    char problem[REGISTRY_TEXT];
    int status = EXIT_DONE;

    if (tarei_direct_parse(argc, argv, &d, problem) < 0) {
        fprintf(stderr, "%s: error: %s\nhelp: '%s --help' shows the options\n",
                d.program, problem, d.program);
        return EXIT_USAGE;
    }
    if (d.help) {
        print_help(&d);
    } else if (count_selected(&d, &item, &selected, problem) < 0) {
        fprintf(stderr, "%s\n", problem);
        return EXIT_USAGE;
    } else if (selected.tests + selected.benches == 0) {
        fprintf(stderr, "%s: error: %s\n", d.program,
                tarei_registry_count()
                    ? "no case matches; '--list' shows what there is"
                    : "the program defines no case");
        return EXIT_NOTHING;
    } else if (d.list) {
        print_list(&d, &item);
    } else {
        status = run_all(&d, &selected, &item);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "%s: error: cannot write the output: %s\n", d.program,
                strerror(errno));
        return EXIT_USAGE;
    }
    return status;
}
