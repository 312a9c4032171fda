import { resolve } from 'node:path';
import type { ProbeSpec, ServiceProbeSpec } from '../options/probe-options.ts';
import { probedAddress } from './find-answerer.ts';
import { describeStatus } from './http-probe.ts';
import type { ProbeTarget } from './probe-target.ts';

export function resolveProbeTarget(
  spec: ProbeSpec,
  cwd: string,
  mask: (text: string) => string,
): ProbeTarget {
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
      return { kind: spec.kind };
    default:
      spec satisfies ServiceProbeSpec;
      return { kind: 'service' };
  }
}
