/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <stdlib.h>
#include <string.h>

#include "base/scope.h"
#include "base/strbuf.h"
#include "config/suite.h"
#include "tests/unit/config/yaml_cases.h"

#define T "tare: 1\n"

static const struct refusal refusals[] = {
    {"", 1, 1, "there is nothing in the file", "a suite begins with 'tare: 1'"},
    {"# only a comment\n", 1, 1, "there is nothing in the file", NULL},
    {"suite: x\n", 1, 1, "the key 'tare' is missing",
     "a suite begins with 'tare: 1'"},
    {"hello: x\ntare: 1\n", 1, 1, "unknown key 'hello'",
     "tare.yaml(5) lists the keys"},
    {"hello\n", 1, 1, "expected a map of keys, found text", NULL},
    {"tare: 2\n", 1, 7, "this suite has version 2; this tare reads version 1",
     "use a newer tare"},
    {"tare: baseline/1\n", 1, 7,
     "tare: expected the version of the format, 1, not 'baseline/1'",
     "this looks like a baseline, not like a suite"},
    {T "gates: {}\n", 2, 1, "unknown key 'gates'", "did you mean 'gate'?"},
    {T "zzz: 1\n", 2, 1, "unknown key 'zzz'", "tare.yaml(5) lists the keys"},
    {T "gate: {margn: 2%}\n", 2, 8, "unknown key 'margn'",
     "did you mean 'margin'?"},
    {T "gate: {margin: 2%, margin: 3%}\n", 2, 20,
     "the key 'margin' stands here twice", "it stands at 2:8 already"},
    {T "gate: {margin: two}\n", 2, 16,
     "margin: expected a share such as 2% or 0.02, not 'two'", ""},
    {T "gate: {margin: 0}\n", 2, 16, "margin: expected 0.01% to 1000%, not '0'",
     ""},
    {T "gate: {margin: [2%]}\n", 2, 16,
     "margin: expected a share such as 2%, found a list", ""},
    {T "gate: {margin: }\n", 2, 16,
     "margin: expected a share such as 2% or 0.02, not ''", ""},
    {T "gate: {alpha: 50%}\n", 2, 15, "alpha: expected 0.01% to 20%, not '50%'",
     ""},
    {T "gate: {mode: interleave}\n", 2, 14,
     "mode: expected auto, interleaved or stored, not 'interleave'",
     "did you mean 'interleaved'?"},
    {T "gate: {on_missing: no}\n", 2, 20,
     "on_missing: expected pass or fail, not 'no'", NULL},
    {T "gate: {baseline: ../x}\n", 2, 18,
     "baseline: expected a baseline's name (letters, digits, . _ -), not "
     "'../x'",
     ""},
    {T "gate: {waivers: [{match: a, up_to: 6%, reason: x}]}\n", 2, 18,
     "the key 'until' is missing", ""},
    {T "gate: {waivers: [{match: a, up_to: 6%, until: 2027-02-29, reason: "
       "x}]}\n",
     2, 47, "until: expected a day such as 2027-01-31, not '2027-02-29'", ""},
    {T "gate: {waivers: [{match: a, up_to: 6%, until: 2027-02-28, reason: ' "
       "'}]}\n",
     2, 67, "reason: expected text, not ' '", ""},
    {T "gate: {rules: {match: a}}\n", 2, 15,
     "rules: expected a list, found a map of keys",
     "begin each entry with '- '"},
    {T "gate: {rules: [a]}\n", 2, 16,
     "rules: expected maps of keys in the list, not 'a'", ""},
    {T "gate: {tag_margins: {unit: 1%}}\n", 2, 22,
     "the tag 'unit' is not declared", "declare it under 'tags:'"},
    {T "measure: {budget: 5ms}\n", 2, 19,
     "budget: expected 10 ms to 1 h 0 min, not '5ms'", ""},
    {T "measure: {budget: 10}\n", 2, 19,
     "budget: expected a duration such as 10s, 1.5ms or 2m, not '10'", ""},
    {T "measure: {samples: 0}\n", 2, 20,
     "samples: expected a whole number from 1 to 100000, not '0'", "or 'auto'"},
    {T "measure: {max_time: never}\n", 2, 21,
     "max_time: expected a duration such as 10s, 1.5ms or 2m, not 'never'",
     "or 'none'"},
    {T "measure: {bind: cores}\n", 2, 17,
     "bind: expected core, pu, llc, numa or none, not 'cores'",
     "did you mean 'core'?"},
    {T "measure: {bind: 3-1}\n", 2, 17,
     "bind: expected CPU numbers such as 0,2,4-7, not '3-1'", ""},
    {T "measure: {trust_parallel: yes}\n", 2, 27,
     "trust_parallel: expected true or false, not 'yes'", ""},
    {T "test: {workers: many}\n", 2, 17,
     "workers: expected auto, logical or a number from 1 to 4096, not 'many'",
     ""},
    {T "test: {dist: fast}\n", 2, 14,
     "dist: expected lpt, load, loadfile, loadscope, loadgroup, worksteal or "
     "no, not 'fast'",
     NULL},
    {T "test: {resources: {gpu: 0}}\n", 2, 25,
     "gpu: expected a whole number from 1 to 4096, not '0'", ""},
    {T "tags: {and: x}\n", 2, 8,
     "expected a tag (a letter, then letters, digits, _ - . :), not 'and'", ""},
    {T "tags: [unit]\n", 2, 7, "tags: expected a map, found a list",
     "write 'NAME: VALUE' for each, without '- '"},
    {T "programs: [{tags: []}]\n", 2, 12, "the key 'path' is missing", ""},
    {T "programs: [{path: a, kind: gbench}]\n", 2, 28,
     "kind: expected tare, google-benchmark, googletest, pytest, ctest or tap, "
     "not 'gbench'",
     NULL},
    {T "tags: {unit: }\nprograms: [{path: a, tags: [units]}]\n", 3, 29,
     "the tag 'units' is not declared", "did you mean 'unit'?"},
    {T "programs: [{path: a/x}, {path: b/x}]\n", 2, 25,
     "two programs are called 'x'; the other stands at 2:12",
     "give one a 'name:' of its own"},
    {T "programs: [{path: 'a/x y'}]\n", 2, 12,
     "'x y' cannot be the first part of an id", "give the program a 'name:'"},
    {T "programs: [{path: a, fixtures: [db]}]\n", 2, 33,
     "the fixture 'db' is not declared", "declare it under 'fixtures:'"},
    {T "commands: [{name: a, run: x, xfail: known}]\n", 2, 12,
     "'xfail' says nothing about a benchmark",
     "leave it out, or add 'kind: test'"},
    {T "commands: [{name: a, run: x, uses: gpu}]\n", 2, 12,
     "'uses' says nothing about a benchmark", NULL},
    {T "commands: [{name: a}]\n", 2, 12, "the key 'run' is missing", ""},
    {T "commands: [{name: 'a b', run: x}]\n", 2, 19,
     "name: expected a name without blanks and brackets, not 'a b'", ""},
    {T "commands: [{name: a, run: x}, {name: a, run: y}]\n", 2, 31,
     "the id 'a' was used before, at 2:12", ""},
    {T "commands: [{name: a, run: []}]\n", 2, 27,
     "run: expected a list of words or a shell command, found a list", ""},
    {T "commands: [{name: a, run: ['', x]}]\n", 2, 28,
     "run: expected a program first, not ''", ""},
    {T "commands: [{name: a, run: {x: y}}]\n", 2, 27,
     "run: expected a list of words or a shell command, found a map of keys",
     ""},
    {T "commands: [{name: a, run: x, stdout: out.txt}]\n", 2, 38,
     "stdout: expected capture, discard or {file: PATH}, not 'out.txt'", ""},
    {T "commands: [{name: a, run: x, stdin: {}}]\n", 2, 37,
     "stdin: expected either 'file' or 'text', found a map of keys", ""},
    {T "commands: [{name: a, run: x, expect: {exit: 256}}]\n", 2, 45,
     "exit: expected a whole number from 0 to 255, not '256'", ""},
    {T "commands: [{name: a, run: x, expect: {signal: BANG}}]\n", 2, 47,
     "signal: expected a signal such as SIGSEGV, or 1 to 64, not 'BANG'", ""},
    {T "commands: [{name: a, run: x, expect: {stdout: {matches: "
       "'((a{99}){99}){99}'}}}]\n",
     2, 57, "stdout: too large a regular expression", ""},
    {T "commands: [{name: a, run: x, expect: {stdout: {equals: a, contains: "
       "b}}}]\n",
     2, 47,
     "stdout: expected one of 'equals', 'contains' and 'matches', found a map "
     "of keys",
     ""},
    {T "commands: [{name: a, run: x, env: {1A: x}}]\n", 2, 36,
     "expected a variable's name, not '1A'", ""},
    {T "commands: [{name: a, run: x, params: {n: []}}]\n", 2, 42,
     "n: expected one value or a list of them, found a list", ""},
    {T "commands: [{name: a, run: x, baseline: b}]\n", 2, 12,
     "baseline: there is no command 'b'", NULL},
    {T "commands: [{name: a, run: x, baseline: a}]\n", 2, 12,
     "'a' cannot be shown against itself", ""},
    {T "commands: [{name: a, run: x, timeout: 1ms}]\n", 2, 39,
     "timeout: expected 10 ms to 24 h 0 min, not '1ms'", ""},
    {T "fixtures: {a: {needs: b}, b: {needs: a}}\n", 2, 38,
     "the fixtures 'b' and 'a' need each other", ""},
    {T "fixtures: {a: {needs: a}}\n", 2, 23,
     "the fixtures 'a' and 'a' need each other", ""},
    {T "fixtures: {a: {scope: session, needs: b}, b: {}}\n", 2, 39,
     "a fixture of scope 'session' cannot need 'b', whose scope is 'case'", ""},
    {T "fixtures: {a: {scope: sesion}}\n", 2, 23,
     "scope: expected case, session, worker, program or batch, not 'sesion'",
     "did you mean 'session'?"},
    {T "fixtures: [a]\n", 2, 11, "fixtures: expected a map, found a list",
     "write 'NAME: VALUE' for each, without '- '"},
    {T "programs: [a]\n", 2, 12,
     "programs: expected maps of keys in the list, not 'a'",
     "write '- path: a'"},
    {"tare: 1\n  suite: a\n", 2, 8,
     "mapping values are not allowed in this context",
     "see the indentation; a text that holds ': ' is written between quotes"},
    {T "gate: {margin: 2}\n", 2, 16, "margin: '2' without % would be 200 %",
     "write 2%, or 0.02 for as much"},
    {T "fixtures: {a: b}\n", 2, 15, "expected a map of keys, found text", ""},
    {T "expect: [{ratio: [a], between: [1, 2]}]\n", 2, 18,
     "ratio: expected two ids, [a, b], found a list", ""},
    {T "expect: [{ratio: [a, b], between: [2, 1]}]\n", 2, 35,
     "between: expected two numbers that rise, such as [0.4, 0.6], found a "
     "list",
     ""},
    {T "expect: [{ratio: [a, b], between: [0, 1]}]\n", 2, 36,
     "between: expected a number above 0 and up to 1e9, not '0'", ""},
    {T "alerts: [{min_segment: 2}]\n", 2, 24,
     "min_segment: expected a whole number from 3 to 100, not '2'", ""},
    {T "require: {governor: [a]}\n", 2, 21,
     "governor: expected text, found a list", ""},
    {T "? {a: b}\n: c\n", 2, 3, "a key must be text, not a map of keys", ""},
    {T "gate: &g {margin: 2%}\n", 2, 7, "anchors and aliases are not accepted",
     NULL},
    {T "gate: !!map {margin: 2%}\n", 2, 7,
     "tags such as !!str are not accepted", ""},
    {T "---\ntare: 1\n", 2, 1, "only one document is accepted", ""},
    {T "suite: 'caf\xc3\xa9 \xe9'\n", 2, 15, "invalid trailing UTF-8 octet",
     NULL},
    {T "gate:\n\tmargin: 2%\n", 3, 1,
     "found character that cannot start any token (while scanning for the "
     "next token, which begins at 3:1)",
     "indent with spaces; YAML does not take tabs there"},
};

