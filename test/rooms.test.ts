import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Import, listImports } from './list-imports.ts';

/** DESIGN, section 10: what a room may import besides itself; `types of` means that nothing of it is left at run time. */
const table: Readonly<Record<string, readonly string[]>> = {
  text: [],
  errors: ['text'],
  spec: ['errors'],
  timeline: ['text', 'types of spec'],
  launch: ['text', 'errors', 'spec'],
  process: ['errors', 'types of launch'],
  watchdog: ['text', 'process'],
  probe: ['errors', 'spec'],
  diagnose: ['errors', 'spec', 'types of launch', 'types of process', 'types of probe'],
  session: [
    'text',
    'errors',
    'spec',
    'timeline',
    'launch',
    'process',
    'watchdog',
    'probe',
    'diagnose',
    'session/contract',
  ],
  command: ['text', 'errors', 'spec', 'launch', 'process', 'probe', 'session'],
  'session/contract': ['types of spec', 'types of process'],
  testing: ['errors', 'types of spec', 'session/contract'],
  report: ['timeline'],
};
const doors = ['index', 'fixtures', 'config', 'reporter', 'cli'];
const knowsJest = [
  'index',
  'reporter',
  'session/test-events',
  'session/jest-module-loader',
  'session/node-environment',
];
const startsAndStops = ['process/spawn-worker', 'process/kill-tree', 'process/release-tree'];

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

const isJest = ({ to }: Import) => /^(@jest\/|jest\b)/.test(to);
const asText = ({ from, to }: Import) => `${from} -> ${to}`;

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
  ['testing/planted', "import { carry } from '../session/carry.ts';"],
  ['process/planted', "import { resolveLaunch, type LaunchPlan } from '../launch/plan.ts';"],
  ['diagnose/planted', "export { pending } from '../probe/probe.ts';"],
  ['spec/planted', "const late = () => import('../launch/plan.ts');"],
  ['timeline/planted', "type Plan = import('../launch/plan.ts').LaunchPlan;"],
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

test('only the environment, the reporter and the two files that speak with Jest import Jest', () => {
  expect(
    imports
      .filter(isJest)
      .filter(({ from }) => !knowsJest.includes(from))
      .map(asText),
  ).toEqual([]);
});

test('only session starts processes, and only session and the watchdog stop them', () => {
  const users = imports.filter(({ to, isTypeOnly }) => startsAndStops.includes(to) && !isTypeOnly);
  expect(new Set(users.map(({ from }) => roomOf(from)))).toEqual(new Set(['session', 'watchdog']));
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
