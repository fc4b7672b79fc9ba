// SPDX-License-Identifier: GPL-3.0-or-later
// The documents as views want them: lines with their changes, and points when
// they are asked for.

import { decodePoints, type Points } from './decode';
import type {
  Better,
  DashboardDocument,
  Distribution,
  GateCase,
  HistoryDocument,
  Maybe,
} from './types';

export interface Change {
  line: Line;
  /** index of the first point after it */
  at: number;
  name: string;
  ratio: number;
  low: Maybe<number>;
  high: Maybe<number>;
  confidence: Maybe<number>;
  p: Maybe<number>;
  worse: boolean;
  provisional: boolean;
  before: Maybe<string>;
  after: Maybe<string>;
  created: string;
  ack: Maybe<string>;
  ackBy: Maybe<string>;
  ackOn: Maybe<string>;
}

export type ChangeState = 'open' | 'provisional' | 'acknowledged' | 'better';

export function stateOf(change: Change): ChangeState {
  if (change.ack) return 'acknowledged';
  if (change.provisional) return 'provisional';
  return change.worse ? 'open' : 'better';
}

export interface Line {
  /** id, metric, machine and branch: what a link names */
  key: string;
  id: string;
  metric: string;
  unit: string;
  better: Better;
  machine: Maybe<string>;
  branch: Maybe<string>;
  tags: string[];
  points: number;
  value: Maybe<number>;
  low: Maybe<number>;
  high: Maybe<number>;
  confidence: Maybe<number>;
  created: string;
  noise: Maybe<number>;
  baseline: Maybe<number>;
  drift: Maybe<number>;
  driftP: Maybe<number>;
  why: Maybe<string>;
  spark: string;
  changes: Change[];
  /** lower case, for filtering */
  search: string;
  document: HistoryDocument;
  /** within the document */
  index: number;
}

export interface LinePoints extends Points {
  revision: (i: number) => Maybe<string>;
  created: (i: number) => string;
  run: (i: number) => number;
  dirty: (i: number) => boolean;
  invocations: (i: number) => number;
  occasions: (i: number) => number;
  confidence: (i: number) => Maybe<number>;
}

/** Where points come from. */
export interface Source {
  points(line: Line): Promise<LinePoints>;
}

function words(tags: string | undefined): string[] {
  return tags ? tags.split(',').filter((tag) => tag !== '') : [];
}

function lineOf(document: HistoryDocument, i: number): Line {
  const c = document.lines;
  const id = c.id[i] as string;
  const metric = c.metric[i] as string;
  const tags = words(c.tags?.[i]);
  const machine = c.machine[i] ?? null;
  const branch = c.branch[i] ?? null;
  return {
    key: [id, metric, machine ?? '', branch ?? ''].join('\n'),
    id,
    metric,
    unit: c.unit[i] as string,
    better: c.better[i] as Better,
    machine,
    branch,
    tags,
    points: c.points[i] as number,
    value: c.value[i] ?? null,
    low: c.low[i] ?? null,
    high: c.high[i] ?? null,
    confidence: c.confidence[i] ?? null,
    created: c.created[i] as string,
    noise: c.noise[i] ?? null,
    baseline: c.baseline[i] ?? null,
    drift: c.drift[i] ?? null,
    driftP: c.drift_p[i] ?? null,
    why: c.why_no_changes[i] ?? null,
    spark: c.spark[i] as string,
    changes: [],
    search: `${id} ${metric} ${tags.join(' ')}`.toLowerCase(),
    document,
    index: i,
  };
}

function changeOf(document: HistoryDocument, lines: Line[], i: number): Change {
  const c = document.changes;
  return {
    line: lines[c.line[i] as number] as Line,
    at: c.point[i] as number,
    name: c.change[i] as string,
    ratio: c.ratio[i] as number,
    low: c.low[i] ?? null,
    high: c.high[i] ?? null,
    confidence: c.confidence[i] ?? null,
    p: c.p[i] ?? null,
    worse: c.worse[i] as boolean,
    provisional: c.provisional[i] as boolean,
    before: c.before[i] ?? null,
    after: c.after[i] ?? null,
    created: c.created[i] as string,
    ack: c.acknowledged[i] ?? null,
    ackBy: c.acknowledged_by[i] ?? null,
    ackOn: c.acknowledged_on[i] ?? null,
  };
}

