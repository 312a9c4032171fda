import type { Stats } from 'node:fs';

/** A file whatever it is called by now. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
}

export function identifyFile({ dev, ino }: Stats): FileIdentity {
  return { device: dev, inode: ino };
}
