import type { LiveWorkerError } from '../../errors.ts';
import { findRelatedName } from '../../text/find-nearest-name.ts';
import { launchError } from '../launch-error.ts';
import type { VariableOrigin } from '../plan.ts';
import type { EnvFile } from './read-env-file.ts';
import type { VariableTable } from './variable-table.ts';

/** What is known when a variable turns out to be missing. */
export interface MissingContext {
  readonly worker: string;
  readonly table: VariableTable;
  readonly files: readonly EnvFile[];
}

/** Refuses the launch when a variable is unset or empty, naming all of them at once. @throws LiveWorkerError ENV_MISSING */
export function requireVariables(names: readonly string[], context: MissingContext): void {
  const missing = names.filter(name => !context.table.get(name)?.value);
  if (missing.length === 0) return;
  const quoted = missing.map(name => `"${name}"`).join(', ');
  throw variablesMissing(missing, context, `requireEnv names ${quoted}, not set for the worker`);
}

/** The error for variables the worker lacks: for each why it is missing, then the env files that were read. */
export function variablesMissing(
  names: readonly string[],
  context: MissingContext,
  what: string,
): LiveWorkerError {
  const { worker, table, files } = context;
  const withheld = table.withheld().filter(({ name }) => names.includes(name));
  const isNarrowed = withheld.some(({ why }) => why === 'not in inherit');
  const them = names.length === 1 ? 'it' : 'them';
  const orInherit = isNarrowed ? `, or list what Jest has in workers.${worker}.inherit` : '';
  return launchError('ENV_MISSING', worker, {
    what,
    tried: [...names.map(name => `"${name}" ${whyMissing(name, table)}`), ...describeFiles(files)],
    next: `Set ${them} in an env file or in workers.${worker}.env${orInherit}`,
    details: { names, withheld, files: files.map(({ file }) => file) },
  });
}

/** What became of a variable that the worker does not have. */
export function whyMissing(name: string, table: VariableTable): string {
  const variable = table.get(name);
  if (variable !== undefined) return `is set by ${describeLayer(variable.origin)}, but empty`;
  const why = table.withheld().find(other => other.name === name)?.why;
  if (why === 'unset by env' || why === 'unset by restart') return `was ${why}`;
  if (why !== undefined) return `is in Jest's environment, but withheld: ${why}`;
  const nearest = findRelatedName(name, [...table.values().keys()]);
  return nearest === undefined ? 'is set nowhere' : `is set nowhere; the nearest name is "${nearest}"`;
}

function describeLayer(origin: VariableOrigin): string {
  if (origin.layer === 'env-file') return `"${origin.file}" line ${origin.line}`;
  return origin.layer === 'inherited' ? "Jest's environment" : `the layer "${origin.layer}"`;
}

function describeFiles(files: readonly EnvFile[]): readonly string[] {
  if (files.length === 0) return ['no env file was read'];
  return files.map(({ file, variables }) => `env file "${file}" was read: ${variables.length} variables`);
}
