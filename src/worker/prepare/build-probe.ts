import type { ProbeSpec, ServiceProbeSpec } from '../../options/probe-options.ts';
import { commandProbe } from '../../probe/command-probe.ts';
import { httpProbe } from '../../probe/http-probe.ts';
import { logProbe } from '../../probe/log-probe.ts';
import { moduleProbe } from '../../probe/module-probe.ts';
import { notifyProbe } from '../../probe/notify-probe.ts';
import type { Probe } from '../../probe/probe.ts';
import type { ProbeContext } from '../../probe/probe-context.ts';
import { waitOnProbe } from '../../probe/wait-on-probe.ts';

/** What probes ask with. */
export interface ProbeMeans extends ProbeContext {
  /** The probe of the service a spec is about. */
  serviceProbe(spec: ServiceProbeSpec): Probe;
}

/** The probe a spec asks for, aimed at what the worker itself will use. */
export function buildProbe(spec: ProbeSpec, means: ProbeMeans): Probe {
  const probe = aimProbe(spec, means);
  return spec.intervalMs === undefined ? probe : { ...probe, pace: spec.intervalMs };
}

function aimProbe(spec: ProbeSpec, means: ProbeMeans): Probe {
  switch (spec.kind) {
    case 'http':
      return httpProbe(spec);
    case 'tcp':
    case 'file':
    case 'socket':
      return waitOnProbe(spec, means.cwd);
    case 'log':
      return logProbe(spec, means.openLog);
    case 'notify':
      return notifyProbe(means.isNotified);
    case 'command':
      return commandProbe(spec, means.runCommand);
    case 'module':
      return moduleProbe(spec, means);
    default:
      return means.serviceProbe(spec);
  }
}
