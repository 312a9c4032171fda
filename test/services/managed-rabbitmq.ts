import { ownServer } from './own-server.ts';

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
  const options = { server: 'rabbitmq', way: 'private', isForSlots: true } as const;
  const broker = await ownServer(options, AbortSignal.timeout(90_000));
  if (broker.kind !== 'provided') throw new Error(broker.why);
  const { username, password } = new URL(broker.value);
  const api = broker.planned?.managementUrl ?? '';
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
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
