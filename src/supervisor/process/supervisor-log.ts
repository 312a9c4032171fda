import { appendFileSync, existsSync, statSync, truncateSync } from 'node:fs';
import { Secrets } from '../../secrets/secrets.ts';
import { supervisorLogPath } from '../supervisor-log-path.ts';

const mostBytes = 256 * 1024;

/** Without secrets; the log begins anew when it has grown too long. */
export function writeSupervisorLog(folder: string, run: string, text: string): void {
  const path = supervisorLogPath(folder);
  const line = `${new Date().toISOString()} ${run} pid ${process.pid}: ${new Secrets().quote(text)}\n`;
  try {
    if (existsSync(path) && statSync(path).size > mostBytes) truncateSync(path);
    appendFileSync(path, line, { mode: 0o600 });
  } catch {
    // A full disk: there is no other place to say it.
  }
}
