import { dirname, join, relative } from 'node:path';
import { readLaunchRecord } from '../../records/find-launch-records.ts';
import type { ProbeModel, WorkerModel } from '../model.ts';
import type { FileRecord } from './build-file.ts';
import { buildStates } from './build-states.ts';
import { describeEvent } from './describe-event.ts';
import type { FolderRecord } from './list-timelines.ts';
import { memberOf, type RecordedEvent, textOf } from './read-events.ts';

export interface WorkerRecord {
  readonly worker: WorkerModel;
  /** A test had given it secrets that nobody knows who reads its logs now. */
  readonly hasUnknownSecrets: boolean;
}

interface Surroundings {
  readonly endMs: number;
  /** `.live-worker`: what a record names outside of it is not read. */
  readonly base: string;
}

/** Every worker of the run: those of files, those of the run, and those that files used and others had started. */
export function buildWorkers(
  folders: readonly FolderRecord[],
  files: readonly FileRecord[],
  surroundings: Surroundings,
): readonly WorkerRecord[] {
  const shared = folders
    .filter(({ events }) => !events.some(({ event }) => event === 'session.opened'))
    .flatMap(record => namesIn(record).map(name => ({ name, record, scope: 'run' as const })));
  const own = files.flatMap(({ workers, record, file }) =>
    workers
      .filter(name => !ofWorker(record, name).some(({ event }) => event === 'worker.leased'))
      .map(name => ({ name, record, scope: scopeOf(record, name), file: file.id })),
  );
  const known = [...shared, ...own].map(found => toWorker(found, files, surroundings));
  const missing = findElsewhere(known, files, surroundings);
  return [...known, ...missing];
}

interface Found {
  readonly name: string;
  readonly record: FolderRecord;
  readonly scope: WorkerModel['scope'];
  readonly file?: string;
}

function toWorker(
  { name, record, scope, file }: Found,
  files: readonly FileRecord[],
  { endMs }: Surroundings,
): WorkerRecord {
  const events = ofWorker(record, name);
  const launch = readLaunchRecord(join(record.folder, `${name}.launch.ndjson`))?.record;
  const ids = new Set(events.flatMap(({ fields }) => textOf(fields.id) ?? []));
  const users =
    file === undefined ? files.filter(user => usesOneOf(user, ids)).map(user => user.file.id) : [file];
  return {
    hasUnknownSecrets: Object.values(launch?.env ?? {}).some(
      ({ value, from }) => from.layer === 'restart' && value.includes('***'),
    ),
    worker: {
      id: `${record.id}/${name}`,
      name,
      scope,
      files: users,
      ...(launch ? { command: launch.command, cwd: launch.cwd } : {}),
      states: buildStates(events, endOf(record, endMs)),
      probes: lastAnswers(events),
      events: events
        .filter(({ event }) => /^(?:worker|probe|log|otel)\./.test(event))
        .flatMap(event => describeEvent(event) ?? []),
      logPaths: logsIn(record.folder, name),
    },
  };
}

/** Of an earlier run that kept them: what this run saw of them stands in the records of its files. */
function findElsewhere(
  known: readonly WorkerRecord[],
  files: readonly FileRecord[],
  { base, endMs }: Surroundings,
): readonly WorkerRecord[] {
  const seen = new Map<string, WorkerRecord>();
  for (const { record, file } of files) {
    for (const event of record.events.filter(({ event }) => event === 'worker.leased')) {
      const name = textOf(event.fields.worker);
      const id = textOf(event.fields.id) ?? '';
      if (
        name === undefined ||
        known.some(({ worker }) => worker.name === name && worker.files.includes(file.id))
      )
        continue;
      const before = seen.get(id);
      const states = buildStates([event], endMs);
      const stdout = insideOf(base, memberOf(event.fields.logs, 'stdout'));
      const folder = stdout === undefined ? record.folder : dirname(stdout);
      const worker: WorkerModel = before
        ? { ...before.worker, files: [...before.worker.files, file.id] }
        : {
            id: `elsewhere/${id}`,
            name,
            scope: 'elsewhere',
            files: [file.id],
            states,
            probes: lastAnswers(ofWorker(record, name)),
            events: [],
            logPaths: logsIn(folder, name),
          };
      seen.set(id, { worker, hasUnknownSecrets: false });
    }
  }
  return [...seen.values()];
}

function ofWorker({ events }: FolderRecord, name: string): readonly RecordedEvent[] {
  return events.filter(({ fields }) => fields.worker === name);
}

function namesIn({ events }: FolderRecord): readonly string[] {
  return [...new Set(events.flatMap(({ fields }) => textOf(fields.worker) ?? []))].slice(0, 1);
}

function scopeOf(record: FolderRecord, name: string): WorkerModel['scope'] {
  return ofWorker(record, name).some(({ event }) => event === 'worker.attached') ? 'elsewhere' : 'file';
}

function usesOneOf({ record }: FileRecord, ids: ReadonlySet<string>): boolean {
  return record.events.some(
    ({ event, fields }) => event === 'worker.leased' && ids.has(textOf(fields.id) ?? ''),
  );
}

function endOf({ events }: FolderRecord, endMs: number): number {
  const closed = events.find(({ event }) => event === 'session.closed');
  return closed?.atMs ?? endMs;
}

function lastAnswers(events: readonly RecordedEvent[]): readonly ProbeModel[] {
  const answers = new Map<string, ProbeModel>();
  for (const { event, atMs, fields } of events) {
    const probe = textOf(fields.probe);
    const answer = fields.answer;
    if (event !== 'probe.answered' || probe === undefined) continue;
    if (answer !== 'ready' && answer !== 'pending' && answer !== 'fatal') continue;
    const why = textOf(fields.why);
    answers.set(probe, { probe, answer, atMs, ...(why === undefined ? {} : { why }) });
  }
  return [...answers.values()];
}

function logsIn(folder: string, name: string): WorkerModel['logPaths'] {
  return { stdout: join(folder, `${name}.stdout.log`), stderr: join(folder, `${name}.stderr.log`) };
}

function insideOf(base: string, path: unknown): string | undefined {
  if (typeof path !== 'string' || relative(base, path).startsWith('..')) return undefined;
  return path;
}
