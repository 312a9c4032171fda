import type { WorkerSpec } from '../../options/options.ts';
import { expandEnvFile } from './expand-env-file.ts';
import { findFreePorts } from './find-free-ports.ts';
import { inheritEnvironment } from './inherit-environment.ts';
import { fillInOption } from './interpolate.ts';
import { layOtel } from './lay-otel.ts';
import { type EnvFile, readEnvFile } from './read-env-file.ts';
import { requireVariables, variablesMissing } from './require-variables.ts';
import { type OriginatedVariable, VariableTable } from './variable-table.ts';

/** What an environment depends on beside the spec: Jest's own variables and what this session gives the worker. */
export interface EnvironmentInputs {
  readonly rootDir: string;
  readonly inheritedEnv: Readonly<Record<string, string | undefined>>;
  /** Names in it that only Jest's own child process has. */
  readonly setByJest?: readonly string[];
  /** The value of LIVE_WORKER_ID. */
  readonly id: string;
  /** The value of PGAPPNAME, at most 63 bytes. */
  readonly applicationName: string;
  /** The variables that lead to the servers of the run. */
  readonly servers?: ServerVariables | undefined;
  /** The variables that lead to what the test file has for itself alone, given those before them. */
  readonly slot?: SlotVariables | undefined;
  /** Where a worker with `otel` is to send its spans. */
  readonly otlpEndpoint?: string | undefined;
  /** Set over everything by a restart; null unsets. */
  readonly restartEnv?: Readonly<Record<string, string | null>>;
  /** What has the worker measure itself: both are folders. */
  readonly coverage?: CoverageVariables | undefined;
  /** Ports of an earlier launch that this one keeps. */
  readonly ports?: Readonly<Record<string, number>>;
}

export type SlotVariables = (worker: {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}) => Readonly<Record<string, string>>;

export interface CoverageVariables {
  /** Where its Node processes write what they ran. */
  readonly nodeFolder: string;
  /** Has a `sitecustomize.py`, which every Python loads first, and takes what they ran. */
  readonly pythonFolder: string;
}

/** How a worker is led to servers that stand for those it names. */
export interface ServerVariables {
  /** Beneath all others: for a worker that names none. */
  readonly standard: Readonly<Record<string, string>>;
  /** Over those of the configuration; null unsets. `standard` are the names among its variables that are still those from beneath. */
  lead(worker: {
    readonly env: Readonly<Record<string, string>>;
    readonly cwd: string;
    readonly standard: readonly string[];
  }): Readonly<Record<string, string | null>>;
}

/** The finished environment of a worker. */
export interface WorkerEnvironment {
  readonly table: VariableTable;
  readonly ports: Readonly<Record<string, number>>;
  readonly files: readonly EnvFile[];
}

interface EnvironmentInputsWithCwd extends EnvironmentInputs {
  readonly cwd: string;
}

/**
 * Lays the layers over each other: inherited, env files, `env`, ports, servers, slot, restart, otel, coverage, supervision.
 * @throws LiveWorkerError ENV_FILE_INVALID, ENV_MISSING, PORT_UNAVAILABLE
 */
export async function resolveEnvironment(
  spec: WorkerSpec,
  inputs: EnvironmentInputsWithCwd,
): Promise<WorkerEnvironment> {
  const table = new VariableTable();
  for (const [name, value] of Object.entries(inputs.servers?.standard ?? {}))
    table.set(name, value, { layer: 'server' });
  layInherited(table, spec, inputs);
  const files = spec.envFiles.map(asked => readEnvFile(asked, { ...inputs, worker: spec.name }));
  const ports = await choosePorts(spec, inputs);
  const later = portLayer(ports);
  for (const file of files) expandEnvFile(spec.name, file, { table, later });
  layEnv(table, spec, { files, later });
  for (const [name, { value, origin }] of later) table.set(name, value, origin);
  layServers(table, inputs);
  laySlot(table, inputs);
  layRestart(table, inputs);
  if (inputs.otlpEndpoint !== undefined) layOtel(table, spec, inputs.otlpEndpoint);
  layCoverage(table, inputs);
  laySupervision(table, inputs);
  requireVariables(spec.requireEnv, { worker: spec.name, table, files });
  return { table, ports, files };
}

