import type { LiveWorkerError } from '../../../errors.ts';
import type { IsolateRabbitmqOptions } from '../../../options/isolate-options.ts';
import type { SlotPlaceOrder, SlotServer, SlotServerContext } from '../../slot.ts';
import { slotUnavailable } from '../../slot-errors.ts';
import { describeSlot } from '../../slot-owner.ts';
import { type BrokerTarget, describeBroker, parseBrokerTarget } from '../broker-address.ts';
import { BrokerConnection } from '../broker-connection.ts';
import { classifyBrokerError } from '../classify-broker-error.ts';
import { tlsFilesOf } from '../tls-options.ts';
import { findManagementApi } from './management-api.ts';
import { withVhost } from './move-vhost.ts';
import { findRabbitmqctl } from './rabbitmqctl.ts';
import { readDefinitions } from './read-definitions.ts';
import { keptQueue, ownerQueue } from './slot-queues.ts';
import { sweepVhosts } from './sweep-vhosts.ts';
import { type VhostAdmin, VhostRefused } from './vhost-admin.ts';

/** The vhosts of a run on one broker. */
export class VhostSlots implements SlotServer {
  readonly #context: SlotServerContext;
  readonly #target: BrokerTarget;
  #connection: BrokerConnection | undefined;
  #admin: Promise<VhostAdmin> | undefined;

  constructor(context: SlotServerContext) {
    this.#context = context;
    this.#target = parseBrokerTarget(context.url);
  }

  async create(name: string, order: SlotPlaceOrder): Promise<void> {
    const { owner, rootDir } = this.#context;
    const { definitions } = this.#options;
    const admin = await this.#adminFor(order);
    try {
      await admin.create({
        name,
        description: describeSlot(owner, { rootDir, vhost: this.#target.vhost }),
        users: [...new Set(order.urls.map(url => parseBrokerTarget(url).user))],
        definitions:
          definitions === undefined ? undefined : readDefinitions(definitions, rootDir, this.#target.vhost),
      });
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async drop(name: string): Promise<void> {
    await (await this.#admin)?.drop(name);
  }

  async keep(name: string): Promise<void> {
    const connection = new BrokerConnection(withVhost(this.#context.url, name), 'live-worker slots');
    try {
      const channel = await connection.channel('keep');
      await channel.assertQueue(keptQueue, { durable: true });
    } finally {
      await connection.close();
    }
  }

  async sweep(): Promise<void> {
    const admin = await this.#admin;
    if (admin) await sweepVhosts(admin, this.#context);
  }

  async close(): Promise<void> {
    const admin = await this.#admin?.catch(() => undefined);
    await admin?.rest();
    await this.#connection?.close();
  }

  get #options(): IsolateRabbitmqOptions {
    return this.#context.options as IsolateRabbitmqOptions;
  }

  #adminFor(order: SlotPlaceOrder): Promise<VhostAdmin> {
    this.#admin ??= this.#open(order).catch(error => {
      // The next file may find the broker up.
      this.#admin = undefined;
      throw error;
    });
    return this.#admin;
  }

  /** That the owner is alive is seen before there is anything of his. */
  async #open({ surroundings }: SlotPlaceOrder): Promise<VhostAdmin> {
    const { url, owner, env } = this.#context;
    const connection = new BrokerConnection(url, `live-worker slots of pid ${owner.pid}`, {
      tls: tlsFilesOf(surroundings.env, surroundings.cwd),
    });
    const queue = ownerQueue(owner.hex);
    try {
      await connection.takeLock(queue, queue);
    } catch (error) {
      await connection.close();
      throw /ACCESS.REFUSED/.test(String(error)) ? this.#mayNotBeSeen(error, queue) : this.#explain(error);
    }
    await this.#connection?.close();
    this.#connection = connection;
    const api = await findManagementApi(url, this.#options.managementUrl);
    if ('admin' in api) return api.admin;
    const ctl = await findRabbitmqctl(url, env);
    if ('admin' in ctl) return ctl.admin;
    throw slotUnavailable({
      where: describeBroker(this.#target),
      cause: `${api.why}; ${ctl.why}`,
      changes: [
        api.change,
        ctl.change,
        'isolate: { rabbitmq: false }, which shares the vhost between the test files, in turns',
      ],
    });
  }

  #mayNotBeSeen(error: unknown, queue: string): LiveWorkerError {
    const { user, vhost } = this.#target;
    return slotUnavailable({
      where: describeBroker(this.#target),
      cause: `user "${user}" may not declare queue "${queue}", which shows others that this run lives (403)`,
      changes: [`rabbitmqctl set_permissions -p ${vhost} ${user} '.*' '.*' '.*'`],
      original: error,
    });
  }

  #explain(error: unknown): unknown {
    if ((error as { readonly code?: unknown }).code === 'OPTIONS_INVALID') return error;
    return slotUnavailable({
      where: describeBroker(this.#target),
      cause: classifyBrokerError(error, this.#target).why,
      changes: [],
      original: error,
      isUnanswered: !(error instanceof VhostRefused),
    });
  }
}
