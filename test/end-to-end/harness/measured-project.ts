import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileCoverage } from '../../../src/coverage/file-coverage.ts';

/** A program that answers requests; `CALLS` says what it calls for each path. */
export const askedWorker = `
const { createServer } = require('node:http');
const calls = require(process.env.CALLS);
createServer(async (request, response) => {
  response.end(String(await calls[request.url.slice(1)]()));
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
setTimeout(() => process.exit(9), 120_000).unref();
`;

/** What its test files start with. */
export const asking = `
const { liveWorker } = require('jest-environment-live-worker/fixtures');
const ask = path => fetch('http://127.0.0.1:' + liveWorker('ops').env.PORT + '/' + path).then(answer => answer.text());
`;

/** @param worker further options of it, as JavaScript */
export function measuredConfig(worker: string, jest = ''): string {
  return `
const { withLiveWorkers, log } = require('jest-environment-live-worker/config');
const ops = { command: ['node', 'worker.js'], ports: ['PORT'], env: { CALLS: './calls.js' }, ready: [log({ pattern: 'ready' })], coverage: true, ${worker} };
module.exports = withLiveWorkers({ workers: { ops } }, {
  transform: {},
  coverageReporters: ['json'],
  coverageProvider: process.env.PROVIDER ?? 'babel',
  ${jest}
});
`;
}

/** Which files of the project count. */
export function coveredFiles(folder: string): readonly string[] {
  return Object.keys(readCoverage(folder))
    .map(path => path.slice(folder.length + 1))
    .sort();
}

/** How often the statements of each line of a file ran, those that begin there: the most frequent of them. */
export function lineCounts(folder: string, file: string): Readonly<Record<number, number>> {
  const coverage = readCoverage(folder)[join(folder, file)];
  if (!coverage) throw new Error(`"${file}" does not count: ${Object.keys(readCoverage(folder)).join(', ')}`);
  const counts: Record<number, number> = {};
  for (const [key, { start }] of Object.entries(coverage.statementMap))
    counts[start.line] = Math.max(counts[start.line] ?? 0, coverage.s[key] ?? 0);
  return counts;
}

export function statementsOf(folder: string, file: string): { readonly ran: number; readonly all: number } {
  const counts = Object.values(readCoverage(folder)[join(folder, file)]?.s ?? {});
  return { ran: counts.filter(count => count > 0).length, all: counts.length };
}

function readCoverage(folder: string): Readonly<Record<string, FileCoverage>> {
  return JSON.parse(readFileSync(join(folder, 'coverage', 'coverage-final.json'), 'utf8')) as Record<
    string,
    FileCoverage
  >;
}
