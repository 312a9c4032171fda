import { existsSync } from 'node:fs';
import { procReader } from './proc-reader.ts';
import type { ProcessReader } from './process-reader.ts';
import { createPsReader } from './ps-reader.ts';
import { runPs } from './run-ps.ts';

/** Asked each time: a /proc may be mounted, hidden or unmounted while Jest runs. */
export function selectProcessReader(): ProcessReader {
  return existsSync('/proc/self/stat') ? procReader : psReader;
}

const psReader = createPsReader(runPs);
