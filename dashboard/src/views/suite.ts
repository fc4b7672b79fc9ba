// SPDX-License-Identifier: GPL-3.0-or-later
// The last run of tests: what workers did when, what is slow, what failed, and
// where the time goes by tag and fixture.

import { address, lineAddress, type App, type View } from '../app';
import { spark } from '../charts/spark';
import { barsOf, timeline, workersOf, type Bar } from '../charts/timeline';
import type { Line } from '../data/model';
import type { TestCase, TestDocument } from '../data/types';
import { change, count, digits, seconds, share, value } from '../format';
import { h, replace, type Child } from '../ui/dom';
import { badge, empty, fact, facts, name, section, sense, table } from '../ui/parts';

const shownTests = 100;

function kindOf(outcome: string): string {
  if (outcome === 'passed') return 'good';
  if (outcome === 'skipped' || outcome === 'xfailed') return 'quiet';
  return outcome === 'flaky' ? 'wait' : 'bad';
}

function summary(tests: TestDocument): HTMLElement {
  const s = tests.summary;
  return facts(
    fact('tests', h('span', { class: s.failed ? 'figure worse' : 'figure' }, s.failed ? `${s.failed} failed` : `${s.passed} passed`), `${s.passed} passed, ${s.failed} failed, ${s.skipped} skipped${s.flaky ? `, ${s.flaky} flaky` : ''}`),
    fact('makespan', seconds(s.makespan_s), `no schedule is shorter than ${seconds(s.lower_bound_s)}`),
    fact('one after the other', seconds(s.sequential_s), s.makespan_s > 0 ? `${digits(s.sequential_s / s.makespan_s, 3)}× faster on ${count(s.workers, 'worker')}` : null),
    fact('efficiency', share(s.efficiency), 'of the workers’ time spent in tests'),
  );
}

function utilisation(bars: readonly Bar[]): HTMLElement {
  const end = bars.reduce((most, b) => Math.max(most, b.to), 0) || 1;
  const rows = workersOf(bars).map((worker) => {
    const own = bars.filter((b) => b.worker === worker);
    const busy = own.reduce((sum, b) => sum + b.to - b.from, 0);
    return { worker, tests: own.length, busy, share: busy / end, last: own.reduce((most, b) => Math.max(most, b.to), 0) };
  });
  return h(
    'details',
    { class: 'fold' },
    h('summary', {}, 'Workers as a table'),
    table<(typeof rows)[number]>(
      'Workers',
      [
        { title: 'worker', cell: (r) => r.worker },
        { title: 'tests', class: 'number', cell: (r) => r.tests },
        { title: 'busy', class: 'number', cell: (r) => seconds(r.busy) },
        { title: 'share', class: 'number', cell: (r) => share(r.share) },
        { title: 'ended at', class: 'number', cell: (r) => seconds(r.last) },
      ],
      rows,
    ),
  );
}

interface Group {
  name: string;
  tests: number;
  seconds: number;
  failed: number;
}

export function byTag(cases: readonly TestCase[]): Group[] {
  const groups = new Map<string, Group>();
  for (const t of cases) {
    for (const tag of t.tags.length ? t.tags : ['no tag']) {
      const g = groups.get(tag) ?? { name: tag, tests: 0, seconds: 0, failed: 0 };
      g.tests++;
      g.seconds += t.seconds;
      if (kindOf(t.outcome) === 'bad') g.failed++;
      groups.set(tag, g);
    }
  }
  return [...groups.values()].sort((a, b) => b.seconds - a.seconds);
}

function tagPanel(cases: readonly TestCase[], all: number): HTMLElement {
  return section(
    'By tag',
    'a test with several tags counts for each',
    table<Group>(
      'Time by tag',
      [
        { title: 'tag', cell: (g) => g.name },
        { title: 'tests', class: 'number', cell: (g) => g.tests },
        { title: 'time', class: 'number', cell: (g) => seconds(g.seconds) },
        { title: 'share', class: 'number', cell: (g) => share(all > 0 ? g.seconds / all : null) },
        { title: 'failed', class: 'number', cell: (g) => (g.failed ? h('span', { class: 'figure worse' }, g.failed) : '0') },
      ],
      byTag(cases),
    ),
  );
}

