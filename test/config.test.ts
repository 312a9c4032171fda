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

/** What tsc would write, without its type check, which takes many times as long. */
const transpile = `
  const { readdirSync, readFileSync, writeFileSync, mkdirSync } = require('node:fs');
  const { transpileModule } = require('typescript');
  const [folder] = process.argv.slice(1);
  const { compilerOptions } = JSON.parse(readFileSync('tsconfig.json', 'utf8'));
  const rooms = ['options', 'options/jest-config', 'options/schema', 'secrets', 'text'];
  for (const room of rooms) mkdirSync(folder + '/' + room, { recursive: true });
  const filesOf = room => readdirSync('src/' + room).filter(name => name.endsWith('.ts')).map(name => room + '/' + name);
  for (const file of ['config.ts', 'errors.ts', ...rooms.flatMap(filesOf)]) {
    const fileName = 'src/' + file;
    const source = readFileSync(fileName, 'utf8');
    const { outputText } = transpileModule(source, { fileName, compilerOptions: { ...compilerOptions, module: 'commonjs' } });
    writeFileSync(folder + '/' + file.replace(/ts$/, 'js'), outputText);
  }`;

beforeAll(() => {
  execFileSync(process.execPath, ['-e', transpile, folder], { cwd: root });
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
