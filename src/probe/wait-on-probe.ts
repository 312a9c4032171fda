import { resolve } from 'node:path';
import type { ProbeSpecOf } from '../options/probe-options.ts';
import { explainSilence } from './explain-silence.ts';
import { fatal, type Probe, pending, ready } from './probe.ts';

const defaultIntervalMs = 10;
/** A file counts when two looks at it see the same size, so both belong to one attempt. */
const statIntervalMs = 10;
/** wait-on cannot be cancelled, so an attempt is short. */
const attemptMs = 250;

type WaitOnSpec = Omit<ProbeSpecOf<'tcp'>, 'strangers'> | ProbeSpecOf<'file' | 'socket'>;

/** The probes wait-on serves; it is loaded with the first of them, for it costs 166 ms and 40 MB. */
export function waitOnProbe(spec: WaitOnSpec, cwd: string): Probe {
  const { resource, description } = describeResource(spec, cwd);
  return {
    description,
    attemptTimeoutMs: attemptMs + 500,
    async check() {
      const { default: waitOn } = await import('wait-on');
      try {
        await waitOn({
          resources: [resource],
          interval: spec.kind === 'file' ? statIntervalMs : (spec.intervalMs ?? defaultIntervalMs),
          window: 0,
          timeout: attemptMs,
          tcpTimeout: attemptMs,
          simultaneous: 1,
        });
        return ready;
      } catch (error) {
        if (error instanceof Error && error.message.startsWith('Invalid resource'))
          return fatal(error.message);
        return pending(await describeUnmet(spec, cwd));
      }
    },
  };
}

function describeResource(
  spec: WaitOnSpec,
  cwd: string,
): { readonly resource: string; readonly description: string } {
  switch (spec.kind) {
    case 'tcp':
      return {
        resource: `tcp:${spec.host.includes(':') ? `[${spec.host}]` : spec.host}:${spec.port}`,
        description: `${spec.host}:${spec.port} accepts connections`,
      };
    case 'file':
      return {
        resource: `file:${resolve(cwd, spec.path)}`,
        description: `file ${resolve(cwd, spec.path)} exists`,
      };
    case 'socket':
      return {
        resource: `socket:${resolve(cwd, spec.path)}`,
        description: `socket ${resolve(cwd, spec.path)} accepts connections`,
      };
  }
}

/** One connection more tells why, unless the probe is to ask seldom. */
async function describeUnmet(spec: WaitOnSpec, cwd: string): Promise<string> {
  if (spec.kind !== 'file' && spec.intervalMs !== undefined) return 'no answer';
  switch (spec.kind) {
    case 'file':
      return 'it does not exist';
    case 'tcp':
      return explainSilence({ host: spec.host, port: Number(spec.port) }, `${spec.host}:${spec.port}`);
    case 'socket': {
      const path = resolve(cwd, spec.path);
      return explainSilence({ path }, path);
    }
    default:
      return spec satisfies never;
  }
}