/** The points of a line from its text and the tables it was written with. */
export function pointsOf(
  document: HistoryDocument,
  index: number,
  text: string,
): LinePoints {
  const points = decodePoints(
    text,
    document.lines.points[index] as number,
    document.lines.step[index] as number,
  );
  const { moments, efforts } = document;
  const moment = (i: number): number => points.moment[i] as number;
  const effort = (i: number): number => points.effort[i] as number;
  return {
    ...points,
    revision: (i) => moments.revision[moment(i)] ?? null,
    created: (i) => moments.created[moment(i)] ?? '',
    run: (i) => moments.run[moment(i)] ?? 0,
    dirty: (i) => moments.dirty[moment(i)] ?? false,
    invocations: (i) => efforts.invocations[effort(i)] ?? 0,
    occasions: (i) => efforts.occasions[effort(i)] ?? 0,
    confidence: (i) => efforts.confidence[effort(i)] ?? null,
  };
}

export class Model {
  readonly lines: Line[] = [];
  readonly changes: Change[] = [];
  readonly tags: string[] = [];
  /** lines that there are, more than `lines` while they are still coming */
  all = 0;
  margin = 0.02;
  private readonly byKey = new Map<string, Line>();
  private readonly byId = new Map<string, Line[]>();
  private readonly cache = new Map<Line, Promise<LinePoints>>();

  constructor(
    readonly document: DashboardDocument,
    readonly live: boolean,
    private readonly source: Source,
  ) {
    if (document.history) this.add(document.history);
    this.addTags(document.gate?.cases ?? []);
    this.addTags(document.tests?.cases ?? []);
  }

  /** Lines that came, all or some of them. */
  add(history: HistoryDocument): void {
    const lines = history.lines.id.map((_, i) => lineOf(history, i));
    for (const line of lines) {
      this.lines.push(line);
      this.byKey.set(line.key, line);
      const others = this.byId.get(line.id);
      if (others) others.push(line);
      else this.byId.set(line.id, [line]);
    }
    for (let i = 0; i < history.changes.line.length; i++) {
      const change = changeOf(history, lines, i);
      change.line.changes.push(change);
      this.changes.push(change);
    }
    this.all = history.all;
    this.margin = history.margin;
    this.addTags(lines);
  }

  private addTags(cases: { tags: string[] }[]): void {
    const seen = new Set(this.tags);
    for (const one of cases) {
      for (const tag of one.tags) {
        if (!seen.has(tag)) {
          seen.add(tag);
          this.tags.push(tag);
        }
      }
    }
    this.tags.sort();
  }

  /** The line that a link names; the first of its id where it says no more. */
  find(id: string, metric?: string, machine?: string, branch?: string): Line | undefined {
    if (metric !== undefined) {
      const key = [id, metric, machine ?? '', branch ?? ''].join('\n');
      const exact = this.byKey.get(key);
      if (exact) return exact;
    }
    const lines = this.byId.get(id);
    return lines?.find((line) => line.metric === metric) ?? lines?.[0];
  }

  /** Other lines of the same case: its other metrics, machines, branches. */
  siblings(line: Line): Line[] {
    return this.byId.get(line.id) ?? [];
  }

  compared(id: string, metric: string): GateCase | undefined {
    return this.document.gate?.cases.find(
      (c) => c.id === id && c.metric === metric,
    );
  }

  distribution(index: number): Distribution | undefined {
    return this.document.distributions.find((d) => d.case === index);
  }

  points(line: Line): Promise<LinePoints> {
    let points = this.cache.get(line);
    if (!points) {
      points = this.source.points(line);
      points.catch(() => this.cache.delete(line));
      this.cache.set(line, points);
    }
    return points;
  }
}
