import { maskUrl } from '../../../secrets/mask-url.ts';
import { parseBrokerTarget } from '../broker-address.ts';
import { type ManagementLogin, managementLogin } from '../management-login.ts';
import { managementUrl } from '../queues/list-consumers.ts';
import {
  type FoundWay,
  type ListedVhost,
  type NewVhost,
  type VhostAdmin,
  VhostRefused,
} from './vhost-admin.ts';

/** Making a vhost "can take up to a few seconds" on a cluster. Source: RabbitMQ manual, "Virtual Hosts". */
const limitMs = 20_000;
const askMs = 3_000;

/** The management API of a broker, where the user of the URL is an administrator of it. */
export async function findManagementApi(brokerUrl: string, given: string | undefined): Promise<FoundWay> {
  const { user } = parseBrokerTarget(brokerUrl);
  const url = given ?? managementUrl(brokerUrl);
  const api = new ManagementApi(url, brokerUrl);
  const place = `the management API at ${maskUrl(url)}`;
  const enable = 'rabbitmq-plugins enable rabbitmq_management, or its URL as isolate.rabbitmq.managementUrl';
  try {
    const answer = await api.ask('GET', 'whoami', undefined, askMs);
    if (answer.status === 401) return refusedLogin(place, user);
    if (!answer.ok) return { why: `${place} answers ${answer.status}`, change: enable };
    const { tags } = (await answer.json()) as { readonly tags?: string | readonly string[] };
    const list = typeof tags === 'string' ? tags.split(',') : (tags ?? []);
    return list.includes('administrator') ? { admin: api } : refusedLogin(place, user);
  } catch (error) {
    return { why: `${place} does not answer: ${describeFetchError(error)}`, change: enable };
  }
}

function refusedLogin(place: string, user: string): FoundWay {
  return {
    why: `${place} takes no vhost from user "${user}", who has not the tag administrator`,
    change: `rabbitmqctl set_user_tags ${user} administrator`,
  };
}

function describeFetchError(error: unknown): string {
  const { cause, name, message } = error as Error & { readonly cause?: { readonly code?: unknown } };
  if (name === 'TimeoutError') return `it took longer than ${askMs / 1_000} s`;
  return typeof cause?.code === 'string' ? cause.code : message;
}

class ManagementApi implements VhostAdmin {
  readonly #login: ManagementLogin;
  readonly #pending = new Set<Promise<unknown>>();

  constructor(url: string, brokerUrl: string) {
    this.#login = managementLogin(url, brokerUrl);
  }

  async ask(
    method: string,
    path: string,
    body?: object,
    timeoutMs = limitMs,
  ): Promise<Awaited<ReturnType<typeof fetch>>> {
    const asking = fetch(this.#login.urlOf(path), {
      method,
      headers: {
        authorization: this.#login.authorization,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(timeoutMs),
    });
    this.#pending.add(asking);
    try {
      return await asking;
    } finally {
      this.#pending.delete(asking);
    }
  }

  async create({ name, description, users, definitions }: NewVhost): Promise<void> {
    await this.#do('PUT', `vhosts/${name}`, { description });
    const permissions = { configure: '.*', write: '.*', read: '.*' };
    await Promise.all(
      users.map(user => this.#do('PUT', `permissions/${name}/${encodeURIComponent(user)}`, permissions)),
    );
    if (definitions) await this.#do('POST', `definitions/${name}`, definitions);
  }

  async drop(name: string): Promise<void> {
    const answer = await this.ask('DELETE', `vhosts/${name}`);
    if (!answer.ok && answer.status !== 404) throw new VhostRefused(await describeAnswer(answer));
  }

  async list(): Promise<readonly ListedVhost[]> {
    const vhosts = (await (await this.#do('GET', 'vhosts')).json()) as readonly {
      readonly name: string;
      readonly description?: string;
      readonly metadata?: { readonly description?: string };
    }[];
    const own = vhosts.filter(({ name }) => name.startsWith('lw_'));
    return Promise.all(
      own.map(async ({ name, description, metadata }) => {
        const answer = await this.ask('GET', `vhosts/${name}/connections`);
        const connections = answer.ok ? ((await answer.json()) as readonly unknown[]).length : 1;
        return { name, description: description ?? metadata?.description ?? '', connections };
      }),
    );
  }

  async rest(): Promise<void> {
    await Promise.allSettled(this.#pending);
  }

  async #do(method: string, path: string, body?: object): Promise<Awaited<ReturnType<typeof fetch>>> {
    const answer = await this.ask(method, path, body);
    if (!answer.ok) throw new VhostRefused(`${method} ${path}: ${await describeAnswer(answer)}`);
    return answer;
  }
}

async function describeAnswer(answer: Awaited<ReturnType<typeof fetch>>): Promise<string> {
  const text = (await answer.text()).slice(0, 300);
  try {
    const { reason, error } = JSON.parse(text) as { readonly reason?: unknown; readonly error?: unknown };
    return `${answer.status} ${String(reason ?? error)}`;
  } catch {
    return `${answer.status} ${text}`;
  }
}
