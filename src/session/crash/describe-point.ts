import type { CrashPoint } from '../../worker/crash/crash-report.ts';

/** `before the 2nd ack of "orders"` */
export function describePoint({ when, effect, nth, name, queue, exchange, statement }: CrashPoint): string {
  if (name !== undefined) return nth === 1 ? `${when} ${name}` : `${when} the ${ordinal(nth)} ${name}`;
  const which = nth === 1 ? effect : `the ${ordinal(nth)} ${effect}`;
  const places = [
    ...(queue === undefined ? [] : [`"${queue}"`]),
    ...(exchange === undefined ? [] : [`exchange "${exchange}"`]),
    ...(statement === undefined
      ? []
      : [typeof statement === 'string' ? `"${statement}"` : `/${statement.source}/${statement.flags}`]),
  ];
  const link = effect === 'publish' ? 'to' : effect === 'deliver' ? 'from' : 'of';
  return `${when} ${which}${places.length === 0 ? '' : ` ${link} ${places.join(', ')}`}`;
}

function ordinal(number: number): string {
  const [last, lastTwo] = [number % 10, number % 100];
  if (last === 1 && lastTwo !== 11) return `${number}st`;
  if (last === 2 && lastTwo !== 12) return `${number}nd`;
  if (last === 3 && lastTwo !== 13) return `${number}rd`;
  return `${number}th`;
}
