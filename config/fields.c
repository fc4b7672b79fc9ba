/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maps and single values from events. */
#include <config.h>

#include "config/fields.h"

#include <assert.h>
#include <float.h>
#include <string.h>

#include "base/nearest.h"
#include "config/numbers.h"

int input_next(struct input *in)
{
    return events_next(in->events, &in->e, in->err);
}

int input_no_memory(struct input *in)
{
    return ERROR(in->err, ERR_NOMEM, "no memory to read '%s'", in->file);
}

int input_expect(struct input *in, enum event_kind kind)
{
    if (in->e.kind == kind)
        return 0;
    return FAIL(in, ERR_PARSE, "expected %s, found %s", event_kind_name(kind),
                event_kind_name(in->e.kind));
}

int input_duplicate(struct input *in, const char *key)
{
    return FAIL(in, ERR_PARSE, "the key '%.100s' stands here twice", key);
}

static int unknown_key(struct input *in, const struct field *fields, size_t n)
{
    struct nearest nearest = {.word = in->e.text};

    FAIL(in, ERR_PARSE, "unknown key '%.100s'", in->e.text);
    for (size_t i = 0; i < n; i++)
        nearest_try(&nearest, fields[i].name);
    if (nearest_found(&nearest))
        error_help(in->err, "did you mean '%s'?", nearest_found(&nearest));
    return ERR_PARSE;
}

int fields_missing(struct input *in, const struct field *fields, size_t n,
                   unsigned seen, struct place at)
{
    for (size_t i = 0; i < n; i++)
        if (fields[i].required && !(seen & 1u << i))
            return FAIL_AT(in, ERR_PARSE, at, "the key '%s' is missing",
                           fields[i].name);
    return 0;
}

int read_field(struct input *in, const struct field *fields, size_t n,
               unsigned *seen, void *to)
{
    size_t i = 0;
    int rc = input_expect(in, EVENT_TEXT);

    if (rc < 0)
        return rc;
    while (i < n && strcmp(fields[i].name, in->e.text) != 0)
        i++;
    if (i == n)
        return unknown_key(in, fields, n);
    if (*seen & 1u << i)
        return input_duplicate(in, fields[i].name);
    *seen |= 1u << i;
    rc = input_next(in);
    return rc < 0 ? rc : fields[i].read(in, (char *)to + fields[i].offset);
}

int read_fields(struct input *in, const struct field *fields, size_t n,
                void *to)
{
    struct place at = in->e.at;
    unsigned seen = 0;
    int rc = input_expect(in, EVENT_MAP);

    assert(n <= FIELDS_MAX);
    while (rc == 0) {
        rc = input_next(in);
        if (rc < 0 || in->e.kind == EVENT_MAP_END)
            break;
        rc = read_field(in, fields, n, &seen, to);
    }
    return rc < 0 ? rc : fields_missing(in, fields, n, seen, at);
}

static int read_each(struct input *in, enum event_kind begin,
                     enum event_kind end,
                     int (*each)(struct input *in, void *to), void *to)
{
    int rc = input_expect(in, begin);

    while (rc == 0) {
        rc = input_next(in);
        if (rc < 0 || in->e.kind == end)
            break;
        rc = each(in, to);
    }
    return rc;
}

int read_items(struct input *in, int (*item)(struct input *in, void *to),
               void *to)
{
    return read_each(in, EVENT_LIST, EVENT_LIST_END, item, to);
}

int read_free_map(struct input *in, int (*entry)(struct input *in, void *to),
                  void *to)
{
    return read_each(in, EVENT_MAP, EVENT_MAP_END, entry, to);
}

static int copy_text(struct input *in, size_t max, const char **out)
{
    int rc = input_expect(in, EVENT_TEXT);
    char *copy;

    if (rc < 0)
        return rc;
    if (in->e.size > max)
        return FAIL(in, ERR_RANGE, "a text of over %zu bytes", max);
    copy = arena_memdup(in->arena, in->e.text, in->e.size);
    if (!copy)
        return input_no_memory(in);
    *out = copy;
    return 0;
}

int read_text(struct input *in, void *to)
{
    return copy_text(in, in->max_text, to);
}

int read_name(struct input *in, void *to)
{
    if (in->e.kind == EVENT_TEXT && in->e.size == 0)
        return FAIL(in, ERR_PARSE, "a name may not be empty");
    return copy_text(in, in->max_name, to);
}

int read_bool(struct input *in, void *to)
{
    int rc = input_expect(in, EVENT_TEXT);

    if (rc < 0)
        return rc;
    if (strcmp(in->e.text, "true") != 0 && strcmp(in->e.text, "false") != 0)
        return FAIL(in, ERR_PARSE, "expected true or false, not '%.40s'",
                    in->e.text);
    *(bool *)to = in->e.text[0] == 't';
    return 0;
}

int read_u64(struct input *in, void *to)
{
    int rc = input_expect(in, EVENT_TEXT);

    if (rc < 0)
        return rc;
    if (!number_parse_u64(in->e.text, in->e.size, to))
        return FAIL(in, ERR_RANGE,
                    "expected a whole number of at most 64 bits, not '%.40s'",
                    in->e.text);
    return 0;
}

int read_i64(struct input *in, void *to)
{
    uint64_t value = 0;
    int rc = read_u64(in, &value);

    if (rc == 0 && value > INT64_MAX)
        rc = FAIL(in, ERR_RANGE, "'%.40s' is too large", in->e.text);
    if (rc == 0)
        *(int64_t *)to = (int64_t)value;
    return rc;
}

static int take_number(struct input *in, double low, double high, double *out)
{
    double value;
    int rc = input_expect(in, EVENT_TEXT);

    if (rc < 0)
        return rc;
    if (!number_parse(in->e.text, in->e.size, &value))
        return FAIL(in, ERR_RANGE, "expected a finite number, not '%.40s'",
                    in->e.text);
    if (value < low || value > high)
        return FAIL(in, ERR_RANGE,
                    "expected a number from %g to %g, not '%.40s'", low, high,
                    in->e.text);
    *out = value;
    return 0;
}

int read_amount(struct input *in, void *to)
{
    return take_number(in, 0, DBL_MAX, to);
}

int read_share(struct input *in, void *to)
{
    return take_number(in, 0, 1, to);
}
