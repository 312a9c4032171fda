import type { Stats } from 'node:fs';

/** A file, under any name it may have by now. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
}

export function identifyFile({ dev, ino }: Stats): FileIdentity {
  return { device: dev, inode: ino };
}
