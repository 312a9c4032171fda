import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileCoverage } from '../../../src/coverage/file-coverage.ts';
import { fillCounts } from '../../../src/coverage/node/fill-counts.ts';
import { nodeScripts } from '../../../src/coverage/node/node-scripts.ts';
import { originalsOf } from '../../../src/coverage/node/originals.ts';
import { RunCounts } from '../../../src/coverage/node/run-counts.ts';
import { readDump } from '../../../src/coverage/node/v8-dump.ts';
import { requireOfJest } from '../../../src/jest/jest-module-loader.ts';

const { createInstrumenter } = requireOfJest(__dirname, [
  '@jest/reporters/package.json',
  'istanbul-lib-instrument',
]) as {
  createInstrumenter(options: object): {
    instrumentSync(code: string, path: string): string;
    lastFileCoverage(): FileCoverage;
  };
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lw-counts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Counted {
  readonly byIstanbul: FileCoverage;
  readonly byV8: FileCoverage;
}

/** The same program twice: as Istanbul instruments it, and as V8 counts it. */
function count(program: string): Counted {
  const path = join(folder, 'program.js');
  const counted = join(folder, 'counted.json');
  const instrumenter = createInstrumenter({ esModules: false });
  const instrumented = instrumenter.instrumentSync(program, path);
  const map = instrumenter.lastFileCoverage();
  const report = `require('node:fs').writeFileSync(${JSON.stringify(counted)}, JSON.stringify(globalThis.__coverage__));`;
  writeFileSync(path, `${instrumented}\nprocess.on('exit', () => { ${report} });`);
  run(path, {});
  const byIstanbul = (JSON.parse(readFileSync(counted, 'utf8')) as Record<string, FileCoverage>)[path];
  writeFileSync(path, program);
  run(path, { NODE_V8_COVERAGE: folder });
  const dumps = readdirSync(folder)
    .filter(name => name.startsWith('coverage-'))
    .map(name => readDump(join(folder, name)));
  const [script] = nodeScripts(dumps, []).filter(one => one.path === path);
  const [original] = script ? originalsOf(script) : [];
  if (!script || !original || !byIstanbul) throw new Error('the program was not measured');
  return { byIstanbul, byV8: fillCounts(map, new RunCounts(script), original.offsetOf) };
}

function run(path: string, env: Record<string, string>): void {
  const { status, stderr } = spawnSync(process.execPath, [path], {
    env: { PATH: process.env.PATH ?? '', ...env },
    timeout: 20_000,
  });
  if (status !== 0) throw new Error(String(stderr));
}

test.each([
  [
    'if with and without else',
    'function f(n) { if (n > 1) { n += 1; } if (n > 5) return 1; else if (n > 3) n = 2; else { n = 0; } return n; }\nf(1); f(2); f(9);',
  ],
  [
    'a test that holds a function',
    'function f(list) { if (list.some(x => x > 1)) list.pop(); }\nf([0, 0, 0]); f([0, 2]);',
  ],
  ['an empty body', 'function f(n) { if (n) {} if (n) {} else n = 2; }\nf(0); f(1); f(0);'],
  ['arrows that give arrows', 'const add = a => b => a + b;\nconst one = add(1);\none(1); one(2); add(3);'],
  [
    'functions that never run',
    'const a = () => 1;\nfunction b() { return () => 2; }\nclass C { #x = () => 3; d() { return this.#x(); } static async e() { await 1; return 4; } get f() { return 5; } }\nnew C();',
  ],
  [
    'methods',
    'class C { #x = 1; d() { return this.#x; } static async e() { await 1; return 4; } get f() { return 5; } *g() { yield 1; yield 2; } }\nnew C().d(); new C().f; C.e(); for (const x of new C().g()) { break; }',
  ],
  [
    'switch',
    "const f = x => { switch (x) { case 1: return 'a'; case 2: x += 1; case 3: x += 1; break; default: x = 0; } return x; };\nf(1); f(2); f(4); f(4);",
  ],
  ['conditions', 'const f = (a, b) => (a && b ? a || b : b ?? a);\nf(0, 1); f(1, 0); f(1, 1);'],
  [
    'loops and throws',
    'function f(n) { for (let i = 0; i < n; i += 1) { if (i === 2) continue; if (i === 4) break; try { if (i) throw new Error("x"); n += 0; } catch { n += 0; } finally { n -= 0; } } while (n > 100) n -= 1; do { n -= 1; } while (n > 0); }\nf(6); f(1);',
  ],
  [
    'async',
    'async function f(n) { const x = await n; if (x) throw new Error("x"); const y = await x; return y; }\nf(0).catch(() => {}); f(1).catch(() => {});',
  ],
  [
    'nested functions',
    'function outer(n) { function inner(m) { return m ? [1, 2].map(x => x * m) : []; } return n ? inner(n) : undefined; }\nouter(0); outer(1); outer(2);',
  ],
  [
    'takes between',
    "const v8 = require('node:v8'); const wait = () => { for (const at = Date.now(); Date.now() < at + 3; ); }; const takeCoverage = () => { wait(); v8.takeCoverage(); wait(); };\nfunction a(n) { if (n) return [n].map(x => x + 1); return 0; }\nfunction b(n) { return a(n) ? () => 1 : 2; }\na(0); takeCoverage(); a(1); takeCoverage(); takeCoverage(); b(1)(); takeCoverage(); b(0);",
  ],
])('the counts of V8 are those of Istanbul: %s', (_what, program) => {
  const { byIstanbul, byV8 } = count(program);
  expect({ s: byV8.s, f: byV8.f, b: byV8.b }).toEqual({ s: byIstanbul.s, f: byIstanbul.f, b: byIstanbul.b });
});
