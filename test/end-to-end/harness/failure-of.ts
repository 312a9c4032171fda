import { type AddressInfo, createServer, type Server } from 'node:net';
import { stripVTControlCharacters } from 'node:util';
import { configFile } from './config-file.ts';
import { type JestOptions, type Project, type ProjectFiles, withProject } from './project.ts';

const anyTest = { 'a.test.js': `test('never runs', () => {});` };
const screenLines = 40;

/** Options of a worker that is given up soon. */
export const quick = 'startTimeoutMs: 2000, stop: { graceMs: 100 },';

/** What a user reads of one test file that fails, without what differs from run to run. */
export interface Failure {
  /** From the bullet to the next one. */
  readonly text: string;
  /** Everything Jest printed. */
  readonly output: string;
  /** Milliseconds between two events of the file's record, each the first of its name. */
  elapsedMs(from: string, to: string): number;
  /** The events of the record, in order. */
  readonly events: readonly string[];
}

/** The failure of a project with one test file, whose workers do not come up. */
export async function failureOf(files: ProjectFiles, options?: JestOptions): Promise<Failure> {
  let failure: Failure | undefined;
  await withProject({ ...anyTest, ...files }, async project => {
    failure = await failedRun(project, 'a.test.js', options);
  });
  if (!failure) throw new Error('the project did not run');
  return failure;
}

/** The failures of several workers, each in a test file of its own; by name. */
export async function failuresOf(
  workers: Readonly<Record<string, string>>,
  files: ProjectFiles,
  options: { readonly prepare?: (project: Project) => void } = {},
): Promise<Readonly<Record<string, Failure>>> {
  const testFiles = Object.keys(workers).map(name => [
    `${name}.test.js`,
    `/** @live-worker ${name} */ test('never runs', () => {});`,
  ]);
  const config = configFile(
    Object.entries(workers)
      .map(([name, worker]) => `${name}: { ${quick} ready: [log({ pattern: 'consuming' })], ${worker} },`)
      .join('\n'),
  );
  const failures: Record<string, Failure> = {};
  await withProject(
    { 'jest.config.js': config, ...Object.fromEntries(testFiles), ...files },
    async project => {
      options.prepare?.(project);
      const output = await printed(project, { args: ['-i'] });
      for (const name of Object.keys(workers))
        failures[name] = readFailure(project, `${name}.test.js`, output);
    },
  );
  return failures;
}

/** Runs a project that has to fail, and reads the failure of one of its test files. */
export async function failedRun(project: Project, testFile: string, options?: JestOptions): Promise<Failure> {
  return readFailure(project, testFile, await printed(project, options));
}

/** A worker of a few lines that waits for a line it never writes. */
export function scriptWorker(command: string, rest = ''): string {
  return configFile(`ops: { command: ${command}, ${rest} ${quick} ready: [log({ pattern: 'consuming' })] },`);
}

/** A server on a port of this process, which says nothing. */
export async function withServer(work: (port: number) => Promise<void>): Promise<void> {
  await withListening(
    createServer(socket => socket.on('error', () => {}).resume()),
    work,
  );
}

/** Any server, on a free port of this process for as long as `work` takes. */
export async function withListening(server: Server, work: (port: number) => Promise<void>): Promise<void> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

async function printed(project: Project, options?: JestOptions): Promise<string> {
  const { code, output } = await project.run(options);
  expect({ code, output: code === 1 ? '' : output }).toEqual({ code: 1, output: '' });
  return stripVTControlCharacters(output)
    .replaceAll(project.folder, '<project>')
    .replaceAll(project.queue, '<queue>')
    .replaceAll(project.table, '<table>');
}

/** Every failure of the suite goes through here, so every one is held to a screen, and to name its code. */
function readFailure(project: Project, testFile: string, output: string): Failure {
  const [, ofFile = ''] = output.split(new RegExp(`^FAIL .*${testFile}.*$`, 'm'));
  const [, text = ''] = ofFile.split(/^(?:FAIL|PASS|Test Suites:) .*$/m)[0]?.split(/^ {2}(?=● )/m) ?? [];
  const lines = text.trim().split('\n').slice(2);
  expect({ output, code: lines[0] }).toEqual({
    output,
    code: expect.stringMatching(/^ {4}LiveWorkerError \[[A-Z_]+\]: /),
  });
  expect({ text, lines: lines.length <= screenLines }).toEqual({ text, lines: true });
  const events = project.events(testFile);
  const atMs = (name: string) => events.find(({ event }) => event === name)?.atMs ?? Number.NaN;
  return {
    text,
    output,
    elapsedMs: (from, to) => atMs(to) - atMs(from),
    events: events.map(({ event }) => event),
  };
}
