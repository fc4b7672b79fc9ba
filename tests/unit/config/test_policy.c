/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <string.h>

#include "config/policy.h"

static const char suite_text[] =
    "tare: 1\n"
    "gate:\n"
    "  margin: 2%\n"
    "  metrics: [time, hits]\n"
    "  rules:\n"
    "  - {match: 'parser/slow*', margin: 8%}\n"
    "  - {match: 'parser/*', margin: 5%}\n"
    "  - {match: 'noisy/*', ignore: true}\n"
    "  - {match: 'x/*', metric: '*'}\n"
    "  - {metric: max_rss, margin: 10%}\n"
    "  waivers:\n"
    "  - {match: sort/merge, up_to: 4%, until: 2026-12-31, reason: first}\n"
    "  - {match: 'sort/*', up_to: 6%, until: 2027-01-31, reason: second}\n"
    "  - {match: sort/merge, metric: max_rss, up_to: 50%, until: 2028-02-29, "
    "reason: third}\n";

static struct suite *suite(void)
{
    struct suite *s = NULL;

    suite_parse("t", suite_text, sizeof suite_text - 1, &s, NULL);
    return s;
}

TARE_TEST(the_first_rule_that_matches_decides)
{
    struct suite *s = suite();
    struct gate_limit limit;

    TARE_REQUIRE(s);
    limit = gate_limit(&s->gate, "sort/a", "time");
    TARE_CHECK(limit.judged && !limit.rule);
    TARE_CHECK_REL(limit.margin, 0.02, 1e-15);
    limit = gate_limit(&s->gate, "parser/slow[n=1]", "time");
    TARE_CHECK_REL(limit.margin, 0.08, 1e-15);
    limit = gate_limit(&s->gate, "parser/a/b", "time");
    TARE_CHECK_REL(limit.margin, 0.05, 1e-15);
    TARE_CHECK(limit.rule == &s->gate.rule[1]);
    limit = gate_limit(&s->gate, "noisy/a", "time");
    TARE_CHECK(!limit.judged);
    suite_free(s);
}

TARE_TEST(a_metric_is_judged_when_it_is_listed_or_named)
{
    struct suite *s = suite();
    struct gate_limit limit;

    TARE_REQUIRE(s);
    limit = gate_limit(&s->gate, "parser/a", "max_rss");
    TARE_CHECK(limit.judged);
    TARE_CHECK_REL(limit.margin, 0.1, 1e-15);
    TARE_CHECK(gate_limit(&s->gate, "sort/a", "hits").judged);
    TARE_CHECK(!gate_limit(&s->gate, "sort/a", "allocs").judged);
    /* a wildcard names nothing, and a rule without a margin sets none */
    limit = gate_limit(&s->gate, "x/a", "allocs");
    TARE_CHECK(!limit.judged && limit.rule == &s->gate.rule[3]);
    TARE_CHECK_REL(limit.margin, 0.02, 1e-15);
    suite_free(s);
}

TARE_TEST(a_waiver_holds_until_its_last_day)
{
    struct suite *s = suite();
    const struct waiver *w;

    TARE_REQUIRE(s);
    w = gate_waiver(&s->gate, "sort/merge", "time", "2026-12-31");
    TARE_REQUIRE(w);
    TARE_CHECK_STR(w->reason, "first");
    w = gate_waiver(&s->gate, "sort/merge", "time", "2027-01-01");
    TARE_REQUIRE(w);
    TARE_CHECK_STR(w->reason, "second");
    TARE_CHECK(!gate_waiver(&s->gate, "sort/merge", "time", "2027-02-01"));
    TARE_CHECK(waiver_is_expired(&s->gate.waiver[0], "2027-01-01"));
    w = gate_waiver(&s->gate, "sort/merge", "max_rss", "2027-02-01");
    TARE_REQUIRE(w);
    TARE_CHECK_STR(w->reason, "third");
    TARE_CHECK(!gate_waiver(&s->gate, "parser/a", "time", "2026-01-01"));
    suite_free(s);
}

TARE_TEST(days_of_the_calendar)
{
    TARE_CHECK(is_date("2027-01-31") && is_date("2028-02-29"));
    TARE_CHECK(is_date("2000-02-29") && !is_date("1900-02-29"));
    TARE_CHECK(!is_date("2027-02-29") && !is_date("2027-04-31"));
    TARE_CHECK(!is_date("2027-13-01") && !is_date("2027-00-10"));
    TARE_CHECK(!is_date("2027-01-00") && !is_date("2027-1-1"));
    TARE_CHECK(!is_date("") && !is_date("2027-01-311") && !is_date("27"));
}
