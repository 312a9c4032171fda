import { resolve } from 'node:path';
import type { ProbeSpecOf } from '../spec/probe-options.ts';
import { fatal, type Probe, pending, ready } from './probe.ts';

const intervalMs = 10;
/** wait-on cannot be cancelled, so an attempt is short; an answer over HTTP may take its time. */
const attemptMs = { http: 2_000, tcp: 250, file: 250, socket: 250 };

type WaitOnSpec =
  | Omit<ProbeSpecOf<'http'>, 'strangers'>
  | Omit<ProbeSpecOf<'tcp'>, 'strangers'>
  | ProbeSpecOf<'file' | 'socket'>;

/** The probes wait-on serves; it is loaded with the first of them, for it costs 166 ms and 40 MB. */
export function waitOnProbe(spec: WaitOnSpec, cwd: string): Probe {
  const { resource, description } = describeResource(spec, cwd);
  const limitMs = attemptMs[spec.kind];
  return {
    description,
    attemptTimeoutMs: limitMs + 500,
    async check() {
      const { default: waitOn } = await import('wait-on');
      let status: number | undefined;
      const validateStatus = (seen: number) => {
        status = seen;
        return seen >= 200 && seen < 300;
      };
      try {
        await waitOn({
          resources: [resource],
          interval: intervalMs,
          window: 0,
          timeout: limitMs,
          httpTimeout: limitMs,
          tcpTimeout: limitMs,
          simultaneous: 1,
          proxy: false,
          validateStatus,
        });
        return ready;
      } catch (error) {
        if (error instanceof Error && error.message.startsWith('Invalid resource'))
          return fatal(error.message);
        return pending(status === undefined ? describeUnmet(spec) : `it answers with status ${status}`);
      }
    },
  };
}

function describeResource(
  spec: WaitOnSpec,
  cwd: string,
): { readonly resource: string; readonly description: string } {
  switch (spec.kind) {
    case 'http':
      return {
        resource: spec.url.replace(/^(https?):/, '$1-get:'),
        description: `GET ${spec.url} answers with 2xx`,
      };
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

function describeUnmet(spec: WaitOnSpec): string {
  return spec.kind === 'file' ? 'it does not exist' : 'no answer';
}
