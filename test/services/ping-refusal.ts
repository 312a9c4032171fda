import { once } from 'node:events';
import { connect } from 'node:net';
import { describeRefusal, withinTwoSeconds } from './describe-refusal.ts';
import type { Refusal } from './until-answers.ts';

/** Of a server that answers a line of text with PONG, as Redis and NATS do; undefined when it did, else what it answered. */
export function pingRefusal(lines: string): Refusal {
  return async url => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    try {
      await withinTwoSeconds(once(socket, 'connect'));
      socket.write(lines);
      return await withinTwoSeconds(untilPong(socket));
    } catch (error) {
      return describeRefusal(error);
    } finally {
      socket.destroy();
    }
  };
}

async function untilPong(answers: AsyncIterable<Buffer>): Promise<string | undefined> {
  let text = '';
  for await (const chunk of answers) {
    text += chunk.toString();
    if (text.includes('PONG')) return undefined;
    if (text.includes('-ERR') || text.includes('-NOAUTH')) break;
  }
  return text.trim() || 'it hung up';
}
