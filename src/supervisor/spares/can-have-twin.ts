import type { WorkerSpec } from '../../options/options.ts';
import type { ProbeSpec } from '../../options/probe-options.ts';

/** False for workers of which two cannot run at once on one machine, as far as their probes tell: they are found at a fixed place. */
export function canHaveTwin(workers: readonly WorkerSpec[]): boolean {
  return workers.every(({ ready, ports }) => ready.every(probe => isFree(probe, ports)));
}

function isFree(probe: ProbeSpec, ports: readonly string[]): boolean {
  switch (probe.kind) {
    case 'http':
      return names(probe.url, ports);
    case 'tcp':
      return typeof probe.port === 'string' && names(probe.port, ports);
    case 'socket':
    case 'file':
      return false;
    default:
      return true;
  }
}

/** `${HTTP_PORT}` is another one for each launch. */
function names(text: string, ports: readonly string[]): boolean {
  return ports.some(port => text.includes(`\${${port}}`));
}
