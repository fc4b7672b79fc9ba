// SPDX-License-Identifier: GPL-3.0-or-later
// Small pieces that several views are made of.

import { change, unknown } from '../format';
import { stateOf, type Change } from '../data/model';
import type { Better, Maybe } from '../data/types';
import { h, type Child } from './dom';

/** A name: the program in front is set back, long ones may break anywhere. */
export function name(id: string, breaks = false): HTMLElement {
  const slash = id.indexOf('/');
  const node = h('span', { class: breaks ? 'name breaks' : 'name', title: id });
  if (slash > 0 && !id.startsWith('@')) {
    node.append(h('span', { class: 'program' }, id.slice(0, slash + 1)));
    node.append(id.slice(slash + 1));
  } else {
    node.append(id);
  }
  return node;
}

export function badge(text: string, kind: string, title?: string): HTMLElement {
  return h('span', { class: `badge ${kind}`, title }, text);
}

/** Whether a ratio is good or bad, as a class. */
export function sense(ratio: Maybe<number>, better: Better): string {
  if (ratio === null || ratio === 1 || better === 'none') return '';
  return ratio > 1 === (better === 'lower') ? 'worse' : 'improved';
}

export function changeText(change_: Change): HTMLElement {
  const kind = change_.line.better === 'none' ? '' : change_.worse ? 'worse' : 'improved';
  return h('span', { class: `figure ${kind}` }, change(change_.ratio));
}

const stateWords = {
  open: ['open', 'bad', 'for the worse, sure, and not acknowledged'],
  provisional: ['provisional', 'wait', 'too few points after it to be sure'],
  acknowledged: ['acknowledged', 'quiet', 'somebody looked at it'],
  better: ['for the better', 'good', 'sure, and no harm'],
} as const;

export function stateBadge(change_: Change): HTMLElement {
  const neutral = change_.line.better === 'none' && !change_.provisional && !change_.ack;
  if (neutral) return badge('changed', 'quiet', 'neither better nor worse');
  const [text, kind, title] = stateWords[stateOf(change_)];
  return badge(text, kind, change_.ack ? `acknowledged: ${change_.ack}` : title);
}

export function interval(
  low: Maybe<number>,
  high: Maybe<number>,
  confidence: Maybe<number>,
  format: (x: number) => string,
): string {
  if (low === null || high === null) return 'no interval';
  const sure = confidence === null ? '' : ` at ${(confidence * 100).toFixed(1)} %`;
  return `${format(low)} to ${format(high)}${sure}`;
}

export function section(
  title: string,
  note: Child,
  ...children: Child[]
): HTMLElement {
  return h(
    'section',
    { class: 'panel' },
    h('header', { class: 'panel-head' }, h('h2', {}, title), note ? h('p', { class: 'note' }, note) : null),
    ...children,
  );
}

/** What stands where there is nothing to show, and what would fill it. */
export function empty(title: string, text: string, command?: string): HTMLElement {
  return h(
    'div',
    { class: 'empty' },
    h('p', { class: 'empty-title' }, title),
    h('p', {}, text),
    command ? h('p', {}, h('code', {}, command)) : null,
  );
}

/** A figure with what it is. */
export function fact(label: string, text: Child, note?: Child): HTMLElement {
  return h(
    'div',
    { class: 'fact' },
    h('dt', {}, label),
    h('dd', {}, text ?? unknown, note ? h('small', {}, note) : null),
  );
}

export function facts(...items: (HTMLElement | null)[]): HTMLElement {
  return h('dl', { class: 'facts' }, ...items);
}

export interface Column<T> {
  title: string;
  class?: string;
  cell: (row: T) => Child;
}

/** A table in a box of its own, which scrolls where the page is narrow. */
export function table<T>(label: string, columns: Column<T>[], rows: readonly T[]): HTMLElement {
  return h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...columns.map((c) => h('th', { scope: 'col', class: c.class }, c.title)))),
      h(
        'tbody',
        {},
        ...rows.map((row) => h('tr', {}, ...columns.map((c) => h('td', { class: c.class }, c.cell(row))))),
      ),
    ),
  );
}

/** One of several, as a row of buttons. */
export function choice<T extends string>(
  label: string,
  options: readonly (readonly [T, string])[],
  chosen: T,
  choose: (value: T) => void,
): HTMLElement {
  return h(
    'div',
    { class: 'choice', role: 'group', 'aria-label': label },
    ...options.map(([value, text]) =>
      h(
        'button',
        { type: 'button', 'aria-pressed': value === chosen ? 'true' : 'false', onclick: () => choose(value) },
        text,
      ),
    ),
  );
}
