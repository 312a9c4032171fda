import { join } from 'node:path';
import { writeReport } from '../../src/report/html/write-report.ts';
import { mergeRuns } from '../../src/report/merge/merge-runs.ts';
import { readReport } from '../../src/report/merge/read-report.ts';
import type { RunModel } from '../../src/report/model.ts';
import { entryAsText } from '../../src/report/view/entry-as-text.ts';
import { findTests } from '../../src/report/view/find-tests.ts';
import { layLanes } from '../../src/report/view/lay-lanes.ts';
import { listRows } from '../../src/report/view/list-rows.ts';
import { withRunFolder } from './run-folder.ts';
import { tracedFile, traces } from './traced-file.ts';

function tracedRun(work: (model: RunModel, run: string) => void): void {
  withRunFolder(({ rootDir, run, write, read }) => {
    write('a.test.js', tracedFile(rootDir));
    work(read(), run);
  });
}
const testOf = ({ files }: RunModel, index: number) => files[0]?.tests[index];

test('a span belongs to the test whose trace it is under, at whatever time; one of nobody to nobody', () =>
  tracedRun(({ spans = [] }) => {
    expect(spans.map(({ name, test, fromMs, toMs }) => [name, test, fromMs, toMs])).toEqual([
      ['poll', undefined, 89, 99],
      ['orders process', 'a.test.js:2', 255, 280],
      ['INSERT payment', 'a.test.js:2', 265, 275],
      ['late\\u202e', 'a.test.js:1', 345, 355],
    ]);
  }));

test('the trace of every attempt is that of the test', () =>
  withRunFolder(({ rootDir, write, read }) => {
    const [opened, ...rest] = tracedFile(rootDir) as Record<string, unknown>[];
    const early = { atMs: 1_700_000_000_200, event: 'otel.span', worker: 'ops', trace: traces.retried };
    write('a.test.js', [opened ?? {}, { ...early, span: 'd1', name: 'first try' }, ...rest]);
    expect(read().spans?.find(({ name }) => name === 'first try')).toMatchObject({
      test: 'a.test.js:2',
      attributes: [],
    });
  }));

test('the first thing known of a failed test is its innermost span with an error', () =>
  tracedRun(model => {
    expect(testOf(model, 1)?.facts[0]).toBe(
      'span "INSERT payment" of worker "ops" ended with ERROR 135 ms after this test began: duplicate key of payment (and 1 more)',
    );
    expect(testOf(model, 0)?.facts).toEqual([]);
  }));

test('a test has the rows of its spans, indented, the statement before what all of them have', () =>
  tracedRun(model => {
    const rows = (index: number) =>
      listRows(model, testOf(model, index))
        .filter(({ kind }) => kind === 'span')
        .map(({ who, text, isBad }) => [who, text, isBad]);
    expect(rows(1)).toEqual([
      ['ops', 'ERROR · consumer orders process · 25 ms', true],
      [
        'ops',
        '  ERROR: duplicate key of payment · client INSERT payment · 10 ms · db.query.text=INSERT INTO payment VALUES ($1) · db.system=postgresql',
        true,
      ],
    ]);
    expect(rows(0)).toEqual([['ops', 'consumer late\\u202e · 10 ms · <b>=</script>', false]]);
    expect(listRows(model).filter(({ kind }) => kind === 'span')).toHaveLength(4);
    const [, , second] = findTests(model, 'all', '');
    expect(second && entryAsText(model, second)).toContain(
      'ERROR: duplicate key of payment · client INSERT payment · 10 ms',
    );
  }));

