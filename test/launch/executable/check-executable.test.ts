import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkExecutable } from '../../../src/launch/executable/check-executable.ts';
import { caught } from '../caught.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function check(content: string | Buffer, env: Record<string, string> = {}, mode = 0o755) {
  const cwd = temporaryFolder({ program: content, 'bin/interpreter': '#!/bin/sh\n' });
  const file = join(cwd, 'program');
  chmodSync(file, mode);
  const place = { worker: 'ops', cwd, env, platform: process.platform };
  return { file, cwd, judge: () => checkExecutable(file, place) };
}

async function refusal(content: string | Buffer, env: Record<string, string> = {}, mode = 0o755) {
  const { file, judge } = await check(content, env, mode);
  const { code, message } = await caught(judge);
  expect(code).toBe('EXECUTABLE_UNUSABLE');
  return message.replaceAll(file, 'FILE');
}

test.each([
  ['#!/bin/sh\n', '/bin/sh'],
  ['#! /bin/sh -e', '/bin/sh'],
  ['#!/usr/bin/env sh\n', expect.stringMatching(/\/sh$/)],
  ['#!/usr/bin/env -S sh -e\n', expect.stringMatching(/\/sh$/)],
  ['#!/usr/bin/env -S A=1 sh\n', expect.stringMatching(/\/sh$/)],
  ['#!/usr/bin/env -S -i sh\n', '/usr/bin/env'],
])('checkExecutable() tells the interpreter of %j', async (content, interpreter) => {
  const { judge } = await check(content, { PATH: '/usr/bin:/bin' });
  expect(await judge()).toEqual({ interpreter });
});

test('checkExecutable() reads a relative interpreter from the cwd, as the kernel does', async () => {
  const { judge, cwd } = await check('#!bin/interpreter\n');
  expect(await judge()).toEqual({ interpreter: join(cwd, 'bin/interpreter') });
  expect(await refusal('#!bin/none\n')).toMatch(
    /has the interpreter "bin\/none" in its first line, which does not exist \(from the cwd: ".*\/bin\/none"\)/,
  );
});

test.each([
  ['empty', '', '"FILE" is empty'],
  [
    'without shebang',
    'import os\n',
    '"FILE" is a text file without a "#!" line, which the kernel does not run',
  ],
  ['with a byte order mark', '\uFEFF#!/bin/sh\n', '"FILE" has a byte order mark before its "#!"'],
  ['with CRLF', '#!/bin/sh\r\n', '"FILE" has a first line that ends in CRLF'],
  ['with CRLF behind env', '#!/usr/bin/env sh\r\n', '"FILE" has a first line that ends in CRLF'],
  ['without a name', '#! \n', '"FILE" has a first line "#!" that names no interpreter'],
  [
    'of a venv that moved',
    '#!/old/.venv/bin/python\n',
    '"FILE" has the interpreter "/old/.venv/bin/python" in its first line, which does not exist',
  ],
  [
    'with a folder for interpreter',
    '#!/usr/bin\n',
    'has the interpreter "/usr/bin" in its first line, which is a directory',
  ],
  [
    'with a text for interpreter',
    '#!/etc/passwd\n',
    'has the interpreter "/etc/passwd" in its first line, which is not executable: its mode is 0644',
  ],
  [
    'not on PATH',
    '#!/usr/bin/env pythn\n',
    'asks "env" for "pythn" in its first line, which is not on the worker\'s PATH',
  ],
  ['with arguments but no -S', '#!/usr/bin/env sh -e\n', 'Write "env -S sh -e"'],
  ['with a bare env', '#!/usr/bin/env\n', 'has a first line that gives "env" no name'],
  ['of unknown bytes', Buffer.from([1, 2, 3, 0]), '"FILE" is in no format the kernel runs'],
  [
    'for macOS',
    Buffer.from('cffaedfe0c000001', 'hex'),
    '"FILE" is a macOS program (Mach-O), and this is linux',
  ],
  ['for Windows', Buffer.from('MZ\x90\0'), '"FILE" is a Windows program, and this is linux'],
])('D23: checkExecutable() refuses a file %s', async (_, content, what) => {
  const message = await refusal(content, { PATH: '/usr/bin:/bin' });
  expect(message).toContain(what);
  expect(message).toMatch(/\n[A-Z].{10,}$/);
});

test('checkExecutable() says what to do', async () => {
  expect((await refusal('#!/bin/sh', {}, 0o644)).split('\n')).toEqual([
    'Cannot launch worker "ops": "FILE" is not executable: its mode is 0644',
    'Run chmod +x "FILE"',
  ]);
});

test('checkExecutable() reads a path behind env from the cwd', async () => {
  const { judge, cwd } = await check('#!/usr/bin/env bin/interpreter\n');
  expect(await judge()).toEqual({ interpreter: join(cwd, 'bin/interpreter') });
  expect(await refusal('#!/usr/bin/env bin/none\n')).toContain(
    'for "bin/none" in its first line, which is no program',
  );
});

test("checkExecutable() looks up env's name on the worker's PATH only", async () => {
  expect(await refusal('#!/usr/bin/env sh\n')).toContain("not on the worker's PATH");
});

