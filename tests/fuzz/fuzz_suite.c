/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A suite: output exactly on success, an error with a place exactly on failure,
 * and what was accepted obeys the rules that its header states. */
#include <config.h>

#include <string.h>

#include "base/units.h"
#include "config/policy.h"
#include "config/select.h"
#include "config/suite.h"
#include "tests/fuzz/target.h"

static void check_gate(const struct gate *gate)
{
    struct gate_limit limit = gate_limit(gate, "a/b[n=1]", "time");
    const struct waiver *w =
        gate_waiver(gate, "a/b[n=1]", "time", "2026-11-22");

    MUST(gate->margin >= 1e-4 && gate->margin <= 10);
    MUST(gate->alpha >= 1e-4 && gate->alpha <= 0.2);
    MUST(limit.margin > 0 && limit.margin <= 10);
    MUST(!w || !waiver_is_expired(w, "2026-11-22"));
    for (size_t i = 0; i < gate->n_waivers; i++)
        MUST(is_date(gate->waiver[i].until) && *gate->waiver[i].reason);
}

static void check_tags(const struct suite *suite, const struct words *tags)
{
    for (size_t i = 0; i < tags->n; i++)
        MUST(is_tag_name(tags->word[i]) && suite_tag(suite, tags->word[i]));
    MUST(!tags->word || !tags->word[tags->n]);
}

static void check_command(const struct suite *suite, const struct command *c)
{
    MUST(*c->name && !c->run.shell != (c->run.argv.n == 0));
    MUST(c->timeout == -1 || c->timeout > 0);
    MUST((c->in.kind == STREAM_DEFAULT) == !c->in.text);
    MUST((c->expect.out.kind == EXPECT_NOTHING) == !c->expect.out.text);
    MUST(c->at.line > 0 && c->at.column > 0);
    check_tags(suite, &c->tags);
    for (size_t i = 0; i < c->fixtures.n; i++)
        MUST(suite_fixture(suite, c->fixtures.word[i]));
}

static void check_suite(const struct suite *suite)
{
    check_gate(&suite->gate);
    for (size_t i = 0; i < suite->n_programs; i++) {
        MUST(*suite->program[i].name && *suite->program[i].path);
        check_tags(suite, &suite->program[i].tags);
    }
    for (size_t i = 0; i < suite->n_commands; i++)
        check_command(suite, &suite->command[i]);
    for (size_t i = 0; i < suite->n_expects; i++)
        MUST(0 < suite->expect[i].low &&
             suite->expect[i].low <= suite->expect[i].high);
    for (size_t i = 0; i < suite->n_alerts; i++)
        MUST(suite->alert[i].margin > 0);
    MUST(suite->measure.placement.cpus && suite->name && suite->history.store);
}

static uint32_t lines(const uint8_t *data, size_t size)
{
    uint32_t n = 1;

    for (size_t i = 0; i < size; i++)
        n += data[i] == '\n' || data[i] == '\r';
    return n;
}

/* A line ends in YAML also at U+0085, U+2028 and U+2029. */
static int has_other_line_ends(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (data[i] == 0xc2 || data[i] == 0xe2)
            return 1;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct suite *suite = NULL;
    struct error err = {0};
    int rc = suite_parse("fuzz", (const char *)data, size, &suite, &err);

    MUST((rc == 0) == (suite != NULL));
    MUST(rc == (int)err.code);
    if (suite) {
        check_suite(suite);
    } else {
        MUST(*err.text && strcmp(err.file, "fuzz") == 0);
        MUST(err.line > 0 && err.column > 0);
        MUST(err.line <= lines(data, size) + 1 ||
             has_other_line_ends(data, size));
    }
    suite_free(suite);
    return 0;
}