test('a worker that an earlier run kept tells in the folder of that one what it did for a test of this one', () =>
  withRunFolder(({ rootDir, run, write, read }) => {
    const at = (ms: number) => 1_700_000_000_000 + ms;
    const kept = join(run, '..', '0-1-abc', 'workers__ops');
    const span = { event: 'otel.span', worker: 'ops', span: 'a1', agoMs: 0, durationMs: 5 };
    write('../0-1-abc/workers__ops', [
      { atMs: at(-90_000), event: 'shared.opened', worker: 'ops', pid: 3, clockMs: 1_000 },
      { atMs: at(-80_000), ...span, name: 'of the earlier run', trace: '8'.repeat(32) },
      { atMs: at(125), ...span, name: 'process', trace: traces.passed },
    ]);
    const test = { test: 'one', number: 1, logs: {} };
    write('a.test.js', [
      {
        atMs: at(0),
        event: 'session.opened',
        testPath: `${rootDir}/a.test.js`,
        workers: ['ops'],
        pid: 7,
        clockMs: 91_000,
      },
      {
        atMs: at(10),
        event: 'worker.leased',
        worker: 'ops',
        id: 'ops.3.x',
        pid: 9,
        logs: { stdout: join(kept, 'ops.stdout.log') },
      },
      { atMs: at(120), event: 'test.started', ...test, trace: traces.passed },
      { atMs: at(130), event: 'test.ended', ...test, outcome: 'passed' },
      { atMs: at(140), event: 'session.closed', problems: 0, failures: [] },
    ]);
    expect(read().spans).toMatchObject([
      { worker: 'elsewhere/ops.3.x', test: 'a.test.js:1', name: 'process', fromMs: 120, toMs: 125 },
    ]);
  }));

test('a span is found by its words', () =>
  tracedRun(model => {
    const found = findTests(model, 'all', 'insert duplicate').map(({ id }) => id);
    expect(found).toEqual(['a.test.js', 'a.test.js:2']);
  }));

test('a worker that tells of itself has a second lane, in which shorter spans lie on longer ones', () =>
  tracedRun(model => {
    const lanes = layLanes(model);
    expect(lanes.map(({ name }) => name)).toEqual(['Jest 7', 'ops', 'ops: spans']);
    expect(lanes[2]?.pieces.map(({ kind, label, target }) => [kind, label, target])).toEqual([
      ['bad-span', 'orders process', 'a.test.js:2'],
      ['span', 'poll', undefined],
      ['bad-span', 'INSERT payment: duplicate key of payment', 'a.test.js:2'],
      ['span', 'late\\u202e', 'a.test.js:1'],
    ]);
    expect(model.workers[0]?.events.map(({ text }) => text)).toContain(
      '3 spans of it were too many to be kept',
    );
  }));

test('spans go through a report and through merged ones', () =>
  tracedRun((model, run) => {
    const path = join(run, 'report.html');
    expect(readReport(writeReport(model, path))).toEqual(model);
    const merged = mergeRuns([
      { name: 'one', model },
      { name: 'two', model: { ...model, spans: undefined } },
      { name: 'three', model },
    ]);
    expect(merged.spans).toHaveLength(8);
    expect(merged.spans?.[5]).toMatchObject({ worker: '3.a.test.js/ops', test: '3.a.test.js:2' });
    expect(readReport(writeReport(merged, path))).toEqual(merged);
  }));

test('spans beyond 1.5 MB are left out, those of failed tests last', () =>
  withRunFolder(({ rootDir, write, read }) => {
    const [opened, ...rest] = tracedFile(rootDir) as Record<string, unknown>[];
    const many = Array.from({ length: 2_000 }, (_, index) => ({
      atMs: 1_700_000_000_390,
      event: 'otel.span',
      worker: 'ops',
      trace: traces.passed,
      span: `d${index}`,
      name: 'x'.repeat(900),
    }));
    write('a.test.js', [opened ?? {}, ...many, ...rest]);
    const { spans = [], notes } = read();
    expect(spans.length).toBeLessThan(1_600);
    expect(spans.filter(({ test }) => test === 'a.test.js:2')).toHaveLength(2);
    expect(notes).toEqual([expect.stringMatching(/^\d+ spans are left out for their size/)]);
  }));

test('half a record of a span is none', () =>
  withRunFolder(({ rootDir, write, read }) => {
    const broken = [
      { atMs: 1_700_000_000_300, event: 'otel.span' },
      { atMs: 1_700_000_000_300, event: 'otel.span', worker: 'ops', trace: 5, span: 'x' },
      { atMs: 1_700_000_000_300, event: 'otel.span', worker: 'stranger', trace: 't', span: 'x' },
      {
        atMs: 1_700_000_000_300,
        event: 'otel.span',
        worker: 'ops',
        trace: 't',
        span: 'x',
        attributes: [1],
        agoMs: 'no',
      },
    ];
    write('a.test.js', [...tracedFile(rootDir), ...broken]);
    const found = read().spans?.filter(({ trace }) => !/^\d+$/.test(trace));
    expect(found).toEqual([
      { worker: 'a.test.js/ops', trace: 't', id: 'x', name: '', fromMs: 300, toMs: 300, attributes: [] },
    ]);
  }));
