/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several sittings as one set of distributions. */
#include <config.h>

#include <string.h>

#include "base/results.h"

/* Copies of strings; `failed` is looked at once. */
struct copier {
    struct arena *arena;
    bool failed;
};

static const char *copy(struct copier *c, const char *text)
{
    const char *mine = text ? arena_strdup(c->arena, text) : "";

    c->failed = c->failed || !mine;
    return mine;
}

static struct facts copy_facts(struct copier *c, const struct facts *from)
{
    struct facts facts = {.n = from->n};

    facts.fact = arena_alloc(c->arena, from->n, sizeof *facts.fact);
    c->failed = c->failed || !facts.fact;
    for (size_t i = 0; i < from->n && facts.fact; i++)
        facts.fact[i] = (struct fact){.name = copy(c, from->fact[i].name),
                                      .value = copy(c, from->fact[i].value)};
    return facts;
}

static void copy_occasion(struct copier *c, const struct occasion *from,
                          struct occasion *to)
{
    *to = *from;
    to->created = copy(c, from->created);
    to->revision = copy(c, from->revision);
    to->branch = copy(c, from->branch);
    to->machine_key = copy(c, from->machine_key);
    to->machine = copy_facts(c, &from->machine);
    to->build = copy_facts(c, &from->build);
    to->plan = copy_facts(c, &from->plan);
    to->anchor = arena_alloc(c->arena, from->n_anchors, sizeof *to->anchor);
    c->failed = c->failed || !to->anchor;
    for (size_t i = 0; i < from->n_anchors && to->anchor; i++)
        to->anchor[i] = (struct anchor){.name = copy(c, from->anchor[i].name),
                                        .value = from->anchor[i].value};
}

static void copy_case(struct copier *c, const struct case_results *from,
                      struct case_results *to)
{
    const char *id = to->id;

    *to = *from;
    to->id = id;
    to->program = copy(c, from->program);
    to->hash = copy(c, from->hash);
    to->tags = copy(c, from->tags);
    to->result = copy(c, from->result);
    to->baseline = copy(c, from->baseline);
    to->message = copy(c, from->message);
    to->metric = NULL;
    to->n_metrics = 0;
}

static int join_metrics(struct results *results, struct case_results *to,
                        const struct case_results *from, size_t occasion,
                        struct error *err)
{
    int rc = 0;

    for (size_t m = 0; m < from->n_metrics; m++) {
        const struct metric *theirs = &from->metric[m];
        const struct invocations *in = &theirs->occasion[occasion];
        struct metric *mine = results_need_metric(results, to, theirs->name,
                                                  theirs->unit, theirs->better);

        if (!mine)
            return ERROR(err, ERR_NOMEM, "no memory for a metric");
        for (size_t k = 0; k < in->n && rc == 0; k++)
            rc = results_add_invocation(results, mine, results->n_occasions - 1,
                                        in->invocation[k].sample,
                                        in->invocation[k].n, err);
    }
    return rc;
}

static int join_case(struct results *results, struct copier *c,
                     const struct case_results *from, size_t occasion,
                     struct error *err)
{
    struct case_results *to = results_find(results, from->id);

    if (!to) {
        to = results_add_case(results, from->id);
        if (to)
            copy_case(c, from, to);
    }
    if (!to || c->failed)
        return ERROR(err, ERR_NOMEM, "no memory for a case");
    return join_metrics(results, to, from, occasion, err);
}

int results_join(struct results *results, const struct results *from,
                 size_t occasion, struct error *err)
{
    struct copier c = {.arena = &results->arena};
    struct occasion *to = results_add_occasion(results);
    int rc = 0;

    if (to)
        copy_occasion(&c, &from->occasion[occasion], to);
    if (!to || c.failed)
        return ERROR(err, ERR_NOMEM, "no memory for an occasion");
    for (size_t i = 0; i < from->n_cases && rc == 0; i++)
        rc = join_case(results, &c, &from->cases[i], occasion, err);
    return rc;
}
