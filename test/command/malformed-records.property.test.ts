import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createColors } from 'picocolors';
import type { CommandContext } from '../../src/command/command-result.ts';
import { replay } from '../../src/command/replay/replay.ts';
import { restartedEnv, toReplayPlan } from '../../src/command/replay/replay-plan.ts';
import { isLiveWorkerError } from '../../src/errors.ts';
import { describeOrigin } from '../../src/launch/environment/describe-origin.ts';
import type { LaunchRecord } from '../../src/launch/launch-record.ts';
import { readLaunchRecord } from '../../src/records/find-launch-records.ts';
import { findHeldWorker } from '../../src/records/held-workers.ts';
import { reportWatchdogKills } from '../../src/records/report-watchdog-kills.ts';

const folder = mkdtempSync(join(tmpdir(), 'malformed-records-'));
afterAll(() => rmSync(folder, { recursive: true }));

let told: jest.SpyInstance<boolean, Parameters<typeof process.stderr.write>>;
beforeEach(() => {
  told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => told.mockRestore());

const context: CommandContext = {
  cwd: folder,
  shellEnv: {},
  colours: createColors(false),
  say: () => {},
};

const record: LaunchRecord = {
  worker: 'ops',
  id: 'ops.1.abc',
  command: ['/usr/bin/node', 'worker.js'],
  cwd: '/app',
  executable: { rule: 'path', asked: 'node', tried: ['/usr/bin/node'] },
  env: {
    PORT: { value: '8080', from: { layer: 'port' } },
    TOKEN: { value: '***', from: { layer: 'env-file', file: '/app/.env', line: 3 } },
    MODE: { value: 'slow', from: { layer: 'restart' } },
  },
  withheld: [{ name: 'CI', why: 'set by Jest or npm' }],
  ports: { PORT: 8080 },
};

const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, '', 'a\0b', '=', '-S x', -1, 0.5, [], {}, [[]], { value: 1 }, { from: null }),
);
const oddKey = fc.constantFrom(
  '__proto__',
  '',
  '=',
  'A=B',
  '-S id',
  'constructor',
  'length',
  'toString',
  'a\0b',
);

/** One place of a document changed, however deep it lies. */
function mutated(document: unknown): fc.Arbitrary<unknown> {
  if (typeof document !== 'object' || document === null) return odd;
  const keys = Object.keys(document);
  if (keys.length === 0) return odd;
  const replaced = fc
    .constantFrom(...keys)
    .chain(key =>
      mutated((document as Record<string, unknown>)[key]).map(value => changed(document, key, value)),
    );
  const removed = fc.constantFrom(...keys).map(key => changed(document, key, undefined));
  const added = fc.tuple(oddKey, odd).map(([key, value]) => changed(document, key, value));
  return fc.oneof({ arbitrary: replaced, weight: 3 }, removed, added, odd);
}

function changed(document: object, key: string, value: unknown): unknown {
  if (Array.isArray(document)) return document.map((item, index) => (String(index) === key ? value : item));
  return Object.fromEntries([...Object.entries(document).filter(([name]) => name !== key), [key, value]]);
}

const twice = mutated(record).chain(once => fc.oneof(fc.constant(once), mutated(once)));

test('replay of a malformed record is a LiveWorkerError or a line, never an error of another kind', async () => {
  const path = join(folder, 'ops.launch.ndjson');
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(twice, async document => {
      writeFileSync(path, JSON.stringify(document) ?? 'undefined');
      try {
        const { text } = await replay(path, {}, context);
        expect(text).toMatch(/^cd .* && env -i -- /);
      } catch (error) {
        refused += 1;
        expect(isLiveWorkerError(error) && error.code).toBe('REPLAY_IMPOSSIBLE');
      }
      const launch = readLaunchRecord(path);
      if (!launch) return;
      restartedEnv(launch.record);
      expect(toReplayPlan(launch).command.join('')).not.toContain('\0');
      for (const { from } of Object.values(launch.record.env)) describeOrigin(from, '/app');
    }),
    { numRuns: 1_500 },
  );
  expect(refused).toBeGreaterThan(300);
  expect(refused).toBeLessThan(1_500);
});

test('a malformed record of a held worker is nobody', () => {
  const held = { worker: 'ops', id: 'ops.1.a', owner: { pid: process.pid }, logPaths: {}, env: [] };
  const rootDir = join(folder, 'held');
  const place = join(rootDir, '.live-worker', 'held', 'ops.json');
  fc.assert(
    fc.property(mutated(held), document => {
      writeInto(place, JSON.stringify(document) ?? '');
      expect(findHeldWorker(rootDir, 'ops')).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test('a malformed record of a watchdog is passed over, and what stands beside it is told', () => {
  const whole = JSON.stringify({ worker: 'ops', id: 'ops.1.a', pids: [7], survivors: [] });
  for (const line of [
    '{}',
    'null',
    '{"worker":"a"',
    '{"worker":1,"pids":[1]}',
    '{"worker":"a","pids":"many"}',
  ]) {
    writeInto(join(folder, 'run', 'watchdog.ndjson'), `${line}\n${whole}\n`);
    reportWatchdogKills([join(folder, 'run')]);
  }
  const texts = told.mock.calls.map(([text]) => text);
  expect(new Set(texts)).toEqual(
    new Set([
      'live-worker: Jest or its supervisor was cut off in an earlier run; a watchdog ended 1 process of "ops"\n',
    ]),
  );
  expect(texts).toHaveLength(5);
});

function writeInto(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}
