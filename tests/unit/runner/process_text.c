/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is parsed: messages, cases, descriptions of processes, /proc. */
#include <config.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "bench/tare.h"
#include "runner/process/cases.h"
#include "runner/process/message.h"
#include "runner/process/processes.h"
#include "runner/process/spawn.h"

/* --- messages */

/* In storage that the message points into until the next call. */
static int parse(const char *text, size_t size, struct message *out,
                 struct error *err)
{
    static char bytes[4096];

    memcpy(bytes, text, size);
    return message_parse("peer", bytes, size, out, err);
}

static int parse_text(const char *text, struct message *out, struct error *err)
{
    return parse(text, strlen(text), out, err);
}

TARE_TEST(reads_verb_and_fields)
{
    struct message m;

    TARE_REQUIRE_INT(parse_text("case\nname=a=b\nline=12\nempty=\n", &m, NULL),
                     0);
    TARE_CHECK_STR(m.verb, "case");
    TARE_CHECK_INT(m.n, 3);
    TARE_CHECK_STR(message_get(&m, "name"), "a=b");
    TARE_CHECK_STR(message_get(&m, "empty"), "");
    TARE_CHECK(message_get(&m, "other") == NULL);
    TARE_CHECK_STR(message_text(&m, "other"), "");
}

TARE_TEST(undoes_escapes)
{
    struct message m;

    TARE_REQUIRE_INT(parse_text("x\na=1\\n2\\\\n\n", &m, NULL), 0);
    TARE_CHECK_STR(message_get(&m, "a"), "1\n2\\n");
}

TARE_TEST(writes_what_it_reads)
{
    static const char value[] = "\\n is\na \\ line \t\xc3\xa4=";
    struct strbuf text = {0};
    struct message m;
    int64_t n = 0;

    message_begin(&text, "say");
    message_add(&text, "what", value);
    message_add_int(&text, "n", -42);
    TARE_REQUIRE_INT(parse(text.text, text.size, &m, NULL), 0);
    TARE_CHECK_STR(message_get(&m, "what"), value);
    TARE_CHECK_INT(message_int(&m, "n", -100, 100, 0, &n, NULL), 0);
    TARE_CHECK_INT(n, -42);
    strbuf_clear(&text);
}

TARE_TEST(refuses_broken_messages)
{
    static const struct {
        const char *text;
        size_t size;
        uint32_t line;
        const char *what;
    } broken[] = {
        {"", 0, 0, "an empty message"},
        {"a\0\n", 3, 0, "a NUL byte in a message"},
        {"ran", 3, 0, "a message that does not end its last line"},
        {"\n", 1, 1, "a message that does not begin with a verb"},
        {"Ran\n", 4, 1, "a message that does not begin with a verb"},
        {"ran\nkey\n", 8, 2, "a line that is not key=value"},
        {"ran\n\n", 5, 2, "a line that is not key=value"},
        {"ran\n=v\n", 7, 2, "a key that is not made of a-z, 0-9 and _"},
        {"ran\na=1\na=2\n", 12, 3, "a key twice"},
        {"ran\na=\\t\n", 9, 2,
         "a backslash before something else than \\ and n"},
        {"ran\na=\\\n", 8, 2,
         "a backslash before something else than \\ and n"},
        {"ran\na=\xff\n", 8, 2, "a value that is not UTF-8"},
    };

    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct message m = {.verb = "untouched"};
        struct error err = {0};

        TARE_CHECK_INT(parse(broken[i].text, broken[i].size, &m, &err),
                       ERR_PARSE);
        TARE_CHECK_STR(err.text, broken[i].what);
        TARE_CHECK_STR(err.file, "peer");
        TARE_CHECK_INT(err.line, broken[i].line);
        TARE_CHECK_STR(m.verb, "untouched");
    }
}

TARE_TEST(refuses_a_message_with_too_many_lines)
{
    struct strbuf text = {0};
    struct message m;
    struct error err = {0};

    message_begin(&text, "say");
    for (int i = 0; i <= MESSAGE_FIELDS_MAX; i++)
        strbuf_printf(&text, "k%d=1\n", i);
    TARE_CHECK_INT(parse(text.text, text.size, &m, &err), ERR_PARSE);
    TARE_CHECK_STR(err.text, "too many lines");
    strbuf_clear(&text);
}

