/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pytest: tare_pytest.py, which it loads, says which tests there are and what
 * became of them. */
#include <config.h>

#include <string.h>

#include "adapt/foreign_kinds.h"
#include "adapt/tare_pytest.h"
#include "base/file.h"

static const char module[] = "tare_pytest";

/* ---- words */

/* PYTHONPATH with our folder in front, and the user's variables. */
static bool add_env(const struct foreign_program *program, struct arena *arena,
                    struct recipe_words *out)
{
    const char *old = foreign_variable(program, "PYTHONPATH");

    return recipe_words_add(arena, out,
                            arena_printf(arena, "PYTHONPATH=%s%s%s",
                                         program->folder, *old ? ":" : "",
                                         old)) &&
           foreign_join_words(arena, out, &program->own);
}

static bool add_pytest(const struct foreign_program *program,
                       struct arena *arena, struct recipe_words *out)
{
    return foreign_add_words(arena, out, "python3", "-m", "pytest", NULL) &&
           foreign_join_words(arena, out, &program->args);
}

int pytest_ask(const struct foreign_program *program, struct arena *arena,
               struct foreign_question *out, struct error *err)
{
    const char *file = arena_printf(arena, "%s/%s.py", program->folder, module);
    int rc =
        file ? file_write_atomic(file, tare_pytest_text, tare_pytest_size, err)
             : foreign_no_memory(err);

    if (rc < 0)
        return rc;
    out->report = arena_printf(arena, "%s/pytest.json", program->folder);
    if (!out->report || !add_env(program, arena, &out->env) ||
        !add_pytest(program, arena, &out->run) ||
        !foreign_add_words(arena, &out->run, "-p", module, "--collect-only",
                           "-q", "-p", "no:cacheprovider",
                           arena_printf(arena, "--tare-report=%s", out->report),
                           arena_printf(arena, "--tare-base=%s", program->path),
                           program->path, NULL))
        return foreign_no_memory(err);
    return 0;
}

/* ---- the list */

static bool fill(const struct foreign_program *program,
                 const struct json_value *test, struct arena *arena,
                 struct foreign_case *one)
{
    struct recipe *r = &one->recipe;
    struct recipe_foreign *f = &r->foreign;
    const struct json_value *mark = foreign_elements(test, "marks");

    one->file = json_get_text(test, "file", "");
    one->line = foreign_line(test);
    for (; mark && one->tags; mark = mark->next)
        one->tags = foreign_add_tag(arena, one->tags, mark->text);
    f->judge = RECIPE_PYTEST;
    f->pick = json_get_text(test, "node", "");
    r->run = r->env = (struct recipe_words){.n = 0};
    return one->tags && add_env(program, arena, &r->env) &&
           add_pytest(program, arena, &r->run) &&
           foreign_add_words(arena, &r->run, f->pick, NULL) &&
           foreign_add_words(arena, &f->report, "-q", "-p", module,
                             "--tare-report={}", "-o", "cache_dir={}-cache",
                             NULL);
}

static int add_test(const struct foreign_program *program,
                    const struct foreign_answer *answer,
                    const struct json_value *test, struct arena *arena,
                    struct foreign_list *out, struct error *err)
{
    const char *name = json_get_text(test, "name", "");
    struct foreign_case one;

    if (!*name || !*json_get_text(test, "node", ""))
        return ERROR_AT(err, ERR_PARSE, answer->name, test->line, test->column,
                        "a test without a name");
    if (!foreign_case_new(program, arena, name, &one) ||
        !fill(program, test, arena, &one))
        return foreign_no_memory(err);
    return foreign_list_add(out, arena, &one, err);
}

/* One clear error for what pytest could not collect. */
static int not_collected(const struct foreign_program *program,
                         const struct json_value *errors, size_t n,
                         struct error *err)
{
    const char *node = json_get_text(errors, "node", "");
    char more[40] = "";

    if (n > 1)
        snprintf(more, sizeof more, " (and %zu more)", n - 1);
    ERROR(err, ERR_PEER, "pytest cannot collect '%s': %s%s",
          *node ? node : program->label, json_get_text(errors, "text", ""),
          more);
    return error_help(err, "python3 -m pytest --collect-only %s",
                      program->label);
}

static int read_document(const char *name, const char *text, size_t size,
                         struct arena *arena, const struct json_value **out,
                         struct error *err)
{
    int rc = json_read(name, text, size, arena, out, err);

    if (rc < 0)
        return rc;
    return json_get_number(*out, "tare-pytest", 0) == 1
               ? 0
               : ERROR_AT(err, ERR_PARSE, name, 1, 1,
                          "not what tare_pytest.py writes");
}

