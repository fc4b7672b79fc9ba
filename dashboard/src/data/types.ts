// SPDX-License-Identifier: GPL-3.0-or-later
// The documents as they come: docs/schema/dashboard.json, gate.json, test.json,
// scale.json and topology.json.  null is unknown.

export type Maybe<T> = T | null;
export type Better = 'lower' | 'higher' | 'none';

export interface HistoryDocument {
  store: string;
  here: Maybe<string>;
  baseline: Maybe<string>;
  margin: number;
  first: number;
  all: number;
  others: { machine: Maybe<string>; branch: Maybe<string>; runs: number }[];
  moments: {
    revision: Maybe<string>[];
    created: string[];
    run: number[];
    dirty: boolean[];
  };
  efforts: {
    invocations: number[];
    occasions: number[];
    confidence: Maybe<number>[];
  };
  lines: {
    id: string[];
    metric: string[];
    unit: string[];
    better: Better[];
    machine: Maybe<string>[];
    branch: Maybe<string>[];
    tags?: string[];
    why_no_changes: Maybe<string>[];
    points: number[];
    step: number[];
    value: Maybe<number>[];
    low: Maybe<number>[];
    high: Maybe<number>[];
    confidence: Maybe<number>[];
    created: string[];
    noise: Maybe<number>[];
    baseline: Maybe<number>[];
    drift: Maybe<number>[];
    drift_p: Maybe<number>[];
    spark: string[];
    data?: string[];
  };
  changes: {
    line: number[];
    point: number[];
    change: string[];
    ratio: number[];
    low: Maybe<number>[];
    high: Maybe<number>[];
    confidence: Maybe<number>[];
    p: Maybe<number>[];
    worse: boolean[];
    provisional: boolean[];
    before: Maybe<string>[];
    after: Maybe<string>[];
    created: string[];
    acknowledged: Maybe<string>[];
    acknowledged_by: Maybe<string>[];
    acknowledged_on: Maybe<string>[];
  };
}

export type Verdict =
  | 'regressed'
  | 'improved'
  | 'unchanged'
  | 'inconclusive'
  | 'incomparable'
  | 'failed'
  | 'new'
  | 'gone';

export interface GateSide {
  value: Maybe<number>;
  invocations: number;
  samples: number;
}

export interface GateCase {
  id: string;
  metric: string;
  unit: string;
  better: Better;
  tags: string[];
  verdict: Verdict;
  reason: Maybe<string>;
  message: Maybe<string>;
  waiver: Maybe<string>;
  ratio: Maybe<number>;
  low: Maybe<number>;
  high: Maybe<number>;
  confidence: Maybe<number>;
  p: Maybe<number>;
  p_adjusted: Maybe<number>;
  mde: Maybe<number>;
  margin: Maybe<number>;
  old: GateSide;
  new: GateSide;
  mode: Maybe<string>;
  pairs: number;
  blocks: number;
  blocks_left_out: number;
  wall_s: Maybe<number>;
  pair_ratios: Maybe<number>[];
}

export interface Anchor {
  old: Maybe<number>;
  new: Maybe<number>;
  ratio: Maybe<number>;
}

export interface GateDocument {
  suite: Maybe<string>;
  verdict: Verdict;
  conclusion: string;
  alpha: number;
  old: Maybe<string>;
  new: Maybe<string>;
  run: Maybe<number>;
  anchors: Record<string, Anchor>;
  machine_moved: Maybe<number>;
  machine_differences: { name: string; old: Maybe<string>; new: Maybe<string> }[];
  place: Maybe<string>;
  wall_s: Maybe<number>;
  interrupted: boolean;
  counts: Record<Verdict | 'waived', number>;
  means: {
    tag: Maybe<string>;
    cases: number;
    ratio: Maybe<number>;
    low: Maybe<number>;
    high: Maybe<number>;
    confidence: Maybe<number>;
    verdict: Maybe<Verdict>;
  }[];
  cases: GateCase[];
}

export interface Side {
  samples: number;
  sorted: number[];
  invocations: number;
  medians: Maybe<number>[];
}

