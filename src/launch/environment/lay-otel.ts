import type { WorkerSpec } from '../../options/options.ts';
import type { LaunchPlan } from '../plan.ts';
import type { VariableTable } from './variable-table.ts';

/** They decide whether spans are sent, where, and in which form. */
const leadingVariables: readonly string[] = [
  'OTEL_SDK_DISABLED',
  'OTEL_CONFIG_FILE',
  'OTEL_EXPERIMENTAL_CONFIG_FILE',
  'OTEL_TRACES_EXPORTER',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
];

/** Those that keep everything, or nothing, from being sent where they were inherited. */
const inheritedToo: readonly string[] = [...leadingVariables, 'OTEL_TRACES_SAMPLER'];

/** An SDK waits 5 s by itself before it sends a batch. */
const delayMs = 20;

/**
 * Leads the spans of a worker to `endpoint`, unless a variable of its own leads them. What was only inherited was not chosen for
 * this worker.
 *
 * Source: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables
 */
export function layOtel(table: VariableTable, spec: WorkerSpec, endpoint: string): void {
  const isOwn = (name: string) => isSetBy(spec, table, name);
  if (leadingVariables.some(isOwn)) return;
  for (const name of inheritedToo) if (table.get(name) && !isOwn(name)) table.withhold(name, 'unset by otel');
  const set = (name: string, value: string) => {
    if (!isOwn(name)) table.set(name, value, { layer: 'otel' });
  };
  set('OTEL_EXPORTER_OTLP_ENDPOINT', endpoint);
  set('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/protobuf');
  set('OTEL_BSP_SCHEDULE_DELAY', String(delayMs));
  const resource = table.get('OTEL_RESOURCE_ATTRIBUTES');
  if (!resource?.value.includes('service.name=')) set('OTEL_SERVICE_NAME', spec.name);
}

/** The variables by which a worker leads its spans itself; none where `otel` does. */
export function ownLead({ env, provenance }: Pick<LaunchPlan, 'env' | 'provenance'>): readonly string[] {
  const names = leadingVariables.filter(
    name => Object.hasOwn(env, name) && provenance[name]?.layer !== 'otel',
  );
  const chosen = names.filter(name => provenance[name]?.layer !== 'inherited');
  return chosen.length > 0 ? chosen : names;
}

function isSetBy({ inherit }: WorkerSpec, table: VariableTable, name: string): boolean {
  const found = table.get(name);
  if (!found) return false;
  return found.origin.layer !== 'inherited' || (typeof inherit === 'object' && inherit.includes(name));
}
