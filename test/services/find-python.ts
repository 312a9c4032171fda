import { join } from 'node:path';
import which from 'which';
import { repository } from '../end-to-end/harness/folders.ts';
import { runToEnd } from './run-to-end.ts';
import { type ProvidedService, type ServiceAttempt, unavailable } from './service.ts';
import { makeVenv, writeConsoleScripts } from './venv.ts';

const venv = join(repository, '.services', 'venv');
const venvPython = join(venv, 'bin', 'python');
const modules = 'celery, pika, psycopg2, dotenv, coverage';

/** A venv that shares the packages of a system Python; made once, kept beside the sources. */
export async function findPython(): Promise<ServiceAttempt> {
  const kept = await versionWithModules(venvPython);
  if (kept) return venvService(`${kept} of ${venv}, kept from before`);
  const pythons = systemPythons();
  for (const python of pythons) {
    if (!(await versionWithModules(python))) continue;
    await makeVenv(python, venv);
    const made = await versionWithModules(venvPython);
    if (made) return venvService(`${made} of ${venv}, made with ${python}`);
  }
  return unavailable(`none of ${pythons.join(', ') || 'the Pythons (there is none)'} can import ${modules}`);
}

async function versionWithModules(python: string): Promise<string | undefined> {
  const { succeeded, output } = await runToEnd(python, [
    '-Wignore',
    '-c',
    `import ${modules}, sys; print(sys.version)`,
  ]);
  return succeeded ? output.split(' ')[0] : undefined;
}

function systemPythons(): string[] {
  const inPath = which.sync('python3', { all: true, nothrow: true }) ?? [];
  return [...new Set(['/usr/bin/python3', ...inPath])];
}

function venvService(how: string): ProvidedService {
  writeConsoleScripts(venv);
  return { kind: 'provided', value: venv, how, stop: async () => '' };
}