static int no_answer(const struct foreign_program *program,
                     const struct foreign_answer *answer, struct error *err)
{
    ERROR(err, ERR_PEER, "'%s': python3 -m pytest --collect-only %s%s",
          program->label, *answer->status ? "failed: " : "said nothing",
          answer->status);
    if (strstr(answer->status, "No module named pytest"))
        return error_help(err, "install pytest for the python3 in PATH, or "
                               "give the program 'env: {PATH: ...}'");
    return error_help(err, "python3 -m pytest --collect-only %s",
                      program->label);
}

int pytest_read(const struct foreign_program *program,
                const struct foreign_answer *answer, struct arena *arena,
                struct foreign_list *out, struct error *err)
{
    const struct json_value *root, *errors;
    int rc;

    if (!answer->text)
        return no_answer(program, answer, err);
    rc = read_document(answer->name, answer->text, answer->size, arena, &root,
                       err);
    if (rc < 0)
        return rc;
    errors = foreign_elements(root, "errors");
    if (errors)
        return not_collected(program, errors, json_get(root, "errors")->n, err);
    if (!foreign_elements(root, "tests"))
        return foreign_is_no(program, "pytest finds no tests there", answer,
                             err);
    for (const struct json_value *t = foreign_elements(root, "tests");
         t && rc == 0; t = t->next)
        rc = add_test(program, answer, t, arena, out, err);
    return rc;
}

/* ---- the report */

static const char *where_of(const struct json_value *phase)
{
    const char *when = json_get_text(phase, "when", "");

    return strcmp(when, "setup") == 0      ? "set-up: "
           : strcmp(when, "teardown") == 0 ? "tear-down: "
                                           : "";
}

static void say_failed(struct arena *arena, const struct json_value *phase,
                       struct foreign_verdict *out)
{
    const char *file = json_get_text(phase, "file", "");
    const char *place = *file ? arena_printf(arena, "%s:%u: ", file,
                                             (unsigned)foreign_line(phase))
                              : "";

    foreign_say(out, FOREIGN_FAILED, "%s%s%s", place ? place : "",
                where_of(phase), json_get_text(phase, "text", ""));
}

static void say_skipped(const struct json_value *phase,
                        struct foreign_verdict *out)
{
    const char *reason = json_get_text(phase, "xfail", NULL);
    const char *text = json_get_text(phase, "text", "");

    if (reason)
        foreign_say(out, FOREIGN_XFAILED, "%s%s%s", reason,
                    *reason && *text ? ": " : "", text);
    else
        foreign_say(out, FOREIGN_SKIPPED, "%s", text);
}

/* The first phase that failed, or else the first that was skipped. */
static void settle(struct arena *arena, const struct json_value *phases,
                   struct foreign_verdict *out)
{
    const struct json_value *skipped = NULL;

    for (const struct json_value *p = phases; p; p = p->next) {
        const char *outcome = json_get_text(p, "outcome", "");

        if (strcmp(outcome, "failed") == 0) {
            say_failed(arena, p, out);
            return;
        }
        if (!skipped && strcmp(outcome, "skipped") == 0)
            skipped = p;
    }
    if (skipped)
        say_skipped(skipped, out);
}

int pytest_judge(const struct recipe *recipe,
                 const struct foreign_evidence *evidence, struct arena *arena,
                 struct foreign_verdict *out, struct error *err)
{
    int status = evidence->execution->status, rc;
    const char *last = foreign_last_line(arena, evidence->output);
    const struct json_value *root, *errors, *phases;

    (void)recipe;
    if (!evidence->report) {
        foreign_say(out, FOREIGN_FAILED,
                    "pytest ended with exit status %d and without a report%s",
                    status, last);
        return 0;
    }
    rc = read_document(evidence->name, evidence->report, evidence->size, arena,
                       &root, err);
    if (rc < 0)
        return rc;
    errors = foreign_elements(root, "errors");
    phases = foreign_elements(root, "phases");
    if (errors)
        foreign_say(out, FOREIGN_FAILED, "pytest cannot collect '%s': %s",
                    json_get_text(errors, "node", ""),
                    json_get_text(errors, "text", ""));
    else if (!phases)
        foreign_say(out, FOREIGN_FAILED,
                    "pytest did not run it, exit status %d%s", status, last);
    else
        settle(arena, phases, out);
    if (out->end == FOREIGN_PASSED && status != 0)
        foreign_say(out, FOREIGN_FAILED,
                    "the test passed, but pytest ended with exit status %d%s",
                    status, last);
    return 0;
}
