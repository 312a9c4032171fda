import { freePorts } from './free-ports.ts';
import { privateRabbitmq } from './private-rabbitmq.ts';

/** A private RabbitMQ whose users, vhosts and limits a test may do with as it likes, over its management API. */
export interface ManagedRabbitmq {
  readonly url: string;
  /** Of the API, without a login. */
  readonly api: string;
  /** @param path behind /api/ @param body of a PUT; undefined for a DELETE */
  set(path: string, body: object | undefined): Promise<void>;
  /** The broker for a user and a vhost of that name, made with every permission. */
  own(name: string): Promise<string>;
  stop(): Promise<unknown>;
}

export async function managedRabbitmq(): Promise<ManagedRabbitmq> {
  const [apiPort = 0] = await freePorts(1);
  const broker = await privateRabbitmq(AbortSignal.timeout(90_000), {
    settings: `management.tcp.port = ${apiPort}\nmanagement.tcp.ip = 127.0.0.1`,
    plugins: ['rabbitmq_management'],
  });
  if (broker.kind !== 'provided') throw new Error(broker.why);
  const api = `http://127.0.0.1:${apiPort}`;
  const authorization = `Basic ${Buffer.from('guest:guest').toString('base64')}`;
  const set = async (path: string, body: object | undefined) => {
    const response = await fetch(`${api}/api/${path}`, {
      method: body ? 'PUT' : 'DELETE',
      headers: { authorization, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  return {
    url: broker.value,
    api,
    set,
    async own(name) {
      await set(`vhosts/${name}`, {});
      await set(`users/${name}`, { password: name, tags: 'management' });
      await set(`permissions/${name}/${name}`, { configure: '.*', write: '.*', read: '.*' });
      return Object.assign(new URL(broker.value), { username: name, password: name, pathname: `/${name}` })
        .href;
    },
    stop: () => broker.stop(),
  };
}
