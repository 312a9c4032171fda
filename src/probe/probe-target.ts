import { resolve } from 'node:path';
import type { LogProbeOptions, ProbeSpec, ProbeSpecOf } from '../spec/probe-options.ts';
import { describeStatus } from './http-probe.ts';
import { probedAddress } from './who-answers.ts';

/** What a probe asks, for whoever explains why it was not satisfied; no text of it holds a secret. */
export type ProbeTarget =
  | {
      readonly kind: 'log';
      readonly pattern: LogProbeOptions['pattern'];
      readonly stream: ProbeSpecOf<'log'>['stream'];
    }
  | {
      readonly kind: 'http';
      readonly host: string;
      readonly port: number;
      /** The statuses, in words. */
      readonly wanted: string;
    }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'file' | 'socket';
      readonly path: string;
      /** As it was written. */
      readonly asked: string;
    }
  | { readonly kind: 'notify' | 'command' | 'module' | 'rabbitmq' | 'postgres' };

export function targetOf(spec: ProbeSpec, cwd: string, mask: (text: string) => string): ProbeTarget {
  switch (spec.kind) {
    case 'log': {
      const { pattern, stream } = spec;
      const shown =
        typeof pattern === 'string' ? mask(pattern) : { ...pattern, source: mask(pattern.source) };
      return { kind: 'log', pattern: shown, stream };
    }
    case 'http':
      return URL.canParse(spec.url)
        ? { kind: 'http', ...probedAddress(spec), wanted: describeStatus(spec.status) }
        : { kind: 'http', host: '', port: 0, wanted: '' };
    case 'tcp':
      return { kind: 'tcp', ...probedAddress(spec) };
    case 'file':
    case 'socket':
      return { kind: spec.kind, path: resolve(cwd, spec.path), asked: spec.path };
    case 'notify':
    case 'command':
    case 'module':
    case 'rabbitmq':
    case 'postgres':
      return { kind: spec.kind };
    default:
      return spec satisfies never;
  }
}
