/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantities in and out of text. */
#include <config.h>

#include "base/units.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/scope.h"

struct scale {
    const char *suffix;
    double factor;
};

static const struct scale durations[] = {
    {"ns", 1},   {"us", 1e3},   {"ms", 1e6},   {"s", 1e9},
    {"m", 60e9}, {"min", 60e9}, {"h", 3600e9},
};

/* A plain decimal number: no sign, no hexadecimal, no "inf". */
static const char *number(const char *text, double *out)
{
    char *end;

    if (!isdigit((unsigned char)text[0]) ||
        (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')))
        return NULL;
    *out = strtod(text, &end);
    return isfinite(*out) ? end : NULL;
}

static const struct scale *find_scale(const struct scale *scales, size_t n,
                                      const char *suffix)
{
    while (*suffix == ' ')
        suffix++;
    for (size_t i = 0; i < n; i++)
        if (strcmp(scales[i].suffix, suffix) == 0)
            return &scales[i];
    return NULL;
}

int parse_duration(const char *text, int64_t *out_ns, struct error *err)
{
    double value;
    const char *suffix = number(text, &value);
    const struct scale *scale =
        suffix ? find_scale(durations, ARRAY_LEN(durations), suffix) : NULL;

    if (suffix && *suffix == '\0' && value == 0) {
        *out_ns = 0;
        return 0;
    }
    if (!scale)
        return ERROR(err, ERR_RANGE,
                     "expected a duration such as 10s, 1.5ms or 2m, not '%s'",
                     text);
    if (value * scale->factor > 3.6e15)
        return ERROR(err, ERR_RANGE, "'%s' is longer than 1000 hours", text);
    *out_ns = (int64_t)llround(value * scale->factor);
    return 0;
}

int parse_ratio(const char *text, double *out, struct error *err)
{
    double value;
    const char *suffix = number(text, &value);

    while (suffix && *suffix == ' ')
        suffix++;
    if (!suffix || (*suffix && strcmp(suffix, "%") != 0))
        return ERROR(err, ERR_RANGE,
                     "expected a share such as 2%% or 0.02, not '%s'", text);
    if (*suffix == '%') {
        value /= 100;
    } else if (value >= 1) {
        ERROR(err, ERR_RANGE, "'%s' without %% would be %.0f %%", text,
              value * 100);
        return error_help(err, "write %s%%, or %g for as much", text,
                          value / 100),
               (int)ERR_RANGE;
    }
    if (value > 10)
        return ERROR(err, ERR_RANGE, "'%s' is more than 1000%%", text);
    *out = value;
    return 0;
}

int parse_int(const char *text, int64_t low, int64_t high, int64_t *out,
              struct error *err)
{
    char *end;
    long long value;

    errno = 0;
    value = strtoll(text, &end, 10);
    if (end == text || *end || isspace((unsigned char)text[0]) || errno ||
        value < low || value > high)
        return ERROR(err, ERR_RANGE,
                     "expected a whole number from %lld to %lld, not '%s'",
                     (long long)low, (long long)high, text);
    *out = value;
    return 0;
}

/* Four significant digits: decimals shrink as the number grows. */
static int decimals(double value)
{
    double size = fabs(value);

    if (size >= 1000)
        return 0;
    return size >= 100 ? 1 : size >= 10 ? 2 : 3;
}

char *format_quantity(char out[QUANTITY_TEXT], double value, const char *unit)
{
    static const char *const times[] = {"ns", "us", "ms", "s"};
    static const char *const prefixes[] = {"", "k", "M", "G", "T"};
    bool is_time = strcmp(unit, "ns") == 0;
    int last = is_time ? 3 : 4, step = 0;
    const char *prefix, *name;

    if (!isfinite(value)) {
        snprintf(out, QUANTITY_TEXT, "unknown");
        return out;
    }
    while (fabs(value) >= 999.95 && step < last) {
        value /= 1000;
        step++;
    }
    prefix = is_time ? "" : prefixes[step];
    name = is_time ? times[step] : strcmp(unit, "1") == 0 ? "" : unit;
    if (step == 0 && !is_time && value == trunc(value))
        snprintf(out, QUANTITY_TEXT, "%.0f%s%.16s", value, *name ? " " : "",
                 name);
    else
        snprintf(out, QUANTITY_TEXT, "%.*f%s%s%.16s", decimals(value), value,
                 *name || *prefix ? " " : "", prefix, name);
    return out;
}

char *format_duration(char out[QUANTITY_TEXT], int64_t ns)
{
    double s = (double)ns / 1e9;

    if (s >= 3600)
        snprintf(out, QUANTITY_TEXT, "%d h %d min", (int)(s / 3600),
                 (int)fmod(s / 60, 60));
    else if (s >= 99.5)
        snprintf(out, QUANTITY_TEXT, "%d min %d s", (int)(s / 60),
                 (int)fmod(s, 60));
    else if (s >= 0.9995)
        snprintf(out, QUANTITY_TEXT, "%.1f s", s);
    else if (s >= 1e-3)
        snprintf(out, QUANTITY_TEXT, "%.0f ms", s * 1e3);
    else
        snprintf(out, QUANTITY_TEXT, "%.0f us", s * 1e6);
    return out;
}

/* Beyond this a percentage says less than a factor does. */
static const double percent_most = 1000;

static bool is_far(double ratio)
{
    return isfinite(ratio) && (ratio - 1) * 100 > percent_most;
}

/* Three significant digits, and all those before the point. */
static void put_factor(char out[QUANTITY_TEXT], double ratio)
{
    double size = ratio > 0 ? floor(log10(ratio)) : 0;

    snprintf(out, QUANTITY_TEXT, "%.*f x", (int)fmin(fmax(2 - size, 0), 6),
             ratio);
}

static void put_percent(char out[QUANTITY_TEXT], double ratio)
{
    double percent = (ratio - 1) * 100;

    snprintf(out, QUANTITY_TEXT, "%+.*f %%", fabs(percent) < 10 ? 2 : 1,
             percent);
}

static void put_change(char out[QUANTITY_TEXT], double ratio, bool far)
{
    if (!isfinite(ratio))
        snprintf(out, QUANTITY_TEXT, "unknown");
    else if (far)
        put_factor(out, ratio);
    else
        put_percent(out, ratio);
}

char *format_change(char out[QUANTITY_TEXT], double ratio)
{
    put_change(out, ratio, is_far(ratio));
    return out;
}

void format_changes(char low_out[QUANTITY_TEXT], char high_out[QUANTITY_TEXT],
                    double low, double high)
{
    bool far = is_far(low) || is_far(high);

    put_change(low_out, low, far);
    put_change(high_out, high, far);
}

void format_interval(char out[INTERVAL_TEXT], double low, double high)
{
    char from[QUANTITY_TEXT], to[QUANTITY_TEXT];
    char *unit;

    format_changes(from, to, low, high);
    unit = strrchr(from, ' ');
    if (unit)
        *unit = '\0';
    snprintf(out, INTERVAL_TEXT, "%s to %s", from, to);
}
