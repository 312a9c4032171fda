/** One piece of work as a program told it by OpenTelemetry. Times are milliseconds since the Unix epoch, by the clock of that program. */
export interface OtlpSpan {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 of them. */
  readonly spanId: string;
  readonly parentId?: string;
  readonly name: string;
  readonly kind?: SpanKind;
  readonly startMs: number;
  readonly endMs: number;
  readonly isError: boolean;
  /** What the status says, else the exception that was recorded. */
  readonly message?: string;
  readonly attributes: readonly SpanAttribute[];
  /** What the program calls itself. */
  readonly service?: string;
}

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';
export type SpanAttribute = readonly [name: string, value: string | number | boolean];

/** What one request held. */
export interface SpanBatch {
  readonly spans: readonly OtlpSpan[];
  /** More than is taken at once, or without the numbers that a span must have. */
  readonly leftOut: number;
}

/** In the numbers of the protocol. */
export const spanKinds: readonly (SpanKind | undefined)[] = [
  undefined,
  'internal',
  'server',
  'client',
  'producer',
  'consumer',
];
export const errorStatus = 2;

/** What of a request is looked at; an exporter sends 512 spans at once by itself, of up to 128 attributes. */
export const spanLimits = {
  spans: 10_000,
  attributes: 128,
  /** Of one text, in bytes: what is shown is shorter, and is cut after its secrets were taken out. */
  text: 16 * 1024,
  /** Of lists within lists. */
  depth: 4,
} as const;
