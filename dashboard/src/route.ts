// SPDX-License-Identifier: GPL-3.0-or-later
// Where in the page: "#/trends/sort%2Fqsort?metric=time&q=slow".  Everything a
// person chose is in it, so that a link shows the same again.

export const views = [
  'overview',
  'trends',
  'comparison',
  'workers',
  'suite',
  'machine',
] as const;
export type ViewName = (typeof views)[number];

export interface Route {
  view: ViewName;
  /** a case; "" for none */
  item: string;
  /** metric, machine, branch, q, sort, ... */
  query: URLSearchParams;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const [view = '', ...rest] = path.split('/');
  return {
    view: (views as readonly string[]).includes(view)
      ? (view as ViewName)
      : 'overview',
    item: decoded(rest.join('/')),
    query: new URLSearchParams(query),
  };
}

export function formatRoute(
  view: ViewName,
  item = '',
  query: Record<string, string | null | undefined> = {},
): string {
  const words = new URLSearchParams();
  for (const [name, text] of Object.entries(query)) {
    if (text) words.set(name, text);
  }
  const tail = words.toString();
  const path = item ? `${view}/${encodeURIComponent(item)}` : view;
  return `#/${path}${tail ? `?${tail}` : ''}`;
}
