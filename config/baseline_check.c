/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether results can be a baseline: what the reader would refuse must never be
 * written. */
#include <config.h>

#include "config/baseline.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "config/baseline_schema.h"

/* Bytes of a text as it reads back: what is not UTF-8 becomes U+FFFD. */
static size_t size_read_back(const char *text)
{
    size_t size = 0;

    while (*text) {
        size_t n = utf8_length(text);

        size += n ? n : 3;
        text += n ? n : 1;
    }
    return size;
}

static int check_text(const char *what, const char *text, struct error *err)
{
    if (size_read_back(text) <= BASELINE_MAX_TEXT)
        return 0;
    return ERROR(err, ERR_RANGE, "%s is longer than %d bytes", what,
                 BASELINE_MAX_TEXT);
}

/* Names are keys, which must stay apart when they are written. */
static int check_name(const char *what, const char *name, struct error *err)
{
    if (*name == '\0')
        return ERROR(err, ERR_RANGE, "%s has no name", what);
    if (!utf8_is_valid(name))
        return ERROR(err, ERR_RANGE, "%s has a name that is not UTF-8", what);
    if (strlen(name) > BASELINE_MAX_NAME)
        return ERROR(err, ERR_RANGE, "%s has a name of over %d bytes", what,
                     BASELINE_MAX_NAME);
    return 0;
}

static int check_facts(const char *what, const struct facts *facts,
                       struct error *err)
{
    int rc = 0;

    if (facts->n > BASELINE_MAX_FACTS)
        return ERROR(err, ERR_RANGE, "%s has over %d facts", what,
                     BASELINE_MAX_FACTS);
    for (size_t i = 0; i < facts->n && rc == 0; i++) {
        rc = check_name(what, facts->fact[i].name, err);
        if (rc == 0)
            rc = check_text(what, facts->fact[i].value, err);
    }
    return rc;
}

static bool is_amount(double value)
{
    return isfinite(value) && value >= 0;
}

static int check_anchors(const struct occasion *o, struct error *err)
{
    int rc = 0;

    if (o->n_anchors > BASELINE_MAX_FACTS)
        return ERROR(err, ERR_RANGE, "over %d anchors", BASELINE_MAX_FACTS);
    for (size_t i = 0; i < o->n_anchors && rc == 0; i++) {
        rc = check_name("an anchor", o->anchor[i].name, err);
        if (rc == 0 && !is_amount(o->anchor[i].value))
            rc = ERROR(err, ERR_RANGE, "the anchor '%s' has no valid value",
                       o->anchor[i].name);
    }
    return rc;
}

static int check_occasion(const struct occasion *o, struct error *err)
{
    const struct {
        const char *what, *text;
    } texts[] = {
        {"the revision", o->revision},
        {"the branch", o->branch},
        {"the machine key", o->machine_key},
    };
    int rc = 0;

    if (!is_timestamp(o->created))
        return ERROR(err, ERR_RANGE,
                     "the occasion was created at no valid time: '%.40s'",
                     o->created);
    for (size_t i = 0; i < sizeof texts / sizeof *texts && rc == 0; i++)
        rc = check_text(texts[i].what, texts[i].text, err);
    if (rc == 0)
        rc = check_facts("the machine", &o->machine, err);
    if (rc == 0)
        rc = check_facts("the build", &o->build, err);
    if (rc == 0)
        rc = check_facts("the plan", &o->plan, err);
    return rc < 0 ? rc : check_anchors(o, err);
}

static int check_samples(const struct metric *m, const struct invocation *in,
                         struct error *err)
{
    bool may_be_negative = metric_may_be_negative(m);

    for (size_t i = 0; i < in->n; i++) {
        if (!isfinite(in->sample[i]))
            return ERROR(err, ERR_RANGE, "'%s' has a sample that is no number",
                         m->name);
        if (in->sample[i] < 0 && !may_be_negative)
            return ERROR(err, ERR_RANGE, "'%s' in %s cannot be negative",
                         m->name, m->unit);
    }
    return 0;
}

static int check_metric(const struct metric *m, size_t n_occasions,
                        struct error *err)
{
    const char *why;
    int rc = check_name("a metric", m->name, err);

    if (rc == 0)
        rc = check_text("a unit", m->unit, err);
    if (rc < 0)
        return rc;
    why = metric_contradiction(m);
    if (why)
        return ERROR(err, ERR_RANGE, "the metric '%s' %s here", m->name, why);
    for (size_t o = 0; o < n_occasions; o++)
        for (size_t i = 0; i < m->occasion[o].n && rc == 0; i++)
            rc = check_samples(m, &m->occasion[o].invocation[i], err);
    return rc;
}

static int check_texts(const struct case_results *c, struct error *err)
{
    const struct {
        const char *what, *text;
    } texts[] = {
        {"the id", c->id},         {"the program's path", c->program},
        {"the hash", c->hash},     {"the list of tags", c->tags},
        {"the result", c->result}, {"the id it is shown against", c->baseline},
    };
    int rc = 0;

    for (size_t i = 0; i < sizeof texts / sizeof *texts && rc == 0; i++)
        rc = check_text(texts[i].what, texts[i].text, err);
    return rc;
}

static int check_case(const struct case_results *c, size_t n_occasions,
                      struct error *err)
{
    int rc = check_texts(c, err);

    if (rc < 0)
        return rc;
    if (*c->id == '\0' || !utf8_is_valid(c->id))
        return ERROR(err, ERR_RANGE, "an id is empty or not UTF-8");
    if (c->version < 0 || !is_amount(c->items) || !is_amount(c->bytes) ||
        !is_amount(c->empty_ns) || !(c->disturbed <= 1))
        return ERROR(err, ERR_RANGE, "a figure is out of its range");
    if (c->n_metrics > BASELINE_MAX_METRICS)
        return ERROR(err, ERR_RANGE, "over %d metrics", BASELINE_MAX_METRICS);
    for (size_t i = 0; i < c->n_metrics && rc == 0; i++)
        rc = check_metric(&c->metric[i], n_occasions, err);
    return rc;
}

int baseline_check(const struct results *r, struct error *err)
{
    int rc = check_text("the name", r->name, err);

    if (rc < 0)
        return rc;
    if (r->n_occasions == 0 || r->n_occasions > BASELINE_MAX_OCCASIONS)
        return ERROR(err, ERR_RANGE,
                     "a baseline has 1 to %d occasions, not %zu",
                     BASELINE_MAX_OCCASIONS, r->n_occasions);
    if (r->n_cases > BASELINE_MAX_CASES)
        return ERROR(err, ERR_RANGE, "a baseline has at most %d benchmarks",
                     BASELINE_MAX_CASES);
    for (size_t i = 0; i < r->n_occasions && rc == 0; i++)
        rc = check_occasion(&r->occasion[i], err);
    for (size_t i = 0; i < r->n_cases && rc == 0; i++) {
        rc = check_case(&r->cases[i], r->n_occasions, err);
        if (rc < 0)
            error_wrap(err, "benchmark '%.100s'", r->cases[i].id);
    }
    return rc;
}
