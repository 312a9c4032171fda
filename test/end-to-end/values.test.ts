import { existsSync } from 'node:fs';
import { join } from 'node:path';
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
