import type { IsolatePostgresOptions } from '../../../options/isolate-options.ts';
import type { SlotPlaceOrder, SlotServer, SlotServerContext } from '../../slot.ts';
import { slotUnavailable } from '../../slot-errors.ts';
import { describeSlot } from '../../slot-owner.ts';
import { describeDatabase, parseDatabaseUrl } from '../database-address.ts';
import { checkRights } from './check-rights.ts';
import { databaseTrouble } from './database-trouble.ts';
import { dropDatabase } from './drop-database.ts';
import { endClient, Maintenance } from './maintenance.ts';
import { prepareTemplate } from './prepare-template.ts';
import { quoteName, quoteText } from './quote-sql.ts';
import { sweepDatabases } from './sweep-databases.ts';
import { copyBase, type Template } from './template.ts';

/** The databases of a run on one server, each copied from the same template. */
export class DatabaseSlots implements SlotServer {
  readonly #context: SlotServerContext;
  readonly #making: Maintenance;
  readonly #base: string;
  #template: Promise<Template> | undefined;
  #dropping: Promise<unknown> = Promise.resolve();

  constructor(context: SlotServerContext) {
    this.#context = context;
    this.#base = parseDatabaseUrl(context.url).database;
    this.#making = new Maintenance(context);
  }

  async create(name: string, order: SlotPlaceOrder): Promise<void> {
    const template = await this.#templateFor(order);
    try {
      await this.#checkConnections(order);
      await this.#run(
        `CREATE DATABASE ${quoteName(name)} TEMPLATE ${quoteName(template.name)}${template.strategy}`,
      );
      await this.#run(`COMMENT ON DATABASE ${quoteName(name)} IS ${quoteText(this.#describe())}`);
      for (const statement of template.settings(name)) await this.#run(statement);
    } catch (error) {
      throw await this.#explain(error, template.name);
    }
  }

  /** One after the other, and none in the way of those that are made. */
  drop(name: string): Promise<void> {
    const dropped = this.#dropping.then(() => this.#dropApart(name));
    this.#dropping = dropped.catch(() => {});
    return dropped;
  }

  async keep(name: string): Promise<void> {
    const text = this.#describe({ kept: new Date().toISOString() });
    await this.#run(`COMMENT ON DATABASE ${quoteName(name)} IS ${quoteText(text)}`);
  }

  sweep(): Promise<void> {
    return sweepDatabases(this.#making, this.#context.owner, { drop: name => this.drop(name) });
  }

  async close(): Promise<void> {
    await this.#dropping;
    const template = await this.#template?.catch(() => undefined);
    if (template?.name.startsWith(`lw_${this.#context.owner.hex}_`))
      await dropDatabase(this.#making, template.name).catch(() => {});
    await this.#making.close();
  }

  async #dropApart(name: string): Promise<void> {
    const client = await this.#making.another();
    try {
      await dropDatabase(
        { query: async (text, values = []) => (await client.query(text, [...values])).rows },
        name,
      );
    } finally {
      await endClient(client);
    }
  }

  #templateFor(order: SlotPlaceOrder): Promise<Template> {
    this.#template ??= this.#makeTemplate(order).catch(error => {
      // The next file may find the server up, or nobody in the way.
      this.#template = undefined;
      throw error;
    });
    return this.#template;
  }

  async #makeTemplate(order: SlotPlaceOrder): Promise<Template> {
    const { url, owner, rootDir, stopping, nextName } = this.#context;
    const { prepare, inputs = [] } = this.#context.options as IsolatePostgresOptions;
    const context = {
      maintenance: this.#making,
      owner,
      url,
      rootDir,
      base: this.#base,
      stopping,
      nextName: () => nextName(),
    };
    try {
      await checkRights(context, { copiesBase: prepare === undefined });
      if (prepare === undefined) return await copyBase(context);
      return await prepareTemplate(context, { command: prepare, inputs, rootDir, order });
    } catch (error) {
      throw await this.#explain(error, this.#base);
    }
  }

  async #checkConnections({ connections }: SlotPlaceOrder): Promise<void> {
    const [found] = await this.#making.query<{ free: number; most: number }>(
      `select current_setting('max_connections')::int as most,
         current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
           - (select count(*) from pg_stat_activity where backend_type = 'client backend')::int as free`,
    );
    if (!found || found.free >= connections) return;
    const { url } = this.#context;
    throw slotUnavailable({
      where: describeDatabase(parseDatabaseUrl(url)),
      cause: `the workers and tests of this file need ${connections} connections, and ${Math.max(0, found.free)} of max_connections = ${found.most} are left`,
      changes: ['fewer files at once: jest --maxWorkers', 'raise max_connections of the server'],
    });
  }

  #describe(more: Readonly<Record<string, string>> = {}): string {
    const { owner, rootDir } = this.#context;
    return describeSlot(owner, { rootDir, ...more });
  }

  async #run(statement: string): Promise<void> {
    await this.#making.query(statement);
  }

  async #explain(error: unknown, template: string): Promise<unknown> {
    const { code } = error as { readonly code?: unknown };
    if (code === 'SLOT_UNAVAILABLE' || code === 'PREPARE_FAILED') return error;
    return databaseTrouble(error, { maintenance: this.#making, url: this.#context.url }, template);
  }
}
