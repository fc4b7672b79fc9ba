// SPDX-License-Identifier: GPL-3.0-or-later
// A list of any length: only the rows in sight are elements.

import { h } from './dom';

export interface ListOptions<T> {
  label: string;
  /** pixels */
  rowHeight: number;
  row(item: T): HTMLElement;
  choose(item: T): void;
  idOf(item: T): string;
}

const spare = 6; /* rows above and below the sight */

export class List<T> {
  readonly element: HTMLElement;
  private readonly space: HTMLElement;
  private readonly shown = new Map<number, HTMLElement>();
  private items: readonly T[] = [];
  private current = -1;
  private frame = 0;
  private readonly watch: ResizeObserver;

  constructor(private readonly options: ListOptions<T>) {
    this.space = h('div', { class: 'list-space', role: 'presentation' });
    this.element = h(
      'div',
      {
        class: 'list',
        role: 'listbox',
        tabindex: 0,
        'aria-label': options.label,
      },
      this.space,
    );
    this.element.addEventListener('scroll', () => this.later(), { passive: true });
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.watch = new ResizeObserver(() => this.later());
    this.watch.observe(this.element);
  }

  set(items: readonly T[], chosen: (item: T) => boolean): void {
    this.items = items;
    this.current = items.findIndex(chosen);
    this.space.style.height = `${items.length * this.options.rowHeight}px`;
    this.clear();
    this.draw();
  }

  /** Mark an item; scrolls only as far as it must. */
  select(index: number, scroll = true): void {
    this.current = index;
    if (scroll && index >= 0) this.reveal(index);
    this.clear();
    this.draw();
  }

  revealChosen(): void {
    if (this.current >= 0) this.reveal(this.current);
    this.draw();
  }

  move(by: number): void {
    if (this.items.length === 0) return;
    const next = Math.min(Math.max(this.current + by, 0), this.items.length - 1);
    this.select(next);
    this.options.choose(this.items[next] as T);
  }

  close(): void {
    this.watch.disconnect();
    cancelAnimationFrame(this.frame);
  }

  private reveal(index: number): void {
    const top = index * this.options.rowHeight;
    const height = this.element.clientHeight;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    else if (top + this.options.rowHeight > this.element.scrollTop + height) {
      this.element.scrollTop = top + this.options.rowHeight - height;
    }
  }

  private clear(): void {
    this.shown.clear();
    this.space.replaceChildren();
  }

  private later(): void {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    const { rowHeight } = this.options;
    const top = this.element.scrollTop;
    const from = Math.max(0, Math.floor(top / rowHeight) - spare);
    const to = Math.min(
      this.items.length,
      Math.ceil((top + (this.element.clientHeight || 800)) / rowHeight) + spare,
    );
    for (const [index, row] of this.shown) {
      if (index < from || index >= to) {
        row.remove();
        this.shown.delete(index);
      }
    }
    for (let i = from; i < to; i++) {
      if (!this.shown.has(i)) this.addRow(i);
    }
    const chosen = this.shown.get(this.current);
    if (chosen) this.element.setAttribute('aria-activedescendant', chosen.id);
    else this.element.removeAttribute('aria-activedescendant');
  }

  private addRow(index: number): void {
    const item = this.items[index] as T;
    const row = this.options.row(item);
    row.classList.add('list-row');
    row.id = `row-${index}`;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-selected', index === this.current ? 'true' : 'false');
    row.setAttribute('aria-setsize', String(this.items.length));
    row.setAttribute('aria-posinset', String(index + 1));
    row.style.top = `${index * this.options.rowHeight}px`;
    row.style.height = `${this.options.rowHeight}px`;
    row.addEventListener('click', () => {
      this.select(index, false);
      this.options.choose(item);
    });
    this.shown.set(index, row);
    this.space.append(row);
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.options.rowHeight) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.items.length,
      End: this.items.length,
    };
    const by = steps[event.key];
    if (by !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      this.move(by);
    }
  }
}
