import { writeFileSync } from 'node:fs';
import { coverageSuffix, openCoverageFolder } from '../../coverage/coverage-folder.ts';
import type { CoverageVariables } from '../../launch/environment/resolve-environment.ts';
import { toLaunchRecord } from '../../launch/launch-record.ts';
import { secretSources } from '../../launch/secret-sources.ts';
import { refuseWatcher } from '../../launch/watchers/refuse-watcher.ts';
import type { LogView } from '../../logs/log-view.ts';
import type { WorkerSpec } from '../../options/options.ts';
import { readMemoryKills } from '../../process/table/read-memory-kills.ts';
import { writeRecords } from '../../records/write-records.ts';
import { Secrets } from '../../secrets/secrets.ts';
import { toJson } from '../../text/to-json.ts';
import { findProbeModule } from './find-probe-module.ts';
import type { LaunchContext } from './launch-context.ts';
import { aimProbes, planLaunch, probePlace, type RestartOptions } from './plan-launch.ts';
import type { PreparedLaunch } from './prepared-launch.ts';
import { probeGate } from './probe-gate.ts';
import { tapLaunch } from './tap-launch.ts';

/**
 * Resolves one launch and its probes, and writes the launch down before anything is started.
 *
 * @throws the codes of `resolveLaunch`; COMMAND_WATCHES; SPAWN_FAILED for a tap that cannot be opened; ENV_MISSING and OPTIONS_INVALID for a probe that cannot be aimed; RECORDS_UNWRITABLE.
 */
export async function prepareLaunch(
  spec: WorkerSpec,
  view: LogView,
  context: LaunchContext,
  restart: RestartOptions = {},
): Promise<PreparedLaunch> {
  const servers = context.servers?.();
  const slots = context.slots?.();
  const otlpEndpoint = spec.otel ? await context.traces.endpointOf(spec.name) : undefined;
  const planned = await planLaunch(spec, context.rootDir, {
    ...restart,
    origin: context.origin,
    servers,
    slot: slots && (worker => slots.variables(worker)),
    coverage: spec.coverage && context.measures ? openCoverage(`${context.folder}/${spec.name}`) : undefined,
    otlpEndpoint,
  });
  if (otlpEndpoint !== undefined) context.traces.noteLaunch(planned);
  refuseWatcher(spec, planned.cwd);
  const aimed = aimProbes(spec, planned.env).map(probe => servers?.moveSpec(probe, planned) ?? probe);
  const specs = slots ? aimed.map(probe => slots.moveSpec(probe, planned)) : aimed;
  for (const [index, probe] of specs.entries()) {
    if (probe.kind !== 'module') continue;
    findProbeModule(probe.path, {
      worker: spec.name,
      where: probePlace(spec.name, index),
      rootDir: context.rootDir,
    });
  }
  const { plan, tap } = spec.tap ? await tapLaunch(planned, context) : { plan: planned, tap: undefined };
  const sources = secretSources(plan, specs);
  context.secrets.note(sources);
  const record = `${toJson(toLaunchRecord(plan, new Secrets(sources)))}\n`;
  const path = `${context.folder}/${spec.name}.launch.ndjson`;
  writeRecords(path, () => writeFileSync(path, record, { mode: 0o600 }));
  const { services, rootDir } = context;
  const uses = services.usesOf({ plan, specs, rootDir });
  const inquiry = services.inquire(uses);
  return {
    plan,
    specs,
    uses,
    inquiry,
    tap,
    rootDir,
    memoryKillsBefore: readMemoryKills(),
    gate: inquiringGate(probeGate({ plan, specs, uses, view, context, tap }), () =>
      inquiry.askBefore(spec.startTimeoutMs),
    ),
  };
}

/** @throws RECORDS_UNWRITABLE */
function openCoverage(worker: string): CoverageVariables {
  const path = `${worker}${coverageSuffix}`;
  const { node, start } = writeRecords(path, () => openCoverageFolder(path));
  return { nodeFolder: node, pythonFolder: start };
}

/** Answers that come late are asked for beside the probes. */
function inquiringGate(gate: PreparedLaunch['gate'], ask: () => { close(): void }): PreparedLaunch['gate'] {
  return (running, board, signal) => {
    const asking = ask();
    return gate(running, board, signal).finally(() => asking.close());
  };
}
