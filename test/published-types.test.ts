import { join } from 'node:path';
import ts from 'typescript';
import { projectsFolder } from './end-to-end/harness/folders.ts';

const importing = join(projectsFolder, 'published-types.ts');
const text = `
import { defineLiveWorkers, rabbitmq } from 'jest-environment-live-worker/config';
import { liveWorker, type WorkerExit } from 'jest-environment-live-worker/fixtures';
import type { ProbeModule } from 'jest-environment-live-worker';

export const options = defineLiveWorkers({
  workers: { ops: { command: ['node', 'worker.js'], ready: [rabbitmq({ queues: ['ops'] })] } },
});
export const stopped: Promise<WorkerExit | undefined> = liveWorker('ops').stop();
export const probe: ProbeModule | undefined = undefined;
// @ts-expect-error a string: what has no types would be anything
export const state: number = liveWorker('ops').state;
`;

const { ModuleKind, ModuleResolutionKind } = ts;

test.each([
  ['node10, with "module": "commonjs"', ModuleKind.CommonJS, ModuleResolutionKind.Node10],
  ['node16', ModuleKind.Node16, ModuleResolutionKind.Node16],
  ['bundler', ModuleKind.ESNext, ModuleResolutionKind.Bundler],
])('the built package has its types where modules are resolved as by %s', (_, module, moduleResolution) => {
  const options: ts.CompilerOptions = {
    module,
    moduleResolution,
    ignoreDeprecations: '6.0',
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = path => path === importing || fileExists(path);
  host.readFile = path => (path === importing ? text : readFile(path));
  const program = ts.createProgram([importing], options, host);
  const mistakes = [...program.getOptionsDiagnostics(), ...program.getSemanticDiagnostics()];
  expect(mistakes.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
  // Whose types are no dependency of the package: who checks the declarations of what he uses does not have them.
  const foreign = /node_modules\/(?:@types\/)?(?:pg|amqplib|which|ws|execa|dotenv|wait-on)\//;
  expect(program.getSourceFiles().flatMap(({ fileName }) => foreign.exec(fileName) ?? [])).toEqual([]);
});
