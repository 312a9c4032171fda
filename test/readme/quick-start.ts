import { readmeFiles } from '../matrix/readme-files.ts';
import { readme } from './read-readme.ts';

const command = "['node', 'worker.js']";
const databaseProbe = ', postgres({ connection: true })';

/** The files of the quick start. */
export function quickStart(): Readonly<Record<string, string>> {
  return Object.fromEntries(readmeFiles(readme));
}

/** The same with another command, and only the queue to be waited for, not longer than `startTimeoutMs`. */
export function quickStartWith(
  words: readonly string[],
  startTimeoutMs = 30_000,
): Readonly<Record<string, string>> {
  const files = quickStart();
  const config = files['jest.config.js'] ?? '';
  for (const part of [command, databaseProbe])
    if (!config.includes(part)) throw new Error(`No ${part} in it`);
  const changed = config
    .replace(command, `${JSON.stringify(words)}, startTimeoutMs: ${startTimeoutMs}`)
    .replace(databaseProbe, '');
  return { ...files, 'jest.config.js': changed };
}
