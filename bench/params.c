/* SPDX-License-Identifier: MIT */
/* Parameters: a cursor over the text, one function for each rule of the
 * grammar. */
#include <config.h>

#include "bench/params.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct cursor {
    const char *begin, *at, *end;
    struct tarei_problem *problem;
};

/* A range written as lo..hi, lo..hi+step or lo..hi*step. */
struct range {
    int64_t low, high, step;
    int multiply;
};

__attribute__((format(printf, 3, 4))) static int problem_at(struct cursor *c,
                                                            const char *at,
                                                            const char *fmt,
                                                            ...)
{
    va_list ap;

    c->problem->at = (size_t)(at - c->begin);
    va_start(ap, fmt);
    vsnprintf(c->problem->text, sizeof c->problem->text, fmt, ap);
    va_end(ap);
    return -1;
}

static int is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_text(char c)
{
    return (unsigned char)c > ' ' && c != 0x7f && !strchr(",;=[]\"'\\*?", c);
}

static void skip_space(struct cursor *c)
{
    while (c->at < c->end && is_space(*c->at))
        c->at++;
}

static int take(struct cursor *c, char wanted)
{
    skip_space(c);
    if (c->at == c->end || *c->at != wanted)
        return 0;
    c->at++;
    return 1;
}

static int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

static int64_t suffix_factor(const char *text, size_t size)
{
    static const struct {
        const char *text;
        int64_t factor;
    } suffix[] = {{"", 1},           {"k", 1000},     {"M", 1000000},
                  {"G", 1000000000}, {"Ki", 1 << 10}, {"Mi", 1 << 20},
                  {"Gi", 1 << 30}};

    for (size_t i = 0; i < sizeof suffix / sizeof suffix[0]; i++)
        if (strlen(suffix[i].text) == size &&
            memcmp(suffix[i].text, text, size) == 0)
            return suffix[i].factor;
    return 0;
}

/* Digits from *at on, as a negative number, because INT64_MIN has no positive
 * counterpart.  Moves *at behind them; -1 when there are none or too many. */
static int read_digits(const char **at, const char *end, int base,
                       int64_t *value)
{
    const char *begin = *at;

    *value = 0;
    for (; *at < end && hex_digit(**at) < base; ++*at)
        if (__builtin_mul_overflow(*value, base, value) ||
            __builtin_sub_overflow(*value, hex_digit(**at), value))
            return -1;
    return *at == begin ? -1 : 0;
}

int tarei_params_int(const char *text, size_t size, int64_t *out)
{
    const char *at = text, *end = text + size;
    int negative = at < end && *at == '-';
    int base = 10;
    int64_t value, factor;

    if (at < end && (*at == '-' || *at == '+'))
        at++;
    if (end - at > 2 && at[0] == '0' && at[1] == 'x') {
        base = 16;
        at += 2;
    }
    if (read_digits(&at, end, base, &value) < 0)
        return -1;
    factor = suffix_factor(at, (size_t)(end - at));
    if (factor == 0)
        return -1;
    if (__builtin_mul_overflow(value, negative ? factor : -factor, &value))
        return -1;
    *out = value;
    return 0;
}

/* "a..b" is a range only where numbers stand on both sides, so that a plain
 * text may hold dots. */
static const char *find_dots(const char *at, const char *end)
{
    for (; end - at > 2; at++)
        if (at[0] == '.' && at[1] == '.')
            return at;
    return NULL;
}

/* Splits the text at..end; 1 when it is a range, 0 when it is a plain text. */
static int split_range(const char *at, const char *end, struct range *r)
{
    const char *dots = find_dots(at, end);
    const char *mark;

    if (!dots || tarei_params_int(at, (size_t)(dots - at), &r->low) < 0)
        return 0;
    mark = dots + 3; /* a sign is no operator */
    while (mark < end && *mark != '*' && *mark != '+')
        mark++;
    if (tarei_params_int(dots + 2, (size_t)(mark - dots - 2), &r->high) < 0)
        return 0;
    r->step = 1;
    r->multiply = mark < end && *mark == '*';
    if (mark == end)
        return 1;
    return tarei_params_int(mark + 1, (size_t)(end - mark - 1), &r->step) == 0;
}

/* How many values a checked range has, at most `most`. */
static size_t range_size(const struct range *r, size_t most)
{
    uint64_t span = (uint64_t)r->high - (uint64_t)r->low;
    int64_t value = r->low;
    size_t n = 1;

    if (!r->multiply) {
        span /= (uint64_t)r->step;
        return span < most ? (size_t)span + 1 : most;
    }
    while (n < most && !__builtin_mul_overflow(value, r->step, &value) &&
           value <= r->high)
        n++;
    return n;
}