function fixturePanel(app: App): HTMLElement | null {
  const lines = app.model.lines.filter((l) => (l.id.startsWith('@fixture') || l.id.startsWith('@tag') || l.id === '@suite') && app.filter(l));
  if (lines.length === 0) return null;
  const last = (l: Line): Child => {
    const c = l.changes[l.changes.length - 1];
    return c ? h('span', { class: `figure ${c.ack ? '' : sense(c.ratio, l.better)}` }, change(c.ratio)) : '–';
  };
  return section(
    'Suite, tags and fixtures over time',
    'figures of the runs themselves',
    table<Line>(
      'Figures of the suite over time',
      [
        { title: 'figure', cell: (l) => h('a', { href: lineAddress(app, l) }, `${l.id} `, h('small', {}, l.metric)) },
        { title: 'newest', class: 'number', cell: (l) => value(l.value, l.unit) },
        { title: 'last change', class: 'number', cell: last },
        { title: 'over time', cell: (l) => spark(l, 88, 24) },
      ],
      lines,
    ),
  );
}

function testsPanel(app: App, cases: readonly TestCase[]): HTMLElement {
  const chosen = app.route.item;
  const rank = (t: TestCase): number => (kindOf(t.outcome) === 'bad' ? 2 : t.outcome === 'flaky' ? 1 : 0);
  const sorted = [...cases].sort((a, b) => rank(b) - rank(a) || b.seconds - a.seconds);
  const shown = sorted.slice(0, shownTests);
  const named = sorted.find((t) => t.id === chosen);
  if (named && !shown.includes(named)) shown.unshift(named);
  const box = section(
    'Tests',
    `failed ones first, then the slowest${sorted.length > shown.length ? `; ${shown.length} of ${sorted.length}` : ''}`,
    shown.length === 0
      ? empty('No test fits the filter', app.filterText)
      : table<TestCase>(
          'Tests',
          [
            { title: 'test', class: 'wide', cell: (t) => h('span', { class: t.id === chosen ? 'chosen' : '' }, name(t.id, true), t.message ? h('pre', {}, t.message) : null) },
            { title: 'outcome', cell: (t) => badge(t.attempts > 1 ? `${t.outcome}, ${t.attempts} times` : t.outcome, kindOf(t.outcome)) },
            { title: 'time', class: 'number', cell: (t) => seconds(t.seconds) },
            { title: 'set-up', class: 'number', cell: (t) => seconds(t.setup_s) },
            { title: 'tear-down', class: 'number', cell: (t) => seconds(t.teardown_s) },
            { title: 'worker', cell: (t) => t.worker ?? '–' },
            { title: 'memory', class: 'number', cell: (t) => value(t.usage.max_rss, 'B') },
          ],
          shown,
        ),
  );
  return box;
}

export function suite(app: App): View {
  const { tests } = app.model.document;
  const element = h('div', {}, h('h1', { class: 'unseen' }, 'Suite'));
  const box = h('div', {});
  element.append(box);
  let drawn: { close(): void } | null = null;
  const close = (): void => {
    drawn?.close();
    drawn = null;
  };
  const update = (): void => {
    close();
    if (!tests) {
      replace(box, h('div', { class: 'panel' }, empty('No tests were run yet', 'A run of tests gives a timeline of its workers.', 'tare test')), fixturePanel(app));
      return;
    }
    const cases = tests.cases.filter((t) => app.filter({ search: `${t.id} ${t.tags.join(' ')}`.toLowerCase(), tags: t.tags }));
    const bars = barsOf(cases);
    const chart = bars.length ? timeline(bars, (t) => app.go(address(app, 'suite', t.id))) : null;
    drawn = chart;
    replace(
      box,
      h('section', { class: 'panel' }, h('div', { class: 'panel-body' }, summary(tests))),
      section(
        'Workers',
        tests.interrupted ? 'interrupted' : `what each did when${tests.run ? `, run ${tests.run}` : ''}`,
        chart ? h('div', { class: 'panel-body' }, chart.element, utilisation(bars)) : empty('No timeline', cases.length ? 'When the tests began is not known.' : 'No test fits the filter.'),
      ),
      h('div', { class: 'columns even' }, tagPanel(cases, tests.summary.sequential_s), fixturePanel(app)),
      testsPanel(app, cases),
    );
    chart?.draw();
    box.querySelector('.chosen')?.scrollIntoView({ block: 'center' });
  };
  update();
  return {
    element,
    update,
    show: () => {
      update();
      return true;
    },
    close,
  };
}
