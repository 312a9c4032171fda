import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { notice } from '../../text/notice.ts';

/** Says it in one of the processes of a run, and there once. @param folder of the run */
export function sayOnce(folder: string, text: string): void {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  try {
    writeFileSync(join(folder, `said.${hash}`), '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
  }
  notice(text);
}