export interface Distribution {
  case: number;
  old: Side;
  new: Side;
}

export interface TestCase {
  id: string;
  outcome: string;
  attempts: number;
  seconds: number;
  started_s?: Maybe<number>;
  setup_s: Maybe<number>;
  call_s: Maybe<number>;
  teardown_s: Maybe<number>;
  worker: Maybe<string>;
  cpu: Maybe<number>;
  tags: string[];
  message: Maybe<string>;
  usage: {
    user_s: Maybe<number>;
    system_s: Maybe<number>;
    max_rss: Maybe<number>;
  };
}

export interface TestDocument {
  suite: string;
  run: Maybe<number>;
  interrupted: boolean;
  summary: {
    passed: number;
    failed: number;
    skipped: number;
    flaky: number;
    workers: number;
    makespan_s: number;
    lower_bound_s: number;
    sequential_s: number;
    efficiency: Maybe<number>;
  };
  cases: TestCase[];
}

export interface TopologyDocument {
  machine: {
    source: string;
    this_machine: boolean;
    shape: string;
    cores: number;
    pus: number;
    pus_there: number;
    quota: Maybe<number>;
    classes: { kind: string; cores: number; rank: Maybe<number> }[];
    nodes: { numa: number; memory: string; bytes: Maybe<number> }[];
    units?: {
      core: number;
      pus: number[];
      package: Maybe<number>;
      numa: Maybe<number>;
      llc: Maybe<number>;
      kind: Maybe<string>;
    }[];
  };
  bind: string;
  state: string;
  placement: {
    worker: string;
    pu: Maybe<number>;
    pus: number[];
    core: Maybe<number>;
    llc: Maybe<number>;
    numa: Maybe<number>;
    kind: Maybe<string>;
  }[];
  reserved: Maybe<{ core: number; pus: number[] }>;
  warnings: string[];
}

export interface AnchorRun {
  run: number;
  created: string;
  revision: Maybe<string>;
  machine: string;
  ns: Record<string, Maybe<number>>;
}

export interface DashboardDocument {
  schema: string;
  suite: Maybe<string>;
  program: string;
  created: string;
  history: Maybe<HistoryDocument>;
  gate: Maybe<GateDocument>;
  distributions: Distribution[];
  tests: Maybe<TestDocument>;
  scale: Maybe<ScaleDocument>;
  machine: {
    key: Maybe<string>;
    facts?: Record<string, string>;
    topology: Maybe<TopologyDocument>;
    anchors: AnchorRun[];
  };
}

export interface Range {
  value: Maybe<number>;
  low: Maybe<number>;
  high: Maybe<number>;
}

export interface ScalePoint {
  workers: number;
  seconds: Range;
  speedup: Range;
  efficiency: Range;
  throughput: Range;
  steal: Maybe<number>;
  foreign: Maybe<number>;
}

export interface ScaleLaw {
  law: 'linear' | 'amdahl' | 'usl';
  gamma: Maybe<number>;
  sigma: Maybe<number>;
  sigma_se: Maybe<number>;
  kappa: Maybe<number>;
  kappa_se: Maybe<number>;
  peak: Maybe<number>;
}

export interface ScaleCase {
  id: string;
  kind: 'tests' | 'copies' | 'threads' | 'command';
  message: Maybe<string>;
  rounds: { complete: number; undisturbed: number; used: number };
  points: Maybe<ScalePoint[]>;
  confidence: Maybe<number>;
  base: Maybe<number>;
  recommended: Maybe<number>;
  certain: Maybe<boolean>;
  law: Maybe<ScaleLaw>;
  limit: Maybe<{ name: string; lost: Maybe<number>; share: Maybe<number>; test: Maybe<string> }>;
  saved: Maybe<{ from: number; to: number; seconds: Maybe<number>; share: Maybe<number> }>;
}

export interface ScaleDocument {
  created: Maybe<string>;
  revision: Maybe<string>;
  counts: { workers: number; why: Maybe<string>; oversubscribed: boolean; smt: boolean; no_core_left: boolean }[];
  cases: ScaleCase[];
}
