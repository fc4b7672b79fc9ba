// SPDX-License-Identifier: GPL-3.0-or-later
// All series, and one of them from revision to revision.

import { address, lineAddress, type App, type View } from '../app';
import { spark } from '../charts/spark';
import { makeTrend, type Trend } from '../charts/trend';
import { stateOf, type Change, type Line, type LinePoints, type Model } from '../data/model';
import { change, count, day, minute, p, revision, share, value } from '../format';
import { hasTag, toggleTag } from '../filter';
import type { Route } from '../route';
import { h, replace } from '../ui/dom';
import { List } from '../ui/list';
import { changeText, choice, empty, fact, facts, interval, name, sense, stateBadge, table } from '../ui/parts';

const rowHeight = 58;
const pointsInTable = 200;

type Sort = 'name' | 'change' | 'noise' | 'value' | 'newest';
const sorts: readonly (readonly [Sort, string])[] = [
  ['change', 'changed'],
  ['noise', 'noisy'],
  ['value', 'largest'],
  ['newest', 'newest'],
  ['name', 'name'],
];

function weight(line: Line): number {
  let most = 0;
  for (const c of line.changes) {
    const state = stateOf(c);
    const rank = state === 'open' ? 100 : state === 'acknowledged' ? 1 : 10;
    most = Math.max(most, rank + Math.min(9, Math.abs(Math.log(c.ratio))));
  }
  return most;
}

const collator = new Intl.Collator('en', { numeric: true });

type Weighed = readonly [line: Line, weight: number];

const compare: Record<Exclude<Sort, 'change'>, (a: Line, b: Line) => number> = {
  name: (a, b) => collator.compare(a.id, b.id),
  noise: (a, b) => (b.noise ?? -1) - (a.noise ?? -1),
  value: (a, b) => (b.value ?? -1) - (a.value ?? -1),
  newest: (a, b) => (a.created < b.created ? 1 : a.created > b.created ? -1 : 0),
};

export function sortLines(lines: readonly Line[], sort: Sort): Line[] {
  if (sort !== 'change') return [...lines].sort(compare[sort]);
  return lines
    .map((line): Weighed => [line, weight(line)])
    .sort((a, b) => b[1] - a[1] || (b[0].noise ?? 0) - (a[0].noise ?? 0))
    .map(([line]) => line);
}

/** Sorting thousands takes longer than a key press: done once each way. */
const orders = new Map<Sort, Line[]>();

function sortedLines(model: Model, sort: Sort): Line[] {
  let lines = orders.get(sort);
  if (lines?.length !== model.lines.length) {
    lines = sortLines(model.lines, sort);
    orders.set(sort, lines);
  }
  return lines;
}

function sortOf(route: Route): Sort {
  const word = route.query.get('sort');
  return sorts.find(([s]) => s === word)?.[0] ?? 'change';
}

function chosenLine(app: App): Line | undefined {
  const { item, query } = app.route;
  return item
    ? app.model.find(item, query.get('metric') ?? undefined, query.get('machine') ?? undefined, query.get('branch') ?? undefined)
    : undefined;
}

function row(app: App, line: Line): HTMLElement {
  const last = line.changes[line.changes.length - 1];
  const plain = app.model.siblings(line).length < 2;
  return h(
    'div',
    { title: line.id },
    h('span', { class: 'row-name' }, name(line.id)),
    h(
      'span',
      { class: 'row-facts' },
      h('span', { class: 'figure' }, value(line.value, line.unit)),
      plain ? null : h('small', {}, line.metric),
      last ? h('span', { class: `figure small ${last.ack ? '' : sense(last.ratio, line.better)}` }, change(last.ratio)) : null,
    ),
    spark(line, 88, 30),
  );
}

function changesTable(line: Line): HTMLElement {
  return table<Change>(
    'Changes of this series',
    [
      { title: 'change', class: 'number', cell: (c) => changeText(c) },
      { title: 'interval', cell: (c) => interval(c.low, c.high, c.confidence, change) },
      { title: 'p', class: 'number', cell: (c) => p(c.p) },
      { title: 'between', cell: (c) => h('span', { class: 'code' }, `${revision(c.before)} … ${revision(c.after)}`) },
      { title: 'on', cell: (c) => day(c.created) },
      { title: 'state', cell: (c) => stateBadge(c) },
      {
        title: 'said of it',
        cell: (c) =>
          c.ack
            ? `${c.ack}${c.ackBy ? ` — ${c.ackBy}` : ''}${c.ackOn ? `, ${day(c.ackOn)}` : ''}`
            : h('code', { title: 'acknowledges this change' }, `tare history ack ${c.name} --reason '…'`),
      },
    ],
    [...line.changes].reverse(),
  );
}