/* The k-th value, k < range_size(). */
static int64_t range_value(const struct range *r, size_t k)
{
    int64_t value = r->low;

    if (!r->multiply)
        return value + (int64_t)k * r->step;
    while (k-- > 0)
        value *= r->step;
    return value;
}

static int range_count(struct cursor *c, const char *at, const struct range *r,
                       size_t *count)
{
    if (r->low > r->high)
        return problem_at(c, at, "the range ends before it begins");
    if (r->multiply && (r->low < 1 || r->step < 2))
        return problem_at(c, at,
                          "a range with '*' starts at 1 or more and "
                          "multiplies by 2 or more");
    if (r->step < 1)
        return problem_at(c, at, "the step of a range is 1 or more");
    *count = range_size(r, PARAMS_COMBINATIONS + 1);
    if (*count > PARAMS_COMBINATIONS)
        return problem_at(c, at, "the range has more than %d values",
                          PARAMS_COMBINATIONS);
    return 0;
}

/* '*' belongs to a range; in a plain text it would make ids that no pattern
 * could match exactly. */
static const char *value_end(const char *at, const char *end)
{
    while (at < end && (is_text(*at) || *at == '*'))
        at++;
    return at;
}

static int parse_value(struct cursor *c, size_t *count)
{
    const char *at, *end;
    struct range r;

    skip_space(c);
    at = c->at;
    end = c->at = value_end(at, c->end);
    *count = 1;
    if (at == end)
        return problem_at(c, at, "expected a value");
    if (split_range(at, end, &r))
        return range_count(c, at, &r, count);
    if (memchr(at, '*', (size_t)(end - at)))
        return problem_at(c, at, "'*' stands only in a range, as in 1..64*2");
    return 0;
}

static int parse_values(struct cursor *c, struct tarei_axis *axis)
{
    skip_space(c);
    axis->values = c->at;
    axis->count = 0;
    do {
        size_t count;

        if (parse_value(c, &count) < 0)
            return -1;
        axis->count += count;
        axis->end = c->at;
        if (axis->count > PARAMS_COMBINATIONS)
            return problem_at(c, axis->values, "more than %d values",
                              PARAMS_COMBINATIONS);
    } while (take(c, ','));
    return 0;
}

static int parse_name(struct cursor *c, struct tarei_axis *axis)
{
    skip_space(c);
    axis->name = c->at;
    if (c->at == c->end || !is_letter(*c->at))
        return problem_at(c, c->at, "expected the name of a parameter");
    while (c->at < c->end &&
           (is_letter(*c->at) || is_digit(*c->at) || *c->at == '_'))
        c->at++;
    axis->name_length = (size_t)(c->at - axis->name);
    return 0;
}

/* A value that stood twice would make two cases of one name. */
static int check_unique(struct cursor *c, const struct tarei_axis *axis)
{
    char one[PARAMS_TEXT], two[PARAMS_TEXT];

    for (size_t i = 0; i < axis->count; i++) {
        if (tarei_params_value(axis, i, one, sizeof one) < 0)
            return problem_at(c, axis->values, "a value is too long");
        /* Ranges only grow, so long lists need no quadratic search. */
        for (size_t k = i + 1; k < axis->count && axis->count < 256; k++)
            if (tarei_params_value(axis, k, two, sizeof two) >= 0 &&
                strcmp(one, two) == 0)
                return problem_at(c, axis->values,
                                  "parameter '%.*s' has the value %.40s twice",
                                  (int)axis->name_length, axis->name, one);
    }
    return 0;
}

static int add_axis(struct cursor *c, struct tarei_axes *axes,
                    const struct tarei_axis *axis)
{
    for (size_t i = 0; i < axes->n; i++)
        if (axes->axis[i].name_length == axis->name_length &&
            memcmp(axes->axis[i].name, axis->name, axis->name_length) == 0)
            return problem_at(c, c->begin, "parameter '%.*s' stands twice",
                              (int)axis->name_length, axis->name);
    if (axes->n == PARAMS_MAX)
        return problem_at(c, c->begin, "more than %d parameters", PARAMS_MAX);
    if (check_unique(c, axis) < 0)
        return -1;
    if (axes->n == 0)
        axes->combinations = 1;
    axes->combinations *= axis->count;
    if (axes->combinations > PARAMS_COMBINATIONS)
        return problem_at(c, axis->values, "more than %d combinations",
                          PARAMS_COMBINATIONS);
    axes->axis[axes->n++] = *axis;
    return 0;
}

