// SPDX-License-Identifier: GPL-3.0-or-later
// The machine: its cores and where workers run on them, its facts, and its
// anchors over time: did the machine move, or the code?

import type uPlot from 'uplot';
import type { App, View } from '../app';
import { axisStyle, makeChart, placeTip, pointUnder, type Chart } from '../charts/plot';
import type { AnchorRun, TopologyDocument } from '../data/types';
import { change, count, day, minute, revision, value } from '../format';
import { color, h, replace } from '../ui/dom';
import { badge, empty, section, table } from '../ui/parts';

type Unit = NonNullable<TopologyDocument['machine']['units']>[number];

/** The cores of the drawing: all allowed ones, or those that workers have. */
export function unitsOf(topology: TopologyDocument): Unit[] {
  const known = topology.machine.units;
  if (known) return known;
  const units = topology.placement
    .filter((p) => p.core !== null)
    .map((p) => ({ core: p.core as number, pus: p.pus, package: null, numa: p.numa, llc: p.llc, kind: p.kind }));
  const { reserved } = topology;
  if (reserved) units.push({ core: reserved.core, pus: reserved.pus, package: null, numa: null, llc: null, kind: null });
  return units.sort((a, b) => a.core - b.core);
}

/** Neighbours that share something. */
export function groups(units: readonly Unit[], key: (u: Unit) => number | null): [number | null, Unit[]][] {
  const out = new Map<number | null, Unit[]>();
  for (const unit of units) {
    const k = key(unit);
    const found = out.get(k);
    if (found) found.push(unit);
    else out.set(k, [unit]);
  }
  return [...out];
}

function coreBox(topology: TopologyDocument, unit: Unit): HTMLElement {
  const workers = topology.placement.filter((p) => p.pus.some((pu) => unit.pus.includes(pu)));
  const reserved = topology.reserved?.core === unit.core;
  const what = workers.length ? workers.map((w) => w.worker).join(' ') : reserved ? 'system' : 'idle';
  return h(
    'li',
    { class: `core ${workers.length ? 'busy' : reserved ? 'reserved' : ''}`, title: `core ${unit.core}, ${unit.kind ?? 'cores'}, PUs ${unit.pus.join(', ')}: ${what}` },
    h('b', {}, what),
    h('small', {}, `core ${unit.core}`),
    h('span', { class: 'pus' }, ...unit.pus.map((pu) => h('span', { class: workers.some((w) => w.pus.includes(pu)) ? 'pu on' : 'pu' }, pu))),
  );
}

function topologyPanel(topology: TopologyDocument): HTMLElement {
  const units = unitsOf(topology);
  const node = (os: number | null): string | null => {
    const n = topology.machine.nodes.find((x) => x.numa === os);
    return n && n.bytes ? value(n.bytes, 'B') : null;
  };
  return section(
    'Topology and placement',
    `${topology.machine.source}: ${topology.machine.shape}; ${count(topology.placement.length, 'worker')}, ${topology.state}`,
    h(
      'div',
      { class: 'panel-body topology' },
      ...groups(units, (u) => u.package).map(([p, inPackage]) =>
        h(
          'div',
          { class: 'domain' },
          p === null ? null : h('h3', {}, `package ${p}`),
          ...groups(inPackage, (u) => u.numa).map(([n, inNode]) =>
            h(
              'div',
              { class: 'domain' },
              n === null ? null : h('h3', {}, `memory ${n}`, node(n) ? ` · ${node(n)}` : null),
              h(
                'div',
                { class: 'caches' },
                ...groups(inNode, (u) => u.llc).map(([c, inCache]) =>
                  h('div', { class: 'domain cache' }, c === null ? null : h('h3', {}, `last cache ${c}`), h('ul', { class: 'cores' }, ...inCache.map((u) => coreBox(topology, u)))),
                ),
              ),
            ),
          ),
        ),
      ),
      h('p', { class: 'legend' }, h('span', { class: 'swatch busy' }), 'a worker', h('span', { class: 'swatch reserved' }), 'left to the system', h('span', { class: 'swatch' }), 'idle'),
      ...topology.warnings.map((w) => h('p', { class: 'message' }, w)),
    ),
  );
}

function factsPanel(app: App): HTMLElement | null {
  const { facts, key } = app.model.document.machine;
  const rows = Object.entries(facts ?? {});
  if (rows.length === 0) return null;
  return section(
    'Facts',
    key ? h('span', {}, 'machine key ', h('span', { class: 'code' }, key.slice(0, 16))) : null,
    table<[string, string]>(
      'Facts of the machine',
      [
        { title: 'fact', cell: ([k]) => k.replace(/_/g, ' ') },
        { title: 'value', class: 'wide', cell: ([, v]) => v },
      ],
      rows,
    ),
  );
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}

