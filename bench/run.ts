/**
 * Measures this package and what people use in its place on one and the same worker, and prints tables.
 *
 *     npm run bench -- [--quick] [--rounds N] [--only ROW,…] [--write]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeRow, type MeasuredRow } from './describe-rows.ts';
import { drawRows } from './draw-rows.ts';
import { crashPoints } from './rows/crash-points.ts';
import { deathInTest, exitBeforeReady } from './rows/ends.ts';
import { noWorker, politeStop, secondFile, tenWorkers } from './rows/files.ts';
import { firstTest } from './rows/first-test.ts';
import { growth, hundredFiles } from './rows/growth.ts';
import { killedDaemon, killedDeaf, killedPolite } from './rows/killed.ts';
import { lostBytes, writes8k, writes100 } from './rows/logs.ts';
import { slot } from './rows/slot.ts';
import { keptRun, reporter, tenFiles } from './rows/suites.ts';
import { tapCopy, tapMessage, tapMessages, tapQuery, tapRows } from './rows/tap.ts';
import { describeMachine } from './versions.ts';

const rows = [
  firstTest,
  exitBeforeReady,
  deathInTest,
  killedPolite,
  killedDaemon,
  killedDeaf,
  writes8k,
  writes100,
  lostBytes,
  noWorker,
  secondFile,
  tenWorkers,
  politeStop,
  hundredFiles,
  growth,
  tenFiles,
  keptRun,
  tapMessage,
  tapMessages,
  tapQuery,
  tapCopy,
  tapRows,
  crashPoints,
  reporter,
  slot,
];

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '10' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

void main();

async function main(): Promise<void> {
  const scale = { isQuick: options.quick, rounds: options.quick ? 1 : Number(options.rounds) };
  const wanted = options.only?.split(',');
  const unknown = wanted?.filter(name => !rows.some(row => row.name === name)) ?? [];
  if (unknown.length > 0 || !(scale.rounds >= 1))
    throw new Error(`--only takes ${rows.map(({ name }) => name).join(', ')}; --rounds a number from 1`);
  const measured: MeasuredRow[] = [];
  for (const row of rows.filter(({ name }) => wanted?.includes(name) ?? true)) {
    const start = performance.now();
    measured.push({ row, measured: await row.measure(scale) });
    process.stderr.write(`bench: ${row.name} took ${((performance.now() - start) / 1_000).toFixed(1)} s\n`);
    process.stdout.write(`${describeRow(measured.at(-1) as MeasuredRow)}\n`);
  }
  process.stdout.write(`${describeMachine()}\n`);
  if (!options.write) return;
  const head = `# Results\n\n\`npm run bench -- --write\`, ${scale.rounds} rounds. ${describeMachine()}\n\n![the medians](results.svg)\n\n`;
  writeFileSync(join(__dirname, 'RESULTS.md'), head + measured.map(describeRow).join('\n'));
  writeFileSync(join(__dirname, 'results.svg'), drawRows(measured));
}
