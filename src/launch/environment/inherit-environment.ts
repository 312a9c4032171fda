import type { WithheldVariable } from '../plan.ts';
import { type SplitNodeOptions, splitNodeOptions, splitNodePath } from './split-node-options.ts';

/** What the worker gets of Jest's own environment, and what it does not get. */
export interface InheritedEnvironment {
  readonly variables: ReadonlyMap<string, string>;
  readonly withheld: readonly WithheldVariable[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Leaves out what Jest, npm and we ourselves put there, and what `inherit` does not allow; a name that `inherit` lists is always kept. */
export function inheritEnvironment(
  inherited: Environment,
  inherit: 'all' | 'none' | readonly string[],
  setByJest: readonly string[] = [],
): InheritedEnvironment {
  const variables = new Map<string, string>();
  const withheld: WithheldVariable[] = [];
  for (const [name, value] of Object.entries(inherited)) {
    if (value === undefined) continue;
    const why = whyWithheld(name, value, { inherit, inherited, setByJest });
    const { kept, rest } =
      why === 'set by Jest or npm' ? split(name, value, inherit) : { kept: '', rest: '' };
    if (why === undefined) variables.set(name, value);
    if (kept !== '') variables.set(name, kept);
    if (why !== undefined && (kept === '' || rest !== ''))
      withheld.push({ name, why, ...(rest !== '' && { value: rest }) });
  }
  return { variables, withheld };
}

/** Without what Yarn put into NODE_OPTIONS, no program of a project with PnP finds its packages. */
function split(name: string, value: string, inherit: Inheritance['inherit']): SplitNodeOptions {
  if (name !== 'NODE_OPTIONS' && name !== 'NODE_PATH') return { kept: '', rest: '' };
  if (inherit !== 'all') return { kept: '', rest: value };
  return name === 'NODE_OPTIONS' ? splitNodeOptions(value) : splitNodePath(value);
}

interface Inheritance {
  readonly inherit: 'all' | 'none' | readonly string[];
  readonly inherited: Environment;
  readonly setByJest: readonly string[];
}

function whyWithheld(
  name: string,
  value: string,
  { inherit, inherited, setByJest }: Inheritance,
): WithheldVariable['why'] | undefined {
  if (typeof inherit === 'object') return inherit.includes(name) ? undefined : 'not in inherit';
  if (name.startsWith('LIVE_WORKER_')) return 'set by live-worker';
  if (setByJest.includes(name) || isSetByJest(name, value) || isSetByManager(name, value, inherited))
    return 'set by Jest or npm';
  return inherit === 'none' ? 'not in inherit' : undefined;
}

function isSetByJest(name: string, value: string): boolean {
  if (name === 'NODE_ENV') return value === 'test';
  return /^(?:JEST_|(?:NODE_OPTIONS|NODE_V8_COVERAGE)$)/.test(name);
}

/** npm, yarn and pnpm, when a script of theirs started Jest. */
function isSetByManager(name: string, value: string, inherited: Environment): boolean {
  if (name === 'NODE_PATH') return splitNodePath(value).rest !== '';
  if (name === 'NODE') return value === inherited.npm_node_execpath;
  if (name === 'COLOR') return inherited.npm_config_npm_version !== undefined;
  return /^(?:[nN][pP][mM]_|pnpm_|(?:INIT_CWD|BERRY_BIN_FOLDER|PROJECT_CWD|PNPM_SCRIPT_SRC_DIR|PNPM_PACKAGE_NAME)$)/.test(
    name,
  );
}
