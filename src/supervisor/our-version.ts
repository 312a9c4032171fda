import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../files/package-folder.ts';
import { protocolVersion } from './protocol.ts';

/** Both sides have to be of one version, of the package too: what a launch means may change without any message changing. */
export function ourVersion(): string {
  version ??= `${readPackage().version}+${protocolVersion}`;
  return version;
}

let version: string | undefined;

function readPackage(): { readonly version: string } {
  return JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as {
    readonly version: string;
  };
}
