import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as config from '../src/config.ts';

const names = [
  'command',
  'defineLiveWorkers',
  'file',
  'http',
  'log',
  'module',
  'notify',
  'postgres',
  'rabbitmq',
  'socket',
  'tcp',
  'withLiveWorkers',
];
const root = resolve(__dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'live-worker-config-'));

/** As it is published. */
const bundle = [
  'src/config.ts',
  '--bundle',
  '--platform=node',
  '--format=cjs',
  '--packages=external',
  `--outfile=${join(folder, 'config.js')}`,
];

beforeAll(() => {
  execFileSync(join(root, 'node_modules/.bin/esbuild'), bundle, { cwd: root, stdio: 'pipe' });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the config door exports its functions', () => {
  expect(Object.keys(config).sort()).toEqual(names);
});

test('the compiled config door works with require', () => {
  const script = `
    const { module: moduleProbe, defineLiveWorkers } = require('./config.js');
    const ready = [moduleProbe('./probe.ts')];
    console.log(JSON.stringify(defineLiveWorkers({ workers: { ops: { command: ['worker'], ready } } })));`;
  expect(JSON.parse(run('require.cjs', script))).toEqual({
    liveWorker: {
      workers: { ops: { command: ['worker'], ready: [{ kind: 'module', path: './probe.ts' }] } },
    },
  });
});

test('the compiled config door has named exports for import', () => {
  const script = `
    import { ${names.join(', ')} } from './config.js';
    console.log(JSON.stringify([${names.map(name => `typeof ${name}`).join(', ')}, module('./probe.ts')]));`;
  expect(JSON.parse(run('import.mjs', script))).toEqual([
    ...names.map(() => 'function'),
    { kind: 'module', path: './probe.ts' },
  ]);
});

function run(file: string, script: string): string {
  writeFileSync(join(folder, file), script);
  return execFileSync(process.execPath, [join(folder, file)], { encoding: 'utf8' });
}
