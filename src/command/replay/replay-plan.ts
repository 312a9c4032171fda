import { isDeepStrictEqual } from 'node:util';
import { LiveWorkerError } from '../../errors.ts';
import { type LaunchRecord, toLaunchRecord } from '../../launch/launch-record.ts';
import type { LaunchPlan } from '../../launch/plan.ts';
import type { LaunchRecordFile } from '../../records/find-launch-records.ts';
import type { Secrets } from '../../secrets/secrets.ts';

/** A recorded launch as it can be repeated by hand. */
export interface ReplayPlan {
  readonly path: string;
  readonly command: readonly string[];
  readonly cwd: string;
  /** Without those of `masked`. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables whose value the record does not tell. */
  readonly masked: readonly string[];
  readonly isCommandMasked: boolean;
}

/** The mark of the recorded launch: a later run would take a process that has it for a leftover, and end it. */
const cookie = 'LIVE_WORKER_ID';

export function toReplayPlan({ path, record }: LaunchRecordFile): ReplayPlan {
  // Nobody listens any more where that launch was to send its spans.
  const variables = Object.entries(record.env)
    .filter(([name, { from }]) => name !== cookie && from.layer !== 'otel')
    .flatMap(([name, variable]) => unmeasured(name, variable));
  const [masked, plain] = [variables.filter(isMasked), variables.filter(variable => !isMasked(variable))];
  return {
    path,
    command: record.command,
    cwd: record.cwd,
    env: Object.fromEntries(plain.map(([name, { value }]) => [name, value])),
    masked: masked.map(([name]) => name),
    isCommandMasked: record.command.some(word => word.includes('***')),
  };
}

type Recorded = LaunchRecord['env'][string];

/** What had the recorded launch measure itself leads into the records of a run that is over; what the project has stands behind that. */
function unmeasured(name: string, variable: Recorded): readonly (readonly [string, Recorded])[] {
  if (variable.from.layer !== 'coverage') return [[name, variable]];
  const [, own] = name === 'PYTHONPATH' ? (/^[^:]*:(.+)$/s.exec(variable.value) ?? []) : [];
  return own === undefined ? [] : [[name, { ...variable, value: own }]];
}

function isMasked([, { value }]: readonly [string, { readonly value: string }]): boolean {
  return value.includes('***');
}

/** What only that launch had: the ports that were free then, and what a test had restarted it with. */
export function restartedEnv({ env, ports }: LaunchRecord): Readonly<Record<string, string>> {
  const restarted = Object.entries(env).filter(
    variable => variable[1].from.layer === 'restart' && !isMasked(variable),
  );
  return {
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
    ...Object.fromEntries(restarted.map(([name, { value }]) => [name, value])),
  };
}

/** @throws REPLAY_IMPOSSIBLE when the launch of today does not have a secret the recorded one had. */
export function withSecrets(recorded: ReplayPlan, plan: LaunchPlan, secrets: Secrets): ReplayPlan {
  const missing = recorded.masked.filter(name => plan.env[name] === undefined);
  if (missing.length > 0) throw impossible(recorded, `nothing sets ${missing.join(', ')} any more`, missing);
  const values = recorded.masked.map(name => [name, plan.env[name] ?? '']);
  return {
    ...recorded,
    command: recorded.isCommandMasked ? unmaskedCommand(recorded, plan, secrets) : recorded.command,
    env: { ...recorded.env, ...Object.fromEntries(values) },
    masked: [],
    isCommandMasked: false,
  };
}

/** Only when it is the same command but for what was masked. */
function unmaskedCommand(recorded: ReplayPlan, plan: LaunchPlan, secrets: Secrets): readonly string[] {
  if (isDeepStrictEqual(toLaunchRecord(plan, secrets).command, recorded.command))
    return [plan.file, ...plan.args];
  throw impossible(recorded, 'its command holds a secret, and the configuration has another command now', []);
}

function impossible({ path }: ReplayPlan, why: string, missing: readonly string[]): LiveWorkerError {
  return new LiveWorkerError('REPLAY_IMPOSSIBLE', `Cannot replay "${path}": ${why}`, {
    details: { path, missing },
  });
}
