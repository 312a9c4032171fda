import type { describeInterpreter } from '../launch/executable/describe-interpreter.ts';
import type { LaunchRecord } from '../launch/launch-record.ts';
import type { LaunchPlan } from '../launch/plan.ts';

interface ExplainedVariable {
  readonly value: string;
  /** The layer it comes from. */
  readonly from: string;
  /** The same in words. */
  readonly origin: string;
}

export type Explanation = Readonly<{
  worker: string;
  project: string;
  rootDir: string;
  command: readonly string[];
  executable: LaunchRecord['executable'];
  interpreter: ReturnType<typeof describeInterpreter> & { readonly version: string | undefined };
  cwd: string;
  stdin: 'ignore' | 'pipe';
  envFiles: readonly string[];
  probes: readonly string[];
  services: readonly { readonly kind: string; readonly url: string; readonly source: string }[];
  /** Of a worker with `otel`: whether they are received. */
  spans?: string;
  ports: LaunchPlan['ports'];
  startTimeoutMs: number;
  stop: { readonly signal: string; readonly graceMs: number };
  env: Readonly<Record<string, ExplainedVariable>>;
  withheld: LaunchPlan['withheld'];
}>;
