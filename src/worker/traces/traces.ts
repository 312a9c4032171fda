import { ownLead } from '../../launch/environment/lay-otel.ts';
import type { LaunchPlan } from '../../launch/plan.ts';
import { OtlpReceiver } from '../../otlp/otlp-receiver.ts';
import type { Timeline } from '../../records/timeline.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { notice } from '../../text/notice.ts';
import { SpanRecorder } from './span-recorder.ts';

export interface TracesOptions {
  readonly timeline: Pick<Timeline, 'record'>;
  readonly secrets: Secrets;
}

/** Where the workers that one process launches send their spans; it listens when the first one is launched. */
export class Traces {
  readonly #recorder: SpanRecorder;
  readonly #said = new Set<string>();
  #receiver: OtlpReceiver | undefined;

  constructor(options: TracesOptions) {
    this.#recorder = new SpanRecorder(options);
  }

  /** Undefined, and said, where no port can be had: tests do not fail of it. */
  async endpointOf(worker: string): Promise<string | undefined> {
    this.#receiver ??= this.#open();
    try {
      return await this.#receiver.endpointOf(worker);
    } catch (error) {
      this.#say(`${worker}: its spans are not received: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  }

  /** Says which variables of a worker keep its spans from coming here. */
  noteLaunch(plan: LaunchPlan): void {
    const names = ownLead(plan);
    if (names.length > 0)
      this.#say(
        `${plan.worker}: its spans are not received: it sets ${names.join(', ')} itself, and otel: true leaves that as it is`,
      );
  }

  /** When the workers are gone. Never throws. */
  async close(): Promise<void> {
    await this.#receiver?.close();
    this.#recorder.finish();
  }

  #open(): OtlpReceiver {
    return new OtlpReceiver({
      onSpans: (worker, batch) => this.#recorder.record(worker, batch),
      onRefused: (worker, why) => this.#say(`${worker}: spans it sent were refused: ${why}`),
    });
  }

  /** The same only once. */
  #say(text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    notice(text);
  }
}
