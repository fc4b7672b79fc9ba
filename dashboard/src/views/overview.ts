// SPDX-License-Identifier: GPL-3.0-or-later
// What changed, by how much, how sure; what is noisy; what the suite takes.

import { address, lineAddress, type App, type View } from '../app';
import { axisOf, forest, forestHead, type Axis } from '../charts/forest';
import { spark } from '../charts/spark';
import { stateOf, type Change, type ChangeState, type Line } from '../data/model';
import type { GateCase, Verdict } from '../data/types';
import { change, count, day, minute, revision, seconds, share, value } from '../format';
import { h, replace, type Child } from '../ui/dom';
import { badge, changeText, empty, interval, name, section, sense, stateBadge } from '../ui/parts';

const shownChanges = 50;
const shownCases = 25;
const shownNoisy = 10;

const order: Record<ChangeState, number> = { open: 0, provisional: 1, better: 2, acknowledged: 3 };

export const verdictKind: Record<Verdict, string> = {
  regressed: 'bad',
  improved: 'good',
  unchanged: 'quiet',
  inconclusive: 'wait',
  incomparable: 'wait',
  failed: 'bad',
  new: 'quiet',
  gone: 'wait',
};

/** Open ones first, then the newest, then the largest. */
export function sortChanges(changes: readonly Change[]): Change[] {
  return [...changes].sort(
    (a, b) =>
      order[stateOf(a)] - order[stateOf(b)] ||
      b.created.localeCompare(a.created) ||
      Math.abs(Math.log(b.ratio)) - Math.abs(Math.log(a.ratio)),
  );
}

function ratioWords(x: { low: number | null; high: number | null; confidence: number | null }): string {
  return interval(x.low, x.high, x.confidence, (r) => change(r));
}

function changeRow(app: App, axis: Axis, c: Change): HTMLElement {
  return h(
    'a',
    { class: 'effect', href: lineAddress(app, c.line) },
    h('span', { class: 'effect-name' }, name(c.line.id), c.line.metric === 'time' ? null : h('small', {}, c.line.metric)),
    forest(axis, c, c.ack ? '' : sense(c.ratio, c.line.better)),
    h('span', { class: 'effect-figure', title: ratioWords(c) }, changeText(c), h('small', {}, ratioWords(c))),
    h('span', { class: 'effect-when', title: `between ${c.before ?? 'an unknown revision'} and ${c.after ?? 'an unknown revision'}` }, day(c.created), h('small', {}, revision(c.after))),
    h('span', { class: 'effect-state' }, stateBadge(c)),
  );
}

function changesPanel(app: App): HTMLElement {
  const found = sortChanges(app.model.changes.filter((c) => app.filter(c.line)));
  const shown = found.slice(0, shownChanges);
  const axis = axisOf(shown, app.model.margin);
  const note = `lasting changes of ${count(app.model.lines.length, 'series', 'series')}; shaded is the margin of ${share(app.model.margin)}`;
  if (app.model.lines.length === 0) {
    return section('What changed', null, empty('No history yet', 'Runs that are stored make one: measure again after the next change.', 'tare run'));
  }
  if (found.length === 0) {
    return section('What changed', note, empty(app.filterText ? 'No change fits the filter' : 'Nothing changed', 'No series moved by more than the margin and stayed there.'));
  }
  return section(
    'What changed',
    note,
    h('div', { class: 'effects' }, h('div', { class: 'effect effect-head' }, h('span'), forestHead(axis)), ...shown.map((c) => changeRow(app, axis, c))),
    found.length > shown.length
      ? h('p', { class: 'more' }, h('a', { href: address(app, 'trends', '', { sort: 'change' }) }, `all ${found.length} changes, largest first`))
      : null,
  );
}

/** Colour is for what is sure. */
export function kindOf(c: GateCase): string {
  return c.verdict === 'regressed' || c.verdict === 'improved' ? sense(c.ratio, c.better) : '';
}

