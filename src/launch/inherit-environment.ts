import type { WithheldVariable } from './plan.ts';

/** What the worker gets of Jest's own environment, and what it does not get. */
export interface InheritedEnvironment {
  readonly variables: ReadonlyMap<string, string>;
  readonly withheld: readonly WithheldVariable[];
}

/** Leaves out what Jest, npm and we ourselves put there, and what `inherit` does not allow; a name that `inherit` lists is always kept. */
export function inheritEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
  inherit: 'all' | 'none' | readonly string[],
): InheritedEnvironment {
  const variables = new Map<string, string>();
  const withheld: WithheldVariable[] = [];
  for (const [name, value] of Object.entries(inherited)) {
    if (value === undefined) continue;
    const why = whyWithheld(name, value, inherit);
    if (why === undefined) variables.set(name, value);
    else withheld.push({ name, why });
  }
  return { variables, withheld };
}

function whyWithheld(
  name: string,
  value: string,
  inherit: 'all' | 'none' | readonly string[],
): WithheldVariable['why'] | undefined {
  if (typeof inherit === 'object') return inherit.includes(name) ? undefined : 'not in inherit';
  if (name.startsWith('LIVE_WORKER_')) return 'set by live-worker';
  if (isSetByJest(name, value)) return 'set by Jest or npm';
  return inherit === 'none' ? 'not in inherit' : undefined;
}

function isSetByJest(name: string, value: string): boolean {
  if (name === 'NODE_ENV') return value === 'test';
  return /^(?:JEST_|[nN][pP][mM]_|(?:NODE_OPTIONS|NODE_V8_COVERAGE|INIT_CWD)$)/.test(name);
}
