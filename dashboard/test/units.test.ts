// SPDX-License-Identifier: GPL-3.0-or-later
// What needs no browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogram, quantile, rangeOf, shareBelow } from '../src/charts/distribution';
import { axisOf } from '../src/charts/forest';
import { lawAt } from '../src/charts/scaling';
import { barsOf } from '../src/charts/timeline';
import { levels } from '../src/charts/trend';
import { bytesOf, decodePoints, Reader } from '../src/data/decode';
import type { ScaleLaw, TestCase } from '../src/data/types';
import { hasTag, parseFilter, toggleTag } from '../src/filter';
import * as format from '../src/format';
import { formatRoute, parseRoute } from '../src/route';
import { groups } from '../src/views/machine';
import { byTag } from '../src/views/suite';

const base64 = (...bytes: number[]): string => Buffer.from(bytes).toString('base64');

test('numbers in groups of 7 bits', () => {
  const reader = new Reader(bytesOf(base64(2, 0x7f, 0x80, 1, 0xb9, 0x64, 0, 1, 2)));
  assert.deepEqual([reader.next(), reader.next(), reader.next(), reader.next()], [2, 127, 128, 12857]);
  assert.deepEqual([reader.nextSigned(), reader.nextSigned(), reader.nextSigned()], [0, -1, 1]);
  assert.ok(reader.atEnd());
  assert.throws(() => reader.next(), RangeError);
});

test('points', () => {
  // moments 4 5 2, efforts 0 0 0, values 10 9 9 (unknown), gaps 2, none, no value
  const text = base64(8, 2, 7, 1, 0, 3, 20, 1, 0, 4, 0, 1, 5, 0, 1);
  const p = decodePoints(text, 3, 0.5);
  assert.deepEqual([...p.moment], [4, 5, 2]);
  assert.deepEqual([...p.effort], [0, 0, 0]);
  assert.deepEqual([...p.value], [5, 4.5, NaN]);
  assert.deepEqual([...p.low], [1, NaN, NaN]);
  assert.deepEqual([...p.high], [11, NaN, NaN]);
});

test('damaged points are refused', () => {
  assert.throws(() => decodePoints(base64(0, 9), 3, 1), RangeError);
  assert.throws(() => decodePoints(base64(0, 0), 3, 1), RangeError);
  assert.throws(() => decodePoints(base64(0, 1, 0, 1, 0, 0, 0, 0), 1, 1), RangeError);
});

test('filters', () => {
  const subject = { search: 'sort/qsort[n=1000] time unit', tags: ['Unit', 'slow'] };
  for (const text of ['', 'sort', 'QSORT 1000', 'tag:unit', '-merge', 'sort -tag:db', '-']) {
    assert.ok(parseFilter(text)(subject), text);
  }
  for (const text of ['merge', 'sort merge', 'tag:uni', '-sort', 'sort -tag:slow']) {
    assert.ok(!parseFilter(text)(subject), text);
  }
  assert.equal(toggleTag('sort', 'db'), 'sort tag:db');
  assert.equal(toggleTag('sort tag:DB x', 'db'), 'sort x');
  assert.ok(hasTag('a tag:Db', 'db'));
});

test('addresses come back', () => {
  for (const item of ['', 'a/b[n=1]', 'x?y&z#%', '<script>', 'ä/ö', '%']) {
    const route = parseRoute(formatRoute('trends', item, { q: 'a b&c', metric: null }));
    assert.equal(route.view, 'trends');
    assert.equal(route.item, item);
    assert.equal(route.query.get('q'), 'a b&c');
    assert.ok(!route.query.has('metric'));
  }
  assert.equal(parseRoute('').view, 'overview');
  assert.equal(parseRoute('#/nothing/x').view, 'overview');
  assert.equal(parseRoute('#/trends/%zz').item, '%zz');
});

const plain = (text: string): string => text.replace(/\u202f/g, ' ').replace(/\u2212/g, '-');

