/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of the baseline format that both directions keep. */
#include <config.h>

#include "config/baseline_schema.h"

#include <ctype.h>
#include <string.h>

#include "base/scope.h"
#include "config/baseline.h"
#include "config/policy.h"

bool is_timestamp(const char *text)
{
    static const char form[] = "0000-00-00T00:00:00Z";
    char day[11];

    if (strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; i < sizeof form - 1; i++)
        if (form[i] == '0' ? !isdigit((unsigned char)text[i])
                           : text[i] != form[i])
            return false;
    memcpy(day, text, 10);
    day[10] = '\0';
    return is_date(day) && memcmp(text + 11, "24", 2) < 0 && text[14] < '6' &&
           (text[17] < '6' || memcmp(text + 17, "60", 2) == 0);
}

const char *metric_contradiction(const struct metric *metric)
{
    enum better better;
    const char *unit;

    if (!metric_known(metric->name, &unit, &better))
        return NULL;
    if (strcmp(metric->unit, unit) != 0)
        return "has another unit";
    return metric->better == better ? NULL : "is better the other way";
}

bool metric_may_be_negative(const struct metric *metric)
{
    static const char *const times[] = {"ns", "us", "ms", "s", "min", "h"};
    enum better better;
    const char *unit;

    if (metric_known(metric->name, &unit, &better))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(times); i++)
        if (strcmp(metric->unit, times[i]) == 0)
            return false;
    return true;
}

bool is_baseline_name(const char *word)
{
    size_t n = strlen(word);

    if (n == 0 || n > 100 || word[0] == '.' || word[0] == '-')
        return false;
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)word[i]) && !strchr("._-", word[i]))
            return false;
    return true;
}
