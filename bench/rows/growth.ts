import { readdirSync, readFileSync } from 'node:fs';
import { contenders, ours } from '../contenders.ts';
import { withProject } from '../project.ts';
import { type Measured, measureInTurn, type Row } from '../row.ts';
import { wallMs } from './files.ts';

const oneFile = `test('begins', () => {});`;
const sampleMs = 50;

export const hundredFiles: Row = {
  name: 'hundred-files',
  what: '100 files with one worker each, wall time for each file',
  unit: 'ms',
  async measure({ isQuick }) {
    const files = isQuick ? 5 : 100;
    const tests = Object.fromEntries(
      Array.from({ length: files }, (_, index) => [`f${index}.test.js`, oneFile]),
    );
    return withProject(ours, { tests }, async project => {
      const peaks = new Map<string, number>();
      const sampling = setInterval(() => samplePeaks(project.folder, peaks), sampleMs);
      const values = [(await wallMs(project)) / files];
      clearInterval(sampling);
      const note = [...peaks]
        .map(([who, kilobytes]) => `${who} ${Math.round(kilobytes / 1024)} MB`)
        .join(', ');
      return [{ contender: ours.name, values, note: `at most: ${note}` }];
    });
  },
};

/** The most memory that Jest and the watchdog had resident. */
function samplePeaks(folder: string, peaks: Map<string, number>): void {
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      const who = command.includes('watchdog')
        ? 'watchdog'
        : command.includes('jest/bin/jest.js')
          ? 'Jest'
          : undefined;
      if (!who || !readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${folder}/stamps`)) continue;
      const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
      peaks.set(who, Math.max(peaks.get(who) ?? 0, kilobytes));
    } catch {
      // It ended meanwhile.
    }
  }
}

export const growth: Row = {
  name: 'growth',
  what: 'tests whose worker writes 100 lines each: wall time for each test, the command’s own start left out',
  unit: 'ms',
  async measure({ isQuick }) {
    const sizes = isQuick ? [10] : [10, 100, 1_000];
    const measured: Measured[] = [];
    for (const size of sizes) {
      const body = `for (let i = 0; i < ${size}; i += 1) test('logs ' + i, async () => { if (i === 0) stamp('begun'); await ask('/log?count=100'); if (i === ${size - 1}) stamp('done'); });`;
      const both = contenders.filter(({ name }) => name === ours.name || name === 'jest-dev-server');
      const runs = await measureInTurn(both, isQuick ? 1 : 3, contender =>
        withProject(contender, { tests: { 'a.test.js': body } }, async project => {
          await wallMs(project);
          return (project.stampedAt('done') - project.stampedAt('begun')) / size;
        }),
      );
      measured.push(...runs.map(run => ({ ...run, contender: `${run.contender}, ${size} tests` })));
    }
    return measured;
  },
};
