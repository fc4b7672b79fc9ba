/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a comparison of worker counts means, in words: the law, what limits,
 * what to do. */
#include <config.h>

#include "report/scale_parts.h"

#include <math.h>

#include "base/scope.h"
#include "base/units.h"

enum { NAME_MAX_SHOWN = 80 };

/* What the user gives a number of. */
const char *scale_nouns(enum scale_kind kind)
{
    return kind == SCALE_COPIES    ? "copies"
           : kind == SCALE_THREADS ? "threads"
                                   : "workers";
}

static const char *scale_noun(enum scale_kind kind, int n)
{
    if (n != 1)
        return scale_nouns(kind);
    return kind == SCALE_COPIES    ? "copy"
           : kind == SCALE_THREADS ? "thread"
                                   : "worker";
}

void scale_put_name(struct strbuf *out, const char *untrusted)
{
    text_escape(out, untrusted, NAME_MAX_SHOWN);
}

/* ---- the law */

static void put_parameter(struct strbuf *out, const char *name, double value,
                          double se)
{
    /* The fit is in logarithms and never reaches 0. */
    if (value < 1e-6)
        value = 0;
    if (isnan(se))
        strbuf_printf(out, ", %s %.3g", name, value);
    else
        strbuf_printf(out, ", %s %.3g \xc2\xb1 %.2g", name, value, se);
}

static const char *law_title(enum scaling_law law)
{
    return law == SCALING_USL      ? "Universal Scalability Law"
           : law == SCALING_AMDAHL ? "Amdahl's law"
                                   : "linear";
}

static void put_formula(struct strbuf *out, const struct scaling_fit *fit)
{
    strbuf_puts(out, law_title(fit->law));
    if (fit->law >= SCALING_AMDAHL)
        put_parameter(out, "contention \xcf\x83", fit->sigma, fit->sigma_se);
    if (fit->law >= SCALING_USL)
        put_parameter(out, "coherency \xce\xba", fit->kappa, fit->kappa_se);
}

static void say_contention(struct strbuf *out, const struct scaling_fit *fit)
{
    if (fit->sigma >= 1) {
        strbuf_puts(out, "; more workers do less");
        return;
    }
    if (fit->sigma < 0.0005) {
        strbuf_puts(out, "; next to nothing is done one at a time");
        return;
    }
    strbuf_printf(out, "; %.2g %% of the work is done one at a time",
                  fit->sigma * 100);
    if (fit->law == SCALING_AMDAHL)
        strbuf_printf(out,
                      ", which no number of workers makes more than %.3g "
                      "times as fast",
                      1 / fit->sigma);
}

static void say_coherency(struct strbuf *out, const struct scaling_fit *fit)
{
    strbuf_printf(out, "; workers hinder each other, %.2g %% a pair",
                  fit->kappa * 100);
    if (isfinite(fit->peak))
        strbuf_printf(out, ": beyond %.0f of them more do less",
                      floor(fit->peak));
}

void scale_put_law(const struct text_style *style,
                   const struct scale_analysis *a, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    const struct scaling_fit *fit = &a->fit[a->law];

    if (!fit->law)
        return;
    strbuf_puts(&line, "law: ");
    put_formula(&line, fit);
    if (fit->law == SCALING_LINEAR)
        strbuf_puts(&line, "; every worker adds the same");
    if (fit->law >= SCALING_AMDAHL)
        say_contention(&line, fit);
    if (fit->law == SCALING_USL)
        say_coherency(&line, fit);
    strbuf_puts(out, "  ");
    text_wrap(out, style, PAINT_NONE, 2, 4, strbuf_text(&line));
    out->failed |= line.failed;
}

void scale_put_all_laws(const struct scale_analysis *a, struct strbuf *out)
{
    for (int law = SCALING_LINEAR; law < SCALING_COUNT; law++) {
        if (!a->fit[law].law)
            continue;
        strbuf_puts(out, "    ");
        put_formula(out, &a->fit[law]);
        if (isfinite(a->fit[law].aicc))
            strbuf_printf(out, "; AICc %.1f", a->fit[law].aicc);
        strbuf_putc(out, '\n');
    }
}

/* ---- what limits */

static void say_growth(struct strbuf *line, const struct scale_loss *loss)
{
    if (isfinite(loss->growth))
        strbuf_printf(line, " (%.2f times)", loss->growth);
}

