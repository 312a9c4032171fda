import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { configFile, fixtures } from './harness/config-file.ts';
import { withProject } from './harness/project.ts';

jest.setTimeout(90_000);

/** What a shell would do something with. */
const values = {
  SUBSTITUTION: '$(touch pwned)',
  BACKTICKS: '`touch pwned`',
  QUOTES: `it's "quoted" \\ and \\" escaped`,
  LINES: 'one\ntwo\r\n\tthree\n',
  OPERATORS: '; touch pwned & touch pwned | cat > pwned; #',
  REFERENCES: '$HOME $$ $1 %PATH% !x! ~ * ?',
  UNICODE: 'é→😀 \u2028',
  EMPTY: '',
};
const inherited = Object.fromEntries(Object.entries(values).map(([name, value]) => [`SHELL_${name}`, value]));

test('values of variables reach the worker byte for byte, and no shell ever looks at them', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
      plain: { command: ['node', W + '/print-env.mjs', '\${SUBSTITUTION}', '\${QUOTES}', '\${LINES}', '\${OPERATORS}'],
        envFile: '.env', env: ${JSON.stringify(values)}, ready: [log({ pattern: '}' })] },
      shell: { command: 'exec node ' + W + '/print-env.mjs "$OPERATORS"', shell: true,
        envFile: '.env', env: ${JSON.stringify(values)}, ready: [log({ pattern: '}' })] },`),
      '.env': `FILE_SUBSTITUTION='$(touch pwned) \`touch pwned\` ; touch pwned'\nFILE_LINES="one\ntwo"\n`,
      'a.test.js': `${fixtures}
      const values = ${JSON.stringify(values)};
      const expected = {
        ...values,
        ...${JSON.stringify(inherited)},
        FILE_SUBSTITUTION: '$(touch pwned) \`touch pwned\` ; touch pwned',
        FILE_LINES: 'one\\ntwo',
      };
      test.each(['plain', 'shell'])('%s', name => {
        const { env, argv } = JSON.parse(liveWorker(name).logs.text('stdout'));
        expect(env).toMatchObject(expected);
        expect(liveWorker(name).env).toMatchObject(expected);
        const { SUBSTITUTION, QUOTES, LINES, OPERATORS } = values;
        expect(argv.slice(2)).toEqual(name === 'plain' ? [SUBSTITUTION, QUOTES, LINES, OPERATORS] : [OPERATORS]);
      });`,
    },
    async project => {
      const { code, output } = await project.run({ env: inherited });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(existsSync(join(project.folder, 'pwned'))).toBe(false);
    },
  ));

const piece = fc.oneof(
  fc.constantFrom(
    '$(touch pwned)',
    '`touch pwned`',
    '"',
    "'",
    '\\',
    '\n',
    '\r',
    '\t',
    ' ',
    ';',
    '|',
    '&',
    '>',
    '#',
    '!',
    '*',
    '~',
  ),
  fc.constantFrom(
    '$HOME',
    '${HOME}',
    '$${HOME}',
    '${HOME:-x}',
    '$',
    '${',
    '}',
    '%PATH%',
    "'; touch pwned; '",
    '-n',
    '\x1b[31m',
    '\u2028',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const anyValue = fc
  .array(piece, { maxLength: 8 })
  .map(pieces => pieces.join(''))
  .filter(value => !value.includes('\0'));

/** As a configuration has to write it: what would be a reference is none behind a second dollar sign. */
function literally(value: string): string {
  return value.replace(/\$\{[A-Za-z_]\w*(?::-[^}]*)?\}/g, reference => `$${reference}`);
}

test('a hundred random values reach the worker byte for byte, as variables and as arguments', async () => {
  const seed = Date.now() % 2 ** 31;
  const random = fc.sample(anyValue, { numRuns: 100, seed });
  const env = Object.fromEntries(random.map((value, index) => [`RANDOM_${index}`, literally(value)]));
  await withProject(
    {
      'values.json': JSON.stringify(random),
      'options.json': JSON.stringify({ env, words: random.map(literally) }),
      'jest.config.js': configFile(`
      plain: { command: ['node', W + '/print-env.mjs', ...require('./options.json').words],
        env: require('./options.json').env, ready: [log({ pattern: '}' + String.fromCharCode(10) })] },
      shell: { command: 'exec node ' + W + '/print-env.mjs ' + require('./options.json').words.map((_, index) => '"$RANDOM_' + index + '"').join(' '), shell: true,
        env: require('./options.json').env, ready: [log({ pattern: '}' + String.fromCharCode(10) })] },`),
      'a.test.js': `${fixtures}
      const values = require('./values.json');
      test.each(['plain', 'shell'])('%s', name => {
        const { env, argv } = JSON.parse(liveWorker(name).logs.text('stdout'));
        expect(values.map((_, index) => env['RANDOM_' + index])).toEqual(values);
        expect(argv.slice(2)).toEqual(values);
      });`,
    },
    async project => {
      const { code, output } = await project.run();
      expect({ seed, code, output: code === 0 ? '' : output }).toEqual({ seed, code: 0, output: '' });
      expect(existsSync(join(project.folder, 'pwned'))).toBe(false);
    },
  );
});
