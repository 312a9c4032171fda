import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { renderReport } from '../../src/report/html/write-report.ts';
import { layLanes } from '../../src/report/view/lay-lanes.ts';
import { listRows } from '../../src/report/view/list-rows.ts';
import { Secrets } from '../../src/secrets/secrets.ts';
import { stuckFile, stuckLogs, withRunFolder } from './run-folder.ts';

test('readRun() puts a test file, its tests, its worker and the lines of each test into one model', () =>
  withRunFolder(({ rootDir, write, read }) => {
    write('a.test.js', stuckFile(rootDir), stuckLogs);
    const { files, workers, logs, durationMs, startedAtMs, notes } = read();
    expect({ durationMs, startedAtMs, notes }).toEqual({
      durationMs: 1210,
      startedAtMs: 1_700_000_000_000,
      notes: [],
    });
    const [file] = files;
    expect(file).toMatchObject({
      id: 'a.test.js',
      path: 'a.test.js',
      pid: 7,
      outcome: 'failed',
      waitedMs: 110,
      readyMs: 110,
    });
    expect(file?.tests.map(({ id, outcome, fromMs, toMs }) => [id, outcome, fromMs, toMs])).toEqual([
      ['a.test.js:1', 'passed', 120, 130],
      ['a.test.js:2', 'failed', 140, 1140],
    ]);
    expect(file?.events.map(({ text }) => text)).toEqual([
      'queue "tasks" before the start: 2 messages, 0 consumers of others',
      'its workers are ready: the tests begin',
    ]);
    const [worker] = workers;
    expect(worker?.states.map(({ state, fromMs, toMs, detail }) => [state, fromMs, toMs, detail])).toEqual([
      ['starting', 20, 100, 'pid 9'],
      ['ready', 100, 1150, 'pid 9'],
      ['stopping', 1150, 1200, undefined],
      ['ended', 1200, 1200, 'killed by SIGTERM'],
    ]);
    expect(worker?.probes).toEqual([{ probe: 'queue tasks', answer: 'ready', atMs: 90 }]);
    expect(logs.map(({ stream, test, text }) => [stream, test, text])).toEqual([
      ['stdout', undefined, 'hello'],
      ['stderr', 'a.test.js:1', 'test one.'],
      ['stderr', 'a.test.js:2', 'took it'],
      ['stderr', undefined, 'bye'],
    ]);
  }));

test('what passed the tap in a test is told in a line', () =>
  withRunFolder(({ rootDir, write, read }) => {
    const counts = { delivered: 2, statement: 3, acknowledged: 2 };
    const flow = { atMs: 1_700_000_000_129, event: 'tap.flow', test: 'one', number: 1, counts, summary: '' };
    const events = stuckFile(rootDir);
    write('a.test.js', [...events.slice(0, 6), flow, ...events.slice(6)], stuckLogs);
    expect(read().files[0]?.events.map(({ text }) => text)).toContain(
      'through the tap, in test "one": 2 delivered, 3 statements, 2 acknowledged',
    );
  }));

test('a failure has its title, its place, and what is known of the worker, what points at the cause first', () =>
  withRunFolder(({ rootDir, write, read }) => {
    write('a.test.js', stuckFile(rootDir), stuckLogs);
    const stuck = read().files[0]?.tests[1];
    expect(stuck?.failures).toEqual([
      {
        title: 'Exceeded timeout of 1000 ms for a test.',
        text: expect.stringContaining('queue "tasks": 0 messages waiting'),
        place: { file: `${rootDir}/a.test.js`, line: 12 },
      },
    ]);
    expect(stuck?.failures[0]?.text).not.toContain('node_modules');
    expect(stuck?.facts).toEqual([
      expect.stringMatching(/^queue "tasks" is empty and its consumer lives: .*handler is stuck/),
      'worker "ops" was ready all the time and wrote 1 line during this test, the last on stderr: took it',
      'queue "tasks": 0 messages waiting, 1 consumer',
    ]);
  }));

test('an error of live-worker brings its cause and what to change', () =>
  withRunFolder(({ rootDir, write, read }) => {
    const [opened = ''] = stuckFile(rootDir);
    const text =
      'LiveWorkerError [START_TIMEOUT]: Worker "ops" was not ready\ncause:  it is on a stub\nchange: unset UNIT_TEST\n';
    write('a.test.js', [opened, { atMs: 1_700_000_000_300, event: 'file.failed', failures: [text] }]);
    expect(read().files[0]).toMatchObject({
      outcome: 'failed',
      waitedMs: 300,
      failures: [{ cause: 'it is on a stub', change: 'unset UNIT_TEST' }],
    });
  }));