TARE_TEST(bad_suites_are_refused_with_their_place)
{
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        const struct refusal *x = &refusals[i];
        struct error err = {0};
        struct suite *s = NULL;
        int rc = suite_parse("t.yaml", x->text, strlen(x->text), &s, &err);

        TARE_CHECK(!s && rc == (int)err.code && rc < 0);
        TARE_CHECK_STR(err.text, x->message);
        TARE_CHECK_STR(err.file, "t.yaml");
        TARE_CHECK_INT(err.line, x->line);
        TARE_CHECK_INT(err.column, x->column);
        if (x->help)
            TARE_CHECK_STR(err.help, x->help);
        suite_free(s);
    }
}

/* The reason is in the words of the C library. */
TARE_TEST(a_broken_regular_expression_is_refused)
{
    static const char text[] =
        T "commands: [{name: a, run: x, expect: {stdout: {matches: '(a'}}}]\n";
    static const char want[] = "stdout: '(a' is no regular expression: ";
    struct error err = {0};
    struct suite *s = NULL;

    TARE_CHECK_INT(suite_parse("t", text, strlen(text), &s, &err), ERR_PARSE);
    TARE_CHECK(strncmp(err.text, want, sizeof want - 1) == 0);
    TARE_CHECK_INT(err.column, 57);
}

