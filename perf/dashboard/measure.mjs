// SPDX-License-Identifier: GPL-3.0-or-later
// How long a large page takes in Chromium until it paints, and to answer.
// Usage: MODULES=... BROWSER=... node measure.mjs PAGE [TIMES]
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const { MODULES, BROWSER } = process.env;
const { chromium } = await import(pathToFileURL(`${MODULES}/playwright-core/index.mjs`).href);
const [path, times = '5'] = process.argv.slice(2);
const url = pathToFileURL(resolve(path)).href;
const browser = await chromium.launch({ executablePath: BROWSER, args: ['--disable-gpu'] });
const figures = new Map();
const add = (name, ms) => figures.set(name, [...(figures.get(name) ?? []), ms]);

/** From the event until what it caused is painted: its first change of the
 * page, and the frame behind that. */
const answer = (page, act) =>
  page.evaluate(
    (code) =>
      new Promise((done) => {
        let began = 0;
        const watch = new MutationObserver(() => {
          watch.disconnect();
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - began), 0));
        });
        watch.observe(document.body, { subtree: true, childList: true, attributes: true });
        began = performance.now();
        eval(code);
      }),
    act,
  );

for (let i = 0; i < Number(times); i++) {
  const page = await browser.newPage({ bypassCSP: true, viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(60000);
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator('.tile').first().waitFor();
  add('first contentful paint', await page.evaluate(async () => {
    for (;;) {
      const [entry] = performance.getEntriesByName('first-contentful-paint');
      if (entry) return entry.startTime;
      await new Promise((next) => setTimeout(next, 20));
    }
  }));
  await page.waitForLoadState('load');
  add('all read', await page.evaluate(() => performance.getEntriesByType('navigation')[0].loadEventEnd));
  add('trends, the list', await answer(page, "location.hash = '#/trends'"));
  await page.locator('.chart canvas').waitFor();
  add('filter', await answer(page, "const f = document.getElementById('filter'); f.value = '77'; f.dispatchEvent(new Event('input')); "));
  await page.waitForTimeout(400);
  const click = (selector) => `document.querySelector(${JSON.stringify(selector)}).click()`;
  add('sort by name', await answer(page, `[...document.querySelectorAll('.choice button')].find((b) => b.textContent === 'name').click()`));
  await page.keyboard.press('Escape');
  await page.waitForTimeout(400);
  add('scroll the list', await answer(page, "document.querySelector('.list').scrollTop = 100000"));
  add('choose a case', await answer(page, `${click('.list-row:nth-child(8)')}`));
  await page.locator('.chart canvas').waitFor();
  await page.evaluate(() => performance.mark('x'));
  add('hover', await answer(page, "const o = document.querySelector('.u-over'); const b = o.getBoundingClientRect(); o.dispatchEvent(new MouseEvent('mousemove', {clientX: b.left + 300, clientY: b.top + 60, bubbles: true}))"));
  await page.close();
}
await browser.close();
console.log(`${(statSync(path).size / 1e6).toFixed(1)} MB`);
for (const [name, values] of figures) {
  values.sort((a, b) => a - b);
  console.log(`${name.padEnd(26)} median ${values[values.length >> 1].toFixed(0).padStart(6)} ms   most ${values[values.length - 1].toFixed(0).padStart(6)} ms`);
}