static int parse_axis(struct cursor *c, struct tarei_axes *axes)
{
    struct tarei_axis axis;

    if (parse_name(c, &axis) < 0)
        return -1;
    if (!take(c, '='))
        return problem_at(c, c->at, "expected '=' after '%.*s'",
                          (int)axis.name_length, axis.name);
    if (parse_values(c, &axis) < 0)
        return -1;
    return add_axis(c, axes, &axis);
}

int tarei_params_parse(const char *text, size_t size, struct tarei_axes *axes,
                       struct tarei_problem *problem)
{
    struct cursor c = {text, text, text + size, problem};

    if (axes->n == 0)
        axes->combinations = 1;
    for (skip_space(&c); c.at < c.end; skip_space(&c)) {
        if (parse_axis(&c, axes) < 0)
            return -1;
        if (!take(&c, ';') && c.at < c.end)
            return problem_at(&c, c.at, "expected ',' or ';'");
    }
    return 0;
}

int tarei_params_values(const char *name, const char *text, size_t size,
                        struct tarei_axes *axes, struct tarei_problem *problem)
{
    struct cursor c = {text, text, text + size, problem};
    struct tarei_axis axis = {.name = name, .name_length = strlen(name)};

    if (axes->n == 0)
        axes->combinations = 1;
    if (parse_values(&c, &axis) < 0)
        return -1;
    skip_space(&c);
    if (c.at < c.end)
        return problem_at(&c, c.at, "expected ','");
    return add_axis(&c, axes, &axis);
}

/* The k-th value of one item of the list; 0, with k reduced, when it lies
 * behind. */
static int item_value(const char *at, const char *end, size_t *k, char *out,
                      size_t size, int *length)
{
    struct range r;
    int range = split_range(at, end, &r);
    size_t n = range ? range_size(&r, PARAMS_COMBINATIONS) : 1;

    if (*k >= n) {
        *k -= n;
        return 0;
    }
    if (range)
        *length = snprintf(out, size, "%" PRId64, range_value(&r, *k));
    else
        *length = snprintf(out, size, "%.*s", (int)(end - at), at);
    return 1;
}

int tarei_params_value(const struct tarei_axis *axis, size_t k, char *out,
                       size_t size)
{
    int length = -1;

    for (const char *at = axis->values; at < axis->end; at++) {
        const char *end = value_end(at, axis->end);

        if (end == at)
            continue; /* a space or a comma */
        if (item_value(at, end, &k, out, size, &length))
            break;
        at = end - 1;
    }
    return length >= 0 && (size_t)length < size ? length : -1;
}

/* Where in a range a number would stand; at range_size() or beyond when
 * nowhere. */
static size_t range_place(const struct range *r, int64_t value)
{
    size_t place = 0;

    if (value < r->low || value > r->high)
        return PARAMS_COMBINATIONS;
    if (!r->multiply)
        return (size_t)(((uint64_t)value - (uint64_t)r->low) /
                        (uint64_t)r->step);
    while (value > r->low) {
        value /= r->step;
        place++;
    }
    return place;
}

/* Does one item of the list hold this text, and where?  *n is how many values
 * it has. */
static int item_find(const char *at, const char *end, const char *text,
                     size_t size, size_t *place, size_t *n)
{
    char found[32];
    struct range r;
    int64_t value;

    *place = 0;
    *n = 1;
    if (!split_range(at, end, &r))
        return (size_t)(end - at) == size && memcmp(at, text, size) == 0;
    *n = range_size(&r, PARAMS_COMBINATIONS);
    if (tarei_params_int(text, size, &value) < 0)
        return 0;
    *place = range_place(&r, value);
    if (*place >= *n)
        return 0;
    /* "0x10" is a number too, but not how 16 is written. */
    snprintf(found, sizeof found, "%" PRId64, range_value(&r, *place));
    return strlen(found) == size && memcmp(found, text, size) == 0;
}

int tarei_params_find(const struct tarei_axis *axis, const char *text,
                      size_t size, size_t *k)
{
    size_t before = 0;

    for (const char *at = axis->values; at < axis->end; at++) {
        const char *end = value_end(at, axis->end);
        size_t place, n;

        if (end == at)
            continue; /* a space or a comma */
        if (item_find(at, end, text, size, &place, &n)) {
            *k = before + place;
            return 0;
        }
        before += n;
        at = end - 1;
    }
    return -1;
}
