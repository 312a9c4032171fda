import type { ProbeOptions, ProbeSpec } from './probe-options.ts';

const attemptTimeoutMs = 5_000;

/** Fills in what a valid probe leaves out. */
export function completeProbe(probe: ProbeOptions): ProbeSpec {
  switch (probe.kind) {
    case 'rabbitmq':
      return {
        consumers: 1,
        share: false,
        strangers: probe.share ? 'ignore' : 'fail',
        purge: false,
        ...probe,
      };
    case 'postgres':
      return { connection: false, ...probe };
    case 'http':
      return { status: '200-299', strangers: 'fail', ...probe };
    case 'tcp':
      return { host: '127.0.0.1', strangers: 'fail', ...probe };
    case 'log':
      return { stream: 'both', ...probe };
    case 'command':
      return { attemptTimeoutMs, ...probe };
    case 'file':
    case 'socket':
    case 'notify':
    case 'module':
      return probe;
    default:
      return probe satisfies never;
  }
}