function caseRow(app: App, axis: Axis, c: GateCase): HTMLElement {
  return h(
    'a',
    { class: 'effect', href: address(app, 'comparison', c.id, { metric: c.metric === 'time' ? null : c.metric }) },
    h('span', { class: 'effect-name' }, name(c.id), c.metric === 'time' ? null : h('small', {}, c.metric)),
    forest(axis, c, kindOf(c)),
    h('span', { class: 'effect-figure', title: ratioWords(c) }, h('span', { class: `figure ${kindOf(c)}` }, change(c.ratio)), h('small', {}, ratioWords(c))),
    h('span', { class: 'effect-when' }, c.pairs ? count(c.pairs, 'pair') : (c.mode ?? ''), h('small', {}, c.reason ?? '')),
    h('span', { class: 'effect-state' }, badge(c.waiver ? 'waived' : c.verdict, c.waiver ? 'quiet' : verdictKind[c.verdict])),
  );
}

const verdictOrder: Verdict[] = ['regressed', 'failed', 'inconclusive', 'incomparable', 'gone', 'improved', 'new', 'unchanged'];

function size(c: GateCase): number {
  return c.ratio !== null && c.ratio > 0 ? Math.abs(Math.log(c.ratio)) : 0;
}

export function sortCases(cases: readonly GateCase[]): GateCase[] {
  return [...cases].sort(
    (a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict) || size(b) - size(a),
  );
}

function gatePanel(app: App): HTMLElement | null {
  const gate = app.model.document.gate;
  if (!gate) return null;
  const cases = sortCases(
    gate.cases.filter((c) => app.filter({ search: `${c.id} ${c.metric} ${c.tags.join(' ')}`.toLowerCase(), tags: c.tags })),
  );
  const shown = cases.slice(0, shownCases);
  const axis = axisOf(shown, shown[0]?.margin ?? app.model.margin);
  return section(
    'Last comparison',
    `${gate.conclusion}${gate.old ? `; against ${gate.old}` : ''}`,
    shown.length === 0
      ? empty('No case fits the filter', 'The comparison has others.')
      : h('div', { class: 'effects' }, h('div', { class: 'effect effect-head' }, h('span'), forestHead(axis)), ...shown.map((c) => caseRow(app, axis, c))),
    cases.length > shown.length
      ? h('p', { class: 'more' }, h('a', { href: address(app, 'comparison') }, `all ${cases.length} cases`))
      : null,
  );
}

function noisyPanel(app: App): HTMLElement {
  const noisy = app.model.lines
    .filter((l) => l.noise !== null && !l.id.startsWith('@') && app.filter(l))
    .sort((a, b) => (b.noise ?? 0) - (a.noise ?? 0))
    .slice(0, shownNoisy);
  const most = Math.max(noisy[0]?.noise ?? 0, app.model.margin);
  const bar = (l: Line): HTMLElement => {
    const fill = h('span', { class: (l.noise ?? 0) > app.model.margin ? 'bar-fill loud' : 'bar-fill' });
    fill.style.width = `${Math.max(1, ((l.noise ?? 0) / most) * 100)}%`;
    return h('span', { class: 'bar', 'aria-hidden': 'true' }, fill);
  };
  return section(
    'What is noisy',
    'spread from revision to revision since the last change',
    noisy.length === 0
      ? empty('Not known yet', 'Four revisions without a change tell how much a case varies.')
      : h(
          'ol',
          { class: 'bars' },
          ...noisy.map((l) => h('li', {}, h('a', { href: lineAddress(app, l) }, name(l.id), bar(l), h('span', { class: 'figure' }, share(l.noise))))),
        ),
  );
}

function largestPanel(app: App): HTMLElement | null {
  const tests = app.model.document.tests;
  const slow = tests
    ? [...tests.cases]
        .filter((t) => app.filter({ search: `${t.id} ${t.tags.join(' ')}`.toLowerCase(), tags: t.tags }))
        .sort((a, b) => b.seconds - a.seconds)
        .slice(0, shownNoisy)
    : [];
  if (slow.length === 0) return null;
  const most = slow[0]?.seconds ?? 1;
  return section(
    'Where the suite’s time goes',
    `the slowest of ${count(tests?.cases.length ?? 0, 'test')}`,
    h(
      'ol',
      { class: 'bars' },
      ...slow.map((t) => {
        const fill = h('span', { class: 'bar-fill' });
        fill.style.width = `${Math.max(1, (t.seconds / (most || 1)) * 100)}%`;
        return h('li', {}, h('a', { href: address(app, 'suite', t.id) }, name(t.id), h('span', { class: 'bar', 'aria-hidden': 'true' }, fill), h('span', { class: 'figure' }, seconds(t.seconds))));
      }),
    ),
  );
}

