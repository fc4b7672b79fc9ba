// SPDX-License-Identifier: GPL-3.0-or-later
// What each worker did when: a row a worker, a bar a test.

import { seconds } from '../format';
import type { TestCase } from '../data/types';
import { color, fitCanvas, h, replace } from '../ui/dom';

const rowHeight = 26;
const barHeight = 18;
const labelWidth = 44;
const axisHeight = 24;
const widthAtFirst = 900;

export interface Bar {
  test: TestCase;
  worker: string;
  from: number;
  to: number;
}

/** Tests whose beginning and worker are known; times from the first start. */
export function barsOf(cases: readonly TestCase[]): Bar[] {
  const bars = cases
    .filter((t) => t.worker !== null && t.started_s !== null && t.started_s !== undefined && t.outcome !== 'skipped')
    .map((t) => ({ test: t, worker: t.worker as string, from: t.started_s as number, to: (t.started_s as number) + t.seconds }));
  const first = bars.reduce((least, b) => Math.min(least, b.from), Infinity);
  for (const b of bars) {
    b.from -= first;
    b.to -= first;
  }
  return bars;
}

export function workersOf(bars: readonly Bar[]): string[] {
  return [...new Set(bars.map((b) => b.worker))].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

function inkOf(outcome: string): string {
  if (outcome === 'passed' || outcome === 'xfailed') return 'line';
  return outcome === 'flaky' ? 'wait' : 'worse';
}

function niceStep(span: number, room: number): number {
  const rough = span / Math.max(2, room / 90);
  const ten = 10 ** Math.floor(Math.log10(rough));
  return ten * ([1, 2, 5, 10].find((f) => f * ten >= rough) ?? 10);
}

export function timeline(bars: readonly Bar[], choose: (test: TestCase) => void): { element: HTMLElement; close(): void; draw(): void } {
  const rows = workersOf(bars);
  const end = bars.reduce((most, b) => Math.max(most, b.to), 0) || 1;
  const canvas = h('canvas', { role: 'img', 'aria-label': `${bars.length} tests on ${rows.length} workers in ${seconds(end)}; the tables below say the same` });
  const tip = h('div', { class: 'tip', hidden: true });
  const element = h('div', { class: 'timeline' }, canvas, tip);
  const height = rows.length * rowHeight + axisHeight;
  let width = widthAtFirst;
  const x = (t: number): number => labelWidth + (t / end) * (width - labelWidth - 12);

  const axis = (c: CanvasRenderingContext2D): void => {
    const step = niceStep(end, width);
    c.fillStyle = color('muted');
    c.strokeStyle = color('grid');
    c.textAlign = 'center';
    for (let t = 0; t <= end * 1.0001; t += step) {
      c.beginPath();
      c.moveTo(Math.round(x(t)) + 0.5, 0);
      c.lineTo(Math.round(x(t)) + 0.5, height - axisHeight);
      c.stroke();
      c.fillText(t === 0 ? '0' : seconds(t).replace(/\.?0+(?=\D*$)/, ''), Math.min(x(t), width - 22), height - 8);
    }
  };
  const draw = (): void => {
    width = element.clientWidth || widthAtFirst;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const c = fitCanvas(canvas, width, height);
    if (!c) return;
    c.font = '12px system-ui, sans-serif';
    axis(c);
    c.textAlign = 'left';
    rows.forEach((worker, row) => {
      c.fillStyle = color('muted');
      c.fillText(worker, 0, row * rowHeight + barHeight - 2);
    });
    for (const b of bars) {
      const row = rows.indexOf(b.worker);
      const left = x(b.from);
      const long = Math.max(1, x(b.to) - left);
      c.fillStyle = color(inkOf(b.test.outcome));
      c.globalAlpha = b.test.outcome === 'passed' ? 0.8 : 1;
      c.fillRect(left, row * rowHeight + 2, long > 3 ? long - 1 : long, barHeight);
    }
    c.globalAlpha = 1;
  };
  const at = (event: MouseEvent): Bar | undefined => {
    const box = canvas.getBoundingClientRect();
    const t = ((event.clientX - box.left - labelWidth) / (width - labelWidth - 12)) * end;
    const worker = rows[Math.floor((event.clientY - box.top) / rowHeight)];
    const slack = (end / width) * 2;
    return bars.find((b) => b.worker === worker && t >= b.from - slack && t <= b.to + slack);
  };
  canvas.addEventListener('mousemove', (event) => {
    const bar = at(event);
    tip.hidden = !bar;
    canvas.classList.toggle('over', bar !== undefined);
    if (!bar) return;
    replace(tip, h('div', { class: 'tip-title' }, seconds(bar.test.seconds)), h('div', {}, bar.test.id), h('div', {}, `${bar.test.outcome}, ${bar.worker}, from ${seconds(bar.from)}`));
    const box = element.getBoundingClientRect();
    tip.style.left = `${Math.max(0, Math.min(event.clientX - box.left + 12, width - tip.offsetWidth))}px`;
    tip.style.top = `${event.clientY - box.top + 16}px`;
  });
  canvas.addEventListener('mouseleave', () => {
    tip.hidden = true;
  });
  canvas.addEventListener('click', (event) => {
    const bar = at(event);
    if (bar) choose(bar.test);
  });
  const watch = new ResizeObserver(draw);
  watch.observe(element);
  return { element, draw, close: () => watch.disconnect() };
}
