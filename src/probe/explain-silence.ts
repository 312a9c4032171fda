import { connect, type NetConnectOpts } from 'node:net';
import { classifyNetworkError } from './service-failure.ts';

const limitMs = 200;

/**
 * Why an address has not accepted a connection: one more attempt, for the system's own reason.
 *
 * @param address as it stands in messages
 */
export function explainSilence(target: NetConnectOpts, address: string): Promise<string> {
  return new Promise(resolve => {
    const socket = connect({ ...target, timeout: limitMs });
    const answer = (why: string) => {
      socket.destroy();
      resolve(why);
    };
    socket.once('timeout', () => answer('no answer'));
    socket.once('connect', () => answer('it accepts connections only now'));
    socket.once('error', error => answer(classifyNetworkError(error, address)?.why ?? 'no answer'));
  });
}
