import { TestTraces } from '../../src/session/test-traces.ts';

test('TestTraces gives every attempt of a test a trace, and a call the one of the only test that runs', () => {
  const traces = new TestTraces(true);
  const [one, other] = [{}, {}];
  expect(traces.traceparent).toBeUndefined();
  const first = traces.begin(one);
  expect(traces.traceparent).toMatch(new RegExp(`^00-${first}-[0-9a-f]{16}-01$`));
  traces.begin(other);
  expect([traces.current, traces.traceparent]).toEqual([undefined, undefined]);
  traces.end(other);
  expect(traces.current).toBe(first);
  traces.end(one);
  expect(traces.current).toBeUndefined();
  expect(traces.begin(one)).not.toBe(first);
});

test('TestTraces gives none where nothing is traced', () => {
  const traces = new TestTraces(false);
  expect(traces.begin({})).toBeUndefined();
  expect(traces.traceparent).toBeUndefined();
});
