import { argumentInvalid } from '../../errors.ts';
import type { CrashPoint } from '../../session/contract.ts';
import { toPatternSource } from '../to-pattern-source.ts';
import { withFrames } from '../unpack.ts';

/** Where a worker is to crash: right before, or right after, it has done something for the `nth` time from now on. */
export type CrashPlace = (
  | { readonly before: CrashPoint['effect']; readonly after?: undefined }
  | { readonly after: CrashPoint['effect']; readonly before?: undefined }
) & {
  /** Over all its connections and restarts. Default 1. */
  readonly nth?: number;
  /** That an acknowledgement or a delivery is of; of a publication its routing key. */
  readonly queue?: string;
  /** One of those that are committed: a text in it, whatever its case and spaces, or a RegExp. */
  readonly statement?: string | RegExp;
};

const effects = ['ack', 'commit', 'publish', 'deliver'] as const;
const members = ['before', 'after', 'nth', 'queue', 'statement'];

/** @throws ARGUMENT_INVALID */
export function parseCrashPoint(place: unknown, frames: string): CrashPoint {
  const refuse = (what: string, given: unknown, wanted: string): never => {
    throw withFrames(argumentInvalid(`crashAt(): ${what}`, given, wanted), frames);
  };
  if (typeof place !== 'object' || place === null)
    return refuse('place', place, "{ before: 'ack' } or the like");
  const given = place as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find(name => !members.includes(name));
  if (unknown !== undefined) refuse('place', unknown, `only ${members.join(', ')}`);
  const { before, after, nth = 1, queue, statement } = given;
  if ((before === undefined) === (after === undefined)) refuse('place', place, 'either before or after');
  const when = before === undefined ? 'after' : 'before';
  const effect = (before ?? after) as CrashPoint['effect'];
  if (!effects.includes(effect)) refuse(when, effect, effects.map(name => `'${name}'`).join(' or '));
  if (typeof nth !== 'number' || !Number.isInteger(nth) || nth < 1)
    refuse('nth', nth, 'a whole number from 1 on');
  if (queue !== undefined && (typeof queue !== 'string' || effect === 'commit'))
    refuse('queue', queue, effect === 'commit' ? `none beside ${when}: 'commit'` : 'the name of a queue');
  if (statement !== undefined && effect !== 'commit')
    refuse('statement', statement, `none beside ${when}: '${effect}'`);
  if (statement !== undefined && !isPattern(statement)) refuse('statement', statement, 'a text or a RegExp');
  return {
    when,
    effect,
    nth: nth as number,
    ...(queue === undefined ? {} : { queue: queue as string }),
    ...(statement === undefined ? {} : { statement: patternOf(statement as string | RegExp) }),
  };
}

export function isPattern(value: unknown): boolean {
  const isText = typeof value === 'string' && value.trim() !== '';
  return isText || Object.prototype.toString.call(value) === '[object RegExp]';
}

export function patternOf(pattern: string | RegExp): NonNullable<CrashPoint['statement']> {
  return typeof pattern === 'string' ? pattern : toPatternSource(pattern);
}