TARE_TEST(reads_numbers_strictly)
{
    struct message m;
    struct error err = {0};
    int64_t n = 77;
    double x = 77;

    TARE_REQUIRE_INT(
        parse_text("x\na=12x\nb=99\nc=2.5e3\nd=nan\ne=0x10\n", &m, NULL), 0);
    TARE_CHECK_INT(message_int(&m, "a", 0, 9, 0, &n, &err), ERR_PARSE);
    TARE_CHECK_STR(err.text, "'a' of 'x' is '12x', not a number from 0 to 9");
    TARE_CHECK_INT(message_int(&m, "b", 0, 9, 0, &n, NULL), ERR_PARSE);
    TARE_CHECK_INT(n, 77);
    TARE_CHECK_INT(message_int(&m, "gone", 0, 9, -1, &n, NULL), 0);
    TARE_CHECK_INT(n, -1);
    TARE_CHECK_INT(message_double(&m, "d", 0, &x, NULL), ERR_PARSE);
    TARE_CHECK_INT(message_double(&m, "e", 0, &x, NULL), ERR_PARSE);
    TARE_CHECK_INT(message_double(&m, "a", 0, &x, NULL), ERR_PARSE);
    TARE_CHECK_REL(x, 77, 0);
    TARE_CHECK_INT(message_double(&m, "c", 0, &x, NULL), 0);
    TARE_CHECK_REL(x, 2500, 0);
}

/* --- cases */

static int add_case(struct peer_cases *cases, const char *text,
                    struct error *err)
{
    struct message m;
    int rc = parse_text(text, &m, err);

    return rc < 0 ? rc : peer_cases_add(cases, &m, err);
}

TARE_TEST(refuses_broken_cases)
{
    static const struct {
        const char *text, *what;
    } broken[] = {
        {"case\nkind=bench\n", "a case without a name"},
        {"case\nname=\nkind=bench\n", "a case without a name"},
        {"case\nname=a\\nb\nkind=bench\n",
         "'name' of a case holds a control character"},
        {"case\nname=a\nkind=bench\ntags=\x1b[31m\n",
         "'tags' of a case holds a control character"},
        {"case\nname=a\n", "a case is of kind '', not 'bench' or 'test'"},
        {"case\nname=a\nkind=test\nline=-1\n",
         "'line' of 'case' is '-1', not a number from 0 to 2147483647"},
    };
    struct peer_cases cases = {0};

    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct error err = {0};

        TARE_CHECK_INT(add_case(&cases, broken[i].text, &err), ERR_PARSE);
        TARE_CHECK_STR(err.text, broken[i].what);
    }
    TARE_CHECK_INT(cases.n, 0);
    peer_cases_clear(&cases);
}

TARE_TEST(counts_cases)
{
    struct peer_cases cases = {0};
    struct error err = {0};
    struct message m;

    TARE_CHECK_INT(add_case(&cases, "case\nname=a\nkind=test\n", NULL), 0);
    TARE_CHECK_INT(add_case(&cases, "case\nname=b\nkind=test\n", NULL), 0);
    TARE_REQUIRE_INT(parse_text("listed\ncases=3\n", &m, NULL), 0);
    TARE_CHECK_INT(peer_cases_finish(&cases, &m, &err), ERR_PARSE);
    TARE_CHECK_STR(err.text, "listed 2 cases but tells of 3");
    TARE_REQUIRE_INT(parse_text("listed\ncases=2\n", &m, NULL), 0);
    TARE_CHECK_INT(peer_cases_finish(&cases, &m, NULL), 0);
    peer_cases_clear(&cases);
}

/* --- descriptions of processes */

static char word_a[] = "a", word_bc[] = "b c", word_x[] = "X=1";

static void fill(struct spawn *spawn)
{
    static char *argv[] = {word_a, word_bc, NULL};
    static char *env[] = {word_x, NULL};
    static const struct spawn_fd fds[] = {{9, 1}, {9, 2}};
    static const int cpus[] = {3, 1}, nodes[] = {0};
    static const struct spawn_limit limits[] = {{4, UINT64_MAX}};

    *spawn = (struct spawn){.path = "/bin/a",
                            .argv = argv,
                            .env = env,
                            .fds = fds,
                            .n_fds = 2,
                            .cpus = cpus,
                            .n_cpus = 2,
                            .nodes = nodes,
                            .n_nodes = 1,
                            .limits = limits,
                            .n_limits = 1,
                            .nice = -3,
                            .flags = SPAWN_KEEP_LEFTOVERS};
}

TARE_TEST(a_description_survives_the_journey)
{
    struct spawn spawn, back;
    struct strbuf bytes = {0};
    struct arena arena = {0};

    fill(&spawn);
    TARE_REQUIRE_INT(spawn_pack(&spawn, &bytes, NULL), 0);
    TARE_REQUIRE_INT(
        spawn_unpack("x", bytes.text, bytes.size, &arena, &back, NULL), 0);
    TARE_CHECK_STR(back.path, "/bin/a");
    TARE_CHECK_STR(back.argv[1], "b c");
    TARE_CHECK(back.argv[2] == NULL);
    TARE_CHECK_STR(back.env[0], "X=1");
    TARE_CHECK(back.cwd == NULL);
    TARE_CHECK_INT(back.n_fds, 2);
    TARE_CHECK_INT(back.fds[1].fd, 1);
    TARE_CHECK_INT(back.fds[1].number, 2);
    TARE_CHECK_INT(back.cpus[0], 3);
    TARE_CHECK_INT(back.nodes[0], 0);
    TARE_CHECK(back.limits[0].value == UINT64_MAX);
    TARE_CHECK_INT(back.nice, -3);
    TARE_CHECK_INT(back.flags, SPAWN_KEEP_LEFTOVERS);
    arena_clear(&arena);
    strbuf_clear(&bytes);
}

