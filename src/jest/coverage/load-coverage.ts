import { createRequire } from 'node:module';
import { ownProgram } from '../../files/package-folder.ts';
import type * as coverage from './main.ts';

/** A file of its own, which no run without coverage loads. */
export function loadCoverage(): typeof coverage {
  const path = ownProgram('jest/coverage/main.js');
  return createRequire(path)(path) as typeof coverage;
}
