/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "cli/history_when.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/units.h"
#include "config/policy.h"

enum { DAYS_MAX = 36500, DAY_S = 24 * 60 * 60 };

/* "30d" */
static bool days_ago(const char *word, int64_t now, char out[WHEN_TEXT])
{
    size_t n = strspn(word, "0123456789");
    char digits[8] = "";
    struct tm utc;
    int64_t days;
    time_t then;

    if (n == 0 || n >= sizeof digits || strcmp(word + n, "d") != 0)
        return false;
    memcpy(digits, word, n);
    if (parse_int(digits, 0, DAYS_MAX, &days, NULL) < 0)
        return false;
    then = (time_t)(now - days * DAY_S);
    gmtime_r(&then, &utc);
    return strftime(out, WHEN_TEXT, "%Y-%m-%dT%H:%M:%SZ", &utc) > 0;
}

/* "T10:00:00Z" */
static bool is_time(const char *text)
{
    static const char form[] = "T00:00:00Z";

    for (size_t i = 0; i < sizeof form; i++)
        if (form[i] == '0' ? text[i] < '0' || text[i] > '9'
                           : text[i] != form[i])
            return false;
    return true;
}

bool history_when(const char *word, int64_t now, char out[WHEN_TEXT])
{
    enum { DAY = 10 };
    char day[DAY + 1] = "";

    if (days_ago(word, now, out))
        return true;
    if (strlen(word) < DAY)
        return false;
    memcpy(day, word, DAY);
    if (!is_date(day) || (word[DAY] && !is_time(word + DAY)))
        return false;
    snprintf(out, WHEN_TEXT, "%s%s", day,
             word[DAY] ? word + DAY : "T00:00:00Z");
    return true;
}
