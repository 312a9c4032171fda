import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Import, listImports } from './list-imports.ts';

/** What a room may import besides itself; `types of` means that nothing of it is left at run time. See docs/architecture.md. */
const table: Readonly<Record<string, readonly string[]>> = {
  text: [],
  files: ['text'],
  errors: ['text'],
  secrets: ['errors', 'text'],
  options: ['errors', 'text', 'secrets'],
  launch: ['text', 'errors', 'files', 'options', 'secrets'],
  logs: ['text', 'errors', 'files', 'options', 'secrets'],
  probe: ['text', 'errors', 'options', 'secrets', 'logs'],
  process: ['text', 'errors', 'files', 'secrets', 'logs', 'types of launch'],
  records: ['text', 'errors', 'files', 'options', 'secrets', 'process', 'types of launch'],
  watchdog: ['text', 'files', 'process', 'records'],
  coverage: ['text', 'files'],
  tap: ['text', 'errors', 'files'],
  otlp: [],
  server: ['text', 'errors', 'files', 'logs', 'process'],
  service: [
    'text',
    'errors',
    'options',
    'secrets',
    'launch',
    'logs',
    'probe',
    'process',
    'records',
    'types of tap',
    'types of diagnose',
  ],
  diagnose: [
    'text',
    'errors',
    'types of launch',
    'types of process',
    'types of probe',
    'types of tap',
    'types of service',
  ],
  worker: [
    'text',
    'errors',
    'files',
    'options',
    'secrets',
    'launch',
    'logs',
    'probe',
    'process',
    'records',
    'watchdog',
    'coverage',
    'tap',
    'otlp',
    'service',
    'diagnose',
  ],
  session: [
    'text',
    'errors',
    'options',
    'secrets',
    'launch',
    'logs',
    'probe',
    'records',
    'tap',
    'service',
    'diagnose',
    'worker',
    'session/contract',
  ],
  'session/contract': [
    'types of options',
    'types of logs',
    'types of process',
    'types of service',
    'types of tap',
    'types of worker',
  ],
  supervisor: [
    'text',
    'errors',
    'files',
    'options',
    'secrets',
    'launch',
    'logs',
    'probe',
    'process',
    'records',
    'watchdog',
    'types of tap',
    'server',
    'service',
    'diagnose',
    'worker',
  ],
  report: ['text', 'errors', 'files', 'secrets', 'records', 'types of launch'],
  jest: [
    'text',
    'errors',
    'files',
    'options',
    'secrets',
    'probe',
    'records',
    'worker',
    'supervisor',
    'session',
    'session/contract',
    'report',
    'coverage',
  ],
  testing: ['text', 'errors', 'types of options', 'session/contract'],
  command: [
    'text',
    'errors',
    'files',
    'options',
    'secrets',
    'launch',
    'logs',
    'probe',
    'process',
    'records',
    'service',
    'worker',
    'supervisor',
    'session',
    'report',
    'jest',
  ],
};
const mostFiles = 25;
const doors = ['index', 'fixtures', 'config', 'reporter', 'cli'];
/** They start processes of workers, or end them. */
const startsAndStops = ['process/spawn-worker', 'process/tree/kill-tree', 'process/tree/release-tree'];

const folder = resolve(__dirname, '../src');
const sources = new Map(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('.ts'))
    .map(path => [path.slice(0, -3), readFileSync(join(folder, path), 'utf8')]),
);
const imports = [...sources].flatMap(([file, text]) => listImports(file, text));

/** The line of the table a file stands in. */
function roomOf(file: string): string {
  return file in table ? file : (file.split('/')[0] as string);
}

function breaksTable({ from, to, isOurs, isTypeOnly }: Import): boolean {
  if (!isOurs || doors.includes(from)) return false;
  const [home, goal] = [roomOf(from), roomOf(to)];
  const allowed = table[home] ?? [];
  if (goal === home || allowed.includes(goal)) return false;
  return !(isTypeOnly && allowed.includes(`types of ${goal}`));
}

function reachableFrom(door: string): ReadonlySet<string> {
  const reached = new Set([door]);
  for (const file of reached) {
    for (const { from, to, isOurs, isTypeOnly } of imports) {
      if (from === file && isOurs && !isTypeOnly) reached.add(to);
    }
  }
  return reached;
}

const isJest = ({ to, isOurs }: Import) => !isOurs && /^(@jest\/|jest\b)/.test(to);
const asText = ({ from, to }: Import) => `${from} -> ${to}`;

/** The line of a room as docs/architecture.md has it. */
function documentedRooms(): Readonly<Record<string, readonly string[]>> {
  const page = readFileSync(resolve(__dirname, '../docs/architecture.md'), 'utf8');
  const [, rows = ''] = page.split('| room | is about | may import |\n|---|---|---|\n');
  const lines = (rows.split('\n\n')[0] ?? '')
    .split('\n')
    .map(line => line.split('|').map(cell => cell.trim()));
  return Object.fromEntries(
    lines.map(([, room = '', , allowed = '']) => [
      room.replaceAll('`', ''),
      allowed === 'nothing' ? [] : allowed.split(', '),
    ]),
  );
}

