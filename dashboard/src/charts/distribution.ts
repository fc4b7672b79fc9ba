// SPDX-License-Identifier: GPL-3.0-or-later
// Both sides of a comparison: which share of samples is faster than what, how
// often each value is, and what each pair of processes said.

import uPlot from 'uplot';
import { change, scaleOf, share, value } from '../format';
import type { Distribution, GateCase, Side } from '../data/types';
import { color, h } from '../ui/dom';
import { axisStyle, drawInside, makeChart, placeTip, pointUnder, type Chart } from './plot';

export interface Drawn {
  element: HTMLElement;
  close(): void;
}

/** The value with a share q of the samples below it; `sorted` are samples, or
 * evenly spaced quantiles of them. */
export function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const a = sorted[low] ?? NaN;
  const b = sorted[Math.min(low + 1, sorted.length - 1)] ?? NaN;
  return a + (b - a) * (at - low);
}

/** What is drawn of both: rare outliers are beyond the ends. */
export function rangeOf(d: Distribution): [number, number] {
  const from = Math.min(quantile(d.old.sorted, 0.005), quantile(d.new.sorted, 0.005));
  const to = Math.max(quantile(d.old.sorted, 0.985), quantile(d.new.sorted, 0.985));
  const gap = (to - from || Math.abs(to) * 0.01 || 1) * 0.06;
  return [from - gap, to + gap];
}

/** Share of the samples up to x. */
export function shareBelow(sorted: readonly number[], x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= x) low = middle + 1;
    else high = middle;
  }
  return low / sorted.length;
}

/** Shares of the samples in n bins of the same width. */
export function histogram(sorted: readonly number[], from: number, to: number, n: number): number[] {
  const out = new Array<number>(n).fill(0);
  for (const x of sorted) {
    const bin = Math.floor(((x - from) / (to - from)) * n);
    if (bin >= 0 && bin < n) out[bin] = (out[bin] as number) + 1 / sorted.length;
  }
  return out;
}

function valueAxis(unit: string, size: number): Partial<uPlot.Axis> {
  const scale = scaleOf(size, unit);
  return {
    ...axisStyle(),
    space: 80,
    values: (_u, splits) => {
      const step = Math.abs((splits[1] ?? 1) - (splits[0] ?? 0)) / scale.factor || 1;
      const places = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step))));
      return splits.map((v) => `${(v / scale.factor).toFixed(places)} ${scale.unit}`);
    },
  };
}

function percentAxis(): Partial<uPlot.Axis> {
  return { ...axisStyle(), size: 52, values: (_u, splits) => splits.map((v) => `${Math.round(v * 100)} %`) };
}

const gridPoints = 240;

function cumulative(sorted: readonly number[], xs: readonly number[]): number[] {
  return xs.map((x) => shareBelow(sorted, x));
}

export function ecdf(c: GateCase, d: Distribution): Drawn {
  const [from, to] = rangeOf(d);
  const xs = Array.from({ length: gridPoints }, (_, i) => from + ((to - from) * i) / (gridPoints - 1));
  const stepped = uPlot.paths.stepped?.({ align: 1 });
  const series = (label: string, ink: string): uPlot.Series => ({
    label,
    stroke: color(ink),
    width: 1.75,
    points: { show: false },
    ...(stepped ? { paths: stepped } : {}),
  });
  let chart: Chart | null = null;
  const hover = (u: uPlot): void => {
    const i = chart && pointUnder(chart, u);
    if (!chart || i === null) return;
    const x = xs[i] as number;
    placeTip(
      chart,
      u.valToPos(x, 'x'),
      u.cursor.top ?? 0,
      h('div', { class: 'tip-title' }, `up to ${value(x, c.unit)}`),
      h('div', { class: 'tip-row' }, h('span', {}, 'old'), h('b', {}, share(u.data[1]?.[i]))),
      h('div', { class: 'tip-row' }, h('span', {}, 'new'), h('b', {}, share(u.data[2]?.[i]))),
    );
  };
  chart = makeChart(
    `Share of samples up to a value, old and new, of ${c.id}`,
    260,
    {
      padding: [10, 14, 0, 0],
      cursor: { drag: { x: false, y: false } },
      scales: { x: { time: false, range: [from, to] }, y: { range: [0, 1.02] } },
      axes: [valueAxis(c.unit, to), percentAxis()],
      series: [{}, series('old', 'muted'), series('new', 'line')],
      hooks: { setCursor: [hover] },
    },
    [xs, cumulative(d.old.sorted, xs), cumulative(d.new.sorted, xs)],
  );
  return chart;
}

