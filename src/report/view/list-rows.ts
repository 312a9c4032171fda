import type {
  EventModel,
  FileModel,
  LogSlice,
  RunModel,
  SpanModel,
  TestModel,
  WorkerModel,
} from '../model.ts';
import type { Row } from './row.ts';
import { rowsOfSpans } from './span-rows.ts';

/** All that happened in a run, or, for one test, what did while it ran in its file and to the workers of that. */
export function listRows(model: RunModel, test?: TestModel): readonly Row[] {
  const file = test && model.files.find(({ tests }) => tests.includes(test));
  const files = file ? [file] : model.files;
  const workers = file ? model.workers.filter(({ files }) => files.includes(file.id)) : model.workers;
  const names = new Map(model.workers.map(worker => [worker.id, nameOf(worker, workers)]));
  const spans = (model.spans ?? []).filter(span => isShown(span, test, workers));
  const logs = test ? model.logs.filter(slice => slice.test === test.id) : model.logs;
  const rows = [
    ...files.flatMap(rowsOfFile),
    ...workers.flatMap(worker => worker.events.map(event => toRow(event, names.get(worker.id) ?? ''))),
    ...logs.flatMap(slice => rowsOfSlice(slice, names.get(slice.worker) ?? '')),
    ...rowsOfSpans(spans, names),
  ];
  const shown = test
    ? rows.filter(
        ({ atMs, kind }) => kind === 'line' || kind === 'span' || (atMs >= test.fromMs && atMs <= test.toMs),
      )
    : rows;
  return shown.sort((one, other) => one.atMs - other.atMs);
}

/** In a test those of its trace, also of workers the file does not know, and those of no test that its workers made meanwhile. */
function isShown(
  { test: id, worker, fromMs, toMs }: SpanModel,
  test: TestModel | undefined,
  workers: readonly WorkerModel[],
): boolean {
  if (!test || id !== undefined) return !test || id === test.id;
  return fromMs <= test.toMs && toMs >= test.fromMs && workers.some(one => one.id === worker);
}

function rowsOfFile({ path, fromMs, toMs, tests, failures, events, outcome }: FileModel): readonly Row[] {
  const begin = {
    atMs: fromMs,
    isAbout: false,
    kind: 'file',
    who: path,
    text: 'begins',
    isBad: false,
  } as const;
  const end = {
    ...begin,
    atMs: toMs,
    text: outcome === 'cut off' ? 'was cut off' : 'ends',
    isBad: outcome === 'cut off',
  };
  const failed = failures.map(({ title, hook }) => ({
    ...begin,
    atMs: toMs,
    text: `${hook ?? 'the file'} failed: ${title}`,
    isBad: true,
  }));
  return [
    begin,
    ...events.map(event => toRow(event, path)),
    ...tests.flatMap(test => rowsOfTest(test, path)),
    ...failed,
    end,
  ];
}

function rowsOfTest({ name, fromMs, toMs, outcome, failures }: TestModel, who: string): readonly Row[] {
  if (outcome === 'skipped') return [];
  const isBad = outcome !== 'passed';
  const [failure] = failures;
  const why = failure ? `: ${failure.title}` : '';
  return [
    { atMs: fromMs, isAbout: false, kind: 'test', who, text: `test begins: ${name}`, isBad: false },
    { atMs: toMs, isAbout: false, kind: 'test', who, text: `test ${outcome}: ${name}${why}`, isBad },
  ];
}

function rowsOfSlice({ fromMs, toMs, text, stream, leftOut }: LogSlice, worker: string): readonly Row[] {
  const lines = text.split('\n');
  const row = { isAbout: true, kind: 'line', who: `${worker} ${stream}`, isBad: false } as const;
  const step = (toMs - fromMs) / (lines.length + 1);
  const before =
    leftOut > 0 ? [{ ...row, atMs: fromMs, text: `(${leftOut} bytes before are in the log file only)` }] : [];
  return [
    ...before,
    ...lines.map((line, index) => ({ ...row, atMs: fromMs + step * (index + 1), text: line })),
  ];
}

function toRow({ atMs, kind, text, isBad = false }: EventModel, who: string): Row {
  return { atMs, isAbout: false, kind, who, text, isBad };
}

/** Several files have each their own worker of the name. */
function nameOf({ name, files, id }: WorkerModel, all: readonly WorkerModel[]): string {
  const isAlone = all.filter(worker => worker.name === name).length <= 1;
  return isAlone ? name : `${name} (${files.length === 1 ? files[0] : id})`;
}
