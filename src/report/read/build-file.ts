import { basename } from 'node:path';
import { plainText } from '../../text/plain-text.ts';
import type { FileModel } from '../model.ts';
import { buildFailure } from './build-failure.ts';
import { buildTests, type TestRecord } from './build-tests.ts';
import { describeEvent } from './describe-event.ts';
import type { FolderRecord } from './list-timelines.ts';
import { numberOf, type RecordedEvent, textOf, textsOf } from './read-events.ts';
import { relativeTo } from './relative-to.ts';

export interface FileRecord {
  readonly file: Omit<FileModel, 'workers'>;
  readonly tests: readonly TestRecord[];
  /** The names of its workers. */
  readonly workers: readonly string[];
  readonly record: FolderRecord;
}

/** Undefined for the record of a worker of the run. @param endMs where a file ends that was cut off */
export function buildFile(record: FolderRecord, rootDir: string, endMs: number): FileRecord | undefined {
  const { events } = record;
  const opened = find(events, 'session.opened');
  if (!opened) return undefined;
  const closed = find(events, 'session.closed');
  const testPath = textOf(opened.fields.testPath) ?? record.id;
  const toMs = closed?.atMs ?? endMs;
  const tests = buildTests(record, { testPath, endMs: toMs });
  const failures = events
    .filter(({ event }) => event === 'file.failed' || event === 'session.closed')
    .flatMap(({ fields }) =>
      textsOf(fields.failures).map(text => buildFailure(text, { testPath, hook: textOf(fields.hook) })),
    );
  const workers = textsOf(opened.fields.workers);
  const ready = find(events, 'gate.opened');
  const pid = numberOf(opened.fields.pid);
  const waitedUntilMs = ready?.atMs ?? find(events, 'file.failed')?.atMs ?? toMs;
  const file = {
    id: record.id,
    path: plainText(relativeTo(rootDir, testPath) || basename(testPath)),
    ...(pid === undefined ? {} : { pid }),
    fromMs: opened.atMs,
    toMs,
    outcome: outcomeOf(tests, { hasFailed: failures.length > 0, isClosed: closed !== undefined }),
    waitedMs: workers.length === 0 ? 0 : Math.round(waitedUntilMs - opened.atMs),
    ...(ready ? { readyMs: ready.atMs } : {}),
    failures: dropRepeated(failures),
    tests: tests.map(({ test }) => test),
    events: events.filter(isOfFile).flatMap(event => describeEvent(event) ?? []),
  };
  return { file, tests, workers, record };
}

/** Those of a worker stand with it. */
function isOfFile({ event }: RecordedEvent): boolean {
  return /^(?:queue|turn|address|gate|tap)\./.test(event);
}

function outcomeOf(
  tests: readonly TestRecord[],
  { hasFailed, isClosed }: { readonly hasFailed: boolean; readonly isClosed: boolean },
): FileModel['outcome'] {
  const outcomes = tests.map(({ test }) => test.outcome);
  if (hasFailed || outcomes.includes('failed')) return 'failed';
  if (!isClosed || outcomes.includes('cut off')) return 'cut off';
  return outcomes.includes('passed') ? 'passed' : 'skipped';
}

/** What went wrong at the end may have been told as the failure of the file before. */
function dropRepeated(failures: FileModel['failures']): FileModel['failures'] {
  return failures.filter(({ title }, index) => failures.findIndex(other => other.title === title) === index);
}

function find(events: readonly RecordedEvent[], name: string): RecordedEvent | undefined {
  return events.find(({ event }) => event === name);
}
