// SPDX-License-Identifier: GPL-3.0-or-later
// What views share: the data, the place, and how to go elsewhere.

import type { Line, Model } from './data/model';
import { formatRoute, type Route, type ViewName } from './route';
import type { Test } from './filter';

export interface App {
  model: Model;
  route: Route;
  /** text of the search field */
  filterText: string;
  filter: Test;
  go(hash: string): void;
  setFilter(text: string): void;
  /** say something to those who do not see the page */
  announce(text: string): void;
}

/** A view is shown once, told of changes, and ended. */
export interface View {
  element: HTMLElement;
  /** the filter or the data changed
   *
   * redraw  the theme did: what is drawn has other colours now */
  update(redraw?: boolean): void;
  /** another item of the same view; false: show the view anew */
  show?(route: Route): boolean;
  /** a key that nothing else took; true when it was for this view */
  key?(event: KeyboardEvent): boolean;
  close?(): void;
}

export type MakeView = (app: App) => View;

/** The address of a view that keeps what is filtered and sorted. */
export function address(
  app: App,
  view: ViewName,
  item = '',
  query: Record<string, string | null | undefined> = {},
): string {
  return formatRoute(view, item, { q: app.filterText, ...query });
}

export function lineAddress(app: App, line: Line): string {
  const alone = app.model.siblings(line).length < 2;
  return address(app, 'trends', line.id, {
    sort: app.route.view === 'trends' ? app.route.query.get('sort') : null,
    metric: alone ? null : line.metric,
    machine: alone ? null : line.machine,
    branch: alone ? null : line.branch,
  });
}