test('docs/architecture.md has the same table, in the same order', () => {
  expect(documentedRooms()).toEqual(table);
  expect(Object.keys(documentedRooms())).toEqual(Object.keys(table));
});

test('every folder that "How to add" and the way of the data name exists', () => {
  const page = readFileSync(resolve(__dirname, '../docs/architecture.md'), 'utf8');
  const [way = ''] = page.split('## The labels of tests');
  const named = [...way.matchAll(/`([\w-]+(?:\/[\w-]+)*(?:\/|\.ts))`/g)].map(([, path = '']) => path);
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter(path => !path.includes('NAME') && !isNamed(path))).toEqual([]);
});

/** A path of `src/`, or the name of a file beside the one named before it. */
function isNamed(path: string): boolean {
  if (['src/', 'test/end-to-end/'].includes(path)) return true;
  const files = [...sources.keys()].map(file => `${file}.ts`);
  return files.some(file => (path.endsWith('/') ? file.startsWith(path) : `/${file}`.endsWith(`/${path}`)));
}

test('every relative import of src names a file of src', () => {
  expect(imports.length).toBeGreaterThan(200);
  expect(imports.filter(({ to, isOurs }) => isOurs && !sources.has(to)).map(asText)).toEqual([]);
});

test('every file stands in a room of the table or is a door', () => {
  expect([...sources.keys()].filter(file => !(roomOf(file) in table) && !doors.includes(file))).toEqual([]);
  expect(imports.filter(({ to, isOurs }) => isOurs && doors.includes(to)).map(asText)).toEqual([]);
});

test('the rooms import what the table allows', () => {
  expect(imports.filter(breaksTable).map(asText)).toEqual([]);
});

test.each([
  ['probe/planted', "import { open } from '../session/open.ts';"],
  ['testing/planted', "import { packResult } from '../session/pack-result.ts';"],
  ['process/planted', "import { resolveLaunch, type LaunchPlan } from '../launch/plan.ts';"],
  ['diagnose/planted', "export { pending } from '../probe/probe.ts';"],
  ['options/planted', "const late = () => import('../launch/plan.ts');"],
  ['files/planted', "type Plan = import('../launch/plan.ts').LaunchPlan;"],
])('the table finds a planted import in %s', (file, text) => {
  expect(listImports(file, text).filter(breaksTable)).toHaveLength(1);
});

test('nothing that fixtures.ts reaches at run time imports a package or a builtin of Node', () => {
  const reached = reachableFrom('fixtures');
  expect(reached).toContain('session/contract');
  const foreign = imports.filter(
    ({ from, isOurs, isTypeOnly }) => reached.has(from) && !isOurs && !isTypeOnly,
  );
  expect(foreign.map(asText)).toEqual([]);
});

test('only the environment, the reporter and the room jest import Jest', () => {
  const others = imports
    .filter(isJest)
    .filter(({ from }) => roomOf(from) !== 'jest' && from !== 'index' && from !== 'reporter');
  expect(others.map(asText)).toEqual([]);
});

test('only workers, servers and what ends leftovers stop processes, only workers start as workers do', () => {
  const users = imports.filter(({ to, isTypeOnly }) => startsAndStops.includes(to) && !isTypeOnly);
  const rooms = new Set(users.map(({ from }) => roomOf(from)));
  expect(rooms).toEqual(new Set(['worker', 'watchdog', 'records', 'server']));
  const starters = users.filter(({ to }) => to === 'process/spawn-worker').map(({ from }) => roomOf(from));
  expect(new Set(starters)).toEqual(new Set(['worker']));
});

/** Files that reach themselves, types included. */
function circlesOf(all: readonly Import[]): readonly string[] {
  const next = groupTargets(all);
  return [...next.keys()].filter(start => {
    const reached = new Set(next.get(start));
    for (const file of reached) for (const goal of next.get(file) ?? []) reached.add(goal);
    return reached.has(start);
  });
}

function groupTargets(all: readonly Import[]): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, string[]>();
  for (const { from, to, isOurs } of all) if (isOurs) targets.set(from, [...(targets.get(from) ?? []), to]);
  return targets;
}

test('no file imports itself by way of others, types included', () => {
  expect(circlesOf(imports)).toEqual([]);
  const planted = [
    ...listImports('a', "import type { B } from './b.ts';"),
    ...listImports('b', "import type { C } from './c.ts';"),
    ...listImports('c', "import { a } from './a.ts';"),
  ];
  expect(circlesOf(planted)).toEqual(['a', 'b', 'c']);
});

test(`no folder holds more than ${mostFiles} files`, () => {
  const sizes = new Map<string, number>();
  for (const file of sources.keys()) sizes.set(dirname(file), (sizes.get(dirname(file)) ?? 0) + 1);
  expect([...sizes].filter(([, size]) => size > mostFiles)).toEqual([]);
});

test('doors hold no logic', () => {
  for (const door of doors)
    expect(sources.get(door) ?? '').not.toMatch(/^(export )?(default )?(async )?function\b/m);
});

test('no file is called after what it is not', () => {
  const vague = [...sources.keys()].filter(file =>
    /\b(utils?|helpers?|common|misc|barrel)\b/.test(basename(file)),
  );
  expect(vague).toEqual([]);
});
