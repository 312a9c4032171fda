import { readFileSync } from 'node:fs';

/** Of the year 2286: beyond it the sum of two moments is still one. */
const latestMs = 1e13;

/** A line of events.ndjson as it can be relied upon: whatever else is in it is unknown. */
export interface RecordedEvent {
  /** On the axis that all processes of the host share, or of the wall clock where the record does not tell. */
  readonly atMs: number;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface RecordedTimeline {
  readonly events: readonly RecordedEvent[];
  /** What to add to a wall clock's milliseconds for those of the shared clock; undefined in records of an older version. */
  readonly clockOffsetMs: number | undefined;
  /** Lines that are none: a process that was killed leaves half a line. */
  readonly malformed: number;
}

/** A record that is not there, or whose lines are broken, is an empty one: a report is told what there is. */
export function readEvents(path: string): RecordedTimeline {
  const lines = readText(path)
    .split('\n')
    .filter(line => line.trim() !== '');
  const events = lines.flatMap(line => parseLine(line) ?? []);
  return {
    events,
    clockOffsetMs: events.map(findOffset).find(offset => offset !== undefined),
    malformed: lines.length - events.length,
  };
}

/** Of an event that an older version wrote, or a stranger: undefined for what is no text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** What a date can be made of. */
function momentOf(value: unknown): number | undefined {
  const ms = numberOf(value);
  return ms !== undefined && ms >= 0 && ms <= latestMs ? ms : undefined;
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
}

export function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

function parseLine(line: string): RecordedEvent | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    const atMs = momentOf(memberOf(parsed, 'atMs'));
    const event = textOf(memberOf(parsed, 'event'));
    if (atMs === undefined || event === undefined) return undefined;
    return { atMs, event, fields: parsed as RecordedEvent['fields'] };
  } catch {
    return undefined;
  }
}

function findOffset({ atMs, fields }: RecordedEvent): number | undefined {
  const clockMs = momentOf(fields.clockMs);
  return clockMs === undefined ? undefined : clockMs - atMs;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
