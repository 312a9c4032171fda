import type { CrashPoint, EffectSight } from '../../worker/crash/crash-report.ts';

/** `before the 2nd ack of "orders"` */
export function describePoint({ when, effect, nth, queue, exchange, statement }: CrashPoint): string {
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

/** `ack of "orders"`; the same for the same step of another run. */
export function describeEffect({
  kind,
  how,
  queue,
  exchange = '',
  routingKey = '',
  statements,
}: EffectSight): string {
  switch (kind) {
    case 'deliver':
      return `deliver from "${stable(queue ?? routingKey)}"`;
    case 'ack':
      return `${how ?? 'ack'} of "${stable(queue ?? routingKey)}"`;
    case 'publish':
      return exchange === ''
        ? `publish to "${stable(routingKey)}"`
        : `publish to exchange "${exchange}" by "${stable(routingKey)}"`;
    case 'commit':
      return `commit (${statements?.length ? statements.join('; ') : 'of what is not seen to write'})`;
    default:
      return kind satisfies never;
  }
}

const generated = /\bamq\.[\w.+/=-]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** Without what is another name each time. */
function stable(name: string): string {
  return name.replace(generated, '…');
}

function ordinal(number: number): string {
  const [last, lastTwo] = [number % 10, number % 100];
  if (last === 1 && lastTwo !== 11) return `${number}st`;
  if (last === 2 && lastTwo !== 12) return `${number}nd`;
  if (last === 3 && lastTwo !== 13) return `${number}rd`;
  return `${number}th`;
}
