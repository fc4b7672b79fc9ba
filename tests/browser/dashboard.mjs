// SPDX-License-Identifier: GPL-3.0-or-later
// Prints TAP.  Usage: MODULES=... BROWSER=... SERVED=URL [SHOTS=FOLDER]
// node dashboard.mjs PAGE, a page that t-dashboard.sh filled.  Pictures of what
// was looked at are left in the folder, when one is named: they take a second.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const { MODULES, BROWSER, SHOTS, SERVED } = process.env;
const { chromium } = await import(
  pathToFileURL(`${MODULES}/playwright-core/index.mjs`).href
);
const axe = readFileSync(`${MODULES}/axe-core/axe.min.js`, 'utf8');
const pagePath = resolve(process.argv[2]);
const patience = 15000; // ms; the machine may be busy

// --- a page with both distributions, which only a real gate measures
const text = readFileSync(pagePath, 'utf8');
const block = /<script type="application\/json" id="data">(.*?)<\/script>/s;
const data = JSON.parse(block.exec(text)[1]);
const side = (middle) => ({
  samples: 320,
  sorted: Array.from({ length: 201 }, (_, i) => middle * (0.97 + (i / 200) ** 2 * 0.09)),
  invocations: 8,
  medians: Array.from({ length: 8 }, (_, i) => middle * (1 + i / 1000)),
});
data.distributions = [{ case: 0, old: side(1000), new: side(1055) }];
data.tests.cases.forEach((t, i) => {
  t.started_s = i * 0.1;
  t.worker = `w${i % 2}`;
  t.tags = ['unit'];
});
const full = resolve('full.html');
const json = JSON.stringify(data).replace(/</g, '\\u003c');
writeFileSync(full, text.replace(block, () => `<script type="application/json" id="data">${json}</script>`));
const empty = resolve('empty.html');
writeFileSync(empty, text.replace(block, '').replace(/<script type="application\/json" id="points.*?<\/script>/gs, ''));
const damaged = resolve('damaged.html');
writeFileSync(damaged, text.replace(block, () => `<script type="application/json" id="data">${json.slice(0, 5000)}</script>`));

// --- TAP
const browser = await chromium.launch({
  executablePath: BROWSER,
  args: ['--disable-gpu', '--disable-dev-shm-usage'],
});
if (SHOTS) mkdirSync(SHOTS, { recursive: true });
const tests = [];
const test = (name, run, options = {}) => tests.push({ name, run, options });

function check(condition, what) {
  if (!condition) throw new Error(what);
}

function same(got, want, what) {
  check(got === want, `${what} is ${JSON.stringify(got)}, expected ${JSON.stringify(want)}`);
}

/** Pages are kept, one for each kind of screen: opening one takes seconds. */
const kept = new Map();
let visits = 0;

async function pageFor({ phone, dark }) {
  const key = `${phone} ${dark}`;
  if (!kept.has(key)) {
    const context = await browser.newContext({
      viewport: phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
      colorScheme: dark ? 'dark' : 'light',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    const said = [];
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => said.push(`error: ${error.message}`));
    kept.set(key, { page, said });
  }
  return kept.get(key);
}

/** A message of the console or an error in the page fails the test. */
async function inPage({ run, options }) {
  const { page, said } = await pageFor(options);
  const file = options.page ?? full;
  said.length = 0;
  const url = file.startsWith('http') ? file : pathToFileURL(file).href;
  // Where only the view differs, another query makes it a fresh page all the same.
  await page.goto(`${url}?${++visits}${options.at ?? ''}`);
  await run(page);
  check(said.length === 0, `the console says: ${said.join(' | ')}`);
  check(!(await page.evaluate('window.pwned')), 'a name was executed');
  if (SHOTS && options.shot) await page.screenshot({ path: `${SHOTS}/${options.shot}.png` });
}

const allRules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function axeClean(page, rules = allRules) {
  await page.evaluate(axe);
  const found = await page.evaluate(async (runOnly) => {
    const { violations } = await window.axe.run(document, { runOnly });
    return violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(', ')}`);
  }, rules);
  check(found.length === 0, found.join('; '));
}

async function fits(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  check(over <= 0, `the page is ${over} px too wide`);
}

const views = ['overview', 'trends', 'comparison', 'workers', 'suite', 'machine'];
const settled = (page) => page.waitForFunction(() => !document.querySelector('[aria-busy]'));

// --- tests
test('the overview says what changed', async (page) => {
  await page.getByRole('heading', { name: 'What changed' }).waitFor();
  const rows = page.locator('.panel', { hasText: 'What changed' }).locator('a.effect');
  check((await rows.count()) >= 2, 'there are too few changes');
  check((await rows.first().innerText()).includes('sort/qsort[n=1000]'), 'the open change is not first');
  check((await page.locator('.tile').first().innerText()).includes('1 of 4 regressed'), 'the gate is not said');
});

for (const view of views) {
  const at = `#/${view}`;
  const ready = async (page) => {
    await page.locator('nav a[aria-current]').waitFor();
    await settled(page);
    await fits(page);
  };
  test(`${view}: accessible, and fits`, async (page) => {
    await ready(page);
    await axeClean(page);
  }, { at, shot: view });
  test(`${view}, dark: contrast`, async (page) => {
    await ready(page);
    await axeClean(page, ['color-contrast']);
  }, { at, dark: true, shot: `${view}-dark` });
  test(`${view}, on a phone: fits`, ready, { at, phone: true, shot: `${view}-phone` });
}

test('a trend on a phone, with the way back', async (page) => {
  await page.locator('.chart canvas').waitFor();
  await fits(page);
  await axeClean(page);
  await page.getByText('← all cases').click();
  await page.locator('.list-row').first().waitFor();
}, { at: '#/trends/sort%2Fqsort%5Bn%3D1000%5D', phone: true, shot: 'trend-phone' });

test('filtering by text, and clearing', async (page) => {
  await page.keyboard.press('/');
  await page.keyboard.type('json');
  await page.waitForFunction(() => document.querySelectorAll('.list-row').length === 1);
  check((await page.locator('.list-row').innerText()).includes('parse/json'), 'another case is shown');
  check(page.url().includes('q=json'), 'the address does not say the filter');
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => document.querySelectorAll('.list-row').length > 5);
}, { at: '#/trends' });

test('filtering by tag', async (page) => {
  await page.locator('.tagbar').getByRole('button', { name: 'sort' }).click();
  await page.waitForFunction(() => document.querySelectorAll('.list-row').length === 2);
  check(page.url().includes('tag%3Asort'), 'the address does not say the tag');
}, { at: '#/trends' });

test('a filter that nothing fits', async (page) => {
  await page.getByText('No change fits the filter').waitFor();
}, { at: '#/overview?q=nothinghasthis' });

test('sorting by name', async (page) => {
  await page.getByRole('button', { name: 'name' }).click();
  const first = page.locator('.list-row').first();
  await page.waitForFunction(() => document.querySelector('.list-row')?.textContent?.startsWith('@suite'));
  check((await first.innerText()).startsWith('@suite'), 'the first is another one');
}, { at: '#/trends' });

test('a deep link shows a name as text', async (page) => {
  same(await page.locator('.detail h2').innerText(), 'net/<script>window.pwned=1</script>', 'the title');
  await page.locator('.chart canvas').waitFor();
}, { at: '#/trends/net%2F%3Cscript%3Ewindow.pwned%3D1%3C%2Fscript%3E' });

test('a link to a case that is not there', async (page) => {
  await page.getByText('This case has no history here').waitFor();
}, { at: '#/trends/no%2Fsuch' });

test('hovering a chart tells the revision', async (page) => {
  const box = await page.locator('.u-over').boundingBox();
  await page.mouse.move(box.x + box.width - 2, box.y + box.height / 2);
  const tip = page.locator('.chart .tip');
  await tip.waitFor();
  const words = await tip.innerText();
  check(words.includes('0060abcd') && words.includes('interval') && words.includes(' to '), `the tip says: ${words}`);
}, { at: '#/trends/sort%2Fqsort%5Bn%3D1000%5D', shot: 'trend' });

test('a chart is walked through with keys', async (page) => {
  await page.locator('.chart canvas').waitFor();
  await page.keyboard.press('c');
  await page.keyboard.press('End');
  const live = page.locator('[aria-live]');
  check((await live.innerText()).startsWith('point 60 of 60'), 'the last point is not said');
  await page.keyboard.press('ArrowLeft');
  check((await live.innerText()).startsWith('point 59 of 60'), 'the one before is not said');
  await page.keyboard.press('+');
  await page.keyboard.press('0');
}, { at: '#/trends/sort%2Fqsort%5Bn%3D1000%5D' });

test('zooming with the mouse, and all again', async (page) => {
  const axis = () => page.evaluate(() => document.querySelector('.chart canvas').toDataURL().length);
  const before = await axis();
  const box = await page.locator('.u-over').boundingBox();
  await page.mouse.move(box.x + box.width * 0.3, box.y + 50);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 4 });
  await page.mouse.up();
  check((await axis()) !== before, 'nothing was zoomed');
  await page.getByRole('button', { name: 'last 50' }).click();
  await page.getByRole('button', { name: 'all', exact: true }).click();
}, { at: '#/trends/sort%2Fqsort%5Bn%3D1000%5D' });

test('points as a table', async (page) => {
  await page.getByText('As a table').click();
  await page.locator('details tbody tr').last().waitFor();
  same(await page.locator('details tbody tr').count(), 60, 'the number of rows');
}, { at: '#/trends/sort%2Fqsort%5Bn%3D1000%5D' });

test('keys: views, list, help, theme', async (page) => {
  await page.locator('nav a[aria-current]').waitFor();
  await page.keyboard.press('2');
  await page.locator('.list-row').first().waitFor();
  await page.keyboard.press('j');
  await page.waitForFunction(() => location.hash.startsWith('#/trends/'));
  const first = page.url();
  await page.keyboard.press('j');
  await page.waitForFunction((was) => location.href !== was, first);
  await page.keyboard.press('k');
  await page.waitForFunction((was) => location.href === was, first);
  await page.keyboard.press('?');
  await page.locator('dialog[open]').waitFor();
  await axeClean(page);
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await page.keyboard.press('t');
  same(await page.locator('html').getAttribute('data-theme'), 'dark', 'the theme');
  await page.keyboard.press('t');
  same(await page.locator('html').getAttribute('data-theme'), null, 'the theme');
}, { at: '#/overview' });

test('the list is walked through with arrows', async (page) => {
  const list = page.getByRole('listbox');
  await list.focus();
  await page.keyboard.press('End');
  await page.waitForFunction(() => location.hash.includes('/trends/'));
  check(await list.getAttribute('aria-activedescendant'), 'the chosen row is not said');
}, { at: '#/trends?sort=name' });

test('a comparison: pairs, both distributions, a waiver of markup', async (page) => {
  await page.locator('.detail .chart').nth(2).waitFor();
  same(await page.locator('.detail .chart').count(), 3, 'the number of charts');
  check((await page.locator('.detail').innerText()).includes('+5.50'), 'the ratio is not said');
}, { at: '#/comparison/sort%2Fqsort%5Bn%3D1000%5D', shot: 'comparison' });

test('the message of a case stays text', async (page) => {
  const words = await page.locator('.detail .message').innerText();
  check(words.includes('<script>'), `the message is ${words}`);
}, { at: '#/comparison/net%2F%3Cscript%3Ewindow.pwned%3D1%3C%2Fscript%3E' });

test('the suite: timeline, tests, failures first', async (page) => {
  await page.locator('.timeline canvas').waitFor();
  const row = page.locator('table', { hasText: 'outcome' }).locator('tbody tr').first();
  check((await row.innerText()).includes('<b>fails</b>'), 'the failed one is not first');
}, { at: '#/suite' });

test('worker counts: chart, law and table', async (page) => {
  await page.locator('.chart canvas').waitFor();
  await page.getByText('Universal Scalability Law').waitFor();
  same(await page.locator('tbody tr').count(), 4, 'the number of rows');
}, { at: '#/workers' });

test('the machine: cores', async (page) => {
  check((await page.locator('.core').count()) > 0, 'no core is drawn');
  await page.getByText('Model <7>').waitFor();
}, { at: '#/machine' });

test('a page without data says what fills it', async (page) => {
  await page.getByText('tare report --format html').waitFor();
  await axeClean(page);
}, { page: empty, shot: 'empty' });

test('damaged data are said', async (page) => {
  await page.getByText('cut short or damaged').waitFor();
}, { page: damaged, shot: 'damaged' });

test('served: lines come, points are asked for', async (page) => {
  await page.waitForFunction(() => document.querySelectorAll('.list-row').length > 5);
  await page.locator('.chart canvas').waitFor();
  check((await page.locator('.detail h2').innerText()).includes('qsort'), 'another case is shown');
}, { page: SERVED, at: '#/trends/sort%2Fqsort%5Bn%3D1000%5D', shot: 'served' });

test('served: a name with markup', async (page) => {
  await page.locator('.chart canvas').waitFor();
}, { page: SERVED, at: '#/trends/net%2F%22%3E%3Cimg%2Fsrc%3Dx%2Fonerror%3D%22window.pwned%3D1%22%3E' });

console.log(`1..${tests.length}`);
let failed = 0;
for (const [i, one] of tests.entries()) {
  try {
    await inPage(one);
    console.log(`ok ${i + 1} - ${one.name}`);
  } catch (error) {
    failed++;
    console.log(`not ok ${i + 1} - ${one.name}`);
    console.log(String(error.message).replace(/^/gm, '# ').slice(0, 1500));
  }
}
await browser.close();
process.exitCode = failed ? 1 : 0;
