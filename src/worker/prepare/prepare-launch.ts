import { writeFileSync } from 'node:fs';
import { toLaunchRecord } from '../../launch/launch-record.ts';
import { secretSources } from '../../launch/secret-sources.ts';
import { refuseWatcher } from '../../launch/watchers/refuse-watcher.ts';
import type { LogView } from '../../logs/log-view.ts';
import type { WorkerSpec } from '../../options/options.ts';
import { readMemoryKills } from '../../process/table/read-memory-kills.ts';
import { writeRecords } from '../../records/write-records.ts';
import { Secrets } from '../../secrets/secrets.ts';
import { ConsumerList } from '../../service/rabbitmq/consumer-list.ts';
import { toJson } from '../../text/to-json.ts';
import { findProbeModule } from './find-probe-module.ts';
import type { LaunchContext } from './launch-context.ts';
import { aimProbes, planLaunch, probePlace, type RestartOptions } from './plan-launch.ts';
import type { PreparedLaunch } from './prepared-launch.ts';
import { probeGate } from './probe-gate.ts';

/**
 * Resolves one launch and its probes, and writes the launch down before anything is started.
 *
 * @throws the codes of `resolveLaunch`; COMMAND_WATCHES; ENV_MISSING and OPTIONS_INVALID for a probe that cannot be aimed; RECORDS_UNWRITABLE.
 */
export async function prepareLaunch(
  spec: WorkerSpec,
  view: LogView,
  context: LaunchContext,
  restart: RestartOptions = {},
): Promise<PreparedLaunch> {
  const plan = await planLaunch(spec, context.rootDir, restart);
  refuseWatcher(spec, plan.cwd);
  const specs = aimProbes(spec, plan.env);
  for (const [index, probe] of specs.entries()) {
    if (probe.kind !== 'module') continue;
    findProbeModule(probe.path, {
      worker: spec.name,
      where: probePlace(spec.name, index),
      rootDir: context.rootDir,
    });
  }
  const sources = secretSources(plan, specs);
  context.secrets.note(sources);
  const record = `${toJson(toLaunchRecord(plan, new Secrets(sources)), 2)}\n`;
  const path = `${context.folder}/${spec.name}.launch.json`;
  writeRecords(path, () => writeFileSync(path, record, { mode: 0o600 }));
  const consumers = new ConsumerList();
  return {
    plan,
    specs,
    consumers,
    rootDir: context.rootDir,
    memoryKillsBefore: readMemoryKills(),
    gate: watchingConsumers(probeGate({ plan, specs, view, context }), () =>
      consumers.lookBeforeDeadline(specs, plan, spec.startTimeoutMs),
    ),
  };
}

/** Only the broker's own list, which is seconds late, tells who consumes from what: it is asked for beside the probes. */
function watchingConsumers(
  gate: PreparedLaunch['gate'],
  look: () => { close(): void },
): PreparedLaunch['gate'] {
  return (running, board, signal) => {
    const looking = look();
    return gate(running, board, signal).finally(() => looking.close());
  };
}
