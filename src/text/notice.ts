import { escapeControls } from './escape-controls.ts';

/** A line on stderr beside what Jest prints. */
export function notice(text: string): void {
  process.stderr.write(`live-worker: ${escapeControls(text)}\n`);
}
