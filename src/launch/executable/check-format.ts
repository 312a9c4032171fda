import { checkElf } from './check-elf.ts';
import type { Refusal } from './check-file.ts';
import { isRegisteredFormat } from './is-registered-format.ts';

/** Checks a program that is no script by its first bytes. */
export function checkFormat(file: string, head: Buffer, platform: NodeJS.Platform): Refusal | undefined {
  const refusal = explainFormat(file, head, platform);
  return refusal === undefined || isRegisteredFormat(file, head) ? undefined : refusal;
}

function explainFormat(file: string, head: Buffer, platform: NodeJS.Platform): Refusal | undefined {
  const magic = head.toString('hex', 0, 4);
  if (magic === '7f454c46')
    return platform === 'darwin' ? ofOtherSystem('a Linux program (ELF)', 'macOS') : checkElf(file, head);
  if (machO.has(magic))
    return platform === 'darwin' ? undefined : ofOtherSystem('a macOS program (Mach-O)', platform);
  if (magic.startsWith('4d5a')) return ofOtherSystem('a Windows program', platform);
  if (head.toString('latin1', 0, 5) === '\xef\xbb\xbf#!')
    return { what: 'has a byte order mark before its "#!"', next: 'Save it as UTF-8 without BOM' };
  if (head.includes(0))
    return { what: 'is in no format the kernel runs', next: 'Name a program or a script' };
  return {
    what: 'is a text file without a "#!" line, which the kernel does not run',
    next: 'Write the interpreter into its first line, such as "#!/bin/sh", or name the interpreter first in the command',
  };
}

const machO = new Set(['feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabe']);

function ofOtherSystem(what: string, platform: string): Refusal {
  return { what: `is ${what}, and this is ${platform}`, next: 'Install or build the one for this system' };
}
