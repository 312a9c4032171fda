import fc from 'fast-check';
import { expandValue } from '../../src/launch/expand-value.ts';

const env = new Map(
  Object.entries({
    HOST: 'broker',
    EMPTY: '',
    DOLLAR: '$HOST ${HOST} $& $$ \\$',
    BRACES: '{"x":"}"}',
    BACKSLASH: 'end\\',
    NUL: 'a\0b',
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
  ['${NONE}', ''],
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
  ['${HOST', '${HOST'],
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
  ['${constructor}', ''],
  ['$toString', ''],
  ['${__proto__:-x}', 'x'],
  ['${hasOwnProperty:+x}', ''],
])('expandValue() ends on %s, where dotenv-expand alone hangs or fails', (raw, expanded) => {
  expect(expandValue(raw, env)).toBe(expanded);
});

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
  expect(expandValue('$A'.repeat(500), env)).toBe('');
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
      expect(
        typeof expandValue(
          raw,
          new Map([
            ['A', a],
            ['B', b],
          ]),
        ),
      ).toBe('string');
    }),
    { numRuns: 20_000 },
  );
});
