import { mistakesIn } from '../mistakes-in.ts';

test('parseOptions() names the nearest worker for an unknown one in after', () => {
  expect(mistakesIn(workers({ ops: ['apy', 'x'], api: [], mail: [] }))).toEqual([
    'workers.ops.after[0]: got "apy", want one of "api", "mail"; did you mean "api"?',
    'workers.ops.after[1]: got "x", want one of "api", "mail"',
  ]);
});

test('parseOptions() refuses a worker that waits for itself', () => {
  expect(mistakesIn(workers({ ops: ['ops'] }))).toEqual([
    'workers.ops.after[0]: got "ops", want nothing, as there is no other worker; a worker cannot wait for itself',
  ]);
});

test('parseOptions() prints the circle in after', () => {
  expect(mistakesIn(workers({ a: ['b'], b: ['c'], c: ['a'], d: ['a'] }))).toEqual([
    'workers.a.after: got the circle a → b → c → a, want an order without circles',
  ]);
});

test('parseOptions() prints every circle in after', () => {
  expect(mistakesIn(workers({ a: ['b', 'c'], b: ['a'], c: ['a'] }))).toEqual([
    'workers.a.after: got the circle a → b → a, want an order without circles',
    'workers.a.after: got the circle a → c → a, want an order without circles',
  ]);
});

test('parseOptions() accepts a diamond in after', () => {
  expect(mistakesIn(workers({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([]);
});

test('parseOptions() survives a chain of thousands of workers', () => {
  const names = [...Array(5_000).keys()].map(index => `w${index}`);
  const chain = Object.fromEntries(names.map((name, index) => [name, names.slice(index + 1, index + 2)]));
  expect(mistakesIn(workers(chain))).toEqual([]);
});

test('parseOptions() checks after although a worker has other mistakes', () => {
  expect(mistakesIn({ workers: { ops: { after: ['ops'], command: ['worker'], ready: 1 } } })).toHaveLength(2);
});

test.each(['a b', '', '-a', '..', 'a/b', 'x'.repeat(65)])(
  'parseOptions() refuses the worker name %j',
  name => {
    const [line = ''] = mistakesIn(workers({ [name]: [] }));
    expect(line).toContain(
      `got the name ${JSON.stringify(name)}, want 1 to 64 letters, digits, ".", "_", "-"`,
    );
  },
);

test('parseOptions() refuses the worker name none', () => {
  expect(mistakesIn(workers({ none: [] }))).toEqual([
    'workers.none: got the name "none", want another name; `@live-worker none` means no worker',
  ]);
});

test.each(['a', '1', 'ops-core.v2_b', 'x'.repeat(64)])('parseOptions() accepts the worker name %j', name => {
  expect(mistakesIn(workers({ [name]: [] }))).toEqual([]);
});

test('parseOptions() quotes a worker name with dots in a path', () => {
  const options = { workers: { 'ops.v2': { command: ['worker'], ready: [], echo: 1 } } };
  expect(mistakesIn(options)).toEqual(['workers["ops.v2"].echo: got 1, want true or false']);
});

test('parseOptions() refuses a second notify in one worker', () => {
  const notify = { kind: 'notify' };
  const worker = { command: ['worker'], ready: [{ kind: 'file', path: 'a' }, notify, notify] };
  expect(mistakesIn({ workers: { ops: worker, api: { ...worker, ready: [notify] } } })).toEqual([
    'workers.ops.ready[2]: got a second notify, want one at most; ready[1] is one already',
  ]);
});

function workers(after: Readonly<Record<string, readonly string[]>>): object {
  const entries = Object.entries(after).map(([name, names]) => [
    name,
    { command: ['worker'], ready: [], after: names },
  ]);
  return { workers: Object.fromEntries(entries) };
}
