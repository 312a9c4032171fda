import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configFile } from './harness/config-file.ts';
import { failureOf } from './harness/failure-of.ts';
import { type Project, withProject } from './harness/project.ts';

jest.setTimeout(60_000);

const sleeper = `command: ['node', W + '/ready-then-sleep.mjs'], ready: [log({ pattern: 'ready' })]`;
const tellsEnvironment = `
const { writeFileSync } = require('node:fs');
const { liveWorker } = require('jest-environment-live-worker/fixtures');
test('tells', () => writeFileSync(__filename + '.json', JSON.stringify({
  env: liveWorker('ops').env,
  isChild: process.argv[1].endsWith('processChild.js'),
})));`;

/** What the worker of one file got, without what differs from launch to launch. */
async function environmentIn(project: Project, args: readonly string[], options: object) {
  const { code, output } = await project.run({ args, ...options });
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  const told = readFileSync(join(project.folder, 'a.test.js.json'), 'utf8');
  const { env: all, isChild } = JSON.parse(told) as { env: Record<string, string>; isChild: boolean };
  const { LIVE_WORKER_ID, PGAPPNAME, ...env } = all;
  expect([LIVE_WORKER_ID, PGAPPNAME]).toEqual([expect.any(String), expect.any(String)]);
  return { env, isChild };
}

test.each([
  ['a terminal with colours', { terminal: true, env: { TERM: 'xterm-256color' } }, undefined],
  ['FORCE_COLOR of the user', { env: { FORCE_COLOR: '3' } }, '3'],
])('with %s a worker gets the same from a child of Jest as from Jest itself', async (_, options, colours) =>
  withProject(
    {
      'jest.config.js': configFile(`ops: { ${sleeper} },`),
      'a.test.js': tellsEnvironment,
      'b.test.js': tellsEnvironment,
    },
    async project => {
      // Once it knows that the files are fast, Jest starts no children.
      const inChild = await environmentIn(project, ['-w', '2'], options);
      const inBand = await environmentIn(project, ['-i'], options);
      expect([inChild.isChild, inBand.isChild]).toEqual([true, false]);
      expect(inChild.env).toEqual(inBand.env);
      expect(inBand.env.FORCE_COLOR).toBe(colours);
    },
  ),
);

test.each([
  [
    "process.env.BROKER_HOST = 'broker';",
    '"setup.js" of setupFiles may set it, but that does not reach a worker',
  ],
  ["require('dotenv').config();", '"setup.js" of setupFiles may set it, but that does not reach a worker'],
  ['globalThis.x = 1;', 'What a file of setupFiles sets, such as "setup.js", does not reach a worker'],
])('a variable that is missing is not looked for in setupFiles: %s', async (setup, hint) => {
  const { text } = await failureOf({
    'jest.config.js': configFile(`ops: { ${sleeper}, requireEnv: ['BROKER_HOST'] },`, {
      jest: `setupFiles: ['<rootDir>/setup.js'],`,
    }),
    'setup.js': setup,
  });
  expect(text).toContain(
    'LiveWorkerError [ENV_MISSING]: Cannot launch worker "ops": requireEnv names "BROKER_HOST"',
  );
  expect(text).toContain(
    `${hint}: it runs later, with a process.env of its own; set it in globalSetup, an env file or env`,
  );
});

const findsPackages = `
const Module = require('node:module');
const resolve = Module._resolveFilename;
Module._resolveFilename = (name, ...rest) =>
  name === 'only-by-pnp' ? require.resolve('./package-of-pnp.cjs') : resolve(name, ...rest);`;

test('what Yarn put into NODE_OPTIONS reaches a worker, whatever else stands there does not', async () =>
  withProject(
    {
      'jest.config.js': configFile(
        `ops: { command: ['node', 'worker.js'], ready: [log({ pattern: 'consuming' })] },`,
      ),
      'a folder/.pnp.cjs': findsPackages,
      'a folder/package-of-pnp.cjs': "module.exports = 'consuming';",
      'other.cjs': '',
      'worker.js': `
      if (process.env.NODE_OPTIONS.includes('other')) process.exit(3);
      console.log(require('only-by-pnp'));
      setTimeout(() => {}, 60_000);`,
      'a.test.js': "test('is there', () => {});",
    },
    async project => {
      const NODE_OPTIONS = `--require "${project.folder}/a folder/.pnp.cjs" --require ${project.folder}/other.cjs`;
      const { code, output } = await project.run({ env: { NODE_OPTIONS } });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));

test('a package that is not found tells what of NODE_OPTIONS the worker does not get', async () => {
  const { text } = await failureOf(
    {
      'jest.config.js': configFile(
        `ops: { command: ['node', 'worker.js'], ready: [log({ pattern: 'consuming' })] },`,
      ),
      'worker.js': "require('only-by-a-loader');",
    },
    { env: { NODE_OPTIONS: '--no-warnings' } },
  );
  expect(text).toContain('cause:  Node found no package "only-by-a-loader"');
  expect(text).toContain(
    "change: or, if it is found by what Jest has in NODE_OPTIONS and workers do not get: env: { NODE_OPTIONS: '--no-warnings' }",
  );
});
