/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "bench/tare.h"

#include <string.h>

#include "runner/machine/cpulist.h"

static int parse(const char *text, struct arena *arena, struct cpulist *list,
                 struct error *err)
{
    return cpulist_parse("--bind", text, strlen(text), arena, list, err);
}

TARE_TEST(lists_are_read_in_their_order)
{
    static const struct {
        const char *text, *printed;
        int n, first;
    } good[] = {
        {"0", "0", 1, 0},          {"0,2,4-6", "0,2,4-6", 5, 0},
        {"7,3", "3,7", 2, 7},      {"0-30:10", "0,10,20,30", 4, 0},
        {" 1 , 2\n", "1,2", 2, 1}, {"5-5", "5", 1, 5},
        {"3,3", "3", 2, 3},        {"65535", "65535", 1, 65535},
        {"", "", 0, -1},           {"\n", "", 0, -1},
    };

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct arena arena = {0};
        struct cpulist list = {0};
        struct strbuf out = {0};

        TARE_CHECK_INT(parse(good[i].text, &arena, &list, NULL), 0);
        TARE_CHECK_INT((int)list.n, good[i].n);
        if (list.n)
            TARE_CHECK_INT(list.cpu[0], good[i].first);
        cpulist_print(&out, list.cpu, list.n);
        TARE_CHECK_STR(strbuf_text(&out), good[i].printed);
        strbuf_clear(&out);
        arena_clear(&arena);
    }
}

TARE_TEST(what_is_no_list_is_refused_with_its_column)
{
    static const struct {
        const char *text;
        int code, column;
    } bad[] = {
        {"a", ERR_PARSE, 1},
        {"1,", ERR_PARSE, 3},
        {",1", ERR_PARSE, 1},
        {"1-", ERR_PARSE, 3},
        {"1 2", ERR_PARSE, 3},
        {"-1", ERR_PARSE, 1},
        {"4-2", ERR_RANGE, 4},
        {"65536", ERR_RANGE, 5},
        {"0-9:0", ERR_RANGE, 6},
        {"0x3", ERR_PARSE, 2},
        {"99999999999999999999", ERR_RANGE, 5},
        {"0-65535,0-65535", ERR_RANGE, 16},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct arena arena = {0};
        struct cpulist list = {.n = 77};
        struct error err = {0};

        TARE_CHECK_INT(parse(bad[i].text, &arena, &list, &err), bad[i].code);
        TARE_CHECK_INT(err.column, bad[i].column);
        TARE_CHECK_STR(err.file, "--bind");
        TARE_CHECK(err.help[0] != '\0');
        TARE_CHECK_INT((int)list.n, 77);
        arena_clear(&arena);
    }
}

TARE_TEST(a_nul_inside_ends_nothing_quietly)
{
    struct arena arena = {0};
    struct cpulist list;

    TARE_CHECK_INT(cpulist_parse("x", "1\0,2", 4, &arena, &list, NULL),
                   ERR_PARSE);
    arena_clear(&arena);
}

TARE_TEST(has)
{
    int cpu[] = {4, 9};
    const struct cpulist list = {.cpu = cpu, .n = 2};

    TARE_CHECK(cpulist_has(&list, 9));
    TARE_CHECK(!cpulist_has(&list, 5));
}
