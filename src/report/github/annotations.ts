import { relative } from 'node:path';
import type { FailureModel, RunModel } from '../model.ts';
import { failuresOf } from '../summary/summarize.ts';

const mostLines = 12;
/** GitHub shows ten of a step. */
const most = 10;

export interface AnnotationOptions {
  /** Absolute: GitHub finds a file from the root of the repository. */
  readonly workspace: string;
  /** Absolute: what the paths of files count from. */
  readonly rootDir: string;
}

/**
 * A workflow command for each failure that is a worker's, which GitHub shows at the line of the test.
 * Source: docs.github.com, "Workflow commands for GitHub Actions", and actions/toolkit `command.ts` for the escapes.
 */
export function annotations(
  { files }: RunModel,
  { workspace, rootDir }: AnnotationOptions,
): readonly string[] {
  return files
    .flatMap(file => failuresOf(file).map(found => ({ file, ...found })))
    .filter(({ failure }) => isOfWorker(failure))
    .slice(0, most)
    .map(({ file, test, failure }) => {
      const { file: path, line } = failure.place ?? { file: `${rootDir}/${file.path}`, line: 1 };
      const title = test?.name ?? failure.hook ?? file.path;
      const text = failure.text.split('\n').slice(0, mostLines).join('\n');
      const properties = `file=${property(relative(workspace, path))},line=${line},title=${property(title)}`;
      return `::error ${properties}::${data(text)}`;
    });
}

/** Jest's own reporter annotates the others. */
function isOfWorker({ text }: FailureModel): boolean {
  return /LiveWorkerError \[[A-Z_]+\]/.test(text);
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
