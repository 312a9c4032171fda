/**
 * Records what clients and real servers say to each other, for the tests of the readers:
 *
 *     node -r esbuild-register test/services/with-services.ts --need rabbitmq,postgres,python -- node -r esbuild-register test/tap/record.ts
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

const clients = [
  { name: 'amqplib', variable: 'RABBITMQ_URL', program: 'amqplib-client.mjs' },
  { name: 'pika', variable: 'RABBITMQ_URL', program: 'pika_client.py' },
  { name: 'py-amqp', variable: 'RABBITMQ_URL', program: 'py_amqp_client.py' },
  { name: 'node-pg', variable: 'DATABASE_URL', program: 'node-pg-client.mjs' },
  { name: 'psycopg2', variable: 'DATABASE_URL', program: 'psycopg2_client.py' },
] as const;

void recordAll();

async function recordAll(): Promise<void> {
  for (const { name, variable, program } of clients) {
    const pieces = await record(variable, join(__dirname, 'recordings', program));
    const lines = pieces.map(({ from, bytes }) => JSON.stringify({ from, bytes: bytes.toString('base64') }));
    writeFileSync(join(__dirname, 'recordings', `${name}.ndjson`), `${lines.join('\n')}\n`);
  }
}

interface Piece {
  readonly from: 'client' | 'server';
  readonly bytes: Buffer;
}

/** Runs a client behind a proxy that writes down what passes; of one connection, the first. */
async function record(variable: string, program: string): Promise<readonly Piece[]> {
  const upstream = new URL(process.env[variable] ?? '');
  const pieces: Piece[] = [];
  const server = createServer(client => {
    const broker = connect({ host: upstream.hostname, port: Number(upstream.port) });
    pass(client, broker, bytes => pieces.push({ from: 'client', bytes }));
    pass(broker, client, bytes => pieces.push({ from: 'server', bytes }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(upstream);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const python = join(process.env.LIVE_WORKER_TEST_VENV ?? '', 'bin/python');
  const child = spawn(program.endsWith('.py') ? python : process.execPath, [program], {
    env: { ...process.env, [variable]: url.href },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  server.close();
  if (code !== 0) throw new Error(`${program} ended with code ${code}`);
  return pieces;
}

function pass(from: Socket, to: Socket, onBytes: (bytes: Buffer) => void): void {
  from
    .on('data', bytes => {
      onBytes(bytes);
      to.write(bytes);
    })
    .on('end', () => to.end())
    .on('error', () => to.destroy());
}
