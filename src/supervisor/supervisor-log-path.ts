import { join } from 'node:path';

/** Where the supervisors of this user write what they throw; they have no other place. */
export function supervisorLogPath(folder: string): string {
  return join(folder, 'supervisor.log');
}
