// SPDX-License-Identifier: GPL-3.0-or-later
// Speed-up by number of workers: what was measured with its intervals, the law
// that fits, and what would be ideal.

import type uPlot from 'uplot';
import { digits, seconds, share, unknown } from '../format';
import type { ScaleCase, ScaleLaw, ScalePoint } from '../data/types';
import { color, h } from '../ui/dom';
import { axisStyle, drawInside, makeChart, placeTip, type Chart } from './plot';

/** Throughput of n workers by the Universal Scalability Law, of which the two
 * others are special cases (Gunther, "Guerrilla Capacity Planning", 2007). */
export function lawAt(law: ScaleLaw, n: number): number {
  const sigma = law.sigma ?? 0;
  const kappa = law.kappa ?? 0;
  return ((law.gamma ?? NaN) * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
}

const curvePoints = 80;

function intervals(u: uPlot, points: readonly ScalePoint[]): void {
  drawInside(u, (context, ratio) => {
    context.strokeStyle = color('line');
    context.fillStyle = color('line');
    context.lineWidth = 1.75 * ratio;
    for (const p of points) {
      const { value, low, high } = p.speedup;
      const x = u.valToPos(p.workers, 'x', true);
      if (low !== null && high !== null) {
        context.beginPath();
        context.moveTo(x, u.valToPos(low, 'y', true));
        context.lineTo(x, u.valToPos(high, 'y', true));
        context.stroke();
      }
      if (value === null) continue;
      context.beginPath();
      context.arc(x, u.valToPos(value, 'y', true), 4 * ratio, 0, 2 * Math.PI);
      context.fill();
    }
  });
}

function tipOf(p: ScalePoint, confidence: number | null): HTMLElement {
  const row = (label: string, text: string): HTMLElement => h('div', { class: 'tip-row' }, h('span', {}, label), h('b', {}, text));
  const s = p.speedup;
  return h(
    'div',
    {},
    h('div', { class: 'tip-title' }, `${p.workers} ${p.workers === 1 ? 'worker' : 'workers'}`),
    row('speed-up', s.value === null ? unknown : `${digits(s.value, 3)}${s.low !== null && s.high !== null ? ` (${digits(s.low, 3)} to ${digits(s.high, 3)} at ${share(confidence)})` : ''}`),
    row('efficiency', share(p.efficiency.value)),
    row('time', seconds(p.seconds.value)),
  );
}

export function scaling(c: ScaleCase, points: readonly ScalePoint[]): { element: HTMLElement; close(): void } {
  const most = Math.max(...points.map((p) => p.workers));
  const base = c.base ?? points[0]?.workers ?? 1;
  const xs = [...new Set([...points.map((p) => p.workers), ...Array.from({ length: curvePoints }, (_, i) => base + ((most - base) * i) / (curvePoints - 1))])].sort((a, b) => a - b);
  const unit = c.law ? lawAt(c.law, base) : NaN;
  const fit = xs.map((n) => (c.law && Number.isFinite(unit) ? lawAt(c.law, n) / unit : null));
  const top = Math.max(1, ...points.map((p) => p.speedup.high ?? p.speedup.value ?? 0));
  let chart: Chart | null = null;
  const hover = (u: uPlot): void => {
    if (!chart) return;
    const at = u.cursor.idx;
    const x = at === null || at === undefined || (u.cursor.left ?? -1) < 0 ? null : (xs[at] as number);
    if (x === null) {
      chart.tip.hidden = true;
      return;
    }
    const near = points.reduce((a, b) => (Math.abs(b.workers - x) < Math.abs(a.workers - x) ? b : a));
    placeTip(chart, u.valToPos(near.workers, 'x'), u.valToPos(near.speedup.value ?? 1, 'y'), tipOf(near, c.confidence));
  };
  chart = makeChart(
    `Speed-up by number of workers of ${c.id}`,
    300,
    {
      padding: [10, 14, 0, 0],
      cursor: { drag: { x: false, y: false }, points: { show: false } },
      scales: { x: { time: false, range: [base - 0.15 * Math.max(1, most - base) / 4, most + 0.15 * Math.max(1, most - base) / 4] }, y: { range: [0, Math.max(top, Math.min(most / base, top * 1.6)) * 1.06] } },
      axes: [
        { ...axisStyle(), splits: () => points.map((p) => p.workers), values: (_u, splits) => splits.map(String) },
        { ...axisStyle(), values: (_u, splits) => splits.map((v) => `${Number(v.toFixed(2))}×`) },
      ],
      series: [
        {},
        { label: 'ideal', stroke: color('muted'), width: 1, pxAlign: 0, dash: [5, 4], points: { show: false } },
        { label: 'law', stroke: color('level'), width: 1.5, pxAlign: 0, points: { show: false } },
      ],
      hooks: { draw: [(u) => intervals(u, points)], setCursor: [hover] },
    },
    [xs, xs.map((n) => n / base), fit],
  );
  return chart;
}
