/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Google Benchmark: a list of names, and one benchmark's figures as JSON
 * (docs/user_guide.md of its sources). */
#include <config.h>

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "adapt/foreign_kinds.h"
#include "adapt/gbench_json.h"
#include "base/scope.h"

DEFINE_SCOPED(struct results *, results_free)

int gbench_ask(const struct foreign_program *program, struct arena *arena,
               struct foreign_question *out, struct error *err)
{
    const char *path = foreign_executable(arena, program->path);

    if (!path || !foreign_add_words(arena, &out->run, path, NULL) ||
        !foreign_join_words(arena, &out->run, &program->args) ||
        !foreign_add_words(arena, &out->run, "--benchmark_list_tests", NULL))
        return foreign_no_memory(err);
    return 0;
}

/* ---- the list */

/* "^NAME$" as a regular expression, whichever kind the program was built
 * with. */
static const char *filter_of(struct arena *arena, const char *name)
{
    SCOPED(strbuf_scoped) struct strbuf out = {0};

    strbuf_puts(&out, "--benchmark_filter=^");
    for (; *name; name++) {
        if (strchr(".[]{}()\\*+?|^$", *name))
            strbuf_putc(&out, '\\');
        strbuf_putc(&out, *name);
    }
    strbuf_putc(&out, '$');
    return out.failed ? NULL : arena_strdup(arena, strbuf_text(&out));
}

/* Its name says it: ".../threads:4". */
static int64_t threads_of(const char *name)
{
    static const char key[] = "/threads:";
    const char *at = strstr(name, key);
    long n = at ? strtol(at + sizeof key - 1, NULL, 10) : 0;

    return n > 1 && n <= SUITE_MAX_WORKERS ? n : 0;
}

/* A name is one line of printable characters; what is no list at all often
 * begins with a complaint about the option. */
static bool is_name(const char *line, size_t size)
{
    if (size == 0 || *line == '-' || isspace((unsigned char)*line))
        return false;
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
            return false;
    return true;
}

static int add_benchmark(const struct foreign_program *program,
                         const char *name, struct arena *arena,
                         struct foreign_list *out, struct error *err)
{
    struct foreign_case one;
    struct recipe_foreign *f = &one.recipe.foreign;

    if (!name || !foreign_case_new(program, arena, name, &one))
        return foreign_no_memory(err);
    f->judge = RECIPE_GOOGLE_BENCHMARK;
    f->pick = name;
    one.threads = threads_of(name);
    if (!foreign_add_words(arena, &one.recipe.run, filter_of(arena, name),
                           NULL) ||
        !foreign_add_words(arena, &f->report, "--benchmark_out={}",
                           "--benchmark_out_format=json", NULL))
        return foreign_no_memory(err);
    return foreign_list_add(out, arena, &one, err);
}

int gbench_read(const struct foreign_program *program,
                const struct foreign_answer *answer, struct arena *arena,
                struct foreign_list *out, struct error *err)
{
    const char *at = answer->text, *end = at + answer->size;
    int rc = 0;

    if (*answer->status || answer->size == 0)
        return foreign_is_no(program, "--benchmark_list_tests lists nothing",
                             answer, err);
    while (at < end && rc == 0) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        size_t n = (size_t)((feed ? feed : end) - at);
        size_t kept = n && at[n - 1] == '\r' ? n - 1 : n;

        rc = is_name(at, kept)
                 ? add_benchmark(program, arena_memdup(arena, at, kept), arena,
                                 out, err)
                 : foreign_is_no(program,
                                 "--benchmark_list_tests prints what is no "
                                 "list of names",
                                 answer, err);
        at += n + 1;
    }
    return rc;
}

/* ---- what was measured */

static const struct case_results *find(const struct results *results,
                                       const char *name)
{
    for (size_t i = 0; i < results->n_cases; i++)
        if (strcmp(results->cases[i].id, name) == 0)
            return &results->cases[i];
    return NULL;
}

/* Repetitions within a process are no samples of their own. */
static double mean_of(const struct metric *m)
{
    const struct invocations *all = &m->occasion[0];
    double sum = 0;
    size_t n = 0;

    for (size_t i = 0; i < all->n; i++)
        for (size_t k = 0; k < all->invocation[i].n; k++, n++)
            sum += all->invocation[i].sample[k];
    return n ? sum / (double)n : NAN;
}

static void take_figure(const struct metric *m, struct foreign_verdict *out)
{
    double value = mean_of(m);
    struct foreign_figure *f = &out->figure[out->n_figures];

    if (strcmp(m->name, "time") == 0) {
        out->time_ns = value;
        return;
    }
    if (!isfinite(value) || out->n_figures == FOREIGN_FIGURES ||
        strlen(m->name) >= sizeof f->name || strlen(m->unit) >= sizeof f->unit)
        return;
    memcpy(f->name, m->name, strlen(m->name) + 1);
    memcpy(f->unit, m->unit, strlen(m->unit) + 1);
    for (char *c = f->name; *c; c++)
        if (isspace((unsigned char)*c))
            *c = '_';
    f->better = m->better;
    f->value = value;
    out->n_figures++;
}

int gbench_judge(const struct recipe *recipe,
                 const struct foreign_evidence *evidence, struct arena *arena,
                 struct foreign_verdict *out, struct error *err)
{
    SCOPED(results_free_scoped) struct results *results = NULL;
    const char *last = foreign_last_line(arena, evidence->output);
    int status = evidence->execution->status;
    const struct case_results *c;
    int rc;

    if (!evidence->report || evidence->size == 0) {
        foreign_say(out, FOREIGN_FAILED,
                    "ended with exit status %d and without a report%s", status,
                    last);
        return 0;
    }
    rc = gbench_json_read(evidence->name, evidence->report, evidence->size,
                          &results, err);
    if (rc < 0)
        return rc;
    c = find(results, recipe->foreign.pick);
    out->time_ns = NAN;
    for (size_t i = 0; c && i < c->n_metrics; i++)
        take_figure(&c->metric[i], out);
    if (!c)
        foreign_say(out, FOREIGN_FAILED,
                    "the program did not run this benchmark%s", last);
    else if (c->status != CASE_MEASURED)
        foreign_say(
            out, c->status == CASE_SKIPPED ? FOREIGN_SKIPPED : FOREIGN_FAILED,
            "%s", c->message);
    else if (status != 0)
        foreign_say(out, FOREIGN_FAILED, "exit status %d%s", status, last);
    else if (!(out->time_ns >= 0))
        foreign_say(out, FOREIGN_FAILED, "its report has no time");
    return 0;
}
