import type { WorkerSpec } from '../spec/options.ts';
import type { ProbeSpec } from '../spec/probe-options.ts';
import type { SecretSource } from './list-secrets.ts';
import type { LaunchPlan } from './plan.ts';

/** Every place of a launch where a secret can be: its environment, its command, its probes. */
export function secretSources(
  { env, args }: Pick<LaunchPlan, 'env' | 'args'>,
  probes: readonly ProbeSpec[],
): readonly SecretSource[] {
  return [...Object.entries(env), ...sourcesInCommand(args), ...sourcesInProbes(probes)];
}

/** The same of a worker of which no more is known than what was asked for. */
export function secretSourcesOf({ env, command, ready }: WorkerSpec): readonly SecretSource[] {
  const variables = Object.entries(env).map(([name, value]): SecretSource => [name, value ?? '']);
  return [...variables, ...sourcesInCommand(command), ...sourcesInProbes(ready)];
}

function sourcesInProbes(probes: readonly ProbeSpec[]): readonly SecretSource[] {
  return probes.flatMap(probe => [
    ...sourcesInData('', probe),
    ...(probe.kind === 'command' ? sourcesInCommand(probe.command) : []),
  ]);
}

/** `--password`, `x`, and `--password=x`; any word may be a URL, or a script with options of its own. */
function sourcesInCommand(words: readonly string[]): readonly SecretSource[] {
  return words.flatMap((word, index): readonly SecretSource[] => {
    const [, assigned, value] = /^--?([\w-]+)=(.*)$/s.exec(word) ?? [];
    if (assigned !== undefined) return [[assigned, value ?? '']];
    const option = /^--?([\w-]+)$/.exec(words[index - 1] ?? '')?.[1];
    return [[option !== undefined && !word.startsWith('-') ? option : '', word], ...sourcesInScript(word)];
  });
}

/** A text by the names on the way to it: `options.auth.password`. */
function sourcesInData(name: string, data: unknown): readonly SecretSource[] {
  if (typeof data === 'string') return [[name, data]];
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([key, value]) =>
    sourcesInData(Array.isArray(data) ? name : `${name}.${key}`, value),
  );
}

function sourcesInScript(script: string): readonly SecretSource[] {
  return [...script.matchAll(/(?:^|\s)--?([\w-]+)[\s=]+(?:'([^']*)'|"([^"]*)"|([^\s'"-]\S*))/g)].map(
    ([, name = '', single, double, bare]) => [name, single ?? double ?? bare ?? ''],
  );
}
