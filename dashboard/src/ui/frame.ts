// SPDX-License-Identifier: GPL-3.0-or-later
// What is around every view: name, tabs, filter, help.

import type { Model } from '../data/model';
import { hasTag, toggleTag } from '../filter';
import type { ViewName } from '../route';
import { h, replace, s } from './dom';

export interface FrameOptions {
  tabs: { title: string; view: ViewName }[];
  address(view: ViewName): string;
  filter(text: string): void;
  theme(): void;
}

export interface Frame {
  element: HTMLElement;
  show(view: HTMLElement): void;
  select(view: ViewName): void;
  setFilter(text: string): void;
  focusFilter(): void;
  announce(text: string): void;
  help(): void;
  helpIsOpen(): boolean;
  /** close or clear what is open; false when nothing was */
  escape(): boolean;
}

const filterDelay = 60; /* ms without a key before the views follow */

const keys: [string, string][] = [
  ['/', 'filter: words, tag:slow, -word'],
  ['1 … 6', 'the views'],
  ['j k', 'next and previous in a list'],
  ['↑ ↓ PgUp PgDn', 'the same, within the list'],
  ['c', 'into the chart'],
  ['← →', 'in a chart: from point to point'],
  ['+ − 0', 'in a chart: zoom in, out, all'],
  ['t', 'dark or light'],
  ['Esc', 'close, clear the filter'],
  ['?', 'this help'],
];

function scaleMark(): SVGElement {
  return s(
    'svg',
    { class: 'mark', viewBox: '0 0 24 24', 'aria-hidden': 'true' },
    s('path', { d: 'M12 4v15M7 20h10M4 7.5h16M4 7.5 1.8 13.5a3 3 0 0 0 4.4 0zM20 7.5l-2.2 6a3 3 0 0 0 4.4 0z' }),
  );
}

function helpBox(): HTMLDialogElement {
  const close = h('button', { type: 'button', class: 'plain', 'aria-label': 'Close', onclick: () => dialog.close() }, '×');
  const dialog = h(
    'dialog',
    { class: 'help', 'aria-labelledby': 'help-title' },
    h('header', {}, h('h2', { id: 'help-title' }, 'Keys'), close),
    h('dl', {}, ...keys.flatMap(([key, text]) => [h('dt', {}, ...key.split(' ').map((k) => (k === '…' ? ' … ' : h('kbd', {}, k)))), h('dd', {}, text)])),
    h('p', { class: 'note' }, 'The address of the page says what is shown: copy it to share.'),
  );
  return dialog;
}

export function makeFrame(model: Model, options: FrameOptions): Frame {
  const live = h('p', { class: 'unseen', 'aria-live': 'polite' });
  const input = h('input', {
    type: 'search',
    id: 'filter',
    placeholder: 'Filter cases',
    'aria-label': 'Filter cases',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  let later = 0;
  input.addEventListener('input', () => {
    window.clearTimeout(later);
    later = window.setTimeout(() => options.filter(input.value), filterDelay);
  });
  const tags = h('section', { class: 'tagbar chips', 'aria-label': 'Tags' });
  const links = options.tabs.map(({ title, view }) => ({ view, node: h('a', { href: options.address(view) }, title) }));
  const help = helpBox();
  const main = h('main', { id: 'main', tabindex: -1 });
  const element = h(
    'div',
    { class: 'frame' },
    h('a', { class: 'skip', href: '#main', onclick: (event: Event) => { event.preventDefault(); main.focus(); } }, 'Skip to the content'),
    h(
      'header',
      { class: 'top' },
      h('a', { class: 'brand', href: '#/overview', title: 'tare' }, scaleMark(), h('span', { class: 'brand-name' }, 'tare'), model.document.suite ? h('span', { class: 'suite-name' }, model.document.suite) : null),
      h('nav', { class: 'tabs', 'aria-label': 'Views' }, ...links.map((l) => l.node)),
      h(
        'div',
        { class: 'tools' },
        h('div', { class: 'search' }, input, h('kbd', { 'aria-hidden': 'true' }, '/')),
        h('button', { type: 'button', class: 'plain', title: 'Dark or light (t)', 'aria-label': 'Dark or light', onclick: options.theme }, '◐'),
        h('button', { type: 'button', class: 'plain', title: 'Keys (?)', 'aria-label': 'Keys', onclick: () => help.showModal() }, '?'),
      ),
    ),
    tags,
    main,
    live,
    help,
  );

  const drawTags = (): void => {
    tags.hidden = model.tags.length === 0;
    replace(
      tags,
      ...model.tags.map((tag) =>
        h('button', { type: 'button', class: 'chip', 'aria-pressed': hasTag(input.value, tag) ? 'true' : 'false', onclick: () => options.filter(toggleTag(input.value, tag)) }, tag),
      ),
    );
  };
  drawTags();

  return {
    element,
    show: (view) => replace(main, view),
    select: (view) => {
      for (const link of links) {
        link.node.setAttribute('href', options.address(link.view));
        if (link.view === view) {
          link.node.setAttribute('aria-current', 'page');
          const bar = link.node.parentElement;
          if (bar) bar.scrollLeft = link.node.offsetLeft - bar.offsetLeft - 40;
        } else link.node.removeAttribute('aria-current');
      }
      const title = options.tabs.find((t) => t.view === view)?.title ?? '';
      document.title = [model.document.suite, title, 'Tare'].filter(Boolean).join(' · ');
      drawTags();
    },
    setFilter: (text) => {
      if (input.value !== text) input.value = text;
      drawTags();
    },
    focusFilter: () => {
      input.focus();
      input.select();
    },
    announce: (text) => {
      live.textContent = text;
    },
    help: () => help.showModal(),
    helpIsOpen: () => help.open,
    escape: () => {
      if (help.open) {
        help.close();
        return true;
      }
      if (input.value !== '') {
        window.clearTimeout(later);
        input.value = '';
        options.filter('');
        return true;
      }
      if (document.activeElement === input) {
        input.blur();
        return true;
      }
      return false;
    },
  };
}
