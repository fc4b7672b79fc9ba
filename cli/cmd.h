/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One subcommand, described once: dispatch, --help, completion and the test of
 * the manual are made from this. */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include <stdbool.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "cli/exit.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "report/text.h"

/* Headings of `tare --help`. */
enum cli_group {
    CLI_GROUP_NONE = 0,
    CLI_MEASURE,
    CLI_TESTS,
    CLI_RECORDS,
    CLI_MACHINE,
    CLI_SUPPORT,
    CLI_GROUP_COUNT
};

struct guardian;

/* What a command gets: the words of the user and the surroundings. */
struct cli {
    const struct cli_cmd *cmd;
    const struct cli_cmd *const *commands; /* all, NULL-terminated */
    struct options options;
    struct terminal out;       /* standard output */
    struct terminal err;       /* standard error, where progress is drawn */
    struct guardian *guardian; /* NULL unless cmd->needs_guardian */
};

struct cli_cmd {
    const char *name;    /* as typed */
    const char *parent;  /* the word before it: "baseline" for `save`; else
                          * NULL */
    const char *args;    /* synopsis after the options, "" when none */
    const char *summary; /* under 60 columns, no full stop */
    enum cli_group group;
    int min_args;                /* operands */
    int max_args;                /* -1 for no limit */
    const enum opt_id *options;  /* ends with OPT_END; --help keeps the order,
                                  * so the most used come first */
    unsigned formats;            /* mask of FORMAT_BIT(): with OPT_FORMAT */
    const char *(*word)(size_t index); /* that the first operand may be, NULL
                                        * behind the last; or NULL */
    const char *const *examples; /* whole command lines, NULL-terminated */
    bool compares_counts;        /* takes a list of numbers of workers */
    bool hidden;                 /* for Tare's own use: not in any list */
    bool needs_guardian;         /* starts processes: a guardian is made before
                          * anything else is */
    const struct cli_cmd *const *subs; /* commands of a second word, or NULL;
                                        * then `run` is NULL too unless the
                                        * second word may be an operand */

    /* Does it.  Returns an enum cli_exit, or a negative error code with *err
     * filled, which then sets the status by cli_exit_of().  Where *err is
     * filled it is printed in either case. */
    int (*run)(struct cli *cli, struct error *err);
};

#define FORMAT_BIT(format) (1u << (format))

/* Every command, in the order of the help, NULL-terminated. */
extern const struct cli_cmd *const cli_commands[];

/* The command of this name in a list, hidden or not; NULL when there is none.
 */
const struct cli_cmd *cli_find(const struct cli_cmd *const *commands,
                               const char *name);

/* "gate" or "baseline save", for messages.  Returns out. */
enum { CLI_TITLE = 48 };
const char *cli_title(const struct cli_cmd *cmd, char out[CLI_TITLE]);

/* Does the command take the option?  Every command takes --help and --debug. */
bool cli_takes(const struct cli_cmd *cmd, enum opt_id id);

/* How people want to read the document: as wide as standard output, in colours
 * unless it goes to a file, as long as --quiet and --verbose say. */
struct text_style cli_style(const struct cli *cli);

/* Write a finished document: to the file of --output, whole or not at all,
 * else to standard output.  Returns 0, ERR_NOMEM when the text is incomplete
 * for lack of memory, or ERR_SYS.  (main() finds out whether standard output
 * took it.) */
int cli_write(const struct cli *cli, const struct strbuf *text,
              struct error *err);

#endif
