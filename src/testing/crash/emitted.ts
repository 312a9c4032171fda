import { argumentInvalid } from '../../errors.ts';
import type { EffectStep } from '../../session/contract.ts';

export interface EmittedOptions {
  /** Publications that have it in common count as one, as a receiver counts them that knows them by it. */
  readonly distinctBy?: 'messageId' | 'correlationId' | 'content';
}

/** A publication of a worker, told without what is another each time. */
export interface Emitted {
  readonly exchange: string;
  readonly routingKey: string;
}

const fields = { messageId: 'messageId', correlationId: 'correlationId', content: 'digest' } as const;

/** @throws ARGUMENT_INVALID */
export function listEmitted(
  steps: readonly EffectStep[],
  { distinctBy }: EmittedOptions = {},
): readonly Emitted[] {
  if (distinctBy !== undefined && !Object.hasOwn(fields, distinctBy))
    throw argumentInvalid('emitted(): distinctBy', distinctBy, "'messageId', 'correlationId' or 'content'");
  const seen = new Set<string>();
  const emitted = steps.filter(step => {
    if (step.kind !== 'publish') return false;
    const value = distinctBy && step[fields[distinctBy]];
    // What has none is not known again by anybody.
    if (value === undefined) return true;
    const key = JSON.stringify([step.exchange, step.routingKey, value]);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
  return emitted
    .map(({ exchange = '', routingKey = '' }) => ({ exchange, routingKey }))
    .toSorted((one, other) =>
      order(`${one.exchange} ${one.routingKey}`, `${other.exchange} ${other.routingKey}`),
    );
}

function order(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
