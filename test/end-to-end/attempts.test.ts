import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configFile, fixtures } from './harness/config-file.ts';
import { withProject } from './harness/project.ts';

jest.setTimeout(90_000);

const sleeper = `ops: { command: ['node', W + '/ready-then-sleep.mjs'], ready: [log({ pattern: 'ready' })] },`;
/** `status()` is PENDING at first and DONE from the third call on. */
const prelude = `${fixtures}
const later = (calls = 3) => { let n = 0; return () => { n += 1; return n < calls ? 'PENDING' : 'DONE'; }; };
const pass = () => new Promise(resolve => setTimeout(resolve, 5));
`;
const tests = `
test('inline', async () => {
  const status = later();
  await eventually(() => expect(status()).toMatchInlineSnapshot('"DONE"'));
});
test('in a file', async () => {
  const status = later();
  await eventually(async () => { await pass(); expect(status()).toMatchSnapshot(); });
  expect('second').toMatchSnapshot();
});
test('errors', async () => {
  const status = later();
  await eventually(() => expect(() => { throw new Error(status()); }).toThrowErrorMatchingInlineSnapshot('"DONE"'));
});
test('assertions', async () => {
  expect.assertions(2);
  const status = later();
  await eventually(async () => { expect(1).toBe(1); await pass(); expect(status()).toBe('DONE'); });
});
test('assertions that are called in the attempt', async () => {
  const status = later();
  await eventually(() => { expect.assertions(1); expect(status()).toBe('DONE'); });
});
test('together', async () => {
  expect.assertions(3);
  const [one, two] = [later(2), later(5)];
  await Promise.all([
    eventually(async () => { await pass(); expect(one()).toBe('DONE'); }),
    eventually(async () => { await pass(); expect(two()).toBe('DONE'); }),
    eventually(() => expect(1).toBe(1)),
  ]);
});
test('nested', async () => {
  expect.assertions(2);
  const outer = later(2);
  await eventually(async () => {
    const inner = later(2);
    await eventually(() => expect(inner()).toBe('DONE'));
    expect(outer()).toBe('DONE');
  });
});
test('hasAssertions', async () => {
  expect.hasAssertions();
  const status = later();
  await eventually(() => expect(status()).toBe('DONE'));
});
`;
const failing = `
test('inline, never', async () => {
  await eventually(() => expect('PENDING').toMatchInlineSnapshot('"DONE"'), { timeoutMs: 100 });
});
test('too many', async () => {
  expect.assertions(1);
  const status = later();
  await eventually(() => { expect(1).toBe(1); expect(status()).toBe('DONE'); });
});
test('hasAssertions, none held', async () => {
  expect.hasAssertions();
  let n = 0;
  await eventually(() => { n += 1; if (n < 3) expect(n).toBe(3); });
});
`;
const stored = `exports[\`in a file 1\`] = \`"DONE"\`;\n\nexports[\`in a file 2\`] = \`"second"\`;\n`;

test.each([
  ['the global expect', prelude],
  ['that of @jest/globals', `${prelude}const { expect, test } = require('@jest/globals');\n`],
])('only the attempt that held counts, in assertions and snapshots, with %s', async (_, head) =>
  withProject(
    {
      'jest.config.js': configFile(sleeper, { jest: head === prelude ? '' : 'injectGlobals: false,' }),
      'a.test.js': head + tests,
      'b.test.js': head + failing,
      '__snapshots__/a.test.js.snap': `// Jest Snapshot v1, https://jestjs.io/docs/snapshot-testing\n\n${stored}`,
    },
    async ({ run, folder }) => {
      const { results, output } = await run({ args: ['-i', '--ci'] });
      const failed = results?.testResults.flatMap(({ assertionResults }) =>
        assertionResults
          .filter(({ status }) => status !== 'passed')
          .map(({ fullName, failureMessages }) => [fullName, failureMessages.join('\n')]),
      );
      expect({ failed, output: failed ? '' : output }).toEqual({
        failed: [
          [
            'inline, never',
            expect.stringMatching(/eventually: still failing after[\s\S]*toMatchInlineSnapshot/),
          ],
          ['too many', expect.stringContaining('received two assertion calls')],
          ['hasAssertions, none held', expect.stringContaining('at least one assertion')],
        ],
        output: '',
      });
      expect(output).toMatch(/Snapshots: +1 failed, 4 passed, 5 total/);
      expect(readFileSync(join(folder, 'a.test.js'), 'utf8')).toBe(head + tests);
      expect(readFileSync(join(folder, '__snapshots__/a.test.js.snap'), 'utf8')).toContain(stored);
    },
  ),
);

test('--updateSnapshot writes what never matched, and not what was on its way to match', async () => {
  const body = (wanted: string) => `${prelude}
test('on its way', async () => {
  const status = later();
  await eventually(() => expect(status()).toMatchInlineSnapshot('"DONE"'));
});
test('new', async () => {
  const status = later();
  await eventually(() => expect(status()).toMatchInlineSnapshot(\`${wanted}\`), { timeoutMs: 200 });
});
`;
  await withProject(
    { 'jest.config.js': configFile(sleeper), 'a.test.js': body('"OLD"') },
    async ({ run, folder }) => {
      const { code, output } = await run({ args: ['-i', '--updateSnapshot'] });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(readFileSync(join(folder, 'a.test.js'), 'utf8')).toBe(body('"DONE"'));
      expect(output).toMatch(/Snapshots: +1 updated, 1 passed, 2 total/);
    },
  );
});

const odd = `
const short = { timeoutMs: 60 };
test('frozen', () => eventually(() => { throw Object.freeze(new TypeError('it is frozen')); }, short));
test('getter', () => eventually(() => {
  throw new (class Fixed extends Error { get message() { return 'it is fixed'; } })();
}, short));
test('node', () => eventually(() => require('fs').readFileSync('/nowhere'), short));
test('aborted', () => eventually(() => AbortSignal.abort().throwIfAborted(), short));
`;

test('whatever error the last attempt threw is told with how long it was tried', async () =>
  withProject({ 'jest.config.js': configFile(sleeper), 'a.test.js': prelude + odd }, async ({ run }) => {
    const { results, output } = await run({ args: ['-i'] });
    if (!results) throw new Error(output);
    const messages = results.testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ failureMessages }) => failureMessages.join('\n')),
    );
    const told = ['it is frozen', 'it is fixed', 'ENOENT: no such file', 'operation was aborted'];
    expect(messages).toEqual(
      told.map(text =>
        expect.stringMatching(new RegExp(`eventually: still failing after \\d+ ms[^\\n]*\\n\\n.*${text}`)),
      ),
    );
  }));
