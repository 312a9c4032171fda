import type { TestFileSession } from '../test-file-session.ts';
import { readFlow } from './read-flow.ts';

const mostLines = 12;
/** Of what the records keep of one test, in characters. */
const longestSummary = 4_000;

/** What stands under a failed assertion of what the workers did: nothing where none has a tap. */
export async function describeFlow(session: TestFileSession): Promise<readonly string[]> {
  const flow = await readIfTapped(session);
  if (!flow || flow.text === '') return [];
  const lines = flow.text.split('\n');
  const more = lines.length - mostLines;
  return [
    'through its tap meanwhile:',
    ...lines.slice(0, mostLines).map(line => `  ${session.secrets.quote(line)}`),
    ...(more > 0 ? [`  and ${more} more lines: (await flow()).summary()`] : []),
  ];
}

/** Writes into the records what the workers did in a test, where they did something. */
export async function recordFlow(session: TestFileSession, test: object, name: string): Promise<void> {
  const flow = await readIfTapped(session);
  if (!flow || flow.entries.length === 0) return;
  const counts: Record<string, number> = {};
  for (const { kind } of flow.entries) counts[kind] = (counts[kind] ?? 0) + 1;
  session.timeline.record('tap.flow', {
    test: name,
    number: session.records.numberOf(test),
    counts,
    ...(flow.missed === 0 ? {} : { missed: flow.missed }),
    summary: flow.text.slice(0, longestSummary),
  });
}

/** What cannot be read any more fails nothing. */
async function readIfTapped(session: TestFileSession) {
  const isTapped = [...session.workers.values()].some(({ prepared }) => prepared?.tap);
  return isTapped ? readFlow(session, { hasPids: false }).catch(() => undefined) : undefined;
}
