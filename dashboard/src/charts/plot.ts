// SPDX-License-Identifier: GPL-3.0-or-later
// What all charts on uPlot share: colours of the theme, size, a box for the tip.

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { color, h, replace, type Child } from '../ui/dom';

const font = '12px system-ui, sans-serif';

export function axisStyle(): Partial<uPlot.Axis> {
  return {
    stroke: color('muted'),
    font,
    labelFont: font,
    grid: { stroke: color('grid'), width: 1 },
    ticks: { stroke: color('grid'), width: 1, size: 5 },
  };
}

export interface Chart {
  element: HTMLElement;
  plot: uPlot;
  tip: HTMLElement;
  close(): void;
}

/** A chart as wide as its box. */
export function makeChart(
  label: string,
  height: number,
  options: Omit<uPlot.Options, 'width' | 'height'>,
  data: uPlot.AlignedData,
): Chart {
  const tip = h('div', { class: 'tip', hidden: true });
  const element = h('div', {
    class: 'chart',
    tabindex: 0,
    role: 'group',
    'aria-label': label,
    'aria-roledescription': 'chart',
  });
  element.style.minHeight = `${height}px`;
  const plot = new uPlot(
    { legend: { show: false }, ...options, width: 640, height },
    data,
    element,
  );
  element.append(tip);
  const watch = new ResizeObserver(() => {
    const width = element.clientWidth;
    if (width > 0 && width !== plot.width) plot.setSize({ width, height });
  });
  watch.observe(element);
  return {
    element,
    plot,
    tip,
    close: () => {
      watch.disconnect();
      plot.destroy();
    },
  };
}

/** The number of the point under the cursor.  Where there is none, or it has no
 * value, the tip goes away. */
export function pointUnder(
  chart: Chart,
  u: uPlot,
  has: (i: number) => boolean = () => true,
): number | null {
  const i = u.cursor.idx ?? -1;
  if (i >= 0 && (u.cursor.left ?? -1) >= 0 && has(i)) return i;
  chart.tip.hidden = true;
  return null;
}

/** Show the tip beside a place in the plotting area, within the chart. */
export function placeTip(chart: Chart, left: number, top: number, ...content: Child[]): void {
  const { element, tip, plot } = chart;
  replace(tip, ...content);
  tip.hidden = false;
  const box = plot.over;
  const gap = 14;
  const x = box.offsetLeft + left;
  const fitsRight = x + gap + tip.offsetWidth < element.clientWidth;
  const at = fitsRight ? x + gap : Math.max(0, x - gap - tip.offsetWidth);
  tip.style.left = `${at}px`;
  const y = box.offsetTop + top - tip.offsetHeight / 2;
  tip.style.top = `${Math.min(Math.max(y, 0), Math.max(0, element.clientHeight - tip.offsetHeight))}px`;
}

/** Draw within the plotting area, in its pixels. */
export function drawInside(u: uPlot, draw: (c: CanvasRenderingContext2D, ratio: number) => void): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx, window.devicePixelRatio || 1);
  ctx.restore();
}
