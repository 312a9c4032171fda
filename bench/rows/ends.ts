import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Contender, contenders, ours } from '../contenders.ts';
import { type Project, withProject } from '../project.ts';
import { inTurn, type Measured, type Row } from '../row.ts';

/** The others wait for the test's own timeout. */
const mostDeaths = 5;

interface End {
  readonly ms: number;
  /** What the user is told. */
  readonly note: string;
  /** When our own error was made; the rest of the time is Jest's way out. */
  readonly causeMs?: number;
}

export const exitBeforeReady: Row = {
  name: 'exit-before-ready',
  what: 'worker exits before it is ready → the command has failed',
  unit: 'ms',
  measure: async ({ rounds }) =>
    described(
      await inTurn(contenders, rounds, contender =>
        withProject(
          contender,
          { role: 'exits', tests: { 'a.test.js': `test('needs it', async () => { await ask('/'); });` } },
          async project => {
            const run = project.start();
            const { atMs } = await run.ended;
            return endOf(project, contender, atMs, run.output(), 3);
          },
        ),
      ),
    ),
};

export const deathInTest: Row = {
  name: 'death-in-test',
  what: 'worker dies in a test → that test has failed',
  unit: 'ms',
  measure: async ({ rounds }) =>
    described(
      await inTurn(contenders, Math.min(rounds, mostDeaths), contender =>
        withProject(contender, { tests: { 'a.test.js': waitingTest } }, async project => {
          const run = project.start();
          const { atMs } = await run.ended;
          const failedAt = project.hasStamp('failed') ? project.stampedAt('failed') : atMs;
          const end = endOf(project, contender, failedAt, run.output(), 7);
          return project.hasStamp('failed') ? end : { ...end, note: `no test is reported; ${end.note}` };
        }),
      ),
    ),
};

const waitingTest = `
afterEach(() => stamp('failed'));
test('waits for a row', async () => {
  await ask('/die').catch(() => {});
  await new Promise(() => {});
});`;

function endOf(project: Project, contender: Contender, atMs: number, output: string, code: number): End {
  const exitedAt = project.stampedAt('exiting');
  const names = [
    new RegExp(`\\bcode:? ${code}\\b|\\b(?:exit(?:ed)?|code)\\D{0,12}\\b${code}\\b`).test(output)
      ? 'code'
      : '',
    /BENCH_SETTING is not set|the cache is gone/.test(output) ? 'its last line' : '',
  ].filter(Boolean);
  return {
    ms: atMs - exitedAt,
    note: `names ${names.join(' and ') || 'nothing'}`,
    ...(contender === ours ? { causeMs: recordedAt(project, 'worker.failed') - exitedAt } : {}),
  };
}

function recordedAt({ folder }: Project, event: string): number {
  const latest = join(folder, '.live-worker/latest');
  const [file = ''] = readdirSync(latest).filter(name => name.endsWith('.test.js'));
  const lines = readFileSync(join(latest, file, 'events.ndjson'), 'utf8')
    .trim()
    .split('\n');
  const found = lines.map(line => JSON.parse(line)).find(record => record.event === event);
  return found ? found.atMs : Number.NaN;
}

function described(ends: ReadonlyMap<string, readonly End[]>): readonly Measured[] {
  return [...ends].flatMap(([contender, runs]) => {
    const [{ note } = { note: '' }] = runs;
    const causes = runs.flatMap(({ causeMs }) =>
      causeMs === undefined || Number.isNaN(causeMs) ? [] : [causeMs],
    );
    const known = causes.length > 0 ? [{ contender: `${contender}: cause known`, values: causes }] : [];
    return [...known, { contender, values: runs.map(({ ms }) => ms), note }];
  });
}
