import which from 'which';

export interface PackageNames {
  readonly apt: readonly string[];
  readonly dnf: readonly string[];
  readonly brew?: readonly string[];
  /** The whole command, for every other platform. */
  readonly otherwise: string;
}

export function installAdvice(names: PackageNames): string {
  return `Install it and run this again: ${installCommand(names)}`;
}

function installCommand({ apt, dnf, brew, otherwise }: PackageNames): string {
  if (isThere('apt-get')) return `${asRoot()}apt-get install -y --no-install-recommends ${apt.join(' ')}`;
  if (isThere('dnf')) return `${asRoot()}dnf install -y ${dnf.join(' ')}`;
  if (brew && isThere('brew')) return `brew install ${brew.join(' ')}`;
  return otherwise;
}

function isThere(executable: string): boolean {
  return which.sync(executable, { nothrow: true }) !== null;
}

function asRoot(): string {
  return process.getuid?.() === 0 ? '' : 'sudo ';
}
