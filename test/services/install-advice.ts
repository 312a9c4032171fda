import { installCommand, type PackageNames } from '../../src/server/finding/install-command.ts';

export interface AdvisedPackages extends Partial<Pick<PackageNames, 'apt' | 'dnf' | 'apk' | 'brew'>> {
  /** The whole command, for every other platform. */
  readonly otherwise: string;
}

export function installAdvice({
  otherwise,
  apt = [],
  dnf = [],
  apk = [],
  brew = [],
}: AdvisedPackages): string {
  const command = installCommand({ apt, dnf, apk, brew }, process.env) ?? otherwise;
  return `Install it and run this again: ${/ $/.test(command) ? otherwise : command}`;
}
