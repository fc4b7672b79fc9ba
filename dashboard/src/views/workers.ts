// SPDX-License-Identifier: GPL-3.0-or-later
// How many workers a suite, a benchmark or a command should use.

import { type App, type View } from '../app';
import { scaling } from '../charts/scaling';
import type { Range, ScaleCase, ScaleDocument, ScaleLaw, ScalePoint } from '../data/types';
import { count, digits, minute, revision, seconds, share, unknown } from '../format';
import { h, replace } from '../ui/dom';
import { empty, fact, facts, name, table } from '../ui/parts';

const kinds: Record<ScaleCase['kind'], string> = {
  tests: 'a suite of tests on so many workers',
  copies: 'so many copies side by side',
  threads: 'a benchmark with so many threads',
  command: 'a command that was told the number',
};

const limits: Record<string, string> = {
  none: 'nothing yet',
  'longest-test': 'one long test',
  fixture: 'a fixture that all wait for',
  idle: 'workers without work',
  serial: 'a part done one at a time',
  memory: 'memory bandwidth or a shared cache',
  waiting: 'waiting: a lock, a disk, a network',
  others: 'other processes on the machine',
  unknown: 'not known',
};

function lawWords(law: ScaleLaw): string {
  const error = (x: number | null): string => (x === null ? '' : ` ± ${share(x)}`);
  const parts = [law.law === 'usl' ? 'Universal Scalability Law' : law.law === 'amdahl' ? 'Amdahl’s law' : 'linear'];
  if (law.sigma !== null && law.law !== 'linear') parts.push(`contention ${share(law.sigma)}${error(law.sigma_se)}`);
  if (law.kappa !== null && law.law === 'usl') parts.push(`coherency ${share(law.kappa)}${error(law.kappa_se)}`);
  if (law.peak !== null) parts.push(`most throughput at ${digits(law.peak, 3)} workers`);
  return parts.join(', ');
}

function rangeWords(r: Range, format: (x: number) => string): string {
  if (r.value === null) return unknown;
  return r.low === null || r.high === null ? format(r.value) : `${format(r.value)} (${format(r.low)} to ${format(r.high)})`;
}

function pointsTable(scale: ScaleDocument, c: ScaleCase, points: readonly ScalePoint[]): HTMLElement {
  const notes = (p: ScalePoint): string => {
    const n = scale.counts.find((k) => k.workers === p.workers);
    return [n?.why, n?.oversubscribed ? 'oversubscribed' : null, n?.smt ? 'SMT siblings' : null, n?.no_core_left ? 'no core left' : null].filter(Boolean).join(', ');
  };
  return table<ScalePoint>(
    `Figures of ${c.id} by number of workers`,
    [
      { title: 'workers', class: 'number', cell: (p) => p.workers },
      { title: 'time', cell: (p) => rangeWords(p.seconds, seconds) },
      { title: 'speed-up', cell: (p) => rangeWords(p.speedup, (x) => digits(x, 3)) },
      { title: 'efficiency', cell: (p) => rangeWords(p.efficiency, (x) => share(x)) },
      { title: 'taken by others', cell: (p) => (p.foreign === null ? unknown : share(p.foreign)) },
      { title: 'notes', cell: notes },
    ],
    points,
  );
}

function panel(scale: ScaleDocument, c: ScaleCase, drawn: { close(): void }[]): HTMLElement {
  const head = h('header', { class: 'panel-head' }, h('h2', {}, name(c.id, true)), h('p', { class: 'note' }, kinds[c.kind]));
  const points = c.points?.filter((p) => p.speedup.value !== null) ?? [];
  if (points.length === 0) return h('section', { class: 'panel' }, head, empty('Not measured', c.message ?? 'no round was complete'));
  const chart = scaling(c, points);
  drawn.push(chart);
  return h(
    'section',
    { class: 'panel' },
    head,
    h(
      'div',
      { class: 'panel-body' },
      facts(
        fact('recommended', c.recommended === null ? unknown : count(c.recommended, 'worker'), c.certain === false ? 'not certain: its interval reaches below 95 % of the best' : 'within 5 % of the best throughput'),
        fact('what limits', limits[c.limit?.name ?? 'unknown'] ?? c.limit?.name, c.limit?.test ?? (c.limit?.lost == null ? null : `${share(c.limit.lost)} of the workers’ time is lost`)),
        c.saved && c.saved.seconds !== null ? fact('saved', seconds(c.saved.seconds), `${share(c.saved.share)} of the time with ${count(c.saved.from, 'worker')}`) : null,
        fact('rounds', c.rounds.used, c.rounds.used < c.rounds.complete ? `${c.rounds.complete - c.rounds.used} disturbed` : 'interleaved'),
      ),
      h('p', { class: 'legend' }, h('span', { class: 'key' }), 'measured', c.law ? h('span', { class: 'key level' }) : null, c.law ? lawWords(c.law) : null, h('span', { class: 'key ideal' }), 'ideal'),
      chart.element,
      pointsTable(scale, c, points),
    ),
  );
}

export function workers(app: App): View {
  const { scale } = app.model.document;
  const element = h('div', {}, h('h1', { class: 'unseen' }, 'Worker counts'));
  const box = h('div', {});
  element.append(box);
  let drawn: { close(): void }[] = [];
  const close = (): void => {
    for (const d of drawn) d.close();
    drawn = [];
  };
  const update = (): void => {
    close();
    if (!scale) {
      replace(box, h('div', { class: 'panel' }, empty('Worker counts were not compared', 'A sweep tells what more workers buy; the newest one is shown here.', 'tare scale -n 1,2,4')));
      return;
    }
    const cases = scale.cases.filter((c) => app.filter({ search: c.id.toLowerCase(), tags: [] }));
    replace(
      box,
      h('p', { class: 'note view-head' }, [`${count(scale.counts.length, 'number of workers', 'numbers of workers')}: ${scale.counts.map((n) => n.workers).join(', ')}`, scale.created ? minute(scale.created) : null, scale.revision ? revision(scale.revision) : null].filter(Boolean).join(' · ')),
      cases.length === 0 ? h('div', { class: 'panel' }, empty('Nothing fits the filter', app.filterText)) : null,
      ...cases.map((c) => panel(scale, c, drawn)),
    );
  };
  update();
  return { element, update, close };
}

