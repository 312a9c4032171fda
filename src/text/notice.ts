import { escapeControls } from './escape-controls.ts';

let write = (text: string): void => {
  process.stderr.write(text);
};

/** A line on stderr beside what Jest prints. */
export function notice(text: string): void {
  write(`live-worker: ${escapeControls(text)}\n`);
}

/** For a process whose stderr no user sees. */
export function redirectNotices(to: (text: string) => void): void {
  write = to;
}