/* Cut anywhere, with a tail, or with any one byte changed: an error or a valid
 * description, never more. */
TARE_TEST(a_broken_description_is_refused)
{
    struct spawn spawn, back;
    struct strbuf bytes = {0};
    struct arena arena = {0};

    fill(&spawn);
    TARE_REQUIRE_INT(spawn_pack(&spawn, &bytes, NULL), 0);
    for (size_t cut = 0; cut < bytes.size; cut++)
        TARE_CHECK_INT(spawn_unpack("x", bytes.text, cut, &arena, &back, NULL),
                       ERR_PARSE);
    for (size_t i = 0; i < bytes.size; i++)
        for (int bit = 0; bit < 8; bit++) {
            int rc;

            bytes.text[i] ^= (char)(1 << bit);
            rc = spawn_unpack("x", bytes.text, bytes.size, &arena, &back, NULL);
            TARE_CHECK(rc == 0 || rc == ERR_PARSE);
            bytes.text[i] ^= (char)(1 << bit);
        }
    strbuf_putc(&bytes, 'x');
    TARE_CHECK_INT(
        spawn_unpack("x", bytes.text, bytes.size, &arena, &back, NULL),
        ERR_PARSE);
    arena_clear(&arena);
    strbuf_clear(&bytes);
}

TARE_TEST(searches_programs_like_a_shell)
{
    struct arena arena = {0};
    struct error err = {0};
    const char *path = NULL;

    TARE_REQUIRE_INT(file_write_atomic("here/tool", "#!/bin/sh\n", 10, NULL),
                     0);
    TARE_CHECK_INT(spawn_search("here/tool", NULL, &arena, &path, &err),
                   ERR_PEER);
    TARE_CHECK_STR(err.text, "cannot run 'here/tool': it is not executable");
    chmod("here/tool", 0755);
    TARE_CHECK_INT(spawn_search("here/tool", NULL, &arena, &path, NULL), 0);
    TARE_CHECK_STR(path, "here/tool");
    TARE_CHECK_INT(spawn_search("tool", "/no:here:/bin", &arena, &path, NULL),
                   0);
    TARE_CHECK_STR(path, "here/tool");
    TARE_CHECK_INT(spawn_search("tool", "/no::/bin", &arena, &path, &err),
                   ERR_PEER);
    TARE_CHECK_STR(err.text, "cannot run 'tool': no such program in PATH");
    TARE_CHECK_STR(err.help, "give its path, such as ./tool");
    TARE_CHECK_INT(spawn_search("tool", NULL, &arena, &path, NULL), ERR_PEER);
    TARE_CHECK_INT(spawn_search("", "/bin", &arena, &path, NULL), ERR_PEER);
    TARE_CHECK_INT(spawn_search("./here", NULL, &arena, &path, &err), ERR_PEER);
    TARE_CHECK_STR(err.text, "cannot run './here': it is a folder");
    file_remove_tree("here", NULL);
    arena_clear(&arena);
}

/* --- /proc */

TARE_TEST(reads_the_line_of_a_process)
{
    struct process p;

    TARE_CHECK(process_parse_stat("12 (a) b (c)) Z 3 4 5 0 -1 4194560", &p));
    TARE_CHECK_INT(p.pid, 12);
    TARE_CHECK_INT(p.state, 'Z');
    TARE_CHECK_INT(p.parent, 3);
    TARE_CHECK_INT(p.group, 4);
    TARE_CHECK_INT(p.session, 5);
    TARE_CHECK(!process_parse_stat("12 (a", &p));
    TARE_CHECK(!process_parse_stat("12 (a) R 3", &p));
    TARE_CHECK(!process_parse_stat("", &p));
}

TARE_TEST(reads_the_environment_of_a_process)
{
    char value[5];

    TARE_CHECK(process_variable(getpid(), "builddir", value, sizeof value));
    TARE_CHECK(strncmp(value, getenv("builddir"), sizeof value - 1) == 0);
    TARE_CHECK(!process_variable(getpid(), "builddi", value, sizeof value));
    TARE_CHECK(!process_variable(0, "builddir", value, sizeof value));
}
