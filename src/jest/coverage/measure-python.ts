import type { CoverageFolder } from '../../coverage/coverage-folder.ts';
import { readInterpreters } from '../../coverage/python/interpreters.ts';
import type { MeasuredFile } from '../../coverage/python/python-coverage.ts';
import { readPython } from '../../coverage/python/read-python.ts';
import { claimPythonData } from '../../coverage/written-files.ts';

/** What the Pythons of workers ran and was not counted before. */
export async function measurePython(
  folders: readonly CoverageFolder[],
  say: (text: string) => void,
): Promise<readonly MeasuredFile[]> {
  const data = folders.flatMap(claimPythonData);
  const interpreter = folders
    .flatMap(({ python }) => readInterpreters(python))
    .find(({ packages }) => packages !== undefined);
  if (data.length === 0 || !interpreter) return [];
  try {
    return await readPython(data, interpreter);
  } catch (error) {
    say(
      `no coverage of Python: ${interpreter.executable}: ${error instanceof Error ? error.message : error}`,
    );
    return [];
  }
}
