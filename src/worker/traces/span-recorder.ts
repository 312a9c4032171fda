import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OtlpSpan, SpanAttribute, SpanBatch } from '../../otlp/span.ts';
import type { Timeline } from '../../records/timeline.ts';
import { isSecretWord } from '../../secrets/secret-names.ts';
import type { Secrets } from '../../secrets/secrets.ts';

const most = {
  /** Of one test file, or of one worker of the run. */
  spans: 20_000,
  /** Of one trace: a test that loops is not to take the place of all others. */
  ofTrace: 1_000,
  attributes: 32,
  /** Characters of one text, and of all attributes of a span. */
  text: 1_000,
  ofSpan: 4_000,
  /** In one turn of the event loop. */
  atOnce: 16,
} as const;

const headerWithSecret = /(?:authorization|cookie)$/i;

/** Writes spans into a timeline, without secrets and within bounds; what is too much is counted. */
export class SpanRecorder {
  readonly #timeline: Pick<Timeline, 'record'>;
  readonly #secrets: Secrets;
  readonly #ofTrace = new Map<string, number>();
  readonly #leftOut = new Map<string, number>();
  #count = 0;

  constructor({
    timeline,
    secrets,
  }: {
    readonly timeline: Pick<Timeline, 'record'>;
    readonly secrets: Secrets;
  }) {
    this.#timeline = timeline;
    this.#secrets = secrets;
  }

  async record(worker: string, { spans, leftOut }: SpanBatch): Promise<void> {
    if (leftOut > 0) this.#leaveOut(worker, leftOut);
    // One for all of them, so that their order stays: the wall clock tells milliseconds alone.
    const aheadMs = Date.now() - performance.now();
    const masked = new Map<string, string>();
    for (const [index, span] of spans.entries()) {
      if (index > 0 && index % most.atOnce === 0) await nextTurn();
      const ofTrace = this.#ofTrace.get(span.traceId) ?? 0;
      if (this.#count >= most.spans || ofTrace >= most.ofTrace) {
        this.#leaveOut(worker, 1);
        continue;
      }
      this.#count += 1;
      this.#ofTrace.set(span.traceId, ofTrace + 1);
      this.#timeline.record('otel.span', {
        worker,
        ...this.#fieldsOf(span, performance.now() + aheadMs, masked),
      });
    }
  }

  /** Tells what was left out. */
  finish(): void {
    for (const [worker, spans] of this.#leftOut) this.#timeline.record('otel.left-out', { worker, spans });
    this.#leftOut.clear();
  }

  #leaveOut(worker: string, count: number): void {
    this.#leftOut.set(worker, (this.#leftOut.get(worker) ?? 0) + count);
  }

  #fieldsOf(span: OtlpSpan, nowMs: number, masked: Map<string, string>) {
    const { traceId, spanId, parentId, name, kind, startMs, endMs, isError, message, service } = span;
    // The same texts come again and again.
    const mask = (text: string) => {
      const known = masked.get(text) ?? cut(this.#secrets.mask(text));
      masked.set(text, known);
      return known;
    };
    return {
      trace: traceId,
      span: spanId,
      parent: parentId,
      name: mask(name),
      kind,
      ...timesOf(startMs, endMs, nowMs),
      ...(isError ? { isError } : {}),
      ...(message === undefined ? {} : { message: mask(message) }),
      ...(service === undefined ? {} : { service: mask(service) }),
      attributes: attributesOf(span.attributes, mask),
    };
  }
}

/** Before the moment it is recorded at, on which every clock of the host agrees. What cannot be is put right: a clock may jump. */
function timesOf(
  startMs: number,
  endMs: number,
  nowMs: number,
): { readonly agoMs: number; readonly durationMs: number } {
  const dayMs = 86_400_000;
  const within = (ms: number) => Math.round(Math.min(Math.max(0, ms), dayMs) * 1_000) / 1_000;
  return { agoMs: within(nowMs - endMs), durationMs: within(endMs - startMs) };
}

function attributesOf(
  attributes: readonly SpanAttribute[],
  mask: (text: string) => string,
): Readonly<Record<string, SpanAttribute[1]>> {
  const shown: [string, SpanAttribute[1]][] = [];
  let length = 0;
  for (const [name, value] of attributes.slice(0, most.attributes)) {
    const text = typeof value === 'string' ? maskAttribute(name, value, mask) : value;
    length += name.length + String(text).length;
    if (length > most.ofSpan) break;
    shown.push([cut(name), text]);
  }
  return Object.fromEntries(shown);
}

/** `http.request.header.authorization` */
function maskAttribute(name: string, value: string, mask: (text: string) => string): string {
  return isSecretWord(name) || headerWithSecret.test(name) ? '***' : mask(value);
}

/** After secrets were taken out: half of one is none that is known. */
function cut(text: string): string {
  return text.length > most.text ? `${text.slice(0, most.text)}…` : text;
}