test('processes whose wall clocks disagree lie on one axis by the clock they share', () =>
  withRunFolder(({ rootDir, write, read }) => {
    write('a.test.js', stuckFile(rootDir, { clockMs: 5_000 }));
    const hourLater = stuckFile(rootDir, { clockMs: 5_400, pid: 8, name: 'b.test.js' }).map(event =>
      typeof event === 'string' ? event : { ...event, atMs: (event.atMs as number) + 3_600_000 },
    );
    write('b.test.js', hourLater);
    const { files, durationMs } = read();
    expect(files.map(({ path, fromMs }) => [path, fromMs])).toEqual([
      ['a.test.js', 0],
      ['b.test.js', 400],
    ]);
    expect(durationMs).toBe(1610);
  }));

test('a record of an older version, without clock, pid, numbers and sizes, is read as far as it tells', () =>
  withRunFolder(({ rootDir, write, read }) => {
    write(
      'a.test.js',
      [
        { atMs: 1_000, event: 'session.opened', testPath: `${rootDir}/a.test.js`, workers: ['ops'] },
        { atMs: 1_010, event: 'test.started', test: 'one' },
        { atMs: 1_020, event: 'test.ended', test: 'one', outcome: 'passed' },
        { atMs: 1_030, event: 'session.closed', problems: 0 },
      ],
      stuckLogs,
    );
    const { files, logs } = read();
    expect(files[0]?.tests).toMatchObject([{ id: 'a.test.js:1', name: 'one', outcome: 'passed' }]);
    expect(files[0]).not.toHaveProperty('pid');
    expect(logs.map(({ text }) => text)).toEqual(['hello', 'test one.\ntook it\nbye']);
  }));

test('a file that Jest left, and a test in it, are cut off', () =>
  withRunFolder(({ rootDir, write, read }) => {
    write('a.test.js', [...stuckFile(rootDir).slice(0, 10), '{"atMs": 17000000']);
    const { files, notes } = read();
    expect(files[0]).toMatchObject({
      outcome: 'cut off',
      tests: [{ outcome: 'passed' }, { outcome: 'cut off' }],
    });
    expect(notes).toEqual(['1 line of events.ndjson could not be read: a process was killed while it wrote']);
  }));

test('a test that was tried again is one, with the outcome of its last attempt', () =>
  withRunFolder(({ rootDir, write, read }) => {
    const events = stuckFile(rootDir);
    const again = [
      { atMs: 1_700_000_001_141, event: 'test.started', test: 'is stuck', number: 2 },
      { atMs: 1_700_000_001_145, event: 'test.ended', test: 'is stuck', number: 2, outcome: 'passed' },
    ];
    write('a.test.js', [...events.slice(0, 11), ...again, ...events.slice(11)], stuckLogs);
    const { files } = read();
    expect(files[0]).toMatchObject({ outcome: 'passed' });
    expect(files[0]?.tests[1]).toMatchObject({ outcome: 'passed', attempts: 2, failures: [] });
  }));

test('a worker of the run is one, used by its files; what an event names outside of .live-worker is not read', () =>
  withRunFolder(({ rootDir, write, read }) => {
    const leased = (id: string, logs: unknown) => ({
      atMs: 1_700_000_000_030,
      event: 'worker.leased',
      worker: 'ops',
      pid: 9,
      id,
      logs,
    });
    const file = (name: string, lease: Readonly<Record<string, unknown>>) => [
      { atMs: 1_700_000_000_000, event: 'session.opened', testPath: `${rootDir}/${name}`, workers: ['ops'] },
      lease,
    ];
    const secret = join(rootDir, 'ops.stdout.log');
    writeFileSync(secret, 'not for anybody\n');
    write(
      'workers__ops',
      [
        { atMs: 1_700_000_000_005, event: 'shared.opened', worker: 'ops' },
        { atMs: 1_700_000_000_010, event: 'worker.spawned', worker: 'ops', pid: 9, id: 'shared' },
      ],
      stuckLogs,
    );
    write('a.test.js', file('a.test.js', leased('shared', undefined)));
    write('b.test.js', file('b.test.js', leased('shared', undefined)));
    write('c.test.js', file('c.test.js', leased('kept', { stdout: secret, stderr: secret })));
    const model = read();
    expect(model.workers.map(({ name, scope, files }) => [name, scope, files])).toEqual([
      ['ops', 'run', ['a.test.js', 'b.test.js']],
      ['ops', 'elsewhere', ['c.test.js']],
    ]);
    expect(JSON.stringify(model)).not.toContain('not for anybody');
  }));

