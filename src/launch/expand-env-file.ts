import { expandValue } from './expand-value.ts';
import type { EnvFileVariable } from './parse-env-file.ts';
import { type EnvFile, envFileMalformed } from './read-env-file.ts';
import type { OriginatedVariable, VariableTable } from './variable-table.ts';

/**
 * Sets the variables of an env file in order, so that each refers to those before it and to what was inherited.
 * A reference to a variable that `later` layers set takes their value, because the worker will.
 * @throws LiveWorkerError ENV_FILE_INVALID
 */
export function expandEnvFile(
  worker: string,
  { file, variables }: EnvFile,
  {
    table,
    later,
  }: { readonly table: VariableTable; readonly later: ReadonlyMap<string, OriginatedVariable> },
): void {
  const scope = table.values();
  for (const [name, { value }] of later) scope.set(name, value);
  for (const variable of variables) {
    const value = expandOne(worker, file, { variable, scope });
    table.set(variable.name, value, { layer: 'env-file', file, line: variable.line });
    if (!later.has(variable.name)) scope.set(variable.name, value);
  }
}

function expandOne(
  worker: string,
  file: string,
  { variable, scope }: { readonly variable: EnvFileVariable; readonly scope: ReadonlyMap<string, string> },
): string {
  try {
    return expandValue(variable.value, scope);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw envFileMalformed(worker, file, [
      { line: variable.line, what: `${variable.name} is too much: ${error.message}` },
    ]);
  }
}
