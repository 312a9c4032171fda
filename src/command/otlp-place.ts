import type { WorkerSpec } from '../options/options.ts';

/** Stands for the endpoint that a launch in a test file is given; undefined without `otel`. */
export function otlpPlace({ name, otel }: WorkerSpec): string | undefined {
  return otel ? `http://127.0.0.1:<port>/<key>/${name}` : undefined;
}
