/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What readers of JSON have in common. */
#include <config.h>

#include <string.h>

#include "adapt/import_parts.h"

const struct import_unit import_seconds = {"s", 9, 1};
const struct import_unit import_as_is = {"", 0, 1};

int import_add_list(struct import *im, size_t subject,
                    const struct import_metric *metric, size_t invocation,
                    size_t step, const struct json_value *list,
                    const char *what, const struct import_unit *unit)
{
    int rc = 0;

    if (!list || list->type != JSON_IS_ARRAY || list->n == 0)
        return import_fail(im, import_place_of(list),
                           "'%s' must be a list of numbers", what);
    for (const struct json_value *v = list->first; v && rc == 0; v = v->next) {
        double value;

        rc = import_number(im, v, what, unit, &value);
        if (rc == 0)
            rc = import_add(im, subject, metric, invocation, value);
        invocation += step;
    }
    return rc;
}

int import_add_summary(struct import *im, size_t subject,
                       const struct import_metric *metric, size_t invocation,
                       double value, const char *kind)
{
    int rc = import_plan(im, "summary", kind);

    if (rc == 0)
        rc = import_add(im, subject, metric, invocation, value);
    if (rc == 0)
        im->row[im->n_rows - 1].summary = true;
    return rc;
}

static bool is_plain(const struct json_value *v)
{
    return v->type == JSON_IS_STRING || v->type == JSON_IS_NUMBER ||
           v->type == JSON_IS_BOOL;
}

static const char *plain_text(const struct json_value *v)
{
    if (v && v->type == JSON_IS_BOOL)
        return v->number != 0 ? "true" : "false";
    return v && is_plain(v) ? v->text : "";
}

int import_machine_member(struct import *im, const char *name,
                          const struct json_value *owner, const char *key)
{
    return import_machine(im, name, plain_text(json_get(owner, key)));
}

int import_build_member(struct import *im, const char *name,
                        const struct json_value *owner, const char *key)
{
    return import_build(im, name, plain_text(json_get(owner, key)));
}

void import_params(struct strbuf *params, const struct json_value *object)
{
    const struct json_value *v =
        object && object->type == JSON_IS_OBJECT ? object->first : NULL;

    for (; v; v = v->next)
        if (is_plain(v))
            import_param(params, v->key, strlen(v->key), plain_text(v),
                         strlen(plain_text(v)));
}
