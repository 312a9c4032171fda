import { LiveWorkerError } from '../errors.ts';
import { describeFullDisk, describeMove, describeTruncation } from './describe-log-fault.ts';
import { LogCursor } from './log-cursor.ts';
import type { LogMark, LogStreamName } from './log-file.ts';
import type { LogStream } from './log-stream.ts';
import { closeLogFiles, type LogFiles } from './open-log-files.ts';
import { type LastLines, readLastLines } from './read-last-lines.ts';
import { type LogText, readLogFrom } from './read-log.ts';

type Marks = Readonly<Record<LogStreamName, LogMark>>;
type Since = 'start' | 'launch' | 'test' | 'testOrHook';

/** What one worker wrote, cut at the moments that matter: its launch, the running test's beginning, and that of the running test or hook of all tests. */
export class LogView {
  readonly #worker: string;
  #files: LogFiles | undefined;
  readonly #marks: Record<Since, Marks | undefined>;

  /** @param files undefined when the worker was not started here and where it writes to is unknown */
  constructor(worker: string, files: LogFiles | undefined) {
    this.#worker = worker;
    this.#files = files;
    const start = files && beginningOf(files);
    this.#marks = { start, launch: start, test: start, testOrHook: start };
  }

  /** Of a worker that runs already: with `from: 'now'` what it wrote before is no part of this view. */
  open(files: LogFiles, from: 'now' | 'beginning'): void {
    this.#files = files;
    const start = from === 'now' ? this.#now() : beginningOf(files);
    Object.assign(this.#marks, { start, launch: start, test: start, testOrHook: start });
  }

  get hasFiles(): boolean {
    return this.#files !== undefined;
  }

  /** @throws WORKER_ATTACHED when there are none */
  get files(): LogFiles {
    if (this.#files) return this.#files;
    throw new LiveWorkerError(
      'WORKER_ATTACHED',
      `There are no logs of worker "${this.#worker}": this file only attached to it, and no live-worker run holds it\nHold it by npx live-worker run ${this.#worker} in another terminal, and its logs can be read`,
      { details: { worker: this.#worker } },
    );
  }

  markLaunch(): void {
    this.#marks.launch = this.#now();
  }

  markTest(): void {
    if (!this.#files) return;
    this.#marks.test = this.#now();
    this.#marks.testOrHook = this.#marks.test;
  }

  /** A hook of all tests begins, which is part of none. */
  markHook(): void {
    if (this.#files) this.#marks.testOrHook = this.#now();
  }

  close(): void {
    if (this.#files) closeLogFiles(this.#files);
  }

  /** With both streams, stdout comes first. Where something is missing, a line before it says what. */
  text(stream: LogStream, since: Since): string {
    return streamsOf(stream)
      .map(name => withNotes(readLogFrom(this.files[name], this.#mark(since, name))))
      .join('');
  }

  /** The last lines of one stream that are not blank. */
  lastLines(stream: LogStreamName, since: Since, count: number): LastLines {
    return readLastLines(this.files[stream], this.#mark(since, stream), count);
  }

  /** Reads one stream on from that moment, chunk by chunk. */
  cursor(stream: LogStreamName, since: Since): LogCursor {
    return new LogCursor(this.files[stream], this.#mark(since, stream));
  }

  /** What happened to the logs since the moment that their reader must know. */
  notes(since: Since): readonly string[] {
    const streams = streamsOf('both').flatMap(name => this.notesOf(name, since));
    const disk = describeFullDisk(this.files.stdout.path);
    return disk === undefined ? streams : [...streams, disk];
  }

  notesOf(stream: LogStreamName, since: Since): readonly string[] {
    const file = this.files[stream];
    const moved = file.moved();
    const truncation = file.truncatedSince(this.#mark(since, stream));
    return [
      ...(truncation ? [describeTruncation(file, truncation)] : []),
      ...(moved ? [describeMove(file, moved)] : []),
    ];
  }

  #mark(since: Since, stream: LogStreamName): LogMark {
    return (this.#marks[since] ?? this.#now())[stream];
  }

  #now(): Marks {
    return { stdout: this.files.stdout.mark(), stderr: this.files.stderr.mark() };
  }
}

export function streamsOf(stream: LogStream): readonly LogStreamName[] {
  return stream === 'both' ? ['stdout', 'stderr'] : [stream];
}

function withNotes({ text, notes }: LogText): string {
  return [...notes.map(note => `[live-worker: ${note}]\n`), text].join('');
}

function beginningOf({ stdout, stderr }: LogFiles): Marks {
  return { stdout: stdout.mark(0), stderr: stderr.mark(0) };
}
