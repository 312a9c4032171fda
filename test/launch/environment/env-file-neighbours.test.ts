import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { parse } from 'dotenv';
import { expand } from 'dotenv-expand';
import { isLiveWorkerError } from '../../../src/errors.ts';
import { resolveEnvironment } from '../../../src/launch/environment/resolve-environment.ts';
import { manual } from '../../readme/read-readme.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { launchInputs, workerSpec } from '../worker-spec.ts';

const inheritedEnv = { HOST: 'db', EMPTY: '' };
const columns = ['here', 'dotenv', 'with dotenv-expand', '`node --env-file`', 'python-dotenv'] as const;
const python = process.env.PYTHON ?? 'python3';
const readByPython = `
import io, json, sys
from dotenv import dotenv_values
print(json.dumps([dotenv_values(stream=io.StringIO(line)).get("A") for line in json.loads(sys.argv[1])]))
`;

/** The table of docs/options.md: each line with what it becomes, by the heads of its columns. */
function readTable(): readonly (readonly [string, Readonly<Record<string, string>>])[] {
  const [, table = ''] = manual.split('<!-- env files -->\n');
  const [head = [], , ...rows] = (table.split('\n\n')[0] ?? '').split('\n').map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  );
  return rows.map(([line = '', ...cells]) => [
    line.slice(1, -1),
    Object.fromEntries(cells.map((cell, index) => [head[index + 1] ?? '', cell])),
  ]);
}

const table = readTable();
const asCell = (value: string | undefined | null) => (value ? `\`${value}\`` : 'nothing');

async function readHere(line: string): Promise<string> {
  const rootDir = temporaryFolder();
  writeFileSync(join(rootDir, '.env'), line);
  const place = { ...launchInputs({ rootDir, inheritedEnv }), cwd: rootDir };
  try {
    const { table } = await resolveEnvironment(workerSpec({ envFiles: ['.env'] }), place);
    return asCell(table.get('A')?.value);
  } catch (error) {
    if (isLiveWorkerError(error) && error.message.includes(`env file "${rootDir}/.env", line 1`))
      return 'refused';
    throw error;
  }
}

function hasPythonDotenv(): boolean {
  try {
    execFileSync(python, ['-c', 'from dotenv import dotenv_values'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('the table compares what env files become in all five columns', () => {
  expect(table.length).toBeGreaterThan(10);
  for (const [, row] of table) expect(Object.keys(row)).toEqual([...columns]);
});

test.each(table)('%s becomes here what the table says', async (line, row) => {
  expect(await readHere(line)).toBe(row.here);
});

test.each(table)('%s becomes in dotenv, dotenv-expand and Node what the table says', (line, row) => {
  const parsed = parse(line);
  expect(asCell(parsed.A)).toBe(row.dotenv);
  const expanded = expand({ parsed: { ...parsed }, processEnv: { ...inheritedEnv } }).parsed;
  expect(asCell(expanded?.A)).toBe(row['with dotenv-expand']);
  expect(asCell(parseEnv(line).A)).toBe(row['`node --env-file`']);
});

const wherePythonHasIt = hasPythonDotenv() ? test : test.skip;

wherePythonHasIt('the lines become in python-dotenv what the table says', () => {
  const lines = table.map(([line]) => line);
  const env = { ...inheritedEnv, PATH: process.env.PATH };
  const output = execFileSync(python, ['-c', readByPython, JSON.stringify(lines)], { env, encoding: 'utf8' });
  const values = JSON.parse(output) as readonly (string | null)[];
  expect(lines.map((line, index) => [line, asCell(values[index])])).toEqual(
    table.map(([line, row]) => [line, row['python-dotenv']]),
  );
});
