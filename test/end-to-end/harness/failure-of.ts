import { type AddressInfo, createServer } from 'node:net';
import { configFile } from './config-file.ts';
import { type JestOptions, type ProjectFiles, withProject } from './project.ts';

const anyTest = { 'a.test.js': `test('never runs', () => {});` };

/** Options of a worker that is given up soon. */
export const quick = 'startTimeoutMs: 2000, stop: { graceMs: 100 },';

/** What a user reads when the workers of a project do not come up, without what differs from run to run. */
export async function failureOf(files: ProjectFiles, options?: JestOptions): Promise<string> {
  let failure = '';
  await withProject({ ...anyTest, ...files }, async project => {
    const { code, output } = await project.run(options);
    expect({ code, output: code === 1 ? '' : output }).toEqual({ code: 1, output: '' });
    failure = output
      .replaceAll(project.folder, '<project>')
      .replaceAll(project.queue, '<queue>')
      .replaceAll(project.table, '<table>');
  });
  if (process.env.SHOW_FAILURES) process.stdout.write(`\n${failure}\n`);
  return failure;
}

/** A worker of a few lines that waits for a line it never writes. */
export function scriptWorker(command: string, rest = ''): string {
  return configFile(`ops: { command: ${command}, ${rest} ${quick} ready: [log({ pattern: 'consuming' })] },`);
}

/** A server on a port of this process, which says nothing. */
export async function withServer(work: (port: number) => Promise<void>): Promise<void> {
  const server = createServer(socket => socket.on('error', () => {}).resume());
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}
