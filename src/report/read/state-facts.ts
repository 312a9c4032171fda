import type { LogSlice, SpanModel, TestModel, WorkerModel } from '../model.ts';
import { describeMs } from '../summary/describe-time.ts';

const longestLine = 200;

/** What is known of a failed test's workers, in words; what points at the cause comes first. */
export function stateFacts(
  test: TestModel,
  workers: readonly WorkerModel[],
  { logs, spans }: { readonly logs: readonly LogSlice[]; readonly spans: readonly SpanModel[] },
): readonly string[] {
  if (test.outcome !== 'failed') return [];
  const queues = queueLines(test);
  const facts = workers.flatMap(worker => factsOfWorker(test, worker, logs));
  return [
    ...failedSpans(test, workers, spans),
    ...concludeFromQueues(queues, test, workers),
    ...facts,
    ...queues,
  ];
}

/** The first of the innermost ones: what is around them failed of them. */
function failedSpans(
  test: TestModel,
  workers: readonly WorkerModel[],
  spans: readonly SpanModel[],
): readonly string[] {
  const bad = spans.filter(({ test: id, isBad }) => isBad && id === test.id);
  const around = new Set(bad.map(({ parent }) => parent));
  const first = bad.find(({ id }) => !around.has(id));
  if (!first) return [];
  const name = workers.find(({ id }) => id === first.worker)?.name ?? first.worker;
  const when = `${describeMs(Math.max(0, first.toMs - test.fromMs))} after this test began`;
  const why = first.message === undefined ? '' : `: ${first.message}`;
  const more = bad.length === 1 ? '' : ` (and ${bad.length - 1} more)`;
  return [shorten(`span "${first.name}" of worker "${name}" ended with ERROR ${when}${why}${more}`, 400)];
}

function factsOfWorker(test: TestModel, worker: WorkerModel, logs: readonly LogSlice[]): readonly string[] {
  const meanwhile = worker.states.filter(({ fromMs, toMs }) => fromMs < test.toMs && toMs >= test.fromMs);
  const name = `worker "${worker.name}"`;
  const end = meanwhile.find(({ state }) => state === 'failed' || state === 'ended');
  const slices = logs.filter(slice => slice.worker === worker.id && slice.test === test.id);
  const wrote = slices.reduce((sum, { lines }) => sum + lines, 0);
  const said = describeOutput(slices, wrote);
  if (end) {
    const afterMs = Math.round(end.fromMs - test.fromMs);
    const when = afterMs < 0 ? 'before this test began' : `${describeMs(afterMs)} after this test began`;
    return [`${name} ended ${when}: ${end.detail ?? end.state}`, `${name} ${said}`];
  }
  if (meanwhile.length === 1 && meanwhile[0]?.state === 'ready')
    return [`${name} was ready all the time and ${said}`];
  const before = worker.states.findLast(({ fromMs }) => fromMs < test.fromMs);
  if (meanwhile.length === 0 && before)
    return [`${name} had ended before this test began: ${before.detail ?? before.state}`];
  const states = meanwhile.map(({ state }) => state).join(', then ');
  return [`${name} was ${states || 'not running'}, and ${said}`];
}

function describeOutput(slices: readonly LogSlice[], wrote: number): string {
  if (wrote === 0) return 'wrote nothing during this test';
  const [last] = slices
    .filter(({ text }) => text !== '')
    .map(({ stream, text }) => ({ stream, line: lastLine(text) }))
    .reverse();
  return `wrote ${wrote} ${wrote === 1 ? 'line' : 'lines'} during this test, the last on ${last?.stream}: ${last?.line}`;
}

/** As the failure tells them: they were counted when the test failed. */
function queueLines({ failures }: TestModel): readonly string[] {
  const lines = failures.flatMap(({ text }) => text.split('\n')).map(line => line.trim());
  return [...new Set(lines.filter(line => /^queue ".*": /.test(line)))];
}

function concludeFromQueues(
  queues: readonly string[],
  test: TestModel,
  workers: readonly WorkerModel[],
): readonly string[] {
  return queues.flatMap(line => {
    const [, queue, waiting = 0, consumers = 0] =
      /^queue "(.*)": (\d+) messages? waiting, (\d+) consumers?/.exec(line) ?? [];
    if (queue === undefined) return [];
    if (Number(consumers) === 0) return [`nobody consumes from queue "${queue}"`];
    const isAlive = workers.some(({ states }) =>
      states.some(({ state, fromMs, toMs }) => state === 'ready' && fromMs < test.toMs && toMs >= test.toMs),
    );
    if (!isAlive) return [];
    if (Number(waiting) > 0)
      return [
        `${waiting} ${Number(waiting) === 1 ? 'message waits' : 'messages wait'} on queue "${queue}" although it has a consumer: the worker is busy with an earlier one, or takes no more`,
      ];
    return [
      `queue "${queue}" is empty and its consumer lives: what this test sent was taken, and either its handler is stuck or it did something else than this test expects; the worker's last line tells how far it came`,
    ];
  });
}

function lastLine(text: string): string {
  const line =
    text
      .split('\n')
      .filter(one => one.trim() !== '')
      .at(-1) ?? '';
  return shorten(line, longestLine);
}

function shorten(line: string, most: number): string {
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
