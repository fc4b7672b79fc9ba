// SPDX-License-Identifier: GPL-3.0-or-later
// A line of a few pixels: where it was, and where it is.

import { bytesOf } from '../data/decode';
import { stateOf, type Line } from '../data/model';
import { color, fitCanvas, h } from '../ui/dom';

const levels = 254;

function inkOf(line: Line): string {
  const last = line.changes[line.changes.length - 1];
  if (!last || line.better === 'none') return 'muted';
  const state = stateOf(last);
  return state === 'open' ? 'worse' : state === 'better' ? 'better' : 'muted';
}

export function spark(line: Line, width: number, height: number): HTMLElement {
  const canvas = h('canvas', { class: 'spark', 'aria-hidden': 'true' });
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = fitCanvas(canvas, width, height);
  const level = bytesOf(line.spark);
  if (!context || level.length === 0) return canvas;
  const x = (i: number): number =>
    level.length === 1 ? width / 2 : 2 + (i / (level.length - 1)) * (width - 5);
  const y = (v: number): number => height - 2.5 - ((v - 1) / levels) * (height - 5);
  context.strokeStyle = color(inkOf(line));
  context.lineWidth = 1.25;
  context.lineJoin = 'round';
  context.beginPath();
  let down = false;
  level.forEach((v, i) => {
    if (v === 0) {
      down = false;
      return;
    }
    if (down) context.lineTo(x(i), y(v));
    else context.moveTo(x(i), y(v));
    down = true;
  });
  context.stroke();
  const last = level[level.length - 1] as number;
  if (last > 0) {
    context.fillStyle = color(inkOf(line));
    context.beginPath();
    context.arc(x(level.length - 1), y(last), 1.9, 0, 2 * Math.PI);
    context.fill();
  }
  return canvas;
}
