/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "report/moments.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- moments */

static bool same_moment(const struct history_point *a,
                        const struct history_point *b)
{
    return a->run == b->run && a->dirty == b->dirty &&
           strcmp(a->revision, b->revision) == 0 &&
           strcmp(a->created, b->created) == 0;
}

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t add_text(uint64_t h, const char *text)
{
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 0x100000001b3;
    return h;
}

static size_t hash_of(const struct history_point *p)
{
    uint64_t h = 0xcbf29ce484222325 ^ (uint64_t)p->run;

    return (size_t)add_text(add_text(h, p->revision), p->created);
}

/* The slot of a moment, or the free one where it belongs. */
static size_t *find_slot(const struct moments *m, const struct history_point *p)
{
    size_t mask = 2 * m->room - 1;
    size_t at = hash_of(p) & mask;

    while (m->slot[at] && !same_moment(m->point[m->slot[at] - 1], p))
        at = (at + 1) & mask;
    return &m->slot[at];
}

/* Twice the room, a power of two. */
static bool grow(struct moments *m)
{
    size_t room = m->room ? 2 * m->room : 256;
    size_t *slot = calloc(2 * room, sizeof *slot);
    const struct history_point **point =
        realloc(m->point, room * sizeof(*point));

    m->point = point ? point : m->point;
    if (!slot || !point) {
        free(slot);
        m->failed = true;
        return false;
    }
    free(m->slot);
    m->slot = slot;
    m->room = room;
    for (size_t i = 0; i < m->n; i++)
        *find_slot(m, m->point[i]) = i + 1;
    return true;
}

size_t moments_number(struct moments *m, const struct history_point *p,
                      size_t guess)
{
    size_t *slot;

    if (guess < m->n && same_moment(m->point[guess], p))
        return guess;
    if (m->failed || (m->n == m->room && !grow(m)))
        return 0;
    slot = find_slot(m, p);
    if (!*slot) {
        m->point[m->n++] = p;
        *slot = m->n;
    }
    return *slot - 1;
}

void moments_clear(struct moments *moments)
{
    free(moments->point);
    free(moments->slot);
    *moments = (struct moments){0};
}

/* --- efforts */

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_effort(const struct history_point *a,
                        const struct history_point *b)
{
    return a->invocations == b->invocations && a->occasions == b->occasions &&
           same_number(a->confidence, b->confidence);
}

size_t efforts_number(struct efforts *e, const struct history_point *p,
                      size_t guess)
{
    if (guess < e->n && same_effort(e->point[guess], p))
        return guess;
    for (size_t i = 0; i < e->n; i++)
        if (same_effort(e->point[i], p))
            return i;
    if (e->n == e->room) {
        size_t room = e->room ? 2 * e->room : 64;
        const struct history_point **point =
            realloc(e->point, room * sizeof(*point));

        if (!point) {
            e->failed = true;
            return 0;
        }
        e->point = point;
        e->room = room;
    }
    e->point[e->n++] = p;
    return e->n - 1;
}

void efforts_clear(struct efforts *efforts)
{
    free(efforts->point);
    *efforts = (struct efforts){0};
}
