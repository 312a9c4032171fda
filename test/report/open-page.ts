import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { readPage, renderReport } from '../../src/report/html/write-report.ts';
import type { RunModel } from '../../src/report/model.ts';
import { browserPath, browserRecipe } from '../services/browser-recipe.ts';

export async function launchBrowser(): Promise<Browser> {
  const executablePath = browserPath();
  if (executablePath === undefined) throw new Error(browserRecipe.advice());
  // As root Chromium starts without its sandbox only; the pages it opens are our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--force-device-scale-factor=1'] });
}

export interface OpenPage {
  readonly page: Page;
  /** What the console said, and every request but the page itself. */
  readonly troubles: readonly string[];
}

export interface PageOrder extends BrowserContextOptions {
  readonly hash?: string;
  /** Changes the finished page. */
  readonly edit?: (html: string) => string;
}

/** Opens the report of a run from a file, as a user does. */
export async function withPage(
  browser: Browser,
  model: RunModel,
  { hash = '', edit = html => html, ...options }: PageOrder,
  work: (opened: OpenPage) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  const path = join(folder, 'report.html');
  writeFileSync(path, edit(renderReport(model, readPage())));
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', message => troubles.push(message.text()));
  page.on('pageerror', error => troubles.push(error.message));
  page.on('request', request => {
    if (!request.url().startsWith(`file://${path}`)) troubles.push(request.url());
  });
  try {
    await page.goto(`file://${path}${hash}`);
    await work({ page, troubles });
  } finally {
    await context.close();
    rmSync(folder, { recursive: true });
  }
}
