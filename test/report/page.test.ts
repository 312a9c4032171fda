import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { RunModel } from '../../src/report/model.ts';
import { busyRun } from './busy-run.ts';
import { launchBrowser, withPage } from './open-page.ts';
import { stuckFile, stuckLogs, withRunFolder } from './run-folder.ts';
import { tracedFile } from './traced-file.ts';

jest.setTimeout(90_000);

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const hostile = '</script><img src=x onerror=alert(1)>\u202eevil';

function stuckRun(): RunModel {
  let model: RunModel | undefined;
  withRunFolder(({ rootDir, write, read }) => {
    write('a.test.js', stuckFile(rootDir), { ...stuckLogs, 'ops.stdout.log': `${hostile}\n` });
    model = read();
  });
  if (!model) throw new Error('the run was not read');
  return model;
}

function tracedRun(): RunModel {
  let model: RunModel | undefined;
  withRunFolder(({ rootDir, write, read }) => {
    write('a.test.js', tracedFile(rootDir));
    model = read();
  });
  if (!model) throw new Error('the run was not read');
  return model;
}

const untilShown = (page: Page) => page.waitForSelector('#app:not([hidden])');

test('a stranger sees what failed and why, then the lines of the test beside its failure', async () =>
  withPage(browser, stuckRun(), {}, async ({ page, troubles }) => {
    await untilShown(page);
    expect(await page.textContent('h1')).toBe('1 of 2 tests failed');
    await page.click('#summary a:has-text("is stuck")');
    expect(page.url()).toMatch(/#test=a\.test\.js:2$/);
    await page.waitForSelector('.detail .failure pre');
    expect(await page.textContent('.detail .failure pre')).toContain('queue "tasks": 0 messages waiting');
    expect(await page.locator('.detail .event .text').allTextContents()).toEqual([
      'test begins: is stuck',
      'took it',
      expect.stringContaining('▼ test failed: is stuck'),
    ]);
    expect(await page.locator('.tests [aria-selected=true]').textContent()).toContain('is stuck');
    expect(troubles).toEqual([]);
  }));

test('the address of a test opens it', async () =>
  withPage(browser, stuckRun(), { hash: '#test=a.test.js:1' }, async ({ page }) => {
    await untilShown(page);
    expect(await page.textContent('.detail h2')).toBe('passed one');
    await page.keyboard.press('Escape');
    await page.waitForSelector('text=Everything that happened');
  }));

test('spans stand with the test they belong to, and in a lane that the legend explains', async () =>
  withPage(browser, tracedRun(), { hash: '#test=a.test.js:2' }, async ({ page, troubles }) => {
    await untilShown(page);
    expect(await page.locator('.detail .event.span .text').allTextContents()).toEqual([
      '▼ ERROR · consumer orders process · 25 ms',
      expect.stringMatching(/^▼ {3}ERROR: duplicate key of payment · client INSERT payment/),
    ]);
    expect(await page.locator('.legend').textContent()).toContain('span with an error');
    expect(await page.locator('.axis canvas').getAttribute('aria-label')).toContain('ops: spans');
    await page.fill('.tests input', 'insert duplicate');
    await page.waitForSelector('.tests .status:has-text("1 test")');
    expect(troubles).toEqual([]);
  }));

test('hostile lines are text', async () =>
  withPage(browser, stuckRun(), {}, async ({ page, troubles }) => {
    await untilShown(page);
    const lines = await page.locator('.event.line .text').allTextContents();
    expect(lines).toContain('</script><img src=x onerror=alert(1)>\\u202eevil');
    expect(await page.locator('img').count()).toBe(0);
    expect(troubles).toEqual([]);
  }));

test('search, outcome and keys find a test', async () =>
  withPage(browser, busyRun(20), {}, async ({ page }) => {
    await untilShown(page);
    await page.keyboard.press('/');
    await page.keyboard.type('file-13 line 7-19');
    await page.waitForSelector('.tests .status:has-text("1 test")');
    expect(await page.locator('.tests .entry:not(.heading) .name').allTextContents()).toEqual(['does 7']);
    await page.fill('.tests input', '');
    await page.waitForSelector('.tests .status:has-text("200 tests")');
    await page.selectOption('.tests select', 'failed');
    await page.waitForSelector('.tests .status:has-text("2 tests")');
    await page.focus('.tests .list');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('.detail h2:has-text("failed does 7")');
    expect(page.url()).toMatch(/#test=file-3\.test\.js:8$/);
    await page.keyboard.press('n');
    await page.waitForFunction(`location.hash === '#test=file-13.test.js:8'`);
  }));

test('a test is copied as text', async () =>
  withPage(
    browser,
    stuckRun(),
    { hash: '#test=a.test.js:2', permissions: ['clipboard-read', 'clipboard-write'] },
    async ({ page }) => {
      await untilShown(page);
      await page.click('text=Copy as text');
      await page.waitForSelector('.detail [role=status]:has-text("Copied")');
      const text = await page.evaluate('navigator.clipboard.readText()');
      expect(text).toMatch(
        /^FAILED a\.test\.js › is stuck\n- queue "tasks" is empty[\s\S]*What happened meanwhile:\n[\s\S]*ops stderr {2}took it/,
      );
    },
  ));

test.each([
  ['without scripts', { javaScriptEnabled: false }],
  ['whose data are broken', { edit: (html: string) => html.replace(/id="data">.{40}/, 'id="data">') }],
])('the first screen of a page %s stands', async (_, options) =>
  withPage(browser, stuckRun(), options, async ({ page }) => {
    await page.waitForTimeout(100);
    expect(await page.locator('#summary').textContent()).toContain('handler is stuck');
    expect(await page.locator('.axis').count()).toBe(0);
  }),
);

test('on paper everything is unfolded, and every line of the chosen test is there', async () =>
  withPage(browser, busyRun(5), { hash: '#test=file-3.test.js:8' }, async ({ page }) => {
    await untilShown(page);
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
    expect(await page.locator('details:not([open])').count()).toBe(0);
    expect(await page.locator('.detail .event.line').count()).toBe(20);
    await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
    expect(await page.locator('details[open]').count()).toBe(0);
  }));

test.each([
  ['light', () => busyRun(20), 'file-3.test.js:8'],
  ['dark', () => busyRun(20), 'file-3.test.js:8'],
  ['light', tracedRun, 'a.test.js:2'],
  ['dark', tracedRun, 'a.test.js:2'],
] as const)('axe finds nothing, %s', async (colorScheme, run, id) =>
  withPage(browser, run(), { hash: `#test=${id}`, colorScheme, bypassCSP: true }, async ({ page }) => {
    await untilShown(page);
    await page.addScriptTag({ content: readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8') });
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      return (await axe.run()).violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`,
      );
    });
    expect(violations).toEqual([]);
  }),
);

const scrollThrough = `(async () => {
  const list = document.querySelector('.detail .list');
  const frames = [];
  let before = performance.now();
  for (let index = 0; index < 60; index += 1) {
    list.scrollTop += list.scrollHeight / 70;
    await new Promise(resolve => requestAnimationFrame(resolve));
    frames.push(performance.now() - before);
    before = performance.now();
  }
  return { longestMs: Math.max(...frames.slice(2)), rows: list.querySelectorAll('.row').length };
})()`;

test('20 000 lines: causes are there at once, scrolling draws what is visible only', async () =>
  withPage(browser, busyRun(100), { hash: '#test=file-93.test.js:8' }, async ({ page }) => {
    await page.waitForSelector('.detail h2:has-text("does 7")');
    const selectedAtMs = await page.evaluate<number>('performance.now()');
    await page.keyboard.press('Escape');
    await page.waitForSelector('text=Everything that happened');
    const { longestMs, rows } = await page.evaluate<{ longestMs: number; rows: number }>(scrollThrough);
    process.stderr.write(
      `report page: test selected ${Math.round(selectedAtMs)} ms after navigation, longest frame ${Math.round(longestMs)} ms\n`,
    );
    expect(rows).toBeLessThan(150);
    // Three times what an idle machine needs.
    expect(selectedAtMs).toBeLessThan(3_000);
    expect(longestMs).toBeLessThan(300);
  }));
