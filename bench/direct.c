/* SPDX-License-Identifier: MIT */
#include <config.h>

#include "bench/direct.h"

#include "bench/fixture.h"
#include "bench/isolate.h"

int tarei_direct_main(int argc, char **argv)
{
    static struct tarei_case item;
    static struct tare context;
    struct tarei_cursor cursor;
    char problem[REGISTRY_TEXT];
    int n = 0, bad = 0, rc;

    (void)argc;
    (void)argv;
    setvbuf(stdout, NULL, _IOLBF, 0);
    tarei_cursor_init(&cursor);
    while ((rc = tarei_cursor_next(&cursor, &item, problem)) > 0)
        n += item.def.kind == TARE_KIND_TEST;
    if (rc < 0) {
        fprintf(stderr, "%s\n", problem);
        return EXIT_USAGE;
    }
    printf("1..%d\n", n);
    n = 0;
    tarei_cursor_init(&cursor);
    while (tarei_cursor_next(&cursor, &item, problem) > 0) {
        struct tarei_tested result;

        if (item.def.kind != TARE_KIND_TEST)
            continue;
        tarei_run_test(&context, &item, &result);
        printf("%sok %d - %s", result.outcome == OUTCOME_FAILED ? "not " : "",
               ++n, item.id);
        if (result.outcome == OUTCOME_SKIPPED)
            printf(" # SKIP %s", result.message);
        putchar('\n');
        bad |= result.outcome == OUTCOME_FAILED;
    }
    tarei_fixture_leave(NULL, TARE_SESSION);
    return bad;
}
