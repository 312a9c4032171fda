import { createHash } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ownProgram } from '../../files/package-folder.ts';
import type { RunModel } from '../model.ts';
import { escapeHtml } from './escape-html.ts';
import { firstScreen } from './first-screen.ts';

export const reportName = 'report.html';

/** Writes the report of a run into a folder; a reader never sees half of one. @returns its path */
export function writeReport(model: RunModel, path: string): string {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, renderReport(model, readPage()), { mode: 0o600 });
  renameSync(draft, path);
  return path;
}

export function reportPathIn(folder: string): string {
  return join(folder, reportName);
}

/** The program of the page and its style, as they were built. */
export interface Page {
  readonly script: string;
  readonly style: string;
}

export function readPage(): Page {
  const read = (name: string) => readFileSync(ownProgram(join('report', 'page', name)), 'utf8').trim();
  return { script: read('main.js'), style: read('page.css') };
}

/** One file that needs no other: its policy forbids it to load anything, and no script runs in it but its own. */
export function renderReport(model: RunModel, { script, style }: Page): string {
  const data = gzipSync(JSON.stringify(model), { level: 9 }).toString('base64');
  // What stands between the tags is not escaped, so nothing in it may end them.
  const code = script.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
  const policy = `default-src 'none'; style-src 'sha256-${hash(style)}'; script-src 'sha256-${hash(code)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(`${model.title}: live workers`)}</title>
<style>${style}</style>
</head>
<body>
<main>
${firstScreen(model).markup}
<section id="app" aria-label="The run" hidden></section>
<noscript><p class="note">Timeline, search and log lines need scripts; the summary above is complete without.</p></noscript>
</main>
<script type="application/octet-stream" id="data">${data}</script>
<script>${code}</script>
</body>
</html>
`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
