import { arch } from 'node:process';
import { isFile } from '../../files/path-kind.ts';
import type { Refusal } from './check-file.ts';
import { readLoader } from './read-loader.ts';

interface Machine {
  readonly name: string;
  readonly bits: 32 | 64;
  /** The architectures of Node whose kernels run it. */
  readonly runsOn: readonly string[];
}

// e_machine in elf.h
const machines: Readonly<Record<number, Machine>> = {
  3: { name: 'x86', bits: 32, runsOn: ['ia32', 'x64'] },
  8: { name: 'MIPS', bits: 32, runsOn: ['mips', 'mipsel'] },
  20: { name: 'PowerPC', bits: 32, runsOn: ['ppc', 'ppc64'] },
  21: { name: 'PowerPC 64', bits: 64, runsOn: ['ppc64'] },
  22: { name: 'S/390', bits: 64, runsOn: ['s390x'] },
  40: { name: 'ARM', bits: 32, runsOn: ['arm', 'arm64'] },
  62: { name: 'x86-64', bits: 64, runsOn: ['x64'] },
  183: { name: 'ARM 64', bits: 64, runsOn: ['arm64'] },
  243: { name: 'RISC-V', bits: 64, runsOn: ['riscv64'] },
  258: { name: 'LoongArch', bits: 64, runsOn: ['loong64'] },
};

/** Checks an ELF program: its machine, and the dynamic loader it names. */
export function checkElf(file: string, head: Buffer): Refusal | undefined {
  if (head.length < 52) return { what: 'is a truncated ELF program', next: 'Build or install it again' };
  const bits = head[4] === 2 ? 64 : 32;
  const little = head[5] === 1;
  const machine = little ? head.readUInt16LE(18) : head.readUInt16BE(18);
  const type = little ? head.readUInt16LE(16) : head.readUInt16BE(16);
  const known = machines[machine];
  if (known === undefined || !known.runsOn.includes(arch) || known.bits !== bits) {
    const what = `is built for ${known?.name ?? `machine type ${machine}`} (${bits} bits), and this machine is ${arch}`;
    return { what, next: 'Install or build the one for this machine' };
  }
  if (type === 1) return { what: 'is an ELF object file, not a program', next: 'Link it' };
  const loader = little ? readLoader(file, head) : undefined;
  if (loader === undefined || isFile(loader)) return undefined;
  return {
    what: `needs the dynamic loader "${loader}", which does not exist`,
    next: 'Install or build the program for this system: it was made for another C library or another word size',
  };
}
