import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { expand } from 'dotenv-expand';
import fc from 'fast-check';
import { isLiveWorkerError } from '../../../src/errors.ts';
import { resolveEnvironment } from '../../../src/launch/environment/resolve-environment.ts';
import type { LaunchPlan } from '../../../src/launch/plan.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { workerSpec } from '../worker-spec.ts';
import { envFileText } from './env-file-text.ts';

let rootDir: string;
beforeEach(() => {
  rootDir = temporaryFolder();
});
const own = /^(?:LIVE_WORKER_ID|PYTHON\w+|SPT_NOENV|PGAPPNAME)$/;

interface Read {
  readonly env: Readonly<Record<string, string>>;
  readonly provenance: LaunchPlan['provenance'];
}

/** What a worker gets of files with these contents, in that order. */
async function readFiles(contents: readonly (string | Uint8Array)[]): Promise<Read> {
  const envFiles = contents.map((_, index) => `${index}.env`);
  contents.forEach((content, index) => {
    writeFileSync(join(rootDir, `${index}.env`), content);
  });
  const { table } = await resolveEnvironment(workerSpec({ envFiles, inherit: 'none' }), {
    rootDir,
    cwd: rootDir,
    inheritedEnv: {},
    id: 'x',
    applicationName: 'x',
  });
  const ofFiles = ([name]: readonly [string, unknown]) => !own.test(name);
  return {
    env: Object.fromEntries([...table.values()].filter(ofFiles)),
    provenance: Object.fromEntries([...table.origins()].filter(ofFiles)),
  };
}

/** The same, or the file and the line that the refusal names. */
async function tryFiles(contents: readonly (string | Uint8Array)[]): Promise<Read | string> {
  try {
    return await readFiles(contents);
  } catch (error) {
    if (!isLiveWorkerError(error) || !['ENV_FILE_INVALID', 'ENV_MISSING'].includes(error.code)) throw error;
    return /env file "[^"]*\/(\d+\.env)", line \d+: \S/.exec(error.message)?.[1] ?? error.message;
  }
}

const name = fc.constantFrom('A', 'B', 'C', 'a.b-c', 'LONG_NAME');
const plainValue = fc.stringMatching(/^[\w /:@.%+é😀-]{0,12}$/u);
const quote = fc.constantFrom('', '"', "'", '`');
const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\n\n', ' # note\n');
const assignment = fc
  .tuple(
    fc.constantFrom('', 'export ', '  '),
    name,
    fc.constantFrom('=', ' = ', ': '),
    quote,
    plainValue,
    lineEnd,
  )
  .map(([before, key, sign, mark, value, end]) => `${before}${key}${sign}${mark}${value}${mark}${end}`);
const goodFile = fc.array(assignment, { maxLength: 6 }).map(lines => lines.join(''));

test('several env files give what dotenv makes of each, the later ones on top, each variable from its own file', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(goodFile, { minLength: 1, maxLength: 4 }), async contents => {
      const { env, provenance } = await readFiles(contents);
      const parsed = contents.map(content => parse(content));
      expect(env).toEqual(Object.assign({}, ...parsed));
      for (const [key, origin] of Object.entries(provenance)) {
        const last = parsed.findLastIndex(variables => Object.hasOwn(variables, key));
        if (origin.layer !== 'env-file') throw new Error(`${key} is from ${origin.layer}`);
        expect(origin.file).toBe(join(rootDir, `${last}.env`));
        expect(contents[last]?.split(/\r\n?|\n/)[origin.line - 1]).toContain(key);
      }
    }),
    { numRuns: 250 },
  );
});

test('whatever bytes a file has: what dotenv makes of it, or a refusal that names that file and a line', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 120 }),
    envFileText,
    fc.string({ unit: 'binary', maxLength: 60 }).map(text => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(goodFile, bytes, goodFile, async (before, content, after) => {
      const found = await tryFiles([before, content, after]);
      if (typeof found === 'string') return expect(found).toBe('1.env');
      const text = Buffer.from(content)
        .toString()
        .replace(/^\uFEFF/, '');
      const names = [before, text, after].flatMap(file => Object.keys(parse(file)));
      expect(Object.keys(found.env).sort()).toEqual([...new Set(names)].sort());
    }),
    { numRuns: 400 },
  );
});

test('a quote that one file leaves open never takes in the next file', async () => {
  for (const open of ['A="x', "A='x\n", 'A=`x\nB=1', 'B="'])
    expect(await tryFiles([open, 'C=1"\nD=2', "E=3'"])).toBe('0.env');
});

test('whatever stands between single quotes arrives as it is, and nothing is ever dropped without a word', async () => {
  const text = fc.stringMatching(/^[\w$&*!{}()<>|;,.:\\@%^+=~# "-]{1,20}$/).filter(raw => raw.trim() === raw);
  await fc.assert(
    fc.asyncProperty(text, async password => {
      expect((await readFiles([`PASS='${password}'\n`])).env.PASS).toBe(password);
      const unquoted = await tryFiles([`PASS=${password}\n`]);
      if (typeof unquoted === 'string') return;
      const { PASS = '' } = unquoted.env;
      const comment = /^"(?:\\"|[^"])*"#/.test(password) ? /#[^"]*$/ : / +#.*$/;
      const dropped = password.replace(comment, '').length - PASS.length;
      const syntax = password.startsWith('"') ? 2 : (password.match(/\\\$/g) ?? []).length;
      const defaults = /\$\{\w+:?[-+]/.test(password);
      expect({ password, PASS, isKept: defaults || dropped <= syntax }).toMatchObject({ isKept: true });
    }),
    { numRuns: 1000, examples: [['""#'], ['"ab"#cd'], ['"ab"#cd"'], ['""#"}']] },
  );
});

test('references are filled in as by dotenv-expand, from the lines and files before', async () => {
  const key = fc.constantFrom('A', 'B', 'C');
  const seed = { A: 'a', B: 'b', C: '' };
  const piece = fc.oneof(
    fc.stringMatching(/^[\w/:@. ]{0,6}$/),
    key.map(to => `$${to}/`),
    key.map(to => `\${${to}}`),
    fc.tuple(key, fc.stringMatching(/^[\w/:@.]{0,6}$/)).map(([to, other]) => `\${${to}:-${other}}`),
  );
  const file = fc.array(
    fc.tuple(
      key,
      fc
        .array(piece, { maxLength: 4 })
        .map(pieces => pieces.join(''))
        .filter(text => text.trim() === text),
    ),
    { maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(file, file, async (first, second) => {
      const once = [first, second].map(lines => [...new Map(lines)]);
      const { env } = await readFiles(
        [Object.entries(seed), ...once].map(lines =>
          lines.map(([to, value]) => `${to}="${value}"\n`).join(''),
        ),
      );
      const expected: Record<string, string> = { ...seed };
      for (const [to, value] of once.flat()) {
        const { parsed = {} } = expand({ parsed: { RESULT: value }, processEnv: { ...expected } });
        expected[to] = parsed.RESULT ?? '';
      }
      expect(env).toEqual(expected);
    }),
    { numRuns: 250 },
  );
});
