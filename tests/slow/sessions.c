/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "tests/slow/sessions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct session_group groups[SESSION_GROUPS];
static size_t n_groups;

static void word_to(char *out, size_t size, char *word)
{
    snprintf(out, size, "%s", word ? word : "");
}

static void read_line(char *line, struct session_group *g)
{
    char *word;

    word_to(g->kind, sizeof g->kind, strtok(line, " \n"));
    word_to(g->session, sizeof g->session, strtok(NULL, " \n"));
    word_to(g->bench, sizeof g->bench, strtok(NULL, " \n"));
    while ((word = strtok(NULL, " \n")) && g->n < SESSION_VALUES)
        g->value[g->n++] = log(strtod(word, NULL));
}

static void read_file(const char *name)
{
    const char *folder = getenv("SLOW_DATA");
    char line[4096], path[1024];
    FILE *in;

    snprintf(path, sizeof path, "%s/%s", folder ? folder : ".", name);
    in = fopen(path, "r");
    if (!in) {
        perror(path);
        exit(2);
    }
    while (fgets(line, sizeof line, in) && n_groups < SESSION_GROUPS)
        if (line[0] != '#')
            read_line(line, &groups[n_groups++]);
    fclose(in);
}

const struct session_group *sessions_read(size_t *count)
{
    n_groups = 0;
    read_file("sessions.txt");
    read_file("pairs.txt");
    read_file("sittings.txt");
    *count = n_groups;
    return groups;
}

size_t sessions_of(const char *kind, const char *bench,
                   const struct session_group **out)
{
    size_t n = 0;

    for (size_t i = 0; i < n_groups; i++)
        if (!strcmp(groups[i].kind, kind) &&
            (!bench || !strcmp(groups[i].bench, bench)))
            out[n++] = &groups[i];
    return n;
}
