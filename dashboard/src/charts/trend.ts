// SPDX-License-Identifier: GPL-3.0-or-later
// One case from revision to revision: values with their intervals, the levels
// between changes, and the changes.

import type uPlot from 'uplot';
import { change as changeWords, digits, minute, revision, scaleOf, value } from '../format';
import type { Change, Line, LinePoints } from '../data/model';
import { color, h } from '../ui/dom';
import { interval } from '../ui/parts';
import { axisStyle, drawInside, makeChart, placeTip, pointUnder, type Chart } from './plot';

export interface TrendOptions {
  line: Line;
  points: LinePoints;
  margin: number;
  height: number;
  /** said to those who do not see the chart */
  announce(text: string): void;
}

export interface Trend {
  element: HTMLElement;
  /** show so many of the newest points; 0: all */
  zoomTo(last: number): void;
  close(): void;
}

function median(values: number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const n = sorted.length;
  if (n === 0) return NaN;
  const high = sorted[n >> 1] as number;
  return n % 2 ? high : ((sorted[(n >> 1) - 1] as number) + high) / 2;
}

/** The level of each segment between changes, point by point. */
export function levels(values: Float64Array, changes: readonly { at: number }[]): number[] {
  const cuts = [0, ...changes.map((c) => c.at), values.length];
  const out: number[] = [];
  for (let i = 0; i + 1 < cuts.length; i++) {
    const from = cuts[i] as number;
    const to = cuts[i + 1] as number;
    const middle = median(Array.from(values.subarray(from, to)));
    for (let k = from; k < to; k++) out.push(middle);
  }
  return out;
}

function gaps(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, (x) => (Number.isFinite(x) ? x : null));
}

/** What is shown of y: the values, and twice the margin at least, so that what
 * does not matter is not to look like mountains. */
function rangeOf(low: number, high: number, margin: number): [number, number] {
  const middle = (low + high) / 2;
  const half = Math.max((high - low) / 2, Math.abs(middle) * margin * 1.5) * 1.12;
  return half > 0 ? [middle - half, middle + half] : [middle - 1, middle + 1];
}

function colorOf(c: Change): string {
  if (c.ack || c.line.better === 'none') return color('muted');
  return color(c.worse ? 'worse' : 'better');
}

/** A line for each segment, from halfway before its first point to halfway
 * behind its last. */
function drawLevels(u: uPlot, level: readonly number[], changes: readonly { at: number }[]): void {
  const cuts = [0, ...changes.map((c) => c.at), level.length];
  drawInside(u, (context, ratio) => {
    context.strokeStyle = color('level');
    context.lineWidth = 1.5 * ratio;
    for (let i = 0; i + 1 < cuts.length; i++) {
      const from = cuts[i] as number;
      const y = u.valToPos(level[from] as number, 'y', true);
      if (!Number.isFinite(y)) continue;
      context.beginPath();
      context.moveTo(u.valToPos(from - 0.5, 'x', true), y);
      context.lineTo(u.valToPos((cuts[i + 1] as number) - 0.5, 'x', true), y);
      context.stroke();
    }
  });
}

function drawChanges(u: uPlot, changes: readonly Change[]): void {
  drawInside(u, (context, ratio) => {
    context.font = `${600} ${11 * ratio}px system-ui, sans-serif`;
    context.textBaseline = 'top';
    context.textAlign = 'left';
    let free = -Infinity;
    for (const c of changes) {
      const x = Math.round(u.valToPos(c.at - 0.5, 'x', true)) + 0.5;
      context.strokeStyle = colorOf(c);
      context.fillStyle = colorOf(c);
      context.lineWidth = ratio;
      context.setLineDash(c.provisional ? [3 * ratio, 3 * ratio] : []);
      context.beginPath();
      context.moveTo(x, u.bbox.top);
      context.lineTo(x, u.bbox.top + u.bbox.height);
      context.stroke();
      const text = changeWords(c.ratio);
      if (x + 4 * ratio > free) {
        context.fillText(text, x + 4 * ratio, u.bbox.top + 3 * ratio);
        free = x + 10 * ratio + context.measureText(text).width;
      }
    }
    context.setLineDash([]);
  });
}

function tipOf(line: Line, points: LinePoints, i: number): HTMLElement {
  const show = (x: number): string => value(x, line.unit);
  const at = points.value[i] as number;
  const change = line.changes.find((c) => c.at === i);
  const low = points.low[i] as number;
  const known = Number.isFinite(low);
  const row = (label: string, text: string): HTMLElement =>
    h('div', { class: 'tip-row' }, h('span', {}, label), h('b', {}, text));
  return h(
    'div',
    {},
    h('div', { class: 'tip-title' }, show(at)),
    row('interval', known ? interval(low, points.high[i] as number, points.confidence(i), show) : 'none'),
    row('revision', `${revision(points.revision(i))}${points.dirty(i) ? ' + changes' : ''}`),
    row('measured', minute(points.created(i))),
    row('from', `${points.invocations(i)} invocations${points.occasions(i) > 1 ? ` on ${points.occasions(i)} occasions` : ''}, run ${points.run(i)}`),
    change ? row('change here', changeWords(change.ratio)) : null,
  );
}

function textOf(line: Line, points: LinePoints, i: number): string {
  return `point ${i + 1} of ${points.n}, revision ${revision(points.revision(i))}, ${minute(points.created(i))}, ${value(points.value[i] as number, line.unit)}`;
}

