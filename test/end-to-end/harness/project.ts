import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { Client } from 'pg';
import { cacheFolderOf, projectsFolder, repository, workersFolder } from './folders.ts';
import { brokerUrl, databaseUrl } from './services.ts';
import { type JestRun, type StartedJest, startJest } from './start-jest.ts';

/** A miniature Jest project in a folder of its own, with a queue and a table of its own. */
export interface Project {
  readonly id: string;
  readonly folder: string;
  readonly queue: string;
  readonly table: string;
  /** What every process of it gets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts a real Jest in it. */
  start(options?: JestOptions): StartedJest;
  /** Runs a real Jest in it to the end. */
  run(options?: JestOptions): Promise<JestRun>;
  /** The events of one test file of the last run, or of the only one. */
  events(testFile?: string): readonly TimelineEvent[];
  /** The content of a record of the last run. */
  record(testFile: string, name: string): string;
}

export interface JestOptions {
  /** A command that ends in running the words behind it. */
  readonly through?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Lines on stderr as they come. */
  readonly onOutput?: (text: string) => void;
  readonly terminal?: boolean;
  readonly ownGroup?: boolean;
}

interface TimelineEvent {
  readonly atMs: number;
  readonly event: string;
  readonly [field: string]: unknown;
}

export type ProjectFiles = Readonly<Record<string, string>>;

/**
 * Copies a project of `fixtures/projects`, or writes the files given, makes its table, hands it to `work` and clears up.
 * Whatever Jest did, nothing it started may be alive afterwards.
 */
export async function withProject(
  source: string | ProjectFiles,
  work: (project: Project) => Promise<void>,
): Promise<void> {
  const project = await createProject(source);
  try {
    await work(project);
    expect(processesOf(project.id)).toEqual([]);
    await untilGone(() => watchdogsOf(project));
  } finally {
    await removeProject(project);
  }
}

async function createProject(source: string | ProjectFiles): Promise<Project> {
  const id = randomBytes(5).toString('hex');
  const folder = join(projectsFolder, id);
  const queue = `e2e-${id}`;
  const table = `task_${id}`;
  writeProject(folder, source);
  await withDatabase(client => client.query(taskTable(table)));
  const environment = {
    RABBITMQ_URL: brokerUrl,
    DATABASE_URL: databaseUrl,
    WORKERS_DIR: workersFolder,
    TASK_QUEUE: queue,
    TASK_TABLE: table,
    E2E_PROJECT: id,
    E2E_CACHE: cacheFolderOf(folder),
  };
  const start = ({ args = [], env = {}, ...rest }: JestOptions = {}) =>
    startJest(folder, args, {
      env: { ...environment, ...env },
      ...rest,
    });
  const record = (testFile: string, name: string) =>
    readFileSync(join(folder, '.live-worker', 'latest', testFile, name), 'utf8');
  return {
    id,
    folder,
    queue,
    table,
    environment,
    start,
    run: options => start(options).ended,
    record,
    events(testFile = onlyFile(folder)) {
      const lines = record(testFile, 'events.ndjson').trimEnd().split('\n');
      return lines.map(line => JSON.parse(line) as TimelineEvent);
    },
  };
}

async function removeProject({ id, folder, queue, table }: Project): Promise<void> {
  for (const line of [...processesOf(id), ...watchdogsOf({ folder })])
    process.kill(Number.parseInt(line, 10), 'SIGKILL');
  await withDatabase(client => client.query(`drop table if exists ${table}`));
  await deleteQueues([queue]);
  for (const path of [folder, cacheFolderOf(folder)]) rmSync(path, { recursive: true, force: true });
}

/**
 * The command lines of whatever a project started and that is still alive: every process of it inherited its id, or is
 * where Jest was started. Its watchdogs, which outlive Jest for a moment, are not among them.
 */
export function processesOf(projectId: string): readonly string[] {
  return livingProcesses().filter(
    line =>
      !isWatchdog(line) && (inheritedId(line, projectId) || isIn(line, join(projectsFolder, projectId))),
  );
}

export function watchdogsOf({ folder }: Pick<Project, 'folder'>): readonly string[] {
  return livingProcesses().filter(line => isWatchdog(line) && isIn(line, folder));
}

/** Resolves with how long it took until nobody was found, in milliseconds. */
export async function untilGone(find: () => readonly string[], limitMs = 5_000): Promise<number> {
  const start = performance.now();
  while (find().length > 0 && performance.now() - start < limitMs) await sleep(5);
  expect(find()).toEqual([]);
  return Math.round(performance.now() - start);
}

export async function queueExists(queue: string): Promise<boolean> {
  const connection = await connect(brokerUrl, { noDelay: true });
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => {});
    await channel.checkQueue(queue);
    return true;
  } catch (error) {
    // 405: somebody else holds it for himself.
    return (error as { readonly code?: unknown }).code === 405;
  } finally {
    await connection.close();
  }
}

export async function exchangeExists(exchange: string): Promise<boolean> {
  const connection = await connect(brokerUrl, { noDelay: true });
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => {});
    await channel.checkExchange(exchange);
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}

export async function deleteQueues(queues: readonly string[]): Promise<void> {
  const connection = await connect(brokerUrl, { noDelay: true });
  const channel = await connection.createChannel();
  for (const queue of queues) await channel.deleteQueue(queue);
  await connection.close();
}

async function withDatabase<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function writeProject(folder: string, source: string | ProjectFiles): void {
  mkdirSync(folder, { recursive: true });
  if (typeof source === 'string') {
    const projects = join(repository, 'fixtures', 'projects');
    cpSync(join(projects, source), folder, { recursive: true });
    cpSync(join(projects, 'task-tests.js'), join(folder, 'task-tests.js'));
    return;
  }
  for (const [name, content] of Object.entries({ 'package.json': '{}', ...source })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

function taskTable(table: string): string {
  return readFileSync(join(workersFolder, 'task-table.sql'), 'utf8').replaceAll('{{table}}', table);
}

function onlyFile(folder: string): string {
  const files = readdirSync(join(folder, '.live-worker', 'latest'), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name);
  if (files.length !== 1 || files[0] === undefined) throw new Error(`Which file? ${files.join(', ')}`);
  return files[0];
}

function livingProcesses(): readonly string[] {
  return (
    readdirSync('/proc')
      .filter(name => /^\d+$/.test(name) && !/\) [ZX] /.test(read(`/proc/${name}/stat`)))
      .map(pid => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`)
      // What has no words any more is about to be gone: its memory went first.
      .filter(line => !/^\d+ $/.test(line))
  );
}

function isWatchdog(line: string): boolean {
  return line.includes('/dist/watchdog/main.js');
}

function inheritedId(line: string, projectId: string): boolean {
  return read(`/proc/${Number.parseInt(line, 10)}/environ`).includes(`E2E_PROJECT=${projectId}\0`);
}

function isIn(line: string, folder: string): boolean {
  return readLink(`/proc/${Number.parseInt(line, 10)}/cwd`) === folder;
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
