import type { Asker } from '../service/service.ts';
import { machineMs } from '../tap/flow/machine-clock.ts';
import { chooseService } from './choose-service.ts';
import type { SessionBridge } from './contract.ts';
import { packResult, packResultSync } from './pack-result.ts';
import type { TestFileSession } from './test-file-session.ts';

/** The part of the bridge that talks to services, of any kind. */
export function serviceBridge(session: TestFileSession): Pick<SessionBridge, 'serviceUrl' | 'callService'> {
  const { secrets } = session;
  return {
    serviceUrl: (kind, choice) =>
      packResultSync(secrets, () => {
        secrets.note([['url', choice.url ?? '']]);
        const url = chooseService(session, kind, choice);
        secrets.note([['url', url]]);
        return url;
      }),
    callService: (kind, url, operation, words) =>
      packResult(secrets, async () => {
        const operations = session.services
          .client(kind)
          .operations(url, askerIn(session, kind)) as Operations;
        const call = operations[operation];
        if (operation === 'publish' || operation === 'call') notePublished(session, words);
        if (looking.has(operation)) noteAsked(session, words);
        if (operation === 'deadLetters') session.window.noteAskedForDead(String(words[0]));
        if (!call) throw new TypeError(`Service "${kind}" has no operation "${operation}"`);
        return (await call(...words)) ?? null;
      }),
  };
}

/** `target, content, options` */
function notePublished({ window }: TestFileSession, [target, , options]: readonly unknown[]): void {
  const { exchange } = (target ?? {}) as { readonly exchange?: unknown };
  const { messageId, expiration, headers } = (options ?? {}) as {
    readonly messageId?: unknown;
    readonly expiration?: unknown;
    readonly headers?: Readonly<Record<string, unknown>>;
  };
  const delay = headers?.['x-delay'];
  const nowMs = machineMs();
  window.notePublished({
    messageId: typeof messageId === 'string' ? messageId : undefined,
    target: String(exchange || target),
    dueMs: typeof delay === 'number' ? nowMs + delay : undefined,
    expiresMs: typeof expiration === 'number' ? nowMs + expiration : undefined,
  });
}

/** Operations on what lies on a queue, which a test that knows of dead letters asks for. */
const looking = new Set(['get', 'purge', 'depth', 'listen', 'peek', 'drain']);

function noteAsked({ window }: TestFileSession, [target]: readonly unknown[]): void {
  const { exchange } = (target ?? {}) as { readonly exchange?: unknown };
  for (const name of [target, exchange]) if (typeof name === 'string') window.noteAsked(name);
}

type Operations = Readonly<Record<string, (...words: readonly unknown[]) => Promise<unknown>>>;

/** The test or hook that runs now. */
function askerIn({ clock, tests, waits, workers, testTraces }: TestFileSession, kind: string): Asker {
  const { scope, running } = tests;
  return {
    name: running === undefined ? 'a hook' : `test "${running}"`,
    timeLeftMs: () => clock.timeLeftMs(),
    limitMs: clock.limitMs,
    isOver: () => tests.isOver(scope),
    traceparent: testTraces.traceparent,
    verdict: () => waits.verdict(scope),
    watch: look => waits.watch(look),
    uses: [...workers.values()]
      .flatMap(({ prepared }) => prepared?.uses ?? [])
      .filter(({ spec }) => spec.kind === kind),
  };
}
