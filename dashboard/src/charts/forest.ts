// SPDX-License-Identifier: GPL-3.0-or-later
// Ratios with their intervals on one axis: by how much, and how sure.

import { change } from '../format';
import type { Maybe } from '../data/types';
import { h, s } from '../ui/dom';

export interface Effect {
  ratio: Maybe<number>;
  low: Maybe<number>;
  high: Maybe<number>;
}

/** Widest change that an axis is made for: beyond it an arrow stands. */
const widest = Math.log(2);

export interface Axis {
  /** half the range, of the logarithm */
  half: number;
  margin: number;
  ticks: number[];
}

function quantile(sorted: number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

function ticksOf(half: number): number[] {
  const steps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];
  const step = steps.find((x) => Math.log1p(x) * 2.2 > half) ?? 1;
  const out: number[] = [];
  for (let x = step; Math.log1p(x) <= half; x += step) out.push(x);
  const below = out.map((x) => 1 - x).filter((x) => x > 0 && -Math.log(x) <= half);
  return [...below.reverse(), 1, ...out.map((x) => 1 + x)];
}

/** One axis for all of these: nearly all of them fit. */
export function axisOf(effects: readonly Effect[], margin: number): Axis {
  const reach = effects
    .flatMap((e) => [e.ratio, e.low, e.high])
    .filter((x): x is number => x !== null && x > 0 && Number.isFinite(x))
    .map((x) => Math.abs(Math.log(x)))
    .sort((a, b) => a - b);
  const need = Math.max(quantile(reach, 0.97) * 1.08, Math.log1p(margin) * 2);
  const half = Math.min(need, widest);
  return { half, margin, ticks: ticksOf(half) };
}

function place(axis: Axis, ratio: number): number {
  const x = Math.log(ratio) / axis.half;
  return 50 + 50 * Math.min(Math.max(x, -1), 1);
}

function percent(x: number): string {
  return `${x.toFixed(3)}%`;
}

function background(axis: Axis): SVGElement[] {
  const from = place(axis, 1 / (1 + axis.margin));
  const to = place(axis, 1 + axis.margin);
  return [
    s('rect', { class: 'forest-margin', x: percent(from), width: percent(to - from), y: 0, height: '100%' }),
    s('line', { class: 'forest-zero', x1: '50%', x2: '50%', y1: 0, y2: '100%' }),
  ];
}

function arrow(axis: Axis, ratio: number): SVGElement | null {
  const x = Math.log(ratio) / axis.half;
  if (Math.abs(x) <= 1) return null;
  return s('text', { class: 'forest-beyond', x: x > 0 ? '100%' : '0%', y: '50%', dy: '0.32em', 'text-anchor': x > 0 ? 'end' : 'start' }, x > 0 ? '▸' : '◂');
}

/** One effect.  kind: a class that says whether it is for the worse. */
export function forest(axis: Axis, effect: Effect, kind: string): SVGElement {
  const parts: (SVGElement | null)[] = background(axis);
  if (effect.low !== null && effect.high !== null && effect.low > 0) {
    parts.push(
      s('line', {
        class: `forest-interval ${kind}`,
        x1: percent(place(axis, effect.low)),
        x2: percent(place(axis, effect.high)),
        y1: '50%',
        y2: '50%',
      }),
    );
  }
  if (effect.ratio !== null && effect.ratio > 0) {
    parts.push(
      arrow(axis, effect.ratio) ??
        s('circle', { class: `forest-dot ${kind}`, cx: percent(place(axis, effect.ratio)), cy: '50%', r: 3.6 }),
    );
  }
  return s('svg', { class: 'forest', 'aria-hidden': 'true' }, ...parts);
}

/** The figures of the axis, to stand above a column of effects. */
export function forestHead(axis: Axis): HTMLElement {
  const span = place(axis, 1 + axis.margin) - 50;
  const kept = axis.ticks.filter((t) => t === 1 || Math.abs(place(axis, t) - 50) > 14);
  const node = h('div', { class: 'forest-head', 'aria-hidden': 'true' });
  for (const tick of kept) {
    const label = h('span', {}, tick === 1 ? '0' : change(tick).replace(/\.0+(?=\D)/, ''));
    label.style.left = percent(Math.min(Math.max(place(axis, tick), 6), 94));
    node.append(label);
  }
  node.title = `shaded: the margin of ${(axis.margin * 100).toFixed(1)} % (${span.toFixed(0)} % of the half axis)`;
  return node;
}
