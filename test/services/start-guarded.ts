import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { repository } from '../end-to-end/harness/folders.ts';
import type { GuardedPlan, GuardianMessage } from './guarded-plan.ts';

export interface Guarded {
  readonly started: Promise<void>;
  /** Resolves with the reason when a start fails or a server ends by itself. */
  readonly failure: Promise<string>;
  /** True when all was undone. */
  stop(): Promise<boolean>;
}

/** A session of its own keeps a terminal's signals from the guardian; the pipe is what it obeys. */
export function startGuarded(plan: GuardedPlan): Guarded {
  const words = ['-r', require.resolve('esbuild-register'), require.resolve('./guardian.ts')];
  const guardian = spawn(process.execPath, words, {
    cwd: repository,
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  guardian.stdin.on('error', () => undefined);
  guardian.stdin.write(`${JSON.stringify(plan)}\n`);
  const ended = once(guardian, 'exit').then(([code]) => code === 0);
  const messages = createInterface({ input: guardian.stdout });
  return {
    started: untilMessage(messages, 'started').then(() => undefined),
    failure: Promise.race([untilFailed(messages), ended.then(() => 'its guardian ended')]),
    stop() {
      guardian.stdin.end();
      return ended;
    },
  };
}

async function untilFailed(messages: Interface): Promise<string> {
  const message = await untilMessage(messages, 'failed');
  return message.kind === 'failed' ? message.why : '';
}

function untilMessage(messages: Interface, kind: GuardianMessage['kind']): Promise<GuardianMessage> {
  return new Promise(resolve => {
    messages.on('line', line => {
      const message: GuardianMessage = JSON.parse(line);
      if (message.kind === kind) resolve(message);
    });
  });
}
