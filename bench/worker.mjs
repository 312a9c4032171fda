// The one worker of all contenders: consumes from QUEUE, then answers on PORT. Ends after 120 s, whatever happens.
import { spawn } from 'node:child_process';
import { openSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import amqplib from 'amqplib';

const { BENCH_STAMPS: stamps, BENCH_ROLE: role = '', PORT, QUEUE, RABBITMQ_URL } = process.env;
setTimeout(() => process.exit(124), 120_000).unref();
stamp('started');
if (role === 'slow') await new Promise(resolve => setTimeout(resolve, 1_500));
if (role === 'exits') end('exiting', 3, 'Error: BENCH_SETTING is not set');
if (role === 'daemon') {
  const daemon =
    "require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)', 'bench-daemon'], { detached: true, stdio: 'inherit' }).unref()";
  spawn(process.execPath, ['-e', daemon], { stdio: 'inherit' });
}

const broker = await amqplib.connect(RABBITMQ_URL, { noDelay: true });
const channel = await broker.createChannel();
await channel.assertQueue(QUEUE, { autoDelete: true });
await channel.consume(QUEUE, message => channel.ack(message));
stamp('consuming');
console.log('consuming');
const server = createServer(answer).listen(Number(PORT), '127.0.0.1');
process.on('SIGTERM', stop);

function answer({ url }, response) {
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const [size, count] = ['size', 'count'].map(name => Number(searchParams.get(name)));
  response.end('ok', () => {
    if (pathname === '/die') end('exiting', 7, 'Error: the cache is gone');
    if (pathname === '/write') setTimeout(() => write(size, count), 100);
    if (pathname === '/log')
      for (let line = 0; line < count; line += 1) console.log(`line ${line} of a busy worker`);
  });
}

/** Says how long it took, and its longest write; how much was written stands in `written` at any moment. */
function write(size, count) {
  const line = Buffer.from(`${'x'.repeat(size - 1)}\n`);
  const written = openSync(join(stamps, 'written'), 'w');
  const total = Buffer.alloc(8);
  const start = performance.now();
  let longestMs = 0;
  for (let done = 1; done <= count; done += 1) {
    const before = performance.now();
    writeWhole(line);
    longestMs = Math.max(longestMs, performance.now() - before);
    total.writeBigUInt64LE(BigInt(done * size));
    if (done % 64 === 0 || done === count) writeSync(written, total, 0, 8, 0);
  }
  writeFileSync(join(stamps, 'writing'), JSON.stringify({ ms: performance.now() - start, longestMs }));
}

function writeWhole(line) {
  for (let offset = 0; offset < line.length; ) {
    try {
      offset += writeSync(1, line, offset);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

async function stop() {
  if (role === 'deaf') return;
  stamp('stopping');
  server.close();
  await broker.close();
  stamp('stopped');
  process.exit(0);
}

function end(name, code, words) {
  console.error(words);
  stamp(name);
  process.exit(code);
}

function stamp(name) {
  writeFileSync(join(stamps, name), String(performance.timeOrigin + performance.now()));
}
