import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const deadlineMs = 120_000;

export async function untilListening(port: number, interruption: AbortSignal): Promise<undefined> {
  const deadline = Date.now() + deadlineMs;
  while (!(await isListening(port))) {
    interruption.throwIfAborted();
    if (Date.now() > deadline)
      throw new Error(`nothing listened on port ${port} within ${deadlineMs / 1000} s`);
    await sleep(20);
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const listening = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return listening;
}
