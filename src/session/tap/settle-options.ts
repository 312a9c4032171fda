import { argumentInvalid } from '../../errors.ts';
import type { SettleOptions } from '../contract.ts';

const defaultQuietMs = 100;
const names: readonly string[] = ['timeoutMs', 'quietMs', 'queues', 'delayed', 'deadLetters'];

/** @throws ARGUMENT_INVALID */
export function parseSettleOptions(
  given: SettleOptions | undefined,
  timeLeftMs: number,
): Required<SettleOptions> {
  if (given !== undefined && (typeof given !== 'object' || given === null))
    throw argumentInvalid('settled()', given, 'an object of options');
  const options = given ?? {};
  for (const [name, value] of Object.entries(options))
    if (!names.includes(name))
      throw argumentInvalid(`settled(): ${name}`, value, `nothing: it has ${names.join(', ')}`);
  const {
    timeoutMs = timeLeftMs,
    quietMs = defaultQuietMs,
    queues = [],
    delayed = 'wait',
    deadLetters = 'fail',
  } = options;
  for (const [name, value] of Object.entries({ timeoutMs, quietMs }))
    if (typeof value !== 'number' || !(value >= 0))
      throw argumentInvalid(`settled(): ${name}`, value, 'milliseconds from 0 on');
  if (!Array.isArray(queues) || queues.some(queue => typeof queue !== 'string' || queue === ''))
    throw argumentInvalid('settled(): queues', queues, 'an array of names of queues');
  if (delayed !== 'wait' && delayed !== 'ignore')
    throw argumentInvalid('settled(): delayed', delayed, '"wait" or "ignore"');
  if (deadLetters !== 'fail' && deadLetters !== 'ignore')
    throw argumentInvalid('settled(): deadLetters', deadLetters, '"fail" or "ignore"');
  return { timeoutMs, quietMs, queues, delayed, deadLetters };
}
