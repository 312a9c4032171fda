import type { WorkerSpec } from '../options/options.ts';
import type { ProbeSpec } from '../options/probe-options.ts';
import { type SecretSource, sourcesInData } from '../secrets/list-secrets.ts';
import { secretWord } from '../secrets/secret-words.ts';
import type { LaunchPlan } from './plan.ts';

/** Every place of a launch where a secret can be: its environment, its command, its probes. */
export function secretSources(
  { env, args, detour }: Pick<LaunchPlan, 'env' | 'args' | 'detour'>,
  probes: readonly ProbeSpec[],
): readonly SecretSource[] {
  const given = Object.entries(detour?.env ?? {}).map(([name, value]): SecretSource => [name, value ?? '']);
  return [...Object.entries(env), ...given, ...sourcesInCommand(args), ...sourcesInProbes(probes)];
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

/** By its place in the command; any word may be a URL, or a script with options of its own. */
function sourcesInCommand(words: readonly string[]): readonly SecretSource[] {
  return words.flatMap((word, index): readonly SecretSource[] => {
    const known = secretWord(words, index);
    return known ? [[known.name, known.secret]] : [['', word], ...sourcesInScript(word)];
  });
}

function sourcesInScript(script: string): readonly SecretSource[] {
  return [...script.matchAll(/(?:^|\s)--?([\w-]+)[\s=]+(?:'([^']*)'|"([^"]*)"|([^\s'"-]\S*))/g)].map(
    ([, name = '', single, double, bare]) => [name, single ?? double ?? bare ?? ''],
  );
}
