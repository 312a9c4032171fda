import { type Environment, findProgram } from './find-program.ts';

/** What a server is called where packages come from. */
export interface PackageNames {
  readonly apt: readonly string[];
  readonly dnf: readonly string[];
  readonly apk: readonly string[];
  readonly brew: readonly string[];
  /** A package of npm that brings its binaries along. */
  readonly npm?: string;
  /** Where everybody else finds it. */
  readonly site: string;
}

/** The one command that installs it on this machine, for a person to run; undefined where no package manager is known. */
export function installCommand(
  { apt, dnf, apk, brew }: Pick<PackageNames, 'apt' | 'dnf' | 'apk' | 'brew'>,
  env: Environment,
): string | undefined {
  const isThere = (program: string) => findProgram(program, env) !== undefined;
  if (isThere('brew')) return `brew install ${brew.join(' ')}`;
  if (isThere('apt-get')) return `${asRoot()}apt-get install -y --no-install-recommends ${apt.join(' ')}`;
  if (isThere('dnf')) return `${asRoot()}dnf install -y ${dnf.join(' ')}`;
  if (isThere('apk')) return `${asRoot()}apk add ${apk.join(' ')}`;
  return undefined;
}

function asRoot(): string {
  return process.getuid?.() === 0 ? '' : 'sudo ';
}
