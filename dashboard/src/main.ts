// SPDX-License-Identifier: GPL-3.0-or-later
// Starts the page: data, frame, views, keys.

import './style/base.css';
import './style/parts.css';
import './style/views.css';
import type { App, MakeView, View } from './app';
import { address } from './app';
import { DataError, load } from './data/source';
import type { Model } from './data/model';
import { parseFilter } from './filter';
import { formatRoute, parseRoute, type Route, type ViewName } from './route';
import { makeFrame, type Frame } from './ui/frame';
import { forgetColors, h, replace } from './ui/dom';
import { empty } from './ui/parts';
import { applyTheme, nextTheme } from './ui/theme';
import { tabs } from './views';

class Page implements App {
  route: Route;
  filterText: string;
  filter = parseFilter('');
  private view: View | null = null;
  private readonly frame: Frame;

  constructor(readonly model: Model) {
    this.route = parseRoute(location.hash);
    this.filterText = this.route.query.get('q') ?? '';
    this.filter = parseFilter(this.filterText);
    this.frame = makeFrame(model, {
      tabs: tabs.map(({ view, title }) => ({ title, view })),
      address: (view) => address(this, view),
      filter: (text) => this.setFilter(text),
      theme: () => this.theme(),
    });
  }

  start(box: HTMLElement): void {
    replace(box, this.frame.element);
    this.frame.setFilter(this.filterText);
    this.showView();
    window.addEventListener('hashchange', () => this.follow());
    document.addEventListener('keydown', (event) => this.key(event));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      forgetColors();
      this.view?.update(true);
    });
  }

  more(): void {
    this.view?.update();
  }

  go(hash: string): void {
    location.hash = hash;
  }

  setFilter(text: string): void {
    if (text === this.filterText) return;
    this.filterText = text;
    this.filter = parseFilter(text);
    const query = { ...Object.fromEntries(this.route.query), q: text };
    history.replaceState(null, '', formatRoute(this.route.view, this.route.item, query));
    this.route = parseRoute(location.hash);
    this.frame.setFilter(text);
    this.frame.select(this.route.view);
    this.view?.update();
  }

  announce(text: string): void {
    this.frame.announce(text);
  }

  private theme(): void {
    nextTheme();
    this.view?.update(true);
  }

  private follow(): void {
    const before = this.route;
    this.route = parseRoute(location.hash);
    const text = this.route.query.get('q') ?? '';
    const filtered = text !== this.filterText;
    if (filtered) {
      this.filterText = text;
      this.filter = parseFilter(text);
      this.frame.setFilter(text);
    }
    const same = before.view === this.route.view && !filtered;
    if (same && this.view?.show?.(this.route)) this.frame.select(this.route.view);
    else this.showView();
  }

  private make(): View {
    const found = tabs.find((tab) => tab.view === this.route.view) ?? tabs[0];
    try {
      return (found as { make: MakeView }).make(this);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return { element: empty('This view cannot be shown', text), update: () => undefined };
    }
  }

  private showView(): void {
    this.view?.close?.();
    this.view = this.make();
    this.frame.show(this.view.element);
    this.frame.select(this.route.view);
  }

  private key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && this.frame.escape()) return event.preventDefault();
    if (event.target instanceof Element && event.target.matches('input, select, textarea')) return;
    if (this.frame.helpIsOpen()) return;
    const tab = tabs[Number(event.key) - 1];
    const actions: Record<string, () => void> = {
      '/': () => this.frame.focusFilter(),
      '?': () => this.frame.help(),
      t: () => this.theme(),
    };
    const action = actions[event.key];
    if (action) action();
    else if (tab) this.go(address(this, tab.view as ViewName));
    else if (!this.view?.key?.(event)) return;
    event.preventDefault();
  }
}

async function start(box: HTMLElement): Promise<void> {
  applyTheme();
  let page: Page | null = null;
  let later = 0;
  const more = (): void => {
    cancelAnimationFrame(later);
    later = requestAnimationFrame(() => page?.more());
  };
  try {
    page = new Page(await load(more));
    page.start(box);
  } catch (error) {
    if (!(error instanceof DataError)) console.error(error);
    const text = error instanceof Error ? error.message : String(error);
    replace(box, h('main', { class: 'alone' }, h('h1', {}, 'Tare'), empty('There is nothing to show', text)));
  }
}

const box = document.getElementById('app');
if (box) void start(box);
