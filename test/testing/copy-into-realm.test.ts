import { runInNewContext } from 'node:vm';
import { copyIntoRealm } from '../../src/testing/copy-into-realm.ts';

/** A value of another realm, as everything is that comes from the environment. */
const foreign = (expression: string) => runInNewContext(`(${expression})`, { Buffer }) as unknown;

test('copyIntoRealm() makes objects and arrays of this realm', () => {
  const given = foreign('{ rows: [{ id: 1, tags: ["a", ["b"]], nothing: null, missing: undefined }] }');
  const adopted = copyIntoRealm(given) as { rows: { tags: unknown }[] };
  expect(given).not.toBeInstanceOf(Object);
  expect(adopted).toBeInstanceOf(Object);
  expect(adopted.rows).toBeInstanceOf(Array);
  expect(adopted.rows[0]?.tags).toBeInstanceOf(Array);
  expect(adopted).toStrictEqual({
    rows: [{ id: 1, tags: ['a', ['b']], nothing: null, missing: undefined }],
  });
});

test('copyIntoRealm() makes dates of this realm', () => {
  const adopted = copyIntoRealm(foreign('[new Date(86_400_000), new Date(NaN)]')) as Date[];
  expect(adopted[0]).toBeInstanceOf(Date);
  expect(adopted[0]).toStrictEqual(new Date(86_400_000));
  expect(adopted[1]?.getTime()).toBeNaN();
});

test('copyIntoRealm() makes dates under fake timers too', () => {
  jest.useFakeTimers({ now: 0 });
  expect(copyIntoRealm(foreign('new Date(5)'))).toStrictEqual(new Date(5));
  jest.useRealTimers();
});

test.each(['"text"', '7', '7n', 'true', 'null', 'undefined', 'NaN'])(
  'copyIntoRealm() leaves %s alone',
  expression => {
    expect(copyIntoRealm(foreign(expression))).toBe(foreign(expression));
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
])('copyIntoRealm() hands on %s as it is', expression => {
  const given = foreign(expression);
  expect(copyIntoRealm(given)).toBe(given);
});

test('copyIntoRealm() takes an object without a prototype for plain data', () => {
  expect(copyIntoRealm(foreign('Object.assign(Object.create(null), { id: 1 })'))).toStrictEqual({ id: 1 });
});

test('copyIntoRealm() is not led astray by the names of columns', () => {
  const adopted = copyIntoRealm(
    foreign('JSON.parse(\'{"__proto__": { "bad": 1 }, "constructor": 2 }\')'),
  ) as object;
  expect(Object.keys(adopted)).toEqual(['__proto__', 'constructor']);
  expect(Object.getPrototypeOf(adopted)).toBe(Object.prototype);
  expect('bad' in adopted).toBe(false);
});

test('copyIntoRealm() makes a copy also of what is of this realm', () => {
  const own = { rows: [1] };
  expect(copyIntoRealm(own)).toEqual(own);
  expect(copyIntoRealm(own)).not.toBe(own);
});
