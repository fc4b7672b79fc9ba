// SPDX-License-Identifier: GPL-3.0-or-later
// Data from the page itself, or from the server that gave the page.

import { Model, pointsOf, type Line, type LinePoints, type Source } from './model';
import type { DashboardDocument, HistoryDocument } from './types';

const schema = 'tare/dashboard/1';
const pageSize = 100;

export class DataError extends Error {}

function checked(document: unknown): DashboardDocument {
  const found = (document as { schema?: unknown } | null)?.schema;
  if (found !== schema) {
    throw new DataError(
      `this page reads ${schema}, and its data are ${String(found ?? 'of no schema')}`,
    );
  }
  return document as DashboardDocument;
}

/** The rest of the page is read while the first view is shown. */
function whenRead(): Promise<void> {
  if (document.readyState !== 'loading') return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener('DOMContentLoaded', () => resolve(), { once: true });
  });
}

class PageSource implements Source {
  async points(line: Line): Promise<LinePoints> {
    const id = `points-${line.index}`;
    let block = document.getElementById(id);
    // the last one that is there may still be growing
    if (!block || !block.nextElementSibling) {
      await whenRead();
      block = document.getElementById(id);
    }
    if (!block) throw new DataError('the points of this case are not in the page');
    return pointsOf(line.document, line.index, JSON.parse(block.textContent ?? '""') as string);
  }
}

async function ask(path: string): Promise<unknown> {
  let answer: Response;
  try {
    answer = await fetch(path, { headers: { accept: 'application/json' } });
  } catch {
    throw new DataError('the server does not answer; is "tare serve" still running?');
  }
  if (!answer.ok) {
    const text = (await answer.text()).slice(0, 300).trim();
    throw new DataError(text || `the server says ${answer.status}`);
  }
  return answer.json();
}

class ServerSource implements Source {
  async points(line: Line): Promise<LinePoints> {
    const query = new URLSearchParams({
      id: line.id,
      metric: line.metric,
      machine: line.machine ?? '',
      branch: line.branch ?? '',
    });
    const history = (await ask(`api/line?${query}`)) as HistoryDocument;
    const text = history.lines.data?.[0];
    if (text === undefined) throw new DataError('the server has no points of this case');
    return pointsOf(history, 0, text);
  }
}

/** Lines come in parts, so that the first are shown at once. */
async function follow(model: Model, more: () => void): Promise<void> {
  for (let first = 0; ; first += pageSize) {
    const query = new URLSearchParams({ first: String(first), most: String(pageSize) });
    const history = (await ask(`api/history?${query}`)) as HistoryDocument;
    model.add(history);
    const last = first + pageSize >= history.all;
    if (last) model.all = model.lines.length;
    more();
    if (last) return;
  }
}

/** The model, at once from a page that was filled.
 *
 * more  called whenever lines were added later */
export async function load(more: () => void): Promise<Model> {
  const block = document.getElementById('data');
  if (block) {
    let parsed: unknown;
    try {
      parsed = JSON.parse(block.textContent ?? '');
    } catch {
      throw new DataError('the data of this page are cut short or damaged; write it again');
    }
    return new Model(checked(parsed), false, new PageSource());
  }
  if (location.protocol === 'file:') {
    throw new DataError('this page holds no data; "tare report --format html -o page.html" fills it');
  }
  const model = new Model(checked(await ask('api/dashboard')), true, new ServerSource());
  void follow(model, more).catch(() => {
    model.all = model.lines.length;
    more();
  });
  return model;
}
