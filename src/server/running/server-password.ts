import { randomBytes } from 'node:crypto';

/** Of the one user a server has; needs no escape in a URL. */
export function serverPassword(): string {
  return randomBytes(18).toString('hex');
}
