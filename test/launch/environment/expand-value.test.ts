import fc from 'fast-check';
import { expandValue as expandWith } from '../../../src/launch/environment/expand-value.ts';

function expandValue(raw: string, from: ReadonlyMap<string, string>): string {
  return expandWith(raw, {
    lookUp: name => from.get(name),
    onMissing: ({ name }) => {
      throw new Error(`missing: ${name}`);
    },
    onBroken: ({ name, at }) => {
      throw new Error(`broken: ${name} at ${at}`);
    },
  }).text;
}

const env = new Map(
  Object.entries({
    HOST: 'broker',
    EMPTY: '',
    DOLLAR: '$HOST ${HOST} $& $$ \\$',
    BRACES: '{"x":"}"}',
    BACKSLASH: 'end\\',
    NUL: 'a\0b',
    'a.b': 'dotted',
  }),
);

test.each([
  ['plain', 'plain'],
  ['$HOST', 'broker'],
  ['amqp://${HOST}:5672', 'amqp://broker:5672'],
  ['${NONE:-x}', 'x'],
  ['${NONE-x}', 'x'],
  ['${EMPTY:-x}', 'x'],
  ['${HOST:-x}', 'broker'],
  ['${EMPTY}', ''],
  ['${HOST:?wanted}', 'broker'],
  ['${HOST:+there}', 'there'],
  ['${NONE:+there}', ''],
  ['${NONE:-{"a":{"b":1}}}', '{"a":{"b":1}}'],
  ['${a.b}', 'dotted'],
  ['$2b$10', '$2b$10'],
  ['${NONE:-${HOST}}', 'broker'],
  ['${NONE:-$HOST}', 'broker'],
  ['${NONE:-a:-b}', 'a:-b'],
  ['\\$HOST', '$HOST'],
  ['\\${HOST} $HOST', '${HOST} broker'],
  ['\\$HOST$HOST', '$HOSTbroker'],
  ['a\\b\\', 'a\\b\\'],
  ['$', '$'],
  ['$$', '$$'],
  ['$5 $& $`', '$5 $& $`'],
  ['${', '${'],
  ['${}', '${}'],
  ['${1} ${ HOST}', '${1} ${ HOST}'],
])('expandValue() makes of %s: %s', (raw, expanded) => {
  expect(expandValue(raw, env)).toBe(expanded);
});

test.each(['DOLLAR', 'BRACES', 'BACKSLASH', 'NUL'])('expandValue() takes the value of %s literally', name => {
  const value = env.get(name);
  expect(expandValue(`\${${name}}`, env)).toBe(value);
  expect(expandValue(`$${name}$HOST`, env)).toBe(`${value}broker`);
  expect(expandValue(`\${NONE:-\${${name}}}$HOST`, env)).toBe(`${value}broker`);
});

test.each([
  ['${NONE:-$&}', '$&'],
  ['${NONE:-$`x}', '$`x'],
  ['${constructor:-x}', 'x'],
  ['${__proto__:-x}', 'x'],
  ['${hasOwnProperty:+x}', ''],
])('expandValue() ends on %s, where dotenv-expand alone hangs or fails', (raw, expanded) => {
  expect(expandValue(raw, env)).toBe(expanded);
});

test.each([
  ['$NONE', 'missing: NONE'],
  ['a${NONE}', 'missing: NONE'],
  ['$toString', 'missing: toString'],
  ['${NONE?}', 'missing: NONE'],
  ['${EMPTY:?}', 'missing: EMPTY'],
  ['${NONE:-${OTHER}}', 'missing: OTHER'],
  ['$2b$10$saltAndHash', 'missing: saltAndHash'],
  ['x${HOST', 'broken: HOST at 1'],
  ['${HOST:-x', 'broken: HOST at 0'],
  ['${HOST%er}', 'broken: HOST at 0'],
  ['${HOST:0:2}', 'broken: HOST at 0'],
])('expandValue() refuses %s', (raw, message) => {
  expect(() => expandValue(raw, env)).toThrow(new Error(message));
});

test('expandValue() does not ask for what a default stands in for', () => {
  expect(expandValue('${HOST:-$NONE}', env)).toBe('broker');
  expect(expandValue('${NONE:+$OTHER}', env)).toBe('');
});

test('expandValue() tells what was filled in, each once', () => {
  const { references } = expandWith('$HOST-${NONE:-$HOST}-${NONE:-x}', {
    lookUp: name => env.get(name),
    onMissing: neverAsked,
    onBroken: neverAsked,
  });
  expect(references).toEqual([
    { name: 'HOST', isDefault: false },
    { name: 'NONE', isDefault: true },
  ]);
});

function neverAsked(): never {
  throw new Error('asked');
}

test('expandValue() reads a variable of that name when it is set', () => {
  expect(expandValue('${constructor}', new Map([['constructor', 'x']]))).toBe('x');
  expect(expandValue('${__proto__}', new Map([['__proto__', 'x']]))).toBe('x');
});

test('expandValue() refuses what would explode', () => {
  const big = new Map([['BIG', 'x'.repeat(50_000)]]);
  expect(() => expandValue('$BIG$BIG$BIG', big)).toThrow(
    new RangeError('it expands to as many as 150012 characters'),
  );
  expect(() => expandValue('$A'.repeat(501), env)).toThrow(new RangeError('it has 501 references'));
  expect(expandValue('$EMPTY'.repeat(500), env)).toBe('');
  expect(() => expandValue(`${'${A:-'.repeat(101)}x${'}'.repeat(101)}`, env)).toThrow('broken: A');
});

test('expandValue() puts any value where its reference stood', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', '-', '#', '=', '"') });
  fc.assert(
    fc.property(text, fc.string({ unit: 'binary' }), text, (before, value, after) => {
      const expanded = value === '' ? 'fallback' : value;
      expect(expandValue(`${before}\${X:-fallback}${after}`, new Map([['X', value]]))).toBe(
        before + expanded + after,
      );
    }),
  );
});

test('expandValue() ends on anything', () => {
  const piece = fc.constantFrom(
    '$',
    '${',
    '{',
    '}',
    ':-',
    ':+',
    '-',
    '+',
    '\\',
    'A',
    'B',
    '&',
    '`',
    "'",
    '\0',
    ' ',
    '1',
  );
  const soup = fc.array(piece, { maxLength: 40 }).map(parts => parts.join(''));
  fc.assert(
    fc.property(soup, soup, soup, (raw, a, b) => {
      const refused = (what: string) => {
        throw new RangeError(what);
      };
      const from = {
        lookUp: (name: string) => ({ A: a, B: b })[name],
        onMissing: ({ name, at }: { readonly name: string; readonly at: number }) => refused(name + at),
        onBroken: ({ at }: { readonly at: number }) => refused(raw.slice(at, at + 2)),
      };
      const outcome = () => {
        try {
          return typeof expandWith(raw, from as Parameters<typeof expandWith>[1]).text;
        } catch (error) {
          return error instanceof RangeError ? error.message : error;
        }
      };
      expect(outcome()).toMatch(/^(?:string|\$\{|[AB]\w*\d+)$/);
    }),
    { numRuns: 20_000 },
  );
});
