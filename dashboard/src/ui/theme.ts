// SPDX-License-Identifier: GPL-3.0-or-later
// Dark or light: what the system says, unless somebody chose.

import { forgetColors } from './dom';

type Theme = 'auto' | 'light' | 'dark';
const key = 'tare-theme';

/** Storage may be forbidden, for a file as well. */
function stored(): Theme {
  try {
    const word = localStorage.getItem(key);
    return word === 'dark' || word === 'light' ? word : 'auto';
  } catch {
    return 'auto';
  }
}

let current: Theme = 'auto';

export function applyTheme(theme: Theme = stored()): void {
  current = theme;
  forgetColors();
  if (theme === 'auto') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.setAttribute('data-theme', theme);
}

/** The other one of what is seen now; where that is what the system says, the
 * system is followed again. */
export function nextTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const seen = current === 'auto' ? system : current;
  const other = seen === 'dark' ? 'light' : 'dark';
  applyTheme(other === system ? 'auto' : other);
  try {
    localStorage.setItem(key, current);
  } catch {
    /* not kept then */
  }
}
