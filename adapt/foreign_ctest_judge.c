/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What CTest would say of an execution (cmCTestRunTest::EndTest() in its
 * source): expressions first, then the exit status, then WILL_FAIL. */
#include <config.h>

#include <regex.h>
#include <string.h>

#include "adapt/foreign_kinds.h"

/* CMake's expressions are POSIX extended ones without intervals and classes. */
static const char *matching(const struct recipe_words *list, const char *text)
{
    for (size_t i = 0; i < list->n; i++) {
        regex_t regex;
        int rc = regcomp(&regex, list->word[i], REG_EXTENDED | REG_NOSUB);

        if (rc != 0)
            continue;
        rc = regexec(&regex, text, 0, NULL, 0);
        regfree(&regex);
        if (rc == 0)
            return list->word[i];
    }
    return NULL;
}

int ctest_judge(const struct recipe *recipe,
                const struct foreign_evidence *evidence, struct arena *arena,
                struct foreign_verdict *out, struct error *err)
{
    const struct recipe_foreign *f = &recipe->foreign;
    const char *said = evidence->output;
    int status = evidence->execution->status;
    const char *skips = matching(&f->skips, said);
    const char *fails = matching(&f->fail, said);
    bool passes = f->pass.n && matching(&f->pass, said);
    bool good = !fails && (f->pass.n ? passes : status == 0);

    (void)arena, (void)err;
    if (f->skip_exit && status == f->skip_exit)
        foreign_say(out, FOREIGN_SKIPPED, "exit status %d (SKIP_RETURN_CODE)",
                    status);
    else if (skips)
        foreign_say(out, FOREIGN_SKIPPED,
                    "its output matches '%s' (SKIP_REGULAR_EXPRESSION)", skips);
    else if (good == f->inverted && fails)
        foreign_say(out, FOREIGN_FAILED,
                    "its output matches '%s' (FAIL_REGULAR_EXPRESSION)", fails);
    else if (good == f->inverted && f->pass.n && !passes)
        foreign_say(out, FOREIGN_FAILED,
                    "its output matches no PASS_REGULAR_EXPRESSION, such as "
                    "'%s'",
                    f->pass.word[0]);
    else if (good == f->inverted)
        foreign_say(out, FOREIGN_FAILED, "exit status %d%s%s", status,
                    f->inverted ? ", expected to fail (WILL_FAIL)"
                                : ", expected 0",
                    foreign_last_line(arena, said));
    return 0;
}
