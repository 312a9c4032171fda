import { annotations } from '../../src/report/github/annotations.ts';
import { jobSummary } from '../../src/report/github/job-summary.ts';
import type { FailureModel, FileModel, RunModel, WorkerModel } from '../../src/report/model.ts';
import { closingLines } from '../../src/report/summary/closing-lines.ts';

function fileOf(name: string, rest: Partial<FileModel> = {}): FileModel {
  return {
    id: name,
    path: name,
    fromMs: 0,
    toMs: 3_000,
    outcome: 'passed',
    waitedMs: 10,
    failures: [],
    tests: [],
    workers: [],
    events: [],
    ...rest,
  };
}

function workerOf(file: string, bootMs: number): WorkerModel {
  return {
    id: `${file}/ops`,
    name: 'ops',
    scope: 'file',
    files: [file],
    probes: [],
    events: [],
    states: [
      { state: 'starting', fromMs: 0, toMs: bootMs },
      { state: 'ready', fromMs: bootMs, toMs: 3_000 },
    ],
    logPaths: { stdout: '', stderr: '' },
  };
}

function runOf(files: readonly FileModel[], workers: readonly WorkerModel[] = []): RunModel {
  return {
    version: 1,
    title: 'shop',
    startedAtMs: 0,
    durationMs: 3_000,
    shards: [],
    files,
    workers,
    logs: [],
    notes: [],
  };
}

const failure = (text: string, place?: FailureModel['place']): FailureModel => ({
  title: text.split('\n')[0] ?? '',
  text,
  ...(place ? { place } : {}),
});
const failed = (text: string, name = 'sends') =>
  fileOf('a.test.js', {
    outcome: 'failed',
    tests: [
      {
        id: 'a.test.js:1',
        name,
        fromMs: 0,
        toMs: 9,
        outcome: 'failed',
        attempts: 1,
        facts: [],
        failures: [failure(text, { file: '/repo/pkg/a.test.js', line: 7 })],
      },
    ],
  });
const shown = { reportPath: 'report.html', isQuiet: false };

describe('closingLines()', () => {
  test('says nothing of a run that passed and hardly waited', () => {
    expect(closingLines(runOf([fileOf('a.test.js')], [workerOf('a.test.js', 10)]), shown)).toEqual([]);
  });

  test('names what would save most, in at most three lines', () => {
    const files = ['a', 'b', 'c'].map(name => fileOf(name, { waitedMs: 900 }));
    expect(
      closingLines(
        runOf(
          files,
          files.map(({ id }) => workerOf(id, 800)),
        ),
        shown,
      ),
    ).toEqual([
      '3 workers started, test files waited 2.7 s for workers',
      `worker "ops" was started 3 times: scope: 'run' starts it once and would save about 1.6 s of boot`,
      'report: report.html',
    ]);
  });

  test('of a quiet run names the report where something failed', () => {
    const quiet = { ...shown, isQuiet: true };
    expect(closingLines(runOf([fileOf('a', { waitedMs: 9_000 })]), quiet)).toEqual([]);
    expect(closingLines(runOf([failed('no')]), quiet)).toEqual(['report: report.html']);
  });
});

describe('annotations()', () => {
  const options = { workspace: '/repo', rootDir: '/repo/pkg' };

  test("stand at the line of the test, for a worker's failure", () => {
    const text = 'LiveWorkerError [WORKER_EXITED]: 50% done\nnext, line: two';
    expect(annotations(runOf([failed(text, 'a, b: c')]), options)).toEqual([
      '::error file=pkg/a.test.js,line=7,title=a%2C b%3A c::LiveWorkerError [WORKER_EXITED]: 50%25 done%0Anext, line: two',
    ]);
  });

  test('leave to Jest what is no matter of a worker', () => {
    expect(annotations(runOf([failed('expect(received).toBe(expected)')]), options)).toEqual([]);
  });

  test('stand at the first line of a file whose workers did not come up', () => {
    const file = fileOf('a.test.js', {
      outcome: 'failed',
      failures: [failure('LiveWorkerError [START_TIMEOUT]: late')],
    });
    expect(annotations(runOf([file]), options)).toEqual([
      '::error file=pkg/a.test.js,line=1,title=a.test.js::LiveWorkerError [START_TIMEOUT]: late',
    ]);
  });
});

test('jobSummary() is Markdown in which no text of a run is markup', () => {
  const text = 'Error: <b>*x* `y` | [z](http://a)</b>\n</pre></details>\n# heading';
  const summary = jobSummary(runOf([failed(text, '*bold* @team #1')]));
  expect(summary).toContain('### Live workers: 1 of 1 test failed');
  expect(summary).toContain('\\*bold\\* \\@team \\#1');
  expect(summary).toContain('&lt;/pre&gt;&lt;/details&gt;\n# heading</pre></details>');
  expect(summary).toContain('&lt;b&gt;\\*x\\* \\`y\\` \\| \\[z\\]');
});
