import { envReferenceBroken, envReferenceMissing, envReferencesTooMany } from './env-reference-errors.ts';
import { expandValue } from './expand-value.ts';
import type { ExpansionContext } from './expansion-context.ts';
import type { FilledText } from './fill-in.ts';
import type { EnvFileVariable } from './parse-env-file.ts';
import type { EnvFile } from './read-env-file.ts';
import type { OriginatedVariable, VariableTable } from './variable-table.ts';

/**
 * Sets the variables of an env file in order, so that each refers to those before it and to what was inherited.
 * A reference to a variable that `later` layers set takes their value, because the worker will.
 * @throws LiveWorkerError ENV_FILE_INVALID, ENV_MISSING
 */
export function expandEnvFile(
  worker: string,
  file: EnvFile,
  {
    table,
    later,
  }: { readonly table: VariableTable; readonly later: ReadonlyMap<string, OriginatedVariable> },
): void {
  const scope = table.values();
  for (const [name, { value }] of later) scope.set(name, value);
  for (const variable of file.variables) {
    const { text, references } = expandOne(variable, { worker, file, table, scope });
    const filledIn = references.length > 0 && { filledIn: references };
    table.set(variable.name, text, {
      layer: 'env-file',
      file: file.file,
      line: variable.line,
      ...filledIn,
    });
    if (!later.has(variable.name)) scope.set(variable.name, text);
  }
}

function expandOne(variable: EnvFileVariable, context: ExpansionContext): FilledText {
  if (variable.quote === "'") return { text: variable.value, references: [] };
  try {
    return expandValue(variable.value, {
      lookUp: name => context.scope.get(name),
      onMissing: reference => {
        throw envReferenceMissing(variable, reference, context);
      },
      onBroken: part => {
        throw envReferenceBroken(variable, part, context);
      },
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw envReferencesTooMany(variable, error.message, context);
  }
}
