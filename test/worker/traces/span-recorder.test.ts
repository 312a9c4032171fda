import type { OtlpSpan } from '../../../src/otlp/span.ts';
import { Secrets } from '../../../src/secrets/secrets.ts';
import { SpanRecorder } from '../../../src/worker/traces/span-recorder.ts';

function record(secrets = new Secrets()) {
  const events: Record<string, unknown>[] = [];
  const timeline = {
    record: (event: string, fields?: Readonly<Record<string, unknown>>) =>
      void events.push({ event, ...fields }),
  };
  return { events, recorder: new SpanRecorder({ timeline, secrets }) };
}

const span = (changes: Partial<OtlpSpan> = {}): OtlpSpan => ({
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  name: 'process',
  startMs: Date.now() - 30,
  endMs: Date.now() - 10,
  isError: false,
  attributes: [],
  ...changes,
});
const batch = (...spans: readonly OtlpSpan[]) => ({ spans, leftOut: 0 });

test('tells when a span ended before it was recorded, and never what cannot be', async () => {
  const { events, recorder } = record();
  const far = Number.MAX_SAFE_INTEGER;
  await recorder.record(
    'ops',
    batch(span(), span({ startMs: far, endMs: 0 }), span({ startMs: 0, endMs: far })),
  );
  expect(events).toMatchObject([
    { event: 'otel.span', worker: 'ops', durationMs: expect.any(Number) },
    { agoMs: 86_400_000, durationMs: 0 },
    { agoMs: 0, durationMs: 86_400_000 },
  ]);
  expect(events[0]?.agoMs).toBeGreaterThanOrEqual(9);
  expect(events[0]?.durationMs).toBeCloseTo(20, -1);
});

test('takes secrets out before it cuts', async () => {
  const secret = `${'s'.repeat(990)}-and-the-rest`;
  const { events, recorder } = record(new Secrets([['SHOP_PASSWORD', secret]]));
  const attributes = [
    ['db.statement', `SELECT '${secret}' ${'x'.repeat(2_000)}`],
    ['net.peer.password', 'any'],
    ['http.request.header.cookie', 'a=b'],
    ['amount', 3],
  ] as const;
  await recorder.record('ops', batch(span({ name: secret, message: `no ${secret}`, attributes })));
  expect(events).toMatchObject([
    {
      name: '***',
      message: 'no ***',
      attributes: {
        'net.peer.password': '***',
        'http.request.header.cookie': '***',
        amount: 3,
      },
    },
  ]);
  const [{ attributes: shown } = { attributes: {} }] = events;
  const { 'db.statement': statement } = shown as Record<string, string>;
  expect(statement).toHaveLength(1_001);
  expect(statement).toMatch(/^SELECT '\*\*\*' x+…$/);
});

test('keeps 1 000 spans of a trace and 20 000 of all, and counts the others', async () => {
  const { events, recorder } = record();
  const of = (trace: number, count: number) =>
    Array.from({ length: count }, () => span({ traceId: String(trace).padStart(32, '0') }));
  await recorder.record('ops', { spans: of(1, 1_005), leftOut: 2 });
  for (let trace = 2; trace < 22; trace += 1) await recorder.record('ops', batch(...of(trace, 1_000)));
  recorder.finish();
  const kept = events.filter(({ event }) => event === 'otel.span');
  expect(kept).toHaveLength(20_000);
  expect(kept.filter(({ trace }) => trace === '1'.padStart(32, '0'))).toHaveLength(1_000);
  expect(events.at(-1)).toEqual({ event: 'otel.left-out', worker: 'ops', spans: 7 + 1_000 });
});

test('an attribute that is too many, or too long, is left out', async () => {
  const { events, recorder } = record();
  const many = Array.from({ length: 128 }, (_, index) => [`name ${index}`, 'x'] as const);
  const long = Array.from({ length: 8 }, (_, index) => [`name ${index}`, 'x'.repeat(900)] as const);
  await recorder.record('ops', batch(span({ attributes: many }), span({ attributes: long })));
  expect(events.map(({ attributes }) => Object.keys(attributes as object).length)).toEqual([32, 4]);
});
