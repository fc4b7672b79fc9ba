/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of one sitting as one occasion. */
#include <config.h>

#include <string.h>

#include "adapt/import_formats.h"
#include "base/scope.h"

static const char *or_none(const char *text)
{
    return text && *text ? text : "nothing";
}

/* What must be the same in all files for one occasion to be true of them. */
static int check_agreement(const struct import *im, const struct imported *a,
                           const struct imported *b)
{
    const struct occasion *x = &a->results->occasion[0];
    const struct occasion *y = &b->results->occasion[0];
    const struct {
        const char *what, *first, *second;
    } facts[] = {
        {"revision", x->revision, y->revision},
        {"machine", x->machine_key, y->machine_key},
        {"harness", facts_get(&x->plan, "harness"),
         facts_get(&y->plan, "harness")},
        {"summary", facts_get(&x->plan, "summary"),
         facts_get(&y->plan, "summary")},
    };

    for (size_t i = 0; i < ARRAY_LEN(facts); i++) {
        const char *first = or_none(facts[i].first);
        const char *second = or_none(facts[i].second);

        if (strcmp(first, second) == 0)
            continue;
        ERROR_AT(im->err, ERR_PARSE, b->results->file, 0, 0,
                 "the %s is another one than in '%.100s': %.40s, not %.40s",
                 facts[i].what, a->results->file, second, first);
        return error_help(im->err, "what was measured on several occasions is "
                                   "imported without --one-occasion");
    }
    return 0;
}

/* Invocations of a metric behind those that are there. */
static int add_metric(struct import *im, size_t subject, size_t first,
                      const struct metric *m)
{
    const struct import_metric metric = {m->name, m->unit, m->better};
    const struct invocations *all = &m->occasion[0];
    const char *kind = facts_get(&import_occasion(im)->plan, "summary");
    int rc = 0;

    for (size_t i = 0; i < all->n; i++)
        for (size_t k = 0; k < all->invocation[i].n && rc == 0; k++) {
            double value = all->invocation[i].sample[k];

            rc = kind ? import_add_summary(im, subject, &metric, first + i,
                                           value, kind)
                      : import_add(im, subject, &metric, first + i, value);
        }
    return rc;
}

/* All of a case but its samples; those of another become unknown where the two
 * disagree. */
static int copy_facts(struct import *im, size_t subject, bool is_new,
                      const struct case_results *from)
{
    struct case_results *c = &im->results->cases[subject];
    int rc = 0;

    if (is_new) {
        rc = import_rename(im, subject, from->id, from->program);
        c->iterations = from->iterations;
        c->version = from->version;
        c->warmup = from->warmup;
    }
    if (c->iterations != from->iterations)
        c->iterations = 0;
    if (rc == 0 && from->status != CASE_MEASURED) {
        c->status = from->status;
        c->message = import_copy(im, from->message);
        rc = c->message ? 0 : im->err->code;
    }
    return rc;
}

static int add_case(struct import *im, const struct imported *part,
                    const struct case_results *from, size_t first, bool repeat)
{
    size_t subject;
    bool is_new;
    int rc = import_case(im, from->id, &subject, &is_new);

    if (rc == 0 && !is_new && !repeat) {
        ERROR_AT(im->err, ERR_PARSE, part->results->file, 0, 0,
                 "'%.200s' is in another of these files already", from->id);
        return error_help(im->err, "if each file is another process of one "
                                   "sitting, say --one-occasion");
    }
    if (rc == 0)
        rc = copy_facts(im, subject, is_new, from);
    for (size_t m = 0; m < from->n_metrics && rc == 0; m++)
        rc = add_metric(im, subject, first, &from->metric[m]);
    return rc;
}

static int copy_occasion(struct import *im, const struct imported *from)
{
    const struct occasion *o = &from->results->occasion[0];
    const struct facts *all[] = {&o->machine, &o->build, &o->plan};
    struct occasion *to = import_occasion(im);
    struct facts *into[] = {&to->machine, &to->build, &to->plan};
    int rc = 0;

    for (size_t k = 0; k < ARRAY_LEN(all); k++)
        for (size_t i = 0; i < all[k]->n && rc == 0; i++)
            rc = facts_set(&im->results->arena, into[k], all[k]->fact[i].name,
                           all[k]->fact[i].value, im->err);
    to->created = import_copy(im, o->created);
    to->revision = import_copy(im, o->revision);
    to->branch = import_copy(im, o->branch);
    to->machine_key = import_copy(im, o->machine_key);
    to->dirty = o->dirty;
    im->revision_time = from->revision_time;
    return to->created && to->revision && to->branch && to->machine_key
               ? rc
               : im->err->code;
}

static int add_part(struct import *im, const struct imported *part,
                    size_t first, bool repeat)
{
    const struct results *r = part->results;
    struct occasion *to = import_occasion(im);
    int rc = 0;

    for (size_t i = 0; i < r->n_cases && rc == 0; i++)
        rc = add_case(im, part, &r->cases[i], first, repeat);
    to->dirty = to->dirty || r->occasion[0].dirty;
    if (rc < 0 || strcmp(r->occasion[0].created, to->created) >= 0)
        return rc;
    to->created = import_copy(im, r->occasion[0].created);
    return to->created ? 0 : im->err->code;
}

/* Numbers for the invocations of a file that none of another has. */
static size_t most_invocations(const struct results *r)
{
    size_t most = 0;

    for (size_t i = 0; i < r->n_cases; i++)
        for (size_t m = 0; m < r->cases[i].n_metrics; m++)
            if (r->cases[i].metric[m].occasion[0].n > most)
                most = r->cases[i].metric[m].occasion[0].n;
    return most;
}

int import_join(const struct imported *part, size_t n, bool repeat,
                struct imported *out, struct error *err)
{
    struct error why = {0};
    struct import im;
    size_t first = 0;
    int rc = import_begin(&im, part[0].results->file, &why);

    if (rc == 0)
        rc = copy_occasion(&im, &part[0]);
    for (size_t i = 0; i < n && rc == 0; i++) {
        rc = check_agreement(&im, &part[0], &part[i]);
        if (rc == 0)
            rc = add_part(&im, &part[i], first, repeat);
        first += most_invocations(part[i].results);
    }
    if (rc == 0)
        rc = import_finish(&im);
    return import_end(&im, rc, part[0].format, out, err);
}