test('figures', () => {
  assert.equal(plain(format.value(1055, 'ns')), '1.055 µs');
  assert.equal(plain(format.value(999.96, 'ns')), '1.000 µs');
  assert.equal(plain(format.value(4194304, 'B')), '4.000 MiB');
  assert.equal(plain(format.value(12345678, '1')), '12.35 M');
  assert.equal(plain(format.value(3, '1')), '3');
  assert.equal(format.value(NaN, 'ns'), format.unknown);
  assert.equal(format.value(null, 'ns'), format.unknown);
  assert.equal(plain(format.change(1.0551)), '+5.51 %');
  assert.equal(plain(format.change(0.9)), '-10.0 %');
  assert.equal(plain(format.change(3.2)), '+220.0 %');
  assert.equal(plain(format.change(12.34)), '×12.3');
  assert.equal(format.change(null), format.unknown);
  assert.equal(plain(format.change(1)), '±0.00 %');
  assert.equal(plain(format.seconds(135)), '2 min 15 s');
  assert.equal(plain(format.share(0.0066)), '0.66 %');
  assert.equal(plain(format.count(5000, 'case')), '5 000 cases');
  assert.equal(plain(format.count(1, 'case')), '1 case');
  assert.equal(plain(format.p(1e-9)), '< 0.0001');
});

test('levels between changes are medians', () => {
  const values = Float64Array.from([1, 3, 2, 10, NaN, 12]);
  assert.deepEqual(levels(values, [{ at: 3 }]), [2, 2, 2, 11, 11, 11]);
  assert.deepEqual(levels(values, []), new Array(6).fill(3));
});

test('distributions', () => {
  const sorted = [1, 2, 2, 3, 4];
  assert.equal(shareBelow(sorted, 0), 0);
  assert.equal(shareBelow(sorted, 2), 0.6);
  assert.equal(shareBelow(sorted, 9), 1);
  assert.equal(quantile(sorted, 0.5), 2);
  assert.equal(quantile(sorted, 1), 4);
  assert.deepEqual(histogram(sorted, 0.5, 4.5, 4), [0.2, 0.4, 0.2, 0.2]);
  const side = { samples: 3, sorted: [5, 5, 5], invocations: 1, medians: [5] };
  const [from, to] = rangeOf({ case: 0, old: side, new: side });
  assert.ok(from < 5 && to > 5);
});

test('an axis shows the margin, and never less', () => {
  const axis = axisOf([{ ratio: 1.001, low: null, high: null }], 0.02);
  assert.ok(axis.half >= Math.log(1.02));
  assert.ok(axis.ticks.includes(1));
  assert.ok(axisOf([{ ratio: 1000, low: null, high: null }], 0.02).half <= Math.log(2));
});

test('scaling laws', () => {
  const law: ScaleLaw = { law: 'amdahl', gamma: 10, sigma: 0.1, sigma_se: null, kappa: null, kappa_se: null, peak: null };
  assert.equal(lawAt(law, 1), 10);
  // Amdahl (1967): a tenth done one at a time, ten workers
  assert.ok(Math.abs(lawAt(law, 10) / 10 - 1 / (0.1 + 0.9 / 10)) < 1e-12);
});

test('tests by tag, and when they ran', () => {
  const one = (id: string, tags: string[], seconds: number, started: number | null): TestCase => ({
    id, tags, seconds, started_s: started, outcome: 'passed', attempts: 1, setup_s: null, call_s: null,
    teardown_s: null, worker: 'w0', cpu: null, message: null,
    usage: { user_s: null, system_s: null, max_rss: null },
  });
  const cases = [one('a', ['x', 'y'], 2, 10), one('b', [], 1, 12), one('c', ['x'], 3, null)];
  assert.deepEqual(byTag(cases).map((g) => [g.name, g.tests, g.seconds]), [['x', 2, 5], ['y', 1, 2], ['no tag', 1, 1]]);
  assert.deepEqual(barsOf(cases).map((b) => [b.from, b.to]), [[0, 2], [2, 3]]);
});

test('cores that share something', () => {
  const unit = (core: number, llc: number | null) => ({ core, pus: [core], package: 0, numa: 0, llc, kind: null });
  const found = groups([unit(0, 0), unit(1, 0), unit(2, 1)], (u) => u.llc);
  assert.deepEqual(found.map(([k, units]) => [k, units.length]), [[0, 2], [1, 1]]);
});
