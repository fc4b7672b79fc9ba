/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/counting.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scope.h"
#include "base/strbuf.h"
#include "runner/machine/doctor.h"
#include "runner/process/spawn.h"

/* Beside the command that runs, as it was built; beside it as it was installed,
 * wherever that has been moved; and where it was to be installed. */
static const char *find_library(struct arena *arena)
{
    static const char name[] = "libtare-alloc.so";
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash;

    self[n > 0 ? n : 0] = '\0';
    slash = strrchr(self, '/');
    if (slash) {
        const char *path[2];

        *slash = '\0';
        path[0] = arena_printf(arena, "%s/.libs/%s", self, name);
        path[1] = arena_printf(arena, "%s/../lib/tare/%s", self, name);
        for (size_t i = 0; i < ARRAY_LEN(path); i++)
            if (path[i] && file_exists(path[i]))
                return path[i];
    }
    return file_exists(PKGLIBDIR "/libtare-alloc.so") ? PKGLIBDIR
               "/libtare-alloc.so"
                                                      : NULL;
}

int session_count(struct session *session, struct error *err)
{
    const struct placement_worker *w = &session->placement.worker[0];
    const struct words *names = &session->suite->measure.metrics;
    struct error ignored = {0};
    const char *valgrind = NULL;
    struct metrics_options options = {
        .guardian = session->cli->guardian,
        .cpus = w->pu,
        .n_cpus = w->n_pus,
        .stop_fd = session->stop_fd,
        .seed = session->seed,
        .tmpdir = getenv("TMPDIR"),
        .name = names->word,
        .n_names = names->n,
        .preloaded = getenv("LD_PRELOAD"),
        .alloc_library = find_library(&session->arena),
    };

    if (names->n == 0)
        return 0;
    if (spawn_search("valgrind", getenv("PATH"), &session->arena, &valgrind,
                     &ignored) == 0)
        options.valgrind = valgrind;
    return metrics_open(&options, &session->metrics, &session->counting, err);
}

void session_count_notes(const struct session *session)
{
    const char *notes = session->metrics ? metrics_notes(session->metrics) : "";

    if (*notes && !session->cli->options.quiet)
        fprintf(stderr, "note: not counted: %s\n", notes);
}

/* All in one, so that all that is wrong is told at once; the command line comes
 * last. */
static void join_requirements(const struct session *session, struct strbuf *all)
{
    const struct settings *suite = &session->suite->require;
    const struct options *options = &session->cli->options;

    for (size_t i = 0; i < suite->n; i++)
        strbuf_printf(all, "%s%s=%s", all->size ? "," : "",
                      suite->setting[i].name, suite->setting[i].value);
    for (size_t i = 0; i < options->require.n; i++)
        strbuf_printf(all, "%s%s", all->size ? "," : "",
                      options->require.item[i]);
}

int session_require(struct session *session, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf all = {0};
    const char *name =
        session->suite->require.n ? session->suite_file : "--require";
    struct doctor_report report;
    int rc;

    join_requirements(session, &all);
    if (all.failed)
        return ERROR(err, ERR_NOMEM, "no memory for the requirements");
    if (all.size == 0)
        return 0;
    rc = doctor_check_require(name, strbuf_text(&all), all.size, err);
    if (rc == 0)
        rc = doctor_look(session->topology, "", NULL, &session->arena, &report,
                         err);
    return rc < 0 ? rc
                  : doctor_require(&report, name, strbuf_text(&all), all.size,
                                   err);
}
