import { concludeFlow } from '../../tap/flow/conclude-flow.ts';
import type { FlowData, FlowEntry } from '../../tap/flow/flow-entry.ts';
import { summarizeFlow } from '../../tap/flow/summarize-flow.ts';
import { TrafficFilter } from '../../tap/settled/traffic-filter.ts';
import { pidOfConnection } from '../../worker/tap-holder.ts';
import type { TestFileSession } from '../test-file-session.ts';
import { tapGone } from './settle-errors.ts';
import { type TappedWorker, tappedWorkers } from './tapped-workers.ts';

/**
 * What the workers with a tap did since the running test began.
 *
 * @param hasPids false: the process table, which takes a while to read, is left alone
 * @throws TAP_NEEDED
 */
export async function readFlow(
  session: TestFileSession,
  { hasPids = true }: { readonly hasPids?: boolean } = {},
): Promise<FlowData> {
  const tapped = tappedWorkers(session.workers, 'flow()');
  const flows = await Promise.all(tapped.map(one => readWorker(session, one, hasPids)));
  const entries = flows.flatMap(({ entries }) => entries).toSorted((one, other) => one.atMs - other.atMs);
  return {
    entries,
    missed: flows.reduce((sum, { missed }) => sum + missed, 0),
    text: session.secrets.mask(summarizeFlow(entries)),
  };
}

async function readWorker(
  { window, secrets }: TestFileSession,
  { worker, tap }: TappedWorker,
  hasPids: boolean,
): Promise<{ readonly entries: readonly FlowEntry[]; readonly missed: number }> {
  const { name, tapIgnore } = worker.spec;
  const reading = await tap.read(0);
  if (!reading) throw tapGone(name);
  const ids = window.publications.flatMap(({ messageId }) => messageId ?? []);
  const entries = concludeFlow(
    {
      worker: name,
      reading,
      filter: new TrafficFilter(tapIgnore),
      pidOf: connection => (hasPids ? pidOfConnection(tap, connection) : undefined),
    },
    {
      beganMs: window.beganMs,
      isConcurrent: !window.isAlone,
      isAlone: worker.holder !== 'run',
      published: new Set(ids),
      publishedBefore: window.publishedBefore,
    },
  );
  const [first] = reading.entries;
  // What a tap shared by files has noted before the test is counted by it too.
  const isWhole = first === undefined || first.atMs < window.beganMs;
  const all = isWhole ? 0 : Object.values(reading.counts).reduce((sum, count) => sum + count, 0);
  return {
    entries: entries.map(entry => ('sql' in entry ? { ...entry, sql: secrets.mask(entry.sql) } : entry)),
    missed: Math.max(0, all - reading.entries.length),
  };
}