test('log lines are masked, and what would act on a reader is text', () =>
  withRunFolder(({ rootDir, write, read }) => {
    const hostile = 'token hunter2-hunter2 \u001b[31mred\u001b[0m \u202eevil </script>\n';
    write('a.test.js', stuckFile(rootDir), { ...stuckLogs, 'ops.stdout.log': hostile });
    const [slice] = read(new Secrets([['API_TOKEN', 'hunter2-hunter2']])).logs;
    expect(slice?.text).toBe('token *** red \\u202eevil </script>'.slice(0, slice?.text.length));
    expect(JSON.stringify(read(new Secrets([['API_TOKEN', 'hunter2-hunter2']])))).not.toContain('hunter2');
  }));

test('the output of a worker that got a secret nobody knows here is left out', () =>
  withRunFolder(({ rootDir, write, read }) => {
    const record = {
      worker: 'ops',
      id: 'ops.7.x',
      command: ['/bin/ops'],
      cwd: '/',
      ports: {},
      withheld: [],
      executable: { rule: 'path', asked: 'ops', tried: [] },
      env: { API_TOKEN: { value: '***', from: { layer: 'restart' } } },
    };
    write('a.test.js', stuckFile(rootDir), { ...stuckLogs, 'ops.launch.ndjson': JSON.stringify(record) });
    const { logs, notes } = read();
    expect(logs).toEqual([]);
    expect(notes).toEqual([
      expect.stringMatching(/^the output of worker "ops" is left out: a test restarted it with a secret/),
    ]);
  }));

test('of much output the newest 256 KB of a test are taken, from the beginning of a line', () =>
  withRunFolder(({ rootDir, write, read }) => {
    const lines = Array.from({ length: 60_000 }, (_, index) => `line ${index}\n`).join('');
    const events = stuckFile(rootDir).map(event =>
      typeof event !== 'string' && event.event === 'test.ended' && event.number === 2
        ? { ...event, logs: { ops: [6, 10 + lines.length] } }
        : event,
    );
    write('a.test.js', events, { ...stuckLogs, 'ops.stderr.log': `test one.\n${lines}` });
    const slice = read().logs.find(({ test }) => test === 'a.test.js:2');
    expect(slice?.text.length).toBeLessThanOrEqual(256 * 1024);
    expect(slice?.text).toMatch(/^line \d+\n[\s\S]*line 59999$/);
    expect(slice?.leftOut).toBeGreaterThan(300_000);
  }));

test('no record makes it throw', () =>
  withRunFolder(({ rootDir, write, read }) => {
    const names = stuckFile(rootDir).flatMap(event =>
      typeof event === 'string' ? [] : [String(event.event)],
    );
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('ops', 'one', 'a.test.js', rootDir));
    const event = fc.record(
      {
        atMs: fc.oneof(fc.double(), fc.constant(1_700_000_000_000)),
        event: fc.constantFrom(...names, 'worker.leased', 'file.failed', 'worker.failed', 'turn.interrupted'),
        worker: value,
        id: value,
        test: value,
        number: value,
        outcome: value,
        logs: value,
        failures: value,
        testPath: value,
        workers: value,
        clockMs: value,
        probe: value,
        answer: value,
        queues: value,
        pid: value,
      },
      { requiredKeys: ['atMs', 'event'] },
    );
    const line = fc.oneof(
      { weight: 5, arbitrary: event.map(one => JSON.stringify(one)) },
      fc.string(),
      fc.json(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), lines => {
        write(
          'a.test.js',
          lines.map(text => text.replace(/[\r\n]/g, ' ')),
          stuckLogs,
        );
        const model = read();
        expect(Number.isFinite(model.durationMs)).toBe(true);
        expect(renderReport(model, { script: '', style: '' })).toContain('</html>');
        expect(() => layLanes(model)).not.toThrow();
        expect(() => listRows(model)).not.toThrow();
      }),
      { numRuns: 150 },
    );
  }));

test('a cause has all its lines, and what to change, whatever stands below them', () =>
  withRunFolder(({ rootDir, write, read }) => {
    const failure = `LiveWorkerError [START_TIMEOUT]: Cannot start worker "ops"
  cause:  it is connected to 127.0.0.1:1
          Its address comes from BROKER_URL, set in worker.env:2
  change: set both to the same broker
    waited for: queue "tasks"`;
    const [opened = {}, ...rest] = stuckFile(rootDir);
    const failed = { atMs: 1_700_000_001_205, event: 'file.failed', failures: [failure], logs: {} };
    write('a.test.js', [opened, failed, ...rest]);
    expect(read().files[0]?.failures).toMatchObject([
      {
        cause: 'it is connected to 127.0.0.1:1\nIts address comes from BROKER_URL, set in worker.env:2',
        change: 'set both to the same broker',
      },
    ]);
  }));
