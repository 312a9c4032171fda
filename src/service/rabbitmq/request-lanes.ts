import type { Channel } from 'amqplib';

const answerLimitMs = 30_000;

export interface LaneOptions {
  /** The channel kept under the name of a lane, opened again when it was closed. */
  channel(lane: string): Promise<Channel>;
  isClosed(): boolean;
  /** What the broker said when it closed the connection for something it was asked, as RabbitMQ does with what it has not built. */
  refusal(): Error | undefined;
}

/** One request after the other in each lane: a refusal closes the channel under every other request on it. */
export class RequestLanes {
  readonly #options: LaneOptions;
  readonly #ends = new Map<string, Promise<unknown>>();

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** @param isOnce false: it may be done again when the connection was lost under it */
  run<T>(lane: string, work: (channel: Channel) => Promise<T>, isOnce: boolean): Promise<T> {
    const attempt = () => answered(this.#options.channel(lane).then(work));
    const run = async () => {
      try {
        return await attempt();
      } catch (error) {
        if (this.#options.isClosed() || !isLoss(error)) throw error;
        const refusal = this.#options.refusal();
        if (refusal || isOnce) throw refusal ?? error;
        return attempt();
      }
    };
    const before = this.#ends.get(lane) ?? Promise.resolve();
    const result = before.then(run, run);
    const end = result.catch(() => {});
    this.#ends.set(lane, end);
    return result;
  }
}

/** A broker that is frozen holds its connections and says nothing, for ever. */
async function answered<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${answerLimitMs} ms`)), answerLimitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** amqplib says so of a request that was under way when the connection went. */
function isLoss(error: unknown): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: string };
  if (code === 'ECONNRESET' || code === 'EPIPE') return true;
  return code === undefined && /^(Channel|Connection|channel) (ended|closed|closing)/.test(message ?? '');
}
