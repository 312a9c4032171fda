/**
 * Runs a command with a real RabbitMQ, a real Postgres, Redis, NATS, a Python that has Celery and a Chromium, and ends what it started.
 *
 *     node -r esbuild-register test/services/with-services.ts [--need rabbitmq,postgres,python,redis,nats,browser] -- COMMAND ARGS…
 *
 * The command gets RABBITMQ_URL, DATABASE_URL (an own database, dropped at the end), REDIS_URL, NATS_URL, LIVE_WORKER_TEST_VENV and LIVE_WORKER_TEST_BROWSER.
 * Each server comes from the first of these that works: its URL in the environment; the usual port of this machine;
 * a private one from binaries that are installed; the same after apt-get as root; Docker.
 *
 * LIVE_WORKER_SERVICES=found|private|install|docker allows the servers only that one, `found` being the first two.
 */
import { constants } from 'node:os';
import { parseRequest } from './parse-request.ts';
import { provideServices, stopServices } from './provide-services.ts';
import { runWithVariables } from './run-with-variables.ts';
import { say } from './say.ts';

void withServices(process.argv.slice(2)).then(code => process.exit(code));

async function withServices(words: readonly string[]): Promise<number> {
  const interruption = interruptedBySignals();
  try {
    const request = parseRequest(words);
    const services = await provideServices(request.needs, interruption);
    try {
      return await runWithVariables(request.command, services, interruption);
    } finally {
      await stopServices(services);
    }
  } catch (error) {
    if (interruption.aborted) return exitCodeOf(interruption.reason);
    say(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

function interruptedBySignals(): AbortSignal {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => interruption.abort(name));
  }
  return interruption.signal;
}

function exitCodeOf(signalName: NodeJS.Signals): number {
  return 128 + constants.signals[signalName];
}
