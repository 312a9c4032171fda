import { createHash, randomBytes } from 'node:crypto';

/** What a broker has from its first moment on: one user, who may do everything, and these vhosts. */
export function brokerDefinitions(user: string, password: string, vhosts: readonly string[]): string {
  const names = [...new Set(['/', ...vhosts])];
  return JSON.stringify({
    users: [
      {
        name: user,
        password_hash: hashOf(password),
        hashing_algorithm: 'rabbit_password_hashing_sha256',
        tags: ['administrator'],
      },
    ],
    vhosts: names.map(name => ({ name })),
    permissions: names.map(vhost => ({ user, vhost, configure: '.*', write: '.*', read: '.*' })),
  });
}

/** Source: RabbitMQ manual, "Computing a password hash". */
function hashOf(password: string): string {
  const salt = randomBytes(4);
  const digest = createHash('sha256')
    .update(Buffer.concat([salt, Buffer.from(password)]))
    .digest();
  return Buffer.concat([salt, digest]).toString('base64');
}
