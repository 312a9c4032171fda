import { type LogFiles, logSize } from '../process/open-log-files.ts';
import { readLogFrom } from '../process/read-log.ts';
import type { LogStream } from './contract.ts';

type Offsets = Readonly<Record<'stdout' | 'stderr', number>>;

/** What one worker wrote, cut at the moments that matter: its launch, and the running test's beginning. */
export class LogView {
  readonly files: LogFiles;
  #launch: Offsets = { stdout: 0, stderr: 0 };
  #test: Offsets = { stdout: 0, stderr: 0 };

  constructor(files: LogFiles) {
    this.files = files;
  }

  markLaunch(): void {
    this.#launch = this.#sizes();
  }

  markTest(): void {
    this.#test = this.#sizes();
  }

  /** With both streams, stdout comes first. */
  text(stream: LogStream, since: 'start' | 'launch' | 'test'): string {
    const offsets = { start: { stdout: 0, stderr: 0 }, launch: this.#launch, test: this.#test }[since];
    if (stream !== 'both') return readLogFrom(this.files[stream], offsets[stream]);
    return readLogFrom(this.files.stdout, offsets.stdout) + readLogFrom(this.files.stderr, offsets.stderr);
  }

  #sizes(): Offsets {
    return { stdout: logSize(this.files.stdout), stderr: logSize(this.files.stderr) };
  }
}
