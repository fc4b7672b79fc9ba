// SPDX-License-Identifier: GPL-3.0-or-later
// The last comparison: every case with its verdict, and one of them with both
// distributions and its pairs.

import { address, type App, type View } from '../app';
import { axisOf, forest, forestHead, type Axis } from '../charts/forest';
import { ecdf, histograms, pairs, sideWords, type Drawn } from '../charts/distribution';
import type { GateCase, GateDocument } from '../data/types';
import { change, count, digits, p, seconds, share, unknown, value } from '../format';
import { h, replace } from '../ui/dom';
import { List } from '../ui/list';
import { badge, choice, empty, fact, facts, interval, name, table } from '../ui/parts';
import { kindOf, sortCases, verdictKind } from './overview';

const rowHeight = 62;
type Sort = 'verdict' | 'size' | 'name';
const sorts: readonly (readonly [Sort, string])[] = [
  ['verdict', 'verdict'],
  ['size', 'largest'],
  ['name', 'name'],
];

function sorted(cases: readonly GateCase[], sort: Sort): GateCase[] {
  if (sort === 'verdict') return sortCases(cases);
  if (sort === 'name') return [...cases].sort((a, b) => (a.id < b.id ? -1 : 1));
  return [...cases].sort((a, b) => Math.abs(Math.log(b.ratio ?? 1)) - Math.abs(Math.log(a.ratio ?? 1)));
}

function sortOf(app: App): Sort {
  const word = app.route.query.get('sort');
  return sorts.find(([s]) => s === word)?.[0] ?? 'verdict';
}

function chosen(app: App, gate: GateDocument): GateCase | undefined {
  const metric = app.route.query.get('metric') ?? 'time';
  const same = gate.cases.filter((c) => c.id === app.route.item);
  return same.find((c) => c.metric === metric) ?? same[0];
}

function caseAddress(app: App, c: GateCase): string {
  return address(app, 'comparison', c.id, { metric: c.metric === 'time' ? null : c.metric, sort: app.route.query.get('sort') });
}

function row(axis: Axis, c: GateCase): HTMLElement {
  return h(
    'div',
    { title: c.id },
    h('span', { class: 'row-name' }, name(c.id)),
    h('span', { class: 'row-facts' }, badge(c.waiver ? 'waived' : c.verdict, c.waiver ? 'quiet' : verdictKind[c.verdict]), h('span', { class: `figure ${kindOf(c)}` }, change(c.ratio)), c.metric === 'time' ? null : h('small', {}, c.metric)),
    h('span', { class: 'row-end' }, forest(axis, c, kindOf(c))),
  );
}

class Detail {
  readonly element = h('article', { class: 'detail' });
  private drawn: Drawn[] = [];

  constructor(
    private readonly app: App,
    private readonly gate: GateDocument,
  ) {}

  show(c: GateCase | undefined): void {
    this.close();
    if (!c) {
      replace(this.element, empty(this.app.route.item ? 'This case was not compared' : 'No case is chosen', this.app.route.item || 'Choose one from the list.'));
      return;
    }
    const line = this.app.model.find(c.id, c.metric);
    replace(
      this.element,
      h('a', { class: 'back', href: address(this.app, 'comparison') }, '← all cases'),
      h(
        'header',
        { class: 'detail-head' },
        h('h2', {}, name(c.id, true)),
        h('p', { class: 'note' }, badge(c.waiver ? `${c.verdict}, waived` : c.verdict, c.waiver ? 'quiet' : verdictKind[c.verdict]), c.reason ? `${c.reason} · ` : null, `${c.metric}${c.mode ? `, ${c.mode}` : ''}`, line ? h('a', { href: address(this.app, 'trends', c.id) }, 'its history') : null),
        c.message ? h('p', { class: 'message' }, c.message) : null,
        c.waiver ? h('p', { class: 'message' }, `waived: ${c.waiver}`) : null,
      ),
      this.figures(c),
      ...this.charts(c),
    );
  }

  close(): void {
    for (const d of this.drawn) d.close();
    this.drawn = [];
  }

  private figures(c: GateCase): HTMLElement {
    const side = (s: { value: number | null; invocations: number }): [string, string] => [value(s.value, c.unit), count(s.invocations, 'process', 'processes')];
    return facts(
      fact('new to old', h('span', { class: `figure ${kindOf(c)}` }, change(c.ratio)), interval(c.low, c.high, c.confidence, change)),
      fact('old', ...side(c.old)),
      fact('new', ...side(c.new)),
      fact('margin', share(c.margin), c.mde === null ? null : `could have found ${change(c.mde)}`),
      fact('p, corrected', p(c.p_adjusted), c.p === null ? null : `alone ${p(c.p)}`),
      c.pairs ? fact('pairs', c.pairs, `${count(c.blocks, 'block')}${c.blocks_left_out ? `, ${c.blocks_left_out} left out` : ''}${c.wall_s ? `, ${seconds(c.wall_s)}` : ''}`) : null,
    );
  }

  private draw(title: string, note: string, drawn: Drawn): HTMLElement {
    this.drawn.push(drawn);
    return h('section', { class: 'chart-part' }, h('h3', {}, title), h('p', { class: 'note' }, note), drawn.element);
  }

