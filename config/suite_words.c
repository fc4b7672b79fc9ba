/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of tare.yaml, for the file, the command line and messages. */
#include <config.h>

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"
#include "config/suite_schema.h"

static const char *const command_kind_words[] = {
    [COMMAND_BENCHMARK] = "benchmark",
    [COMMAND_TEST] = "test",
};
static const char *const scope_words[] = {
    [FIXTURE_CASE] = "case",     [FIXTURE_SESSION] = "session",
    [FIXTURE_WORKER] = "worker", [FIXTURE_PROGRAM] = "program",
    [FIXTURE_BATCH] = "batch",
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

const char *const program_kind_words[] = {
    [PROGRAM_TARE] = "tare",
    [PROGRAM_GOOGLE_BENCHMARK] = "google-benchmark",
    [PROGRAM_GOOGLETEST] = "googletest",
    [PROGRAM_PYTEST] = "pytest",
    [PROGRAM_CTEST] = "ctest",
    [PROGRAM_TAP] = "tap",
    NULL,
};
const char *const bind_words[] = {
    [BIND_CORE] = "core", [BIND_PU] = "pu",     [BIND_LLC] = "llc",
    [BIND_NUMA] = "numa", [BIND_NONE] = "none", NULL,
};
const char *const dist_words[] = {
    [DIST_LPT] = "lpt",
    [DIST_LOAD] = "load",
    [DIST_LOADFILE] = "loadfile",
    [DIST_LOADSCOPE] = "loadscope",
    [DIST_LOADGROUP] = "loadgroup",
    [DIST_WORKSTEAL] = "worksteal",
    [DIST_NO] = "no",
    NULL,
};
const char *const isolation_words[] = {
    [ISOLATION_PROCESS] = "process",
    [ISOLATION_WORKER] = "worker",
    [ISOLATION_NS] = "ns",
    NULL,
};
const char *const order_words[] = {
    [ORDER_DEFINED] = "defined",
    [ORDER_RANDOM] = "random",
    [ORDER_GIVEN] = "given",
    NULL,
};

#define CHOICE(words)                            \
    {                                            \
        (words), sizeof(words) / sizeof *(words) \
    }

const struct choice program_kinds = {program_kind_words, PROGRAM_TAP + 1};
const struct choice command_kinds = CHOICE(command_kind_words);
const struct choice fixture_scopes = CHOICE(scope_words);
const struct choice binds = {bind_words, BIND_LIST};
const struct choice dists = {dist_words, DIST_NO + 1};
const struct choice isolations = {isolation_words, ISOLATION_NS + 1};
const struct choice orders = {order_words, ORDER_GIVEN};
const struct choice gate_modes = CHOICE(gate_mode_words);
const struct choice policies = CHOICE(policy_words);
const struct choice alert_directions = CHOICE(direction_words);

const char *fixture_scope_name(enum fixture_scope scope)
{
    return scope_words[scope];
}

int workers_parse(const char *word, int64_t *out, struct error *err)
{
    if (strcmp(word, "auto") == 0)
        *out = WORKERS_AUTO;
    else if (strcmp(word, "logical") == 0)
        *out = WORKERS_LOGICAL;
    else if (parse_int(word, 1, SUITE_MAX_WORKERS, out, NULL) < 0)
        return ERROR(err, ERR_RANGE,
                     "expected auto, logical or a number from 1 to %d, not "
                     "'%.80s'",
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
