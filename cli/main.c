/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tare: what is common to all commands. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "adapt/command_counts.h"
#include "adapt/command_worker.h"
#include "base/file.h"
#include "base/scope.h"
#include "bench/tare.h"
#include "bench/wire.h"
#include "cli/cmd.h"
#include "cli/dispatch.h"
#include "cli/help.h"
#include "runner/measure/anchors.h"
#include "runner/measure/kernels.h"
#include "runner/process/guardian.h"
#include "stats/gsl_errors.h"

/* A standard stream that came closed would give its number to the next file
 * opened, a database for one.  /dev/null takes the place, opened so that a
 * write to a closed standard output still fails. */
static void fill_standard_streams(void)
{
    static const int modes[] = {O_RDONLY, O_RDONLY, O_RDWR};

    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", modes[fd]) != fd)
            _exit(CLI_UNMEASURED);
}

/* What was written before the end may have failed long ago: ask the pipe. */
static bool reader_left(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO};

    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

/* Standard output must have taken everything.  A reader that left early
 * ("tare list | head") knows why, so nothing is said then. */
static enum cli_exit check_stdout(enum cli_exit status)
{
    struct error err = {0};

    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    if (errno != EPIPE && !reader_left()) {
        ERROR(&err, ERR_SYS, "cannot write standard output");
        error_print(&err, stderr);
    }
    return cli_worst(status, CLI_UNMEASURED);
}

static void print_error(const struct error *err, bool debug)
{
    error_print(err, stderr);
    if (debug && err->src_file)
        fprintf(stderr, "raised at %s:%d\n", err->src_file, err->src_line);
}

static int overview(FILE *out)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    help_overview(&text, cli_commands);
    fputs(strbuf_text(&text), out);
    return CLI_OK;
}

static int show_help(struct cli *cli, struct error *err)
{
    SCOPED(strbuf_scoped) struct strbuf text = {0};

    help_command(&text, cli->cmd);
    return cli_write(cli, &text, err);
}

static int needs_second_word(const struct cli_cmd *cmd, struct error *err)
{
    ERROR(err, ERR_USAGE, "'tare %s' needs a command", cmd->name);
    return error_help(err, "'tare help %s' lists them", cmd->name);
}

/* Reads the rest of the words and runs the command. */
static int run(struct cli *cli, int argc, char **argv, struct error *err)
{
    int rc =
        options_parse(&cli->options, cli->cmd, cli->commands, argc, argv, err);

    if (rc < 0)
        return rc;
    if (cli->options.help) {
        cli->options.output = NULL;
        return show_help(cli, err);
    }
    if (!cli->cmd->run)
        return needs_second_word(cli->cmd, err);
    cli->out =
        terminal_look(STDOUT_FILENO, (enum when)cli->options.color, getenv);
    cli->err =
        terminal_look(STDERR_FILENO, (enum when)cli->options.color, getenv);
    if (cli->options.output)
        rc = file_may_write(cli->options.output, err);
    if (rc == 0 && cli->cmd->needs_guardian)
        rc = guardian_start(&cli->guardian, err);
    return rc < 0 ? rc : cli->cmd->run(cli, err);
}

static enum cli_exit dispatch(int argc, char **argv)
{
    struct cli cli = {.commands = cli_commands};
    struct error err = {0};
    enum cli_exit status;
    int rc = cli_resolve(cli_commands, (const char *const *)argv + 1,
                         (size_t)argc - 1, &cli.cmd, &err);

    if (rc > 0)
        rc = run(&cli, argc - 1 - rc, argv + 1 + rc, &err);
    if (err.code != ERR_OK)
        print_error(&err, cli.options.debug);
    status = rc < 0 ? cli_exit_of(err.code) : (enum cli_exit)rc;
    guardian_stop(cli.guardian);
    options_clear(&cli.options);
    return status;
}

static bool is_one_of(const char *word, const char *a, const char *b)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

/* Started as a worker: of what Tare carries itself, and of commands. */
static int serve(int argc, char **argv)
{
    const char *commands = getenv(COMMAND_WORKER_VARIABLE);
    const struct command_counting counting = {
        .list = getenv(COMMAND_COUNTS_VARIABLE),
        .library = getenv(COMMAND_ALLOC_VARIABLE),
    };
    struct error err = {0};
    size_t n_kernels;

    anchors_link();
    kernels(&n_kernels);
    if (commands && (command_worker_register(commands, &counting, &err) < 0 ||
                     command_worker_shrink(&err) < 0)) {
        print_error(&err, false);
        return CLI_UNMEASURED;
    }
    return tare_main(argc, argv);
}

int main(int argc, char **argv)
{
    enum cli_exit status = CLI_OK;

    fill_standard_streams();
    signal(SIGPIPE, SIG_IGN); /* a run must outlive the reader of its output */
    setvbuf(stderr, NULL, _IOLBF, 0);
    stats_gsl_errors_off();
    if (argc < 2) {
        overview(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], WIRE_ARGUMENT) == 0)
        return serve(argc, argv);
    if (is_one_of(argv[1], "--help", "-h"))
        overview(stdout);
    else if (is_one_of(argv[1], "--version", "-V"))
        puts("tare " PACKAGE_VERSION);
    else
        status = dispatch(argc, argv);
    return check_stdout(status);
}
