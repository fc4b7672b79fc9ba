/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of tare.yaml, for the file, the command line and messages. */
#include <config.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/strbuf.h"
#include "base/units.h"
#include "config/suite_schema.h"

static const char *const program_kind_words[] = {
    [PROGRAM_TARE] = "tare",
    [PROGRAM_GOOGLE_BENCHMARK] = "google-benchmark",
    [PROGRAM_GOOGLETEST] = "googletest",
    [PROGRAM_PYTEST] = "pytest",
    [PROGRAM_CTEST] = "ctest",
    [PROGRAM_TAP] = "tap",
};
static const char *const command_kind_words[] = {
    [COMMAND_BENCHMARK] = "benchmark",
    [COMMAND_TEST] = "test",
};
static const char *const scope_words[] = {
    [FIXTURE_CASE] = "case",     [FIXTURE_SESSION] = "session",
    [FIXTURE_WORKER] = "worker", [FIXTURE_PROGRAM] = "program",
    [FIXTURE_BATCH] = "batch",
};
static const char *const bind_words[] = {
    [BIND_CORE] = "core", [BIND_PU] = "pu",     [BIND_LLC] = "llc",
    [BIND_NUMA] = "numa", [BIND_NONE] = "none",
};
static const char *const dist_words[] = {
    [DIST_LPT] = "lpt",
    [DIST_LOAD] = "load",
    [DIST_LOADFILE] = "loadfile",
    [DIST_LOADSCOPE] = "loadscope",
    [DIST_LOADGROUP] = "loadgroup",
    [DIST_WORKSTEAL] = "worksteal",
    [DIST_NO] = "no",
};
static const char *const isolation_words[] = {
    [ISOLATION_PROCESS] = "process",
    [ISOLATION_WORKER] = "worker",
    [ISOLATION_NS] = "ns",
};
static const char *const order_words[] = {
    [ORDER_DEFINED] = "defined",
    [ORDER_RANDOM] = "random",
};
static const char *const gate_mode_words[] = {
    [GATE_AUTO] = "auto",
    [GATE_INTERLEAVED] = "interleaved",
    [GATE_STORED] = "stored",
};
static const char *const policy_words[] = {
    [POLICY_PASS] = "pass",
    [POLICY_FAIL] = "fail",
};
static const char *const direction_words[] = {
    [ALERT_WORSE] = "worse",
    [ALERT_BETTER] = "better",
    [ALERT_BOTH] = "both",
};

#define CHOICE(words)                            \
    {                                            \
        (words), sizeof(words) / sizeof *(words) \
    }

const struct choice program_kinds = CHOICE(program_kind_words);
const struct choice command_kinds = CHOICE(command_kind_words);
const struct choice fixture_scopes = CHOICE(scope_words);
const struct choice binds = CHOICE(bind_words);
const struct choice dists = CHOICE(dist_words);
const struct choice isolations = CHOICE(isolation_words);
const struct choice orders = CHOICE(order_words);
const struct choice gate_modes = CHOICE(gate_mode_words);
const struct choice policies = CHOICE(policy_words);
const struct choice alert_directions = CHOICE(direction_words);

const char *program_kind_name(enum program_kind kind)
{
    return program_kind_words[kind];
}

const char *fixture_scope_name(enum fixture_scope scope)
{
    return scope_words[scope];
}

const char *bind_name(enum bind bind)
{
    return bind == BIND_LIST ? "list" : bind_words[bind];
}

const char *dist_name(enum dist dist)
{
    return dist_words[dist];
}

const char *gate_mode_name(enum gate_mode mode)
{
    return gate_mode_words[mode];
}

static int no_choice(const struct choice *choice, const char *word,
                     struct error *err)
{
    struct nearest nearest = {.word = word};
    struct strbuf words = {0};

    for (size_t i = 0; i < choice->n; i++) {
        nearest_try(&nearest, choice->word[i]);
        strbuf_printf(&words, "%s%s", i ? ", " : "", choice->word[i]);
    }
    ERROR(err, ERR_USAGE, "expected one of %s, not '%.80s'",
          strbuf_text(&words), word);
    strbuf_clear(&words);
    if (nearest_found(&nearest))
        error_help(err, "did you mean '%s'?", nearest_found(&nearest));
    return ERR_USAGE;
}

/* The number of a word, or ERR_USAGE that lists them. */
static int choose(const struct choice *choice, const char *word,
                  struct error *err)
{
    for (size_t i = 0; i < choice->n; i++)
        if (strcmp(choice->word[i], word) == 0)
            return (int)i;
    return no_choice(choice, word, err);
}

int bind_parse(const char *word, enum bind *out, struct error *err)
{
    int n = choose(&binds, word, err);

    if (n < 0)
        return n;
    *out = (enum bind)n;
    return 0;
}

int dist_parse(const char *word, enum dist *out, struct error *err)
{
    int n = choose(&dists, word, err);

    if (n < 0)
        return n;
    *out = (enum dist)n;
    return 0;
}

int gate_mode_parse(const char *word, enum gate_mode *out, struct error *err)
{
    int n = choose(&gate_modes, word, err);

    if (n < 0)
        return n;
    *out = (enum gate_mode)n;
    return 0;
}

int workers_parse(const char *word, int64_t *out, struct error *err)
{
    if (strcmp(word, "auto") == 0)
        *out = WORKERS_AUTO;
    else if (strcmp(word, "logical") == 0)
        *out = WORKERS_LOGICAL;
    else if (parse_int(word, 1, SUITE_MAX_WORKERS, out, NULL) < 0)
        return ERROR(err, ERR_USAGE,
                     "expected auto, logical or 1 to %d workers, not '%.80s'",
                     SUITE_MAX_WORKERS, word);
    return 0;
}

/* "0,2,4-7": numbers and ranges that rise. */
bool is_cpu_list(const char *text)
{
    unsigned long low, high;
    char *end;

    do {
        if (!isdigit((unsigned char)*text))
            return false;
        low = high = strtoul(text, &end, 10);
        if (*end == '-') {
            if (!isdigit((unsigned char)end[1]))
                return false;
            high = strtoul(end + 1, &end, 10);
        }
        if (high < low || high > SUITE_MAX_CPU)
            return false;
        text = end + 1;
    } while (*end == ',');
    return *end == '\0';
}
