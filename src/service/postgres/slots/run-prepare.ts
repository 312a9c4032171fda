import { delimiter, join } from 'node:path';
import { LiveWorkerError } from '../../../errors.ts';
import { runCommand } from '../../../process/run-command.ts';
import { Secrets } from '../../../secrets/secrets.ts';
import type { SlotMove } from '../../slot.ts';
import { moveDatabaseUrl, moveDatabaseVariables, placeOfDatabase } from './move-database.ts';
import type { PrepareOrder } from './prepare-order.ts';
import type { TemplateContext } from './template.ts';

const limitMs = 10 * 60_000;
const linesShown = 20;

/** Runs the command in the environment of a worker that uses the database of that name. @throws PREPARE_FAILED with what it wrote */
export async function runPrepare(
  { url, stopping }: TemplateContext,
  { command, rootDir, order }: PrepareOrder,
  name: string,
): Promise<void> {
  const { surroundings } = order;
  const place = placeOfDatabase(url, surroundings);
  const env = environmentFor({ place, name }, order, rootDir);
  const { code, output, lastLine } = await runCommand(command, {
    cwd: rootDir,
    env,
    timeoutMs: limitMs,
    signal: stopping,
    outputLimit: 1024 ** 2,
  });
  if (code === 0) return;
  const lines = (output || lastLine).split('\n');
  const quoted = lines.slice(-linesShown).map(line => `    | ${line}`);
  const secrets = new Secrets(Object.entries(env));
  throw new LiveWorkerError(
    'PREPARE_FAILED',
    secrets.mask(
      [
        `Cannot make a template: ${command.join(' ')} ${code === undefined ? 'did not end by itself' : `exited with code ${code}`}`,
        `its output${lines.length > linesShown ? `, the last ${linesShown} of ${lines.length} lines` : ''}:`,
        ...quoted,
        'What it made is dropped again. It ran in rootDir with the variables of the worker, those of its database led to the template',
      ].join('\n'),
    ),
    { details: { command, code: code ?? null } },
  );
}

function environmentFor(
  move: SlotMove,
  { surroundings, env: slotEnv }: PrepareOrder['order'],
  rootDir: string,
): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(surroundings.env)) {
    if (value !== undefined) env[name] = moveDatabaseUrl(value, move, surroundings) ?? value;
  }
  Object.assign(env, moveDatabaseVariables(move, surroundings));
  for (const [name, text] of Object.entries(slotEnv)) {
    if (!text.includes('${slot.vhost}')) env[name] = text.replaceAll('${slot.database}', move.name);
  }
  return { ...env, PATH: [join(rootDir, 'node_modules', '.bin'), env.PATH ?? ''].join(delimiter) };
}