static void say_limit(struct strbuf *line, const struct scale_case *c)
{
    const struct scale_loss *loss = &c->loss;
    const struct scale_timeline *t = &c->analysis.figure[loss->at].line;
    char text[QUANTITY_TEXT];

    switch (loss->limit) {
    case SCALE_LIMIT_UNKNOWN:
        strbuf_puts(line, "cannot be told from its time");
        break;
    case SCALE_LIMIT_NONE:
        strbuf_puts(line, "nothing yet");
        break;
    case SCALE_LIMIT_LONGEST:
        strbuf_puts(line, "one long test, ");
        scale_put_name(line, loss->name ? loss->name : "unknown");
        strbuf_printf(line, " (%s): nobody can help with it",
                      format_quantity(text, t->longest * 1e9, "ns"));
        break;
    case SCALE_LIMIT_FIXTURE:
        strbuf_printf(line,
                      "fixtures: everybody waits %s for set-up and "
                      "tear-down",
                      format_quantity(text, t->fixtures * 1e9, "ns"));
        break;
    case SCALE_LIMIT_IDLE:
        strbuf_puts(line, "workers have nothing to do: too few tests, or tests "
                          "that exclude each other");
        break;
    case SCALE_LIMIT_SERIAL:
        strbuf_puts(line, "it leaves its cores idle: part of it runs alone, or "
                          "waits");
        break;
    case SCALE_LIMIT_MEMORY:
        strbuf_puts(line, "the same work takes more CPU time");
        say_growth(line, loss);
        strbuf_puts(line, ": memory bandwidth, a shared cache, or a lock that "
                          "spins");
        break;
    case SCALE_LIMIT_WAITING:
        strbuf_puts(line, "the same work waits longer");
        say_growth(line, loss);
        strbuf_puts(line, ": a lock, or a device");
        break;
    case SCALE_LIMIT_OTHERS:
        strbuf_puts(line, "other processes or the hypervisor took the CPUs");
        break;
    }
}

void scale_put_limit(const struct text_style *style, const struct scale_case *c,
                     struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    const struct scale_figure *f = &c->analysis.figure[c->loss.at];
    char lost[SHARE_TEXT], share[SHARE_TEXT];

    strbuf_printf(&line, "what limits %d %s: ", f->count,
                  scale_noun(c->kind, f->count));
    say_limit(&line, c);
    if (isfinite(c->loss.share))
        strbuf_printf(&line, "; %s of the %s lost",
                      text_share(share, c->loss.share),
                      text_share(lost, c->loss.lost));
    strbuf_puts(out, "  ");
    text_wrap(out, style, PAINT_NONE, 2, 4, strbuf_text(&line));
    out->failed |= line.failed;
}

/* ---- what to do */

static void say_saved(struct strbuf *line, const struct scale_case *c)
{
    const struct scale_figure *from = &c->analysis.figure[c->analysis.base];
    const struct scale_figure *to = &c->analysis.figure[scale_chosen(c)];
    double ns = (from->seconds.centre - to->seconds.centre) * 1e9;
    char one[QUANTITY_TEXT], many[QUANTITY_TEXT], saved[QUANTITY_TEXT];
    char share[SHARE_TEXT];

    if (c->kind == SCALE_COPIES || c->kind == SCALE_THREADS) {
        strbuf_printf(line, "; %d %s do %.2f times the work of %d", to->count,
                      scale_nouns(c->kind), to->speedup.centre, from->count);
        return;
    }
    strbuf_printf(line, "; %s instead of %s with %d: ",
                  format_quantity(many, to->seconds.centre * 1e9, "ns"),
                  format_quantity(one, from->seconds.centre * 1e9, "ns"),
                  from->count);
    if (ns > 0)
        strbuf_printf(line, "%s (%s) saved per run",
                      format_quantity(saved, ns, "ns"),
                      text_share(share, 1 - 1 / to->speedup.centre));
    else
        strbuf_puts(line, "nothing is saved");
}

void scale_put_advice(const struct text_style *style,
                      const struct scale_case *c, struct strbuf *out)
{
    SCOPED(strbuf_scoped) struct strbuf line = {0};
    const struct scale_analysis *a = &c->analysis;
    size_t chosen = scale_chosen(c);

    if (a->recommended < 0)
        strbuf_printf(&line,
                      "recommended: unknown, %zu of %zu rounds are "
                      "there; a longer --budget gives the rest",
                      a->rounds.used, a->figure[a->base].seconds.n_needed);
    else
        strbuf_printf(&line, "recommended: %d %s", a->figure[chosen].count,
                      scale_noun(c->kind, a->figure[chosen].count));
    if (a->recommended >= 0 && !a->certain)
        strbuf_puts(&line, " (not certain: more rounds may say more)");
    if (chosen != a->base)
        say_saved(&line, c);
    strbuf_puts(out, "  ");
    text_wrap(out, style, PAINT_STRONG, 2, 4, strbuf_text(&line));
    out->failed |= line.failed;
}
