import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { listNames } from '../../files/list-names.ts';

const folder = '/proc/sys/fs/binfmt_misc';

/** True when this kernel was taught the format: qemu for other machines, Wine, WSL. See binfmt-misc in the kernel's admin guide. */
export function isRegisteredFormat(file: string, head: Buffer): boolean {
  const names = listNames(folder).filter(name => name !== 'register' && name !== 'status');
  return names.some(name => matchesFormat(readEntry(join(folder, name)), file, head));
}

/** One entry as the kernel prints it: `enabled`, then lines such as `offset 0`, `magic 7f45`, `mask ffff`, `extension .jar`. */
export function matchesFormat(entry: string, file: string, head: Buffer): boolean {
  const fields = new Map(entry.split('\n').map(line => splitOnce(line)));
  if (!fields.has('enabled')) return false;
  const extension = fields.get('extension');
  if (extension !== undefined) return extname(file) === extension;
  const magic = Buffer.from(fields.get('magic') ?? '', 'hex');
  const mask = Buffer.from(fields.get('mask') ?? '', 'hex');
  const start = Number(fields.get('offset') ?? 0);
  const bytes = head.subarray(start, start + magic.length);
  if (magic.length === 0 || bytes.length < magic.length) return false;
  return magic.every((byte, index) => ((byte ^ (bytes[index] ?? 0)) & (mask[index] ?? 255)) === 0);
}

function splitOnce(line: string): readonly [string, string] {
  const [name = '', ...rest] = line.split(' ');
  return [name, rest.join(' ')];
}

function readEntry(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