function tile(title: string, href: string, figure: Child, kind: string, ...notes: Child[]): HTMLElement {
  return h('a', { class: `tile ${kind}`, href }, h('span', { class: 'tile-title' }, title), h('span', { class: 'tile-figure' }, figure), ...notes.map((n) => (n ? h('span', { class: 'tile-note' }, n) : null)));
}

function gateTile(app: App): HTMLElement {
  const gate = app.model.document.gate;
  if (!gate) return tile('Last comparison', address(app, 'comparison'), 'none yet', '', 'tare gate makes one');
  const n = gate.counts;
  const compared = n.regressed + n.improved + n.unchanged + n.inconclusive;
  const bad = n.regressed + n.failed - n.waived;
  const figure = bad > 0 ? `${bad} of ${gate.cases.length} regressed` : gate.verdict === 'unchanged' ? 'unchanged' : gate.verdict;
  return tile('Last comparison', address(app, 'comparison'), figure, bad > 0 ? 'bad' : verdictKind[gate.verdict], `${count(compared, 'case')} compared${gate.wall_s ? ` in ${seconds(gate.wall_s)}` : ''}`);
}

function changesTile(app: App): HTMLElement {
  const n: Record<ChangeState, number> = { open: 0, provisional: 0, acknowledged: 0, better: 0 };
  for (const c of app.model.changes) n[stateOf(c)]++;
  return tile(
    'Over time',
    address(app, 'trends', '', { sort: 'change' }),
    n.open ? `${count(n.open, 'open change')}` : app.model.lines.length ? 'no open change' : 'no history',
    n.open ? 'bad' : app.model.lines.length ? 'good' : '',
    `${n.provisional} provisional, ${n.better} for the better, ${n.acknowledged} acknowledged`,
  );
}

function suiteTile(app: App): HTMLElement {
  const tests = app.model.document.tests;
  const line = app.model.find('@suite', 'makespan');
  if (!tests && !line) return tile('Suite', address(app, 'suite'), 'no tests run', '', 'tare test makes a timeline');
  const s = tests?.summary;
  const last = line?.changes[line.changes.length - 1];
  return tile(
    'Suite',
    address(app, 'suite'),
    h('span', { class: 'tile-row' }, s ? seconds(s.makespan_s) : value(line?.value, line?.unit ?? 'ns'), line && line.points > 1 ? spark(line, 96, 24) : null),
    s?.failed ? 'bad' : '',
    s ? `${s.passed} passed, ${s.failed} failed, ${s.skipped} skipped` : null,
    last ? `${change(last.ratio)} since ${day(last.created)}` : s?.efficiency != null ? `${share(s.efficiency)} of ${count(s.workers, 'worker')} used` : null,
  );
}

function noiseTile(app: App): HTMLElement {
  const noise = app.model.lines
    .filter((l) => !l.id.startsWith('@'))
    .map((l) => l.noise)
    .filter((x): x is number => x !== null)
    .sort((a, b) => a - b);
  const loud = noise.filter((x) => x > app.model.margin).length;
  return tile(
    'Noise',
    address(app, 'trends', '', { sort: 'noise' }),
    noise.length ? share(noise[noise.length >> 1]) : 'not known yet',
    '',
    noise.length ? `median of ${count(noise.length, 'series', 'series')}; ${loud} over the margin` : 'four revisions tell',
  );
}

export function overview(app: App): View {
  const element = h('div', { class: 'overview' });
  const update = (): void => {
    const { document } = app.model;
    replace(
      element,
      h('h1', { class: 'unseen' }, 'Overview'),
      h('div', { class: 'tiles' }, gateTile(app), changesTile(app), suiteTile(app), noiseTile(app)),
      h('div', { class: 'columns' }, h('div', {}, gatePanel(app), changesPanel(app)), h('div', {}, noisyPanel(app), largestPanel(app))),
      h('p', { class: 'foot' }, `written ${minute(document.created)} UTC by ${document.program}`),
    );
  };
  update();
  return { element, update };
}