function bars(u: uPlot, counts: readonly number[], from: number, width: number, fill: string, stroke: string): void {
  drawInside(u, (context, ratio) => {
    const floor = u.valToPos(0, 'y', true);
    context.beginPath();
    context.moveTo(u.valToPos(from, 'x', true), floor);
    counts.forEach((n, i) => {
      const y = u.valToPos(n, 'y', true);
      context.lineTo(u.valToPos(from + i * width, 'x', true), y);
      context.lineTo(u.valToPos(from + (i + 1) * width, 'x', true), y);
    });
    context.lineTo(u.valToPos(from + counts.length * width, 'x', true), floor);
    context.fillStyle = fill;
    context.fill();
    context.strokeStyle = stroke;
    context.lineWidth = 1.25 * ratio;
    context.stroke();
  });
}

export function histograms(c: GateCase, d: Distribution): Drawn {
  const [from, to] = rangeOf(d);
  const least = Math.min(d.old.sorted.length, d.new.sorted.length);
  const n = Math.max(8, Math.min(40, Math.round(2 * Math.cbrt(least) * 2)));
  const old = histogram(d.old.sorted, from, to, n);
  const now = histogram(d.new.sorted, from, to, n);
  const width = (to - from) / n;
  const most = Math.max(...old, ...now) * 1.08;
  const hidden = { show: false };
  return makeChart(
    `Histogram of samples, old and new, of ${c.id}`,
    260,
    {
      padding: [10, 14, 0, 0],
      cursor: { show: false },
      scales: { x: { time: false, range: [from, to] }, y: { range: [0, most] } },
      axes: [valueAxis(c.unit, to), percentAxis()],
      series: [{}, { points: hidden, stroke: 'transparent' }],
      hooks: {
        draw: [
          (u) => bars(u, old, from, width, color('shade'), color('muted')),
          (u) => bars(u, now, from, width, color('band'), color('line')),
        ],
      },
    },
    [
      Array.from({ length: n }, (_, i) => from + (i + 0.5) * width),
      now,
    ],
  );
}

/** The ratio that each pair gave, in their order. */
export function pairs(c: GateCase): Drawn {
  const ratio = c.pair_ratios.map((r) => (r !== null && r > 0 ? r : null));
  const known = ratio.filter((r): r is number => r !== null);
  const margin = c.margin ?? 0.02;
  const reach = Math.max(margin * 1.6, ...known.map((r) => Math.abs(r - 1))) * 1.1;
  let chart: Chart | null = null;
  const hover = (u: uPlot): void => {
    const i = chart && pointUnder(chart, u, (k) => typeof ratio[k] === 'number');
    if (!chart || i === null) return;
    const r = ratio[i] as number;
    placeTip(chart, u.valToPos(i + 1, 'x'), u.valToPos(r, 'y'), h('div', { class: 'tip-title' }, change(r)), `pair ${i + 1} of ${ratio.length}`);
  };
  const band = (u: uPlot): void =>
    drawInside(u, (context, scale) => {
      const y = (r: number): number => u.valToPos(r, 'y', true);
      context.fillStyle = color('shade');
      context.fillRect(u.bbox.left, y(1 + margin), u.bbox.width, y(1 - margin) - y(1 + margin));
      if (c.low !== null && c.high !== null) {
        context.fillStyle = color('band');
        context.fillRect(u.bbox.left, y(c.high), u.bbox.width, Math.max(1, y(c.low) - y(c.high)));
      }
      if (c.ratio !== null) {
        context.strokeStyle = color('line');
        context.lineWidth = 1.5 * scale;
        context.beginPath();
        context.moveTo(u.bbox.left, y(c.ratio));
        context.lineTo(u.bbox.left + u.bbox.width, y(c.ratio));
        context.stroke();
      }
    });
  chart = makeChart(
    `Ratio new to old of each pair of ${c.id}`,
    220,
    {
      padding: [10, 14, 0, 0],
      cursor: { drag: { x: false, y: false }, points: { size: 9 } },
      scales: { x: { time: false, range: [0.4, ratio.length + 0.6] }, y: { range: [1 - reach, 1 + reach] } },
      axes: [
        { ...axisStyle(), incrs: [1, 2, 5, 10, 20, 50, 100, 200], values: (_u, splits) => splits.map((i) => (Number.isInteger(i) && i >= 1 ? String(i) : '')) },
        { ...axisStyle(), size: 66, values: (_u, splits) => splits.map((r) => (Math.abs(r - 1) < 1e-9 ? '0' : change(r))) },
      ],
      series: [{}, { stroke: color('ink'), width: 0, paths: () => null, points: { show: true, size: 6, fill: color('ink') } }],
      hooks: { drawAxes: [band], setCursor: [hover] },
    },
    [ratio.map((_, i) => i + 1), ratio],
  );
  return chart;
}

export function sideWords(side: Side): string {
  return `${side.samples} samples of ${side.invocations} ${side.invocations === 1 ? 'process' : 'processes'}`;
}
