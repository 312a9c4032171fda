import type { LiveWorkerError } from '../../errors.ts';
import { listCredentials } from '../../secrets/mask-url.ts';
import { isSecretName } from '../../secrets/secret-names.ts';
import { launchError } from '../launch-error.ts';
import type { ExpansionContext } from './expansion-context.ts';
import type { EnvFileVariable } from './parse-env-file.ts';
import { envFileMalformed } from './read-env-file.ts';
import { whyMissing } from './require-variables.ts';
import type { BrokenPart, ReferencePart } from './scan-references.ts';

const howToWrite = 'put the value in single quotes, or write "\\$", where the "$" is meant as it stands';

/** The error for a reference in an env file to a variable that is not set and has no default. */
export function envReferenceMissing(
  variable: EnvFileVariable,
  { name, at }: ReferencePart,
  { worker, file, table }: ExpansionContext,
): LiveWorkerError {
  const isTold = mayBeTold(variable, name);
  const below = file.variables.find(other => other.name === name);
  const why = below ? `is set only further down, in line ${below.line}` : whyMissing(name, table);
  const what = isTold
    ? `refers to "\${${name}}", which is not set for the worker`
    : `has a "$" at character ${at + 1} of its value, before a name that is not set for the worker`;
  return launchError('ENV_MISSING', worker, {
    what: `env file "${file.file}", line ${variable.line}: ${variable.name} ${what}`,
    tried: isTold ? [`"${name}" ${why}`] : [],
    next: isTold
      ? `Set it above that line, or write "\${${name}:-default}"; ${howToWrite}`
      : howToWrite.replace('put', 'Put'),
    details: {
      names: isTold ? [name] : [],
      variable: variable.name,
      file: file.file,
      line: variable.line,
    },
  });
}

/** The error for `${NAME` that is never closed, or has something behind its name that is no operator. */
export function envReferenceBroken(
  variable: EnvFileVariable,
  { at }: BrokenPart,
  { worker, file }: ExpansionContext,
): LiveWorkerError {
  const what = `the reference at character ${at + 1} of its value is never closed, or has no operator that is known`;
  return envFileMalformed(
    worker,
    file.file,
    [{ line: variable.line, what: `${variable.name}: ${what}` }],
    `Write "\${NAME}" or "\${NAME:-default}"; ${howToWrite}`,
  );
}

export function envReferencesTooMany(
  variable: EnvFileVariable,
  reason: string,
  { worker, file }: ExpansionContext,
): LiveWorkerError {
  return envFileMalformed(worker, file.file, [
    { line: variable.line, what: `${variable.name} is too much: ${reason}` },
  ]);
}

/** Behind a `$` of a password stands a part of it, and no name. */
function mayBeTold({ name, value }: EnvFileVariable, reference: string): boolean {
  if (value === `\${${reference}}`) return true;
  if (isSecretName(name) || !/^[A-Z][A-Z\d]*(?:_[A-Z\d]+)*$/.test(reference)) return false;
  // `u:${DB_PASSWORD}@` is the name of a password, `u:pa$SWORD@` is one.
  return !listCredentials(value).some(({ password }) => password.includes(`$${reference}`));
}
