import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';

/** A broker behind TLS, whose certificate an authority of its own has signed for `localhost`. */
export interface TlsBroker {
  readonly port: number;
  readonly folder: string;
  readonly authority: string;
  /** Signed by the same authority, for a client; key and certificate in one file. */
  readonly client: string;
  close(): void;
}

export async function tlsBroker(url: string, { asksClient = false } = {}): Promise<TlsBroker> {
  const folder = mkdtempSync(join(tmpdir(), 'live-worker-tls-'));
  const authority = join(folder, 'ca.pem');
  makeCertificates(folder);
  const behind = new URL(url);
  const sockets = new Set<TLSSocket>();
  const server = createServer(
    {
      key: readFileSync(join(folder, 'server.key')),
      cert: readFileSync(join(folder, 'server.pem')),
      ca: readFileSync(authority),
      requestCert: asksClient,
      rejectUnauthorized: asksClient,
    },
    socket => {
      const broker = connect(Number(behind.port || 5672), behind.hostname);
      sockets.add(socket.on('error', () => broker.destroy()).on('close', () => broker.destroy()));
      broker.on('error', () => socket.destroy()).on('close', () => socket.destroy());
      socket.pipe(broker).pipe(socket);
    },
  );
  server.on('tlsClientError', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    folder,
    authority,
    client: join(folder, 'client.pem'),
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function makeCertificates(folder: string): void {
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore', timeout: 20_000 });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
  );
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost');
  for (const name of ['server', 'client']) {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-out', `${name}.pem`, '-days', '2', '-extfile', 'names'],
    );
  }
  const client = ['client.pem', 'client.key'].map(file => readFileSync(join(folder, file), 'utf8'));
  writeFileSync(join(folder, 'client.pem'), client.join(''));
}
