import type { EnvFile } from './read-env-file.ts';
import type { VariableTable } from './variable-table.ts';

/** Where a value of an env file is expanded. */
export interface ExpansionContext {
  readonly worker: string;
  readonly file: EnvFile;
  readonly table: VariableTable;
  readonly scope: ReadonlyMap<string, string>;
}
