import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../end-to-end/harness/folders.ts';
import { tableRows } from './read-readme.ts';

const results = readFileSync(join(repository, 'bench/RESULTS.md'), 'utf8');
const contenders = [
  'jest-environment-live-worker',
  'jest-dev-server',
  "Playwright's webServer",
  'start-server-and-test',
  'spawn and sleep 2 s',
];

test('the numbers side by side in README.md are those of bench/RESULTS.md', () => {
  const rows = tableRows('median');
  expect(rows.length).toBeGreaterThan(3);
  for (const [what = '', ...cells] of rows) {
    const [, measured = ''] = results.split(`### ${what}\n`);
    const [section = ''] = measured.split('\n### ');
    expect([what, cells]).toEqual([what, contenders.map(contender => cellOf(section, contender))]);
  }
});

/** `12.3 ms`, or who was left where nothing ended. */
function cellOf(section: string, contender: string): string {
  const [, unit = ''] = /median, (\S+)/.exec(section) ?? [];
  const row = section.split('\n').find(line => line.startsWith(`| ${contender} |`)) ?? '';
  const [, , median = '', , , note = ''] = row.split('|').map(cell => cell.trim());
  return median === '-' ? note : `${median} ${unit}`;
}