function layInherited(table: VariableTable, spec: WorkerSpec, inputs: EnvironmentInputsWithCwd): void {
  const { variables, withheld } = inheritEnvironment(inputs.inheritedEnv, spec.inherit, inputs.setByJest);
  for (const [name, value] of variables) table.set(name, value, { layer: 'inherited' });
  for (const { name, why, value } of withheld) table.withhold(name, why, value);
}

/** A restart that sets a port itself wants that port. */
async function choosePorts(
  spec: WorkerSpec,
  inputs: EnvironmentInputsWithCwd,
): Promise<Readonly<Record<string, number>>> {
  const names = spec.ports.filter(name => typeof inputs.restartEnv?.[name] !== 'string');
  const kept = inputs.ports ?? {};
  const wanted = names.filter(name => kept[name] === undefined);
  const found = await findFreePorts(wanted.length);
  const ports = { ...kept, ...Object.fromEntries(wanted.map((name, index) => [name, found[index] ?? 0])) };
  return Object.fromEntries(names.map(name => [name, ports[name] ?? 0]));
}

/** The layer above `env` that is known before it: what it refers to must be what the worker gets. */
function portLayer(ports: Readonly<Record<string, number>>): ReadonlyMap<string, OriginatedVariable> {
  return new Map(
    Object.entries(ports).map(([name, port]) => [name, { value: String(port), origin: { layer: 'port' } }]),
  );
}

function layEnv(
  table: VariableTable,
  spec: WorkerSpec,
  {
    files,
    later,
  }: { readonly files: readonly EnvFile[]; readonly later: ReadonlyMap<string, OriginatedVariable> },
): void {
  for (const [name, text] of Object.entries(spec.env)) {
    if (text === null) {
      table.withhold(name, 'unset by env');
      continue;
    }
    const lookUp = (other: string) => (later.get(other) ?? table.get(other))?.value;
    const { text: value, references } = fillInOption(text, lookUp, missing => {
      const late = Object.hasOwn(spec.env, missing) && spec.env[missing] !== null;
      const lack = late ? 'which env sets only further down' : 'not set for the worker';
      const what = `env.${name} refers to "\${${missing}}", ${lack}`;
      throw variablesMissing([missing], { worker: spec.name, table, files }, what);
    });
    table.set(name, value, { layer: 'env', ...(references.length > 0 && { filledIn: references }) });
  }
}

function layServers(table: VariableTable, { servers, cwd }: EnvironmentInputsWithCwd): void {
  if (!servers) return;
  const origins = table.origins();
  const standard = [...origins].filter(([, { layer }]) => layer === 'server').map(([name]) => name);
  const led = servers.lead({ env: Object.fromEntries(table.values()), cwd, standard });
  for (const [name, value] of Object.entries(led)) {
    if (value === null) table.withhold(name, 'unset by services');
    else table.set(name, value, { layer: 'server' });
  }
}

function laySlot(table: VariableTable, { slot, cwd }: EnvironmentInputsWithCwd): void {
  if (!slot) return;
  const variables = slot({ env: Object.fromEntries(table.values()), cwd });
  for (const [name, value] of Object.entries(variables)) table.set(name, value, { layer: 'slot' });
}

function layRestart(table: VariableTable, inputs: EnvironmentInputsWithCwd): void {
  for (const [name, value] of Object.entries(inputs.restartEnv ?? {})) {
    if (value === null) table.withhold(name, 'unset by restart');
    else table.set(name, value, { layer: 'restart' });
  }
}

function layCoverage(table: VariableTable, { coverage }: EnvironmentInputs): void {
  if (!coverage) return;
  const { nodeFolder, pythonFolder } = coverage;
  const path = table.get('PYTHONPATH')?.value;
  table.set('NODE_V8_COVERAGE', nodeFolder, { layer: 'coverage' });
  table.set('PYTHONPATH', path ? `${pythonFolder}:${path}` : pythonFolder, { layer: 'coverage' });
}

function laySupervision(table: VariableTable, inputs: EnvironmentInputsWithCwd): void {
  const own = {
    LIVE_WORKER_ID: inputs.id,
    PYTHONUNBUFFERED: '1',
    PYTHONFAULTHANDLER: '1',
    SPT_NOENV: '1',
  };
  for (const [name, value] of Object.entries(own)) table.set(name, value, { layer: 'supervision' });
  const asked = table.get('PGAPPNAME')?.origin.layer ?? 'inherited';
  if (asked === 'inherited') table.set('PGAPPNAME', inputs.applicationName, { layer: 'supervision' });
}
