import { dirname, join } from 'node:path';
import { describeExit } from '../diagnose/describe-exit.ts';
import { quoteLines } from '../logs/quote-lines.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Services } from '../service/services.ts';
import { findLost } from '../worker/processes-at-ready.ts';
import { describeForcedStop } from '../worker/runner/forced-stop.ts';
import type { SessionWorker } from '../worker/session-worker.ts';
import { takenMessages } from '../worker/taken-messages.ts';
import { findFailedSpans } from '../worker/traces/find-failed-spans.ts';
import { workerState } from '../worker/worker-state.ts';

const linesShown = 20;
const longestLine = 300;
const lostShown = 5;

interface FailureContextTerms {
  readonly services: Services;
  readonly secrets: Secrets;
  /** That of the failed test; undefined where nothing is traced. */
  readonly trace: string | undefined;
}

/** What stands under a failed assertion: how each worker is, what it wrote meanwhile, and what is on the queues. */
export async function describeFailureContext(
  workers: readonly SessionWorker[],
  { services, secrets, trace }: FailureContextTerms,
): Promise<readonly string[]> {
  const described = workers.flatMap(worker => [
    ...describeWorker(worker, secrets),
    ...describeSpans(worker, trace),
  ]);
  const uses = workers.flatMap(({ prepared }) => prepared?.uses ?? []);
  const taken = await Promise.all(workers.map(({ prepared }) => takenMessages(prepared?.tap)));
  return [...described, ...(await services.describeNow(uses, taken.flat()))].map(line => secrets.quote(line));
}

function describeWorker(worker: SessionWorker, secrets: Secrets): readonly string[] {
  const { runner, view, spec } = worker;
  const { running, lastExit } = runner;
  const state = workerState(runner);
  const how = lastExit ? `, it ${describeExit(lastExit)}` : running ? `, pid ${running.leader.pid}` : '';
  const headline = `worker "${spec.name}": ${state}${how}${describeStop(worker)}${describeRestarts(worker)}`;
  if (!view.hasFiles) return [headline];
  const output = [...describeStream('stderr', worker, secrets), ...describeStream('stdout', worker, secrets)];
  const lost = findLost(worker.atReady, running?.leader);
  const notes = view.notes('testOrHook').filter(note => !output.some(line => line.includes(note)));
  return [
    headline,
    ...output,
    ...notes.map(note => `  note: ${note}`),
    ...lost
      .slice(0, lostShown)
      .map(({ pid, command }) => `  gone since it was ready: pid ${pid}: ${command}`),
    `  logs: ${view.files.stderr.path}`,
    `        ${view.files.stdout.path}`,
  ];
}

/** The first that failed is most often the innermost one. */
function describeSpans({ spec, view }: SessionWorker, trace: string | undefined): readonly string[] {
  if (trace === undefined || !spec.otel || !view.hasFiles) return [];
  const record = join(dirname(view.files.stderr.path), 'events.ndjson');
  const [first, ...others] = findFailedSpans(record, spec.name, trace);
  if (!first) return [];
  const why = first.message === '' ? '' : `: ${first.message.split('\n')[0]}`;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return [shorten(`  span "${first.name}" of this test ended with ERROR${why}${more}`)];
}

/** What a test that ran out of time may have waited for. */
function describeStop({ runner, spec, forcedMeanwhile }: SessionWorker): string {
  const last = forcedMeanwhile.at(-1);
  if (last) return `, stopped meanwhile: ${describeForcedStop(last)}`;
  const { state } = runner;
  if (state.kind !== 'stopping' || state.phase !== 'polite') return '';
  return `, SIGKILL follows ${spec.stop.graceMs / 1_000} s after ${spec.stop.signal} (stop.graceMs)`;
}

/** A test that passes says nothing of it. */
function describeRestarts({ restartsMeanwhile }: SessionWorker): string {
  const last = restartsMeanwhile.at(-1);
  if (!last) return '';
  const times = restartsMeanwhile.length === 1 ? '' : `${restartsMeanwhile.length} times `;
  return `, restarted ${times}meanwhile after it ${describeExit(last)}`;
}

/** The bar keeps Jest from taking a stack trace of the worker for the end of the message. */
function describeStream(
  stream: 'stdout' | 'stderr',
  { view }: SessionWorker,
  secrets: Secrets,
): readonly string[] {
  const written = view.lastLines(stream, 'testOrHook', linesShown);
  const lines = quoteLines(written, secrets);
  const notes = view.notesOf(stream, 'testOrHook').map(note => `  ${note}`);
  if (lines.length === 0) return [...notes, `  ${stream} meanwhile: nothing`];
  return [
    ...notes,
    `  ${stream} meanwhile${describeCount(written.total)}:`,
    ...lines.map(line => `    | ${shorten(line)}`),
  ];
}

function describeCount(total: number | undefined): string {
  if (total === undefined) return `, the last ${linesShown} lines`;
  return total > linesShown ? `, the last ${linesShown} of ${total} lines` : '';
}

function shorten(line: string): string {
  return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
}
