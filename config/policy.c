/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules and waivers: the first that matches decides. */
#include <config.h>

#include "config/policy.h"

#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "config/select.h"

static bool metric_matches(const char *glob, const char *metric)
{
    return strcmp(glob, metric) == 0 || fnmatch(glob, metric, 0) == 0;
}

static bool is_literal(const char *glob)
{
    return glob[strcspn(glob, "*?[")] == '\0';
}

static const struct gate_rule *find_rule(const struct gate *gate,
                                         const char *id, const char *metric)
{
    for (size_t i = 0; i < gate->n_rules; i++) {
        const struct gate_rule *rule = &gate->rule[i];

        if (metric_matches(rule->metric, metric) && id_matches(rule->match, id))
            return rule;
    }
    return NULL;
}

static bool is_listed(const struct words *words, const char *word)
{
    for (size_t i = 0; i < words->n; i++)
        if (strcmp(words->word[i], word) == 0)
            return true;
    return false;
}

struct gate_limit gate_limit(const struct gate *gate, const char *id,
                             const char *metric)
{
    const struct gate_rule *rule = find_rule(gate, id, metric);
    struct gate_limit limit = {
        .judged = is_listed(&gate->metrics, metric),
        .margin = gate->margin,
        .rule = rule,
    };

    if (!rule)
        return limit;
    if (rule->margin >= 0)
        limit.margin = rule->margin;
    limit.judged = !rule->ignore && (limit.judged || is_literal(rule->metric));
    return limit;
}

bool gate_judges_fixture(const struct gate *gate, const char *id)
{
    static const char prefix[] = "fixture:";

    for (size_t i = 0; i < gate->n_rules; i++) {
        const struct gate_rule *rule = &gate->rule[i];

        if (strncmp(rule->match, prefix, sizeof prefix - 1) == 0 &&
            id_matches(rule->match, id))
            return !rule->ignore;
    }
    return false;
}

/* Dates of this form sort as text. */
bool waiver_is_expired(const struct waiver *waiver, const char *today)
{
    return strcmp(waiver->until, today) < 0;
}

const struct waiver *gate_waiver(const struct gate *gate, const char *id,
                                 const char *metric, const char *today)
{
    for (size_t i = 0; i < gate->n_waivers; i++) {
        const struct waiver *w = &gate->waiver[i];

        if (!waiver_is_expired(w, today) && metric_matches(w->metric, metric) &&
            id_matches(w->match, id))
            return w;
    }
    return NULL;
}

static int two_digits(const char *text)
{
    return (text[0] - '0') * 10 + text[1] - '0';
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool is_date(const char *text)
{
    static const char form[] = "0000-00-00";
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;

    for (size_t i = 0; i < sizeof form; i++)
        if (form[i] == '0' ? !isdigit((unsigned char)text[i])
                           : text[i] != form[i])
            return false;
    year = two_digits(text) * 100 + two_digits(text + 2);
    month = two_digits(text + 5);
    day = two_digits(text + 8);
    if (month < 1 || month > 12 || day < 1)
        return false;
    return day <= days[month - 1] + (month == 2 && is_leap(year));
}