static int parse_repeated(const char *head, const char *text, int n,
                          const char *tail, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf all = {0};
    struct suite *s = NULL;
    int rc;

    strbuf_puts(&all, head);
    for (int i = 0; i < n; i++)
        strbuf_puts(&all, text);
    strbuf_puts(&all, tail);
    rc = suite_parse("t.yaml", strbuf_text(&all), all.size, &s, err);
    suite_free(s);
    return rc;
}

TARE_TEST(limits_hold)
{
    struct error err = {0};

    TARE_CHECK_INT(parse_repeated(T "tags: ", "[", 3000, "", &err), ERR_RANGE);
    TARE_CHECK_STR(err.text, "nested deeper than 16 levels");
    TARE_CHECK_INT(parse_repeated(T, "#", 1 << 20, "", &err), ERR_RANGE);
    TARE_CHECK_STR(err.text, "is larger than 1.049 MB");
    TARE_CHECK_INT(parse_repeated(T "commands:\n- name: x\n  run: y\n"
                                    "  params: {a: [",
                                  "1, ", 5000, "], b: [1, 2, 3]}\n", &err),
                   ERR_RANGE);
    TARE_CHECK_STR(err.text,
                   "the parameters have more than 10000 combinations");
    TARE_CHECK_INT(parse_repeated(T "alerts: [", "{}, ", 1001, "]\n", &err),
                   ERR_RANGE);
    TARE_CHECK_STR(err.text, "alerts: more than 1000 of them");
}

/* A hundred thousand tags, each the same: found by sorting, not by comparing
 * each with each. */
TARE_TEST(a_hundred_thousand_equal_keys_are_refused_at_once)
{
    struct error err = {0};

    TARE_CHECK_INT(parse_repeated(T "tags: {", "a: , ", 100000, "}\n", &err),
                   ERR_PARSE);
    TARE_CHECK_STR(err.text, "the key 'a' stands here twice");
    TARE_CHECK_INT(err.column, 13);
}
