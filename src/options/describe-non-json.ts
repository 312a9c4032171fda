import { types } from 'node:util';
import { truncate } from './truncate.ts';

interface NonJsonValue {
  readonly given: string;
  readonly wanted: string;
  readonly hint?: string;
}

const wanted = "JSON, because nothing else survives Jest's worker processes";
const patternHint = 'use log({ pattern: /…/ }) of jest-environment-live-worker/config, or a string';

/** What a value is that JSON cannot carry. */
export function describeNonJson(value: unknown): NonJsonValue {
  if (types.isRegExp(value)) return { given: 'a RegExp', wanted, hint: patternHint };
  if (typeof value === 'function') return { given: describeFunction(value), wanted };
  if (typeof value === 'object' && value !== null) return { given: describeInstance(value), wanted };
  if (value === undefined) return { given: 'undefined in an array', wanted };
  return { given: typeof value === 'number' ? String(value) : `a ${typeof value}`, wanted };
}

/** True for an object literal of any realm, and for one without a prototype. */
export function isPlainObject(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === null) return true;
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf');
}

function describeInstance(value: object): string {
  const maker: unknown = Object.getPrototypeOf(value)?.constructor;
  return `an instance of ${readName(maker) ?? 'a class'}`;
}

function describeFunction(value: unknown): string {
  const name = readName(value);
  return name === undefined ? 'a function' : `the function ${name}`;
}

function readName(named: unknown): string | undefined {
  const name: unknown = typeof named === 'function' ? named.name : '';
  return typeof name === 'string' && name !== '' ? truncate(name) : undefined;
}
