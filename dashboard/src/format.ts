// SPDX-License-Identifier: GPL-3.0-or-later
// Figures for people.  What is unknown is a dash, never 0.

export const unknown = '–';
const minus = '\u2212';
const thin = '\u202f';

/** So many significant digits, without an exponent. */
export function digits(x: number, n: number): string {
  if (!Number.isFinite(x)) return unknown;
  if (x === 0) return '0';
  const rounded = Number(x.toPrecision(n)); // 0.99996 has a digit before the point
  const before = Math.floor(Math.log10(Math.abs(rounded))) + 1;
  const text = rounded.toFixed(Math.min(Math.max(n - before, 0), 12));
  return text.replace('-', minus);
}

interface Scale {
  factor: number;
  unit: string;
}

const times: Scale[] = [
  { factor: 1, unit: 'ns' },
  { factor: 1e3, unit: 'µs' },
  { factor: 1e6, unit: 'ms' },
  { factor: 1e9, unit: 's' },
];
const bytes: Scale[] = ['B', 'KiB', 'MiB', 'GiB', 'TiB'].map((unit, i) => ({
  factor: 1024 ** i,
  unit,
}));
const prefixes = ['', 'k', 'M', 'G', 'T'];

/** How a value of this size is written. */
export function scaleOf(size: number, unit: string): Scale {
  const scales =
    unit === 'ns'
      ? times
      : unit === 'B'
        ? bytes
        : prefixes.map((p, i) => ({
            factor: 1000 ** i,
            unit: unit === '1' ? p : `${p}${unit}`,
          }));
  let found = scales[0] as Scale;
  for (const scale of scales) {
    if (Math.abs(size) >= scale.factor * 0.9995) found = scale;
  }
  return found;
}

function withUnit(text: string, unit: string): string {
  return unit ? `${text}${thin}${unit}` : text;
}

export function value(x: number | null | undefined, unit: string): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return unknown;
  const scale = scaleOf(x, unit);
  const whole = scale.factor === 1 && Number.isInteger(x) && Math.abs(x) < 1e4;
  return withUnit(
    whole ? String(x).replace('-', minus) : digits(x / scale.factor, 4),
    scale.unit,
  );
}

export function seconds(x: number | null | undefined): string {
  if (x === null || x === undefined) return unknown;
  if (x >= 120) {
    const whole = Math.round(x);
    return `${Math.floor(whole / 60)}${thin}min ${whole % 60}${thin}s`;
  }
  return value(x * 1e9, 'ns');
}

/** A ratio as a change: 1.051 as "+5.10 %"; above +1000 % as a factor, "×12.3". */
export function change(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) {
    return unknown;
  }
  const percent = Number(((ratio - 1) * 100).toFixed(6)); // 0.9 is -10, not -9.99…
  if (percent > 1000) return `×${digits(ratio, 3)}`;
  const sign = percent > 0 ? '+' : percent < 0 ? minus : '±';
  const size = Math.abs(percent);
  return `${sign}${size.toFixed(size >= 10 ? 1 : 2)}${thin}%`;
}

export function share(x: number | null | undefined, places?: number): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return unknown;
  const percent = x * 100;
  const n = places ?? (percent >= 10 ? 0 : percent >= 1 ? 1 : 2);
  return `${percent.toFixed(n).replace('-', minus)}${thin}%`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en-GB').replace(/,/g, thin)} ${n === 1 ? one : many}`;
}

/** The date alone of ISO 8601. */
export function day(iso: string | null | undefined): string {
  return iso ? iso.slice(0, 10) : unknown;
}

/** "2026-11-22 10:00". */
export function minute(iso: string | null | undefined): string {
  return iso ? iso.slice(0, 16).replace('T', ' ') : unknown;
}

export function revision(text: string | null | undefined): string {
  return text ? text.slice(0, 8) : unknown;
}

export function p(x: number | null | undefined): string {
  if (x === null || x === undefined || !Number.isFinite(x)) return unknown;
  if (x < 1e-4) return `<${thin}0.0001`;
  return digits(x, 2);
}
