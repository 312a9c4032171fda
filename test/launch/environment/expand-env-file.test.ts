import { expandEnvFile } from '../../../src/launch/environment/expand-env-file.ts';
import { readEnvFile } from '../../../src/launch/environment/read-env-file.ts';
import { VariableTable } from '../../../src/launch/environment/variable-table.ts';
import { caught } from '../caught.ts';
import { temporaryFolder } from '../temporary-folder.ts';

function expandText(text: string, inherited: Readonly<Record<string, string>> = {}): VariableTable {
  const rootDir = temporaryFolder({ '.env': text });
  const table = new VariableTable();
  for (const [name, value] of Object.entries(inherited)) table.set(name, value, { layer: 'inherited' });
  table.withhold('NODE_OPTIONS', 'set by Jest or npm');
  const file = readEnvFile('.env', { worker: 'ops', rootDir, cwd: rootDir });
  expandEnvFile('ops', file, { table, later: new Map() });
  return table;
}

const messageOf = async (text: string) => {
  const error = await caught(() => expandText(text, { DB_HOST: 'db' }));
  return [error.code, ...error.message.replace(/"\/[^"]*"/g, '"<file>"').split('\n')];
};
const howTo = 'put the value in single quotes, or write "\\$", where the "$" is meant as it stands';

test.each([
  ["PASS='ab$defgh'", 'ab$defgh'],
  ["PASS='$2b$10$N9qo8uLOickgx2ZMRZoMye'", '$2b$10$N9qo8uLOickgx2ZMRZoMye'],
  ["PASS='${DB_HOST} \\$x'", '${DB_HOST} \\$x'],
  ['PASS="ab\\$defgh"', 'ab$defgh'],
  ['PASS=$2b$10', '$2b$10'],
  ['PASS=`${DB_HOST}`', 'db'],
])('expandEnvFile() makes of %s: %s', (line, value) => {
  expect(expandText(line, { DB_HOST: 'db' }).get('PASS')?.value).toBe(value);
});

test('expandEnvFile() refuses a reference to a variable that is not set, by file and line', async () => {
  expect(await messageOf('A=1\nURL=http://${DB_HOSTS}:${DB_HOST}/\n')).toEqual([
    'ENV_MISSING',
    'Cannot launch worker "ops": env file "<file>", line 2: URL refers to "${DB_HOSTS}", which is not set for the worker',
    '  "DB_HOSTS" is set nowhere; the nearest name is "DB_HOST"',
    `Set it above that line, or write "\${DB_HOSTS:-default}"; ${howTo}`,
  ]);
});

test('expandEnvFile() says when the variable comes further down, or is withheld', async () => {
  expect((await messageOf('A=$LATER\nB=1\nLATER=x'))[2]).toBe(
    '  "LATER" is set only further down, in line 3',
  );
  expect((await messageOf('A=$NODE_OPTIONS'))[2]).toContain('withheld: set by Jest or npm');
  expect((await messageOf('PASSWORD=${DB_HOSTS}'))[2]).toContain('the nearest name is "DB_HOST"');
  expect((await messageOf('A=$A'))[2]).toBe('  "A" is set only further down, in line 1');
});

test.each([
  ['PASS="ab$DEFGH"', 3],
  ['DB_TOKEN=$2b$10$N9qo8uLOickgx2', 7],
  ['NAME=x$defgh', 2],
  ['URL=amqp://u:pa$DEFGH@h', 12],
])('expandEnvFile() never shows the piece of a password behind the "$" of %s', async (line, character) => {
  const error = await caught(() => expandText(line));
  expect(error.message).toContain(
    `has a "$" at character ${character} of its value, before a name that is not set`,
  );
  expect(error.message).toContain(`\nP${howTo.slice(1)}`);
  expect(JSON.stringify([error.message, error.details])).not.toMatch(/defgh|N9qo8/i);
});

test('expandEnvFile() refuses what only begins as a reference', async () => {
  expect(await messageOf('\nA=x${DB_HOST/d/b}')).toEqual([
    'ENV_FILE_INVALID',
    'Cannot launch worker "ops": env file "<file>", line 2: A: the reference at character 2 of its value is never closed, or has no operator that is known',
    `Write "\${NAME}" or "\${NAME:-default}"; ${howTo}`,
  ]);
});

test('expandEnvFile() keeps what it filled in beside where the variable is from', () => {
  const table = expandText('URL=${DB_HOST}:${DB_PORT:-5432}\nB=plain', { DB_HOST: 'db' });
  expect(table.get('URL')?.origin).toMatchObject({
    filledIn: [
      { name: 'DB_HOST', isDefault: false },
      { name: 'DB_PORT', isDefault: true },
    ],
  });
  expect(table.get('B')?.origin).not.toHaveProperty('filledIn');
});