  private charts(c: GateCase): HTMLElement[] {
    const out: HTMLElement[] = [];
    const d = this.app.model.distribution(this.gate.cases.indexOf(c));
    if (c.pair_ratios.length > 0) {
      out.push(this.draw('Pairs', 'what each pair of fresh processes says, new to old; grey: the margin, blue: the interval', pairs(c)));
    }
    if (d && d.old.sorted.length > 0 && d.new.sorted.length > 0) {
      const legend = h('p', { class: 'legend' }, h('span', { class: 'key old' }), `old, ${sideWords(d.old)}`, h('span', { class: 'key' }), `new, ${sideWords(d.new)}`);
      out.push(
        legend,
        h(
          'div',
          { class: 'two' },
          this.draw('Up to', 'the share of samples up to a value', ecdf(c, d)),
          this.draw('How often', 'the share of samples at a value', histograms(c, d)),
        ),
      );
    } else {
      out.push(empty('No samples here', c.mode === 'stored' ? 'The old side is a stored baseline: only its figures are known.' : 'This comparison came without samples.'));
    }
    return out;
  }
}

function meansTable(gate: GateDocument): HTMLElement | null {
  if (gate.means.length === 0) return null;
  return h(
    'details',
    { class: 'fold means' },
    h('summary', {}, 'Means over the suite and its tags'),
    table<GateDocument['means'][number]>(
      'Means over the suite and its tags',
      [
        { title: 'of', cell: (m) => m.tag ?? 'the whole suite' },
        { title: 'cases', class: 'number', cell: (m) => m.cases },
        { title: 'new to old', class: 'number', cell: (m) => change(m.ratio) },
        { title: 'interval', cell: (m) => interval(m.low, m.high, m.confidence, change) },
        { title: 'verdict', cell: (m) => (m.verdict ? badge(m.verdict, verdictKind[m.verdict]) : 'not gated') },
      ],
      gate.means,
    ),
  );
}

function machineNote(gate: GateDocument): HTMLElement | null {
  if (gate.machine_moved === null && gate.machine_differences.length === 0) return null;
  return h(
    'p',
    { class: 'message' },
    gate.machine_moved === null ? null : `The machine moved: most cases and the anchors together by ${change(gate.machine_moved)}. `,
    gate.machine_differences.length ? `Facts that differ: ${gate.machine_differences.map((d) => `${d.name} (${d.old ?? unknown} → ${d.new ?? unknown})`).join(', ')}.` : null,
  );
}

export function comparison(app: App): View {
  const gate = app.model.document.gate;
  if (!gate) {
    return {
      element: h('div', { class: 'panel' }, h('h1', { class: 'unseen' }, 'Comparison'), empty('Nothing was compared yet', 'A gate compares what is with a baseline, in pairs of fresh processes on one core.', 'tare baseline save main && tare gate')),
      update: () => undefined,
    };
  }
  let axis = axisOf(gate.cases, gate.cases[0]?.margin ?? app.model.margin);
  const list = new List<GateCase>({
    label: 'Compared cases',
    rowHeight,
    row: (c) => row(axis, c),
    idOf: (c) => `${c.id}\n${c.metric}`,
    choose: (c) => app.go(caseAddress(app, c)),
  });
  const detail = new Detail(app, gate);
  const head = h('div', { class: 'list-head' });
  const element = h(
    'div',
    {},
    h('h1', { class: 'unseen' }, 'Comparison'),
    h('header', { class: 'view-head' }, h('p', {}, gate.conclusion), h('p', { class: 'note' }, [gate.old ? `against ${gate.old}` : null, gate.place, gate.wall_s ? seconds(gate.wall_s) : null, `alpha ${digits(gate.alpha * 100, 2)} %`, gate.run ? `run ${gate.run}` : null].filter(Boolean).join(' · ')), machineNote(gate), meansTable(gate)),
    h('div', { class: 'split' }, h('div', { class: 'list-side' }, head, list.element), detail.element),
  );
  const split = element.querySelector('.split') as HTMLElement;
  let cases: GateCase[] = [];
  const fill = (): void => {
    const sort = sortOf(app);
    cases = sorted(
      gate.cases.filter((c) => app.filter({ search: `${c.id} ${c.metric} ${c.tags.join(' ')}`.toLowerCase(), tags: c.tags })),
      sort,
    );
    axis = axisOf(cases, gate.cases[0]?.margin ?? app.model.margin);
    replace(
      head,
      h('p', { class: 'note', role: 'status' }, cases.length === gate.cases.length ? count(cases.length, 'case') : `${cases.length} of ${count(gate.cases.length, 'case')}`),
      choice('Sort by', sorts, sort, (s) => app.go(address(app, 'comparison', app.route.item, { ...Object.fromEntries(app.route.query), sort: s, q: app.filterText }))),
      h('div', { class: 'list-axis' }, forestHead(axis)),
    );
    const now = chosen(app, gate);
    list.element.classList.toggle('none', cases.length === 0);
    list.set(cases, (c) => c === now);
  };
  const shown = (): GateCase | undefined =>
    chosen(app, gate) ?? (app.route.item || window.innerWidth < 800 ? undefined : cases[0]);
  const showAll = (): void => {
    fill();
    const now = shown();
    list.select(now ? cases.indexOf(now) : -1, false);
    detail.show(now);
    split.classList.toggle('has-item', app.route.item !== '');
    requestAnimationFrame(() => list.revealChosen());
  };
  showAll();
  let order = sortOf(app);
  return {
    element,
    update: showAll,
    show: () => {
      if (sortOf(app) !== order) fill();
      order = sortOf(app);
      const now = shown();
      list.select(now ? cases.indexOf(now) : -1);
      detail.show(now);
      split.classList.toggle('has-item', app.route.item !== '');
      return true;
    },
    key: (event) => {
      if (event.key === 'j' || event.key === 'k') {
        list.move(event.key === 'j' ? 1 : -1);
        return true;
      }
      if (event.key !== 'c') return false;
      detail.element.querySelector<HTMLElement>('.chart')?.focus();
      return true;
    },
    close: () => {
      list.close();
      detail.close();
    },
  };
}