test('checkExecutable() refuses directories, pipes and dangling links', async () => {
  const cwd = temporaryFolder({ 'folder/': '' });
  execFileSync('mkfifo', [join(cwd, 'pipe')]);
  symlinkSync('gone', join(cwd, 'link'));
  symlinkSync('loop', join(cwd, 'loop'));
  const place = { worker: 'ops', cwd, env: {}, platform: process.platform };
  const messageFor = async (name: string) =>
    (await caught(() => checkExecutable(join(cwd, name), place))).message;
  expect(await messageFor('folder')).toContain('/folder" is a directory');
  expect(await messageFor('pipe')).toContain('/pipe" is not a regular file');
  expect(await messageFor('link')).toContain('/link" is a symbolic link to "gone", which does not exist');
  expect(await messageFor('loop')).toContain('/loop" cannot be used: ELOOP');
  expect(await messageFor('nothing')).toContain('/nothing" does not exist');
});

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('an ELF program', () => {
  function patched(change: (bytes: Buffer) => Buffer): Buffer {
    return change(readFileSync('/bin/true'));
  }

  test('checkExecutable() accepts one of this system', async () => {
    const { judge, file } = await check(patched(bytes => bytes));
    expect(await judge()).toEqual({});
    expect(spawnSync(file).status).toBe(0);
  });

  test.each([
    ['another machine', 18, 21, 'is built for PowerPC 64 (64 bits), and this machine is x64'],
    ['an unknown machine', 18, 99, 'is built for machine type 99 (64 bits), and this machine is x64'],
    ['another word size', 4, 1, 'is built for x86-64 (32 bits), and this machine is x64'],
    ['the linker', 16, 1, 'is an ELF object file, not a program'],
  ])('D23: checkExecutable() refuses one for %s', async (_, offset, value, what) => {
    if (process.arch !== 'x64') return;
    const bytes = patched(original => {
      original.writeUInt8(value, offset);
      return original;
    });
    expect(await refusal(bytes)).toContain(what);
  });

  test('D23: checkExecutable() names a dynamic loader that is missing, where the kernel says ENOENT', async () => {
    const bytes = patched(original => {
      const at = original.indexOf('/lib64/ld-');
      original.write('/lib64/xx-', at);
      return original;
    });
    expect(await refusal(bytes)).toMatch(/needs the dynamic loader "\/lib64\/xx-.*", which does not exist/);
    const { file } = await check(bytes);
    expect(spawnSync(file).error).toMatchObject({ code: 'ENOENT' });
  });

  test('checkExecutable() refuses a torn one and survives a damaged one', async () => {
    expect(await refusal(patched(bytes => bytes.subarray(0, 40)))).toContain('is a truncated ELF program');
    const { judge } = await check(patched(bytes => bytes.subarray(0, 100)));
    expect(await judge()).toEqual({});
    const { judge: judgeDamaged } = await check(patched(bytes => Buffer.from(bytes.fill(255, 24, 64))));
    expect(await judgeDamaged()).toEqual({});
  });
});

onLinux('an ELF header', () => {
  test.each([
    [8, 1, 1, 'MIPS (32 bits)'],
    [20, 1, 2, 'PowerPC (32 bits)'],
    [21, 2, 1, 'PowerPC 64 (64 bits)'],
    [22, 2, 2, 'S/390 (64 bits)'],
    [40, 1, 1, 'ARM (32 bits)'],
    [183, 2, 1, 'ARM 64 (64 bits)'],
    [243, 2, 1, 'RISC-V (64 bits)'],
    [258, 2, 1, 'LoongArch (64 bits)'],
  ])('D23: checkExecutable() knows machine %i', async (machine, wide, order, name) => {
    if (process.arch !== 'x64') return;
    const message = await refusal(elfHeader({ machine, wide, order }));
    expect(message).toContain(`is built for ${name}, and this machine is x64`);
    expect(message).toMatch(/\n[A-Z].{10,}$/);
  });

  test('D23: checkExecutable() accepts a static 32-bit program, and names the missing loader of a dynamic one', async () => {
    if (process.arch !== 'x64') return;
    const header = elfHeader({ machine: 3, wide: 1, order: 1 });
    expect(await (await check(header)).judge()).toEqual({});
    expect(await refusal(withLoader32(header, '/lib/ld-none.so.2'))).toContain(
      'loader "/lib/ld-none.so.2", which',
    );
  });

  test('checkExecutable() closes what it opens', async () => {
    const { judge } = await check(readFileSync('/bin/true'));
    await judge();
    const open = readdirSync('/proc/self/fd').length;
    for (let index = 0; index < 50; index += 1) await judge();
    expect(readdirSync('/proc/self/fd').length).toBeLessThan(open + 25);
  });

  function elfHeader({ machine, wide, order }: { machine: number; wide: number; order: number }): Buffer {
    const header = Buffer.alloc(64);
    header.write('\x7fELF', 'latin1');
    header.set([wide, order, 1], 4);
    for (const [value, at] of [
      [2, 16],
      [machine, 18],
    ] as const)
      if (order === 1) header.writeUInt16LE(value, at);
      else header.writeUInt16BE(value, at);
    return header;
  }

  /** A second program header, for PT_INTERP, behind one of another type. */
  function withLoader32(header: Buffer, loader: string): Buffer {
    const table = Buffer.alloc(64);
    table.writeUInt32LE(6, 0);
    table.writeUInt32LE(3, 32);
    table.writeUInt32LE(128, 32 + 4);
    table.writeUInt32LE(loader.length + 1, 32 + 16);
    header.writeUInt32LE(64, 28);
    header.writeUInt16LE(32, 42);
    header.writeUInt16LE(2, 44);
    return Buffer.concat([header, table, Buffer.from(`${loader}\0rest`)]);
  }
});

test('checkExecutable() agrees with the kernel about node itself', async () => {
  const cwd = temporaryFolder();
  copyFileSync(process.execPath, join(cwd, 'node'));
  writeFileSync(join(cwd, 'text'), 'x');
  const place = { worker: 'ops', cwd, env: {}, platform: process.platform };
  expect(await checkExecutable(join(cwd, 'node'), place)).toEqual({});
});