function pointsTable(line: Line, points: LinePoints): HTMLElement {
  const newest = Array.from({ length: Math.min(points.n, pointsInTable) }, (_, i) => points.n - 1 - i);
  const show = (x: number): string => value(x, line.unit);
  const box = h('details', { class: 'fold' }, h('summary', {}, `As a table${points.n > pointsInTable ? ` (the newest ${pointsInTable})` : ''}`));
  box.addEventListener(
    'toggle',
    () => {
      box.append(
        table<number>(
          'Points of this series',
          [
            { title: 'revision', class: 'code', cell: (i) => `${revision(points.revision(i))}${points.dirty(i) ? ' +' : ''}` },
            { title: 'measured', cell: (i) => minute(points.created(i)) },
            { title: 'value', class: 'number', cell: (i) => show(points.value[i] as number) },
            {
              title: 'interval',
              cell: (i) => {
                const low = points.low[i] as number;
                return Number.isFinite(low) ? interval(low, points.high[i] as number, points.confidence(i), show) : '–';
              },
            },
            { title: 'invocations', class: 'number', cell: (i) => points.invocations(i) },
            { title: 'run', class: 'number', cell: (i) => points.run(i) },
          ],
          newest,
        ),
      );
    },
    { once: true },
  );
  return box;
}

function figures(app: App, line: Line): HTMLElement {
  const show = (x: number): string => value(x, line.unit);
  const last = line.changes[line.changes.length - 1];
  const half = line.low !== null && line.high !== null && line.value ? (line.high - line.low) / 2 / line.value : null;
  return facts(
    fact('newest', show(line.value ?? NaN), half === null ? 'no interval: too few invocations' : `± ${share(half)} at ${share(line.confidence)}, ${day(line.created)}`),
    fact('last change', last ? changeText(last) : 'none', last ? `${day(last.created)}, ${revision(last.after)}` : (line.why ?? `in ${count(line.points, 'revision')}`)),
    fact('noise', share(line.noise), 'from revision to revision'),
    line.drift === null ? null : fact('drift', change(line.drift), `a revision, p ${p(line.driftP)}`),
    line.baseline === null ? null : fact(`baseline ${line.document.baseline ?? ''}`, show(line.baseline), line.value ? `${change(line.value / line.baseline)} now` : null),
    app.model.compared(line.id, line.metric)
      ? fact('last comparison', h('a', { href: address(app, 'comparison', line.id, { metric: line.metric === 'time' ? null : line.metric }) }, change(app.model.compared(line.id, line.metric)?.ratio)), app.model.compared(line.id, line.metric)?.verdict)
      : null,
  );
}

function siblings(app: App, line: Line): HTMLElement | null {
  const others = app.model.siblings(line);
  if (others.length < 2) return null;
  const places = new Set(others.map((l) => `${l.machine ?? ''}\n${l.branch ?? ''}`)).size > 1;
  return h(
    'nav',
    { class: 'chips', 'aria-label': 'Other series of this case' },
    ...others.map((l) =>
      h('a', { class: 'chip', href: lineAddress(app, l), 'aria-current': l === line ? 'true' : null }, places ? `${l.metric} · ${l.branch ?? '–'} · ${(l.machine ?? '–').slice(0, 8)}` : l.metric),
    ),
  );
}

function tagChips(app: App, line: Line): HTMLElement | null {
  if (line.tags.length === 0) return null;
  return h(
    'span',
    { class: 'chips' },
    ...line.tags.map((tag) =>
      h('button', { type: 'button', class: 'chip', 'aria-pressed': hasTag(app.filterText, tag) ? 'true' : 'false', title: `only tag ${tag}`, onclick: () => app.setFilter(toggleTag(app.filterText, tag)) }, tag),
    ),
  );
}

/** One series, drawn when its points are there. */
class Detail {
  readonly element = h('article', { class: 'detail' });
  private trend: Trend | null = null;
  private shown: Line | undefined;

  constructor(private readonly app: App) {}

  show(line: Line | undefined): void {
    this.close();
    this.shown = line;
    if (!line) {
      const { item } = this.app.route;
      replace(
        this.element,
        item
          ? empty('This case has no history here', item)
          : empty('No case is chosen', 'Choose one from the list: arrow keys walk through it.'),
      );
      return;
    }
    const box = h('div', { class: 'chart-box', 'aria-busy': 'true' }, h('p', { class: 'waiting' }, 'reading points …'));
    replace(
      this.element,
      h('a', { class: 'back', href: address(this.app, 'trends', '', { sort: this.app.route.query.get('sort') }) }, '← all cases'),
      h('header', { class: 'detail-head' }, h('h2', {}, name(line.id, true)), h('p', { class: 'note' }, `${line.metric}${line.branch ? `, branch ${line.branch}` : ''}${line.machine ? `, machine ${line.machine.slice(0, 8)}` : ''} `, tagChips(this.app, line))),
      siblings(this.app, line),
      figures(this.app, line),
      box,
      line.changes.length ? h('section', {}, h('h3', {}, 'Changes'), changesTable(line)) : null,
    );
    this.app.model.points(line).then(
      (points) => this.shown === line && this.draw(box, line, points),
      (error: unknown) => this.shown === line && replace(box, empty('The points cannot be shown', error instanceof Error ? error.message : String(error))),
    );
  }

