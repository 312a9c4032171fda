import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describeReplayLine } from '../../../src/command/replay/replay-line.ts';
import type { ReplayPlan } from '../../../src/command/replay/replay-plan.ts';
import { caught } from '../../launch/caught.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), "live worker's $HOME-")));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const printer = [
  process.execPath,
  '-e',
  'console.log(JSON.stringify([process.cwd(), process.env, process.argv.slice(1)]))',
];

function launch(changes: Partial<ReplayPlan> = {}): ReplayPlan {
  return {
    path: '/app/ops.launch.ndjson',
    command: [...printer, 'one'],
    cwd: folder,
    env: { A: '1' },
    masked: [],
    isCommandMasked: false,
    ...changes,
  };
}

function paste(replayed: ReplayPlan, env: Readonly<Record<string, string>> = {}) {
  const { line } = describeReplayLine(replayed);
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', line], { env, encoding: 'utf8', cwd: '/' });
  return { status, printed: stdout === '' ? undefined : JSON.parse(stdout), stderr };
}

const value = fc
  .string({ unit: fc.constantFrom(...'\'"$`\\!*=~#;&|<>() \t\n\raé😀'), maxLength: 30 })
  .filter(text => !text.includes('\0'));

test('describeReplayLine() repeats cwd, environment and argv, whatever is in them', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[A-Z_]{1,8}$/), value, { maxKeys: 4 }),
      value,
      (env, word) => {
        const { printed, stderr } = paste(launch({ env, command: [...printer, '--', word] }), {
          SHELL_ONLY: 'x',
        });
        expect({ printed, stderr }).toEqual({ printed: [folder, { ...env }, [word]], stderr: '' });
      },
    ),
    { numRuns: 25 },
  );
});

const oddName = fc
  .oneof(
    fc.constantFrom(
      '-S id',
      '-i',
      '-',
      '--',
      '-u',
      '--split-string',
      '-C /',
      ' ',
      'a b',
      '"',
      "'",
      '$HOME',
      '\n',
    ),
    fc.string({ unit: fc.constantFrom(...'-\'"$`\\!*~#;&|<>() \t\naSé'), minLength: 1, maxLength: 8 }),
  )
  .filter(name => name.trim() !== '');

test('describeReplayLine() makes no name of a variable an option of env', () => {
  fc.assert(
    fc.property(fc.dictionary(oddName, value, { minKeys: 1, maxKeys: 3 }), env => {
      const { printed, stderr } = paste(launch({ env }));
      expect({ printed, stderr }).toEqual({ printed: [folder, { ...env }, ['one']], stderr: '' });
    }),
    { numRuns: 40 },
  );
  const { printed } = paste(launch({ env: {}, masked: ['-S id'] }));
  expect(printed).toEqual([folder, { '-S id': '' }, ['one']]);
});

test('describeReplayLine() takes a secret from the shell, and stops where the shell has none', () => {
  const secret = launch({ masked: ['API_TOKEN'] });
  const value = 'it\'s "$HOME" `x`\nnext';
  expect(paste(secret, { API_TOKEN: value }).printed).toEqual([
    folder,
    { A: '1', API_TOKEN: value },
    ['one'],
  ]);
  expect(paste(secret)).toMatchObject({ printed: undefined, stderr: expect.stringContaining('API_TOKEN') });
  expect(describeReplayLine(secret).fromShell).toEqual(['API_TOKEN']);
});

test('describeReplayLine() runs a program with "=" in its path', () => {
  const place = join(folder, 'a=b');
  mkdirSync(place);
  symlinkSync(process.execPath, join(place, 'node'));
  const { printed, stderr } = paste(
    launch({ command: [join(place, 'node'), ...printer.slice(1), 'two words'] }),
  );
  expect({ printed, stderr }).toEqual({
    printed: [folder, { A: '1', PWD: folder }, ['two words']],
    stderr: '',
  });
});

test('describeReplayLine() prints no command that holds a secret', async () => {
  expect(await caught(() => describeReplayLine(launch({ isCommandMasked: true })))).toMatchObject({
    code: 'REPLAY_IMPOSSIBLE',
    message: expect.stringContaining('--secrets'),
  });
});