function optionsOf(o: TrendOptions, level: number[]): Omit<uPlot.Options, 'width' | 'height'> {
  const { line, points } = o;
  const size = scaleOf(level[level.length - 1] ?? 1, line.unit);
  const digitsOf = (step: number): number => Math.max(0, Math.ceil(-Math.log10(step)));
  const few = points.n <= 120;
  return {
    padding: [10, 14, 0, 0],
    cursor: { drag: { x: true, y: false, setScale: true }, points: { size: 9 } },
    scales: {
      x: { time: false, range: (_u, min, max) => [Math.max(min, -0.5), Math.min(max, points.n - 0.5)] },
      y: { range: (_u, min, max) => rangeOf(min, max, o.margin) },
    },
    axes: [
      {
        ...axisStyle(),
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000],
        space: 96,
        size: 44,
        values: (_u, splits) =>
          splits.map((i) =>
            i >= 0 && i < points.n && Number.isInteger(i)
              ? `${points.revision(i)?.slice(0, 7) ?? ''}\n${points.created(i).slice(0, 10)}`
              : '',
          ),
      },
      {
        ...axisStyle(),
        size: 72,
        values: (_u, splits) => {
          const step = Math.abs((splits[1] ?? 1) - (splits[0] ?? 0)) / size.factor || 1;
          return splits.map((v) => `${(v / size.factor).toFixed(Math.min(digitsOf(step), 9))} ${size.unit}`);
        },
      },
    ],
    series: [
      {},
      { label: 'high', points: { show: false }, stroke: 'transparent' },
      { label: 'low', points: { show: false }, stroke: 'transparent' },
      {
        label: 'value',
        stroke: color('line'),
        width: 1.25,
        points: { show: few, size: 5, fill: color('line'), stroke: color('line') },
      },
    ],
    bands: [{ series: [1, 2], fill: color('band') }],
  };
}

export function makeTrend(o: TrendOptions): Trend {
  const { line, points } = o;
  const level = levels(points.value, line.changes);
  const low = gaps(points.low);
  const high = gaps(points.high);
  const options = optionsOf(o, level);
  let chart: Chart | null = null;
  let spoken = -1;

  const hover = (u: uPlot): void => {
    const i = chart && pointUnder(chart, u);
    if (!chart || i === null) return;
    placeTip(
      chart,
      u.valToPos(i, 'x'),
      u.valToPos(points.value[i] as number, 'y') || 0,
      tipOf(line, points, i),
    );
  };
  options.hooks = {
    draw: [
      (u) => drawBaseline(u, line),
      (u) => drawLevels(u, level, line.changes),
      (u) => drawChanges(u, line.changes),
    ],
    setCursor: [hover],
  };
  chart = makeChart(
    `${line.id}, ${line.metric}, ${points.n} points. Left and right step through the points, plus and minus zoom, 0 shows all.`,
    o.height,
    options,
    [
      Array.from({ length: points.n }, (_, i) => i),
      high,
      low,
      gaps(points.value),
    ],
  );
  const made = chart;

  const zoom = (min: number, max: number): void => {
    made.plot.setScale('x', { min: Math.max(min, -0.5), max: Math.min(max, points.n - 0.5) });
  };
  const step = (to: number): void => {
    const i = Math.min(Math.max(to, 0), points.n - 1);
    const { min, max } = made.plot.scales.x as { min: number; max: number };
    if (i < min || i > max) zoom(i - (max - min) / 2, i + (max - min) / 2);
    made.plot.setCursor({
      left: made.plot.valToPos(i, 'x'),
      top: made.plot.valToPos(points.value[i] as number, 'y'),
    });
    if (i !== spoken) o.announce(textOf(line, points, i));
    spoken = i;
  };
  const scale = (by: number): void => {
    const { min, max } = made.plot.scales.x as { min: number; max: number };
    const middle = spoken >= min && spoken <= max ? spoken : (min + max) / 2;
    const half = Math.max(2, ((max - min) / 2) * by);
    zoom(middle - half, middle + half);
  };
  made.element.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = made.plot.cursor.idx ?? points.n;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => step(at - 1),
      ArrowRight: () => step(at + 1),
      Home: () => step(0),
      End: () => step(points.n - 1),
      '+': () => scale(0.5),
      '=': () => scale(0.5),
      '-': () => scale(2),
      '0': () => zoom(-0.5, points.n - 0.5),
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      event.stopPropagation();
      action();
    }
  });
  made.element.addEventListener('blur', () => {
    made.tip.hidden = true;
  });
  return {
    element: made.element,
    zoomTo: (last) => zoom(last ? points.n - last - 0.5 : -0.5, points.n - 0.5),
    close: () => made.close(),
  };
}

function drawBaseline(u: uPlot, line: Line): void {
  if (line.baseline === null) return;
  const at = line.baseline;
  drawInside(u, (context, ratio) => {
    const y = Math.round(u.valToPos(at, 'y', true)) + 0.5;
    context.strokeStyle = color('muted');
    context.fillStyle = color('muted');
    context.lineWidth = ratio;
    context.setLineDash([6 * ratio, 4 * ratio]);
    context.beginPath();
    context.moveTo(u.bbox.left, y);
    context.lineTo(u.bbox.left + u.bbox.width, y);
    context.stroke();
    context.setLineDash([]);
    context.font = `${11 * ratio}px system-ui, sans-serif`;
    context.textAlign = 'right';
    context.textBaseline = 'bottom';
    context.fillText(`baseline ${digits(at / scaleOf(at, line.unit).factor, 4)}`, u.bbox.left + u.bbox.width - 4 * ratio, y - 2 * ratio);
    context.textAlign = 'left';
  });
}
