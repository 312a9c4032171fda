import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { repository } from '../end-to-end/harness/folders.ts';
import type { GuardedOrder, GuardedServer, GuardianMessage } from './guarded-order.ts';

export interface Guarded {
  /** Resolves with the reason where it cannot be had on this machine. */
  readonly planned: Promise<GuardedServer | string>;
  readonly started: Promise<void>;
  /** Resolves with the reason when a start fails or a server ends by itself. */
  readonly failure: Promise<string>;
  /** True when all was undone. */
  stop(): Promise<boolean>;
}

/** A session of its own keeps a terminal's signals from the guardian; the pipe is what it obeys. */
export function startGuarded(order: GuardedOrder): Guarded {
  const words = ['-r', require.resolve('esbuild-register'), require.resolve('./guardian.ts')];
  const guardian = spawn(process.execPath, words, {
    cwd: repository,
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  guardian.stdin.on('error', () => undefined);
  guardian.stdin.write(`${JSON.stringify(order)}\n`);
  const ended = once(guardian, 'exit').then(([code]) => code === 0);
  const messages = createInterface({ input: guardian.stdout });
  const failure = Promise.race([whyOf(messages, 'failed'), ended.then(() => 'its guardian ended')]);
  return {
    planned: Promise.race([untilMessage(messages, 'planned'), whyOf(messages, 'unavailable'), failure]),
    started: untilMessage(messages, 'started').then(() => undefined),
    failure,
    stop() {
      guardian.stdin.end();
      return ended;
    },
  };
}

async function whyOf(messages: Interface, kind: 'failed' | 'unavailable'): Promise<string> {
  return (await untilMessage(messages, kind)).why;
}

function untilMessage<Kind extends GuardianMessage['kind']>(
  messages: Interface,
  kind: Kind,
): Promise<Extract<GuardianMessage, { kind: Kind }>> {
  return new Promise(resolve => {
    messages.on('line', line => {
      const message: GuardianMessage = JSON.parse(line);
      if (message.kind === kind) resolve(message as Extract<GuardianMessage, { kind: Kind }>);
    });
  });
}
