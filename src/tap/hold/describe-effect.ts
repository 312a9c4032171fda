import type { EffectSight } from './effect.ts';

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
