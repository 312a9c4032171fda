import { runInNewContext } from 'node:vm';
import { adopt } from '../../src/testing/adopt.ts';

/** A value of another realm, as everything is that comes from the environment. */
const foreign = (expression: string) => runInNewContext(`(${expression})`, { Buffer }) as unknown;

test('adopt() makes objects and arrays of this realm', () => {
  const given = foreign('{ rows: [{ id: 1, tags: ["a", ["b"]], nothing: null, missing: undefined }] }');
  const adopted = adopt(given) as { rows: { tags: unknown }[] };
  expect(given).not.toBeInstanceOf(Object);
  expect(adopted).toBeInstanceOf(Object);
  expect(adopted.rows).toBeInstanceOf(Array);
  expect(adopted.rows[0]?.tags).toBeInstanceOf(Array);
  expect(adopted).toStrictEqual({
    rows: [{ id: 1, tags: ['a', ['b']], nothing: null, missing: undefined }],
  });
});

test('adopt() makes dates of this realm', () => {
  const adopted = adopt(foreign('[new Date(86_400_000), new Date(NaN)]')) as Date[];
  expect(adopted[0]).toBeInstanceOf(Date);
  expect(adopted[0]).toStrictEqual(new Date(86_400_000));
  expect(adopted[1]?.getTime()).toBeNaN();
});

test('adopt() makes dates under fake timers too', () => {
  jest.useFakeTimers({ now: 0 });
  expect(adopt(foreign('new Date(5)'))).toStrictEqual(new Date(5));
  jest.useRealTimers();
});

test.each(['"text"', '7', '7n', 'true', 'null', 'undefined', 'NaN'])(
  'adopt() leaves %s alone',
  expression => {
    expect(adopt(foreign(expression))).toBe(foreign(expression));
  },
);

test.each([
  'Buffer.from("x")',
  'new Uint8Array(2)',
  'new Map()',
  'new Set()',
  '/x/',
  'new (class Interval { days = 1 })()',
  '() => 1',
])('adopt() hands on %s as it is', expression => {
  const given = foreign(expression);
  expect(adopt(given)).toBe(given);
});

test('adopt() takes an object without a prototype for plain data', () => {
  expect(adopt(foreign('Object.assign(Object.create(null), { id: 1 })'))).toStrictEqual({ id: 1 });
});

test('adopt() is not led astray by the names of columns', () => {
  const adopted = adopt(foreign('JSON.parse(\'{"__proto__": { "bad": 1 }, "constructor": 2 }\')')) as object;
  expect(Object.keys(adopted)).toEqual(['__proto__', 'constructor']);
  expect(Object.getPrototypeOf(adopted)).toBe(Object.prototype);
  expect('bad' in adopted).toBe(false);
});

test('adopt() makes a copy also of what is of this realm', () => {
  const own = { rows: [1] };
  expect(adopt(own)).toEqual(own);
  expect(adopt(own)).not.toBe(own);
});