/** One anchor, relative to its median: small multiples on one scale. */
function anchorChart(anchor: string, runs: readonly AnchorRun[], reach: number): Chart {
  const middle = median(runs.map((r) => r.ns[anchor]).filter((x): x is number => typeof x === 'number'));
  const ratio = runs.map((r) => (typeof r.ns[anchor] === 'number' ? (r.ns[anchor] as number) / middle : null));
  let chart: Chart | null = null;
  const hover = (u: uPlot): void => {
    const i = chart && pointUnder(chart, u, (k) => typeof ratio[k] === 'number');
    if (!chart || i === null) return;
    const run = runs[i] as AnchorRun;
    const r = ratio[i] as number;
    placeTip(chart, u.valToPos(i, 'x'), u.valToPos(r, 'y'), h('div', { class: 'tip-title' }, value(run.ns[anchor] ?? NaN, 'ns')), h('div', {}, `${change(r)} from its median`), h('div', {}, `run ${run.run}, ${minute(run.created)}, ${revision(run.revision)}`));
  };
  chart = makeChart(
    `Anchor ${anchor} over ${runs.length} runs`,
    120,
    {
      padding: [8, 14, 0, 0],
      cursor: { drag: { x: false, y: false } },
      scales: { x: { time: false, range: [-0.5, runs.length - 0.5] }, y: { range: [1 - reach, 1 + reach] } },
      axes: [
        { ...axisStyle(), incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500], space: 90, size: 26, values: (_u, splits) => splits.map((i) => (runs[i] ? day(runs[i]?.created) : '')) },
        { ...axisStyle(), size: 62, space: 26, values: (_u, splits) => splits.map((r) => (Math.abs(r - 1) < 1e-9 ? '0' : change(r))) },
      ],
      series: [{}, { stroke: color('line'), width: 1.25, points: { show: runs.length < 120, size: 4, fill: color('line') } }],
      hooks: { setCursor: [hover] },
    },
    [runs.map((_, i) => i), ratio],
  );
  return chart;
}

function anchorsPanel(app: App, drawn: Chart[]): HTMLElement {
  const { anchors, key } = app.model.document.machine;
  const machine = anchors.some((a) => a.machine === key) ? key : (anchors[anchors.length - 1]?.machine ?? null);
  const runs = anchors.filter((a) => a.machine === machine);
  const names = [...new Set(runs.flatMap((r) => Object.keys(r.ns)))];
  if (names.length === 0) {
    return section('Anchors over time', null, empty('No anchors yet', 'Each run that is stored measures small benchmarks of Tare’s own beside yours; they show whether the machine moved.'));
  }
  const moves = names
    .flatMap((n) => {
      const values = runs.map((r) => r.ns[n]).filter((x): x is number => typeof x === 'number');
      const middle = median(values);
      return values.map((x) => Math.abs(x / middle - 1));
    })
    .sort((a, b) => a - b);
  const reach = Math.min(0.5, Math.max(0.02, (moves[Math.floor(moves.length * 0.95)] ?? 0) * 1.25));
  const charts = names.map((n) => ({ n, chart: anchorChart(n, runs, reach) }));
  drawn.push(...charts.map((c) => c.chart));
  return section(
    'Anchors over time',
    'small benchmarks of Tare’s own, relative to their median: when all move together, it was the machine',
    h('div', { class: 'panel-body two' }, ...charts.map(({ n, chart }) => h('div', { class: 'chart-part' }, h('h3', {}, n), chart.element))),
  );
}

function placesPanel(app: App): HTMLElement | null {
  const others = app.model.document.history?.others ?? [];
  if (others.length === 0) return null;
  return section(
    'Other machines and branches',
    'they have runs of this suite, which this page does not show',
    table<(typeof others)[number]>(
      'Other machines and branches',
      [
        { title: 'machine', class: 'code', cell: (o) => o.machine?.slice(0, 12) ?? '–' },
        { title: 'branch', class: 'wide', cell: (o) => o.branch ?? '–' },
        { title: 'runs', class: 'number', cell: (o) => o.runs },
        { title: 'note', cell: (o) => (o.machine === app.model.document.machine.key ? badge('this machine', 'quiet') : null) },
      ],
      others,
    ),
  );
}

export function machine(app: App): View {
  const element = h('div', {}, h('h1', { class: 'unseen' }, 'Machine'));
  const box = h('div', {});
  element.append(box);
  let drawn: Chart[] = [];
  const close = (): void => {
    for (const d of drawn) d.close();
    drawn = [];
  };
  const update = (): void => {
    close();
    const { topology } = app.model.document.machine;
    replace(
      box,
      topology ? topologyPanel(topology) : section('Topology', null, empty('Not known', 'The machine could not be looked at when this page was written.', 'tare topology')),
      anchorsPanel(app, drawn),
      h('div', { class: 'columns even' }, factsPanel(app), placesPanel(app)),
    );
  };
  update();
  return { element, update, close };
}
