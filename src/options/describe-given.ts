import { maskSecrets } from '../secrets/mask-secrets.ts';
import { maskAssignment, type OptionPath } from './format-path.ts';
import { truncate } from './truncate.ts';

/** What stands in the options, in at most 80 characters and without secrets; values of `env` are never shown. */
export function describeGiven(value: unknown, path: OptionPath): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (isInside('env', path)) return describeKind(value);
  return truncate(
    describeValue(typeof value === 'string' && holdsVariableName(path) ? maskAssignment(value) : value),
  );
}

function isInside(option: string, path: OptionPath): boolean {
  return path[path[0] === 'isolate' ? 1 : 2] === option && (path[0] === 'workers' || path[0] === 'isolate');
}

function holdsVariableName(path: OptionPath): boolean {
  return ['inherit', 'requireEnv', 'ports'].some(option => isInside(option, path));
}

function describeKind(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return describeArray(value);
  if (typeof value === 'object' && value !== null) return describeObject(Object.keys(value));
  return String(value);
}

function quote(text: string): string {
  return JSON.stringify(maskSecrets(text));
}

/** An array may be billions long with nothing in it. */
const longestArray = 100;

function describeArray(values: readonly unknown[]): string {
  if (values.length > longestArray || values.some(value => typeof value === 'object' || value === undefined))
    return `an array of ${values.length}`;
  return `[${values.map(describeValue).join(', ')}]`;
}

function describeObject(keys: readonly string[]): string {
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.map(maskAssignment).join(', ')}`;
}
