import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { parseEnvFile } from '../../../src/launch/environment/parse-env-file.ts';
import { envFileText } from './env-file-text.ts';

test('parseEnvFile() reads with the very pattern of the installed dotenv', () => {
  const own = readFileSync('src/launch/environment/parse-env-file.ts', 'utf8');
  const theirs = readFileSync(require.resolve('dotenv'), 'utf8');
  const pattern = /const LINE = \/(.*)\/mg/.exec(theirs)?.[1] ?? 'none';
  expect(own).toContain(`/${pattern}/dgm`);
});

test('parseEnvFile() tells the line of each variable', () => {
  const text = '# first\n\nA=1\nexport B="x\ny"\r\nC: yaml\r\n\n  D = spaced  # comment\nA=2\n';
  expect(parseEnvFile(text)).toEqual({
    mistakes: [],
    variables: [
      { name: 'A', value: '2', line: 9 },
      { name: 'B', value: 'x\ny', line: 4, quote: '"' },
      { name: 'C', value: 'yaml', line: 6 },
      { name: 'D', value: 'spaced', line: 8 },
    ],
  });
});

function cutOff(name: string): string {
  return `${name}: a "#" without a space before it ends its value; put the value in quotes, or a space before a comment`;
}

test.each([
  ['A=1\nFOO\nB=2', 2, 'no assignment NAME=value on the line (3 characters)'],
  ['A=1\n\n  two words=hunter2', 3, '"two words" cannot be the name of a variable'],
  ['A="hunter2\nB=1', 1, 'A: the quote around its value is never closed'],
  ["# it's\nA='hunter2 # it", 2, 'A: the quote around its value is never closed'],
  ["A='it\\'s", 1, 'A: the quote around its value is never closed'],
  ['A=`', 1, 'A: the quote around its value is never closed'],
  ['__proto__=x', 1, '__proto__ cannot be the name of a variable'],
  ['A=1\nMIIEvQ/hunter2+x==\n', 2, 'no assignment NAME=value on the line (18 characters)'],
  ['A=1\nPASS=ab#cd', 2, cutOff('PASS')],
  ['COLOUR=#fff', 1, cutOff('COLOUR')],
  ['A=http://h/#/route # note', 1, cutOff('A')],
  [`A=1${'\n'.repeat(1500)}B=1`, 1, '1500 blank lines in a row'],
])('parseEnvFile() finds the mistake in %j', (text, line, what) => {
  expect(parseEnvFile(text).mistakes).toEqual([{ line, what }]);
});

test.each([
  "A='x' y",
  "A='it's fine'",
  "A='C:\\'",
  'A="#"',
  'A="x"#note',
  'A=x # note',
  'A= # note',
  'A=x\n#note',
  'A=\n# only a comment',
  'A=\n\nB=',
  '',
  '#',
  '\r',
])('parseEnvFile() finds no mistake in %j', text => {
  expect(parseEnvFile(text).mistakes).toEqual([]);
});

test.each([`A="x"#y"`, `A='x'#y'`, 'A=`x`#y`', `B=1\nA="x"#y"\nC=2`])(
  'parseEnvFile() does not take the rest of a value for a comment in %j',
  text => {
    expect(parseEnvFile(text).mistakes.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^A: a "#" without a space/),
    ]);
  },
);

test('parseEnvFile() tells the quotes of each value as dotenv takes them away', () => {
  const { variables } = parseEnvFile("A='x'\nB=\"x\"\nC=`x`\nD=x\nE='x' y\nF=''\nG='x'\nG=x\n");
  expect(variables.map(({ name, quote }) => [name, quote])).toEqual([
    ['A', "'"],
    ['B', '"'],
    ['C', '`'],
    ['D', undefined],
    ['E', undefined],
    ['F', "'"],
    ['G', undefined],
  ]);
});

test('parseEnvFile() finds what dotenv.parse finds, in lines that name it', () => {
  fc.assert(
    fc.property(envFileText, text => {
      const { variables, mistakes } = parseEnvFile(text);
      const lines = text.split(/\r\n?|\n/);
      expect(Object.fromEntries(variables.map(({ name, value }) => [name, value]))).toEqual(parse(text));
      for (const { name, line } of variables) expect(lines[line - 1]).toContain(name);
      for (const { line } of mistakes) expect(lines[line - 1]?.trim()).not.toBe('');
    }),
    { numRuns: 5000 },
  );
});

test('parseEnvFile() never tells a part of a value', () => {
  const value = fc.stringMatching(/^[ -~]{0,12}zQ7zQ7[ -~]{0,12}$/);
  const text = fc.tuple(fc.constantFrom('A=', 'A="', "export A='", 'two words=', 'A: ', '', '- '), value);
  fc.assert(
    fc.property(fc.array(text), lines => {
      // What stands left of an equals sign or a colon is a name, so none may stand in these values.
      const source = lines.map(([start, end]) => start + end.replace(/[=:]/g, '')).join('\n');
      expect(JSON.stringify(parseEnvFile(source).mistakes)).not.toContain('zQ7');
    }),
    { numRuns: 2000 },
  );
});
