import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Contender, jestNode, ours, oursWith } from '../contenders.ts';
import { type Project, withProject } from '../project.ts';
import { measureInTurn, type Row } from '../row.ts';

const withoutWorkers = (name: string, contender: Contender): Contender => ({
  ...contender,
  name,
  files: setting => contender.files({ ...setting, ports: [] }),
});
const noWorkers = withoutWorkers('jest-environment-live-worker, no worker', ours);
const idleSupervisor = withoutWorkers('the same with the reporter', oursWith('', { hasReporter: true }));

export const testFiles = (count: number, body: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}.test.js`, body]));

export const noWorker: Row = {
  name: 'no-worker',
  what: '50 trivial files without a worker, wall time of the command',
  unit: 'ms',
  measure: ({ rounds, isQuick }) =>
    measureInTurn([noWorkers, idleSupervisor, jestNode], isQuick ? 1 : rounds, contender =>
      withProject(contender, { tests: testFiles(isQuick ? 5 : 50, `test('is trivial', () => {});`) }, wallMs),
    ),
};

export const secondFile: Row = {
  name: 'second-file',
  what: 'second file in a Jest process: from its beginning to its first test, less the worker’s own start',
  unit: 'ms',
  measure: ({ rounds }) =>
    measureInTurn([ours], rounds, contender =>
      withProject(contender, { tests: testFiles(2, `test('begins', () => {});`) }, async project => {
        await wallMs(project);
        const [, second] = eventsOfFiles(project);
        const at = (event: string) => second?.find(record => record.event === event)?.atMs ?? Number.NaN;
        return (
          at('gate.opened') - at('session.opened') - (project.stampedAt('consuming') - at('worker.spawned'))
        );
      }),
    ),
};

export const tenWorkers: Row = {
  name: 'ten-workers',
  what: 'ten workers in one file: from the first spawn to the first test, over that of one',
  unit: 'times',
  measure: ({ rounds }) =>
    measureInTurn([ours], rounds, async contender => {
      const one = await gateMs(contender, 1);
      return (await gateMs(contender, 10)) / one;
    }),
};

function gateMs(contender: Contender, workers: number): Promise<number> {
  return withProject(
    contender,
    { workers, tests: testFiles(1, `test('begins', () => {});`) },
    async project => {
      await wallMs(project);
      const [events = []] = eventsOfFiles(project);
      const spawnedAt = events.find(({ event }) => event === 'worker.spawned')?.atMs ?? Number.NaN;
      return (events.find(({ event }) => event === 'gate.opened')?.atMs ?? Number.NaN) - spawnedAt;
    },
  );
}

export const politeStop: Row = {
  name: 'polite-stop',
  what: 'stop of a polite worker, over the worker’s own exit',
  unit: 'ms',
  measure: ({ rounds }) =>
    measureInTurn([ours], rounds, contender =>
      withProject(contender, { tests: testFiles(1, `test('begins', () => {});`) }, async project => {
        await wallMs(project);
        const [events = []] = eventsOfFiles(project);
        const stoppedAt = events.find(({ event }) => event === 'worker.stopped')?.atMs ?? Number.NaN;
        return stoppedAt - project.stampedAt('stopped');
      }),
    ),
};

export async function wallMs(project: Project): Promise<number> {
  const start = performance.now();
  const run = project.start();
  const { code } = await run.ended;
  if (code !== 0) throw new Error(`the command ended with ${code}:\n${run.output().slice(-2_000)}`);
  return performance.now() - start;
}

interface RecordedEvent {
  readonly event: string;
  readonly atMs: number;
}

/** The records of each test file, in the order they were run. */
function eventsOfFiles({ folder }: Project): readonly (readonly RecordedEvent[])[] {
  const latest = join(folder, '.live-worker/latest');
  return readdirSync(latest)
    .filter(name => name.endsWith('.test.js'))
    .map(name =>
      readFileSync(join(latest, name, 'events.ndjson'), 'utf8')
        .trim()
        .split('\n'),
    )
    .map(lines => lines.map(line => JSON.parse(line) as RecordedEvent))
    .sort(([one], [other]) => (one?.atMs ?? 0) - (other?.atMs ?? 0));
}
