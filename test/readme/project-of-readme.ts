import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../end-to-end/harness/folders.ts';
import type { Project, ProjectFiles } from '../end-to-end/harness/project.ts';

export const venv = process.env.LIVE_WORKER_TEST_VENV ?? join(repository, '.services/venv');

export async function expectToPass(project: Project, tests: number): Promise<void> {
  const { code, output, results } = await project.run();
  const passed = results?.numPassedTests;
  expect({ code, passed, output: code === 0 ? '' : output }).toEqual({ code: 0, passed: tests, output: '' });
}

export function write(folder: string, files: ProjectFiles): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