  close(): void {
    this.trend?.close();
    this.trend = null;
    this.shown = undefined;
  }

  shows(line: Line): boolean {
    return this.shown === line;
  }

  focusChart(): void {
    this.element.querySelector<HTMLElement>('.chart')?.focus();
  }

  private draw(box: HTMLElement, line: Line, points: LinePoints): void {
    const trend = makeTrend({ line, points, margin: this.app.model.margin, height: 340, announce: (text) => this.app.announce(text) });
    this.trend = trend;
    const ranges: [string, string][] = [['0', 'all']];
    for (const n of [200, 50]) if (points.n > n) ranges.push([String(n), `last ${n}`]);
    const tools = h('div', { class: 'chart-tools' });
    const draw = (chosen: string): void =>
      replace(
        tools,
        h('p', { class: 'legend' }, h('span', { class: 'key value' }), 'value', h('span', { class: 'key band' }), 'interval', h('span', { class: 'key level' }), 'level between changes'),
        choice('Revisions shown', ranges, chosen, (n) => {
          trend.zoomTo(Number(n));
          draw(n);
        }),
      );
    draw('0');
    box.removeAttribute('aria-busy');
    replace(box, tools, trend.element, h('p', { class: 'note hint' }, 'drag to zoom, double-click for all; keys: ← → + − 0'), pointsTable(line, points));
  }
}

export function trends(app: App): View {
  const list = new List<Line>({
    label: 'Series',
    rowHeight,
    row: (line) => row(app, line),
    idOf: (line) => line.key,
    choose: (line) => app.go(lineAddress(app, line)),
  });
  const detail = new Detail(app);
  const head = h('div', { class: 'list-head' });
  const side = h('div', { class: 'list-side' }, head, list.element);
  const element = h('div', { class: 'split' }, h('h1', { class: 'unseen' }, 'Trends'), side, detail.element);
  let lines: Line[] = [];

  const fill = (): void => {
    const sort = sortOf(app.route);
    const chosen = chosenLine(app);
    const { model } = app;
    lines = sortedLines(model, sort).filter((l) => app.filter(l));
    replace(
      head,
      h('p', { class: 'note', role: 'status' }, `${lines.length === model.lines.length ? count(lines.length, 'series', 'series') : `${lines.length} of ${count(model.lines.length, 'series', 'series')}`}${model.lines.length < model.all ? `, reading ${model.all}` : ''}`),
      choice('Sort by', sorts, sort, (s) => app.go(address(app, 'trends', app.route.item, { ...Object.fromEntries(app.route.query), sort: s, q: app.filterText }))),
    );
    list.element.classList.toggle('none', lines.length === 0);
    list.set(lines, (l) => l === chosen);
  };
  const mark = (): void => {
    element.classList.toggle('has-item', app.route.item !== '');
  };
  /** Where there is room for both, something is always chosen. */
  const chosen = (): Line | undefined =>
    chosenLine(app) ?? (app.route.item || window.innerWidth < 800 ? undefined : lines[0]);
  let later = 0;
  const showAll = (redraw = false): void => {
    fill();
    const line = chosen();
    list.select(line ? lines.indexOf(line) : -1, false);
    window.clearTimeout(later);
    // While somebody types, the list comes first.
    if (redraw || !line) detail.show(line);
    else if (!detail.shows(line)) later = window.setTimeout(() => detail.show(line), element.isConnected ? 80 : 0);
    mark();
    requestAnimationFrame(() => list.revealChosen());
  };
  let sorted = sortOf(app.route);
  showAll();
  return {
    element,
    update: showAll,
    show: (route) => {
      if (sortOf(route) !== sorted) {
        sorted = sortOf(route);
        fill();
      }
      const line = chosen();
      window.clearTimeout(later);
      list.select(line ? lines.indexOf(line) : -1);
      detail.show(line);
      mark();
      return true;
    },
    key: (event) => {
      if (event.key === 'j' || event.key === 'k') {
        list.move(event.key === 'j' ? 1 : -1);
        return true;
      }
      if (event.key === 'Enter' && document.activeElement === list.element) {
        detail.focusChart();
        return true;
      }
      if (event.key === 'c') {
        detail.focusChart();
        return true;
      }
      return false;
    },
    close: () => {
      window.clearTimeout(later);
      list.close();
      detail.close();
    },
  };
}

