import type { DeathNotice } from '../session/death-notice.ts';

/** An error as Jest collects it: alone, or with the place where the test or hook was defined. */
type Collected = unknown | readonly [error: unknown, definedAt: unknown];

/** Where Jest takes the message to end and the stack to begin. */
const firstFrame = /\n\s*at\s.*:\d*:\d*/;

const noted = new WeakSet<object>();
const reported = new WeakSet<object>();
/** By the place where a hook was defined: a hook of all tests hands each of them the same thrown text. */
const carriers = new WeakMap<object, Error>();

/**
 * Writes what the workers did between the message and the frames of the first error, where Jest shows it above the code frame. An error
 * that already carries that, or tells of a worker's end, needs none.
 */
export async function addFailureContext(
  errors: Collected[],
  death: DeathNotice,
  describe: () => Promise<readonly string[]>,
): Promise<void> {
  const error = errors.findIndex(collected => errorOf(collected) !== undefined);
  if (error < 0 || errors.some(collected => death.isIn(errorOf(collected)))) return;
  const carrier = carrierOf(errors, error);
  if (!carrier || noted.has(carrier)) return;
  noted.add(carrier);
  const lines = await describe();
  if (lines.length > 0) insert(carrier, lines);
}

/** The same for a hook of all tests, whose error Jest has handed to the tests by now. */
export async function addHookFailureContext(
  hook: { readonly asyncError: Error },
  error: unknown,
  death: DeathNotice,
  describe: () => Promise<readonly string[]>,
): Promise<void> {
  const errors: Collected[] = [[error, hook.asyncError]];
  await addFailureContext(errors, death, describe);
  const [carrier] = errors.map(errorOf);
  if (carrier !== error && carrier instanceof Error) carriers.set(hook.asyncError, carrier);
}

/** Writes where the report is below all else that stands under the first error; nothing where no report is written. */
export function addReportLine(errors: Collected[], line: string | undefined): void {
  const error = errors.findIndex(collected => errorOf(collected) !== undefined);
  const carrier = line === undefined || error < 0 ? undefined : carrierOf(errors, error);
  if (!carrier || line === undefined || reported.has(carrier)) return;
  reported.add(carrier);
  insert(carrier, [line]);
}

/** What has a stack to write into. A thrown text, as Jest's own for a timeout is, gets one: that of the test. */
function carrierOf(errors: Collected[], index: number): object | undefined {
  const collected = errors[index];
  const error = errorOf(collected);
  const definedAt = Array.isArray(collected) ? collected[1] : undefined;
  if (typeof error === 'string' && isObject(definedAt)) {
    const carrier = carriers.get(definedAt) ?? errorOfText(error, definedAt);
    errors[index] = [carrier, definedAt];
    return carrier;
  }
  if (hasText(error)) return error;
  return isObject(definedAt) ? definedAt : undefined;
}

function errorOf(collected: Collected): unknown {
  return Array.isArray(collected) ? collected[0] : collected;
}

/** Jest would print the same words, but the place under a heading of its own, as the cause. */
function errorOfText(text: string, definedAt: { readonly stack?: unknown }): Error {
  const error = new Error(`thrown: "${text.replace(/["\\]/g, '\\$&')}"`);
  const stack = String(definedAt.stack ?? '');
  error.stack = `${error.name}: ${error.message}${stack.slice(firstFrame.exec(stack)?.index ?? stack.length)}`;
  return error;
}

/** Of any realm. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function hasText(error: unknown): error is { stack?: string; message?: string } {
  if (!isObject(error)) return false;
  const { stack, message } = error as { readonly stack?: unknown; readonly message?: unknown };
  return typeof stack === 'string' || typeof message === 'string';
}

/** Jest prints the stack where there is one, else the message, frames and all. */
function insert(carrier: { stack?: string; message?: string }, lines: readonly string[]): void {
  const field = typeof carrier.stack === 'string' ? 'stack' : 'message';
  const text = carrier[field] ?? '';
  const end = firstFrame.exec(text)?.index ?? text.length;
  const head = text.slice(0, end).trimEnd();
  Reflect.set(carrier, field, `${head}\n\n${lines.join('\n')}\n${text.slice(end)}`);
}
