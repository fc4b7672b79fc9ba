/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking foreign programs for their cases. */
#include <config.h>

#include "adapt/foreign.h"

#include <string.h>
#include <unistd.h>

#include "adapt/foreign_kinds.h"
#include "base/file.h"
#include "base/scope.h"
#include "runner/process/capture.h"
#include "runner/process/slot.h"

static const int64_t patience_ns = INT64_C(60) * 1000000000;

static const struct {
    foreign_ask_fn *ask;
    foreign_read_fn *read;
    bool is_test;
} kinds[] = {
    [PROGRAM_GOOGLETEST] = {googletest_ask, googletest_read, true},
    [PROGRAM_GOOGLE_BENCHMARK] = {gbench_ask, gbench_read, false},
    [PROGRAM_PYTEST] = {pytest_ask, pytest_read, true},
    [PROGRAM_CTEST] = {ctest_ask, ctest_read, true},
    [PROGRAM_TAP] = {tap_ask, tap_read, true},
};

int foreign_ask(const struct foreign_program *program, struct arena *arena,
                struct foreign_question *out, struct error *err)
{
    *out = (struct foreign_question){.report = NULL};
    return kinds[program->kind].ask(program, arena, out, err);
}

int foreign_read(const struct foreign_program *program,
                 const struct foreign_answer *answer, struct arena *arena,
                 struct foreign_list *out, struct error *err)
{
    struct foreign_list list = {.n = 0};
    int rc = kinds[program->kind].read(program, answer, arena, &list, err);

    if (rc < 0)
        return rc;
    *out = list;
    return 0;
}

bool foreign_is_test(enum program_kind kind)
{
    return kinds[kind].is_test;
}

/* ---- asking */

struct asking {
    struct guardian *guardian;
    const struct foreign_program *program;
    struct arena *arena;
    struct capture out, err;
    struct child *child;
};

static int start(struct asking *a, const struct foreign_question *question,
                 struct error *err)
{
    const struct foreign_program *p = a->program;
    const struct recipe_words *own = question->env.n ? &question->env : &p->own;
    const struct spawn_fd fds[] = {{a->out.fd, STDOUT_FILENO},
                                   {a->err.fd, STDERR_FILENO}};
    struct spawn spawn = {
        .argv = (char *const *)question->run.word,
        .env = environment_join((char *const *)own->word, p->env, a->arena),
        .cwd = question->cwd ? question->cwd
               : *p->cwd     ? p->cwd
                             : NULL,
        .fds = fds,
        .n_fds = ARRAY_LEN(fds),
    };
    int rc = 0;

    if (!spawn.env)
        return foreign_no_memory(err);
    spawn.path = spawn.argv[0];
    if (!strchr(spawn.path, '/')) /* else meant from where it runs */
        rc = spawn_search(spawn.path, p->search, a->arena, &spawn.path, err);
    return rc < 0 ? rc : guardian_spawn(a->guardian, &spawn, &a->child, err);
}

static int wait_for(struct asking *a, const struct watch *watch,
                    struct error *err)
{
    struct watch limit = watch_within(watch, patience_ns);
    struct error why = {0};
    int rc = guardian_wait(a->guardian, a->child, &limit, &why);

    if (rc == ERR_TIMEOUT) {
        ERROR(err, ERR_PEER, "'%s' did not list its cases within %d s",
              a->program->label, (int)(patience_ns / 1000000000));
        return error_help(err, "is it of the kind that tare.yaml says? Run it "
                               "by hand");
    }
    if (rc < 0 && err)
        *err = why;
    return rc;
}

/* What it printed last, for where it did not answer as it should. */
static const char *status_of(struct asking *a)
{
    const struct child_end *end = &a->child->end;
    char how[CHILD_END_TEXT], lines[300];

    if (end->signal == 0 && end->status == 0)
        return "";
    capture_last_lines(&a->err, 3, lines, sizeof lines);
    if (!lines[0])
        capture_last_lines(&a->out, 3, lines, sizeof lines);
    return arena_printf(a->arena, "%s%s%s", child_end_text(how, end),
                        lines[0] ? ": " : "", lines);
}

static int take_answer(struct asking *a,
                       const struct foreign_question *question,
                       struct foreign_answer *out, struct error *err)
{
    SCOPED(free_scoped) char *file = NULL;
    SCOPED(strbuf_scoped) struct strbuf all = {0};
    int rc = 0;

    *out = (struct foreign_answer){
        .name = arena_printf(a->arena, "list of '%s'", a->program->label),
        .status = status_of(a)};
    if (!question->report) {
        capture_read(&a->out, 0, &all);
        out->text = arena_memdup(a->arena, strbuf_text(&all), all.size);
        out->size = all.size;
    } else if (file_exists(question->report)) {
        rc = file_read(question->report, FOREIGN_BYTES, &file, &out->size, err);
        if (rc < 0)
            return rc;
        out->text = arena_memdup(a->arena, file, out->size);
    }
    if (!out->name || !out->status || (!out->text && !question->report))
        return foreign_no_memory(err);
    if (a->out.dropped)
        return ERROR(err, ERR_RANGE, "the list of '%s' is too long",
                     a->program->label);
    return 0;
}

static int ask(struct asking *a, const struct watch *watch,
               const struct foreign_question *question,
               struct foreign_answer *answer, struct error *err)
{
    int rc = capture_open(&a->out, FOREIGN_BYTES, err);

    if (rc == 0)
        rc = capture_open(&a->err, 0, err);
    if (rc == 0)
        rc = start(a, question, err);
    if (rc == 0)
        rc = wait_for(a, watch, err);
    if (rc == 0)
        rc = take_answer(a, question, answer, err);
    guardian_release(a->guardian, a->child);
    capture_close(&a->out);
    capture_close(&a->err);
    return rc;
}

int foreign_cases(struct guardian *guardian, const struct watch *watch,
                  const struct foreign_program *program, struct arena *arena,
                  struct foreign_list *out, struct error *err)
{
    struct asking asking = {
        .guardian = guardian, .program = program, .arena = arena};
    struct foreign_question question;
    struct foreign_answer answer = {.name = program->label, .status = ""};
    int rc = foreign_ask(program, arena, &question, err);

    if (rc == 0 && question.report)
        unlink(question.report); /* of another program asked before */
    if (rc == 0 && question.run.n)
        rc = ask(&asking, watch, &question, &answer, err);
    return rc < 0 ? rc : foreign_read(program, &answer, arena, out, err);
}
