import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { listNames } from '../../files/list-names.ts';
import { type RecordedEvent, type RecordedTimeline, readEvents } from './read-events.ts';

/** The record of one test file, or of one worker of the run. */
export interface FolderRecord {
  /** Its name in the folder of the run. */
  readonly id: string;
  readonly folder: string;
  /** Milliseconds since the first event of the run. */
  readonly events: readonly RecordedEvent[];
  readonly malformed: number;
}

export interface RunRecords {
  readonly folders: readonly FolderRecord[];
  /** Milliseconds since the Unix epoch. */
  readonly startedAtMs: number;
  /** The events of a folder of another run, on the axis of this one. */
  readBeside(folder: string): readonly RecordedEvent[];
}

/**
 * The records of a run on one axis: each process counts from a wall clock of its own reading, and tells once how that lies on
 * the clock they share.
 *
 * @param sinceMs leaves out what began earlier, by the wall clock: in watch mode a run has many cycles
 */
export function listTimelines(runFolder: string, sinceMs = 0): RunRecords {
  const found = listNames(runFolder)
    .filter(name => isFolder(join(runFolder, name)))
    .map(id => ({
      id,
      folder: join(runFolder, id),
      timeline: readEvents(join(runFolder, id, 'events.ndjson')),
    }))
    .filter(({ timeline }) => timeline.events.length + timeline.malformed > 0)
    .filter(({ timeline }) => (timeline.events[0]?.atMs ?? 0) >= sinceMs || isShared(timeline));
  const offsets = found.map(({ timeline }) => timeline.clockOffsetMs);
  const usual = offsets.find(offset => offset !== undefined) ?? 0;
  const times = found.flatMap(({ timeline }) => firstAtMs(timeline, usual));
  const origin = times.length === 0 ? 0 : Math.min(...times);
  const shifted = (timeline: RecordedTimeline) =>
    onAxis(timeline, (timeline.clockOffsetMs ?? usual) - origin);
  return {
    startedAtMs: Math.max(0, origin - usual),
    readBeside: folder => shifted(readEvents(join(folder, 'events.ndjson'))),
    folders: found.map(({ id, folder, timeline }) => ({
      id,
      folder,
      malformed: timeline.malformed,
      events: shifted(timeline),
    })),
  };
}

function firstAtMs({ events, clockOffsetMs }: RecordedTimeline, usual: number): readonly number[] {
  const [first] = events;
  return first ? [first.atMs + (clockOffsetMs ?? usual)] : [];
}

function onAxis({ events }: RecordedTimeline, offsetMs: number): readonly RecordedEvent[] {
  return events.map(event => ({ ...event, atMs: Math.round((event.atMs + offsetMs) * 100) / 100 }));
}

/** Of a worker that may have been started in an earlier cycle. */
function isShared({ events }: RecordedTimeline): boolean {
  return !events.some(({ event }) => event === 'session.opened');
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
