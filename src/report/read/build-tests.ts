import { plainText } from '../../text/plain-text.ts';
import type { TestModel } from '../model.ts';
import { buildFailure } from './build-failure.ts';
import type { FolderRecord } from './list-timelines.ts';
import { numberOf, type RecordedEvent, textOf, textsOf } from './read-events.ts';

/** A test with the sizes of the logs at both ends of each of its attempts, by worker. */
export interface TestRecord {
  readonly test: TestModel;
  readonly spans: readonly LogSpan[];
  /** One for each attempt, where its messages carried one. */
  readonly traces: readonly string[];
}

/** A piece of time, and how far each log had got at its ends. */
export interface LogSpan {
  readonly fromMs: number;
  readonly toMs: number;
  /** `logs` of the events. */
  readonly from: unknown;
  /** Undefined where the end was not recorded: up to the end of the log. */
  readonly to: unknown;
}

interface OpenTest {
  readonly key: string;
  readonly name: string;
  readonly started: RecordedEvent[];
  readonly ended: RecordedEvent[];
}

/** The tests of one file, each once, however often it was tried. */
export function buildTests(
  { id, events }: FolderRecord,
  { testPath, endMs }: { readonly testPath: string; readonly endMs: number },
): readonly TestRecord[] {
  const tests = new Map<string, OpenTest>();
  for (const event of events) {
    if (event.event !== 'test.started' && event.event !== 'test.ended') continue;
    const name = textOf(event.fields.test);
    if (name === undefined) continue;
    const number = numberOf(event.fields.number);
    const key = number === undefined ? name : String(number);
    const test = tests.get(key) ?? { key, name, started: [], ended: [] };
    tests.set(key, test);
    if (event.event === 'test.started') test.started.push(event);
    else test.ended.push(event);
  }
  return [...tests.values()]
    .filter(({ started }) => started.length > 0)
    .map((test, index) => toRecord(test, { id: `${id}:${keyOf(test, index)}`, testPath, endMs }));
}

/** Records of an older version have names alone, which fit into no address. */
function keyOf({ key, name }: OpenTest, index: number): string {
  return key === name ? String(index + 1) : key;
}

function toRecord(
  { name, started, ended }: OpenTest,
  { id, testPath, endMs }: { readonly id: string; readonly testPath: string; readonly endMs: number },
): TestRecord {
  const last = ended.at(-1);
  const isOver = last !== undefined && ended.length >= started.length;
  const outcome = isOver ? outcomeOf(last) : 'cut off';
  const failures = isOver ? textsOf(last.fields.failures) : [];
  return {
    test: {
      id,
      name: plainText(name),
      fromMs: started[0]?.atMs ?? 0,
      toMs: isOver ? last.atMs : endMs,
      outcome,
      attempts: outcome === 'skipped' ? 1 : started.length,
      failures: failures.map(text => buildFailure(text, { testPath })),
      facts: [],
    },
    traces: started.flatMap(({ fields }) => textOf(fields.trace) ?? []),
    spans: started.map((event, index) => ({
      fromMs: event.atMs,
      toMs: ended[index]?.atMs ?? endMs,
      from: event.fields.logs,
      to: ended[index]?.fields.logs,
    })),
  };
}

function outcomeOf({ fields }: RecordedEvent): TestModel['outcome'] {
  const { outcome } = fields;
  return outcome === 'passed' || outcome === 'failed' || outcome === 'skipped' ? outcome : 'cut off';
}
