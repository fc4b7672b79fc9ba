// SPDX-License-Identifier: GPL-3.0-or-later
// Columns of whole numbers as report/columns.h writes them, and the points of a
// line (docs/schema/dashboard.json, "points").

export function bytesOf(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Reads numbers one after the other.  Beyond the end is an error. */
export class Reader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  /** A number of up to 53 bits. */
  next(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new RangeError('the points end too early');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }

  nextSigned(): number {
    const value = this.next();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  atEnd(): boolean {
    return this.at === this.bytes.length;
  }
}

export interface Points {
  n: number;
  moment: Int32Array;
  effort: Int32Array;
  value: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

const intervalSteps = 4;

function readRuns(reader: Reader, n: number, by: number): Int32Array {
  const out = new Int32Array(n);
  let end = 0;
  for (let i = 0; i < n; ) {
    let number = end + reader.nextSigned();
    const length = reader.next();
    if (length === 0 || length > n - i) {
      throw new RangeError('the points are damaged');
    }
    for (let k = 0; k < length; k++, number += by) out[i++] = number;
    end = number;
  }
  return out;
}

/** What lies beside a value: NaN where there is no interval. */
function readGaps(reader: Reader, n: number, step: number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const gap = reader.next();
    out[i] = gap === 0 ? NaN : gap === 1 ? Infinity : (gap - 2) * step;
  }
  return out;
}

export function decodePoints(base64: string, n: number, step: number): Points {
  const reader = new Reader(bytesOf(base64));
  const moment = readRuns(reader, n, 1);
  const effort = readRuns(reader, n, 0);
  const value = new Float64Array(n);
  for (let i = 0, at = 0; i < n; i++) {
    at += reader.nextSigned();
    value[i] = at * step;
  }
  const low = readGaps(reader, n, step * intervalSteps);
  const high = readGaps(reader, n, step * intervalSteps);
  if (!reader.atEnd()) throw new RangeError('there are more points than said');
  for (let i = 0; i < n; i++) {
    const x = value[i] as number;
    const gap = low[i] as number;
    if (gap === Infinity) value[i] = NaN;
    low[i] = gap === Infinity ? NaN : x - gap;
    high[i] = gap === Infinity ? NaN : x + (high[i] as number);
  }
  return { n, moment, effort, value, low, high };
}
